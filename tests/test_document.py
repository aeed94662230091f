"""Which part each line becomes, in every state of the document grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.text import read_text
from tests.make import cable, header, parts

HEAD = "R 121302Z JUL 74\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 0591\n"
BLOCK = HEAD + "UNCLAS SOFIA 000608\n"
TAIL = BLOCK + "SUBJECT: ROSE OIL\n\n"
BODY = TAIL + "1. (U) The roses are late.\n\n"
TEXT_BLOCK = "UNCLAS SOFIA 000608\nSUBJECT: ROSE OIL\n\n"
END = "\n9. (U) The last words are these.\n\nQUILL\n"


def cut(before: str, written: str, behind: str = END) -> list[str]:
    """Return the parts that hold what is written between two texts, each as its terminal and its words."""
    start, end = len(before), len(before + written)
    position, found = 0, []
    for terminal, text in parts(before + written + behind):
        if position < end and position + len(text) > start:
            found.append(" ".join([terminal, *text.split()]))
        position += len(text)
    return found


# ---- above the cable, and the header ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A line of a newspaper\n", ["FRONT_LINE A line of a newspaper"]),
        ("\n \n", ["BLANK"]),
        (
            "74SOFIA608\nROSES\nMon Jul 12 00:00:00 +0100 1974\nUNCLASSIFIED\nEmbassy Sofia\n",
            ["PUBLICATION_HEAD 74SOFIA608 ROSES Mon Jul 12 00:00:00 +0100 1974 UNCLASSIFIED Embassy Sofia"],
        ),
        ("74SOFIA608\nMon Jul 12 1974\n", ["FRONT_LINE 74SOFIA608", "FRONT_LINE Mon Jul 12 1974"]),
        ("UNCLASSIFIED   STATE   00100153 \n", ["PAGE_HEAD UNCLASSIFIED STATE 00100153"]),
        ("id: 12\nrefid: 74SOFIA608\norigin: X\n", ["RECORD_HEAD id: 12 refid: 74SOFIA608 origin: X"]),
        ("Thursday, 22 October 2009, 15:12\n", ["PUBLISHER_DATE Thursday, 22 October 2009, 15:12"]),
    ],
)  # fmt: skip
def test_above_the_header(written: str, expected: list[str]) -> None:
    assert cut("", written, header() + "\n" + TEXT_BLOCK) == expected


NOTE = "This record is a partial extract of the original cable. The full text of the original cable is not available."


@pytest.mark.parametrize("end", ["\n", "\n\n\n", " \n \n", ""])
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_partial_extract(blank: str, end: str) -> None:
    assert cut("", NOTE.replace(". ", f".{blank}") + end, TEXT_BLOCK) == [f"PARTIAL_NOTE {NOTE}"]


# A header is one part, whatever lines it has.
HEADERS = [
    header(),
    header().replace("\n", "  \n"),
    header(line_2="PP RUEHAST RUEHBI\nRUEHCI RUEHDB", line_8="INFO EU COLLECTIVE\nXMT AMCONSUL LYON"),
    header(line_1=None),
    header(line_1=None, line_2=None),
    header(line_1=None, line_2=None, line_3=None, line_4=None),
    header(line_5="O R 281848Z DEC 66 ZDK"),
    header(line_5="R 281848Z Dec 66"),
    "\n\n".join(header().split("\n")),
    "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC",
    "281848Z DEC 66\nFM AMEMBASSY SOFIA",
    "INFO  LOG-00  EUR-00 /000W\n------------------CDA50C  181236Z /38\n" + HEAD.strip(),
    "ACTION EUR-12\nINFO  LOG-00\n" + HEAD.strip() + "\nPAGE 02  SOFIA  000608  121302Z\nAMEMBASSY ROME",
    header(line_8="INFO AMEMBASSY ROME\n%%% 12 ???\nAMEMBASSY BERN"),
]


@pytest.mark.parametrize("written", HEADERS)
@pytest.mark.parametrize("end", ["\n", "\n\n", " \n \n"])
def test_a_header_is_one_part(written: str, end: str) -> None:
    assert cut("", written + end, TEXT_BLOCK) == ["HEADER " + " ".join(written.split())]


@pytest.mark.parametrize(
    "weekday", ["Thursday, 22 October 2009, 15:12", "Sunday, 1 March 2009, 05:02", "Cable dated:2009-10-22T15:12:00"]
)
@pytest.mark.parametrize("end", ["\n", " \n\n", ""])
def test_a_publishers_line_behind_the_header(weekday: str, end: str) -> None:
    assert cut(HEAD + end.strip("\n"), weekday + "\n", TEXT_BLOCK)[-1] == f"PUBLISHER_DATE {weekday}"
    assert cut("", HEAD.rstrip() + end + weekday + "\n", TEXT_BLOCK) == [
        "HEADER " + " ".join(HEAD.split()),
        f"PUBLISHER_DATE {weekday}",
    ]


# ---- line 12 ---------------------------------------------------------------------------------------

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
    assert cut(ABOVE[above], line + end, "SIPDIS\n" + END) == [" ".join(["CLASSIFICATION", *line.split()])]


@pytest.mark.parametrize("line", DAMAGED_LINES_12)
def test_damaged_line_12(line: str) -> None:
    for above in ABOVE.values():
        assert cut(above, line + "\n", "SIPDIS\n" + END) == [f"CLASSIFICATION {line}"]


@pytest.mark.parametrize("line", LOWER_LINES_12)
@pytest.mark.parametrize("above", [name for name in ABOVE if name != "nothing"])
def test_line_12_in_small_letters(line: str, above: str) -> None:
    assert cut(ABOVE[above], line + "\n", "Sipdis\n" + END) == [f"LOWER_CLASSIFICATION {line}"]


@pytest.mark.parametrize("line", LINES_12 + LOWER_LINES_12)
@pytest.mark.parametrize("above", [NOTE, HEAD.rstrip(), header(line_8="INFO RUEHZG/EU COLLECTIVE"), header()])
def test_line_12_run_together_with_what_stands_above(line: str, above: str) -> None:
    *before, last = cut("", above + line + "\n", "SIPDIS\n" + END)
    assert [words.partition(" ")[2] for words in before] == [" ".join(above.split())]
    assert last.removeprefix("LOWER_") == " ".join(["CLASSIFICATION", *line.split()])


def test_line_12_run_together_with_what_follows() -> None:
    written = "UNCLAS SOFIA 000608 SIPDIS E.O. 12958: N/A TAGS: ETRD, BU SUBJECT: ROSE OIL REF: ROME 12\n"
    expected = [
        "CLASSIFICATION UNCLAS SOFIA 000608",
        "CAPTION SIPDIS",
        "EO_LINE E.O. 12958: N/A",
        "TAGS_LINE TAGS: ETRD, BU",
    ]
    assert cut(HEAD, written) == [*expected, "SUBJECT_LINE SUBJECT: ROSE OIL", "REF_LINE REF: ROME 12"]


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
    assert cut(BODY, f"{line}\n") == [f"TEXT {line}"]


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
    assert cut(above, f"{line}\n") == [f"CLASSIFICATION_AGAIN {line}"]
