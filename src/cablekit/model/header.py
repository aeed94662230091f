"""The routing header: format lines 1 to 9 (ACP 127(G) section 142; FORMAT.md sections 2 and 3)."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Literal

from cablekit.model.base import Located, Model, Span, UtcDatetime
from cablekit.model.markings import Level


class Precedence(StrEnum):
    """How urgent a message is, highest first."""

    FLASH = "FLASH"
    EMERGENCY = "EMERGENCY COMMAND PRECEDENCE"
    NIACT_IMMEDIATE = "NIACT IMMEDIATE"
    IMMEDIATE = "IMMEDIATE"
    PRIORITY = "PRIORITY"
    ROUTINE = "ROUTINE"

    @property
    def rank(self) -> int:
        """1 is the most urgent; NIACT IMMEDIATE ranks with IMMEDIATE (``precedence.csv``)."""
        return _RANKS[self]


_RANKS = {
    Precedence.FLASH: 1,
    Precedence.EMERGENCY: 1,
    Precedence.NIACT_IMMEDIATE: 2,
    Precedence.IMMEDIATE: 2,
    Precedence.PRIORITY: 3,
    Precedence.ROUTINE: 4,
}


class TransmissionId(Located):
    """Line 1, ``VZCZCXRO3684``: channel and number of the transmission. Unique only per circuit and day."""

    text: str
    channel: str | None
    sequence: str | None


class Routing(Located):
    """Line 2: highest precedence of the message and the stations that this transmission reaches."""

    precedence: Precedence | None
    indicators: tuple[str, ...]


class Station(Located):
    """Line 3: the originating station, its serial (MRN serial modulo 10,000), section and filing time."""

    routing_indicator: str
    serial: int
    section: int | None
    day_of_year: int | None
    time_filed: time | None
    """UTC."""


class Security(Located):
    """Line 4, ``ZNR UUUUU ZZH``: security warning."""

    as_written: str
    signal: str
    """``ZNR`` (unclassified) or ``ZNY``."""
    group: str | None
    level: Level | None
    """None where the letter is unknown. ``EEEEE`` (EFTO) is unclassified."""
    signals: tuple[str, ...] = ()
    """Operating signals that follow, such as ``ZZH``."""


class DateTimeGroup(Located):
    """Line 5, ``R 290934Z JAN 08``: precedence, time of origin, operating signals."""

    as_written: str
    utc: UtcDatetime | None
    """None where no date can be read; the diagnostic says why."""
    precedences: tuple[Precedence, ...]
    """Action precedence, then the lower one for information addressees where two stand there."""
    signals: tuple[str, ...] = ()
    """Operating signals such as ``ZDK`` (repetition), ``ZFR`` (cancelled)."""


class Addressee(Located):
    """Somebody a message comes from or goes to: ``RUEHC/SECSTATE WASHDC PRIORITY 0591``."""

    routing_indicator: str | None
    name: str
    """Plain-language address designator (PLAD), ``AMEMBASSY BISHKEK``."""
    precedence: Precedence | None
    """As written behind the name. None means routine, or the precedence of line 5 where that has one letter only."""
    serial: str | None
    """Message continuity number, digits as written."""
    collective: bool
    """True for a name that stands for a list of posts."""


class OfficeCopies(Model):
    """One pair of a distribution list: ``EUR-12`` is twelve copies for EUR."""

    office: str
    copies: int
    role: Literal["ORIGIN", "ACTION", "INFO"]


class Distribution(Located):
    """Distribution inside the Department (FORMAT.md section 14.3)."""

    offices: tuple[OfficeCopies, ...]
    total: int | None
    """As written after the slash; it should be the sum of all pairs."""


class Header(Model):
    """All of the routing header. What a layout does not have is none or empty."""

    span: Span | None = None
    """From the first to the last character of the header; none where there is no header."""
    transmission_id: TransmissionId | None = None
    routing: Routing | None = None
    station: Station | None = None
    security: Security | None = None
    dtg: DateTimeGroup | None = None
    originator: Addressee | None = None
    action: tuple[Addressee, ...] = ()
    info: tuple[Addressee, ...] = ()
    exempt: tuple[Addressee, ...] = ()
    """Addressees exempted from a collective (line 9, ``XMT``)."""
    distribution: Distribution | None = None

    @property
    def precedence(self) -> Precedence | None:
        """The highest precedence stated: line 5, else line 2."""
        stated = self.dtg.precedences if self.dtg else ()
        if not stated and self.routing and self.routing.precedence:
            stated = (self.routing.precedence,)
        return min(stated, key=lambda precedence: precedence.rank, default=None)
