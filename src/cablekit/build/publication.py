"""What publishers wrote around a cable, and release stamps (FORMAT.md sections 14.5, 18)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cablekit.build.header import MONTHS
from cablekit.build.reading import Reading
from cablekit.model import Publication, Release

if TYPE_CHECKING:
    from cablekit.grammar import Token


class PublicationHead(NamedTuple):
    """The lines of the five-line head, the title's joined; an empty one is none."""

    reference_id: str
    title: str | None
    date: str
    classification: str | None
    origin: str | None


def read_head(text: str) -> PublicationHead:
    """Read the five-line head of the plain-text publication: id, title, date, classification, origin."""
    lines = [line.strip() for line in text.split("\n")]
    dated = next(index for index, line in enumerate(lines) if " 00:00:00 " in line)
    reference_id, *title = lines[:dated]
    day, classification, origin = (*lines[dated : dated + 3], "", "")[:3]
    return PublicationHead(
        reference_id, " ".join(" ".join(title).split()) or None, day, classification or None, origin or None
    )


def build_publication(token: Token, reading: Reading) -> Publication:
    """Build the five-line head of the plain-text publication."""
    start = token.start_pos
    return Publication(**read_head(token)._asdict(), span=reading.span(start, start + len(token.rstrip())))


def build_release(token: Token, reading: Reading) -> Release:
    """Build a release stamp; its date stands at the end."""
    text = " ".join(token.split())
    start = token.start_pos + len(token) - len(token.lstrip())
    return Release(
        text=text,
        date=_day(text.split()[-3:]),
        authority="US Department of State",
        span=reading.span(start, start + len(token.strip())),
    )


def _day(words: list[str]) -> date | None:
    """Read ``20 MAR 2014``; none where anything less or else stands."""
    day, month, year = words
    if month.upper() not in MONTHS or len(year) != 4:
        return None
    try:
        return date(int(year), MONTHS.index(month.upper()) + 1, int(day))
    except ValueError:
        return None
