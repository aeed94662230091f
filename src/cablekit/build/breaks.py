"""Page-break lines (body.lark; FORMAT.md section 12)."""

from __future__ import annotations

from cablekit import grammar
from cablekit.build.reading import Part, Reading
from cablekit.model import PageBreak, Span


def build_page_break(part: Part, reading: Reading, span: Span | None = None) -> PageBreak:
    """Read ``BISHKEK 00000094 001.2 OF 002`` or ``PAGE 02  STATE  063812``; what cannot be read is none.

    ``span`` is where it stands, if that is not where its words do: on several lines, or with more blanks.
    """
    written = part.text.strip()
    span = span or reading.span(part.start, part.start + len(part.text.rstrip()))
    try:
        tree = grammar.read("body", written, "page_break")
    except grammar.Unreadable as error:
        reading.unreadable("page-break line", part, error)
        return PageBreak.model_construct(
            as_written=written, post=None, serial=None, section=None, page=None, of=None, span=span
        )
    tokens = {token.type: token.strip(" .:") for token in grammar.tokens(tree)}
    post = tokens.get("BREAK_POST") or tokens.get("HEAD_POST")
    serial = tokens.get("BREAK_SERIAL") or tokens.get("HEAD_SERIAL")
    page = tokens.get("PAGE") or tokens.get("PAGE_NUMBER")
    total = tokens.get("TOTAL")
    section = tokens.get("SECTION")
    if "HEAD_SECTION" in tokens:
        section, _, total = tokens["HEAD_SECTION"].partition(" OF ")
    return PageBreak.model_construct(
        as_written=written,
        post=post,
        serial=int(serial) if serial else None,
        section=int(section) if section else None,
        page=int(page) if page else None,
        of=int(total.removeprefix("OF ")) if total else None,
        span=span,
    )
