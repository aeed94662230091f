"""Whether an archive is what it was: the file, the originals, the readings, the tables and the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive import connect, contents, ledger
from cablekit.archive.codec import Damaged
from cablekit.archive.editions import choose
from cablekit.archive.index import IndexCheck, structure
from cablekit.archive.rows import Reading, Rows, digest, tables_of
from cablekit.archive.seal import Seals, of_meta, of_values
from cablekit.archive.store import PLACE, codec, of_parser, of_provenance
from cablekit.build.parser import parser
from cablekit.errors import ArchiveError, NotACableError

if TYPE_CHECKING:
    from cablekit.archive.codec import Codec
    from cablekit.sources.record import Record

_SHOWN = 20
"""Findings of one kind that are told one by one."""


class Condition(StrEnum):
    """What a check found."""

    SOUND = "sound"
    DAMAGED = "damaged"
    NOTHING = "nothing to check"
    UNCHECKED = "not checked"


@dataclass(slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    condition: Condition = Condition.NOTHING
    checked: int = 0
    """Records, rows or tables."""
    findings: tuple[str, ...] = ()
    """What is wrong, or why it was not checked; the first few of many."""

    def sound(self, count: int = 1) -> None:
        """Count what is as it should be."""
        self.checked += count
        if self.condition is Condition.NOTHING:
            self.condition = Condition.SOUND

    def damaged(self, finding: str, count: int = 1) -> None:
        """Note what is not."""
        self.checked += count
        self.condition = Condition.DAMAGED
        if len(self.findings) < _SHOWN:
            self.findings += (finding,)

    def skip(self, reason: str) -> None:
        """Note that something could not be looked at."""
        if self.condition is not Condition.DAMAGED:
            self.condition = Condition.UNCHECKED
        if reason not in self.findings:
            self.findings += (reason,)


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found."""

    path: Path
    checks: tuple[Check, ...]

    @property
    def condition(self) -> Condition:
        """The worst of the checks; an archive without records has nothing to check."""
        found = {check.name: check.condition for check in self.checks}
        if Condition.DAMAGED in found.values():
            return Condition.DAMAGED
        if found.get("originals") is None or found.get("file") is Condition.UNCHECKED:
            return Condition.UNCHECKED
        if found["originals"] is Condition.NOTHING:
            return Condition.NOTHING
        return Condition.SOUND


def verify(path: Path, *, fast: bool = False, progress: Callable[[int, int], None] | None = None) -> Report:
    """Check an archive, changing nothing.

    Looked at are the file (SQLite's own check, the tables that an archive has), the keys, the originals (SHA-256), the
    readings (parsed again and compared, where the grammar is the one that made them), the tables (computed again from
    the readings), the choice of editions, the full-text index (computed again), and the seals of all that cannot be
    computed again. ``fast`` leaves out parsing, tables and index. ``progress`` is told how many records of how many are
    done.

    Raises `ArchiveError` when the file is there but is no archive at all, or of a newer format.
    """
    file = Check("file")
    finding = _beginning(path) or _length(path)
    if finding:
        file.damaged(finding)
        return Report(path, (file,))
    try:
        connection = connect.connect(path)
    except ArchiveError as error:
        cause = error.__cause__ or error.__context__
        blameless = getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BLAMELESS
        (file.skip if blameless else file.damaged)(error.what)
        return Report(path, (file,))
    with closing(connection):
        connection.execute("PRAGMA query_only = OFF")  # for tables of our own, outside the file
        return Report(path, tuple(_Verification(path, connection, fast, progress).checks()))


_BLAMELESS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


def _beginning(path: Path) -> str | None:
    """Say what is wrong with the first bytes of an archive; raises `ArchiveError` when the file is none."""
    is_sqlite, is_archive, _ = connect.traits(connect.head(path))
    if is_sqlite != is_archive:
        return "its first bytes are not those of an archive"
    try:
        connect.check_header(path)
    except ArchiveError as error:
        if is_archive and _stated_version(path) == str(connect.FORMAT):
            return f"{error.what}, but says otherwise inside"
        raise
    return None


def _length(path: Path) -> str | None:
    """Say how much of the end is missing: SQLite takes what is missing of the last page for zeros.

    Beside an unfinished archive lies what its writer left, and in that its last pages may stand.
    """
    if Path(f"{path}-wal").exists() or Path(f"{path}-journal").exists():
        return None
    header = connect.head(path)
    size = int.from_bytes(header[16:18], "big")
    due = (65_536 if size == 1 else size) * int.from_bytes(header[28:32], "big")
    there = path.stat().st_size
    return f"it is cut off: {due - there:,} of {due:,} bytes are missing" if there < due else None


def _stated_version(path: Path) -> str | None:
    with suppress(sqlite3.Error), closing(connect.raw(path, "ro")) as raw:
        row = raw.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()
        return str(row[0]) if row else None
    return None


class _Verification:
    """The checks of one archive, one after the other."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, fast: bool, progress: Callable[[int, int], None] | None
    ) -> None:
        self._path = path
        self._sql = connection
        self._fast = fast
        self._progress = progress
        self._seals = Seals()

    def checks(self) -> Iterator[Check]:
        """Make them."""
        yield self._guarded(Check("file"), self._check_file)
        yield self._guarded(Check("keys"), self._check_keys)
        originals, readings, tables, index = map(Check, ("originals", "readings", "tables", "index"))
        with self._damage(originals):
            self._check_records(originals, readings, tables, index)
        yield from (originals, readings, tables, index)
        yield self._guarded(Check("editions"), self._check_editions)
        yield self._guarded(Check("seals"), self._check_seals)

    def _guarded(self, check: Check, look: Callable[[Check], None]) -> Check:
        with self._damage(check):
            look(check)
        return check

    @contextmanager
    def _damage(self, check: Check) -> Iterator[None]:
        """Take for damage what SQLite takes for it, and what is not of the form that it should be."""
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BLAMELESS:
                check.skip(str(error))
            else:
                check.damaged(str(error))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            check.damaged(f"unreadable: {error}")

    def _check_file(self, check: Check) -> None:
        pragma = "quick_check" if self._fast else "integrity_check"
        for (finding,) in self._sql.execute(f"PRAGMA {pragma}({_SHOWN})"):
            check.sound() if finding == "ok" else check.damaged(finding)

    def _check_keys(self, check: Check) -> None:
        check.sound()
        for table, row, other, _ in self._sql.execute("PRAGMA foreign_key_check"):
            check.damaged(f"{table}, row {row}: refers to nothing in {other}")

    def _check_records(self, originals: Check, readings: Check, tables: Check, index: Check) -> None:
        packing = codec(self._sql)
        ids = [one for (one,) in self._sql.execute("SELECT id FROM original ORDER BY id")]
        again = None
        if self._fast:
            for check in (readings, tables, index):
                check.skip("left out because the check was to be fast")
        else:
            again = IndexCheck(self._sql)
        for done, record_id in enumerate(ids):
            if self._progress:
                self._progress(done, len(ids))
            try:
                record = self._check_original(originals, packing, record_id)
            except (Damaged, ValueError, TypeError, LookupError) as error:
                originals.damaged(f"record {record_id}: {error}")
                continue
            if record is not None and again is not None:
                with self._damage(tables):
                    self._check_reading(readings, tables, again, packing, record, record_id)
        if again is not None:
            self._check_index(index, again)

    def _check_original(self, check: Check, packing: Codec, record_id: int) -> Record | None:
        record = contents.record(self._sql, packing, record_id)
        stored, size = self._sql.execute("SELECT sha256, size FROM original WHERE id = ?", (record_id,)).fetchone()
        if record is None:
            check.damaged(f"record {record_id}: stood nowhere")
        elif sha256(record.data).digest() != stored or len(record.data) != size:
            check.damaged(f"record {record_id}: its bytes are not those of its SHA-256")
        else:
            check.sound()
            reading = contents.reading(self._sql, packing, record, record_id)
            self._seals.add("original", digest(record, reading or b""))
            if reading is not None:
                self._seals.add("parser", of_parser(stored, *contents.parser_of(self._sql, record_id)))
            return record
        return None

    def _check_reading(
        self, readings: Check, tables: Check, index: IndexCheck, packing: Codec, record: Record, record_id: int
    ) -> None:
        reading = contents.reading(self._sql, packing, record, record_id)
        place = next(contents.places(self._sql, record_id))
        if reading is None:
            if place.rejection is None:
                tables.damaged(f"record {record_id}: neither read nor rejected")
            return
        if contents.parser_of(self._sql, record_id) != parser():
            readings.skip("parsed by another version of cablekit; cablekit reparse brings the archive up to date")
        elif _parsed(record) != reading:
            readings.damaged(f"record {record_id}: parsing it again gives something else")
        else:
            readings.sound()
        computed = tables_of(record, Reading.of_json(reading))
        index.add(record_id, computed.words)
        if _comparable(contents.stored(self._sql, record_id, place)) == _comparable(computed):
            tables.sound()
        else:
            tables.damaged(f"record {record_id}: its rows are not those of its reading")

    def _check_index(self, check: Check, again: IndexCheck) -> None:
        with self._damage(check):
            finding, looked = structure(self._path)
            if finding:
                (check.damaged if looked else check.skip)(f"its structure: {finding}")
            findings = list(again.findings())
            for finding in findings:
                check.damaged(finding)
            if not findings:
                check.sound(again.cables)

    def _check_editions(self, check: Check) -> None:
        lonely = (
            "SELECT count(*), COALESCE(sum(preferred = 0), 0) FROM"
            " (SELECT max(preferred) AS preferred FROM cable GROUP BY message_id HAVING count(*) = 1)"
        )
        count, wrong = self._sql.execute(lonely).fetchone()
        if wrong:
            check.damaged(f"{wrong} messages have no edition to show", wrong)
        if count:
            check.sound(count)
        several = self._sql.execute("SELECT message_id FROM cable GROUP BY message_id HAVING count(*) > 1").fetchall()
        for (message_id,) in several:
            query = "SELECT id FROM cable WHERE message_id = ? AND preferred"
            shown = {one for (one,) in self._sql.execute(query, (message_id,))}
            if shown == choose(self._sql, message_id):
                check.sound()
            else:
                check.damaged(f"message {message_id}: another edition should be shown")

    def _check_seals(self, check: Check) -> None:
        for place in contents.places(self._sql):
            if place.record_id is None:
                sha = None
            else:
                row = self._sql.execute("SELECT sha256 FROM original WHERE id = ?", (place.record_id,)).fetchone()
                sha = row and row[0]
            rows = Rows(place.provenance, place.metadata, sha, rejection=place.rejection)
            one = of_provenance(rows, place.source)
            self._seals.add("provenance", one)
            if place.rejection:
                (known_by,) = self._sql.execute("SELECT place FROM rejected WHERE id = ?", (place.id,)).fetchone()
                if known_by != (None if sha else one[:PLACE]):
                    check.damaged(f"rejection {place.id}: not known by what it should be")
        for source, file in ledger.entries(self._sql):
            self._seals.add("ledger", ledger.digest(source, file))
        for event in self._sql.execute("SELECT at, what, detail FROM event"):
            self._seals.add("event", of_values(*event))
        for one in of_meta(self._sql):
            self._seals.add("meta", one)
        stored = {name: rest for name, *rest in self._sql.execute("SELECT name, rows, digest FROM seal")}
        for name, *computed in self._seals.written():
            if stored.pop(name, None) == computed:
                check.sound()
            else:
                check.damaged(f"{name}: not what it was")
        for name in stored:
            check.damaged(f"{name}: no such seal")


def _parsed(record: Record) -> bytes | None:
    try:
        return record.parse().model_dump_json().encode()
    except NotACableError:
        return None


def _comparable(rows: Rows) -> Rows:
    """Leave out what is not kept in tables, or checked elsewhere."""
    return rows._replace(data=b"", text=None, reading=b"", digest=b"", unread=b"", words=())
