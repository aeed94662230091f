"""Where line 12 is found, in every state of the document grammar."""

from __future__ import annotations

import pytest

from cablekit.build.cable import parse
from cablekit.model import Level
from tests.make import END, cable, codes, cut, header

HEAD = "R 121302Z JUL 74\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 0591\n"
TAIL = HEAD + "UNCLAS SOFIA 000608\nSUBJECT: ROSE OIL\n\n"
BODY = TAIL + "1. (U) The roses are late.\n\n"
NOTE = "This record is a partial extract of the original cable. The full text of the original cable is not available."

LINES_12 = """
UNCLAS SOFIA 000608
UNCLASSIFIED SOFIA 608
UNCLAS SECTION 01 OF 02 SOFIA 000608
UNCLAS SECTION 1 OF 1 SOFIA 000608
UNCLAS FINAL SECTION OF 02 SOFIA 000608
UNCLAS EFTO SOFIA 000608
UNCLAS E F T O SOFIA 000608
UNCLAS STATE 063812 TOSEC 140301
UNCLAS SECTION 01 OF 02 PORT AU PRINCE 000608
UNCLAS AMEMBASSY SOFIA 000608
UNCLAS STATE 00100153
UNCLASSIFIED OSLO 3
C O N F I D E N T I A L SOFIA 000608
C O N F I D E N T I A L SECTION 01 OF 24 USUN NEW YORK 000608
CONFIDENTIAL SOFIA 000608
CONFIDENTIAL//NOFORN SOFIA 000608
S E C R E T SOFIA 000608
S E C R E T SECTION 01 OF 02 SOFIA 000608
SECRET//NOFORN SOFIA 000608
T O P  S E C R E T SOFIA 000608
LIMITED OFFICIAL USE SOFIA 0608
RESTRICTED SOFIA 0608
UNCLAS SECION 01 OF 02 SOFIA 000608
UNCLAS SCTION 01 OF 02 SOFIA 000608
UNCLAS SECTIKN 01 OF 02 SOFIA 000608
UNCLAS SECTION 01 0F 02 SOFIA 000608
UNCLAS SECTION 01 GF 02 SOFIA 000608
UNCLAS SECTION01F03 SOFIA 000608
UNCLAS SECTION 01 OF 02 SOFIA 00Q608
UNCLAS XXXXXXXXXXXX 000608
SE C R E T SOFIA 000608
CO N F I D E N T I A L SOFIA 000608
C ONFIDENTIAL SOFIA 000608
""".strip().split("\n")
LOWER_LINES_12 = """
Unclas sofia 000608
Unclassified Section 01 of 02 port au prince 000608
Confidential sofia 000608
S e c r e t section 01 of 02 sofia 000608
C o n f i d e n t i a l sofia 000608
""".strip().split("\n")
# The first letter doubled, lost or displaced, and two letters of OF gone wrong
DAMAGED_LINES_12 = """
SS E C R E T SOFIA 000608
CC O N F I D E N T I A L SOFIA 000608
UUNCLAS SOFIA 000608
E C R E T SOFIA 000608
CSE C R E T SOFIA 000608
SS E C R E T SECTION 01 OF 02 SOFIA 000608
CC O N F I D E N T I A L SECION 01 OF 02 SOFIA 000608
UNCLAS SECTION 01 0QF 02 SOFIA 000608
""".strip().split("\n")
ABOVE = {"nothing": "", "partial": NOTE + "\n\n", "layout B": HEAD, "blank": HEAD + " \n", "layout A": header() + "\n"}


@pytest.mark.parametrize("line", LINES_12)
@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("end", ["\n", " \n\n"])
def test_line_12(line: str, above: str, end: str) -> None:
    assert cut(ABOVE[above], line + end, "SIPDIS\n" + END) == " ".join(["CLASSIFICATION", *line.split()])


@pytest.mark.parametrize("line", DAMAGED_LINES_12)
def test_damaged_line_12(line: str) -> None:
    for above in ABOVE.values():
        assert cut(above, line + "\n", "SIPDIS\n" + END) == f"CLASSIFICATION {line}"


@pytest.mark.parametrize("line", LOWER_LINES_12)
@pytest.mark.parametrize("above", [name for name in ABOVE if name != "nothing"])
def test_line_12_in_small_letters(line: str, above: str) -> None:
    assert cut(ABOVE[above], line + "\n", "Sipdis\n" + END) == f"LOWER_CLASSIFICATION {line}"


@pytest.mark.parametrize("line", LINES_12 + LOWER_LINES_12)
@pytest.mark.parametrize("above", [NOTE, HEAD.rstrip(), header(line_8="INFO RUEHZG/EU COLLECTIVE"), header()])
def test_line_12_run_together_with_what_stands_above(line: str, above: str) -> None:
    above_it, _, last = cut("", above + line + "\n", "SIPDIS\n" + END).rpartition(" | ")
    assert above_it.partition(" ")[2] == " ".join(above.split())
    assert last.removeprefix("LOWER_") == " ".join(["CLASSIFICATION", *line.split()])


@pytest.mark.parametrize("line", DAMAGED_LINES_12)
def test_damaged_line_12_run_together_with_the_number_above(line: str) -> None:
    above = header()
    assert cut("", above + line + "\n", "SIPDIS\n" + END) == f"HEADER {' '.join(above.split())} | CLASSIFICATION {line}"


@pytest.mark.parametrize("line", ["UNCLAS SOFIA 000608", "NCLAS SOFIA 000608"])
def test_line_12_run_together_with_a_weekday_line(line: str) -> None:
    above, weekday = header() + "\n", "Wednesday, 1 October 2003, 00:00"
    assert cut("", above + weekday + line + "\n", "SIPDIS\n" + END).endswith(
        f"| PUBLISHER_DATE {weekday} | CLASSIFICATION {line}"
    )


@pytest.mark.parametrize(
    "name", ["RUEHAA/1ST CORPS", "RUEHAA/HQ 5TH ECRET SOFIA", "RUEHAA/AMEMBASSY ROME 1041 E C R E T 608", "CDA50C"]
)
def test_figures_and_letters_in_the_header_are_no_line_12(name: str) -> None:
    above, line = header(line_8=f"INFO {name}"), "UNCLAS SOFIA 000608"
    assert cut("", above + f"\n{line}\n", "SIPDIS\n" + END) == (
        f"HEADER {' '.join(above.split())} | CLASSIFICATION {line}"
    )


def test_line_12_run_together_with_what_follows() -> None:
    written = "UNCLAS SOFIA 000608 SIPDIS E.O. 12958: N/A TAGS: ETRD, BU SUBJECT: ROSE OIL REF: ROME 12\n"
    assert cut(HEAD, written) == (
        "CLASSIFICATION UNCLAS SOFIA 000608 | CAPTION SIPDIS | EO_LINE E.O. 12958: N/A"
        " | TAGS_LINE TAGS: ETRD, BU | SUBJECT_LINE SUBJECT: ROSE OIL | REF_LINE REF: ROME 12"
    )


@pytest.mark.parametrize(
    "line",
    [
        "SECRET TALKS WERE HELD ON JUNE 15",
        "SECRET SOFIA 608",
        "CONFIDENTIAL PAPERS OF 1974",
        "UNCLASSIFIED CABLES, 12 OF THEM",
        "RESTRICTED AREA 51",
        "Unclas sofia 000608",
        "Confidential talks in sofia 000608",
    ],
)
def test_no_line_12_in_the_text(line: str) -> None:
    found = cut(BODY, f"They read that\n{line}\nand no more.\n")
    assert found.replace(" | TEXT", "") == f"TEXT They read that {line} and no more."


@pytest.mark.parametrize(
    "line",
    [
        "UNCLAS SECTION 02 OF 02 SOFIA 000608",
        "C O N F I D E N T I A L SECTION 02 OF 02 SOFIA 0608",
        "UNCLAS SOFIA 000608",
    ],
)
@pytest.mark.parametrize("above", [TAIL, BODY, BODY + "A line that goes on and\n"])
def test_line_12_of_a_further_section(line: str, above: str) -> None:
    assert cut(above, f"{line}\n") == f"CLASSIFICATION_AGAIN {line}"


def test_a_level_that_cannot_be_read_is_taken_from_line_4() -> None:
    text = cable(header=header(line_4="ZNY SSSSS ZZH"), line_12="XXNCLAS SOFIA 000608")
    made = parse(text)
    assert made.classification
    assert (made.classification.level, made.classification.as_written) == (Level.SECRET, "XXNCLAS SOFIA 000608")
    (repair,) = made.repairs
    assert (repair.rule, repair.as_written, repair.as_read) == ("level-from-line-4", "XXNCLAS", "SECRET")
    assert (codes(made), str(made.mrn)) == (["CK101"], "09SOFIA608")


@pytest.mark.parametrize("line_4", [None, "ZNY QQQQQ ZZH"])
def test_a_level_that_nothing_tells(line_4: str | None) -> None:
    made = parse(cable(header=header(line_4=line_4), line_12="XXNCLAS SOFIA 000608"))
    assert (made.classification, made.repairs, str(made.mrn)) == (None, (), "09SOFIA608")
    assert codes(made) == ["CK201", "CK101"]
