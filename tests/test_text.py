from __future__ import annotations

import codecs
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.model import Decision, Span
from cablekit.text import SourceText, decode, read_text


def decisions(source: SourceText) -> dict[str, int]:
    return {decision.what: decision.count for decision in source.decisions}


# ---- bytes to characters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text", "encoding", "bom"),
    [
        (b"", "", "utf-8", 0),
        (b"plain", "plain", "utf-8", 0),
        ("¶1. Å".encode(), "¶1. Å", "utf-8", 0),
        (codecs.BOM_UTF8 + "¶1.".encode(), "¶1.", "utf-8", 3),
        (codecs.BOM_UTF16_LE + "¶1.".encode("utf-16-le"), "¶1.", "utf-16-le", 2),
        (codecs.BOM_UTF16_BE + "¶1.".encode("utf-16-be"), "¶1.", "utf-16-be", 2),
        (codecs.BOM_UTF32_LE + "¶1.".encode("utf-32-le"), "¶1.", "utf-32-le", 4),
        (codecs.BOM_UTF32_BE + "¶1.".encode("utf-32-be"), "¶1.", "utf-32-be", 4),
        # a byte order mark that lies: the ladder goes on, nothing is cut off
        (codecs.BOM_UTF8 + b"\xb6", "ï»¿¶", "cp1252", 0),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", "ÿþ\x00ØA\x00", "cp1252", 0),
        (b"\xb61. \x93quoted\x94", "¶1. “quoted”", "cp1252", 0),
        # bytes that cp1252 does not define
        (b"\xb61. \x81\x8d\x8f\x90\x9d", "¶1. \x81\x8d\x8f\x90\x9d", "latin-1", 0),
        (b"\xff\xb6", "ÿ¶", "cp1252", 0),
        (b"\xed\xa0\x80", "í\xa0€", "cp1252", 0),  # a surrogate is no UTF-8
    ],
)
def test_decoding_ladder(data: bytes, text: str, encoding: str, bom: int) -> None:
    assert decode(data) == (text, encoding, bom)
    source = read_text(data)
    assert (source.source, source.encoding, source.bom) == (text, encoding, bom)
    assert source.byte_range(Span(0, len(text))) == (bom, len(data))


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview])
def test_kinds_of_bytes(convert: Any) -> None:
    assert read_text(convert("¶1.\n".encode())) == read_text("¶1.\n".encode())


def test_text_is_taken_as_it_is() -> None:
    source = read_text("¶1.\n")
    assert (source.source, source.text, source.encoding, source.decisions) == ("¶1.\n", "¶1.\n", "str", ())
    assert source.byte_range(Span(0, 2)) == (0, 3)


def test_the_bytes_of_text_that_is_no_unicode() -> None:
    assert read_text("a\ud800b").byte_range(Span(1, 3)) == (1, 5)
    assert read_text("a\ud800b").byte_range(Span(2, 3)) == (4, 5)


@pytest.mark.parametrize("wrong", [None, 1, 1.5, ["¶"], {"a": 1}, object()])
def test_wrong_type(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"a cable is text or bytes, not {type(wrong).__name__}"):
        read_text(wrong)


# ---- what the grammar reads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read", "decided"),
    [
        # line ends
        ("A\r\nB\r\n", "A\nB\n", {}),
        ("A\rB", "A\nB\n", {}),
        ("A\r\r\nB", "A\n\nB\n", {}),
        ("A\x0bB\x0cC\x85D\u2028E\u2029F\n", "A\nB\nC\nD\nE\nF\n", {"control characters and hard blanks": 5}),
        ("A", "A\n", {}),
        ("A\n\n", "A\n\n", {}),
        # markdown
        ("TAGS: [KCRM](#) [PGOV](#)\n", "TAGS: KCRM PGOV\n", {"markdown": 2}),
        ("[SOFIA 12](https://example.org/12)\n", "SOFIA 12\n", {"markdown": 1}),
        ("[a](/b) [a](./b) [a](../b) [a](mailto:b)\n", "a a a a\n", {"markdown": 4}),
        ("He will [sic](not a link) come\n", "He will [sic](not a link) come\n", {}),
        ("[sic](but)\n[a\nb](#)\n", "[sic](but)\n[a\nb](#)\n", {}),
        ("[a\rb](#)\n", "[a\nb](#)\n", {}),
        ("FM X\\\nTO Y\\  \nZ\\\r\n", "FM X\nTO Y  \nZ\n", {"markdown": 3}),
        ("a \\_ b \\* c \\[ d \\] e \\# f\n", "a _ b * c [ d ] e # f\n", {"markdown": 5}),
        ("C:\\TEMP\\x\n", "C:\\TEMP\\x\n", {}),
        # entities, once
        ("AT&amp;T &#182;1. &#xB6;2.\n", "AT&T ¶1. ¶2.\n", {"entities": 3}),
        ("&amp;lt;br&amp;gt;\n", "&lt;br&gt;\n", {"entities": 2}),
        ("R&D; A & B; &; &nosuchname; &\n", "R&D; A & B; &; &nosuchname; &\n", {}),
        ("&ltd; and &notit;\n", "&ltd; and &notit;\n", {}),
        ("A&nbsp;B&#x000A;C&#13;D\n", "A B\nC\nD\n", {"entities": 3}),
        ("&#xD800;&#0;\n", "\ufffd\ufffd\n", {"entities": 2}),
        # mark-up
        ("A<br>B<br/>C<br />D\n", "ABCD\n", {"markup": 3}),
        ('<table class="cable"><tr><td>A</td></tr></table>\n', "A\n", {"markup": 6}),
        ("<a id='par1' href='#par1'>¶</a>1.\n", "¶1.\n", {"markup": 2}),
        (
            "<tag of a text> <name@example.org> a < b > c <<12>>\n",
            "<tag of a text> <name@example.org> a < b > c <<12>>\n",
            {},
        ),
        ("<broken\n> <b <i>x\n", "<broken\n> <b x\n", {"markup": 1}),
        # signs that cannot be seen, and blanks that are none
        ("A\x00B\x01C\x7fD\x80E\n", "A B C D E\n", {"control characters and hard blanks": 4}),
        ("A\u00a0B\u2007C\u202fD\n", "A B C D\n", {"control characters and hard blanks": 3}),
        ("A\u2003B\u3000C\u205fD\u1680\n", "A B C D \n", {"control characters and hard blanks": 4}),
        ("A\u200bB\u200eC\u2060D\u00adE\ufeffF\n", "ABCDEF\n", {"invisible": 5}),
        ("\ufeffA\n", "A\n", {"invisible": 1}),
        ("A\tB\n", "A\tB\n", {}),
        ("A\ud800B\udfffC\n", "A\ufffdB\ufffdC\n", {"lone surrogates": 2}),
    ],
)
def test_residue(written: str, read: str, decided: dict[str, int]) -> None:
    source = read_text(written)
    assert source.text == read
    assert source.source == written
    assert decisions(source) == decided


def test_decisions_are_in_order_of_their_names() -> None:
    source = read_text("a\u200b &amp; <br> [A](#)\x01\n")
    assert source.decisions == (
        Decision(what="control characters and hard blanks", count=1),
        Decision(what="entities", count=1),
        Decision(what="invisible", count=1),
        Decision(what="markdown", count=1),
        Decision(what="markup", count=1),
    )


# ---- the way back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "word", "behind"),
    [
        ("SIPDIS\r\nTAGS: KCRM\r\n", "TAGS", ":"),
        ("TAGS: [KCRM](#) [PGOV](#)\n", "PGOV", "]"),
        ("&para;1. AT&amp;T said\n", "said", "\n"),
        ("<b>Bold</b> words\n", "words", "\n"),
        ("a\u200bb word\n", "word", "\n"),
        ("plain word\n", "word", "\n"),
    ],
)
def test_span_leads_to_the_word(written: str, word: str, behind: str) -> None:
    source = read_text(written)
    start = source.text.index(word)
    span = source.span(start, start + len(word))
    assert written[span.start : span.start + len(word)] == word
    assert source.position(start) == written.index(word)
    assert written[span.start + len(word)] == behind


@pytest.mark.parametrize(
    ("written", "word"),
    [("SIPDIS\r\nTAGS\r\n", "SIPDIS"), ("[KCRM](#) [PGOV](#)\n", "KCRM"), ("<i>sic</i>\n", "sic")],
)
def test_span_ends_with_its_word(written: str, word: str) -> None:
    source = read_text(written)
    start = source.text.index(word)
    span = source.span(start, start + len(word))
    assert written[span.start : span.end] == word


def test_span_covers_a_whole_entity() -> None:
    source = read_text("AT&amp;T\n")
    assert source.span(0, 4) == Span(0, 8)
    assert source.span(0, 3) == Span(0, 7)
    assert source.span(2, 3) == Span(2, 7)


@pytest.mark.parametrize("written", ["", "A", "A\n", "A\r\n", "A<br>", "&amp;", "\u200b", "A\\"])
def test_the_whole_text_is_the_whole_source(written: str) -> None:
    source = read_text(written)
    assert source.stretch(0, len(source.text)) == Span(0, len(written))


RESIDUE = [
    "\r\n",
    "\r",
    "&amp;",
    "&#182;",
    "&nbsp;",
    "&#x1F600;",
    "<br>",
    "<td class='x'>",
    "</b>",
    "[KCRM](#)",
    "\\\n",
]
LOOK_ALIKES = [
    "&zzzz;",
    "&",
    "<tag of a text>",
    "<",
    "[sic](no)",
    "[",
    "](#)",
    "\\",
    "\\_",
    "\\\n",
    "\n",
    " ",
    "SIPDIS",
]
SIGNS = list("\u200b\ufeff\x00\u00a0\u2028\x85¶“é\u0141\U0001f600")
PIECES = st.lists(
    st.sampled_from(RESIDUE + LOOK_ALIKES + SIGNS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    max_size=30,
)
BLANK_SIGNS = {*range(0x20), *range(0x7F, 0xA1), *range(0x2000, 0x200B), 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def check_way_back(source: SourceText) -> None:
    """Every character that was not put in stands where its position says; a lost character never moves another."""
    positions = [source.position(offset) for offset in range(len(source.text) + 1)]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(source.source) for position in positions)
    for offset, position in enumerate(positions[:-1]):
        read = source.text[offset]
        if position == len(source.source):
            assert (read, offset) == ("\n", len(source.text) - 1)  # the line end that was put behind the text
            continue
        written = source.source[position]
        if written == "\r":
            assert read == "\n"
        elif ord(written) in BLANK_SIGNS:
            assert read in " \t\n"
        elif written != "&":  # which may begin an entity
            assert read == written
    spans = [source.span(offset, offset + 1) for offset in range(len(source.text))]
    assert all(span.start <= span.end for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    stretches = [source.stretch(offset, offset + 1) for offset in range(len(source.text))]
    assert all(one.end == two.start for one, two in pairwise(stretches))


@given(PIECES)
def test_every_character_leads_back(pieces: list[str]) -> None:
    check_way_back(read_text("".join(pieces)))


@given(PIECES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"]), st.data())
def test_byte_ranges_lead_back(pieces: list[str], encoding: str, data: st.DataObject) -> None:
    original = "".join(pieces).encode(encoding, "ignore")
    source = read_text(original)
    check_way_back(source)
    start = data.draw(st.integers(0, len(source.source)))
    end = data.draw(st.integers(start, len(source.source)))
    first, last = source.byte_range(Span(start, end))
    assert original[first:last].decode(source.encoding) == source.source[start:end]


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    source = read_text(data)
    check_way_back(source)
    first, last = source.byte_range(Span(0, len(source.source)))
    assert (first, last) == (source.bom, len(data))


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read(text: str) -> None:
    source = read_text(text)
    assert source.stretch(0, len(source.text)) == Span(0, len(text))
    assert not any(0xD800 <= ord(sign) < 0xE000 for sign in source.text)
    assert source.text.endswith("\n") or not source.text
