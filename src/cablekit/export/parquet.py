"""Writing parts: Parquet files with a row for each record, unparsed or with what it was read as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from cablekit.archive.rows import read_reading, tables_of
from cablekit.build.parser import parser
from cablekit.errors import ConversionError
from cablekit.export.storage import written
from cablekit.sources.failures import StreamError
from cablekit.sources.parquet import KEY, LARGE, Facts, Row, Source, Tally, library, schema
from cablekit.sources.record import Failure, Record

GROUP = 8_000_000
"""Bytes of records and readings in a row group, about: so much of a part is held while it is written."""


def record_row(item: Record | Failure) -> dict[str, Any]:
    """Return the columns of an item of a source, as it came."""
    place = item.provenance
    row: dict[str, Any] = {
        "path": place.path,
        "members": list(place.members),
        "kind": place.kind,
        "row": place.row,
        "page": place.page,
        "start": place.start,
        "end": place.end,
    }
    if isinstance(item, Failure):
        return {**row, "reason": item.reason, "message": item.message, "advice": item.advice}
    return {
        **row,
        "metadata": item.metadata.as_json(),
        "sha256": item.sha256,
        "size": len(item.data),
        "data": item.data,
        "text": None if item.text is None else item.text.encode("utf-8", "surrogatepass"),
    }


def rejected_row(item: Record | Failure, rejection: tuple[str, str, str]) -> dict[str, Any]:
    """Return the columns of a record that is kept unread."""
    return {**record_row(item), **dict(zip(("reason", "message", "advice"), rejection, strict=True))}


def reading_row(item: Record | Failure) -> dict[str, Any]:
    """Parse an item of a source and return its columns."""
    if isinstance(item, Failure):
        return record_row(item)
    reading = read_reading(item)
    if isinstance(reading, tuple):
        return rejected_row(item, reading)
    rows = tables_of(item, reading)
    assert rows.cable is not None
    cable = rows.cable
    by_role: dict[str, list[str]] = {"from": [], "to": [], "info": []}
    for name, _, role in rows.addressees:
        by_role.setdefault(role, []).append(name)
    return {
        **record_row(item),
        "reading": reading.json.decode(),
        "mrn": cable.number and cable.number.mrn,
        "year": cable.year,
        "post": cable.post,
        "date": cable.date,
        "date_source": cable.date_source,
        "layout": cable.layout,
        "classification": cable.banner,
        "precedence": cable.precedence,
        "subject": cable.subject,
        "tags": [code for code, *_ in rows.tags],
        "captions": [name for name, _ in rows.captions],
        "originator": next(iter(by_role["from"]), None),
        "action": by_role["to"],
        "info": by_role["info"],
        "signed": cable.signed,
        "diagnostics": [code for code, _ in rows.diagnostics],
        "paragraphs": cable.paragraphs,
        "characters": cable.characters,
    }


class PartWriter:
    """A part that is being written; no more than a row group of it is held."""

    def __init__(self, stream: BinaryIO, *, parsed: bool) -> None:
        """Begin a part on a stream; ``parsed`` says whether rows are readings. Raises `ConversionError`."""
        try:
            arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
        except StreamError as error:
            raise ConversionError("Parquet", "cannot be written", error.advice) from None
        self._table = arrow.Table
        self._parser = parser() if parsed else None
        leaves = [leaf for leaf in _leaves(arrow) if leaf not in LARGE]
        self._file = parquet.ParquetWriter(
            stream,
            schema(),
            compression="zstd",
            use_dictionary=leaves,
            write_statistics=leaves,
            write_page_checksum=True,
        )
        self._tally = Tally()
        self._rows: list[Row] = []
        self._held = 0
        self.size = 0
        """Bytes of the records so far."""
        self.last = False
        """Whether no other part follows."""
        self.shard: Mapping[str, Any] | None = None
        """What the last part says of the shard that the parts are, where they are one."""

    def add(self, source: Source, item: Record | Failure, row: Row, seconds: float | None = None) -> None:
        """Write an item of a source: its row, and how long parsing it took."""
        named = dict(zip(("source", "collection", "note"), source, strict=True))
        self._rows.append({**named, **row, "seconds": seconds})
        self._tally.add(source, item)
        self.size += len(row.get("data") or b"")
        self._held += sum(len(row.get(name) or b"") for name in LARGE)
        if self._held >= GROUP:
            self._flush()

    def close(self) -> None:
        """Write the end of the part."""
        self._flush()
        facts = Facts(self._parser, self._tally.rows, self._tally.records, self.last, shard=self.shard)
        self._file.add_key_value_metadata({KEY: facts.as_json()})
        self._file.close()

    def give_up(self) -> None:
        """Let go of what was written so far: it is no part."""
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._table.from_pylist(self._rows, schema()))
        self._rows, self._held = [], 0


@contextmanager
def new_part(url: str, *, parsed: bool) -> Iterator[PartWriter]:
    """Give a writer for a part that gets its name when it is whole. Raises `ConversionError`."""
    with written(url) as stream:
        writer = PartWriter(stream, parsed=parsed)
        try:
            yield writer
        except BaseException:
            writer.give_up()
            raise
        writer.close()


def _leaves(arrow: Any) -> list[str]:
    """Return the columns as Parquet names them: a list has its elements in a column further down."""
    return [f"{field.name}.list.element" if arrow.types.is_list(field.type) else str(field.name) for field in schema()]
