"""The golden file beside each sample: what cablekit reads in it, as JSON.

`python tests/golden.py` writes them all anew. Read every difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import cablekit

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def golden(sample: Path) -> str:
    """Return what the golden file of a sample should hold."""
    return cablekit.parse(sample.read_bytes()).model_dump_json(indent=2) + "\n"


def main() -> None:
    """Write the golden files that differ."""
    for sample in sorted(SAMPLES.glob("*.txt")):
        path, text = sample.with_suffix(".json"), golden(sample)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
