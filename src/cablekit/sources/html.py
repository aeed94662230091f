"""Pages of the Cablegate release (FORMAT.md section 18.2): one cable a page, in the forms of all mirrors.

A page has a table of one row (reference id, created, released, classification, origin), a heading with the subject and
one or two preformatted blocks: header and body, or the body alone. Links lead elsewhere in each mirror; only their
words are read. (The parser of the standard library takes time that grows with the square of what some broken pages
hold, and gives up on others; libxml2, by lxml, reads any page in linear time.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.sources.streams import read_all
from cablekit.text import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME = "html"

_COMMENT = rb"(?:<!--(?:(?!-->).){0,2000}-->\s*)?"
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?" + _COMMENT + rb"<(?:!doctype\s+)?html\b", re.I | re.S
)
_TABLE = re.compile(rb"<table\s[^>]{0,200}\bcable\b", re.I)


def recognises(head: bytes, _name: str) -> bool:
    """Tell by how web pages begin, or by the table of a page that lost its beginning."""
    return b"<" in head and bool(_BEGINNING.match(head) or _TABLE.search(head))


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give the cable of the page, or say why there is none."""
    try:
        from lxml import etree
        from lxml.html.defs import tags
    except ImportError:
        yield failure("extra", place, "is a web page", "install what reads it: pip install 'cablekit[html]'")
        return
    data = read_all(stream, limits.record)
    # (The page is decoded by the ladder that all texts are; where it says something else itself, it is often wrong.)
    page = decode(data)[0].replace("\0", "\ufffd")
    # A sign in front of no element stands for itself, where a parser would take <<name>> for one and lose the name.
    page = re.sub(rf"<(?!/?(?:{'|'.join(sorted(tags))})\b|[!?])", "&lt;", page, flags=re.I)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root: _Element | None
    try:
        root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # there is not one element; of others it gives none
        root = None
    tables = () if root is None else root.iter("table")
    table = next((table for table in tables if "cable" in table.get("class", "").split()), None)
    if root is None or table is None:
        yield failure("no-cable", place, "is a web page without the table of a cable")
        return
    blocks = [text for block in _blocks(root, table) if (text := _words(block)).strip()]
    if blocks:
        yield Record(data, place, _metadata(table), "\n".join(blocks))
    elif b"</html>" in data[-1000:].lower():
        yield failure("no-text", place, "has the table of a cable and no text", "look for the cable in another mirror")
    else:
        yield failure("truncated", place, "ends before the text of the cable", "look for the cable in another mirror")


def _blocks(root: _Element, table: _Element) -> Iterator[_Element]:
    """Give the preformatted blocks behind the table; one inside another is part of it."""
    from lxml import etree

    behind, depth = False, 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "pre")):
        if element is table:
            behind = event == "end"
        elif element.tag == "pre" and behind:
            if event == "start" and depth == 0:
                yield element
            depth += 1 if event == "start" else -1


def _metadata(table: _Element) -> Metadata:
    """Read the table, and the subject in the heading above it."""
    names = [_line(cell) for cell in _at(table, "(. | tbody)/tr/th")]
    values = [_line(cell) for cell in _at(table, "(. | tbody)/tr/td")]
    stated = dict(zip(names, values, strict=False))
    reference_id = stated.get("Reference ID", "")
    for heading in _at(table, "preceding::h3[starts-with(normalize-space(), 'Viewing cable')]"):
        stated["heading"] = _line(heading)
    _, _, title = stated.get("heading", "").partition(f"{reference_id}, ")
    return Metadata(
        reference_id=reference_id or None,
        title=title or None,
        date=_date(stated.get("Created", "")),
        released=_date(stated.get("Released", "")),
        origin=stated.get("Origin") or None,
        classification=stated.get("Classification") or None,
        stated=stated,
    )


def _at(element: _Element, path: str) -> list[_Element]:
    """Return the elements at an XPath."""
    return cast("list[_Element]", element.xpath(path))


def _words(element: _Element) -> str:
    """Return the text of an element; what is inside links and anchors counts, where they lead does not."""
    for part in list(element.iter("br")):
        part.tail = "\n" + (part.tail or "")
    return "".join(map(str, element.itertext()))


def _line(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _date(written: str) -> datetime | None:
    """Read ``2006-08-28 18:06``; it names no zone."""
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M")
    except ValueError:
        return None
