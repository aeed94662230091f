"""Sources, cut into batches: what a worker gets at a time, and what is written together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cablekit.sources.record import Record

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.sources.record import Failure

Place = str | os.PathLike[str] | BinaryIO
"""A source as users give it."""

BYTES = 1_000_000
"""Of the records of a batch, about."""
RECORDS = 300
"""In a batch, at most."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source, as it was before it was read."""

    path: str
    """Below the source, as in `Provenance.path`."""
    size: int
    changed: int
    """When it was written to last: nanoseconds since 1970."""
    sha256: bytes = b""
    """Of its bytes; empty where nobody needs it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one source, in its order. It can be pickled."""

    number: int
    """From 1."""
    source: Source
    items: tuple[Record | Failure, ...]
    skipped: int = 0
    """Records that are known already and so are not among the items."""
    finished: tuple[tuple[File, int], ...] = ()
    """Files that end in this batch, each with the number of its records."""


def batches(items: Iterable[Record | Failure], source: Source, first: int = 1) -> Iterator[Batch]:
    """Cut the items of a source into batches, numbered from ``first``."""
    held: list[Record | Failure] = []
    size = 0
    for item in items:
        held.append(item)
        size += len(item.data) if isinstance(item, Record) else 0
        if size >= BYTES or len(held) >= RECORDS:
            yield Batch(first, source, tuple(held))
            first += 1
            held, size = [], 0
    if held:
        yield Batch(first, source, tuple(held))
