"""Parts: Parquet files of cablekit's own, a row for each record of a dump (``docs/parquet.md``).

A part of records has what `cablekit.read` gave; a part of readings also what each record was read as. Either gives back
the records as the dump gave them, with the place where they stood there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, BinaryIO

from cablekit.build.parser import parser
from cablekit.sources.failures import StreamError
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Metadata, ParsedRecord, Provenance, Record
from cablekit.sources.streams import explain, jumping

NAME = "parquet"

FORMAT = 1
"""Version of the columns and of what stands in the file's metadata."""
KEY = b"cablekit"
"""Of the file's metadata: what cablekit says of the part."""
LARGE = ("data", "text", "reading")
"""Columns that hardly ever have a value twice: they are never written as a dictionary."""

_MAGIC = b"PAR1"
_TYPES = {
    "source": "string",
    "collection": "string",
    "note": "string",
    "path": "string",
    "members": "list",
    "kind": "string",
    "row": "int64",
    "page": "int64",
    "start": "int64",
    "end": "int64",
    "metadata": "string",
    "sha256": "string",
    "size": "int64",
    "data": "binary",
    "text": "binary",
    "reason": "string",
    "message": "string",
    "advice": "string",
    "reading": "string",
    "seconds": "float64",
    "mrn": "string",
    "year": "int32",
    "post": "string",
    "date": "timestamp",
    "date_source": "string",
    "layout": "string",
    "classification": "string",
    "precedence": "string",
    "subject": "string",
    "tags": "list",
    "captions": "list",
    "originator": "string",
    "action": "list",
    "info": "list",
    "signed": "string",
    "diagnostics": "list",
    "paragraphs": "int32",
    "characters": "int32",
}
"""Type of each column; lists are lists of strings, a timestamp is in seconds of UTC."""
_ITEM = tuple(_TYPES)[: tuple(_TYPES).index("seconds")]
"""The columns that make a record; those behind are for people."""
_MEMBERS = _ITEM.index("members")
_GROUP = 64 << 20
"""Bytes that a row group may have beside eight times those of the largest record: bytes, text and reading of it."""
_BATCH = 16
"""Rows that are decoded at a time."""

Source = tuple[str, str, str]
"""Name, collection and note of a dump."""
_NOBODY: Source = ("", "", "")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a part says of itself, in its metadata."""

    parser: tuple[str, str, str] | None
    """Versions of cablekit and of the JSON and SHA-256 of the grammar that read it; none in a part of records."""
    rows: int = 0
    records: str = ""
    """SHA-256 over the places and the SHA-256 of all rows, in order: a part of readings has that of its records."""
    last: bool = False
    """Whether it is the last part of a conversion that came to its end."""
    format: int = FORMAT
    shard: Mapping[str, Any] | None = None
    """In the last part of a shard: which it is, and how many records there are in it and in the whole."""

    def as_json(self) -> str:
        """Write it; what only shards have is left out elsewhere, so that older versions read it."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "shard" or value})


Key = tuple[Any, ...]


def key(source: Source, item: Record | Failure) -> Key:
    """Return what an item is known by again: where it stood, and what it was."""
    place = item.provenance
    what = item.sha256 if isinstance(item, Record) else item.reason
    return (*source, place.path, place.members, place.kind, place.row, place.page, place.start, place.end, what)


class Tally:
    """Counts rows and makes the digest of `Facts.records`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rows = 0
        self._digest = sha256()

    def add(self, source: Source, item: Record | Failure) -> None:
        """Count a row."""
        self.rows += 1
        self._digest.update(json.dumps(key(source, item)).encode() + b"\n")

    @property
    def records(self) -> str:
        """The digest so far."""
        return self._digest.hexdigest()


@cache
def schema() -> Any:
    """Return the Arrow schema of a part."""
    arrow = library("pyarrow")
    types = {
        "list": arrow.list_(arrow.string()),
        "timestamp": arrow.timestamp("s", "UTC"),
        **{name: getattr(arrow, name)() for name in ("string", "binary", "int32", "int64", "float64")},
    }
    return arrow.schema([(name, types[kind]) for name, kind in _TYPES.items()])


def library(name: str) -> Any:
    """Import pyarrow, or a module of it; raises `StreamError` where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise StreamError(
            "extra", "is a Parquet file", "install what reads and writes it: pip install 'cablekit[parquet]'"
        ) from None


def recognises(head: bytes, _name: str) -> bool:
    """Tell by the sign at the beginning."""
    return head.startswith(_MAGIC)


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give the records and failures of a part as its dump gave them, and a failure for each stretch that is damaged."""
    try:
        part = Part(jumping(stream, limits), limits)
    except StreamError as error:
        yield error.at(place)
        return
    for _, item in part.items(place):
        yield item


class Part:
    """A part that is open for reading, row group by row group."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        """Read what it says of itself; raises `StreamError` when it is none, or not whole."""
        parquet = library("pyarrow.parquet")
        self._limits = limits
        self._file = _opened(parquet, stream)
        self.facts = _facts(self._file)

    def keys(self) -> Iterator[Key]:
        """Give the `key` of each row, without reading what is large; raises `StreamError`."""
        columns = [*_ITEM[:10], "sha256", "reason"]
        try:
            for batch in self._file.iter_batches(1000, columns=columns, use_threads=False):
                for row in batch.to_pylist():
                    *place, digest, reason = row.values()
                    place[_MEMBERS] = tuple(place[_MEMBERS])
                    yield (*place, digest or reason)
        except Exception as error:
            raise explain(error) from None

    def items(
        self, place: Provenance | None = None, *, by_row: bool = False
    ) -> Iterator[tuple[Source, Record | Failure]]:
        """Give each row with the source that it names.

        What is damaged gives a failure, whose place is ``place``, that of the part; without one, raises `StreamError`.
        Rows that are damaged together give one failure, or one each ``by_row``.
        """
        parsed = self.facts.parser == parser()
        first = 1
        for group in range(self._file.num_row_groups):
            count = self._file.metadata.row_group(group).num_rows
            done = 0
            try:
                self._check(group)
                batches = self._file.iter_batches(_BATCH, row_groups=[group], columns=list(_ITEM), use_threads=False)
                for row in (row for batch in batches for row in batch.to_pylist()):
                    try:
                        found = _source(row), _item(row, parsed, self._limits)
                    except StreamError as error:
                        yield _NOBODY, _damaged(error, place, first + done, first + done)
                    else:
                        yield found
                    done += 1
            except Exception as error:  # whatever pyarrow makes of hostile bytes
                last = first + count - 1
                for row in range(first + done, last + 1) if by_row else (first + done,):
                    yield _NOBODY, _damaged(explain(error), place, row, row if by_row else last)
            first += count

    def _check(self, group: int) -> None:
        """Raise `StreamError` for a row group that could ask for more memory than a part of ours ever does.

        (What the file says of single columns is not looked at: where it is damaged, pyarrow ends the process.)
        """
        if self._file.metadata.row_group(group).total_byte_size > 8 * self._limits.record + _GROUP:
            raise StreamError("too-large", "have more bytes than a row group of a part has")


def _opened(parquet: Any, stream: BinaryIO) -> Any:
    """Open a Parquet file."""
    try:
        end = stream.seek(-len(_MAGIC), 2)
        is_whole = end > 0 and stream.read(len(_MAGIC)) == _MAGIC
        stream.seek(0)
        if not is_whole:
            raise StreamError("truncated", "is a Parquet file without its end")
        return parquet.ParquetFile(stream, page_checksum_verification=True)
    except Exception as error:
        raise explain(error) from None


def _facts(file: Any) -> Facts:
    """Return what a part says of itself; raises `StreamError` where it is none that can be read."""
    said = (file.metadata.metadata or {}).get(KEY)
    try:
        fields = json.loads(said or "")
        found = Facts(**{**fields, "parser": fields["parser"] and tuple(fields["parser"])})
    except (ValueError, TypeError, KeyError):
        raise StreamError(
            "unknown", "is a Parquet file, but no part of cablekit", "make parts with cablekit convert --to parquet"
        ) from None
    if found.format != FORMAT:
        what = f"is a part of format version {found.format}, this cablekit reads version {FORMAT}"
        raise StreamError("unsupported", what, "make it again from its source, or use the cablekit that made it")
    missing = [name for name in _ITEM if name not in file.schema_arrow.names]
    if missing or any(file.schema_arrow.field(name).type != schema().field(name).type for name in _ITEM):
        raise StreamError("damaged", f"does not have the columns of a part ({', '.join(missing) or 'other types'})")
    if found.rows != file.metadata.num_rows:
        raise StreamError("damaged", f"has {file.metadata.num_rows:,} rows, and says that it has {found.rows:,}")
    return found


def _damaged(error: StreamError, place: Provenance | None, first: int, last: int) -> Failure:
    """Return the failure for rows of a part; raises it where there is no place for one."""
    rows = f"row {first:,}" if first == last else f"rows {first:,} to {last:,}"
    told = StreamError(error.reason, f"{rows}: {error.message}", error.advice)
    if place is None:
        raise told
    return told.at(replace(place, row=first))


def _source(row: Row) -> Source:
    return row["source"] or "", row["collection"] or "", row["note"] or ""


def _item(row: Row, parsed: bool, limits: Limits) -> Record | Failure:
    """Return the record or failure of a row; raises `StreamError`."""
    place = Provenance(
        row["path"], tuple(row["members"]), row["kind"], row["row"], row["page"], row["start"], row["end"]
    )
    rejection = (row["reason"], row["message"] or "", row["advice"] or "") if row["reason"] else None
    data, text = row["data"], row["text"]
    if data is None:
        if rejection is None:
            raise StreamError("damaged", "has neither bytes nor a reason")
        return Failure(place, *rejection)
    if len(data) > limits.record:
        raise StreamError("too-large", f"is larger than {limits.record:,} bytes")
    metadata = Metadata.from_json(row["metadata"])
    spoken = None if text is None else text.decode("utf-8", "surrogatepass")
    reading = (row["reading"] or "").encode()
    record = (
        ParsedRecord(data, place, metadata, spoken, reading=reading, rejection=None if reading else rejection)
        if parsed and (reading or rejection)
        else Record(data, place, metadata, spoken)
    )
    if record.sha256 != row["sha256"]:
        raise StreamError("checksum", "does not fit its SHA-256")
    return record
