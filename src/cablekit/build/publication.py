"""What publishers wrote around a cable, and release stamps (FORMAT.md sections 14.5, 18)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cablekit import grammar
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
    above, midnight, below = text.partition(" 00:00:00 ")
    reference_id, *title, day = above.split("\n")
    year, classification, origin = (*below.split("\n", 3), "", "")[:3]
    return PublicationHead(
        reference_id.strip(),
        " ".join(" ".join(title).split()) or None,
        f"{day}{midnight}{year}".strip(),
        classification.strip() or None,
        origin.strip() or None,
    )


def embedded_id(token: Token) -> str | None:
    """Return the identifier in the head of an embedded record, ``09SOFIA608`` (body.lark; FORMAT.md section 19.20)."""
    return next((str(found) for found in grammar.tokens(grammar.read("body", str(token), "record_head"))), None)


def build_publication(token: Token, reading: Reading) -> Publication:
    """Build the five-line head of the plain-text publication."""
    start = token.start_pos
    return Publication.model_construct(
        **read_head(token)._asdict(), span=reading.span(start, start + len(token.rstrip()))
    )


def build_release(token: Token, reading: Reading) -> Release:
    """Build a release stamp; its date stands at the end."""
    written = token.strip()
    text, day = (_stamp if len(written) <= _SHORT else _stamp.__wrapped__)(written)
    start = token.start_pos + token.index(written)
    return Release.model_construct(
        text=text,
        date=day,
        authority="US Department of State",
        span=reading.span(start, start + len(written)),
    )


_SHORT = 200
"""Longer stamps are not kept: they would fill the memory."""


@lru_cache(maxsize=256)
def _stamp(written: str) -> tuple[str, date | None]:
    """Return a stamp in one line, and its day. (A record bears the same one on every page.)"""
    words = written.split()
    return " ".join(words), _day(words[-3:])


def _day(words: list[str]) -> date | None:
    """Read ``20 MAR 2014``; none where anything less or else stands."""
    day, month, year = words
    if month.upper() not in MONTHS or len(year) != 4:
        return None
    try:
        return date(int(year), MONTHS.index(month.upper()) + 1, int(day))
    except ValueError:
        return None
