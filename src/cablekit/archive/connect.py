"""Archive files: making them, and opening them without trusting what stands in them."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from cablekit.archive.codec import Codec, Damaged
from cablekit.archive.seal import Seals, of_meta
from cablekit.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPLICATION_ID: Final = 0x4361626C
FORMAT: Final = 1
"""Version of the archive format; user_version of the file."""
MAGIC: Final = b"SQLite format 3\x00"
PAGE: Final = 32_768
"""Large pages: a reading and an original fill a small one by halves."""
_WAIT: Final = 5.0
"""Seconds to wait for another connection of the same archive."""


def create(path: Path, version: str, codec: Codec) -> None:
    """Make an empty archive; raises `ArchiveError` when there is something already.

    It is made beside its place and moved there whole, so nobody ever finds half of it.
    """
    if path.exists():
        raise ArchiveError(str(path), "is there already", "open it, or give another name")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with explained(path), closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            _fill(connection, version, codec)
        beside.rename(path)
    except OSError as error:
        raise ArchiveError(str(path), f"cannot be made ({error.strerror})", "check its folder") from None
    finally:
        beside.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, version: str, codec: Codec) -> None:
    """Make the tables, and what they hold from the beginning."""
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.executescript(
        f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};{_schema()}"
    )
    connection.executemany("INSERT INTO dictionary VALUES (?, ?)", [("text", codec.text), ("json", codec.json)])
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [("format_version", str(FORMAT)), ("cablekit_version", version), ("created", created)],
    )
    seals = Seals()
    for digest in of_meta(connection):
        seals.add("meta", digest)
    seals.save(connection)
    connection.execute("COMMIT")


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open an archive; raises `ArchiveError` when the file is none, is of another version, or cannot be opened."""
    check_header(path)
    with explained(path):
        try:
            return _connected(path, write)
        except sqlite3.OperationalError as error:
            if write or getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_READONLY:
                raise
        # A writer was killed at a moment that leaves work to whoever comes next, and a reader may not do it.
        with closing(raw(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema")
        return _connected(path, write)


def _connected(path: Path, write: bool) -> sqlite3.Connection:
    connection = raw(path, "rw" if write else "ro")
    try:
        _check_schema(path, connection)
        for pragma in _WRITING if write else ("query_only = ON",):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


_WRITING = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "cache_size = -64000",
    "foreign_keys = OFF",  # a writer has just looked up or made what its rows refer to, a hundred times a cable
)


def raw(path: Path, mode: Literal["ro", "rw"] = "rw") -> sqlite3.Connection:
    """Open a file that may be an archive, with what keeps a hostile one from doing more than giving wrong answers.

    Extensions are never loaded. Raises `sqlite3.Error`.
    """
    where = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(where, uri=True, isolation_level=None, timeout=_WAIT)
    try:
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "foreign_keys = ON", "cache_size = -16000"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def head(path: Path) -> bytes:
    """Return the first bytes of a file; raises `ArchiveError` when there are none to be had."""
    try:
        with path.open("rb") as file:
            first = file.read(100)
    except FileNotFoundError:
        raise ArchiveError(str(path), "no such file", "check the path") from None
    except IsADirectoryError:
        raise ArchiveError(str(path), "is a folder", "give an archive, made with cablekit convert") from None
    except OSError as error:
        raise ArchiveError(str(path), f"cannot be read ({error.strerror})", "check its permissions") from None
    if not first:
        raise ArchiveError(str(path), "is empty", "get the file again from where it came from")
    return first


def traits(first: bytes) -> tuple[bool, bool, int]:
    """Tell of the first bytes of a file whether they are of SQLite, whether of an archive, and the format version."""
    return first.startswith(MAGIC), int.from_bytes(first[68:72]) == APPLICATION_ID, int.from_bytes(first[60:64])


def check_header(path: Path) -> None:
    """Look at the first bytes of a file; raises `ArchiveError` when it is no archive that this cablekit reads."""
    is_sqlite, is_archive, version = traits(head(path))
    if not is_sqlite or not is_archive:
        raise ArchiveError(str(path), "is not an archive of cablekit", "make one with cablekit convert SOURCE -o FILE")
    if version > FORMAT:
        what = f"is of format version {version}, this cablekit reads up to version {FORMAT}"
        raise ArchiveError(str(path), what, "use a newer cablekit")
    if version < FORMAT:
        what = f"is of format version {version}, this cablekit works with version {FORMAT}"
        raise ArchiveError(str(path), what, f"bring it up to date: cablekit upgrade {path}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and zlib report about an archive into an `ArchiveError`."""
    try:
        yield
    except (Damaged, UnicodeDecodeError) as error:
        raise ArchiveError(str(path), f"is damaged ({error})", f"see what is: cablekit verify {path}") from None
    except sqlite3.Error as error:
        what, advice = _EXPLAINED.get(
            getattr(error, "sqlite_errorcode", 0) & 0xFF, ("cannot be used", "check the file")
        )
        raise ArchiveError(str(path), f"{what} ({error})", advice) from None


_FULL = "has no room; it is as of the last commit", "make room and run the command again"
_LOCKED = "is in use by another program", "try again later"
_BROKEN = "is damaged", "see what is: cablekit verify"
_EXPLAINED = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: ("cannot be read or written; it is as of the last commit", _FULL[1]),
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
    sqlite3.SQLITE_READONLY: ("may not be written", "check its permissions"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check the permissions of the file and of its folder"),
}


@cache
def _schema() -> str:
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


@cache
def objects() -> Mapping[str, tuple[str, str, str | None]]:
    """Return the tables, indexes and views that an archive has by name: kind, table that it belongs to, SQL."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_schema())
        return _objects(connection)


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str, str | None]]:
    rows = connection.execute("SELECT name, type, tbl_name, sql FROM sqlite_schema")
    return {name: (kind, table, sql) for name, kind, table, sql in rows}


def _check_schema(path: Path, connection: sqlite3.Connection) -> None:
    """Make sure that our names stand for what we mean by them, and that writing sets nothing else off."""
    found = _objects(connection)
    has_triggers = any(kind == "trigger" for kind, _, _ in found.values())
    if has_triggers or any(found.get(name) != known for name, known in objects().items()):
        raise ArchiveError(
            str(path), "has tables other than those of an archive", "get the file again from where it came from"
        )
