"""Digests of what nothing else in the file vouches for, kept as sums: adding a record adds to them.

The sum does not hang on the order of the records nor on their keys, so it is also the fingerprint by which archives of
equal content are known.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

NAMES: Final = ("original", "parser", "provenance", "ledger", "event", "meta")
_MODULUS: Final = 2**256


class Seals:
    """Number of rows and sum of their digests, for each of `NAMES`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sums = dict.fromkeys(NAMES, (0, 0))

    def add(self, name: str, digest: bytes) -> None:
        """Count a row in."""
        rows, total = self.sums[name]
        self.sums[name] = rows + 1, (total + int.from_bytes(digest)) % _MODULUS

    def subtract(self, name: str, digest: bytes) -> None:
        """Count a row out."""
        rows, total = self.sums[name]
        self.sums[name] = rows - 1, (total - int.from_bytes(digest)) % _MODULUS

    def clear(self, name: str) -> None:
        """Forget all rows of one kind."""
        self.sums[name] = 0, 0

    def load(self, connection: sqlite3.Connection) -> None:
        """Go on from what stands in an archive."""
        for name, rows, digest in connection.execute("SELECT name, rows, digest FROM seal"):
            self.sums[name] = rows, int(digest, 16)

    def save(self, connection: sqlite3.Connection) -> None:
        """Write them into the archive."""
        connection.executemany("INSERT OR REPLACE INTO seal VALUES (?, ?, ?)", self.written())

    def written(self) -> Iterator[tuple[str, int, str]]:
        """Give the rows of table ``seal``."""
        for name, (rows, total) in self.sums.items():
            yield name, rows, f"{total:064x}"


def of_values(*values: Any) -> bytes:
    """Return the digest of a row of plain values."""
    return sha256(_write(values).encode()).digest()


_write = json.JSONEncoder(separators=(",", ":")).encode


def of_meta(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Give the digests of the tables that say what the file is."""
    for table in ("meta", "dictionary", "level", "kind"):
        for row in connection.execute(f"SELECT * FROM {table}"):
            yield of_values(table, *(value.hex() if isinstance(value, bytes) else value for value in row))


def fingerprint(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of what the archive holds: bytes, readings, where they stood, what was rejected and why."""
    rows = connection.execute(
        "SELECT name || ' ' || rows || ' ' || digest FROM seal WHERE name IN ('original', 'provenance') ORDER BY name"
    )
    return sha256("\n".join(line for (line,) in rows).encode()).hexdigest()
