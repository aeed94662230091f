"""Passing and attention lines: trees to models (FORMAT.md section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cablekit import grammar
from cablekit.build.reading import Part, Reading
from cablekit.model import Passing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cablekit.grammar import Tree

Kind = Literal["for", "pass", "from", "attention"]

_START = "\f"
"""Set in front of the run, so that its first instruction begins behind a separator as all others do."""
_AGENCIES = ("AGENCY_HEAD", "KNOWN_AGENCY_HEAD", "OFFICE_HEAD", "AGENCY_ALONE")
_KINDS: dict[str, Kind] = {"FOR": "for", "FOR_LINE": "for", "PASS": "pass", "FROM": "from"}
_STOPS = ";,."
_SHORTEST_NAME = 3
"""Letters. A shorter word is as likely the symbol of an office."""
_MOST_NAMES = 3
"""Words. More are no name of a person alone."""


def build_passing(part: Part, reading: Reading) -> tuple[Passing, ...]:
    """Read a run of passing and attention lines, one `Passing` for each instruction (FORMAT.md section 5).

    Never fails. Offices and persons are those that can be told; everything else stands in the text only.
    """
    run = Part(_START + part.text, part.start - len(_START))
    instructions: list[Any] = grammar.read("handling", capitals(run.text)).children
    return tuple(
        _passing(children, run, reading)
        for instruction in instructions
        for children in _split(instruction.children)
        if children
    )


def capitals(text: str) -> str:
    """Return text in capitals, every letter in its place: the grammar knows no others, which makes it quick."""
    raised = text.upper()
    if len(raised) == len(text):
        return raised
    return "".join(letter if len(letter.upper()) > 1 else letter.upper() for letter in text)


def _split(children: list[Any]) -> Iterator[list[Any]]:
    """Part ``FROM x FOR y`` into its two instructions."""
    if children and getattr(children[0], "data", None) == "sender":
        yield children[0].children
        children = children[1:]
    yield children


def _passing(children: list[Any], run: Part, reading: Reading) -> Passing:
    kind: Kind = "attention"
    agency: str | None = None
    offices: list[str] = []
    persons: list[str] = []
    introduced = True
    for child in children:
        if hasattr(child, "data"):
            if _is_named(child, kind) or (introduced and child.data == "person" and _is_name(child)):
                persons.append(" ".join(run.text[child.start_pos : child.end_pos].split()))
        elif child.type in ("OFFICE", "BUREAU"):
            offices.append(_symbol(child))
            introduced = True
        elif child.type == "JOINED_NAMES":
            persons.extend(filter(None, run.text[child.start_pos : child.end_pos].split("/")))
        elif kind == "attention" and child.type in _KINDS:
            kind = _KINDS[child.type]
        elif child.type == "FOR":
            introduced = kind == "pass"  # else it belongs to an instruction whose agency was not recognised
        elif child.type in _AGENCIES:
            agency = _symbol(child)
    first, last = children[0], children[-1]
    start = first.start_pos if hasattr(first, "data") else first.end_pos - len(_bare(first))
    end = last.end_pos if hasattr(last, "data") else last.start_pos + len(last.rstrip())
    return Passing.model_construct(
        kind=kind,
        agency=agency,
        offices=tuple(offices),
        persons=tuple(persons),
        text=" ".join(run.text[start:end].split()),
        span=reading.span(run.start + start, run.start + end),
    )


def _bare(head: str) -> str:
    """Return a head without the separators in front: a stop, a line end, another stop."""
    return head.lstrip().lstrip(_STOPS).lstrip().lstrip(_STOPS).lstrip()


def _symbol(token: str) -> str:
    """Return an agency or office as the field writes it: capitals, one blank, no stop."""
    return " ".join(_bare(token).rstrip(_STOPS).split())


def _is_name(tree: Tree) -> bool:
    """Tell whether words that stand where a person stands can be one: a title alone or an office cannot."""
    words: list[Any] = tree.children
    names = [word for word in words if word.type == "WORD"]
    return words[-1].type == "WORD" and len(names) <= _MOST_NAMES and all(word.type != "FUNCTION" for word in words)


def _is_named(tree: Tree, kind: Kind) -> bool:
    """Tell whether words name a person by themselves: behind a title or initial, or as first name and surname."""
    words: list[Any] = tree.children
    if not _is_name(tree) or len(words) == 1:
        return False
    if words[0].type == "TITLE" or words[0].endswith("."):
        return True
    return kind == "for" and len(words) == len(("first name", "surname")) and min(map(len, words)) >= _SHORTEST_NAME
