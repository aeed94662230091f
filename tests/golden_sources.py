"""The golden files beside each sample of a source: what records and failures it gives, as JSON.

`python tests/golden_sources.py` writes them all anew. Read every difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cablekit.sources.kinds import first_own
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance, Record

SOURCES = Path(__file__).resolve().parents[1] / "samples" / "sources"


def samples() -> list[Path]:
    """Return all samples of sources."""
    return [path for path in sorted(SOURCES.iterdir()) if path.suffix != ".json"]


def items(path: Path, limits: Limits | None = None) -> Iterator[Record | Failure]:
    """Read a sample by the kind that recognises it."""
    head = path.read_bytes()[: 1 << 16]
    kind = first_own(head, path.name)
    assert kind is not None
    with path.open("rb") as stream:
        yield from kind.read(stream, Provenance(path.name, kind=kind.NAME), limits or Limits())


def golden(path: Path) -> str:
    """Return what the golden file of a sample should hold."""
    return json.dumps([_plain(item) for item in items(path)], indent=2, ensure_ascii=False, default=str) + "\n"


def _plain(item: Record | Failure) -> dict[str, Any]:
    """Return an item as plain data, what is none or empty left out."""
    if isinstance(item, Failure):
        return {"reason": item.reason, "message": item.message, "advice": item.advice} | _filled(item.provenance)
    metadata = {name: value for name, value in asdict(item.metadata).items() if value}
    return _filled(item.provenance) | {"sha256": item.sha256, "metadata": metadata, "text": item.text}


def _filled(place: Provenance) -> dict[str, Any]:
    return {"provenance": {name: value for name, value in asdict(place).items() if value not in (None, ())}}


def main() -> None:
    """Write the golden files that differ."""
    for sample in samples():
        path, text = sample.with_name(f"{sample.name}.json"), golden(sample)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
