"""Blocks of the text while they are being put together, and the models that they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cablekit.build.reading import Reading
from cablekit.model import Block, Heading, Paragraph, PortionMark, Role, SubItem, Table, Text


@dataclass(slots=True, eq=False)
class Item:
    """An item of a list while it is being put together."""

    label: str
    start: int
    end: int
    pieces: list[str]


@dataclass(slots=True, eq=False)
class Draft:
    """A block while it is being put together."""

    kind: Literal["paragraph", "text", "heading", "table"]
    start: int
    end: int
    number: int = 0
    written: str = ""
    suffix: str | None = None
    mark: PortionMark | None = None
    role: Role | None = None
    opened: int = 0
    """Length of the opener at the start of the text."""
    closed: int | None = None
    """Where the closer begins."""
    pieces: list[str] = field(default_factory=list)
    """The text so far; joined once, so that many pieces cost no more than their length."""
    text: str = ""
    items: list[Item] = field(default_factory=list)
    under: int | None = None
    underlined: bool = False


def _items(draft: Draft, reading: Reading) -> tuple[SubItem, ...]:
    """Build the list items of a block."""
    return tuple(
        SubItem.model_construct(label=item.label, text="".join(item.pieces), span=reading.span(item.start, item.end))
        for item in draft.items
    )


def build_block(draft: Draft, reading: Reading) -> Block:
    """Build the model of a block."""
    span = reading.span(draft.start, draft.end)
    if draft.kind == "heading":
        return Heading.model_construct(text=draft.text, underlined=draft.underlined, role=draft.role, span=span)
    if draft.kind == "table":
        return Table.model_construct(text=draft.text, under=draft.under, span=span)
    words = None
    if draft.role:
        closed = len(draft.text) if draft.closed is None else draft.closed
        words = (min(draft.opened, closed), closed)
    if draft.kind == "paragraph":
        return Paragraph.model_construct(
            number=draft.number,
            number_as_written=draft.written,
            suffix=draft.suffix,
            mark=draft.mark,
            role=draft.role,
            role_words=words,
            text=draft.text,
            sub_items=_items(draft, reading),
            span=span,
        )
    return Text.model_construct(
        mark=draft.mark,
        role=draft.role,
        role_words=words,
        text=draft.text,
        sub_items=_items(draft, reading),
        under=draft.under,
        span=span,
    )
