"""Which layout reads a text is told once, from its content, with the reason kept."""

from __future__ import annotations

import pytest

from cablekit.build.cable import parse
from cablekit.build.layouts import recognise
from cablekit.build.reading import Reading
from cablekit.text import read_text
from tests.make import cable


def layout(text: str) -> str | None:
    found = recognise(Reading(read_text(text)))
    return found.layout if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("                Message Text\n\nFOO\n", "C"),
        ("   Message Attributes\n\nFrom: SOFIA\n", "C"),
        ("FOO\nDeclassified/Released US Department of State EO Systematic Review 30 JUN 2005\n", "C"),
        ("FOO\nSECRET\nSECRET\nPAGE 02  SOFIA  01906\nBAR\n", "C"),
        ("FOO\nPAGE 02\n\nSECRET\nBAR\n", "C"),
        ("PAGE 01 SOFIA 01906\n43\nACTION EB-07\n", "C"),
        ("FOO\nUNCLASSIFIED\n\nNNN\n", "C"),
        ("MRN: 11 SOFIA 123\nDate/DTG: Jan 05, 2011 / 050934Z JAN 11\n", "E"),
        ("MRN:\nDate/DTG:\nFrom:\n", "E"),
        ("RELEASED IN PART\nB6\nFOO\n", "F"),
        ("UNCLASSIFIED U.S. Department of State Case No. F-2016-00417\nFOO\n", "F"),
        ("INCOMING TELEGRAM\nFOO\n", "F"),
        ("===== PAGE 1 =====\nSECRET\nSECRET\nPAGE 02 SOFIA\n", "F"),
        # Of several signs the surest decides, in whichever order they stand.
        ("RELEASED IN PART\nFOO\nMRN: 11 SOFIA 123\nFrom: SOFIA\n", "E"),
        ("MRN: 11 SOFIA 123\nFrom: SOFIA\nRELEASED IN PART\n", "E"),
        ("RELEASED IN PART\nMRN: 11 SOFIA 123\nFrom: SOFIA\n   Message Attributes\nTo: X\n", "C"),
        ("RELEASED IN PART\nFOO\n   Message Text\nFOO\n", "C"),
        ("RELEASED IN PART\nFOO\nUNCLASSIFIED\n\nNNN\n", "F"),
        ("UNCLASSIFIED\n\nNNN\nRELEASED IN PART\n", "F"),
        ("P 051218Z OCT 09\nRELEASED IN PART\nUNCLASSIFIED\n\nNNN\n", "C"),
        ("P 051218Z OCT 09\nMRN: 11 SOFIA 123\nFrom: SOFIA\n", "E"),
        # Look-alikes.
        ("The heading Message Text stands in this line\n", None),
        ("FOO MRN: 11 SOFIA 123\nDate/DTG\n", None),
        ("MRN: 11 SOFIA 123 and nothing else\n", None),
        ("FOO\nSECRET\nTHAT IS ALL\nPAGE 02 SOFIA 01906\n", None),
        ("NNN\n", None),
        ("He asked that it be released in full.\n", None),
        ("P 051218Z OCT 09\nFM AMEMBASSY SOFIA\n1. CASE NO. 12 AND THE TELEGRAM.\nTELEGRAM\n", None),
        (cable(body="1. THE CABLE\nRELEASED IN FULL\nUNCLASSIFIED\n\nNNN\n"), None),
    ],
)
def test_signs(text: str, expected: str | None) -> None:
    assert layout(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (cable(), "A", "its header has routing lines"),
        (cable(header="P 051218Z OCT 09\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC"), "B", "it has no routing lines"),
        (
            cable(header="P 051218Z OCT 66\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC"),
            "D",
            "it has no routing lines and is of 1966",
        ),
        (cable(body="1. X\nUNCLAS SOFIA 1\n") + "\nMessage Attributes\n", "A", "its header has routing lines"),
    ],
)
def test_the_reason_is_kept(text: str, expected: str, reason: str) -> None:
    made = parse(text)
    assert (made.layout, made.layout_reason) == (expected, reason)
