"""Where one message ends and the next begins, in a text or among pages that may hold several.

The first lines of messages are terminals of ``grammars/messages.lark``. Not every one of them begins another message:
the header of a telegram is met again where a record is repeated inside itself, where each section kept its own, and
where a telegram is quoted. So a message ends only where

- the new first line says as much as its own did: inside a publication, with its head above each cable, the first lines
  of telegrams begin nothing;
- it has come to its text; and
- the new one has another date-time group or originator.

What stands above the first message belongs to it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cablekit import grammar

PAGE_END = "\f"
"""Stands between the texts of two pages. It is no blank line: a sentence may run from one page to the next."""
LOOK_AHEAD = 1 << 14
"""Bytes behind the beginning of a message that may be needed to see that it is one."""
_KNOWN_BY = 1 << 12
"""Bytes in which stands what it is known by."""

_PUBLICATIONS = ("PUBLICATION", "ARCHIVE_FILE", "ARCHIVE_COPY")
_TELEGRAMS = ("PARTIAL", "FIRST_PAGE", "TRANSMISSION", "DATED")


_LINES_ABOVE = 8
"""A message begins no more lines than that above the sign without which it does not begin."""


class Start(NamedTuple):
    """The first lines of a message."""

    offset: int
    end: int
    """Behind what it was recognised by."""
    published: bool
    """Whether what a publication has above it begins it, and not the telegram's own first line."""
    headed: bool
    """Whether that is the five-line head."""
    beginning: bytes
    """Where stands what it is known by; empty where nothing of the kind is said."""


class Messages:
    """Follows the first lines of messages in their order, and tells which of them end the message before."""

    def __init__(self) -> None:
        """Begin before the first message."""
        self._first: Start | None = None
        self._known_by: set[tuple[bytes, ...]] | None = None
        """What the message is known by; made when there is another start, which most messages have not."""

    @property
    def published(self) -> bool:
        """Whether the message is part of a publication."""
        return self._first is not None and self._first.published

    def begins_another(self, start: Start, has_text: bool) -> bool:
        """Tell whether the message so far, which has come to its text or not, ends where this start stands."""
        if self._first is None:
            self._first = start
            return False
        if self._first.published > start.published:
            return False
        known_by = _known_by(start.beginning)
        if not start.published:
            if self._known_by is None:
                self._known_by = _known_by(self._first.beginning)
            if not has_text or self._known_by & known_by:
                self._known_by |= known_by
                return False
        self._first, self._known_by = start, known_by
        return True


class PagedMessages:
    """The same page by page: a message begins with the page on which its first line stands."""

    def __init__(self) -> None:
        """Begin before the first page."""
        self._messages = Messages()
        self._has_text = False

    def begins_another(self, page: bytes) -> bool:
        """Tell whether the first line of another message stands on the page."""
        another, searched = False, 0
        while start := next_start(page, searched, len(page), published=self._messages.published):
            self._has_text = self._has_text or has_text(page, searched, start.offset)
            searched = start.end
            if self._messages.begins_another(start, self._has_text):
                another, self._has_text = True, False
        self._has_text = self._has_text or has_text(page, searched, len(page))
        return another


def next_start(data: bytes, begin: int, end: int, *, published: bool = False) -> Start | None:
    """Return what may be the first line of a message and stands in ``data[begin:end]``, at the start of a line.

    Inside a publication (``published``) the first lines of telegrams are passed over. What comes behind a start is
    looked for from its ``end``.
    """
    if begin == 0 and end > 0 and (start := start_at_once(data)):
        return start
    sign, first_lines = _signs(published), _first_lines("\n\f?")
    searched = max(0, begin - 1)
    while signed := sign.search(data, searched):
        for line in _lines_above(data, signed.start(), searched):
            if line + 1 >= end:
                return None
            if found := first_lines.match(data, line):
                return _start(data, line + 1, found)
        searched = signed.start() + 1
    return None


def start_at_once(data: bytes) -> Start | None:
    """Return the first lines of a message with which the data begin."""
    found = _first_lines("\f?").match(data, 0, LOOK_AHEAD)
    return _start(data, 0, found) if found else None


@cache
def _first_lines(before: str) -> re.Pattern[bytes]:
    return grammar.pattern("messages", *_PUBLICATIONS, *_TELEGRAMS, before=before)


@cache
def _signs(published: bool) -> re.Pattern[bytes]:
    return grammar.pattern("messages", "PUBLICATION_SIGN" if published else "SIGN", before="\n")


def _lines_above(data: bytes, line: int, begin: int) -> list[int]:
    """Return where the lines up to some above this one begin, at the end of the line before; none is before begin."""
    lines = [line]
    while len(lines) <= _LINES_ABOVE and (line := data.rfind(b"\n", begin, line)) >= 0:
        lines.append(line)
    return lines[::-1]


def has_text(data: bytes, begin: int, end: int) -> bool:
    """Tell whether a classification line or a label stands in ``data[begin:end]``."""
    return grammar.pattern("messages", "TEXT_BLOCK").search(data, begin, end) is not None


def _start(data: bytes, offset: int, found: re.Match[bytes]) -> Start:
    terminal = found.lastgroup
    published = terminal in _PUBLICATIONS
    says_nothing = published or terminal == "PARTIAL"
    beginning = b"" if says_nothing else data[offset : offset + _KNOWN_BY]
    return Start(offset, found.end(), published, terminal == "PUBLICATION", beginning)


def _known_by(beginning: bytes) -> set[tuple[bytes, ...]]:
    """Read what is the same in copies and sections of one message.

    These are its date-time group and originator, and post and serial on its first page.
    """
    known: set[tuple[bytes, ...]] = set()
    beginning = beginning.lstrip(b"\f")
    if dated := grammar.pattern("messages", "DATE_AND_SENDER").search(beginning):
        group, _, sender = dated[0].partition(b"FM ")
        known.add((*group.split()[:3], *sender.split()))
    if page := grammar.pattern("messages", "PAGE_AND_SERIAL").match(beginning):
        known.add(tuple(page[0].split()[2:]))
    return known
