"""What is packed comes back to the letter, and what is damaged is told."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cablekit
from cablekit.archive import compact
from cablekit.archive.codec import WINDOW, Codec, Damaged, made_for, standard
from cablekit.rendering.text import render
from tests.archive_files import telegram
from tests.strategies import cables

CODEC = standard()


@given(st.binary(max_size=300), st.binary(max_size=WINDOW))
def test_bytes_come_back(data: bytes, dictionary: bytes) -> None:
    codec = Codec(dictionary, b"{}")
    assert codec.unpack(codec.pack(data)) == data


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=WINDOW))
def test_texts_come_back(text: bytes, data: bytes, dictionary: bytes) -> None:
    codec = Codec(dictionary, b"{}")
    assert codec.unpack_text(codec.pack_text(text, data), data) == text


def test_a_text_that_stands_in_the_bytes_takes_no_room() -> None:
    data = "".join(telegram(f"Rose {at}.", serial=at) for at in range(9)).encode()
    assert len(CODEC.pack_text(data, b"<pre>" + data)) < 0.4 * len(CODEC.pack(data))
    with pytest.raises(Damaged):
        CODEC.unpack_text(CODEC.pack_text(data, data) + b"x", data)


@given(cables())
def test_readings_come_back(cable: cablekit.Cable) -> None:
    text = render(cable)
    reading = cablekit.parse(text).model_dump_json().encode()
    record = text.encode("utf-8", "surrogatepass")
    packed = CODEC.pack_reading(reading, record)
    assert CODEC.unpack_reading(packed, record) == reading


@given(cables())
def test_what_a_cable_says_is_written_as_the_cable_is(cable: cablekit.Cable) -> None:
    read = cablekit.parse(render(cable))
    assert compact.dump(read.model_dump(mode="json")) == read.model_dump_json().encode()


@given(st.text(st.characters(codec="ascii"), max_size=60), st.integers(0, 60))
def test_packed_beside_its_bytes_a_text_is_a_zlib_stream(text: str, start: int) -> None:
    data = text.encode()
    for codec in (CODEC, Codec(b"", b"")):
        unpacker = zlib.decompressobj(zdict=(codec.text + data)[-WINDOW:])
        assert unpacker.decompress(codec.pack_text(data[start:], data)) == data[start:]
        assert unpacker.eof


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_readings_of_any_form_come_back(reading: bytes, record: bytes) -> None:
    assert CODEC.unpack_reading(CODEC.pack_reading(reading, record), record) == reading


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(0, 9), max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["span", "text", "body", "nodes", "rule", "kind"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
@example([{"text": "some", "span": [True, 3]}], [], None)
@example([{"text": "some", "span": [0, 3]}], [{"span": [0, 3], "rule": "a", "kind": 1}], None)
@example([{"text": "some", "span": [0, 3]}], [{"rule": "a", "span": [0, 3]}], None)
@example([{"text": 1, "span": 0}], [], None)
def test_json_of_another_form_comes_back(body: object, nodes: object, other: object) -> None:
    fields = {"source": {"encoding": "utf-8"}, "span": other, "body": body, "nodes": nodes}
    reading = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    short, numbers = compact.shorten(reading, b"some text")
    assert compact.lengthen(short, numbers, b"some text") == reading


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_the_short_form_is_short(encoding: str) -> None:
    record = telegram("Café roses are late. " * 40).encode(encoding)
    reading = cablekit.parse(record).model_dump_json().encode()
    short, numbers = compact.shorten(reading, record)
    assert numbers
    assert len(short) + len(numbers) < 0.7 * len(reading)
    assert b'"span":[' not in short
    assert b"roses are late" not in short


@given(st.data())
def test_a_damaged_reading_is_told_or_gives_something(data: st.DataObject) -> None:
    """No other exception comes. (Some bits of packed bytes mean nothing, and a place is as good as another here.)"""
    record = telegram().encode()
    reading = cablekit.parse(record).model_dump_json().encode()
    packed = CODEC.pack_reading(reading, record)
    at = data.draw(st.integers(0, len(packed) - 1))
    changed = packed[:at] + bytes([packed[at] ^ data.draw(st.integers(1, 255))]) + packed[at + 1 :]
    with suppress(Damaged):
        assert json.loads(CODEC.unpack_reading(changed, record)).keys() == json.loads(reading).keys()


def test_what_is_cut_off_or_followed_by_something_is_damaged() -> None:
    packed = CODEC.pack(b"roses")
    for broken in (packed[:-1], packed + b"x", b"", b"roses"):
        with pytest.raises(Damaged):
            CODEC.unpack(broken)
    with pytest.raises(Damaged):
        Codec(b"other dictionary", b"{}").unpack(packed)


def test_a_codec_is_made_of_records_like_those_to_come() -> None:
    records = [telegram(f"Rose number {at}. " * 20, serial=at).encode() for at in range(200, 300)]
    codec = made_for(records[:50])
    assert len(codec.text) <= WINDOW
    own, general = (sum(len(one.pack(record)) for record in records[50:]) for one in (codec, CODEC))
    assert own < general
    assert made_for(records[:3]) == CODEC
    assert made_for([b""] * 20) == CODEC


def test_the_dictionaries_fit_what_zlib_looks_back_on() -> None:
    assert len(CODEC.text) <= WINDOW
    assert len(CODEC.json) <= WINDOW // 4
    json.loads(CODEC.json)
