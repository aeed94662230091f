"""Accuracy over invented cables: what is read against what each was made from.

    python benchmarks/generated.py 10000                 # by layout and field, and by kind of damage
    python benchmarks/generated.py 2000 --layouts AB --wrong
    python benchmarks/generated.py 500 --undamaged

A damaged field may differ when a diagnostic or a repair of that cable says that something is odd; a difference without
one is silent. Exit status 1 when a share is under its floor or anything is silently wrong. Of layout F the words are
not compared, nor do its differences count as silent: a letter misread in a name or a sentence shows nowhere.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

import cablekit
from cablekit.model import Cable, Text
from invented.dump import text
from invented.parts import Invented
from invented.stream import cables

LETTERS = {"FLASH": "Z", "IMMEDIATE": "O", "NIACT IMMEDIATE": "O", "PRIORITY": "P", "ROUTINE": "R"}

MISREAD = frozenset("F")
"""Layouts of which any letter may be misread."""
FLOORS = {"F": 0.6}
"""Least share of a field, for layouts that have another than the rest."""
OUTCOMES = ("cables", "as made", "differs, and is said", "silent", "misread")
AS_MADE = {"CK204", "CK205", "CK206", "CK207", "CK308", "CK309", "CK312", "CK501", "CK502"}
"""Diagnostics of what is odd in a cable without damage, such as that it is an extract."""


def _joined(words: str | None) -> str | None:
    return " ".join(words.split()) if words is not None else None


def _addressees(several: Any) -> list[dict[str, str | None]]:
    return [
        {
            "routing": one.routing_indicator,
            "name": one.name,
            "precedence": one.precedence.value if one.precedence else None,
            "number": one.serial,
        }
        for one in several
    ]


def _classifier(cable: Cable) -> dict[str, Any] | None:
    found = cable.classified_by
    return {"name": found.name, "position": found.position, "reasons": list(found.reasons)} if found else None


def _order(cable: Cable) -> dict[str, Any] | None:
    order = cable.executive_order
    if order is None:
        return None
    return {"number": order.number, "declassify_on": str(order.declassify_on) if order.declassify_on else None}


FIELDS: dict[str, Callable[[Cable], Any]] = {
    "layout": lambda c: c.layout,
    "mrn": lambda c: str(c.mrn) if c.mrn else None,
    "dtg": lambda c: f"{c.header.dtg.utc:%Y-%m-%dT%H:%M:00Z}" if c.header.dtg and c.header.dtg.utc else None,
    "precedences": lambda c: [LETTERS[p.value] for p in c.header.dtg.precedences] if c.header.dtg else [],
    "originator": lambda c: c.header.originator.name if c.header.originator else None,
    "action": lambda c: _addressees(c.header.action),
    "info": lambda c: _addressees(c.header.info),
    "exempt": lambda c: [one.name for one in c.header.exempt],
    "classification": lambda c: c.classification.level.value if c.classification else None,
    "section": lambda c: [c.section.number, c.section.of] if c.section else None,
    "captions": lambda c: [one.name for one in c.captions],
    "eo": _order,
    "classified_by": _classifier,
    "tags": lambda c: [tag.code for tag in c.tags],
    "persons": lambda c: [person for tag in c.tags for person in tag.persons],
    "subject": lambda c: _joined(c.subject.text) if c.subject else None,
    "refs": lambda c: [
        {"letter": r.letter, "kind": r.kind, "mrn": str(r.mrn) if r.mrn else None} for r in c.references
    ],
    "paragraphs": lambda c: [[p.number, str(p.mark) if p.mark else None] for p in c.paragraphs],
    "unnumbered": lambda c: [str(block.mark) for block in c.body if isinstance(block, Text) and block.mark],
    "words": lambda c: [_joined(p.text) for p in c.paragraphs],
    "signature": lambda c: c.signature.name if c.signature else None,
}


def expected(truth: dict[str, Any]) -> dict[str, Any]:
    """Bring what a cable was made from into the form of `FIELDS`."""
    paragraphs = [(number, _regular(mark), _joined(words)) for number, mark, words in truth["paragraphs"]]
    return truth | {
        "refs": [{name: one[name] for name in ("letter", "kind", "mrn")} for one in truth["refs"]],
        "paragraphs": [[number, mark] for number, mark, _ in paragraphs if number],
        "unnumbered": [mark for number, mark, _ in paragraphs if mark and not number],
        "words": [words for number, _, words in paragraphs if number],
    }


def _regular(mark: str | None) -> str | None:
    """Write a mark in its regular form, two strokes between its parts."""
    return mark and "//".join(mark.replace("//", "/").split("/"))


def differences(made: Invented, cable: Cable) -> Iterator[tuple[str, Any, Any]]:
    """Give field, right and read value wherever they differ."""
    right = expected(made.truth)
    if made.layout in MISREAD:
        del right["words"]
    for name, read in FIELDS.items():
        value = read(cable)
        if name in right and value != right[name]:
            yield name, right[name], value


def says(cable: Cable) -> bool:
    """Tell whether anything is said of it that would not be of the same cable without damage."""
    return bool(cable.repairs) or any(one.code not in AS_MADE for one in cable.diagnostics)


def tables(seen: Counter[str], wrong: Counter[tuple[str, str]], damaged: dict[str, Counter[str]]) -> Iterator[Table]:
    """Give the two tables: by layout and field, by kind of damage."""
    table = Table("field", *seen, title="share of cables with the field as made")
    for name in FIELDS:
        table.add_row(name, *(f"{1 - wrong[layout, name] / seen[layout]:.2%}" for layout in seen))
    wrong_in = {layout: sum(count for (one, _), count in wrong.items() if one == layout) for layout in seen}
    table.add_section()
    table.add_row("all fields", *(f"{1 - wrong_in[layout] / seen[layout] / len(FIELDS):.2%}" for layout in seen))
    yield table
    table = Table("damage", *OUTCOMES, title="cables by kind of damage")
    for kind in sorted(damaged):
        table.add_row(kind, *(str(damaged[kind][outcome]) for outcome in OUTCOMES))
    yield table


def main(given: list[str] | None = None) -> int:
    """Print the tables; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--layouts", default="ABCDP", metavar="LETTERS")
    options.add_argument("--undamaged", action="store_true", help="cables without damage")
    options.add_argument("--floor", type=float, default=0.97, help="least share of a field in a layout (default 0.97)")
    options.add_argument("--wrong", action="store_true", help="print every difference")
    chosen = options.parse_args(given)
    seen: Counter[str] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    damaged: dict[str, Counter[str]] = defaultdict(Counter)
    for made in cables(chosen.count, chosen.seed, chosen.layouts.upper(), damaged=not chosen.undamaged):
        if made.edition:
            continue
        cable = cablekit.parse(text(made))
        found = list(differences(made, cable))
        seen[made.layout] += 1
        wrong.update((made.layout, name) for name, *_ in found)
        if chosen.wrong:
            for name, right, read in found:
                print(f"{made.mrn} {made.layout} {name} {made.damage}\n    right: {right!r}\n    read:  {read!r}")
        outcome = "as made" if not found else "differs, and is said" if says(cable) else "silent"
        if made.layout in MISREAD and outcome == "silent":
            outcome = "misread"
        for kind in made.damage or ["none"]:
            damaged[kind].update(("cables", outcome))
    for table in tables(seen, wrong, damaged):
        Console().print(table)
    low = [one for one, count in wrong.items() if 1 - count / seen[one[0]] < FLOORS.get(one[0], chosen.floor)]
    return int(bool(low) or any(count["silent"] for count in damaged.values()))


if __name__ == "__main__":
    sys.exit(main())
