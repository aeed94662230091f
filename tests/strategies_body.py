"""The text of cables as models: paragraphs with all their marks, headings, tables, unnumbered text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cablekit.model import Block, Heading, Paragraph, Role, SubItem, Table, Text
from tests.strategies_words import HERE, optional, portion_marks, runs, sentences, titles

_DASHES = st.sampled_from(["--", "-", "*", "o"])
_LABELS = _DASHES | st.sampled_from(["(a)", "(1)", "a.", "b)", "2)"])
_OPENERS: dict[str, Role] = {
    "SUMMARY:": "summary",
    "Summary.": "summary",
    "Begin Summary:": "summary",
    "SUMMARY AND ACTION REQUEST": "summary",
    "COMMENT:": "comment",
    "Embassy Comment --": "comment",
    "ACTION REQUEST:": "action_request",
    "BACKGROUND": "background",
    "Bio Note:": "note",
    "BEGIN TEXT:": "text_of_document",
}
_CLOSERS: dict[Role, str] = {
    "summary": "END SUMMARY.",
    "comment": "End comment.",
    "action_request": "End action request.",
    "background": "END BACKGROUND.",
    "note": "End note.",
    "text_of_document": "END TEXT.",
}


@st.composite
def words(draw: st.DrawFn, labels: st.SearchStrategy[str] = _LABELS, *, opened: bool = True) -> dict[str, Any]:
    """What a paragraph or text holds: opener and closer, runs, items."""
    opener = draw(optional(st.sampled_from(sorted(_OPENERS)))) if opened else None
    text = draw(runs())
    role: Role | None = None
    role_words: tuple[int, int] | None = None
    if opener:
        role = _OPENERS[opener]
        text = f"{opener} {text}"
    items = []
    for _ in range(draw(st.integers(0, 3))):
        item = SubItem(label=draw(labels), text=draw(sentences()), span=HERE)
        items.append(item)
        text += f"\n{item.label} {item.text}"
    for _ in range(draw(st.integers(0, 1))):
        text += "\n\n" + draw(runs(2))
    if role and opener:
        closed = len(text)
        if draw(st.booleans()):
            text += f"\n\n{_CLOSERS[role]}" if items else f" {_CLOSERS[role]}"
        role_words = (len(opener) + 1, closed)
    return {"text": text, "role": role, "role_words": role_words, "sub_items": tuple(items), "span": HERE}


@st.composite
def paragraphs(draw: st.DrawFn, number: int) -> Paragraph:
    suffix = draw(st.none() | st.sampled_from("ab"))
    return Paragraph(
        number=number,
        number_as_written=f"{number}{suffix or ''}.",
        suffix=suffix,
        mark=draw(optional(portion_marks)),
        **draw(words()),
    )


@st.composite
def tables(draw: st.DrawFn, under: int | None) -> Table:
    """Rows of a name and two figures, the columns three blanks apart or more."""
    names = draw(st.lists(st.sampled_from(["Rope", "Tide tables", "Ferries", "Ledgers"]), min_size=2, max_size=5))
    rows = [f"{name:<14}   {draw(st.integers(0, 9999)):>6}   {draw(st.integers(0, 99)):>3}" for name in names]
    return Table(text="\n".join(rows), under=under, span=HERE)


headings = st.builds(Heading, text=titles(5), underlined=st.booleans(), span=st.just(HERE))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Block, ...]:
    """Blocks in an order that cables have: unnumbered text first, then paragraphs, with headings and tables between."""
    blocks: list[Block] = []
    if draw(st.booleans()):
        # Single letters behind the labels are taken for those of references: (U) at the start, (a) before an item.
        mark = draw(optional(portion_marks.filter(lambda mark: len(str(mark)) > 1)))
        blocks.append(Text(mark=mark, under=None, **draw(words(_LABELS if mark else _DASHES))))
    for number in range(1, draw(st.integers(0, 5)) + 1):
        if draw(st.booleans()):
            blocks.append(draw(headings))
        blocks.append(draw(paragraphs(number)))
        if draw(st.booleans()):
            blocks.append(draw(tables(number)))
            if draw(st.booleans()):
                # What a text is is read behind a number, a mark or a heading only.
                blocks.append(Text(under=number, **draw(words(opened=False))))
    return tuple(blocks)
