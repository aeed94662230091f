"""What publishers wrote around a cable, and release stamps (FORMAT.md sections 14.5, 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateutil import parser as dates

from cablekit.build.reading import Reading
from cablekit.model import Publication, Release

if TYPE_CHECKING:
    from lark import Token


def build_publication(token: Token, reading: Reading) -> Publication:
    """Build the five-line head of the plain-text publication: id, title, date, classification, origin."""
    lines = [line.strip() for line in token.split("\n")]
    dated = next(index for index, line in enumerate(lines) if " 00:00:00 " in line)
    reference_id, *title = lines[:dated]
    date, classification, origin = lines[dated : dated + 3]
    start = token.start_pos or 0
    return Publication(
        reference_id=reference_id,
        title=" ".join(" ".join(title).split()) or None,
        date=date,
        classification=classification or None,
        origin=origin or None,
        span=reading.span(start, start + len(token.rstrip())),
    )


def build_release(token: Token, reading: Reading) -> Release:
    """Build a release stamp; its date stands at the end."""
    text = " ".join(token.split())
    start = (token.start_pos or 0) + len(token) - len(token.lstrip())
    words = " ".join(text.split()[-3:])
    try:
        date = dates.parse(words).date()
    except (ValueError, OverflowError):
        date = None
    return Release(
        text=text,
        date=date,
        authority="US Department of State",
        span=reading.span(start, start + len(token.strip())),
    )
