"""Captions and subject (FORMAT.md sections 5 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.markings import build_portion_mark
from cablekit.build.reading import Part, Reading, nearest
from cablekit.model import Caption, Span, Subject

if TYPE_CHECKING:
    from cablekit.grammar import Token


_CAPTIONS = ("SENSITIVE", "SIPDIS", "NOFORN")


def build_captions(tokens: list[Token], reading: Reading) -> tuple[Caption, ...]:
    """Build the captions in order of first appearance, repeats counted; damaged ones are those that they were."""
    places: dict[str, list[Span]] = {}
    for token in tokens:
        written = token.strip(" \t\n,;/+-(")
        start = token.start_pos + token.index(written)
        name = "CORRECTED COPY" if token.type == "CORRECTED_COPY" else " ".join(written.upper().split())
        if token.type == "DAMAGED_CAPTION":
            name = nearest("".join(written.split()), _CAPTIONS)[0]
            reading.repair("caption-letters", start, start + len(written), name)
        places.setdefault(name, []).append(reading.span(start, start + len(written)))
    return tuple(
        Caption.model_construct(name=name, count=len(spans), span=spans[0], repeats=tuple(spans[1:]))
        for name, spans in places.items()
    )


def build_subject(part: Part, reading: Reading) -> Subject | None:
    """Build the subject: its lines in one, the mark in front apart; none where nothing stands behind the label."""
    first = len(part.text) - len(part.text.lstrip())
    label = grammar.tokens(grammar.read("body", part.text[first:], "subject"))[0]
    start = first + label.end_pos
    if label.type == "DAMAGED_SUBJECT_LABEL":
        written = label.rstrip()
        letters = "".join(written.split()).rstrip(":;,./48").upper()
        regular = "SUBJECT:" if len(letters) > len("SUBJC") else "SUBJ:"
        regular = regular.title() if written[1:2].islower() else regular
        reading.repair("subject-label", part.start + first, part.start + first + len(written), regular)
    mark = None
    rest = part.text[start:]
    if rest.lstrip().startswith("("):
        start += len(rest) - len(rest.lstrip())
        close = part.text.find(")", start) + 1
        mark = build_portion_mark(Part(part.text[start:close], part.start + start), reading) if close else None
        start = close if mark else start
    text = part.text[start:]
    words = " ".join(text.split())
    if not words:
        return None
    start += len(text) - len(text.lstrip())
    end = len(part.text.rstrip())
    return Subject.model_construct(text=words, mark=mark, span=reading.span(part.start + start, part.start + end))
