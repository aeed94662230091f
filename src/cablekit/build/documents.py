"""Document numbers of 1973-79 to message reference numbers (FORMAT.md section 14.7)."""

from __future__ import annotations

from typing import Any

from cablekit import grammar
from cablekit.build.reading import Part, Reading
from cablekit.model import Mrn
from cablekit.vocabulary import documents
from cablekit.vocabulary.table import squeeze


def build_document(part: Part | None, reading: Reading) -> tuple[Mrn | None, tuple[Mrn, ...]]:
    """Read the attribute ``Document Number: 1976CARACA12453``; also its other readings.

    The post is cut, and its first letter may be lost; where more than one post fits, the likeliest is read and the
    others are candidates. What has not the form of a number is none, with diagnostic CK106.
    """
    if part is None:
        return None, ()
    written = part.text.partition(":")[2].strip()
    start = part.start + part.text.index(written, part.text.index(":"))
    end = start + len(written)
    try:
        tokens = grammar.tokens(grammar.read("copy_head", written, "document_number"))
    except grammar.Unreadable:
        reading.diagnose("CK106", start, end, f"Document Number is no number of a telegram: {written}")
        return None, ()
    year, post, serial = (token.strip() for token in tokens)
    keys = documents.find(post)
    if not keys:
        keys = documents.with_first_letter(post)
        at = start + len(year)
        if len(keys) == 1:
            reading.repair("post-first-letter", at, at + len(post), keys[0])
        else:
            reading.diagnose("CK105", at, at + len(post), f"{post} is in no list of posts")
            keys = keys or (squeeze(post),)
    fields: dict[str, Any] = {
        "year": int(year),
        "year_source": "written",
        "source": "attributes",
        "serial": int(serial),
        "as_written": written,
        "span": reading.span(start, end),
    }
    first, *others = (Mrn.model_construct(post=key, **fields) for key in keys)
    return first, tuple(others)
