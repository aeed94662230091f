"""Which layout reads a text, and what in it says so (FORMAT.md section 1)."""

from __future__ import annotations

from typing import NamedTuple

from cablekit import grammar
from cablekit.build.reading import Reading
from cablekit.model import Layout

_COPIES: dict[str, tuple[Layout, str]] = {
    "MESSAGE_TEXT": ("C", "the heading Message Text stands in it"),
    "MESSAGE_ATTRIBUTES": ("C", "the heading Message Attributes stands in it"),
    "ARCHIVE_LABELS": ("E", "the labels of a message archive stand together: MRN, Date/DTG, From"),
    "CASE": ("F", "the stamp of a release stands in it"),
    "FORM": ("F", "it is a page of a Department of State telegram form"),
    "REVIEW_STAMP": ("C", "it is stamped by the systematic review of 1973-79 telegrams"),
    "PAGE_OF_IMAGE": ("F", "it is text read from page images of a telegram"),
    "PAGE_HEAD": ("C", "a page change of a record copy stands in it"),
    "END": ("C", "a classification above the end sign NNN ends it"),
}
"""Sign of a copy → its layout and the reason; of several signs the first of this list decides."""

_WORDS_OF_STAMPS = frozenset({"CASE", "FORM", "REVIEW_STAMP"})
"""Signs that are words, which may stand in any text: they count where no telegram's own header begins it."""

_HINTS = (
    "MRN", "Message Text", "Message Attributes", "Declassified/Released", "PAGE ", "PAGE\n", "\nNNN",
    "RELEASE", "Case No", "CASE ID", "DECLASSIFIED", "AIRGRAM", "TELEGRAM", "DENIED",
)  # fmt: skip
"""Without one of these words no sign of a copy is there: most texts need not be looked through."""


class Recognised(NamedTuple):
    """A layout of copies and the reason for it."""

    layout: Layout
    reason: str


def recognise(reading: Reading) -> Recognised | None:
    """Tell the layout of a copy; none where the text is a telegram as it was transmitted (layouts A, B, P, D)."""
    text = reading.source.text
    if grammar.terminal("layouts", "TRANSMITTED").match(text) or not any(hint in text for hint in _HINTS):
        return None
    found = {token.type for token in grammar.tokens(grammar.read("layouts", text))}
    if "HEADER_FIRST" in found:
        found -= _WORDS_OF_STAMPS
    return next((Recognised(*_COPIES[sign]) for sign in _COPIES if sign in found), None)
