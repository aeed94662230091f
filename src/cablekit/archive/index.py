"""Whether the full-text index holds the words of the cables: each in its column and at its place, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from cablekit.archive.columns import COLUMNS
from cablekit.archive.connect import objects, raw

if TYPE_CHECKING:
    from pathlib import Path

_AT_ONCE = 16_000_000
"""Characters that are indexed again in memory at a time."""
_MODULUS = 2**64
_COLUMN = {name: at for at, name in enumerate(COLUMNS)}
_INSERT = f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"


class IndexCheck:
    """Indexes the words again, some at a time, and compares sums over all of them with those of the archive."""

    def __init__(self, archive: sqlite3.Connection) -> None:
        """Begin; every cable must be added."""
        self._archive = archive
        self._again = sqlite3.connect(":memory:", isolation_level=None)
        self._again.execute(objects()["words"][2] or "")
        for connection in (archive, self._again):
            connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab (main, words, instance)")
        self._size = 0
        self.cables = 0
        self._sum = 0
        self._totals: list[int] = []
        self._other_lengths: list[int] = []

    def add(self, cable_id: int, words: tuple[str, ...]) -> None:
        """Take the words of a cable, by column."""
        self._again.execute(_INSERT, (cable_id, *words))
        self.cables += 1
        self._size += sum(map(len, words))
        if self._size >= _AT_ONCE:
            self._reckon()

    def findings(self) -> Iterator[str]:
        """Say what differs, once all cables are added."""
        self._reckon()
        self._again.close()
        yield from (f"record {cable_id}: other number of words" for cable_id in self._other_lengths[:5])
        count = self._archive.execute("SELECT count(*) FROM words_docsize").fetchone()[0]
        if count != self.cables:
            yield f"{count} cables are in it instead of {self.cables}"
        if _sum(self._archive) != self._sum:
            yield "other words, or words in other places, than in the cables"
        if self.cables and _totals(self._archive) != self._totals:
            yield "other totals of words than in the cables"

    def _reckon(self) -> None:
        """Add up what is indexed again, and forget it."""
        if not self._size:
            return
        self._sum = (self._sum + _sum(self._again)) % _MODULUS
        totals = _totals(self._again)
        self._totals = [a + b for a, b in zip(self._totals or [0] * len(totals), totals, strict=True)]
        for cable_id, lengths in self._again.execute("SELECT id, sz FROM words_docsize"):
            stored = self._archive.execute("SELECT sz FROM words_docsize WHERE id = ?", (cable_id,)).fetchone()
            if stored != (lengths,):
                self._other_lengths.append(cable_id)
        self._again.execute("INSERT INTO words (words) VALUES ('delete-all')")
        self._size = 0


def structure(path: Path) -> tuple[str, bool]:
    """Let FTS5 check its own structure; return what is wrong, and whether it could look at all.

    FTS5 wants to be written to for that, although it changes nothing.
    """
    try:
        connection = raw(path)
    except sqlite3.Error as error:
        return str(error), False
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        is_broken = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
        return str(error), is_broken
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()
    return "", True


def _sum(connection: sqlite3.Connection) -> int:
    """Add up a number for every word in every place; the order does not matter."""
    total = 0
    instances = connection.execute("SELECT term, doc, col, offset FROM temp.instances")
    for term, places in groupby(instances, key=itemgetter(0)):
        weight = int.from_bytes(sha256(term.encode("utf-8", "surrogatepass")).digest()[:8])
        here = 0
        for _, doc, column, offset in places:
            place = doc * 1_000_003 + _COLUMN[column] * 100_000_007 + offset
            here += place * (place % 65_521)
        total += weight * here
    return total % _MODULUS


def _totals(connection: sqlite3.Connection) -> list[int]:
    """Return the number of cables and of words in each column that FTS5 reckons with: varints in its first record."""
    row = connection.execute("SELECT block FROM words_data WHERE id = 1").fetchone()
    numbers, number = [], 0
    for byte in row[0] if row else b"":
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers
