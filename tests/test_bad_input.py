"""What is no cable is refused with a reason; whatever else is given is read, and in linear time."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.cable import parse
from cablekit.errors import CablekitError, NotACableError
from cablekit.model import Cable
from tests.make import BODY, HEADER_LINES, LINE_12, cable, header

ROOT = Path(__file__).resolve().parents[1]
NO_FORM = (
    "it has no routing header, no classification line with a message reference number and no E.O., TAGS and "
    "SUBJECT lines"
)
BLANK = "it holds nothing but blanks"
BINARY = "it is binary data, not text"


def refused(data: str | bytes) -> str:
    with pytest.raises(NotACableError) as caught:
        parse(data)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def answer(data: str | bytes) -> Cable | NotACableError:
    try:
        return parse(data)
    except NotACableError as error:
        return error


# ---- what is no cable ------------------------------------------------------------------------------

CHAPTER = """
CHAPTER THE FOURTH

In which the lamp is lit, and a letter is not read.

The house at the end of the quay had been empty for so long that the gulls
had come to regard its chimney as their own, and it was therefore with loud
disapproval that they saw, on the last evening of March, a thin blue smoke
rise out of it. "Somebody," said the harbor master, who had been watching it
from his window with the expression of a man who has been cheated at cards,
"somebody has found the key."

His wife, who was mending a net that belonged to neither of them, did not
look up. She had known for a week. The girl at the post office had told her,
and the girl at the post office had it from the carter, who had brought two
trunks, a birdcage without a bird, and a lamp of green glass up the hill in
the rain. The key had never been lost. It had hung for eleven years behind
the clock in the chapel, where anybody might have found it who had ever
wanted to know the time.

2. That was the second matter. The first was the letter.

It lay on the table of the empty house, under the green lamp, and the old man
who had come with the trunks walked round it as one walks round a dog that
may or may not be asleep. He knew the hand. He knew, or thought he knew, what
it would say: that the boat was sold, that the children were well, and that
nobody had asked for him. He put another piece of driftwood on the fire.

From the quay one could see the light quite plainly. To the fishermen it was
a star too low; to the gulls an insult; to the harbor master, as he presently
explained to nobody in particular, a matter for the authorities, of whom he
was, on that part of the coast, the only one.

"Then you had better go and ask him what his business is," said his wife.

"Tomorrow," said the harbor master. REF: the almanac, which promised fog.

And tomorrow, as it turned out, was quite soon enough, for by then the letter
had been opened, though not by the man to whom it was addressed.
"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "it is empty"),
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"\xff\xfe", "it is empty"),
        (" ", BLANK),
        ("\n\r\n\t \u00a0\u200b\ufeff", BLANK),
        ("\n" * 100_000, BLANK),
        ("<br>&nbsp;", BLANK),
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00\x43\x00\x08\x06\x06\x07",
            BINARY,
        ),
        (bytes(range(32)) * 50, BLANK),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(200), BINARY),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", NO_FORM),
        ("x", NO_FORM),
        ("\x00", BLANK),
        (CHAPTER, NO_FORM),
        (CHAPTER.encode("utf-16"), NO_FORM),
        (
            "<!DOCTYPE html>\n<html><head><title>Roses</title></head><body><p>A page of roses.</p></body></html>",
            NO_FORM,
        ),
        ('{"id": 12, "subject": "Roses", "body": "1. (U) no"}', NO_FORM),
        ("From: Ann\nTo: Ben\nSubject: roses\n\nThey are late.\n", NO_FORM),
        ("SUBJECT: ROSES\n\n1. The roses are late.\n", NO_FORM),
        ("FM radio\nTO be or not to be\n", NO_FORM),
        ("SECRET SERVICE, a novel in 12 parts\n", NO_FORM),
        ("R 290934Z JAN 08\n", NO_FORM),
    ],
    ids=range(23),
)
def test_what_is_no_cable(data: str | bytes, reason: str) -> None:
    assert refused(data) == reason


@pytest.mark.parametrize(
    "text",
    [
        LINE_12,
        header(),
        "DE RUEHSF #0608/01 2781218",
        "VZCZCXRO3684",
        "R 290934Z JAN 08\nFM AMEMBASSY SOFIA",
        "TAGS: ETRD\nSUBJECT: ROSE OIL",
        "E.O. 12958: N/A\nTAGS: ETRD",
        f"{CHAPTER}\n{cable()}",
        cable().lower().replace("unclas sofia", "Unclas sofia"),
    ],
)
def test_the_least_that_is_a_cable(text: str) -> None:
    assert isinstance(parse(text), Cable)


@pytest.mark.parametrize("wrong", [None, 12, 1.5, ["R"], {"text": "R"}, Path("cable.txt"), object(), parse])
def test_the_wrong_type(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"^a cable is text or bytes, not {type(wrong).__name__}$"):
        parse(wrong)


@pytest.mark.parametrize("convert", [bytearray, memoryview])
def test_other_kinds_of_bytes(convert: Any) -> None:
    data = cable().encode()
    assert parse(convert(data)) == parse(data)


def test_the_error_can_be_caught_in_three_ways() -> None:
    for kind in (NotACableError, CablekitError, ValueError):
        with pytest.raises(kind):
            parse("")


# ---- what is cut off -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["layout-a-reflowed", "sections-two", "layout-d-1966"])
def test_a_sample_cut_after_any_byte(name: str) -> None:
    data = (ROOT / "samples" / f"{name}.txt").read_bytes()
    whole = parse(data)
    for end in range(0, len(data), 23):
        made = answer(data[:end])
        if isinstance(made, NotACableError):
            assert end < 60
            assert made.reason in ("it is empty", NO_FORM)
        elif end > 900:
            assert made.mrn == whole.mrn
    assert parse(data[:-1]).body == whole.body


@pytest.mark.parametrize("name", ["layout-a-latin1-crlf", "seed-quirks", "embedded-record"])
def test_a_sample_cut_before_any_byte(name: str) -> None:
    data = (ROOT / "samples" / f"{name}.txt").read_bytes()
    for start in range(0, len(data), 61):
        made = answer(data[start:])
        assert isinstance(made, Cable) or made.reason == NO_FORM


def test_random_bytes() -> None:
    dice = random.Random(608)
    for length in (1, 10, 100, 1_000, 10_000):
        data = bytes(dice.choices(range(256), k=length))
        with pytest.raises(NotACableError):
            parse(data)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_anything_is_answered(data: str | bytes) -> None:
    made = answer(data)
    assert isinstance(made, Cable) or made.reason in ("it is empty", BLANK, BINARY, NO_FORM)


# ---- hostile texts: as long as they are, they take the time that their length allows -----------------

LONG = 100_000
HOSTILE_BODIES = {
    "one line": "1. (U) " + "The roses are late. " * (LONG // 2),
    "one word": "1. (U) " + "a" * 1_000_000,
    "blank lines": "1. (U) The roses\n" + "\n" * LONG + "are late.",
    "blanks": "1. (U) The roses" + " " * LONG + "are late.",
    "lines of blanks": "1. (U) The roses\n" + (" " * 70 + "\n") * (LONG // 50) + "are late.",
    "opened": "1. " + "(" * 10_000,
    "opened and closed": "1. " + "([{" * 5_000 + ")" * 5_000,
    "closed": "1. " + ")" * 10_000,
    "marks": "1. (U) " + "(C) " * 10_000,
    "numbers": "1. " * 10_000,
    "numbered lines": "1. (U) Roses.\n" * 5_000,
    "pilcrows": "¶" * LONG,
    "pilcrows and numbers": "¶1" * 10_000,
    "dashes": "1. (U) Roses.\n\n" + "-" * LONG + "x",
    "dash and blank": "1. (U) Roses.\n\n" + "- " * 15_000 + "x",
    "a dash and blanks": "1. (U) Roses.\n\n-" + " " * LONG + "x",
    "stars": "1. (U) Roses.\n\n***" + " " * LONG + "x",
    "stars and blanks": "1. (U) Roses.\n\n" + "* " * 20_000 + "x",
    "slashes": "1. (U) Roses.\n\n" + "////" + " /" * 20_000 + "x",
    "equals": "1. (U) Roses.\n\n" + "=" * LONG + "x",
    "rules": "1. (U) Roses.\n\n" + "-----\n" * 10_000,
    "boxes": "1. (U) Roses.\n\n" + "*****\n" * 10_000,
    "names": "1. (U) Roses.\n\n" + "Quill\n" * 10_000,
    "names and stops": "1. (U) Roses.\n\nQuill" + "." * 20_000 + "x",
    "end marks": "1. (U) Roses.\n\nQUILL\n" + "NNNN\n" * 10_000 + "x",
    "page breaks in a line": "1. (U) " + "x 00000608 001 OF 002 y " * 2_000,
    "page breaks": "1. (U) x\n" + "SOFIA 00000608 001 OF 002\n" * 5_000,
    "posts": "1. (U) " + "SOFIA " * 20_000,
    "zeros": "1. (U) " + "0" * LONG,
    "columns": "1. (U) Roses:\n" + "Roses   12   13\n" * 10_000,
    "wide columns": "1. (U) Roses:\n" + "Roses   12   13   " * 10_000,
    "two wide columns": ("1. (U) Roses:\n" + "R" * 50_000 + "   12\n") * 4,
    "list": "1. (U) Roses:\n" + "-- roses.\n" * 10_000,
    "list in a line": "1. (U) Roses:\n" + "a) " * 10_000,
    "short lines": "1. (U) Roses\n\n" + "Roses\n\n" * 10_000,
    "quotes": "1. (U) Roses.\n" + '"' * 20_000 + "x",
    "summaries": "1. (U) " + "Summary: (U) " * 10_000,
    "summaries in paragraphs": "1. (U) Summary: roses.\n\n" * 3_000,
    "levels": "1. (U) Roses.\n" + "S E C R E T " * 10_000,
    "levels on lines": "1. (U) Roses.\n" + "UNCLAS SECTION 02 OF 02 SOFIA\n" * 5_000,
    "stamps": "1. (U) Roses.\n" + "Declassified/Released US Department of State " * 2_000,
    "missing sections": "1. (U) Roses.\n" + "* Missing Section 002 *\n" * 3_000,
}
HOSTILE_BLOCKS = {
    "captions": "SIPDIS " * 20_000,
    "caption and blanks": "SIPDIS" + " " * 20_000 + "x",
    "caption and commas": "NOFORN" + " , " * 10_000 + "x",
    "captions and none": "NOFORN " * 10_000 + "x",
    "captions on lines": "SIPDIS\n" * 10_000,
    "passing": "DEPT FOR " + "EUR/CE, " * 10_000,
    "passing lines": "DEPT FOR EUR\n" * 10_000,
    "order": "E.O. 12958: " + "DECL: " * 10_000,
    "order digits": "E.O. " + "1" * 20_000,
    "orders": "E.O. 12958: N/A\n" * 5_000,
    "tags": "TAGS: " + "ETRD, " * 20_000,
    "bare tags": "E.O. 12958: N/A\n" + "ETRD " * 20_000,
    "tags and persons": "TAGS: " + "(" * 10_000,
    "tags and blanks": "TAGS" + " " * 50_000 + "x",
    "subject": "SUBJECT: " + "ROSE OIL " * 20_000,
    "subject lines": "SUBJECT: ROSE\n" * 3_000,
    "subject and blanks": "SUBJECT:" + " " * 50_000 + "x",
    "REF A.": "SUBJECT: ROSE OIL\n" + "REF A. " * LONG,
    "REF: A.": "SUBJECT: ROSE OIL\n" + "REF: A. " * 10_000,
    "REF lines": "SUBJECT: ROSE OIL\n" + "REF A.\n" * LONG,
    "references": "SUBJECT: ROSE OIL\nREF: " + "A. ROME 12 " * 5_000,
    "reference lines": "SUBJECT: ROSE OIL\nREF: A. ROME 12\n" + "     B. ROME 13\n\n" * 5_000,
    "classified by": "CLASSIFIED BY " + "A. QUILL, " * 5_000,
    "reasons": "CLASSIFIED BY A. QUILL FOR REASONS 1.4 " + "(b) and " * 5_000,
    "inline labels": "TAGS: ETRD " * 5_000,
}
HOSTILE_HEADERS = {
    "indicators": HEADER_LINES["line_2"] + " RUEHAB" * 20_000,
    "addressees": "TO AMEMBASSY ROME\n" + "RUEHRO/AMEMBASSY ROME 1041\n" * 10_000,
    "words": "TO " + "AMEMBASSY " * 20_000,
    "precedences": "TO ROME" + " PRIORITY" * 10_000,
    "numbers": "TO ROME" + " 1041" * 10_000,
    "blanks": "TO ROME" + " " * 50_000 + "X",
    "offices": "INFO " + "EUR-00 " * 20_000,
    "letters": "R " * 20_000 + "051218Z OCT 09",
    "signals": HEADER_LINES["line_5"] + " ZDK" * 20_000,
    "dashes": "-" * LONG,
    "junk": "&%$\n" * 10_000,
    "headers": (header() + "\n") * 300,
    "exempt": "INFO EU COLLECTIVE" + ", XMT ROME" * 5_000,
}


def whole(text: str) -> Cable:
    made = parse(text)
    assert "".join(text[node.span.start : node.span.end] for node in made.nodes) == text
    return made


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_hostile_body(name: str) -> None:
    assert str(whole(cable(body=HOSTILE_BODIES[name])).mrn) == "09SOFIA608"


@pytest.mark.parametrize("name", HOSTILE_BLOCKS)
def test_hostile_text_block(name: str) -> None:
    assert str(whole(cable(captions=HOSTILE_BLOCKS[name])).mrn) == "09SOFIA608"


@pytest.mark.parametrize("name", HOSTILE_HEADERS)
def test_hostile_header(name: str) -> None:
    whole(f"{header()}\n{HOSTILE_HEADERS[name]}\n{cable(header='', body=BODY)}")


@pytest.mark.parametrize(
    "text", ["\n" * 100_000, "REF A. " * 100_000, "REF A.\n" * 100_000, "(" * 10_000, "x" * 1_000_000]
)
def test_hostile_texts_that_are_no_cable(text: str) -> None:
    assert refused(text) in (BLANK, NO_FORM)
