"""Accuracy, field by field, over cables that were read by hand.

    python benchmarks/accuracy.py ../shared/corpus          # the table
    python benchmarks/accuracy.py ../shared/corpus --wrong  # and every difference

Reads ``GOLD.jsonl`` of the corpus folder and the files that it names. Exit status 1 when a field is right in fewer
cables than its floor.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

import cablekit
from cablekit.model import Addressee, Cable, Precedence, Text

LETTERS = {Precedence.FLASH: "Z", Precedence.IMMEDIATE: "O", Precedence.PRIORITY: "P", Precedence.ROUTINE: "R"}


def precedence(cable: Cable) -> list[str]:
    """Letters in front of the date-time group."""
    return [LETTERS[one] for one in cable.header.dtg.precedences] if cable.header.dtg else []


def dtg(cable: Cable) -> str | None:
    """Date-time group in UTC."""
    group = cable.header.dtg
    return f"{group.utc:%Y-%m-%dT%H:%M:%SZ}" if group and group.utc else None


def addressee(one: Addressee) -> dict[str, str | None]:
    """An addressee as the gold file writes it."""
    return {
        "routing": one.routing_indicator,
        "name": one.name,
        "precedence": one.precedence.value if one.precedence else None,
        "number": one.serial,
    }


def captions(cable: Cable) -> list[str]:
    """The two captions that the gold file lists."""
    return [one.name for one in cable.captions if one.name in ("SIPDIS", "SENSITIVE")]


def mrn(cable: Cable, gold: dict[str, Any]) -> bool:
    """The number against the words of line 12; some published identifiers are wrong, so its year is taken from them."""
    if cable.mrn is None:
        return False
    *_, serial = gold["classification_line"].rstrip(" \\").split()
    post = "".join(gold["classification_line"].split()).rstrip("\\").removesuffix(serial)
    year = int(gold["reference_id"][:2])
    return cable.mrn.serial == int(serial) and post.endswith(cable.mrn.post) and (cable.mrn.year or 0) % 100 == year


def references(cable: Cable) -> list[dict[str, str | None]]:
    """Letter and words of each reference."""
    return [{"letter": one.letter, "id": one.text} for one in cable.references if one.kind != "none"]


def marks(cable: Cable) -> list[str]:
    """Marks of unnumbered text."""
    return [str(block.mark) for block in cable.body if isinstance(block, Text) and block.mark]


class Field(NamedTuple):
    """A field: what cablekit read, and the number of cables in which it must be right."""

    read: Callable[[Cable], Any]
    floor: int


FIELDS = {
    "precedence": Field(precedence, 42),
    "dtg": Field(dtg, 42),
    "from": Field(lambda c: c.header.originator.name if c.header.originator else None, 42),
    "action": Field(lambda c: [addressee(one) for one in c.header.action], 42),
    "info_count": Field(lambda c: len(c.header.info), 42),
    "tags": Field(lambda c: [tag.as_written for tag in c.tags], 42),
    "subject": Field(lambda c: c.subject.text if c.subject else None, 42),
    "classification": Field(lambda c: c.classification.banner if c.classification else None, 39),
    "classification_line": Field(lambda c: c.classification.as_written if c.classification else None, 39),
    "captions": Field(captions, 39),
    "eo_line": Field(lambda c: c.executive_order.as_written if c.executive_order else None, 39),
    "declassify_on": Field(
        lambda c: (
            str(c.executive_order.declassify_on) if c.executive_order and c.executive_order.declassify_on else None
        ),
        39,
    ),
    "refs": Field(references, 39),
    "paragraphs": Field(
        lambda c: [{"number": one.number, "mark": str(one.mark) if one.mark else None} for one in c.paragraphs], 39
    ),
    "unnumbered_marks": Field(marks, 39),
    "signature": Field(lambda c: c.signature.name if c.signature else None, 39),
}
MRN_FLOOR = 42


def differences(corpus: Path) -> Iterator[tuple[str, str, Any, Any]]:
    """Give id, field, right and read values wherever they differ; and each id once with an empty field."""
    for line in (corpus / "GOLD.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        cable = cablekit.parse((corpus / gold["file"]).read_bytes())
        yield gold["reference_id"], "", None, None
        if not mrn(cable, gold):
            yield gold["reference_id"], "mrn", gold["classification_line"], str(cable.mrn)
        for name, field in FIELDS.items():
            read = field.read(cable)
            if read != gold[name]:
                yield gold["reference_id"], name, gold[name], read


def main() -> int:
    """Print the table; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--wrong", action="store_true", help="print every difference")
    given = options.parse_args()
    wrong: dict[str, int] = dict.fromkeys(["mrn", *FIELDS], 0)
    cables = 0
    for reference_id, name, right, read in differences(given.corpus):
        if not name:
            cables += 1
            continue
        wrong[name] += 1
        if given.wrong:
            print(f"{reference_id} {name}\n    right: {right!r}\n    read:  {read!r}")
    table = Table("field", "right", "of", "floor")
    for name, count in wrong.items():
        floor = FIELDS[name].floor if name in FIELDS else MRN_FLOOR
        style = "red" if cables - count < floor else ""
        table.add_row(name, str(cables - count), str(cables), str(floor), style=style)
    Console().print(table)
    return int(
        any(cables - count < (FIELDS[name].floor if name in FIELDS else MRN_FLOOR) for name, count in wrong.items())
    )


if __name__ == "__main__":
    sys.exit(main())
