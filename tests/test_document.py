"""Which part each line becomes, in every state of the document grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.text import read_text
from tests.make import END, HEADER_LINES, LABELS, cut, header, parts

HEAD = "R 121302Z JUL 74\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 0591\n"
BLOCK = HEAD + "UNCLAS SOFIA 000608\n"
TAIL = BLOCK + "SUBJECT: ROSE OIL\n\n"
BODY = TAIL + "1. (U) The roses are late.\n\n"
TEXT_BLOCK = "UNCLAS SOFIA 000608\nSUBJECT: ROSE OIL\n\n"


# ---- above the cable, and the header ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A line of a newspaper\n", "FRONT_LINE A line of a newspaper"),
        ("\n \n", "BLANK"),
        (
            "74SOFIA608\nROSES\nMon Jul 12 00:00:00 +0100 1974\nUNCLASSIFIED\nEmbassy Sofia\n",
            "PUBLICATION_HEAD 74SOFIA608 ROSES Mon Jul 12 00:00:00 +0100 1974 UNCLASSIFIED Embassy Sofia",
        ),
        ("74SOFIA608\nMon Jul 12 1974\n", "FRONT_LINE 74SOFIA608 | FRONT_LINE Mon Jul 12 1974"),
        ("UNCLASSIFIED   STATE   00100153 \n", "PAGE_HEAD UNCLASSIFIED STATE 00100153"),
        ("id: 12\nrefid: 74SOFIA608\norigin: X\n", "RECORD_HEAD id: 12 refid: 74SOFIA608 origin: X"),
        ("Thursday, 22 October 2009, 15:12\n", "PUBLISHER_DATE Thursday, 22 October 2009, 15:12"),
    ],
)
def test_above_the_header(written: str, expected: str) -> None:
    assert cut("", written, header() + "\n" + TEXT_BLOCK) == expected


NOTE = "This record is a partial extract of the original cable. The full text of the original cable is not available."


@pytest.mark.parametrize("end", ["\n", "\n\n\n", " \n \n", ""])
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_partial_extract(blank: str, end: str) -> None:
    assert cut("", NOTE.replace(". ", f".{blank}") + end, TEXT_BLOCK) == f"PARTIAL_NOTE {NOTE}"


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
    assert cut("", written + end, TEXT_BLOCK) == "HEADER " + " ".join(written.split())


@pytest.mark.parametrize(
    "weekday", ["Thursday, 22 October 2009, 15:12", "Sunday, 1 March 2009, 05:02", "Cable dated:2009-10-22T15:12:00"]
)
@pytest.mark.parametrize("end", ["\n", " \n\n", ""])
def test_a_publishers_line_behind_the_header(weekday: str, end: str) -> None:
    joined = cut("", HEAD.rstrip() + end + weekday + "\n", TEXT_BLOCK)
    assert joined == f"HEADER {' '.join(HEAD.split())} | PUBLISHER_DATE {weekday}"


# ---- the text block --------------------------------------------------------------------------------

LABELS_BEHIND = "TAGS: ETRD\nSUBJECT: ROSE OIL\n" + END
NO_DATE = "EO_LINE E.O. 12958: N/A"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SIPDIS\n \nSENSITIVE \nSIPDIS \n", "CAPTION SIPDIS | CAPTION SENSITIVE | CAPTION SIPDIS"),
        ("SIPDIS SIPDIS\n", "CAPTION SIPDIS | CAPTION SIPDIS"),
        ("Sipdis\nnoforn\n", "CAPTION Sipdis | CAPTION noforn"),
        ("SENSITIVE, NOFORN/EXDIS\n", "CAPTION SENSITIVE, | CAPTION NOFORN/ | CAPTION EXDIS"),
        ("NOFORN SIPDIS DEPT FOR EUR/CE\n", "CAPTION NOFORN | CAPTION SIPDIS | ATTENTION DEPT FOR EUR/CE"),
        ("SENSITIVE BUT UNCLASSIFIED\n", "CAPTION SENSITIVE BUT UNCLASSIFIED"),
        ("C O R R E C T E D  C O P Y (CAPTION)\n", "CORRECTED_COPY C O R R E C T E D C O P Y (CAPTION)"),
        ("CORRECTED COPY\n", "CORRECTED_COPY CORRECTED COPY"),
        ("DEPT FOR EUR\nNSC FOR DREED\n\nSIPDIS\n", "ATTENTION DEPT FOR EUR NSC FOR DREED | CAPTION SIPDIS"),
        ("NSC FOR A\nSENSITIVE\nDEPT FOR B\n", "ATTENTION NSC FOR A | CAPTION SENSITIVE | ATTENTION DEPT FOR B"),
        ("STATE FOR EUR E.O. 12958: N/A\n", "ATTENTION STATE FOR EUR | EO_LINE E.O. 12958: N/A"),
        ("SOFIA 00000608 001.2 OF 002\n", "PAGE_BREAK SOFIA 00000608 001.2 OF 002"),
        ("E.O. 12958: DECL: 07/24/2018\n", "EO_LINE E.O. 12958: DECL: 07/24/2018"),
        ("E.O. 12958: DECL: UPON THE CLOSURE\nOF THE FAIR\n", "EO_LINE E.O. 12958: DECL: UPON THE CLOSURE OF THE FAIR"),
        ("EO 12958 DECL: 07/24/2018\n", "EO_LINE EO 12958 DECL: 07/24/2018"),
        ("e.o. 12598: n/a\n", "EO_LINE e.o. 12598: n/a"),
        ("E.0. 12958: N/A\n", "EO_LINE E.0. 12958: N/A"),
        (
            "E.O. 12958: N/A\nETRD PREL BU\nSUBJECT: X\n",
            f"{NO_DATE} | TAGS_LINE ETRD PREL BU | SUBJECT_LINE SUBJECT: X",
        ),
        ("E.O. 12958: N/A\nETRD, BU\n\nSUBJECT: X\n", f"{NO_DATE} | TAGS_LINE ETRD, BU | SUBJECT_LINE SUBJECT: X"),
        ("TAGS: ETRD, PREL,\nBU\n", "TAGS_LINE TAGS: ETRD, PREL, BU"),
        ("tags etrd, bu\n", "TAGS_LINE tags etrd, bu"),
        ("AGS: ETRD\n", "TAGS_LINE AGS: ETRD"),
        ("TABS: ETRD\n", "TAGS_LINE TABS: ETRD"),
        ("TAGSC ETRD\n", "TAGS_LINE TAGSC ETRD"),
        ("TAGS8 ETRD\n", "TAGS_LINE TAGS8 ETRD"),
        ("SUBJ: ROSES\n", "SUBJECT_LINE SUBJ: ROSES"),
        ("SUBJECT : ROSES\nAND THORNS\n", "SUBJECT_LINE SUBJECT : ROSES AND THORNS"),
        ("SUBJECT; (SBU) ROSES\n", "SUBJECT_LINE SUBJECT; (SBU) ROSES"),
        ("SUBJ4 ROSES\n", "SUBJECT_LINE SUBJ4 ROSES"),
        ("SUBJ: ROSES\n(C/NF) THE ROSES\n", "SUBJECT_LINE SUBJ: ROSES | MARK (C/NF) | TEXT THE ROSES"),
        ("SUBJ: ROSES\n(U//FOUO) THE ROSES\n", "SUBJECT_LINE SUBJ: ROSES | MARK (U//FOUO) | TEXT THE ROSES"),
        # look-alikes
        ("SENSITIVE TALKS IN ROME\n", "ATTENTION SENSITIVE TALKS IN ROME"),
        ("ROSES SUBJECT OF TALKS\n", "ATTENTION ROSES SUBJECT OF TALKS"),
        ("EO STAFF MAY ATTEND\n", "ATTENTION EO STAFF MAY ATTEND"),
    ],
)
def test_behind_line_12(written: str, expected: str) -> None:
    assert cut(BLOCK, written, LABELS_BEHIND) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("REF: ROME 12\n", "REF_LINE REF: ROME 12"),
        ("SUBJECT: ROSE OILREF: ROME 12\n", "SUBJECT_LINE SUBJECT: ROSE OIL | REF_LINE REF: ROME 12"),
        ("SUBJECT: ROSE OILRef: Rome 12\n", "SUBJECT_LINE SUBJECT: ROSE OIL | REF_LINE Ref: Rome 12"),
        ("SUBJECT: ROSE OIL Ref:12 AND Reform\n", "SUBJECT_LINE SUBJECT: ROSE OIL Ref:12 AND Reform"),
        ("Ref: Rome 12\n", "REF_LINE Ref: Rome 12"),
        ("REF: A. ROME 12\n\n     B. ROME 13\n\n     C. ROME 14\n", "REF_LINE REF: A. ROME 12 B. ROME 13 C. ROME 14"),
        ("REF: A) ROME 12\n\nB) ROME 13\n", "REF_LINE REF: A) ROME 12 B) ROME 13"),
        ("REF: A. ROME 12\n¶B. ROME 13\n", "REF_LINE REF: A. ROME 12 ¶B. ROME 13"),
        (
            "REFS: A. ROME 12\n\nSOFIA 00000608 001.2 OF 002\n\n     B. ROME 13\n     C. ROME 14\n",
            "REF_LINE REFS: A. ROME 12 | PAGE_BREAK SOFIA 00000608 001.2 OF 002 | REF_MORE B. ROME 13 C. ROME 14",
        ),
        ("REFTEL: ROME 12\n", "REF_LINE REFTEL: ROME 12"),
        ("REF(S): ROME 12\n", "REF_LINE REF(S): ROME 12"),
        (
            "Classified By: A. Quill\nfor reasons 1.4 (b).\n",
            "CLASSIFIED_BY Classified By: A. Quill for reasons 1.4 (b).",
        ),
        ("(U) CLASSIFIED BY CONSUL QUILL\n", "CLASSIFIED_BY (U) CLASSIFIED BY CONSUL QUILL"),
        ("Derived from: Rome 12\n", "CLASSIFIED_BY Derived from: Rome 12"),
        ("TREASURY DEPT PASS IRS\n", "LATE_PASSING TREASURY DEPT PASS IRS"),
        (
            "This message is sensitive but unclassified,\nso.\n",
            "HANDLING This message is sensitive but unclassified, so.",
        ),
        ("SENSITIVE BUT UNCLASSIFIED, please\nprotect.\n", "HANDLING SENSITIVE BUT UNCLASSIFIED, please protect."),
        ("NOT FOR INTERNET DISTRIBUTION.\n", "HANDLING NOT FOR INTERNET DISTRIBUTION."),
        ("SIPDIS\n", "CAPTION SIPDIS"),
        ("Dear colleagues, the roses are late.\n", "TEXT Dear colleagues, the roses are late."),
        ("(SBU) The roses are late.\n", "MARK (SBU) | TEXT The roses are late."),
        ("(U) The roses are late.\n", "MARK (U) | TEXT The roses are late."),
        ("(C) Summary: The roses are late.\n", "MARK (C) | OPENER Summary: | TEXT The roses are late."),
        ("SUMMARY: The roses are late.\n", "OPENER SUMMARY: | TEXT The roses are late."),
        ("SUMMARY\n-------\n", "HEADING SUMMARY -------"),
        ("1) (U) The roses are late.\n", "MARKED_NUMBER 1) (U) | TEXT The roses are late."),
        ("1. The roses are late.\n", "NUMBER 1. | TEXT The roses are late."),
    ],
)
def test_behind_the_subject(written: str, expected: str) -> None:
    assert cut(TAIL, written) == expected


STAMP = "Declassified/Released US Department of State EO Systematic Review 20 MAR 2014"

# ---- the text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # numbers and marks
        ("¶2. (C) Words.\n", "MARKED_NUMBER ¶2. (C) | TEXT Words."),
        ("¶2 (S//REL NATO, ISAF) Words.\n", "MARKED_NUMBER ¶2 (S//REL NATO, ISAF) | TEXT Words."),
        ("2.(SBU) Words.\n", "MARKED_NUMBER 2.(SBU) | TEXT Words."),
        ("2a. (C/NOFORN) Words.\n", "MARKED_NUMBER 2a. (C/NOFORN) | TEXT Words."),
        ("2.  ( C ) Words.\n", "MARKED_NUMBER 2. ( C ) | TEXT Words."),
        ("2. (c) Words.\n", "MARKED_NUMBER 2. (c) | TEXT Words."),
        ("2. (N/SF) Words.\n", "MARKED_NUMBER 2. (N/SF) | TEXT Words."),
        ("2. C) Words.\n", "MARKED_NUMBER 2. C) | TEXT Words."),
        ("2. (C Words.\n", "MARKED_NUMBER 2. (C | TEXT Words."),
        ("2. (U.S.) growers\n", "NUMBER 2. | TEXT (U.S.) growers"),
        ("2. (CH) growers\n", "NUMBER 2. | TEXT (CH) growers"),
        ("(C) Words.\n", "MARK (C) | TEXT Words."),
        ("(c) Words.\n", "SUB_LABEL (c) | ITEM_TEXT Words."),
        ("2.5 million roses bloom.\n", "TEXT 2.5 million roses bloom."),
        ("2 roses bloom.\n", "TEXT 2 roses bloom."),
        ("1,200 roses bloom.\n", "TEXT 1,200 roses bloom."),
        ("in June\n¶2006. They\n", "TEXT in June | NUMBER ¶2006. | TEXT They"),
        ("2. (U) Summary: Words.\n", "MARKED_NUMBER 2. (U) | OPENER Summary: | TEXT Words."),
        ("2. SUMMARY (U) Words.\n", "NUMBER 2. | MARKED_OPENER SUMMARY (U) | TEXT Words."),
        ("2. (U) ACTION REQUEST. Words.\n", "MARKED_NUMBER 2. (U) | OPENER ACTION REQUEST. | TEXT Words."),
        ("2. (U) Comments were made.\n", "MARKED_NUMBER 2. (U) | TEXT Comments were made."),
        ("2. (U) Note the roses.\n", "MARKED_NUMBER 2. (U) | TEXT Note the roses."),
        # headings
        ("Roses\n-----\n", "HEADING Roses -----"),
        ("-----\nRoses\n-----\n", "HEADING ----- Roses -----"),
        ("-----\n-----\nRoses\n-----\n-----\n", "HEADING ----- ----- Roses ----- -----"),
        ("Roses\n\n-----\n", "HEADING Roses -----"),
        ("Roses and Other Flowers ----------- ---\n", "HEADING Roses and Other Flowers ----------- ---"),
        ("-- Roses --\n", "HEADING -- Roses --"),
        ("Roses\n", "PLAIN_HEADING Roses"),
        ("The roses are late.\n", "TEXT The roses are late."),
        ("The roses are late.\n\n-----\n", "TEXT The roses are late. | RULE -----"),
        ("=====\n_____\n", "RULE ===== | RULE _____"),
        ("*****\n", "RULE *****"),
        # tables and lists
        ("Roses   12   13\nThorns   4    5\n", "TABLE Roses 12 13 Thorns 4 5"),
        ("Roses   12\n--------------\nThorns   4\nOil   2\n", "TABLE Roses 12 -------------- Thorns 4 Oil 2"),
        ("Roses   12   13\nThorns\n", "TEXT Roses 12 13 Thorns"),
        ("Roses  12\nThorns  4\n", "TEXT Roses 12 Thorns 4"),
        ("-- roses.\n-- oil and\nleaf.\n", "SUB_LABEL -- | ITEM_TEXT roses. | SUB_LABEL -- | ITEM_TEXT oil and leaf."),
        ("- roses\n- thorns\n", "SUB_LABEL - | ITEM_TEXT roses | SUB_LABEL - | ITEM_TEXT thorns"),
        (
            "--roses;\n(a) oil;\na. x\n",
            "SUB_LABEL -- | ITEM_TEXT roses; | SUB_LABEL (a) | ITEM_TEXT oil; | SUB_LABEL a. | ITEM_TEXT x",
        ),
        (
            "* roses.\n• oil.\no X\n",
            "SUB_LABEL * | ITEM_TEXT roses. | SUB_LABEL • | ITEM_TEXT oil. | SUB_LABEL o | ITEM_TEXT X",
        ),
        (
            "1) a.\n(2) oil.\n¶B. x\n",
            "SUB_LABEL 1) | ITEM_TEXT a. | SUB_LABEL (2) | ITEM_TEXT oil. | SUB_LABEL ¶B. | ITEM_TEXT x",
        ),
        ("roses\n- and oil - sold\n(a few) words\n", "TEXT roses - and oil - sold (a few) words"),
        # page breaks, captions, stamps, boxes
        ("SOFIA 00000608  001.2 OF 002\n", "PAGE_BREAK SOFIA 00000608 001.2 OF 002"),
        ("CAPE TOWN 00000204 002 OF 002\n", "PAGE_BREAK CAPE TOWN 00000204 002 OF 002"),
        ("PAGE 02  SOFIA  000608  121302Z\n", "PAGE_BREAK PAGE 02 SOFIA 000608 121302Z"),
        ("the SOFIA 00000608 002 OF 002 roses\n", "TEXT the SOFIA | INLINE_BREAK 00000608 002 OF 002 | TEXT roses"),
        ("page 02 of the book 00000608 was\n", "TEXT page 02 of the book 00000608 was"),
        ("roses\nSIPDIS \nand oil\n", "TEXT roses | CAPTION_IN_TEXT SIPDIS | TEXT and oil"),
        ("roses SIPDIS\nand oil\n", "TEXT roses SIPDIS and oil"),
        (f"UNCLASSIFIED {STAMP}\n", f"STAMP UNCLASSIFIED {STAMP}"),
        ("******\n* Missing Section 002 *\n******\n", "MISSING_SECTION ****** * Missing Section 002 * | RULE ******"),
        # what is no label any more
        ("SUBJECT: roses\nand oil\n", "TEXT SUBJECT: roses and oil"),
        ("TAGS: ETRD\n", "TEXT TAGS: ETRD"),
        ("REF: ROME 12\n", "TEXT REF: ROME 12"),
        ("FM radio in Sofia\nTO be sure\nDE facto\n", "TEXT FM radio in Sofia TO be sure DE facto"),
        # a record inside the record
        (header() + "\n", "HEADER " + " ".join(HEADER_LINES.values())),
        ("refid: 74SOFIA608\norigin: Embassy Sofia\n", "RECORD_HEAD refid: 74SOFIA608 origin: Embassy Sofia"),
        ("date: 1974\nrefid: X\nclassification: Y\n", "RECORD_HEAD date: 1974 refid: X classification: Y"),
        (
            "<<12345>>\n1974-07-12 13:02:00\n74SOFIA608\nEmbassy Sofia\nUNCLASSIFIED\n",
            "RECORD_HEAD <<12345>> 1974-07-12 13:02:00 74SOFIA608 Embassy Sofia UNCLASSIFIED",
        ),
        ("12345,7/12/1974 13:02,74SOFIA608,Embassy\n", "RECORD_HEAD 12345,7/12/1974 13:02,74SOFIA608,Embassy"),
        ("---------------- header ends ---------------\n", "RECORD_HEAD ---------------- header ends ---------------"),
    ],
)
def test_in_the_text(written: str, expected: str) -> None:
    assert cut(BODY, written) == expected


NAMES = ["QUILL", "Quill", "O'QUILL", "O’Quill", "QUILL-REED", "DE LA QUILL", "McQuill", "QUILL.", " QUILL"]
ENDS = ["NNNN", "NNN", "=======CABLE ENDS============", "<< END OF DOCUMENT >>", ".", '"']


@pytest.mark.parametrize("name", NAMES)
def test_signature(name: str) -> None:
    signature = f"SIGNATURE {name.strip()}"
    for end in ("", "\n", "\n\n \n"):
        assert cut(BODY, name + end, "") == signature
    for mark in ENDS:
        assert cut(BODY, f"{name}\n{mark}\n", "") == f"{signature} | END_MARK {mark}"
        assert cut(BODY, f"{name}\n\n{STAMP}\n{mark}\n\n", "") == f"{signature} | STAMP {STAMP} | END_MARK {mark}"


NO_NAMES = "END SUMMARY|End comment.|NNNN|GP-3|EXEMPT|Thank you all|quill|QUILL 12|THE ROSES ARE VERY LATE|(QUILL)|NONE"


@pytest.mark.parametrize("line", NO_NAMES.split("|"))
def test_no_signature(line: str) -> None:
    assert cut(BODY, line + "\n", "") == f"{'END_MARK' if line == 'NNNN' else 'TEXT'} {line}"


def test_a_name_in_mid_text_is_no_signature() -> None:
    assert cut(BODY, "The consul is\nQUILL\n") == "TEXT The consul is QUILL"


# ---- any text --------------------------------------------------------------------------------------

FRAGMENTS = (
    """
SIPDIS|REF: A. ROME 12|B. ROME 13|Classified By: X|¶1. (U) Words|2. (C/NF)|Summary:|Roses|-----|QUILL|NNNN|a   b   c
SOFIA 00000608 001.2 OF 002|* Missing Section 002 *|refid: 74SOFIA608|Words of a text|¶|(U)|(|-|-- item|0|E.O. 12958:
UNCLAS SOFIA 000608|S E C R E T SECTION 02 OF 02 SOFIA 000608
""".strip()
    .replace("\n", "|")
    .split("|")
)
FRAGMENTS += [*HEADER_LINES.values(), *LABELS.split("\n"), NOTE, STAMP]
TEXTS = st.lists(
    st.sampled_from(FRAGMENTS) | st.sampled_from(["\n", "\n\n", " ", "   ", " \n"]) | st.text(max_size=4), max_size=40
).map("".join)


@given(TEXTS)
def test_any_text_is_cut_without_gap(text: str) -> None:
    assert "".join(part for _, part in parts(text)) == read_text(text).text
