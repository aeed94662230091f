"""What publishers wrote around a cable, release stamps, and the layouts."""

from __future__ import annotations

from datetime import date

import pytest

from cablekit.build.cable import parse
from cablekit.model import Unparsed
from tests.make import BODY, cable, header

DATE = "Mon Oct 05 00:00:00 +0100 2009"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"09SOFIA608\nROSES\n{DATE}\nUNCLASSIFIED\nEmbassy Sofia\n", ("ROSES", "UNCLASSIFIED", "Embassy Sofia")),
        (f"09SOFIA608\nROSES\n\nAND  OIL\n{DATE}\nUNCLASSIFIED\n\n\n", ("ROSES AND OIL", "UNCLASSIFIED", None)),
        (f"09SOFIA608\n\n{DATE}\nUNCLASSIFIED\nEmbassy Sofia\n", (None, "UNCLASSIFIED", "Embassy Sofia")),
        (f"09SOFIA608\nROSES\n{DATE}\nUNCLASSIFIED\n\n", ("ROSES", "UNCLASSIFIED", None)),
        (f"09SOFIA608\nROSES\n{DATE}\n\n\n", ("ROSES", None, None)),
        (f"09SOFIA608\n\n{DATE}\n\n\n\n", (None, None, None)),
    ],
)  # fmt: skip
def test_the_head_of_the_plain_text_publication(head: str, expected: tuple[str | None, ...]) -> None:
    text = head + cable()
    made = parse(text)
    assert made.publication
    assert (made.publication.reference_id, made.publication.date) == ("09SOFIA608", DATE)
    assert (made.publication.title, made.publication.classification, made.publication.origin) == expected
    start, end = made.publication.span
    assert text[start:end] == head.strip()
    assert (str(made.mrn), made.header.dtg is not None) == ("09SOFIA608", True)


def test_the_publisher_tells_the_year_of_a_partial_extract() -> None:
    made = parse(f"05SOFIA608\nROSES\n{DATE}\nUNCLASSIFIED\nEmbassy Sofia\n{cable(header='')}")
    assert made.mrn
    assert (str(made.mrn), made.mrn.year_source) == ("05SOFIA608", "publication")
    own = parse(f"05SOFIA608\nROSES\n{DATE}\nUNCLASSIFIED\nEmbassy Sofia\n{cable()}").mrn
    assert own
    assert (str(own), own.year_source) == ("09SOFIA608", "dtg")


RELEASED = "Declassified/Released US Department of State EO Systematic Review"


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        (f"{RELEASED} 20 MAR 2014", date(2014, 3, 20)),
        (f"UNCLASSIFIED {RELEASED} 04 MAY 2006", date(2006, 5, 4)),
        (f"{RELEASED}  05 JUL  2006 ", date(2006, 7, 5)),
        (RELEASED, None),
        (f"{RELEASED} 31 FEB 2014", None),
        # half a date is none
        (f"{RELEASED} on 20 MAR", None),
        (f"{RELEASED} of MAR 2014", None),
        (f"{RELEASED} of 2014", None),
        (f"{RELEASED} 2014 10:00 QQST", None),
    ],
)
@pytest.mark.parametrize("place", ["above", "in the text", "below"])
def test_release_stamps(stamp: str, day: date | None, place: str) -> None:
    body = {"in the text": f"1. (U) The roses are\n\n{stamp}\n\nlate.\n\nQUILL", "below": f"{BODY}\n\n{stamp}"}
    text = (f"{stamp}\n" if place == "above" else "") + cable(body=body.get(place, BODY))
    made = parse(text)
    (release,) = made.release
    assert (release.text, release.date, release.authority) == (" ".join(stamp.split()), day, "US Department of State")
    assert text[release.span.start : release.span.end] == stamp.strip()
    assert made.signature
    if place == "in the text":
        assert made.paragraphs[0].text == "The roses are late."


NOTE = "This record is a partial extract of the original cable. The full text of the original cable is not available."


@pytest.mark.parametrize(
    ("head", "layout"),
    [
        (header(), "A"),
        (header(line_1=None, line_2=None), "A"),
        ("R 051218Z OCT 09\nFM SECSTATE WASHDC\nTO AMEMBASSY SOFIA", "B"),
        ("R 051218Z DEC 72\nFM SECSTATE WASHDC\nTO AMEMBASSY SOFIA", "D"),
        ("R 051218Z JAN 73\nFM SECSTATE WASHDC\nTO AMEMBASSY SOFIA", "B"),
        (header(line_5="P 051218Z OCT 72"), "A"),
        (NOTE, "P"),
        (f"{NOTE}\n\n{header()}", "P"),
        ("", "B"),
    ],
)
def test_layout(head: str, layout: str) -> None:
    assert parse(cable(header=head)).layout == layout


def test_a_line_that_no_rule_knows_is_kept() -> None:
    text = f"A line of a newspaper\n\n{cable()}"
    made = parse(text)
    first = made.body[0]
    assert isinstance(first, Unparsed)
    assert (first.text, text[first.span.start : first.span.end]) == ("A line of a newspaper", "A line of a newspaper")
    assert made.coverage == pytest.approx(1 - len("A line of a newspaper\n\n") / len(text))


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Monday, 5 October 2009, 12:18", "publisher_date"),
        ("Cable dated:2009-10-05T12:18:00", "publisher_date"),
        ("UNCLASSIFIED   STATE   00100153", "page_head"),
    ],
)
def test_lines_of_publishers_are_dropped(line: str, rule: str) -> None:
    text = f"{line}\n{cable()}" if rule == "page_head" else cable(header=f"{header()}\n{line}")
    made = parse(text)
    assert rule in {node.rule for node in made.nodes}
    assert (made.coverage, len(made.header.info), made.diagnostics) == (1.0, 1, ())
