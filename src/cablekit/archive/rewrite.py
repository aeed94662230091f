"""Archives from archives: merged, parsed again, or brought to the present format.

Each makes a new file and, where it replaces one, moves it into place when it is whole. So an interruption leaves what
was there, and readers of the old file are not disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive import connect, contents, differences, ledger
from cablekit.archive.archive import Archive
from cablekit.archive.lock import WriterLock
from cablekit.archive.rows import NOT_A_CABLE, Reading, Rows, digest, read_rows, rejected_rows, rows_of_reading, spoken
from cablekit.archive.seal import Seals, of_meta
from cablekit.archive.shards import ShardNote, check, notes
from cablekit.archive.store import Outcome
from cablekit.build.parser import parser
from cablekit.errors import ArchiveError

if TYPE_CHECKING:
    import sqlite3

    from cablekit.archive.contents import Place
    from cablekit.archive.differences import Difference
    from cablekit.sources.record import Record

Progress = Callable[[int, int], None]
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is read otherwise than before."""

    record_id: int
    name: str
    """Its MRN, else where it stood."""
    differences: tuple[Difference, ...]
    """Empty when it was rejected before, or is now."""
    verdict: str = "changed"
    """``changed``, ``now read`` or ``now rejected``."""


@dataclass(slots=True)
class Reparsed:
    """What `reparse` did."""

    unchanged: int = 0
    changed: int = 0
    is_replaced: bool = False
    """Whether the archive was written anew."""


def merge(
    paths: Iterable[Path], output: Path, progress: Progress | None = None, *, partial: bool = False
) -> Counter[Outcome]:
    """Make one archive of several, in their order; return what became of the records.

    Of shards (``cablekit convert --shard``) all must be there, of the same sources, with all records, unless
    ``partial`` takes what is there. Raises `ArchiveError`; then there is no output.
    """
    given = list(paths)
    are_shards = _check_shards(given, partial) and not partial
    outcomes: Counter[Outcome] = Counter()
    with _new(output, given[0]) as target:
        for path in given:
            with Archive.open(path) as source:
                for place, rows in _rows(source, _as_read(source, target), progress):
                    outcomes[target.insert(rows, place.source)] += 1
                _copy_history(source, target)
        if are_shards and outcomes[Outcome.SKIPPED]:
            what = f"{outcomes[Outcome.SKIPPED]:,} records are in several of the shards"
            raise ArchiveError(str(output), what, "make the shards anew, of the same sources")
        target.note("merged", archives=[path.name for path in given], records=dict(outcomes))
        target.optimise()
    return outcomes


def _check_shards(paths: Iterable[Path], partial: bool) -> bool:
    """Tell whether archives are shards; raises `ArchiveError` unless they are all that there are."""
    shards: list[tuple[Path, list[ShardNote]]] = []
    for path in paths:
        with Archive.open(path) as archive:
            shards.append((path, list(notes(archive.connection))))
    if not partial:
        check(shards)
    return all(said for _, said in shards)


def reparse(
    path: Path, changed: Callable[[Change], None] = lambda _: None, progress: Progress | None = None
) -> Reparsed:
    """Parse all records of an archive again, with this cablekit; tell ``changed`` of each that is read otherwise.

    The archive is written anew when something is read otherwise or its readings are of another cablekit, and left
    alone otherwise. Raises `ArchiveError`; then the archive is as it was.
    """
    result = Reparsed()
    lock = WriterLock(path)
    try:
        with _new(path, path, replaces=True) as target, Archive.open(path) as source:
            stale = any(versions != parser() for versions in contents.parsers(source.connection))
            again = _Again(source, target, result, changed)
            for place, rows in _rows(source, again.read, progress):
                target.insert(rows, place.source)
            _copy_history(source, target)
            if not result.changed and not stale:
                raise _NothingNew
            target.note("parsed again", changed=result.changed, unchanged=result.unchanged)
            target.optimise()
    except _NothingNew:
        return result
    finally:
        lock.release()
    result.is_replaced = True
    return result


class _NothingNew(Exception):
    """The new file would say what the old one says."""


class _Again:
    """Parses the records of an archive again and compares."""

    def __init__(self, source: Archive, target: Archive, result: Reparsed, changed: Callable[[Change], None]) -> None:
        self._source = source
        self._codec = target.codec
        self._result = result
        self._changed = changed

    def read(self, record: Record, place: Place, record_id: int) -> Rows:
        if place.rejection and place.rejection[0] != NOT_A_CABLE:
            self._result.unchanged += 1
            return rejected_rows(record, *place.rejection, self._codec)
        rows = read_rows(record, self._codec)
        before = contents.reading(self._source.connection, self._source.codec, record, record_id)
        if rows.digest == digest(record, before or b""):
            self._result.unchanged += 1
            return rows
        self._result.changed += 1
        after = self._codec.unpack_reading(rows.reading, spoken(record)) if rows.reading else None
        if before is None or after is None:
            change = Change(record_id, str(place.provenance), (), "now read" if after else "now rejected")
        else:
            old, new = json.loads(before), json.loads(after)
            name = rows.cable.number.mrn if rows.cable and rows.cable.number else str(place.provenance)
            change = Change(record_id, name, tuple(differences.fields(old, new)))
        self._changed(change)
        return rows


def upgrade(path: Path) -> tuple[int, int]:
    """Bring an archive of an older format to the present one; return both versions, which are equal if it is present.

    Raises `ArchiveError`; then the archive is as it was.
    """
    is_sqlite, is_archive, version = connect.traits(connect.head(path))
    if not is_sqlite or not is_archive or version > connect.FORMAT:
        connect.check_header(path)
    if version == connect.FORMAT:
        return version, version
    lock = WriterLock(path)
    beside = _beside(path)
    try:
        with connect.explained(path):
            shutil.copyfile(path, beside)
            with closing(connect.raw(beside)) as connection:
                _apply(path, connection, version)
        Archive.open(beside).close()
        beside.replace(path)
    except OSError as error:
        raise ArchiveError(
            str(path), f"cannot be brought up to date ({error.strerror})", "make room beside it"
        ) from None
    finally:
        _remove(beside)
        lock.release()
    return version, connect.FORMAT


STEPS: Mapping[int, str] = {}
"""SQL that leads from a format version to the next one."""


def _apply(path: Path, connection: sqlite3.Connection, version: int) -> None:
    """Take all steps from a version on, in one transaction."""
    for step in range(version, connect.FORMAT):
        if step not in STEPS:
            raise ArchiveError(
                str(path), f"is of format version {step}, which no cablekit ever wrote", "get the file again"
            )
    connection.executescript(f"BEGIN; {' '.join(STEPS[step] for step in range(version, connect.FORMAT))}")
    connection.execute(f"PRAGMA user_version = {connect.FORMAT}")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format_version'", (str(connect.FORMAT),))
    seals = Seals()
    seals.load(connection)
    seals.clear("meta")
    for one in of_meta(connection):
        seals.add("meta", one)
    seals.save(connection)
    connection.execute("COMMIT")


@contextmanager
def _new(output: Path, like: Path, *, replaces: bool = False) -> Iterator[Archive]:
    """Make an archive beside its place, and move it there when all went well."""
    if output.exists() and not replaces:
        raise ArchiveError(str(output), "is there already", "give another name")
    beside = _beside(output)
    with Archive.open(like) as source:
        archive = Archive.create(beside, source.records(_SAMPLE))
    try:
        with archive:
            yield archive
        beside.replace(output)
    except OSError as error:
        raise ArchiveError(str(output), f"cannot be written ({error.strerror})", "check its folder") from None
    finally:
        _remove(beside)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def _remove(beside: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        beside.with_name(beside.name + suffix).unlink(missing_ok=True)


def _rows(
    source: Archive, read: Callable[[Record, Place, int], Rows], progress: Progress | None
) -> Iterator[tuple[Place, Rows]]:
    """Give the rows of all records in the order in which they came, for each place where they stood."""
    total = source.connection.execute("SELECT count(*) FROM provenance").fetchone()[0]
    newest = 0
    for done, place in enumerate(contents.places(source.connection)):
        if progress:
            progress(done, total)
        if place.record_id is None:
            yield place, Rows(place.provenance, place.metadata, rejection=place.rejection)
        elif place.record_id > newest:
            newest = place.record_id
            yield place, read(source.record(newest), place, newest)
        else:
            sha256 = bytes.fromhex(source.record(place.record_id).sha256)
            yield place, Rows(place.provenance, place.metadata, sha256, rejection=place.rejection)


def _as_read(source: Archive, target: Archive) -> Callable[[Record, Place, int], Rows]:
    """Take the readings as they are."""

    def read(record: Record, place: Place, record_id: int) -> Rows:
        if place.rejection:
            return rejected_rows(record, *place.rejection, target.codec)
        rows = rows_of_reading(record, Reading.of_json(source.json(record_id).encode()), target.codec)
        return rows._replace(parser=contents.parser_of(source.connection, record_id))

    return read


def _copy_history(source: Archive, target: Archive) -> None:
    """Copy which files were read to their end, and the events."""
    for of, file in ledger.entries(source.connection):
        target.finished(of, file)
    for at, what, detail in source.connection.execute("SELECT at, what, detail FROM event ORDER BY id"):
        target.note(what, at, **json.loads(detail))
