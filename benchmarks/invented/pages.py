"""Cables read from page images: message-system copies (layout E; FORMAT.md 16) and released pages (F; 17)."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from itertools import pairwise
from typing import Any

from invented import wire
from invented.parts import Invented, Source, wrap
from invented.words import TIED

_PAGE = 2400
"""Signs of a page."""
_PAGE_LINE = re.compile(r"\n?^[A-Z ]+ +\d{8} +\d{3}(?:\.\d)? OF \d{3} *\n?", re.MULTILINE)


def make_smart(source: Source, layout: str, when: datetime) -> Invented:
    """Make a copy whose labels and values stand in separate runs, as they are read from a page."""
    cable = wire.make(source, "B", when)
    _plain(cable, capitals=when.year < 2002)
    truth = cable.truth
    place = cable.mrn.place
    level = truth["classification"]
    action = "; ".join(", ".join(reversed(one["name"].split(" ", 1))) + " ROUTINE" for one in truth["action"][:2])
    for before, one in pairwise(truth["refs"]):
        if one["text"].isdecimal():  # the archive writes the post of every reference
            one["text"] = f"{before['text'].rpartition(' ')[0]} {one['text']}"
    values = {
        "MRN:": f"{cable.mrn.year % 100:02d} {place.city} {cable.mrn.serial}",
        "Date/DTG:": f"{when:%b %d, %Y} / {when:%d%H%M}Z {when:%b %y}",
        "From:": place.designator,
        "Action:": action,
        "E.O.:": str(truth["eo"]["number"]) if level != "UNCLASSIFIED" else "Unknown",
        "TAGS:": ", ".join(truth["tags"]),
        "Captions:": ", ".join(truth["captions"]),
        "Reference:": "\n".join(f"{chr(65 + at)}) {one['text']}" for at, one in enumerate(truth["refs"])) or "n/a",
        "Subject:": truth["subject"],
    }
    values = {label: value for label, value in values.items() if value}
    front = [
        "UNCLASSIFIED",
        *values,
        *(line for value in values.values() for part in value.split("\n") for line in wrap(part, 70)),
        "UNCLASSIFIED",
    ]
    for at, one in enumerate(truth["refs"]):
        one["letter"] = chr(65 + at)
    foot = ["Released in Full", "US Department of State", "2/25/2026", "UNCLASSIFIED", "Page {page} of {pages}"]
    return _paged(cable, layout, front, "UNCLASSIFIED", foot)


def make_foia(source: Source, layout: str, when: datetime) -> Invented:
    """Make a released copy with case and document number on each page and letters read wrongly."""
    cable = wire.make(source, "D", when)
    _plain(cable, capitals=True)
    if when.year < 1973:
        del cable.labels["eo"], cable.labels["tags"]
        cable.truth |= {"eo": None, "tags": []}
    else:
        cable.labels["eo"] = "E.O. 12065: N/A"
        cable.truth["eo"] = {"number": 12065, "declassify_on": None}
    random = source.random
    case = f"F-2016-{int(random() * 99_999):05d}"
    document = f"C{int(random() * 99_999_999):08d}"
    stamp = f"UNCLASSIFIED U.S. Department of State Case No. {case} Doc No. {document} Date: 07/31/2017"
    decision = source.pick(("RELEASE IN FULL", "RELEASE IN PART\nB6", "RELEASE IN PART\nB1, 1.4(D)"))
    cable.truth |= {"case": case, "document number": document, "decision": decision.split("\n")[0]}
    return _paged(cable, layout, decision.split("\n"), stamp, [stamp])


def _plain(cable: Invented, capitals: bool) -> None:
    """Take away what the time did not know: the publisher's sign, long lines, small letters, SIPDIS before 2005.

    Pages have heads of their own, and no blank lines that would part ruled headings and unnumbered text from the rest.
    """
    numbered = [one for one in cable.truth["paragraphs"] if one[0]]
    left_out = "-(" if numbered else "-"
    blocks = [_PAGE_LINE.sub(" ", block).replace("¶", "") for block in cable.blocks if block[0] not in left_out]
    blocks = [re.sub(r"^(\d+)\)", r"\1.", " ".join(block.split())) for block in blocks]
    cable.blocks = ["\n".join(wrap(block, 66)) for block in blocks if block]
    cable.truth["paragraphs"] = numbered or cable.truth["paragraphs"]
    cable.labels = {name: part.replace("¶", "") for name, part in cable.labels.items()}
    if cable.when.year < 2005:
        cable.truth["captions"] = [one for one in cable.truth["captions"] if one != "SIPDIS"]
        cable.labels["captions"] = "\n".join(cable.truth["captions"])
        cable.labels = {name: part for name, part in cable.labels.items() if part}
    if capitals:
        cable.blocks = [block.upper() for block in cable.blocks]
        for one in cable.truth["paragraphs"]:
            one[2] = one[2].upper()
        cable.truth["signature"] = cable.truth["signature"] and cable.truth["signature"].upper()


def _paged(cable: Invented, layout: str, front: list[str], head: str, foot: list[str]) -> Invented:
    """Cut the text into pages, each behind its JSON line."""
    text = "\n".join((cable.head(), *cable.labels.values(), *cable.blocks)).replace(TIED, " ")
    lines = text.split("\n")
    pages: list[list[str]] = [[*front]]
    size = 0
    for line in lines:
        if size > _PAGE:
            pages[-1] += foot
            pages.append([head])
            size = 0
        pages[-1].append(line)
        size += len(line) + 1
    pages[-1] += foot
    name = f"{str(cable.mrn).lower()}.pdf"
    record: dict[str, Any] = {
        "collection": "Invented pages",
        "created_utc": "2026-01-01T00:00:00Z",
        "dpi": 600,
        "engine": "none",
        "engine_mode": "ocr",
        "pages": len(pages),
        "schema": "invented-pages/v1",
        "source_file": name,
        "source_sha256": hashlib.sha256(name.encode()).hexdigest(),
    }
    out = [json.dumps(record), ""]
    for number, page in enumerate(pages, 1):
        body = "\n".join(page).replace("{page}", str(number)).replace("{pages}", str(len(pages)))
        out += [
            f"===== PAGE {number} =====",
            json.dumps({"alpha_words": body.count(" "), "chars": len(body), "method": "ocr", "page": number}),
            body,
            "",
        ]
    cable.layout = layout
    cable.truth |= {"layout": layout, "family": "pages"}
    cable.header = {"pages": "\n".join(out)}
    cable.labels, cable.blocks = {}, []
    return cable
