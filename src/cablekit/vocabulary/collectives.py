"""Names of collectives that do not say so themselves (``collectives.csv``; FORMAT.md section 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load


class CollectiveEntry(NamedTuple):
    """A name that stands for a list of posts."""

    name: str
    meaning: str | None
    source: str


def _build(record: Mapping[str, str]) -> CollectiveEntry:
    return CollectiveEntry(name=record["collective"], meaning=record["meaning"] or None, source=record["source"])


@cache
def all() -> tuple[CollectiveEntry, ...]:
    """Return all collectives of the table."""
    return load("collectives.csv", _build)


def holds(name: str) -> bool:
    """Tell whether a name stands for a list of posts: by its last word, as an address group, or by the table."""
    return name.endswith(("COLLECTIVE", " POSTS")) or name.startswith("AIG ") or name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(entry.name for entry in all())
