"""PDFs made by hand, as small as they can be: pages of lines in one font."""

from __future__ import annotations

from collections.abc import Iterable

_LINES = 58
"""Lines on a page."""


def paginate(text: str) -> list[list[str]]:
    """Cut a text into pages of lines."""
    lines = text.splitlines()
    return [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]


def make_pdf(pages: Iterable[Iterable[str]]) -> bytes:
    """Write pages of lines as a PDF; an empty page has no text, as the image of a page has none."""
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    kids: list[str] = []
    for lines in pages:
        drawn = b"".join(b"(%s) Tj T*\n" % _escaped(line) if line.strip() else b"T*\n" for line in lines)
        content = b"BT /F1 9 Tf 12 TL 50 760 Td\n%sET" % drawn
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(page.encode())
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return _file(objects)


def _escaped(line: str) -> bytes:
    line = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return line.encode("cp1252", "replace")


def _file(objects: list[bytes]) -> bytes:
    written = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer
