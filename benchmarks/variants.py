"""The same fields from the same cable written otherwise.

    python benchmarks/variants.py pilcrows ../shared/corpus/cablegate-txt     # without the publisher's paragraph signs
    python benchmarks/variants.py reflow ../shared/corpus/cablegate-txt       # each paragraph in one line

Prints how many cables give the same fields as before, and the fields of the others that differ. Exit status 1 when
fewer than the floor do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cablekit

LEFT_OUT = {
    # Places in a source that is another one now, and what was said about it.
    "span",
    "repeats",
    "source",
    "coverage",
    "nodes",
    "diagnostics",
    "repairs",
    # Forms as written: they are what is varied.
    "as_written",
    "number_as_written",
    "role_words",
}


def without_pilcrows(text: str) -> str:
    """Take all paragraph signs away."""
    return text.replace("¶", "")


def reflowed(text: str) -> str:
    """Write each run of lines below the first blank line behind SUBJECT in one line, as some publications do."""
    head, label, rest = text.partition("SUBJECT:")
    first, gap, body = rest.partition("\n\n") if "\n\n" in rest else rest.partition("\n \n")
    blocks = body.replace("\n \n", "\n\n").split("\n\n")
    return head + label + first + gap + "\n\n".join(block if is_set(block) else joined(block) for block in blocks)


def is_set(block: str) -> bool:
    """Tell lines that are not running text: lists, tables, headings with rules, labels."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    return any(
        "   " in line or line.startswith(("-", "*", "¶", "REF", "(", "Classified")) or line[:1].isdigit()
        for line in lines[1:]
    )


def joined(block: str) -> str:
    """Join lines by one blank; the last line keeps its own when it is short, as a signature is."""
    lines = [line.rstrip() for line in block.split("\n")]
    return " ".join(line for line in lines if line)


VARIANTS: dict[str, Callable[[str], str]] = {"pilcrows": without_pilcrows, "reflow": reflowed}


def fields(value: Any) -> Any:
    """Strip what may differ."""
    if isinstance(value, dict):
        return {name: fields(one) for name, one in value.items() if name not in LEFT_OUT}
    if isinstance(value, list):
        return [fields(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def main() -> int:
    """Print the count and the differences; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("variant", choices=VARIANTS)
    options.add_argument("folder", type=Path)
    options.add_argument("--floor", type=int, default=140)
    given = options.parse_args()
    same = count = 0
    for path in sorted(path for path in given.folder.iterdir() if path.is_file()):
        text = path.read_text(encoding="utf-8")
        before = fields(cablekit.parse(text).model_dump(mode="json"))
        after = fields(cablekit.parse(VARIANTS[given.variant](text)).model_dump(mode="json"))
        differing = [name for name in before if before[name] != after[name]]
        count += 1
        same += not differing
        if differing:
            print(path.name, *differing)
    print(f"{same} of {count} cables give the same fields")
    return int(same < min(given.floor, count))


if __name__ == "__main__":
    sys.exit(main())
