"""Captions and handling instructions (``captions.csv``; FORMAT.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load, squeeze


class CaptionEntry(NamedTuple):
    """A caption and what it means."""

    name: str
    meaning: str
    source: str


def _build(record: Mapping[str, str]) -> CaptionEntry:
    return CaptionEntry(name=record["caption"], meaning=record["meaning"], source=record["source"])


@cache
def all() -> tuple[CaptionEntry, ...]:
    """Return all captions."""
    return load("captions.csv", _build)


def find(name: str) -> CaptionEntry | None:
    """Return a caption by name; case, blanks, punctuation and accents do not matter, so spaced letters are read too."""
    return _by_name().get(squeeze(name))


@cache
def _by_name() -> dict[str, CaptionEntry]:
    return {squeeze(entry.name): entry for entry in all()}
