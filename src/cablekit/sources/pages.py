"""Page texts: a JSON line before each document and each page, a line of signs between pages.

So come texts that were read from page images, or drawn from pages of the web. These lines are container, not cable. A
document is one cable, unless the first lines of another stand on a later page (see `cablekit.sources.messages`); then a
record begins with that page. Pages without first lines go on with the cable before, those above the first belong to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.messages import PAGE_END, PagedMessages
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.sources.streams import at_once
from cablekit.text import decode

NAME = "pages"

_SEPARATOR = re.compile(rb"===== (?:PAGE (\d{1,6})|DOCUMENT) =====\s*")
_MARKED = re.compile(rb"\n[{=][^\n]*+")
"""A line that may be one of the container."""
# The number of a document of 1973-79 in the name of its file: plusd-1976STATE000001_b.html
_DOCUMENT_NUMBER = re.compile(r"(?<![0-9A-Za-z])19[67]\d[A-Z]{2,10}\d{5,6}(?![0-9])")


_OF_A_DOCUMENT = frozenset({"schema", "source_file", "source_url"})
_LINE = 1 << 16
"""Bytes that are read at once; a longer line is none of the container."""


@dataclass(slots=True)
class _Page:
    """A page with the lines of the container above it."""

    begin: int
    end: int
    number: int | None = None
    document: dict[str, Any] | None = None
    """What is said of the document, on its first page."""
    lines: list[bytes] = field(default_factory=list)
    """All that stands there; nothing when it is too much."""
    text: list[bytes] = field(default_factory=list)
    """What is no container."""


def recognises(head: bytes, _name: str) -> bool:
    """Tell by the JSON line of a document or page, with a separator or text behind it."""
    if head.find(b"{", 0, 16) < 0:
        return False
    first, *others = head.split(b"\n", 20)
    said = _said(first)
    if said is None:
        return False
    behind = [line for line in others if line.strip()]
    if isinstance(said.get("page"), int):
        return bool(behind) and _said(behind[0]) is None
    return any(_SEPARATOR.fullmatch(line) for line in behind)


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give a record for each message; a failure for a document without text, and for a message above the limit."""
    messages = PagedMessages()
    document: dict[str, Any] = {}
    held: list[_Page] = []
    for page in _pages(stream, limits.record):
        if page.document is not None:
            messages = PagedMessages()
        another = messages.begins_another(b"".join(page.text)) or page.document is not None
        if another and held:
            yield _item(held, document, place, limits)
            held.clear()
        if page.document is not None:
            document = page.document
        held.append(page)
        if page.end - held[0].begin > limits.record:
            for one in held:
                one.lines.clear()
                one.text.clear()
    yield _item(held, document, place, limits, last=True)


def _item(
    pages: list[_Page], document: dict[str, Any], place: Provenance, limits: Limits, last: bool = False
) -> Record | Failure:
    begin, end = pages[0].begin, pages[-1].end
    here = replace(place, page=pages[0].number)
    if begin > 0 or not last:
        here = replace(here, start=begin, end=end)
    if end - begin > limits.record:
        return failure("too-large", here, f"a message is larger than {limits.record:,} bytes")
    texts = [b"".join(page.text).rstrip(b"\r\n") for page in pages]
    if not any(text.strip() for text in texts):
        return failure("no-text", here, "is a document without text")
    data = b"".join(line for page in pages for line in page.lines)
    return Record(data, here, _metadata(document), PAGE_END.join(decode(text)[0] for text in texts))


def _pages(stream: BinaryIO, limit: int) -> Iterator[_Page]:
    """Give the pages, at least one; the lines of a page that alone is too large are let go."""
    page = _Page(0, 0)
    for piece in _pieces(stream):
        said = _said(piece)
        separator = _SEPARATOR.fullmatch(piece)
        if said is None and separator is None:
            page.text.append(piece)
        else:
            opens = said is not None and "page" not in said
            if (opens and page.end > 0) or any(map(bytes.strip, page.text)):
                yield page
                page = _Page(page.end, page.end)
            page.text.clear()  # (blank lines)
            page.document = said if opens else page.document
            page.number = said["page"] if said and not opens else page.number
            if separator and separator[1]:
                page.number = int(separator[1])
        page.lines.append(piece)
        page.end += len(piece)
        if page.end - page.begin > limit:
            page.text.clear()
            page.lines.clear()
    yield page


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Cut the stream into the lines that may be of the container, and what stands between them."""
    read = at_once(stream)
    held = b""
    while more := read(_LINE):
        held += more
        whole = held.rfind(b"\n") + 1
        if not whole and len(held) < _LINE:
            continue
        whole = whole or len(held)
        yield from _cut(held[:whole])
        held = held[whole:]
    yield from _cut(held)


def _cut(lines: bytes) -> Iterator[bytes]:
    done = 0
    for found in _MARKED.finditer(b"\n" + lines):
        start, end = found.start(), found.end()  # (behind the line, by the sign that was put in front)
        if done < start:
            yield lines[done:start]
        yield lines[start:end]
        done = end
    if done < len(lines):
        yield lines[done:]


def _said(line: bytes) -> dict[str, Any] | None:
    """Read what a line says of a page or a document; none for any other line."""
    if not line.startswith(b"{"):
        return None
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    if "page" in said:
        return said if isinstance(said["page"], int) else None
    return said if _OF_A_DOCUMENT & said.keys() else None


def _metadata(document: dict[str, Any]) -> Metadata:
    """Take what is said of the document; that of its pages is about how they were read."""
    stated = {name: value if isinstance(value, str) else json.dumps(value) for name, value in document.items()}
    numbers = {found[0] for value in stated.values() for found in _DOCUMENT_NUMBER.finditer(value)}
    return Metadata(reference_id=numbers.pop() if len(numbers) == 1 else None, title=stated.get("title"), stated=stated)
