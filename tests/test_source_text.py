"""Texts and pages with one message or several: where one ends and the next begins."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cablekit
from cablekit.sources import pages, text
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance, Record
from tests.golden_sources import SOURCES

PLACE = Provenance("file")
ONE = b"VZCZCXYZ0001\nPP RUEHWEB\n\nDE RUEHXX #0001 0021304\nZNR UUUUU ZZH\nP 021304Z JAN 09\nFM AMEMBASSY HARBOR\n"
TWO = ONE.replace(b"021304Z", b"031304Z").replace(b"0001", b"0002")
BODY = b"UNCLAS HARBOR 000001\n\nTAGS: PGOV\nSUBJECT: ROPE\n\n1. THE ROPE HELD.\n\nSAMPLE\n"
NOTE = (
    b"This record is a partial extract of the original cable. The full text of the original cable is not available.\n"
)
HEAD = b"09HARBOR1\nROPE\nFri Jan 02 00:00:00 +0100 2009\nUNCLASSIFIED\nEmbassy Harbor\n"
DEPARTMENT = b"R 041822Z MAR 09\nFM SECSTATE WASHDC\nTO ALL DIPLOMATIC POSTS COLLECTIVE\n"
ARCHIVE = b"LIMITED OFFICIAL USE\nPAGE 01  HARBOR 04711  01 OF 01\nACTION EB-07\nINFO OCT-01 /008 W\n"


def read(data: bytes, limit: int | None = None) -> list[Record | Failure]:
    return list(text.read(io.BytesIO(data), PLACE, Limits(record=limit) if limit else Limits()))


def cut(data: bytes) -> list[bytes]:
    records = read(data)
    found = [record.data for record in records if isinstance(record, Record)]
    assert len(found) == len(records)
    assert b"".join(found) == data
    return found


@pytest.mark.parametrize(
    "messages",
    [
        [ONE + BODY, TWO + BODY],
        [ONE + BODY, DEPARTMENT + BODY, TWO + BODY],
        [NOTE + BODY, NOTE + BODY, ONE + BODY, NOTE + BODY],
        [HEAD + ONE + BODY, HEAD + DEPARTMENT + BODY, HEAD + NOTE + BODY],
        [HEAD, HEAD, HEAD + BODY],
        [HEAD.replace(b"ROPE\n", b"ROPE AND\nSTRING\n") + ONE + BODY, HEAD + TWO + BODY],
        [b"\f" + ONE + BODY, b"\f" + TWO + BODY],
        [ONE + BODY + b"NNNN\n\n\n", TWO + BODY + b"NNNN\n"],
        [ONE.replace(b"\n", b"  \n") + BODY, TWO.replace(b"\n", b"  \n") + BODY],
        [
            ARCHIVE.partition(b"\n")[2] + DEPARTMENT + BODY,
            ARCHIVE.partition(b"\n")[2].replace(b"04711", b"04720") + BODY,
        ],
        [b"  Message Text\n\n" + ARCHIVE + ONE + BODY, b"  Message Text\n\n" + ARCHIVE + BODY],
        [b"UNCLASSIFIED\nMRN: 11 HARBOR 1\nDate/DTG: \n" + BODY, b"SBU\n\nMRN: 11 HARBOR 2\n\nDate/DTG: \n" + BODY],
        [
            b"UNCLASSIFIED   STATE   00100153 \n" + DEPARTMENT + BODY,
            b"UNCLASSIFIED   STATE   00100154 \n" + TWO.partition(b"ZZH\n")[2] + BODY,
        ],
        [b"Unclas harbor 000001\n\nTags: pgov\n" + ONE + BODY, TWO + BODY],
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_messages_are_parted_where_they_begin(messages: Sequence[bytes], end: bytes) -> None:
    written = [message.replace(b"\n", end) for message in messages]
    assert cut(b"".join(written)) == written


@pytest.mark.parametrize(
    "message",
    [
        BODY,
        ONE + BODY,
        ONE + ONE + BODY,
        NOTE + ONE + BODY,
        b"A LETTER WITH TAGS: NONE\n\n" + ONE + BODY,
        ONE + BODY.replace(b"HELD.", b"HELD...") + b"refid: 09HARBOR1\norigin: Embassy Harbor\nheader:\n" + ONE + BODY,
        ONE + BODY + TWO.replace(b"031304Z", b"021304Z") + BODY,
        HEAD + ONE + BODY + TWO + BODY,
        HEAD + ONE + BODY + NOTE,
        b"Message Text\n" + ARCHIVE + ONE + BODY + b"QUOTE\n" + DEPARTMENT + BODY,
        ARCHIVE + BODY + ARCHIVE.replace(b"01 OF 01", b"02 OF 02") + BODY,
        b"MRN: 11 HARBOR 1\nDate/DTG: \n" + BODY + DEPARTMENT + BODY,
        BODY + b"THE LINE 09HARBOR2\n09HARBOR2\nIS NO HEAD\n",
        BODY + b"SAID VZCZCXYZ0002 AND\n R 021304Z JAN 09\nFM RADIO\n",
        BODY + b"FM RADIO SAYS\nTO ALL\nACTION EB-07\n",
    ],
)
def test_a_message_stays_together(message: bytes) -> None:
    (record,) = read(message)
    assert isinstance(record, Record)
    assert record.data == message
    assert record.provenance == PLACE


def test_the_samples_one_after_the_other(samples: list[Path]) -> None:
    parts = [
        b"09HARBOR%d\n" % number + HEAD.partition(b"\n")[2] + path.read_bytes() + b"\n"
        for number, path in enumerate(samples)
        if not path.name.startswith(("layout-c", "layout-e", "layout-f"))  # they have heads of their own
    ]
    found = cut(b"".join(parts))
    assert found == parts
    assert [record.data for record in read(b"".join(parts))] == parts
    assert all(record.metadata.reference_id.startswith("09HARBOR") for record in read(b"".join(parts)))


@given(
    st.lists(st.sampled_from([ONE, TWO, BODY, NOTE, HEAD, DEPARTMENT, ARCHIVE, b"LINE\n" * 4000, b"\n"]), max_size=12)
)
def test_how_a_stream_is_cut_does_not_matter(parts: list[bytes]) -> None:
    data = b"".join(parts)

    class Dribble(io.BytesIO):
        def read1(self, _size: int | None = -1, /) -> bytes:
            return super().read1(997)

    found = list(text.read(Dribble(data), PLACE, Limits()))
    assert found == read(data)
    if data:
        assert b"".join(record.data for record in found if isinstance(record, Record)) == data


def test_what_is_above_the_limit_is_a_failure_and_the_next_message_a_record() -> None:
    large = TWO + BODY + b"LINE\n" * 1_000_000
    data = ONE + BODY + large + DEPARTMENT + BODY
    first, failure, last = read(data, limit=500_000)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(failure, Failure)
    assert (first.data, last.data) == (ONE + BODY, DEPARTMENT + BODY)
    assert failure.reason == "too-large"
    begin = len(ONE + BODY)
    assert (failure.provenance.start, failure.provenance.end) == (begin, begin + len(large))


def test_a_line_without_end_is_one_failure() -> None:
    class Endless(io.RawIOBase):
        left = 40

        def read(self, size: int = -1, /) -> bytes:
            self.left -= 1
            return b"x" * size if self.left >= 0 else b""

    (failure,) = text.read(cast("BinaryIO", Endless()), PLACE, Limits(record=3 << 20))
    assert isinstance(failure, Failure)
    assert failure.reason == "too-large"


def test_the_head_of_the_publication() -> None:
    (record,) = read(HEAD.replace(b"ROPE", "ROPE AND\r\n CAFÉ ".encode()) + ONE + BODY)
    assert isinstance(record, Record)
    said = record.metadata
    assert (said.reference_id, said.title, said.classification) == ("09HARBOR1", "ROPE AND CAFÉ", "UNCLASSIFIED")
    assert said.date is not None
    assert (said.date.isoformat(), said.origin) == ("2009-01-02T00:00:00+01:00", "Embassy Harbor")
    assert said.stated["date"] == "Fri Jan 02 00:00:00 +0100 2009"


@pytest.mark.parametrize(
    ("head", "classification", "origin"),
    [
        (HEAD.rstrip(b"\n"), "UNCLASSIFIED", "Embassy Harbor"),
        (HEAD.removesuffix(b"Embassy Harbor\n"), "UNCLASSIFIED", None),
        (HEAD.removesuffix(b"UNCLASSIFIED\nEmbassy Harbor\n"), None, None),
    ],
)
def test_a_head_may_be_all(head: bytes, classification: str | None, origin: str | None) -> None:
    (record,) = read(head)
    assert isinstance(record, Record)
    assert (record.metadata.classification, record.metadata.origin) == (classification, origin)


def test_a_day_that_is_none_is_absent() -> None:
    (record,) = read(HEAD.replace(b"Jan 02", b"Jan 32"))
    assert isinstance(record, Record)
    assert record.metadata.date is None


@pytest.mark.parametrize(
    ("head", "is_text"),
    [
        (ONE, True),
        ("café".encode("latin-1"), True),
        (BODY.decode().encode("utf-16"), True),
        (b"", False),
        (b"TEXT\0" * 9, False),
        (bytes(range(1, 32)) * 9, False),
    ],
)
def test_what_is_text(head: bytes, is_text: bool) -> None:
    assert text.recognises(head, "a.txt") is is_text


# ---- pages --------------------------------------------------------------------------------------------------------


def test_a_record_is_known_by_its_first_page() -> None:
    data = (SOURCES / "pages-several-telegrams.txt").read_bytes()
    first, second = pages.read(io.BytesIO(data), PLACE, Limits())
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.data + second.data == data
    assert (first.provenance.page, second.provenance.page) == (1, 5)
    assert first.text is not None
    assert first.text.count("\f") == 2
    assert "{" not in first.text
    assert "=====" not in first.text
    assert first.metadata.stated["source_file"] == "release/five-pages.pdf"


def test_documents_one_after_the_other() -> None:
    names = ("pages-archive-copy.txt", "pages-without-text.txt", "pages-one-document.txt")
    parts = [(SOURCES / name).read_bytes() for name in names]
    first, failure, last = pages.read(io.BytesIO(b"".join(parts)), PLACE, Limits())
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)
    assert isinstance(last, Record)
    assert (first.data, last.data) == (parts[0], parts[2])
    assert (failure.reason, failure.provenance.start) == ("no-text", len(parts[0]))
    assert last.metadata.title == "A QUIET WEEK"


def test_json_on_a_page_is_text() -> None:
    data = (
        b'{"schema": "s", "pages": 1}\n===== PAGE 1 =====\n{"page": 1}\nLINE\n{"a": 1}\n{"page": "x"}\n{broken\n[1]\n'
    )
    (record,) = pages.read(io.BytesIO(data), PLACE, Limits())
    assert isinstance(record, Record)
    assert record.text == 'LINE\n{"a": 1}\n{"page": "x"}\n{broken\n[1]'


def test_pages_need_no_separators() -> None:
    data = b'{"page": 1}\nLINE\n{"page": 2}\nANOTHER\n'
    assert pages.recognises(data, "")
    (record,) = pages.read(io.BytesIO(data), PLACE, Limits())
    assert isinstance(record, Record)
    assert record.text == "LINE\fANOTHER"
    assert not pages.recognises(b'{"page": 1}\n{"page": 2}\n', "")


def test_a_large_page_takes_no_other_document_with_it() -> None:
    small = (SOURCES / "pages-archive-copy.txt").read_bytes()
    large = small.replace(b"never once", b"never once " + b"and never " * 5000)
    failure, record = pages.read(io.BytesIO(large + small), PLACE, Limits(record=5000))
    assert isinstance(failure, Failure)
    assert isinstance(record, Record)
    assert (failure.reason, failure.provenance.end) == ("too-large", len(large))
    assert record.data == small


@pytest.mark.parametrize("size", [20, 300], ids=["small", "large"])
def test_messages_before_damage_are_given(size: int) -> None:
    first_lines = [ONE.replace(b"021304Z", b"02%04dZ" % number) for number in range(30)]
    messages = [lines + BODY + b"%d ROPES\n" % number * size for number, lines in enumerate(first_lines)]
    *records, failure = cablekit.read(io.BytesIO(gzip.compress(b"".join(messages))[:-9]))
    assert isinstance(failure, Failure)
    assert failure.reason == "truncated"
    assert [record.data for record in records if isinstance(record, Record)] == messages[:-1]
