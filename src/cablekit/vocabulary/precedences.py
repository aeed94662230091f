"""Precedence words and prosigns (``precedence.csv``; FORMAT.md sections 2.2, 2.5, 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import Alias, alias, load, squeeze


class PrecedenceEntry(NamedTuple):
    """A precedence."""

    prosign: str
    """The letter of line 5; NIACT IMMEDIATE shares ``O`` with IMMEDIATE."""
    doubled_form: str
    """The digraph of line 2."""
    word: str
    spellings: tuple[Alias, ...]
    """Other written forms, with remarks."""
    rank: int
    """1 is the most urgent."""
    meaning: str
    source: str


def _build(record: Mapping[str, str]) -> PrecedenceEntry:
    return PrecedenceEntry(
        prosign=record["prosign"],
        doubled_form=record["doubled_form"],
        word=record["word"],
        spellings=tuple(alias(written) for written in record["other_written_forms"].split("|") if written),
        rank=int(record["rank"]),
        meaning=record["meaning"],
        source=record["source"],
    )


@cache
def all() -> tuple[PrecedenceEntry, ...]:
    """Return all precedences, the most urgent first."""
    return load("precedence.csv", _build)


def find(written: str) -> PrecedenceEntry | None:
    """Return a precedence by its word, another written form, its prosign or the doubled prosign."""
    return _by_form().get(squeeze(written))


@cache
def _by_form() -> dict[str, PrecedenceEntry]:
    forms: dict[str, PrecedenceEntry] = {}
    for entry in all():
        for form in (entry.prosign, entry.doubled_form, entry.word, *(spelling.name for spelling in entry.spellings)):
            forms.setdefault(squeeze(form), entry)
    return forms
