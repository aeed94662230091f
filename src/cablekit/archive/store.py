"""Writing an archive: rows of records go in, in batches that are there whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from contextlib import suppress
from enum import StrEnum
from functools import cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from cablekit.archive import ledger
from cablekit.archive.codec import Codec
from cablekit.archive.columns import COLUMNS
from cablekit.archive.contents import places, rejected
from cablekit.archive.editions import prefer
from cablekit.archive.rows import Rows
from cablekit.archive.seal import Seals, of_values
from cablekit.build.parser import parser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cablekit.archive.columns import Number, Values
    from cablekit.archive.contents import Source
    from cablekit.archive.ledger import File

BATCH = 32_000_000
"""Bytes of records that are written in one transaction."""
PLACE = 8
"""Bytes of a digest by which a place without a record is known again."""
_MERGED = 4_000
"""Pages of the index that one step of merging it writes, about."""
_NAMES = 20_000
"""Names of each kind that are remembered."""


class Outcome(StrEnum):
    """What became of a record."""

    ARCHIVED = "archived"
    EDITION = "edition"
    """Archived beside another record of the same message: another edition of it, or another section."""
    DUPLICATE = "duplicate"
    """The same bytes are here already; the second place is noted."""
    SKIPPED = "skipped"
    """The same bytes from the same place are here already; nothing was done."""
    REJECTED = "rejected"
    """Not a cable, or not to be had; kept with the reason."""


_SAME_PLACE = """
    SELECT 1 FROM provenance JOIN file ON file.id = file_id
    WHERE original_id = ? AND source_id = ? AND path = ? AND members = ? AND kind = ?
        AND "row" IS ? AND page IS ? AND start IS ? AND "end" IS ?
"""
# Places where nothing could be had when writing began, and still was not met again.
_FAILURES = """
    CREATE TEMP TABLE failure AS SELECT rejected.id, source_id, path, place
        FROM main.rejected JOIN main.provenance USING (id) JOIN main.file ON file.id = file_id
        WHERE place IS NOT NULL;
    CREATE INDEX temp.failure_by_place ON failure (place);
    CREATE INDEX temp.failure_by_path ON failure (source_id, path);
"""
_SAME_BYTES = "SELECT 1 FROM ledger WHERE source_id = ? AND path = ? AND sha256 = ?"
_SOURCE = ("name", "collection", "note")
_SOURCE_IS = "name = ? AND collection = ? AND note = ?"


def codec(connection: sqlite3.Connection) -> Codec:
    """Return the codec that an archive was made with."""
    return Codec(**dict(connection.execute("SELECT name, data FROM dictionary")))


class Store:
    """The writing side of an open archive. Batches begin by themselves; `commit` ends one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write through a connection that nothing else writes through."""
        self._sql = connection
        self.codec = codec(connection)
        self._names: defaultdict[str, dict[Any, int]] = defaultdict(dict)
        self._held: defaultdict[str, list[Values]] = defaultdict(list)
        """Rows by table that nothing here looks at, so that they can be written together."""
        self._last_file: tuple[Values, int] = ((), 0)
        self._pending = 0
        self._seals = Seals()
        self._seals.load(connection)
        connection.executescript(_FAILURES)

    def insert(self, batch: Iterable[Rows], source: Source = ("", "", "")) -> list[Outcome]:
        """Write the rows of some records; ``source`` is name, collection and note of the dump."""
        self._begin()
        outcomes = []
        try:
            for rows in batch:
                outcomes.append(self._insert(rows, source))
                self._pending += rows.size
            self._write_held()
        except BaseException:
            self.rollback()
            raise
        if self._pending >= BATCH:
            self.commit()
        return outcomes

    def commit(self) -> None:
        """End the batch."""
        if self._sql.in_transaction:
            try:
                self._seals.save(self._sql)
                self._sql.execute("COMMIT")
            except BaseException:
                self.rollback()
                raise
        self._pending = 0

    def rollback(self) -> None:
        """Forget the batch: the archive is as of the last commit."""
        if self._sql.in_transaction:
            self._sql.execute("ROLLBACK")
        self._pending = 0
        self._names.clear()
        self._held.clear()
        self._last_file = ((), 0)
        self._seals.load(self._sql)

    def finished(self, source: Source, file: File) -> None:
        """Write down that all records of a file are here, with the last of them or after it.

        What could not be had of it when it was another file is forgotten.
        """
        self._begin()
        if known := ledger.find(self._sql, source, file.path, file.way):
            self._seals.subtract("ledger", ledger.digest(source, known))
        values = file.path, file.way, file.size, file.changed, file.sha256, file.records, file.rejected
        source_id = self._name("source", _SOURCE, source)
        if not self._one(_SAME_BYTES, source_id, file.path, file.sha256):
            self.settle(source, file.path)
        self._sql.execute(
            f"INSERT OR REPLACE INTO ledger VALUES (?, {', '.join('?' * len(values))})", (source_id, *values)
        )
        self._seals.add("ledger", ledger.digest(source, file))

    def settle(self, source: Source, path: str) -> None:
        """Forget the failures of a file that were here before and were not met again."""
        source_id = self._one(f"SELECT id FROM source WHERE {_SOURCE_IS}", *source)
        stale = self._sql.execute("SELECT id FROM temp.failure WHERE source_id = ? AND path = ?", (source_id, path))
        ids = [place_id for (place_id,) in stale]
        if ids:
            self._begin()
        for place_id in ids:
            (place,) = rejected(self._sql, place_id)
            rows = Rows(place.provenance, place.metadata, rejection=place.rejection)
            self._seals.subtract("provenance", of_provenance(rows, source))
            for table in ("rejected", "provenance", "temp.failure"):
                self._sql.execute(f"DELETE FROM {table} WHERE id = ?", (place_id,))
        if ids:
            self.note("replaced", source=source[0], path=path, failures=len(ids))

    def standing(self, rows: Rows, source: Source) -> Outcome | None:
        """Tell how a record stands that is here from this place, archived or rejected; none: it is not here from there.

        Its place and its SHA-256 are looked at, of a failure its reason too.
        """
        source_id = self._one(f"SELECT id FROM source WHERE {_SOURCE_IS}", *source)
        if source_id is None:
            return None
        known, _, is_same_place = self._find(rows, source, _where(rows, source_id))
        if not is_same_place:
            return None
        is_read = known is not None and self._one("SELECT 1 FROM cable WHERE id = ?", known)
        return Outcome.ARCHIVED if is_read else Outcome.REJECTED

    def note(self, what: str, at: int | None = None, **detail: Any) -> None:
        """Write down an event, of now unless told otherwise; never of before the last one, whatever the clock says."""
        self._begin()
        if at is None:
            at = max(int(time.time()), self._one("SELECT max(at) FROM event") or 0)
        event = at, what, json.dumps(detail, ensure_ascii=False)
        self._put("event", None, *event)
        self._seals.add("event", of_values(*event))

    def optimise(self) -> None:
        """Merge the full-text index into one piece, by and by, so that no step needs much room or memory."""
        self.commit()
        # A negative number begins a merge of everything; each step writes about so many pages of the index.
        for pages in chain((-_MERGED,), repeat(_MERGED)):
            before = self._sql.total_changes
            self._sql.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
            if self._sql.total_changes - before < 2:
                break

    def finish(self) -> None:
        """Leave one file that needs no others; readers who are at it now may put that off until the next writer."""
        # `execute` would stop after the first page.
        self._sql.executescript("PRAGMA incremental_vacuum")
        self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with suppress(sqlite3.OperationalError):
            self._sql.execute("PRAGMA journal_mode = DELETE")

    def _begin(self) -> None:
        if not self._sql.in_transaction:
            self._sql.execute("BEGIN IMMEDIATE")

    def _insert(self, rows: Rows, source: Source) -> Outcome:
        where = _where(rows, self._name("source", _SOURCE, source))
        known, place, is_same_place = self._find(rows, source, where)
        is_accepted = known is not None and rows.cable is not None and self._accept(known, rows)
        if is_same_place and not is_accepted:
            return Outcome.SKIPPED
        original_id = known
        if known is None and rows.sha256:
            original_id = self._put("original", None, rows.sha256, rows.size, rows.data, rows.text)
            self._seals.add("original", rows.digest)
        if not is_same_place:
            file_id = self._file(where)
            provenance_id = self._put("provenance", None, original_id, file_id, *_spot(rows), rows.metadata)
            self._seals.add("provenance", of_provenance(rows, source))
            if rows.rejection:
                self._put("rejected", provenance_id, *rows.rejection, place)
        if rows.rejection:
            return Outcome.REJECTED
        if original_id is None or (known is not None and not is_accepted):
            return Outcome.DUPLICATE
        return self._insert_cable(original_id, rows)

    def _find(self, rows: Rows, source: Source, where: Values) -> tuple[int | None, bytes | None, bool]:
        """Return the number of a record; what the place of a failure is known by; and if it is here from this place."""
        known: int | None = self._one(
            "SELECT id FROM original WHERE substr(sha256, 1, 8) = ? AND sha256 = ?",
            (rows.sha256 or b"")[:8],
            rows.sha256,
        )
        if rows.sha256:
            return known, None, known is not None and bool(self._one(_SAME_PLACE, known, *where, *_spot(rows)))
        place = of_provenance(rows, source)[:PLACE]
        self._sql.execute("DELETE FROM temp.failure WHERE place = ?", (place,))
        return known, place, bool(self._one("SELECT 1 FROM rejected WHERE place = ?", place))

    def _accept(self, record_id: int, rows: Rows) -> bool:
        """Make ready for the reading of a record that was rejected so far; tell whether it was.

        A reading says where its record stood, so it must be of the record's first place.
        """
        known = list(places(self._sql, record_id))
        is_read = self._one("SELECT 1 FROM reading WHERE id = ?", record_id)
        if is_read or (known[0].provenance, known[0].metadata) != (rows.provenance, rows.metadata):
            return False
        for place in known:
            if place.rejection:
                as_it_was = Rows(place.provenance, place.metadata, rows.sha256, rejection=place.rejection)
                self._seals.subtract("provenance", of_provenance(as_it_was, place.source))
                self._seals.add("provenance", of_provenance(as_it_was._replace(rejection=None), place.source))
                self._sql.execute("DELETE FROM rejected WHERE id = ?", (place.id,))
        self._seals.subtract("original", rows.unread)
        self._seals.add("original", rows.digest)
        return True

    def _insert_cable(self, cable_id: int, rows: Rows) -> Outcome:
        assert rows.cable is not None
        number_id = self._number(rows.cable.number)
        message = number_id, rows.mark
        message_id = self._one("SELECT id FROM message WHERE number_id IS ? AND mark = ?", *message)
        is_first = message_id is None
        if is_first:
            message_id = self._put("message", None, *message)
        self._put(
            "cable",
            *(cable_id, message_id, int(is_first), number_id, self._post(rows.cable.post)),
            *rows.cable[2:],
        )
        versions = rows.parser or parser()
        parser_id = self._name("parser", ("cablekit_version", "schema_version", "grammar"), versions)
        self._put("reading", cable_id, parser_id, rows.reading)
        self._seals.add("parser", of_parser(rows.sha256 or b"", *versions))
        self._hold("paragraph", cable_id, rows.paragraphs)
        known = self._names["addressee"]
        addressees = [(known.get((name,)) or self._addressee(name, post), role) for name, post, role in rows.addressees]
        self._hold("cable_addressee", cable_id, addressees)
        known = self._names["tag"]
        tags = [(known.get(tag[:3]) or self._tag(*tag[:3]), tag[3]) for tag in rows.tags]
        self._hold("cable_tag", cable_id, tags)
        captions = [(self._name("caption", ("name",), (name,)), count) for name, count in rows.captions]
        self._hold("cable_caption", cable_id, captions)
        references = [(kind, letter, self._number(number), text) for kind, letter, number, text in rows.references]
        self._hold("reference", cable_id, references)
        self._hold("diagnostic", cable_id, rows.diagnostics)
        self._hold("repair", cable_id, rows.repairs)
        self._held[_WORDS].append((cable_id, *rows.words))
        if is_first:
            return Outcome.ARCHIVED
        prefer(self._sql, message_id)
        return Outcome.EDITION

    def _file(self, file: Values) -> int:
        """Return the id of a file; records come file by file, so one that was not the last is taken to be new."""
        if self._last_file[0] != file:
            self._last_file = file, self._put("file", None, *file)
        return self._last_file[1]

    def _post(self, name: str | None) -> int | None:
        return None if name is None else self._name("post", ("name",), (name,))

    def _addressee(self, name: str, post: str | None) -> int:
        return self._name("addressee", ("name", "post_id"), (name,), self._post(post))

    def _tag(self, *tag: str) -> int:
        return self._name("tag", ("code", "kind", "name"), tag)

    def _number(self, number: Number | None) -> int | None:
        if number is None:
            return None
        columns = ("mrn", "year", "serial", "post_id")
        return self._name("number", columns, (number.mrn, number.year, number.serial), self._post(number.post))

    def _name(self, table: str, columns: tuple[str, ...], key: Values, *beside: Any) -> int:
        """Return the id of a name, which is new if need be.

        ``key`` is what the first columns must hold, ``beside`` what goes into the others of a new one.
        """
        known = self._names[table]
        if (found := known.get(key)) is not None:
            return found
        if len(known) >= _NAMES:
            known.clear()
        where = " AND ".join(f"{column} IS ?" for column, _ in zip(columns, key, strict=False))
        found = self._one(f"SELECT id FROM {table} WHERE {where}", *key)
        known[key] = found = found or self._put(f"{table} ({', '.join(columns)})", *key, *beside)
        return found

    def _one(self, query: str, *values: Any) -> Any:
        row = self._sql.execute(query, values).fetchone()
        return row and row[0]

    def _put(self, table: str, *values: Any) -> int:
        return self._sql.execute(_insertion(table, len(values)), values).lastrowid or 0

    def _hold(self, table: str, cable_id: int, rows: Iterable[Values]) -> None:
        """Have rows of a list written by and by."""
        held = self._held[table]
        held += [(cable_id, position, *row) for position, row in enumerate(rows)]

    def _write_held(self) -> None:
        for table, rows in self._held.items():
            if rows:
                self._sql.executemany(_insertion(table, len(rows[0])), rows)
                rows.clear()


_WORDS = f"words(rowid, {', '.join(COLUMNS)})"


def _where(rows: Rows, source_id: int) -> Values:
    """Return the columns of table ``file`` for a record."""
    stood = rows.provenance
    return source_id, stood.path, json.dumps(stood.members, ensure_ascii=False), stood.kind


def _spot(rows: Rows) -> Values:
    """Return the columns of table ``provenance`` that say where in its file a record stood."""
    stood = rows.provenance
    return stood.row, stood.page, stood.start, stood.end


def of_provenance(rows: Rows, source: Source) -> bytes:
    """Return the digest of where a record stood."""
    place = rows.provenance
    return of_values(
        rows.sha256 and rows.sha256.hex(),
        *source,
        *(place.path, *place.members, place.kind, place.row, place.page, place.start, place.end),
        rows.metadata,
        rows.rejection,
    )


def of_parser(record: bytes, *version: str) -> bytes:
    """Return the digest of what parsed a record."""
    return of_values(record.hex(), *version)


@cache
def _insertion(table: str, width: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"
