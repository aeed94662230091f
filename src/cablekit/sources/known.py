"""What a stream is that no kind reads: the failure names it where its first bytes tell."""

from __future__ import annotations

from cablekit.sources.failures import failure
from cablekit.sources.record import Failure, Provenance

_UNPACK = "unpack it and give its files"
_SAVE_AS_TEXT = "save it as text"
_SIGNS = (
    (b"Rar!\x1a\x07", "is a RAR archive", _UNPACK),
    (b"MSCF", "is a cabinet archive", _UNPACK),
    (b"\x1f\x9d", "is compressed with compress", "unpack it with uncompress"),
    (b"SQLite format 3\x00", "is an SQLite database", "give text files"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a document of an old Microsoft Office", _SAVE_AS_TEXT),
    (b"{\\rtf", "is a document in rich text format", _SAVE_AS_TEXT),
    (b"\x89PNG", "is an image", "read its text with OCR"),
    (b"\xff\xd8\xff", "is an image", "read its text with OCR"),
    (b"II*\x00", "is an image", "read its text with OCR"),
    (b"MM\x00*", "is an image", "read its text with OCR"),
    (b"GIF8", "is an image", "read its text with OCR"),
)
_DOCUMENTS = (b"[Content_Types].xml", b"mimetypeapplication/")
"""First member of the zip archives that are documents: Microsoft Office, OpenDocument and EPUB."""
_FIRST_NAME = 30
"""Where the name of the first member of a zip archive stands."""


def is_document(head: bytes) -> bool:
    """Tell a document that is a zip archive by its form only."""
    return head.startswith(b"PK\x03\x04") and head.startswith(_DOCUMENTS, _FIRST_NAME)


def unknown(head: bytes, place: Provenance) -> Failure:
    """Return the failure for what no kind recognises."""
    if is_document(head):
        return failure("unknown", place, "is a document of an office program", _SAVE_AS_TEXT)
    for sign, what, advice in _SIGNS:
        if head.startswith(sign):
            return failure("unknown", place, what, advice)
    if not head.strip(b"\0"):
        what = "holds zeros only: it is an empty tar archive, or what was in it is lost"
        return failure("unknown", place, what, "get the file again from where it came from")
    return failure("unknown", place, "is binary", "give a file with the text of a cable")
