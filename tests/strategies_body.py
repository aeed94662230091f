"""The text of cables as models: paragraphs with all their marks, headings, tables, unnumbered text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cablekit.model import Block, Heading, Paragraph, Role, SubItem, Table, Text
from tests.strategies_words import HERE, optional, portion_marks, runs, sentences, titles

_DASHES = st.sampled_from(["--", "-", "*", "o"])
_COLUMNS = "The harbors counted what they had, as follows:\n  Rope     412\n  Lanterns  88   (broken)"
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
    "Begin Executive Summary and Comment:": "summary",
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
def words(
    draw: st.DrawFn, labels: st.SearchStrategy[str] = _LABELS, *, opened: bool = True, closer: str = ""
) -> dict[str, Any]:
    """What a paragraph or text holds: opener and closer, runs, columns, items."""
    opener = draw(optional(st.sampled_from(sorted(_OPENERS)))) if opened else None
    text = f"{opener} {draw(runs())}" if opener else draw(runs())
    items = []
    for _ in range(draw(st.integers(0, 3))):
        item = SubItem(label=draw(labels), text=draw(sentences()), span=HERE)
        items.append(item)
        text += f"\n{item.label} {item.text}"
    for more in draw(st.lists(runs(2) | st.just(_COLUMNS), max_size=2)):
        text += f"\n\n{more}"
    role, role_words = None, None
    if opener:
        role = _OPENERS[opener]
        closer = draw(st.sampled_from(["", _CLOSERS[role]]))
        role_words = (len(opener) + 1, len(text))
    if closer:
        text += f"\n\n{closer}"
    return {"text": text, "role": role, "role_words": role_words, "sub_items": tuple(items), "span": HERE}


@st.composite
def paragraphs(draw: st.DrawFn, number: int, **options: Any) -> Paragraph:
    suffix = draw(st.none() | st.sampled_from("ab"))
    return Paragraph(
        number=number,
        number_as_written=f"{number}{suffix or ''}.",
        suffix=suffix,
        mark=draw(optional(portion_marks)),
        **draw(words(**options)),
    )


@st.composite
def tables(draw: st.DrawFn, under: int | None) -> Table:
    """Rows of a name and two figures, the columns three blanks apart or more."""
    names = draw(st.lists(st.sampled_from(["Rope", "Tide tables", "Ferries", "Ledgers"]), min_size=2, max_size=5))
    rows = [f"{name:<14}   {draw(st.integers(0, 9999)):>6}   {draw(st.integers(0, 99)):>3}" for name in names]
    return Table(text="\n".join(rows), under=under, span=HERE)


headings = st.builds(Heading, text=titles(5), underlined=st.booleans(), span=st.just(HERE))


@st.composite
def groups(draw: st.DrawFn, number: int) -> list[Block]:
    """A paragraph and what may follow it, or several with one heading or one opener."""
    form = draw(st.sampled_from(["alone", "table", "text", "headed", "summary under a heading", "long summary"]))
    if form == "alone":
        return [draw(paragraphs(number))]
    if form == "table":
        # What a text is is read behind a number, a mark or a heading only.
        behind = draw(st.lists(st.builds(lambda kwargs: Text(under=number, **kwargs), words(opened=False)), max_size=1))
        return [draw(paragraphs(number)), draw(tables(number)), *behind]
    if form == "text":
        mark = draw(portion_marks)
        return [draw(paragraphs(number)), Text(mark=mark, under=number, **draw(words()))]
    if form == "headed":
        return [draw(headings), *(draw(paragraphs(at)) for at in range(number, number + draw(st.integers(1, 3))))]
    return draw(summaries(number, headed=form == "summary under a heading"))


@st.composite
def summaries(draw: st.DrawFn, number: int, *, headed: bool) -> list[Block]:
    """A summary of several paragraphs: below its heading, or from its opener to its closer."""
    count = draw(st.integers(1, 3))
    # Below a heading the closer may be lost; the next heading ends the summary.
    closed = not headed or draw(st.booleans())
    found: list[Block] = []
    for at in range(number, number + count):
        last = closed and at == number + count - 1
        one = draw(paragraphs(at, opened=False, closer="END SUMMARY." if last else ""))
        opener = "" if headed or at > number else "SUMMARY: "
        text = opener + one.text
        end = text.index("\n\nEND SUMMARY.") if last else len(text)
        found.append(one.model_copy(update={"text": text, "role": "summary", "role_words": (len(opener), end)}))
    if not headed:
        return found
    ends = Heading(text="WHAT FOLLOWS", underlined=True, span=HERE)
    return [Heading(text="SUMMARY", underlined=True, role="summary", span=HERE), *found, ends]


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Block, ...]:
    """Blocks in an order that cables have: unnumbered text first, then paragraphs with what belongs to them."""
    blocks: list[Block] = []
    if draw(st.booleans()):
        # Single letters behind the labels are taken for those of references: (U) at the start, (a) before an item.
        mark = draw(optional(portion_marks.filter(lambda mark: len(str(mark)) > 1)))
        blocks.append(Text(mark=mark, under=None, **draw(words(_LABELS if mark else _DASHES))))
    for _ in range(draw(st.integers(0, 3))):
        number = max((block.number for block in blocks if isinstance(block, Paragraph)), default=0) + 1
        blocks += draw(groups(number))
    return tuple(blocks)
