"""PDFs with text in them: one cable, or several if the first lines of another stand on a later page.

The text is drawn page by page. A PDF of page images has none; its text must be read by other programs first.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.messages import PAGE_END, PagedMessages
from cablekit.sources.record import Failure, Provenance, Record
from cablekit.sources.streams import read_all

NAME = "pdf"

_BEGINNING_WITHIN = 1024
"""Bytes in which a PDF must begin; programs put a line or a mark before it."""


class _UnreadableError(Exception):
    """The PDF gives no text: reason, what is wrong, what to do."""

    def __init__(self, reason: str, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.advice = advice


def recognises(head: bytes, _name: str) -> bool:
    """Tell by how a PDF begins."""
    return head.find(b"%PDF-", 0, _BEGINNING_WITHIN) >= 0


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give a record for each cable, or say why there is none.

    The bytes of a record are the whole PDF where it is one cable, else the text of its pages in UTF-8: pages of a PDF
    have no bytes of their own.
    """
    # (A type 1 font or an image that pypdf wonders about is no matter for those who read cables.)
    import logging

    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    data = read_all(stream, limits.record)
    try:
        pages = _pages(data)
    except _UnreadableError as error:
        yield failure(error.reason, place, error.message, error.advice)
        return
    messages = PagedMessages()
    firsts = [number for number, text in enumerate(pages) if messages.begins_another(text.encode()) or number == 0]
    if len(firsts) == 1:
        yield Record(data, place, text=PAGE_END.join(pages))
        return
    for first, behind in zip(firsts, (*firsts[1:], len(pages)), strict=True):
        text = PAGE_END.join(pages[first:behind])
        yield Record(text.encode(), replace(place, page=first + 1), text=text)


def _pages(data: bytes) -> list[str]:
    """Draw the text of the pages, laid out as it is printed; raises `_UnreadableError`."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError
    except ImportError:
        raise _UnreadableError("extra", "is a PDF", "install what reads it: pip install 'cablekit[pdf]'") from None
    locked = _UnreadableError("encrypted", "is a PDF with a password", "save it without one, and give the result")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):  # many have a password for changes only
            raise locked
        pages = [page.extract_text(extraction_mode="layout").strip("\n") for page in reader.pages]
    except DependencyError:
        raise locked from None
    except _UnreadableError:
        raise
    except Exception as error:  # whatever a broken PDF leads pypdf to
        raise _UnreadableError(
            "damaged", f"is a PDF that cannot be read ({str(error) or type(error).__name__})"
        ) from None
    if not any(page.strip() for page in pages):
        raise _UnreadableError("no-text", f"is a PDF of {len(pages)} pages without text")
    # (Fonts can name half a character, which no encoding writes.)
    return [page.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for page in pages]
