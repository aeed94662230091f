"""Finding cables in an archive: hits, counts, facets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cablekit.archive.codec import Codec, Damaged
from cablekit.archive.compile import Compiled, Sort, compile_query
from cablekit.archive.language import read
from cablekit.archive.query import Node
from cablekit.archive.snippet import Finder, Portion, Snippet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HIT = """
SELECT coalesce(number.mrn, cable.reference_id), cable.part, cable.date, post.name,
    coalesce(cable.banner, level.name), cable.subject
FROM cable
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN post ON post.id = cable.post_id
LEFT JOIN level ON level.id = cable.level
WHERE cable.id = ?
"""
_READING = """
SELECT coalesce(original.text, original.data), reading.data
FROM reading JOIN original ON original.id = reading.id
WHERE reading.id = ?
"""
_PORTIONS = """
SELECT paragraph.number, paragraph.level, paragraph.controls, kind.name = 'heading'
FROM paragraph JOIN kind ON kind.id = paragraph.kind_id
WHERE paragraph.cable_id = ? ORDER BY paragraph.position
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A cable that was found."""

    id: int
    """Of the record in the archive."""
    mrn: str | None
    """``08BISHKEK94``; where there is none, the identifier under which the record was published."""
    section: int | None
    """Where the sections of a message are records of their own, which one this is."""
    date: datetime | None
    """UTC."""
    post: str | None
    """``BISHKEK``."""
    classification: str | None
    """In the usual one-line form, ``SECRET//NOFORN``."""
    subject: str | None
    score: float
    """The better the higher; it compares hits of one query in one archive. 0 where no words were asked for."""
    paragraphs: tuple[int, ...]
    """Numbers of the paragraphs in which the words stand."""
    snippet: Snippet | None
    """None where the body has no text, or none was asked for."""

    def __str__(self) -> str:
        """One line for people."""
        when = f"{self.date:%Y-%m-%d}" if self.date else "undated"
        return f"{self.name}, {when}, {self.classification or 'unmarked'}: {self.subject or 'no subject'}"

    @property
    def name(self) -> str:
        """What to call it: its MRN with the section if it is one, or the number of the record."""
        section = f" section {self.section}" if self.section else ""
        return f"{self.mrn}{section}" if self.mrn else f"record {self.id}"
