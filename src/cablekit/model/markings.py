"""Classification, portion marks, captions, the E.O. line and its classifier (FORMAT.md sections 4 to 6, 10, 11.1)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from cablekit.model.base import Located, Span


class Level(StrEnum):
    """Classification levels, lowest first."""

    UNCLASSIFIED = "UNCLASSIFIED"
    SBU = "SENSITIVE BUT UNCLASSIFIED"
    LIMITED_OFFICIAL_USE = "LIMITED OFFICIAL USE"
    RESTRICTED = "RESTRICTED"
    CONFIDENTIAL = "CONFIDENTIAL"
    SECRET = "SECRET"
    TOP_SECRET = "TOP SECRET"

    @property
    def rank(self) -> int:
        """0 for UNCLASSIFIED, growing with the level."""
        return _RANKS[self]

    @property
    def abbreviation(self) -> str:
        """The form used in portion marks: ``U``, ``SBU``, ``C`` …"""
        return _ABBREVIATIONS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}
_ABBREVIATIONS = dict(zip(Level, ("U", "SBU", "LOU", "R", "C", "S", "TS"), strict=True))


class PortionMark(Located):
    """The mark of a portion: ``(S//NF)``. Ordered by level, then by the number of controls."""

    level: Level
    controls: tuple[str, ...] = ()
    """Dissemination controls in order, ``NF``, ``REL TO UK``, ``FOUO`` …"""
    entire_text: bool = False
    """``(C - ENTIRE TEXT)``: the mark holds for the whole cable."""
    as_written: str

    def __str__(self) -> str:
        """The regular form without parentheses: ``S//NF``."""
        return "//".join((self.level.abbreviation, *self.controls))

    def _key(self) -> tuple[int, int]:
        return self.level.rank, len(self.controls)

    def __lt__(self, other: PortionMark) -> bool:
        """True when this mark is less restrictive."""
        return self._key() < other._key()

    def __le__(self, other: PortionMark) -> bool:
        """True when this mark is not more restrictive."""
        return self._key() <= other._key()

    def __gt__(self, other: PortionMark) -> bool:
        """True when this mark is more restrictive."""
        return self._key() > other._key()

    def __ge__(self, other: PortionMark) -> bool:
        """True when this mark is not less restrictive."""
        return self._key() >= other._key()


class Classification(Located):
    """The classification line (line 12), the first line of the text."""

    level: Level
    caveats: tuple[str, ...] = ()
    """Words behind the level on the same line: ``NOFORN``, ``EFTO``."""
    as_written: str
    """The whole line."""
    banner: str
    """The usual one-line form, ``SECRET//NOFORN``; captions SENSITIVE and NOFORN are taken into account."""


class Section(Located):
    """``SECTION 01 OF 02``. Sections of one message are joined."""

    number: int
    of: int | None
    """Total; none where it cannot be read."""


class Caption(Located):
    """A caption such as SIPDIS; ``span`` is its first place."""

    name: str
    count: int = 1
    repeats: tuple[Span, ...] = ()
    """Where it stands again."""


class Passing(Located):
    """A passing or attention line between captions and E.O. line: ``DEPT FOR G/TIP: ABELL``."""

    kind: Literal["for", "pass", "from", "attention"]
    """``for`` and ``pass`` name who is to get it, ``from`` who it is from; ``attention`` is anything else."""
    agency: str | None = None
    """Who is to act: ``DEPT``, ``NSC``, ``AMEMBASSY BERLIN``."""
    offices: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    text: str
    """The instruction in one line."""


class ExecutiveOrder(Located):
    """The E.O. line (FORMAT.md section 6)."""

    number: int | None
    """12958; mended where the digits are a known permutation."""
    declassify_on: date | None = None
    downgrade_on: date | None = None
    """Date of downgrading (``DNG: CO date``)."""
    schedule: str | None = None
    """``N/A``, ``GDS``, ``XGDS``, ``ADS``, ``RDS``, ``OADR``, ``MR``, ``X1`` …: what stands instead of a date."""
    event: str | None = None
    """An event or a note instead of a date."""
    as_written: str
    """The whole line."""


class ClassifiedBy(Located):
    """The Classified By paragraph (FORMAT.md section 10)."""

    name: str | None
    position: str | None
    reasons: tuple[str, ...] = ()
    """``1.4(b)`` …, number and letter as the order has them."""
    derived_from: bool = False
    """True where the paragraph says *Derived from* or *Classified from*."""
    as_written: str
    """The whole paragraph in one line."""
