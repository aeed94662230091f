"""Which files of a source were read to their end: what a conversion need not read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cablekit.archive.seal import of_values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from cablekit.archive.contents import Source


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source, as it was when it was read."""

    path: str
    """Below the source, as `Provenance.path`."""
    way: str
    """How it was read: with other options, other records may be found."""
    size: int
    changed: int
    """When it was written to last: nanoseconds since 1970."""
    sha256: bytes = b""
    """Of its bytes."""
    records: int = 0
    """That it gave, and places where none could be had."""
    rejected: int = 0
    """Of these."""


_QUERY = """
    SELECT name, collection, note, path, way, size, changed, sha256, records, rejected
    FROM ledger JOIN source ON source.id = source_id
"""
_ONE = f"{_QUERY} WHERE name = ? AND collection = ? AND note = ? AND path = ? AND way = ?"


def find(connection: sqlite3.Connection, source: Source, path: str, way: str) -> File | None:
    """Return a file that was read to its end in this way; none if it was not."""
    row = connection.execute(_ONE, (*source, path, way)).fetchone()
    return row and File(*row[3:])


def entries(connection: sqlite3.Connection) -> Iterator[tuple[Source, File]]:
    """Give all files."""
    for name, collection, note, *file in connection.execute(f"{_QUERY} ORDER BY source_id, path, way"):
        yield (name, collection, note), File(*file)


def digest(source: Source, file: File) -> bytes:
    """Return the digest of an entry."""
    numbers = file.size, file.changed, file.sha256.hex(), file.records, file.rejected
    return of_values(*source, file.path, file.way, *numbers)
