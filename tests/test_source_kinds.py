"""Each kind of source: samples with their golden files, what recognises them, bytes of which any may be wrong."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cablekit import Cable, NotACableError
from cablekit.sources.failures import REASONS
from cablekit.sources.kinds import _MODULES, Kind, first_own, own
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance, Record
from tests.golden_sources import golden, items, samples
from tests.pdf import make_pdf

KINDS = {name: own(name) for name in _MODULES}


def read(data: bytes, kind: Kind, limit: int | None = None) -> list[Record | Failure]:
    place = Provenance("file", kind=kind.NAME)
    return list(kind.read(io.BytesIO(data), place, Limits(record=limit) if limit else Limits()))


@pytest.mark.parametrize("sample", samples(), ids=lambda path: path.name)
def test_the_records_of_a_sample(sample: Path) -> None:
    assert golden(sample) == sample.with_name(f"{sample.name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", samples(), ids=lambda path: path.name)
def test_a_record_holds_the_bytes_of_its_place(sample: Path) -> None:
    data = sample.read_bytes()
    records = [item for item in items(sample) if isinstance(item, Record)]
    for record in records:
        place = record.provenance
        if sample.suffix == ".pdf" and len(records) > 1:
            assert record.text is not None
            assert record.data.decode() == record.text
        else:
            assert record.data == data[place.start : place.end]
        assert isinstance(record.parse(), Cable)


def test_what_is_text_only_by_its_name_is_told_by_its_content() -> None:
    found = {sample.name: first_own(sample.read_bytes()[: 1 << 16], "") for sample in samples()}
    by_name = {"index-page.html": "html", "other-table.csv": "text"}  # (nothing but its name makes that a table)
    for name, kind in found.items():
        assert kind is not None
        expected = "pages" if name.startswith("pages-") else name.rpartition(".")[2].replace("txt", "text")
        assert by_name.get(name, expected) == kind.NAME, name


def test_the_reasons_of_failures_are_known() -> None:
    reasons = {item.reason for sample in samples() for item in items(sample) if isinstance(item, Failure)}
    assert reasons <= REASONS.keys()
    assert reasons >= {"malformed", "truncated", "no-cable", "no-text", "encrypted", "damaged"}


SMALL = {
    "csv": b'"1","1/2/2009 3:04","09ABC1","O","C","09D2|09E3","H \\"q\\"","B\r\n \\\\"\n'
    b'"2","1/2/2009 3:04","09ABC2","","","","","b"\n',
    "html": b"<html><h3>Viewing cable 09A1, S</h3><table class='cable'><tr><th>Created</th></tr><tr><td>2009-01-02 "
    b"03:04</td></tr></table><pre>H &amp; &#x000A;</pre><pre>B <a href='/t'>K</a></pre></html>",
    "text": b"09ABC1\nT\nFri Jan 02 00:00:00 +0100 2009\nC\nO\nR 020304Z JAN 09\nFM X\nUNCLAS X 1\n\n"
    b"09ABC2\nT\nFri Jan 02 00:00:00 +0100 2009\nC\nO\nVZCZCXYZ0001\n",
    "pages": b'{"schema": "s/1", "title": "T"}\n===== PAGE 1 =====\n{"page": 1}\nPAGE 01\nACTION AB-01\nTAGS: X\n'
    b'===== PAGE 2 =====\n{"page": 2}\nPAGE 01\nACTION AB-01\nX\n',
    "pdf": make_pdf([["UNCLAS X 1"]]),
}


def altered(data: bytes) -> Iterator[bytes]:
    """Give the data with each byte removed, doubled and replaced, and cut behind each."""
    for at in range(len(data)):
        before, byte, behind = data[:at], data[at : at + 1], data[at + 1 :]
        yield before + behind
        yield before + byte + byte + behind
        yield before + (b"\xff" if at % 2 else b'"') + behind
        yield before


@pytest.mark.parametrize("name", SMALL)
def test_whatever_a_byte_is_there_are_records_and_failures(name: str) -> None:
    data = SMALL[name]
    assert all(isinstance(item, Record) for item in read(data, KINDS[name]))
    for broken in altered(data):
        found = read(broken, KINDS[name])
        assert found, broken
        covered = 0
        for item in found:
            place = item.provenance
            if place.start is not None:
                assert place.end is not None
                assert covered <= place.start <= place.end <= len(broken)
                covered = place.end


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b'{"page": 1}', b"%PDF-1.4", b"<html>", b",,\n" * 3]
)
def test_whatever_a_kind_is_given_it_ends(name: str, data: bytes) -> None:
    for item in read(data, KINDS[name]):
        if isinstance(item, Record):
            with pytest.raises(NotACableError):
                item.parse()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("html", b"<html><pre>" + b"x" * 2000),
        ("pdf", b"%PDF-1.4" + b"x" * 2000),
        ("text", b"x" * 2000),
        ("pages", b'{"page": 1}\n' + b"x" * 2000),
        ("jsonl", b'{"schema_version": "1.0", ' + b"x" * 2000),
        ("csv", b'1,1/2/2009 3:04,09ABC1,"' + b"x" * 2000),
    ],
)
def test_what_is_larger_than_the_limit_is_a_failure(name: str, data: bytes) -> None:
    from cablekit.sources.failures import StreamError

    try:
        reasons = [item.reason for item in read(data, KINDS[name], 1000) if isinstance(item, Failure)]
    except StreamError as error:  # (`cablekit.read` makes the failure of it)
        reasons = [error.reason]
    assert reasons == ["too-large"]


@pytest.mark.parametrize(("name", "package", "sign"), [("html", "lxml", b"<html>"), ("pdf", "pypdf", b"%PDF-1.4")])
def test_a_missing_extra_is_named(name: str, package: str, sign: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (found,) = read(sign, KINDS[name])
    assert isinstance(found, Failure)
    assert (found.reason, f"pip install 'cablekit[{name}]'" in found.advice) == ("extra", True)


# ---- JSON Lines ---------------------------------------------------------------------------------------------------


def test_a_written_cable_is_not_parsed_again(samples: list[Path]) -> None:
    import cablekit

    cables = [cablekit.parse(sample.read_bytes()) for sample in samples[:8]]
    lines = "".join(cable.model_dump_json() + "\n" for cable in cables)
    assert KINDS["jsonl"].recognises(lines.encode()[:100], "")
    records = read(lines.encode(), KINDS["jsonl"])
    assert [record.parse() for record in records] == cables
    assert [record.provenance.row for record in records] == list(range(1, 9))


def test_a_cable_of_a_later_minor_version_is_read(root: Path) -> None:
    line = (root / "samples" / "sources" / "cables.jsonl").read_bytes().splitlines()[0]
    later = line.replace(b'"schema_version":"1.0"', b'"schema_version":"1.7"', 1)
    assert read(later, KINDS["jsonl"])[0].parse() == read(line, KINDS["jsonl"])[0].parse()
    (refused,) = read(line.replace(b'"schema_version":"1.0"', b'"schema_version":"2.0"', 1), KINDS["jsonl"])
    assert isinstance(refused, Failure)
    assert "schema version 2.0" in refused.message


def test_a_line_that_is_too_long_takes_no_other_with_it(root: Path) -> None:
    data = (root / "samples" / "sources" / "cables.jsonl").read_bytes()
    long, found = read(b'{"schema_version": "' + b"x" * 9000 + b'"}\n' + data, KINDS["jsonl"], 5000)[:2]
    assert isinstance(long, Failure)
    assert (long.reason, long.provenance.row, long.provenance.end) == ("too-large", 1, 9023)
    assert (found.provenance.row, found.provenance.start) == (2, 9023)


def test_json_of_another_kind_is_no_jsonl(root: Path) -> None:
    cable = json.loads((root / "samples" / "sources" / "cables.jsonl").read_bytes().splitlines()[0])
    assert not KINDS["jsonl"].recognises(json.dumps(cable, indent=2).encode(), "x.jsonl")
    assert not KINDS["jsonl"].recognises(b'{"a": 1}\n', "x.jsonl")
