"""What publishers wrote around a cable, and release stamps (FORMAT.md sections 14.5, 18)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cablekit.build.header import MONTHS
from cablekit.build.reading import Reading
from cablekit.model import Publication, Release

if TYPE_CHECKING:
    from cablekit.grammar import Token


def build_publication(token: Token, reading: Reading) -> Publication:
    """Build the five-line head of the plain-text publication: id, title, date, classification, origin."""
    lines = [line.strip() for line in token.split("\n")]
    dated = next(index for index, line in enumerate(lines) if " 00:00:00 " in line)
    reference_id, *title = lines[:dated]
    day, classification, origin = lines[dated : dated + 3]
    start = token.start_pos
    return Publication(
        reference_id=reference_id,
        title=" ".join(" ".join(title).split()) or None,
        date=day,
        classification=classification or None,
        origin=origin or None,
        span=reading.span(start, start + len(token.rstrip())),
    )


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
