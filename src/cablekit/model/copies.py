"""What archives and reviewers added to a cable: attributes, drafting block, redactions (FORMAT.md 14, 16, 17)."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from cablekit.model.base import Located, Model
from cablekit.model.mrn import Mrn

AttributeKind = Literal["text", "date", "number", "items", "unknown"]


class Attribute(Located):
    """One attribute of a record copy, or one labelled line of a message-archive copy or a release stamp.

    One of ``text``, ``day``, ``number`` and ``items`` has the value; none of them where the record writes
    ``n/a``, nothing, or the date that stands for none.
    """

    name: str
    """As it stands: ``Draft Date``, ``MRN``."""
    kind: AttributeKind
    """Of its value, from ``attributes.csv``; ``unknown`` for a name that is not in the table."""
    as_written: str
    """The value in one line."""
    text: str | None = None
    day: date | None = None
    number: int | None = None
    items: tuple[str, ...] = ()


class Officer(Located):
    """Somebody in a drafting block: ``EB/OT:IROWAN:BQ``."""

    office: str | None
    name: str | None
    remark: str | None = None
    """Typist's initials, or what stands in parentheses: ``DRAFT``, ``SUBS``."""


class Drafting(Located):
    """Who drafted, approved, cleared and released a message, and where it was to go (FORMAT.md sections 14.4, 16)."""

    drafted_by: tuple[Officer, ...] = ()
    approved_by: tuple[Officer, ...] = ()
    cleared_by: tuple[Officer, ...] = ()
    released_by: tuple[Officer, ...] = ()
    desired_distribution: tuple[str, ...] = ()
    """Offices and agencies."""


class Relay(Located):
    """The dashes line, which the Department's relay computer printed (FORMAT.md section 14.4)."""

    count: str | None
    """The computer's running count, digits as written: orders telegrams of the same hours, never a key."""
    day: int | None = None
    """Day of the month of the filing time."""
    time_filed: time | None = None
    """UTC."""
    copies: int | None = None


class Note(Located):
    """What the communications centre added behind the signature: ``NOTE BY OC/T: ...``"""

    text: str


class RecordCopy(Model):
    """What a copy from an archive has beside the telegram: attributes, drafting block, what its computer printed."""

    attributes: tuple[Attribute, ...] = ()
    """In their order. ``cable.attribute("Film Number")`` looks one up."""
    document_number: str | None = None
    """``1974SOFIA01906``, as written. Not unique (FORMAT.md section 14.7)."""
    document: Mrn | None = None
    """The message reference number that the document number stands for."""
    candidates: tuple[Mrn, ...] = ()
    """Other readings, where its cut or damaged post may be more than one."""
    has_text: bool = True
    """False where only the attributes have come down."""
    copy_number: str | None = None
    """The figure above the distribution, a copy or routing number."""
    relay: Relay | None = None
    drafting: Drafting | None = None
    notes: tuple[Note, ...] = ()


class Redaction(Located):
    """A place where words were taken out."""

    kind: Literal["publisher", "foia"]
    """``publisher`` wrote a run of X; ``foia`` left a blank with the exemption beside it."""
    as_written: str
    length: int | None = None
    """Signs of the run. Twelve stand for any length (FORMAT.md section 18.5)."""
    exemptions: tuple[str, ...] = ()
    """``B1``, ``B6``, ``1.4(D)``"""
