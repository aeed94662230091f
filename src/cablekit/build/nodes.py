"""The whole source, cut into stretches by the rule that read each of them."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING

from cablekit.build.header import HeaderPart
from cablekit.build.reading import Reading
from cablekit.model import Node, Redaction, Span

if TYPE_CHECKING:
    from cablekit.grammar import Token

RULES = {
    "BLANK": "blank",
    "PUBLICATION_HEAD": "publication",
    "RECORD_HEAD": "record_head",
    "PARTIAL_NOTE": "partial_note",
    "PAGE_HEAD": "page_head",
    "PUBLISHER_DATE": "publisher_date",
    "STAMP": "release_stamp",
    "FRONT_LINE": "unparsed",
    "OTHER_LINE": "unparsed",
    "CLASSIFICATION": "classification",
    "CLASSIFICATION_AGAIN": "classification",
    "LOWER_CLASSIFICATION": "classification",
    "CAPTION": "caption",
    "DAMAGED_CAPTION": "caption",
    "CAPTION_IN_TEXT": "caption",
    "CORRECTED_COPY": "caption",
    "ATTENTION": "passing",
    "LATE_PASSING": "passing",
    "HANDLING": "passing",
    "EO_LINE": "executive_order",
    "TAGS_LINE": "tags",
    "SUBJECT_LINE": "subject",
    "REF_LINE": "references",
    "REF_MORE": "references",
    "CLASSIFIED_BY": "classified_by",
    "NUMBER": "paragraph_number",
    "MARKED_NUMBER": "paragraph_number",
    "DOUBTFUL_NUMBER": "paragraph_number",
    "MARK": "portion_mark",
    "HEADING": "heading",
    "PLAIN_HEADING": "heading",
    "RULE": "rule",
    "TABLE": "table",
    "SUB_LABEL": "sub_item",
    "ITEM_TEXT": "sub_item",
    "PAGE_BREAK": "page_break",
    "INLINE_BREAK": "page_break",
    "MISSING_SECTION": "missing_section",
    "SIGNATURE": "signature",
    "END_MARK": "end_mark",
}
"""Terminal of the document grammar → rule as users see it. TEXT and openers are ``paragraph`` or ``text``."""

_RUNNING = frozenset({"TEXT", "OPENER", "MARKED_OPENER"})


def cut(tokens: list[Token], headers: dict[int, HeaderPart], breaks: dict[int, int], reading: Reading) -> list[Stretch]:
    """Cut the source at the starts of its parts.

    ``headers`` gives the header that begins at a position, ``breaks`` where a page-break line inside a line really
    starts: its post was read as the end of the text before.
    """
    cuts: list[tuple[int, str]] = []
    running = "text"
    for token in tokens:
        kind, start = token.type, token.start_pos
        if kind in _RUNNING:
            rule = running
        elif kind == "HEADER":
            cuts += ((at, rule) for rule, at in headers[start].lines)
            continue
        elif start in reading.unread:
            rule = "unparsed"
        else:
            rule = RULES[kind]
            if kind in ("NUMBER", "MARKED_NUMBER", "DOUBTFUL_NUMBER"):
                running = "paragraph"
            elif kind in ("MARK", "HEADING", "PLAIN_HEADING") or rule == "classification":
                running = "text"
        cuts.append((breaks.get(start, start), rule))
        if kind in ("MARKED_NUMBER", "DOUBTFUL_NUMBER"):
            mark = token.find("(")
            if mark < 0:  # its parenthesis is lost: 2. C)
                mark = len(token.rstrip().rstrip(f"{ascii_uppercase}/)"))
            cuts.append((start + mark, "portion_mark"))
    return _join(cuts, reading)


Stretch = tuple[Span, str]
"""A stretch of the source and the rule that read it, before it becomes a `Node`."""


def overlay(cuts: list[Stretch], layers: list[list[Stretch]]) -> tuple[Node, ...]:
    """Lay furniture over the text that was read without it, the first layer above all others, and make nodes of all."""
    for layer in reversed(layers):
        cuts = _lay(cuts, sorted(layer)) if layer else cuts
    joined: list[tuple[Span, str]] = []
    last = None
    for span, rule in cuts:
        if rule == last:
            joined[-1] = (Span(joined[-1][0].start, span.end), rule)
        else:
            joined.append((span, rule))
            last = rule
    return tuple([Node.model_construct(span=span, rule=rule) for span, rule in joined])


def redacted(redactions: tuple[Redaction, ...]) -> list[Stretch]:
    """Return the places where words were taken out as a layer."""
    return [(redaction.span, "redaction") for redaction in redactions]


def _lay(below: list[Stretch], above: list[Stretch]) -> list[Stretch]:
    """Lay stretches over others; where they lie, nothing else is."""
    cuts: list[Stretch] = []
    at = 0
    for (start, end), rule in below:
        while at < len(above) and above[at][0].start < end:
            over = above[at][0]
            if over.start > start:
                cuts.append((Span(start, over.start), rule))
            start = max(start, over.end)
            if over.end > end:
                break
            cuts.append(above[at])
            at += 1
        if start < end:
            cuts.append((Span(start, end), rule))
    return [(span, rule) for span, rule in (*cuts, *above[at:]) if span.start < span.end]


def _join(cuts: list[tuple[int, str]], reading: Reading) -> list[Stretch]:
    """Turn cuts into stretches; neighbours of one rule are one."""
    stretches: list[Stretch] = []
    if not cuts:
        return stretches
    end = len(reading.source.text)
    start, rule = 0, cuts[0][1]
    for at, next_rule in [*cuts[1:], (end, "")]:
        if next_rule == rule or at <= start:
            continue
        span = reading.source.stretch(start, at)
        if span.end > span.start:
            stretches.append((span, rule))
        start, rule = at, next_rule
    return stretches
