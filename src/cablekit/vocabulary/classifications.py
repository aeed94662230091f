"""Classification markings (``classification.csv``; FORMAT.md sections 4, 11.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load, squeeze


class ClassificationEntry(NamedTuple):
    """A marking as cables write it."""

    marking: str
    level: str
    """As the metadata of the web release name it, ``UNCLASSIFIED//FOR OFFICIAL USE ONLY``."""
    portion_form: str | None
    """The mark of a portion; none where none was seen."""
    meaning: str
    source: str


def _build(record: Mapping[str, str]) -> ClassificationEntry:
    return ClassificationEntry(
        marking=record["marking_as_written"],
        level=record["level"],
        portion_form=record["portion_form"] or None,
        meaning=record["meaning"],
        source=record["source"],
    )


@cache
def all() -> tuple[ClassificationEntry, ...]:
    """Return all markings."""
    return load("classification.csv", _build)


def find(marking: str) -> ClassificationEntry | None:
    """Return a marking; case, blanks and punctuation do not matter, so spaced letters are read as well."""
    markings = _by_marking()
    return markings.get(marking.upper()) or markings.get(squeeze(marking))


@cache
def _by_marking() -> dict[str, ClassificationEntry]:
    markings = {entry.marking: entry for entry in all()}
    for entry in all():
        markings.setdefault(squeeze(entry.marking), entry)
    return markings
