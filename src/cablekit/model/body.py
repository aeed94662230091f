"""The text of a cable: paragraphs, headings, tables, and what stands around it (FORMAT.md sections 11 to 13)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from cablekit.model.base import Located
from cablekit.model.markings import PortionMark

Role = Literal["summary", "comment", "action_request", "background", "note", "introduction", "text_of_document"]
"""What an opening word such as *Summary:* makes of a block."""


class SubItem(Located):
    """An item of a list inside a paragraph."""

    label: str
    """What stands before the item: ``--``, ``(a)``, ``A.``"""
    text: str


class Paragraph(Located):
    """A numbered paragraph with all that follows it up to the next number or heading."""

    kind: Literal["paragraph"] = "paragraph"
    number: int
    """As read, after repairs."""
    number_as_written: str
    """``¶4.``, ``14.``, ``2a.``"""
    suffix: str | None = None
    """The letter of ``2a.``"""
    mark: PortionMark | None = None
    role: Role | None = None
    role_words: tuple[int, int] | None = None
    """Which characters of ``text`` have the role: what stands between opener (*Summary:*) and *End Summary*."""
    text: str
    """Lines joined; an empty line inside the paragraph stays as a blank line, list items begin a line of their own."""
    sub_items: tuple[SubItem, ...] = ()


class Heading(Located):
    """A heading of the paragraphs that follow it."""

    kind: Literal["heading"] = "heading"
    text: str
    underlined: bool
    role: Role | None = None


class Table(Located):
    """Columns set by runs of blanks. Lines are kept as they stand."""

    kind: Literal["table"] = "table"
    text: str
    under: int | None = None
    """Number of the paragraph it belongs to."""


class Text(Located):
    """Unnumbered text."""

    kind: Literal["text"] = "text"
    mark: PortionMark | None = None
    role: Role | None = None
    role_words: tuple[int, int] | None = None
    """As in `Paragraph`."""
    text: str
    sub_items: tuple[SubItem, ...] = ()
    under: int | None = None
    """Number of the paragraph before it, which it belongs to."""


class Unparsed(Located):
    """What no rule knows, as it stands."""

    kind: Literal["unparsed"] = "unparsed"
    text: str


Block = Annotated[Paragraph | Heading | Table | Text | Unparsed, Field(discriminator="kind")]


class Passage(Located):
    """A summary, comment or action request: its words without opener and closer, and the paragraphs it stands in."""

    role: Role
    text: str
    paragraphs: tuple[int, ...]
    """Numbers of the paragraphs; empty where it stands in unnumbered text."""


class PageBreak(Located):
    """A page-break line (FORMAT.md section 12). It does not cut the text."""

    as_written: str
    post: str | None
    serial: int | None
    section: int | None
    page: int | None
    of: int | None
    """Sections of the whole message."""


class Signature(Located):
    """The signer's surname, as written."""

    name: str


class Release(Located):
    """A release or declassification stamp."""

    text: str
    date: date | None
    authority: str | None
    decision: Literal["full", "part", "denied"] | None = None
    """What was released: all of it, a part, or nothing; none where the stamp does not say."""
    exemptions: tuple[str, ...] = ()
    """``B1``, ``B6``, ``1.4(D)``: what the rest was kept back for."""
    case_number: str | None = None
    """``F-2016-01234``"""
    document_number: str | None = None
    """``C06123456``"""
    reviewer: str | None = None


class Publication(Located):
    """What a publisher wrote around the cable: never part of it, never overrides its own words."""

    reference_id: str | None = None
    title: str | None = None
    date: str | None = None
    """As written; from a container in ISO form."""
    classification: str | None = None
    origin: str | None = None
    stated_in: Literal["text", "container"] = "text"
    """``container``: beside the text, such as in a column of a table; the span is empty then."""
