"""Parts: written and read again they are the same; what is no whole part of this format is told."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cablekit
from cablekit.archive.rows import read_reading
from cablekit.export import parquet as export
from cablekit.export.parquet import PartWriter, reading_row, record_row, rejected_row
from cablekit.export.storage import written as written_to
from cablekit.sources import parquet
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.parquet import FORMAT, KEY, Part
from cablekit.sources.record import Failure, Metadata, ParsedRecord, Provenance, Record
from tests.archive_files import record, telegram

SOURCE = ("dump.zip", "record copies", "box 7")
WORDS = st.text(max_size=12)
NUMBERS = st.none() | st.integers(0, 2**60)
PLACES = st.builds(Provenance, WORDS, st.lists(WORDS, max_size=3).map(tuple), WORDS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
DATES = st.none() | st.datetimes(datetime(1900, 1, 1), timezones=st.none() | st.just(UTC))
METADATA = st.builds(
    Metadata,
    st.none() | WORDS.filter(bool),
    date=DATES,
    references=st.lists(WORDS, max_size=3).map(tuple),
    stated=st.dictionaries(WORDS, WORDS, max_size=3),
)
RECORDS = st.builds(
    Record, st.binary(max_size=200), PLACES, METADATA, st.none() | st.text(st.characters(codec=None), max_size=30)
)
FAILURES = st.builds(Failure, PLACES, st.sampled_from(["truncated", "bomb"]), WORDS, WORDS)
ITEMS = st.lists(st.tuples(st.tuples(WORDS, WORDS, WORDS), RECORDS | FAILURES), max_size=12)
Items = list[tuple[tuple[str, str, str], Record | Failure]]


def written(items: Items, *, parsed: bool = False) -> bytes:
    stream = io.BytesIO()
    writer = PartWriter(stream, parsed=parsed)
    for source, item in items:
        writer.add(source, item, reading_row(item) if parsed else record_row(item))
    writer.close()
    return stream.getvalue()


def read(data: bytes, limits: Limits = DEFAULT) -> list[Record | Failure]:
    return list(cablekit.read(io.BytesIO(data), limits=limits))


def telegrams(count: int) -> Items:
    return [(SOURCE, record(telegram(serial=number), f"{number}.txt")) for number in range(1, count + 1)]


@given(ITEMS)
def test_what_is_written_is_read(items: Items) -> None:
    part = Part(io.BytesIO(written(items)), Limits())
    assert list(part.items(Provenance("part"))) == items
    assert part.facts.rows == len(items)
    assert part.facts.parser is None
    assert list(part.keys()) == [parquet.key(source, item) for source, item in items]
    assert read(written(items)) == [item for _, item in items]


def test_a_part_of_readings_gives_records_that_need_no_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    no_cable = record("", "b.txt")
    data = written([*telegrams(2), (SOURCE, no_cable)], parsed=True)
    monkeypatch.setattr("cablekit.sources.parse.parse_source", None)
    first, second, rejected = read(data)
    assert [type(one) for one in (first, second, rejected)] == [ParsedRecord] * 3
    assert [str(one.parse().mrn) for one in (first, second)] == ["09SOFIA1", "09SOFIA2"]
    assert first.provenance == Provenance("1.txt")
    assert isinstance(rejected, ParsedRecord)
    assert read_reading(rejected) == rejected.rejection
    with pytest.raises(cablekit.NotACableError):
        rejected.parse()


def test_what_another_parser_read_is_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(telegrams(1), parsed=True)
    monkeypatch.setattr(parquet, "parser", lambda: ("9.9.9", "1.0", "another"))
    (again,) = read(data)
    assert type(again) is Record
    assert str(again.parse().mrn) == "09SOFIA1"


def test_the_columns_for_people(tmp_path: Path) -> None:
    path = tmp_path / "part-000001.parquet"
    text = telegram(captions="SIPDIS", labels="E.O. 12958: N/A\nTAGS: PGOV, KCRM\nSUBJECT: ROPE")
    with written_to(str(path)) as stream:
        writer = PartWriter(stream, parsed=True)
        writer.add(SOURCE, record(text), reading_row(record(text)), 0.25)
        writer.close()
    (row,) = pq.read_table(path).to_pylist()
    assert (row["source"], row["collection"], row["note"]) == SOURCE
    assert (row["mrn"], row["year"], row["post"], row["layout"]) == ("09SOFIA608", 2009, "SOFIA", "A")
    assert row["date"] == datetime(2009, 10, 5, 12, 18, tzinfo=UTC)
    assert (row["subject"], row["tags"], row["captions"]) == ("ROPE", ["PGOV", "KCRM"], ["SIPDIS"])
    assert (row["classification"], row["originator"], row["seconds"]) == ("UNCLASSIFIED", "AMEMBASSY SOFIA", 0.25)
    assert row["size"] == len(text)
    assert json.loads(row["reading"])["mrn"]["serial"] == 608


def test_row_groups_are_cut_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "GROUP", 1000)
    items: Items = [(SOURCE, record(bytes([number]) * 300)) for number in range(10)]
    data = written(items)
    assert pq.ParquetFile(io.BytesIO(data)).num_row_groups == 3
    assert read(data) == [item for _, item in items]


def test_a_record_that_was_given_up_keeps_its_bytes() -> None:
    stream = io.BytesIO()
    writer = PartWriter(stream, parsed=True)
    item = record("abc")
    writer.add(SOURCE, item, rejected_row(item, ("time", "takes longer than 60 seconds", "try again")))
    writer.close()
    (found,) = read(stream.getvalue())
    assert isinstance(found, ParsedRecord)
    assert (found.data, found.rejection) == (b"abc", ("time", "takes longer than 60 seconds", "try again"))


# ---- what is no whole part ------------------------------------------------------------------------------------------


def only_failure(data: bytes, limits: Limits = DEFAULT) -> Failure:
    (found,) = read(data, limits)
    assert isinstance(found, Failure)
    return found


def remade(data: bytes, facts: dict[str, object] | None, drop: str | None = None) -> bytes:
    """The part with other facts in its metadata."""
    table = pq.read_table(io.BytesIO(data)).replace_schema_metadata({})
    stream = io.BytesIO()
    writer = pq.ParquetWriter(stream, (table := table.drop_columns([drop]) if drop else table).schema)
    writer.write_table(table)
    if facts is not None:
        writer.add_key_value_metadata({KEY: json.dumps(facts)})
    writer.close()
    return stream.getvalue()


def test_a_part_without_its_end() -> None:
    data = written(telegrams(3))
    for length in (4, 100, len(data) // 2, len(data) - 1):
        assert only_failure(data[:length]).reason == "truncated"


def test_a_parquet_file_of_somebody_else() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), stream)
    found = only_failure(stream.getvalue())
    assert (found.reason, found.message) == ("unknown", "is a Parquet file, but no part of cablekit")
    assert only_failure(remade(written(telegrams(1)), {"strange": True})).reason == "unknown"


def test_another_version_of_the_format() -> None:
    found = only_failure(remade(written(telegrams(1)), {"parser": None, "format": FORMAT + 1}))
    assert found.reason == "unsupported"
    assert f"format version {FORMAT + 1}" in found.message


def test_rows_or_columns_that_are_not_there() -> None:
    data = written(telegrams(2))
    assert "2 rows" in only_failure(remade(data, {"parser": None, "rows": 3})).message
    assert "metadata" in only_failure(remade(data, {"parser": None, "rows": 2}, "metadata")).message


def test_a_damaged_row_group_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "GROUP", 1000)
    items = [(SOURCE, record(bytes([65 + number]) * 600, f"{number}.txt")) for number in range(6)]
    data = bytearray(written(items))
    chunks = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(1)
    column = next(chunks.column(at) for at in range(chunks.num_columns) if chunks.column(at).path_in_schema == "data")
    at = column.data_page_offset + column.total_compressed_size - 3
    data[at] ^= 0xFF
    found = read(bytes(data))
    failures = [one for one in found if isinstance(one, Failure)]
    assert [one.provenance.row for one in failures] == [3]
    assert "rows 3 to 4" in failures[0].message
    assert [one for one in found if isinstance(one, Record)] == [item for _, item in items[:2] + items[4:]]


def test_bytes_that_do_not_fit_their_sum() -> None:
    table = pq.read_table(io.BytesIO(written(telegrams(2))))
    sums = table.column_names.index("sha256")
    table = table.set_column(sums, "sha256", pa.array(["0" * 64, table["sha256"][1].as_py()]))
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, table.schema, use_dictionary=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({KEY: json.dumps({"parser": None, "rows": 2})})
    first, second = read(stream.getvalue())
    assert isinstance(first, Failure)
    assert (first.reason, first.provenance.row) == ("checksum", 1)
    assert isinstance(second, Record)


def test_limits_hold_for_parts() -> None:
    data = written(telegrams(1))
    assert only_failure(data, Limits(record=100)).reason == "too-large"


def test_a_row_group_that_asks_for_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(telegrams(2))
    monkeypatch.setattr(parquet, "_GROUP", -(8 * DEFAULT.record) + 1)
    assert only_failure(data).message == "rows 1 to 2: have more bytes than a row group of a part has"


@given(st.data())
def test_damage_anywhere_ends_in_failures(data: st.DataObject) -> None:
    part = bytearray(written(telegrams(2)))
    for _ in range(3):
        part[data.draw(st.integers(4, len(part) - 1))] = data.draw(st.integers(0, 255))
    good = [item for _, item in telegrams(2)]
    assert all(isinstance(one, Failure) or one.data in [item.data for item in good] for one in read(bytes(part)))


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(telegrams(1))
    parquet.schema.cache_clear()
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    found = only_failure(data)
    assert (found.reason, found.advice) == (
        "extra",
        "install what reads and writes it: pip install 'cablekit[parquet]'",
    )
    with pytest.raises(cablekit.CablekitError, match="cablekit\\[parquet\\]"):
        PartWriter(io.BytesIO(), parsed=False)
