"""An archive as its users see it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cablekit.archive import connect, contents, ledger, receipt
from cablekit.archive.codec import made_for
from cablekit.archive.lock import WriterLock
from cablekit.archive.rows import Rows, read_rows
from cablekit.archive.seal import fingerprint
from cablekit.archive.search import Facets, Hit, Searcher
from cablekit.archive.sections import joined
from cablekit.archive.store import Outcome, Store, codec
from cablekit.errors import ArchiveError
from cablekit.model import Cable
from cablekit.sources.record import Failure
from cablekit.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from cablekit.archive.compile import Sort
    from cablekit.archive.contents import Edition, Source
    from cablekit.archive.ledger import File
    from cablekit.archive.receipt import Receipt
    from cablekit.sources.record import Record

NO_SOURCE: Source = ("", "", "")


@dataclass(frozen=True, slots=True)
class Info:
    """What an archive holds, in figures."""

    format_version: int
    created: str
    cables: int
    """Records that were read."""
    messages: int
    editions: int
    """Cables that are not the preferred one of their message or section."""
    duplicates: int
    """Further places of the same bytes."""
    rejected: int
    bytes: int
    """Of all originals."""
    size: int
    """Of the file."""
    first: str | None
    """Earliest date-time group, else date; YYYY-MM-DD."""
    last: str | None
    sources: tuple[str, ...]
    parsers: tuple[str, ...]
    """Versions of cablekit that parsed the readings, with the beginning of their grammar's SHA-256."""
    fingerprint: str


class Archive:
    """An open archive file: one SQLite database with originals, fields and full text.

    Use it in a ``with`` statement, or call `close`. One process writes at a time, any number read meanwhile. What goes
    wrong with the file raises `ArchiveError`.
    """

    def __init__(self, path: Path, *, write: bool) -> None:
        """Open a file that is an archive; `open` and `create` call this."""
        self.path = path
        self._lock = WriterLock(path) if write else None
        try:
            self.connection = connect.connect(path, write=write)
            with connect.explained(path):
                self._store = Store(self.connection) if write else None
                self.codec = self._store.codec if self._store else codec(self.connection)
        except BaseException:
            if self._lock:
                self._lock.release()
            raise

    @classmethod
    def create(cls, path: str | os.PathLike[str], sample: Iterable[Record] = ()) -> Self:
        """Make an empty archive and open it for writing; raises `ArchiveError` when there is something already.

        ``sample`` is records like those that will come, the first few hundred of a dump for example: an archive packs
        better what is like them. They are not put in.
        """
        import cablekit

        connect.create(Path(path), cablekit.__version__, made_for(record.data for record in sample))
        return cls(Path(path), write=True)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, write: bool = False) -> Self:
        """Open an archive, for reading unless told otherwise."""
        return cls(Path(path), write=write)

    # ---- writing ----------------------------------------------------------------------------------------------------

    def add(self, record: Record | Failure, source: Source = NO_SOURCE) -> Outcome:
        """Parse a record and put it in; say what became of it.

        ``source`` is name, collection and note of the dump that it comes from. Records are written in batches: what
        `commit` or `close` has written is safe whatever happens then.
        """
        return self.insert(read_rows(record, self.codec), source)

    def insert(self, rows: Rows, source: Source = NO_SOURCE) -> Outcome:
        """Put in what `read_rows` made of a record, perhaps in another process."""
        return self.insert_all([rows], source)[0]

    def insert_all(self, batch: Iterable[Rows], source: Source = NO_SOURCE) -> list[Outcome]:
        """Put in what `read_rows` made of some records: so they go in faster than one by one."""
        with connect.explained(self.path):
            return self._writer().insert(batch, source)

    def standing(self, record: Record | Failure, source: Source) -> Outcome | None:
        """Tell how a record stands that is here from this place, archived or rejected; none: it is not.

        It is not parsed. Its place and its SHA-256 are looked at, of a failure its reason too.
        """
        if isinstance(record, Failure):
            rows = read_rows(record)
        else:
            rows = Rows(record.provenance, None, bytes.fromhex(record.sha256))
        with connect.explained(self.path):
            return self._writer().standing(rows, source)

    def finished(self, source: Source, file: File) -> None:
        """Write down that all records of a file of a source are here."""
        with connect.explained(self.path):
            self._writer().finished(source, file)

    def settle(self, source: Source, path: str) -> None:
        """Forget what could not be had of a file before, and was not met again when it was read now."""
        with connect.explained(self.path):
            self._writer().settle(source, path)

    def file(self, source: Source, path: str, way: str) -> File | None:
        """Return what was written down of a file that was read in this way; none if that was not to its end."""
        with connect.explained(self.path):
            return ledger.find(self.connection, source, path, way)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was put in yet."""
        with connect.explained(self.path):
            return self.connection.execute("SELECT 1 FROM provenance").fetchone() is None

    def note(self, what: str, at: int | None = None, **detail: object) -> None:
        """Write down an event; ``at`` is seconds since 1970, now if none."""
        with connect.explained(self.path):
            self._writer().note(what, at, **detail)

    def commit(self) -> None:
        """Write what was put in since the last time."""
        with connect.explained(self.path):
            self._writer().commit()

    def optimise(self) -> None:
        """Bring the full-text index into its final form, which makes searches quicker."""
        with connect.explained(self.path):
            self._writer().optimise()

    def close(self) -> None:
        """Write what is not yet written, and leave one file."""
        try:
            if self._store is not None:
                with connect.explained(self.path):
                    self._store.commit()
                    self._store.finish()
        finally:
            # What could not be written is in nobody's way.
            self.connection.close()
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        """Give the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it. What an error left of a batch is whole records, so it is written too."""
        if error is None:
            self.close()
        else:
            with suppress(ArchiveError):
                self.close()

    def _writer(self) -> Store:
        if self._store is None:
            raise ArchiveError(str(self.path), "is open for reading only", "open it with write=True")
        return self._store

    # ---- reading ----------------------------------------------------------------------------------------------------

    def get(self, mrn: str) -> Cable | None:
        """Return the cable with this MRN, or none: the preferred edition; sections in separate records are joined.

        ``08BISHKEK94``, ``2008 Bishkek 94``, the identifier under which it was published, and the number of a record
        will do. Raises `ArchiveError` when several messages share the number.
        """
        chosen = self.chosen(mrn)
        if len(chosen) == 1:
            return Cable.model_validate_json(self.json(chosen[0]))
        lengths = [len(self.source([record_id])) for record_id in chosen]
        return joined([self.json(record_id) for record_id in chosen], lengths) if chosen else None

    def chosen(self, mrn: str) -> tuple[int, ...]:
        """Return the numbers of the records that `get` shows: one, or those of the sections in order."""
        if mrn.strip().isdecimal():
            with connect.explained(self.path):
                row = self.connection.execute("SELECT id FROM cable WHERE id = ?", (mrn,)).fetchone()
            return row or ()
        return tuple(edition.id for edition in self.editions(mrn) if edition.preferred)

    def source(self, records: Iterable[int]) -> str:
        """Return the text that was read, of several records one after the other; spans count its characters."""
        found = map(self.record, records)
        return "\n".join(read_text(one.data if one.text is None else one.text).source for one in found)

    def editions(self, mrn: str) -> tuple[Edition, ...]:
        """Return all records of a message, by section, the preferred one first; as `get` finds it."""
        with connect.explained(self.path):
            return contents.find(self.connection, mrn)

    def original(self, mrn: str) -> bytes:
        """Return the original bytes of what `get` finds.

        Raises `ArchiveError` when it is not here, or when its sections are records of their own.
        """
        chosen = self.chosen(mrn)
        if len(chosen) == 1:
            return self.record(chosen[0]).data
        if chosen:
            numbers = ", ".join(map(str, chosen))
            raise ArchiveError(mrn, f"is {len(chosen)} sections in records of their own", f"give one: {numbers}")
        raise _absent(mrn)

    def record(self, record_id: int) -> Record:
        """Return a record as its source gave it; raises `ArchiveError` when there is none with this number."""
        with connect.explained(self.path):
            found = contents.record(self.connection, self.codec, record_id)
        if found is None:
            raise _absent(f"record {record_id}")
        return found

    def records(self, limit: int = -1) -> Iterator[Record]:
        """Give the records in the order in which they came, rejected ones too; no more than ``limit``."""
        ids = self.connection.execute("SELECT id FROM original ORDER BY id LIMIT ?", (limit,)).fetchall()
        return (self.record(record_id) for (record_id,) in ids)

    def json(self, record_id: int) -> str:
        """Return the JSON of the cable that was read from a record, as `Cable.model_dump_json` wrote it."""
        record = self.record(record_id)
        with connect.explained(self.path):
            found = contents.reading(self.connection, self.codec, record, record_id)
        if found is None:
            raise ArchiveError(f"record {record_id}", "was rejected", "cablekit info counts them, its bytes are here")
        return found.decode()

    def sources(self) -> tuple[Source, ...]:
        """Return name, collection and note of all dumps that something is from."""
        with connect.explained(self.path):
            return tuple(self.connection.execute("SELECT name, collection, note FROM source ORDER BY id"))

    def places(self, record_id: int) -> tuple[contents.Place, ...]:
        """Return where the bytes of a record stood."""
        with connect.explained(self.path):
            return tuple(contents.places(self.connection, record_id))

    def rejected(self, number: int | None = None) -> Iterator[contents.Place]:
        """Give where the rejected records stood, with the reason; all, or the one of this number (`Place.id`)."""
        with connect.explained(self.path):
            yield from contents.rejected(self.connection, number)

    def size_of(self, record_id: int) -> tuple[int, str]:
        """Return the number of bytes of a record, and their SHA-256 in hexadecimal digits."""
        query = "SELECT size, lower(hex(sha256)) FROM original WHERE id = ?"
        with connect.explained(self.path):
            size, sha256 = self.connection.execute(query, (record_id,)).fetchone()
            return size, sha256

    # ---- searching (docs/search.md) ---------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        sort: Sort | None = None,
        editions: bool = False,
        snippets: bool = True,
    ) -> Iterator[Hit]:
        """Return the cables that a query finds, one after the other; raises `QueryError` at once.

        ``sort`` is ``rank`` (best first, where the query asks for words), ``date``, ``-date`` (newest first) or
        ``mrn``. Of each cable the preferred edition is searched; with ``editions``, every one is. Without ``snippets``
        hits tell neither words nor paragraphs, and come faster.
        """
        hits = self._searcher.search(query, limit=limit, offset=offset, sort=sort, editions=editions, snippets=snippets)
        return self._explaining(hits)

    def count(self, query: str | None = None, *, editions: bool = False) -> int:
        """Return how many cables a query finds; without one, how many there are, all editions of all messages."""
        with connect.explained(self.path):
            if query is None:
                return int(self.connection.execute("SELECT count(*) FROM cable").fetchone()[0])
            return self._searcher.count(query, editions=editions)

    def facets(self, query: str = "", *, editions: bool = False) -> Facets:
        """Count what a query finds by year, post, classification, TAG and caption; without one, everything.

        Commonest values come first, years in order. Cables without a value count as ``none``.
        """
        with connect.explained(self.path):
            return self._searcher.facets(query, editions=editions)

    def receipt(self, query: str, *, sort: Sort | None = None, editions: bool = False) -> Receipt:
        """Return what a paper can cite: the query, this archive's fingerprint, number and hash of all hits."""
        with connect.explained(self.path):
            return receipt.of(self._searcher, self.fingerprint, query, sort=sort, editions=editions)

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(self.connection, self.codec)

    def _explaining(self, hits: Iterator[Hit]) -> Iterator[Hit]:
        with connect.explained(self.path):
            yield from hits

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content: the same for the same records, whatever the order in which they came."""
        with connect.explained(self.path):
            return fingerprint(self.connection)

    def info(self) -> Info:
        """Return what the archive holds, in figures."""
        with connect.explained(self.path):
            figures = self.connection.cursor()
            figures.row_factory = sqlite3.Row
            one = figures.execute(_FIGURES).fetchone()
            sources = self.connection.execute("SELECT name FROM source WHERE name != '' ORDER BY id")
            parsers = contents.parsers(self.connection)
            return Info(
                **dict(one),
                format_version=connect.FORMAT,
                size=self.path.stat().st_size,
                sources=tuple(name for (name,) in sources),
                parsers=tuple(f"{version} (grammar {grammar[:12]})" for version, _, grammar in parsers),
                fingerprint=fingerprint(self.connection),
            )


_FIGURES = """
    SELECT
        (SELECT value FROM meta WHERE key = 'created') AS created,
        (SELECT count(*) FROM cable) AS cables,
        (SELECT count(*) FROM message) AS messages,
        (SELECT count(*) FROM cable WHERE preferred = 0) AS editions,
        (SELECT count(*) FROM provenance) - (SELECT count(*) FROM cable)
            - (SELECT count(*) FROM rejected) AS duplicates,
        (SELECT count(*) FROM rejected) AS rejected,
        (SELECT COALESCE(sum(size), 0) FROM original) AS bytes,
        (SELECT date(min(date), 'unixepoch') FROM cable WHERE preferred) AS first,
        (SELECT date(max(date), 'unixepoch') FROM cable WHERE preferred) AS last
"""


def _absent(what: str) -> ArchiveError:
    return ArchiveError(what, "is not in the archive", "search for it: cablekit search")
