"""What the codes of a cable stand for: tables with the source of each fact, and look-ups.

Each module here stands for one table. A table is read at its first use; importing costs nothing.
"""

from __future__ import annotations

from cablekit.vocabulary import (
    attributes,
    captions,
    classifications,
    collectives,
    documents,
    eo_codes,
    orders,
    posts,
    precedences,
    stamps,
    tags,
)

__all__ = [
    "attributes",
    "captions",
    "classifications",
    "collectives",
    "documents",
    "eo_codes",
    "orders",
    "posts",
    "precedences",
    "stamps",
    "tags",
]
