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

from collections.abc import Iterator
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
    """Whether a publication's head begins it, and not the telegram's own first line."""
    known_by: frozenset[tuple[bytes, ...]]
    """What is the same in copies and sections of one message; empty where it says nothing of the kind."""


class Messages:
    """Follows the first lines of messages in their order, and tells which of them end the message before."""

    def __init__(self) -> None:
        """Begin before the first message."""
        self._current: Start | None = None

    @property
    def published(self) -> bool:
        """Whether the message is part of a publication."""
        return self._current is not None and self._current.published

    def begins_another(self, start: Start, has_text: bool) -> bool:
        """Tell whether the message so far, which has come to its text or not, ends where this start stands."""
        current = self._current
        if current is None:
            self._current = start
            return False
        if current.published > start.published:
            return False
        if not start.published and (not has_text or current.known_by & start.known_by):
            self._current = Start(current.offset, current.end, current.published, current.known_by | start.known_by)
            return False
        self._current = start
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
        for start in starts(page, 0, len(page)):
            self._has_text = self._has_text or has_text(page, searched, start.offset)
            searched = start.end
            if self._messages.begins_another(start, self._has_text):
                another, self._has_text = True, False
        self._has_text = self._has_text or has_text(page, searched, len(page))
        return another


def starts(data: bytes, begin: int, end: int, *, published: bool = False) -> Iterator[Start]:
    """Give what may be the first line of a message and stands in ``data[begin:end]``, at the start of a line.

    Inside a publication (``published``, or as soon as one is found) the first lines of telegrams are passed over.
    """
    pattern = grammar.pattern("messages", *_PUBLICATIONS, *_TELEGRAMS, before="\n\f?")
    if begin == 0 and end > 0 and (found := pattern.match(b"\n" + data[:LOOK_AHEAD])):
        first = _start(data, 0, found.end() - 1, found.lastgroup)
        yield first
        begin, published = first.end, published or first.published
    searched = max(0, begin - 1)
    signs = ("PUBLICATION_SIGN",) if published else ("PUBLICATION_SIGN", "TELEGRAM_SIGN")
    for sign in grammar.pattern("messages", *signs, before="\n\f?").finditer(data, searched):
        for line in _lines_above(data, sign.start(), searched):
            if line + 1 >= end:
                return
            if line >= searched and (found := pattern.match(data, line)):
                yield _start(data, line + 1, found.end(), found.lastgroup)
                searched = found.end() - 1
        searched = max(searched, sign.start() + 1)


def _lines_above(data: bytes, line: int, begin: int) -> list[int]:
    """Return where the lines up to some above this one begin, at the end of the line before; none is before begin."""
    lines = [line]
    while len(lines) <= _LINES_ABOVE and (line := data.rfind(b"\n", begin, line)) >= 0:
        lines.append(line)
    return lines[::-1]


def has_text(data: bytes, begin: int, end: int) -> bool:
    """Tell whether a classification line or a label stands in ``data[begin:end]``."""
    return grammar.pattern("messages", "TEXT_BLOCK").search(data, begin, end) is not None


def _start(data: bytes, offset: int, end: int, terminal: str | None) -> Start:
    """Read what a message is known by: its date-time group and originator, post and serial on its first page."""
    if terminal in (*_PUBLICATIONS, "PARTIAL"):
        return Start(offset, end, terminal != "PARTIAL", frozenset())
    beginning = data[offset : offset + _KNOWN_BY].lstrip(b"\f")
    known: set[tuple[bytes, ...]] = set()
    if dated := grammar.pattern("messages", "DATE_AND_SENDER").search(beginning):
        group, _, sender = dated[0].partition(b"FM ")
        known.add((*group.split()[:3], *sender.split()))
    if page := grammar.pattern("messages", "PAGE_AND_SERIAL").match(beginning):
        known.add(tuple(page[0].split()[2:]))
    return Start(offset, end, False, frozenset(known))
