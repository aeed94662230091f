"""The CSV of the release: what is written is read, and what is broken takes nothing else with it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.sources import csv as kind
from cablekit.sources.failures import StreamError
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.text import decode

PLACE = Provenance("dump.csv", kind="csv")


class Dribble(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7 if size is None or size < 0 else min(size, 7))


def read(data: bytes, limit: int | None = None) -> list[Record | Failure]:
    return list(kind.read(io.BytesIO(data), PLACE, Limits(record=limit) if limit else Limits()))


def write(rows: list[list[str]], quoting: Any = csv.QUOTE_ALL, end: str = "\n") -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, escapechar="\\", doublequote=False, lineterminator=end, quoting=quoting)
    writer.writerows(rows)
    return written.getvalue().encode()


def row(number: int, body: str = "UNCLAS HARBOR 000001\nTEXT", header: str = "") -> list[str]:
    return [str(number), "3/4/2009 5:06", f"09HARBOR{number}", "Embassy Harbor", "SECRET//NOFORN", "", header, body]


fields = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | st.lists(
    st.sampled_from(
        ['"', "\\", "\n", "\r\n", ",", '",', '"\n', '\\"', "\n1,", "a", "é", '\n"7","1/2/2009 3:04","09B', "\f"]
    )
).map("".join)


@given(
    st.lists(st.tuples(fields, fields, fields, fields), min_size=1, max_size=6),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(texts: list[tuple[str, str, str, str]], quoting: int, end: str) -> None:
    rows = [
        [str(number), "12/31/1999 23:59", f"99HARBOR{number}", origin, classification, "99A1|99B2", header, body]
        for number, (origin, classification, header, body) in enumerate(texts, 1)
    ]
    if quoting == csv.QUOTE_MINIMAL:  # (then a lone carriage return is written without quotes, and read by nobody)
        rows = [[field.replace("\r", "") for field in fields] for fields in rows]
    data = write(rows, quoting, end)
    found = read(data)
    assert [item.provenance.row for item in found] == list(range(1, len(rows) + 1))
    for item, (_, _, reference_id, origin, classification, _, header, body) in zip(found, rows, strict=True):
        assert isinstance(item, Record)
        assert item.text == (f"{header}\n{body}" if header else body)
        stated = item.metadata.stated
        assert (stated["id"], stated["origin"], stated["classification"]) == (reference_id, origin, classification)
        assert item.metadata.references == ("99A1", "99B2")
        assert item.data == data[item.provenance.start : item.provenance.end]


def broken(number: int, how: str) -> bytes:
    """A row that is damaged in one of many ways."""
    sound = write([row(number, 'UNCLAS HARBOR 000001\nHE SAID "NO", AND\n"PERHAPS".')])
    damage = {
        "a closing quote is missing": lambda: sound.removesuffix(b'"\n') + b"\n",
        "an opening quote is missing": lambda: sound.replace(b',"UNCLAS', b",UNCLAS", 1),
        "a quote is not escaped": lambda: sound.replace(b'\\"NO', b'"NO', 1),
        "two quotes are not escaped": lambda: sound.replace(b'\\"NO\\"', b'"NO"', 1),
        "a quote ends a line": lambda: sound.replace(b'\n\\"PERHAPS\\".', b'"\nPERHAPS.', 1),
        "quotes are doubled": lambda: sound.replace(b'\\"', b'""'),
        "a column is missing": lambda: sound.replace(b'"Embassy Harbor",', b"", 1),
        "there is a column too many": lambda: sound.replace(b'"Embassy Harbor"', b'"Embassy","Harbor"', 1),
        "the row is cut": lambda: sound[:60] + b"\n",
        "the last escape escapes the quote": lambda: sound.replace(b'\\".', b'\\"\\', 1),
        "the date is none": lambda: sound.replace(b"3/4/2009", b"yesterday", 1),
        "there are zeros": lambda: sound[:40] + b"\0" * 300 + b"\n",
    }
    return damage[how]()


DAMAGE = [
    "a closing quote is missing",
    "an opening quote is missing",
    "a quote is not escaped",
    "two quotes are not escaped",
    "a quote ends a line",
    "quotes are doubled",
    "a column is missing",
    "there is a column too many",
    "the row is cut",
    "the last escape escapes the quote",
    "the date is none",
    "there are zeros",
]


@pytest.mark.parametrize("how", DAMAGE)
def test_a_broken_row_takes_no_other_with_it(how: str) -> None:
    before, bad, behind = (
        write([row(number) for number in range(1, 2001)]),
        broken(2001, how),
        write([row(number) for number in range(2002, 3001)]),
    )
    found = read(before + bad + behind)
    records = [item for item in found if isinstance(item, Record)]
    (failure,) = [item for item in found if isinstance(item, Failure)]
    assert [record.metadata.reference_id for record in records] == [
        f"09HARBOR{number}" for number in range(1, 3001) if number != 2001
    ]
    assert [record.provenance.row for record in records] == [number for number in range(1, 3001) if number != 2001]
    place = failure.provenance
    assert (failure.reason, place.row) == ("malformed", 2001)
    assert (place.start, place.end) == (len(before), len(before) + len(bad))


@pytest.mark.parametrize("how", DAMAGE)
def test_broken_rows_in_a_row_are_one_failure(how: str) -> None:
    bad = broken(2, how) + broken(3, how)
    first, failure, last = read(write([row(1)]) + bad + write([row(4)]))
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)
    assert isinstance(last, Record)
    assert failure.provenance.end == len(write([row(1)])) + len(bad)
    # (Rows without the form of one cannot be counted.)
    assert last.provenance.row == (3 if how == "the date is none" else 4)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_broken_row_at_the_end_is_a_failure(how: str) -> None:
    data = write([row(1)]) + broken(2, how)
    found, failure = read(data)
    assert isinstance(found, Record)
    assert isinstance(failure, Failure)
    assert failure.provenance.end == len(data)


def test_a_row_inside_a_field_is_none() -> None:
    inside = write([row(7, "INNER")]).decode()
    data = write([row(1, f"UNCLAS HARBOR 000001\n{inside}\n12,3/4/2009 5:06,09HARBOR8,x"), row(2)])
    assert [item.provenance.row for item in read(data)] == [1, 2]


def test_fields_are_as_long_as_they_like() -> None:
    (found,) = read(write([row(1, "LINE\n" * 200_000)]))
    assert isinstance(found, Record)
    assert found.text == "LINE\n" * 200_000


@pytest.mark.parametrize("body", ["x" * 1_000_000, "x\n" * 500_000, '"\n' * 300_000], ids=["line", "lines", "quotes"])
def test_a_row_above_the_limit_is_a_failure_and_the_next_is_read(body: str) -> None:
    before, large, behind = write([row(1)]), write([row(2, body)]), write([row(3)])
    first, failure, last = read(before + large + behind, limit=100_000)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(failure, Failure)
    assert failure.reason == "too-large"
    assert "100,000 bytes" in failure.message
    assert (failure.provenance.start, failure.provenance.end) == (len(before), len(before) + len(large))


def test_a_row_of_the_size_of_the_limit_is_read() -> None:
    data = write([row(1, "x" * 1000), row(2)])
    assert all(isinstance(item, Record) for item in read(data, limit=data.index(b'"2"')))
    assert isinstance(read(data, limit=data.index(b'"2"') - 1)[0], Failure)


def test_how_a_stream_is_cut_does_not_matter() -> None:
    rows = [row(number, f'UNCLAS HARBOR 000001\n"{number}"\n') for number in range(1, 6)]
    data = write(rows[:2]) + broken(3, "a quote is not escaped") + write(rows[3:])
    assert list(kind.read(Dribble(data), PLACE, Limits())) == read(data)


def test_each_row_has_its_own_encoding() -> None:
    rows = [write([row(number, "UNCLAS HARBOR 000001\ncafé")]) for number in (1, 2, 3)]
    rows[1] = rows[1].decode().encode("cp1252")
    assert [item.text for item in read(b"\xef\xbb\xbf" + b"".join(rows)) if isinstance(item, Record)] == [
        "UNCLAS HARBOR 000001\ncafé"
    ] * 3


def test_what_the_columns_say() -> None:
    (found,) = read(write([["7", "12/28/1966 18:48", "66HARBOR2481", "Embassy Harbor", "", "66A1", "", "BODY"]]))
    assert isinstance(found, Record)
    assert found.metadata == Metadata(
        reference_id="66HARBOR2481",
        date=datetime(1966, 12, 28, 18, 48),
        origin="Embassy Harbor",
        references=("66A1",),
        stated={
            "number": "7",
            "date": "12/28/1966 18:48",
            "id": "66HARBOR2481",
            "origin": "Embassy Harbor",
            "classification": "",
            "references": "66A1",
        },
    )


def test_a_date_that_is_none_is_absent() -> None:
    (found,) = read(write([["7", "13/28/1966 18:48", "66HARBOR2481", "", "", "", "", "BODY"]]))
    assert isinstance(found, Record)
    assert found.metadata.date is None
    assert found.metadata.stated["date"] == "13/28/1966 18:48"


@pytest.mark.parametrize(
    "data", [b"a,b,c\n1,2,3\n", b'"a","b","c"\n"1","2","3"\n', b"id,date,x,x,x,x,x,x\n1,today,x,x,x,x,x,x\n"]
)
def test_a_table_of_another_form_is_refused(data: bytes) -> None:
    assert kind.recognises(data, "x.CSV")
    assert not kind.recognises(data, "x.txt")
    (failure,) = read(data)
    assert isinstance(failure, Failure)
    assert failure.reason == "malformed"
    assert "eight columns" in failure.advice


def test_names_of_columns_alone_are_no_rows() -> None:
    (failure,) = read(b"number,date,id,origin,classification,references,header,body\n\n")
    assert isinstance(failure, Failure)
    assert failure.reason == "empty"


def test_a_table_without_its_beginning_is_read_from_the_first_whole_row() -> None:
    data = b'END OF A ROW\n"\n' + write([row(2)])
    failure, found = read(data)
    assert isinstance(failure, Failure)
    assert (failure.provenance.start, failure.provenance.end) == (0, 15)
    assert found.provenance.start == 15


def test_a_text_with_commas_is_no_table() -> None:
    assert not kind.recognises(b"VZCZCXYZ0001\nUNCLAS HARBOR 1\n", "x.csv")
    assert not kind.recognises(b"a,b,c\0\n", "x.csv")


@pytest.mark.parametrize("line", [b'1,1/1/2001 1:01,01AB1,"\n', b'"1","1/1/2001 1:01","01AB1","","","","","\n'])
def test_nothing_is_read_again_and_again(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    given = 0

    def counting(data: bytes) -> tuple[str, str, int]:
        nonlocal given
        given += len(data)
        return decode(data)

    monkeypatch.setattr(kind, "decode", counting)
    data = line * 5000
    (failure,) = read(data)
    assert isinstance(failure, Failure)
    assert failure.provenance.end == len(data)
    assert given < 20 * len(data)


def test_what_stands_before_damage_is_given() -> None:
    class Broken(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            data = super().read1(size)
            if not data:
                raise StreamError("truncated", "ends too early")
            return data

    data = write([row(1)]) + broken(2, "a column is missing") + write([row(3)])
    found = kind.read(Broken(data), PLACE, Limits())
    assert [type(next(found)) for _ in range(3)] == [Record, Failure, Record]
    with pytest.raises(StreamError):
        next(found)
