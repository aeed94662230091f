"""Every repair: a cable that is mended, and one that looks alike and is left alone. What is mended can be undone."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cablekit.build.cable import parse
from cablekit.build.codes import REPAIRS
from cablekit.model import Cable
from tests.fields import fields
from tests.golden import SAMPLES
from tests.make import cable, header
from tests.test_record_copy import BLOCK, DISTRIBUTION, record

LAST = "\n\n2. (U) The oil is later.\n\nQUILL"
SECRET = header(line_4="ZNY SSSSS ZZH")


def block(
    eo: str = "E.O. 12958: N/A", tags: str = "TAGS: ETRD, BU", subject: str = "SUBJECT: ROSE OIL", more: str = ""
) -> str:
    labels = "\n".join(line for line in (eo, tags, subject) if line)
    return cable(labels=f"{labels}\n\n{more}" if more else labels)


def text(first: str, last: str = LAST) -> str:
    return cable(body=first + last)


class Case(NamedTuple):
    """A damaged cable, what stands there and what is read, and a cable that looks alike."""

    rule: str
    damaged: str
    as_written: str
    as_read: str
    alike: str


def to(name: str) -> str:
    return header(line_7=f"TO RUEHC/{name}")


IMAGES = """RELEASED IN FULL

PAGE 01  KUWAIT  00486
ACTION NEA-11
{}
{} AMEMBASSY KUWAIT
TO SECSTATE WASHDC 2964
UNCLAS KUWAIT 0486
E.O. 12065: N/A
TAGS: ETRD, KU
SUBJECT: BUOYS{}
1. BUOYS HAVE COME ADRIFT.
QUILL
"""


CASES = [
    # The header
    Case("precedence-letter", cable(header=to("SECSTATE WASHDC PIORITY 6317")), "PIORITY", "PRIORITY",
         cable(header=to("PRIOR PRISTINE 6317"))),
    Case("precedence-letter", cable(header=to("SECSTATE WASHDC IMMEDIAQE 6317")), "IMMEDIAQE", "IMMEDIATE",
         cable(header=to("IMMEDIATE OFFICE OF THE MAYOR 6317"))),
    Case("header-word", cable(header=header(line_6="M AMEMBASSY SOFIA")), "M", "FM",
         cable(header=header(line_6="M STREET OFFICE"))),
    Case("header-word", cable(header=header(line_7="O RUEHC/SECSTATE WASHDC PRIORITY 6317")), "O", "TO",
         cable(header=header(line_7="TO O RUEHC"))),
    Case("header-word", cable(header=header(line_8="NFO RUEHRO/AMEMBASSY ROME 1041")), "NFO", "INFO",
         cable(header=header(line_8="INFO NFORMATION OFFICE"))),
    Case("dtg-letters", cable(header=header(line_5="P O51218Z OCT 09")), "O51218Z OCT 09", "051218Z OCT 09",
         cable(header=header(line_5="O P 051218Z OCT 09", line_2="OO RUEHAST RUEHBI"))),
    Case("dtg-letters", cable(header=header(line_5="P 051218Z0CT O9")), "051218Z0CT O9", "051218Z OCT 09",
         cable(header=header(line_5="P 051218ZOCT09"))),
    Case("dtg-from-station-line", cable(header=header(line_3="DE RUEHSF #0608/01 2731218", line_5="P 311218Z SEP 09")),
         "311218Z SEP 09", "301218Z SEP 09", cable(header=header(line_3="DE RUEHSF #0608/01 2731219"))),
    Case("dtg-from-station-line", cable(header=header(line_5="P 051218Z OQT 09")), "051218Z OQT 09", "051218Z OCT 09",
         cable(header=header(line_3="DE RUEHSF #0608/01", line_5="P 051218Z OQT 09"))),
    # Line 12
    *(
        Case("classification-letters", cable(header=SECRET, line_12=f"{written} SOFIA 000608"), written, "SECRET",
             cable(header=SECRET, line_12="S E C R E T SOFIA 000608"))
        for written in ("SS E C R E T", "E C R E T", "CSE C R E T", "SE C R E T", "S E Q R E T")
    ),
    *(
        Case("classification-letters", cable(header=header(line_4="ZNY CCCCC ZZH"), line_12=f"{written} SOFIA 000608"),
             written, "CONFIDENTIAL", cable(line_12="CONFIDENTIAL SOFIA 000608"))
        for written in ("CC O N F I D E N T I A L", "CO N F I D E N T I A L", "C ONFIDENTIAL", "C O N F I E N T I A L")
    ),
    *(
        Case("classification-letters", cable(line_12=f"{written} SOFIA 000608"), written, "UNCLAS",
             cable(line_12="UNCLASSIFIED SOFIA 000608"))
        for written in ("UUNCLAS", "NCLAS", "UNQLAS", "UNCAS")
    ),
    Case("level-from-line-4", cable(header=SECRET, line_12="XXNCLAS SOFIA 000608"), "XXNCLAS", "SECRET",
         cable(line_12="UNCLAS SOFIA 000608", header=SECRET)),
    *(
        Case("section-word", cable(line_12=f"UNCLAS {written} SOFIA 000608"), written, "SECTION 01 OF 02",
             cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608"))
        for written in ("SECION 01 OF 02", "SCTION 01 OF 02", "SECTIKN 01 OF 02", "SECTION 01 0QF 02", "SECTION01F02",
                        "SECTION O1 OF O2")
    ),
    Case("section-word", cable(line_12="UNCLAS SECTION01OF02SOFIA 000608"), "SECTION01OF02", "SECTION 01 OF 02",
         cable(line_12="UNCLAS SECTION 1 OF 2 SOFIA 000608")),
    Case("word-in-number", cable(line_12="UNCLAS AMEMBASSY SOFIA 000608"), "AMEMBASSY", "",
         cable(line_12="UNCLAS USUN NEW YORK 000608")),
    Case("word-in-number", cable(line_12="UNCLAS EFTOSOFIA 000608"), "EFTO", "EFTO ",
         cable(line_12="UNCLAS EFTO SOFIA 000608")),
    *(
        Case("post-letter", cable(line_12=f"UNCLAS {written} 000608"), written, "SOFIA",
             cable(line_12="UNCLAS SOFTA 000608", header=header(line_3="DE RUEHRO #0608/01 2781218", line_6=None)))
        for written in ("SOFIIA", "SQFIA", "OFIA", "S0FIA", "SOFLA")
    ),
    Case("post-letter", block(more="REF: BRUSSQLS 12"), "BRUSSQLS", "BRUSSELS", block(more="REF: BRUSSILS 12")),
    Case("post-letter", block(more="REF: R0ME 12"), "R0ME", "ROME", block(more="REF: QATAR 12, FREEDONIA 4")),
    Case("serial-letter", cable(line_12="UNCLAS SOFIA 0006Q8"), "0006Q8", "000608",
         cable(line_12="UNCLAS SOFIA 0006Q8", header=header(line_3="DE RUEHSF #0611/01 2781218"))),
    Case("serial-letter", cable(line_12="UNCLAS SOFIA OOO6O8"), "OOO6O8", "000608",
         cable(line_12="UNCLAS SOFIA 000608")),
    # Captions
    *(
        Case("caption-letters", cable(captions=f"{written}\n\n{beside}"), written, name,
             cable(captions="SENSITIVE\nSIPDIS\nDEPT FOR EUR: SENSITIVITY"))
        for written, name, beside in (("SEFSITIVE", "SENSITIVE", "SIPDIS"), ("SIPDQS", "SIPDIS", "SENSITIVE"),
                                      ("S E N S I T I V E", "SENSITIVE", "SIPDIS"), ("OFORN", "NOFORN", "SIPDIS"))
    ),
    # E.O. line, Classified By, TAGS
    *(
        Case("eo-label", block(f"{written} 12958: N/A"), written, "E.O.", block("E.O. 12958: N/A"))
        for written in ("E.0.", "E.M.", "3.9.", ".O.", "O.")
    ),
    *(
        Case("eo-digits", block(f"E.O. {written}: N/A"), written, "12958", block("E.O. 12356: N/A"))
        for written in ("12598", "19523", "19528", "1295Q", "12O58")
    ),
    Case("eo-value", block("E.O. 12958: DECLl: 10/05/2019"), "DECLl", "DECL", block("E.O. 12958: DECL: 10/05/2019")),
    Case("eo-value", block("E.O. 12958: N'A"), "N'A", "N/A", block("E.O. 12958: N/A")),
    Case("date-letter", block("E.O. 12958: DECL: 1O/05/20l9"), "1O/05/20l9", "10/05/2019",
         block("E.O. 12958: DECL: CLOSING OF THE LILO OFFICE")),
    *(
        Case("classified-by-label", block(more=f"{written} DCM Anna Quill for reasons 1.4 (b)."), written,
             "Classified By:", block(more="Classified By: DCM Anna Quill for reasons 1.4 (b)."))
        for written in ("lassified By:", "Classifed By:", "Classified B y:")
    ),
    Case("wrap-blank", block(more="Classified By: DCM Anna Quill for reasons 1.4 (b) a nd (d)."), "a nd", "and",
         block(more="Classified By: DCM A. N. Duffy for reasons 1.4 (b) and (d).")),
    Case("wrap-blank", block(more="Classified By: DCM Anna Quill for re asons 1.4 (b)."), "re asons", "reasons",
         block(more="Classified By: DCM Re Asonov for reasons 1.4 (b).")),
    *(
        Case("tags-label", block(tags=f"{written} ETRD, BU"), written, "TAGS:", block(tags="TAG: ETRD, BU"))
        for written in ("TAGS;", "TAGSC", "TAGS8", "AGS:", "TAS:", "TABS:", "TAGES:", "5AGS:", "T A G S:",
                        "TAS", "TABS", "TGS", "TAGES")
    ),
    Case("tags-label", block(tags="TAGSETRD, BU"), "TAGS", "TAGS:", block(tags="TAGS ETRD, BU")),
    Case("tags-label", block(tags="ETRD, ECON, BU"), "", "TAGS:",
         block(tags="TAGS: ETRD, ECON,\nSOFIA 00000608  001.2 OF 002 \n\nEINV, BU")),
    Case("tag-misspelt", block(tags="TAGS: ETDR, BU"), "ETDR", "ETRD", block(tags="TAGS: EDTR, BU")),
    Case("tag-letter", block(tags="TAGS: QTRD, BU"), "QTRD", "ETRD", block(tags="TAGS: ETRQ, BU")),
    Case("tag-letter", block(tags="TAGS: E5RD, BU"), "E5RD", "ETRD", block(tags="TAGS: AL-1, G-77, BU")),
    Case("tags-glued", block(tags="TAGS: ETRDEINV, BU"), "ETRDEINV", "ETRD EINV", block(tags="TAGS: UNGA/C-3, BU")),
    # Subject and references
    *(
        Case("subject-label", block(subject=f"{written} ROSE OIL"), written, read,
             block(tags="TAGS: ETRD, BU\nSUBJECT : ROSE OIL", subject=""))
        for written, read in (("SUBJ4", "SUBJ:"), ("SUBJ,", "SUBJ:"), ("SUBJC", "SUBJ:"), ("SUBJECT;", "SUBJECT:"),
                              ("UBJECT:", "SUBJECT:"), ("SUBJQCT:", "SUBJECT:"))
    ),
    *(
        Case("ref-label", block(more=f"{written} ROME 12"), written, "REF:",
             block(more="REFS: A. ROME 12\n     B. SOFIA 7"))
        for written in ("REF;", "REF4", "REFC", "REQ:", "EF:")
    ),
    Case("ref-label", block(more="REF, ROME 12"), "REF,", "REF:", text("1. (U) The oil.\nREF, ROME AND OIL.")),
    Case("letter-in-serial", block(more="REF: ROME 1O4"), "1O4", "104", block(more="REF: OTTAWA 104")),
    *(
        Case("letter-in-serial", block(more=f"REF: STATE {written}"), written, "101684",
             block(more="REF: STATE 12 345678, ROME 34 056, OSLO 1 AND 01684"))
        for written in ("1 O1684", "1 01684")
    ),
    # Text
    Case("portion-mark", text("1. U) The roses are late."), "U)", "(U)", text("1. U.S. roses are late.")),
    *(
        Case("portion-mark", text(f"1. {written} Roses are late."), written, "(S//NF)", text(f"1. {alike} of roses."))
        for written, alike in (("S/NF)", "S/NF growers"), ("S//NF)", "(S/NFA)"), ("(S/NF", "(S/NF Growers)"),
                               ("(S//NF", "(S//NF)"))
    ),
    Case("portion-mark", text("1. (C Roses are late (reftel)."), "(C", "(C)", text("1. (C Roses) are late (reftel).")),
    Case("portion-mark", text("1. (N/SF) Roses are late."), "(N/SF)", "(S//NF)", text("1. (S/NF) Roses are late.")),
    Case("pilcrow-read-as-1", text("¶1. (U) a.\n\n¶2. (U) b.\n\n¶3. (U) c.\n\n14. (U) d.", "\n\n15. (U) e.\n\nQUILL"),
         "14.", "4.", text("1. (U) a.\n\n2. (U) b.\n\n13. (U) c.", "\n\n14. (U) d.\n\nQUILL")),
    *(
        Case("number-doubled", text(f"{written} (SBU) The roses are late."), written, read,
             text("1. (U) The roses are late.\n\n1. (U) The oil too."))
        for written, read in (("¶1. 1.", "1."), ("1. 1.", "1."), ("¶1. ¶1.", "¶1."))
    ),
    Case("number-letter", text("l. (U) The roses are late."), "l.", "1.", text("1. (U) The roses are late.")),
    Case("number-letter", text("Q* (SBU) The roses are late."), "Q*", "1.",
         text("1. (U) Roses.\n\nI. (U) Oil.", "\n\n2. (U) Silk.\n\nQUILL")),
    Case("number-letter", text("1, (U) The roses are late."), "1,", "1.", text("1 (U) The roses are late.")),
    Case("caption-in-text", text("1. (U) The roses\n\nSIPDIS\nare late."), "SIPDIS", "",
         text("1. (U) The roses are late. Please add the caption\nSIPDIS to all replies.")),
    Case("caption-in-text", text("1. (U) The roses SIPDIS are late."), "SIPDIS ", "",
         text("1. (U) Please slug replies for the rose desk SIPDIS and say so.")),
    Case("joined-hyphen", text("1. (U) The so- called roses are late."), "- ", "-",
         text("1. (U) The pre- and post-war roses - all - are late.\n-- And oil.")),
    Case("joined-hyphen", text("1. (U) The anti- American roses are late."), "- ", "-",
         text("1. (U) Office- Anna Quill; home- 412.")),
    Case("false-pilcrow", text("1. (U) The roses came out in June\n¶2006. The oil came later."), "¶2006.", "2006.",
         text("¶1. (U) The roses came out in June.", "\n\n¶2. (U) The oil came later.\n\nQUILL")),
    Case("false-pilcrow",
         text("¶1. (U) Please see paragraph\n\n¶3. The oil.", "\n\n¶2. (U) b.\n\n¶3. (U) c.\n\nQUILL"), "¶3.", "3.",
         text("¶1. (U) The roses\n\n¶3. (U) The oil.", "\n\n¶4. (U) c.\n\nQUILL")),
    Case("number-lost", text("1. (U) a.\n\n(U) b.", "\n\n3. (U) c.\n\nQUILL"), "(U)", "2. (U)",
         text("1. (U) a.\n\n(U) b.", "\n\n2. (U) c.\n\nQUILL")),
    # Copies of archives
    Case("dtg-blanks", record(dtg="R 19 0730Z SE P 7 4"), "19 0730Z SE P 7 4", "190730Z SEP 74", record()),
    Case("dtg-letters", record(dtg="R 19O730Z SEP 74"), "19O730Z SEP 74", "190730Z SEP 74", record()),
    Case("dtg-zulu", record(dtg="R 190730 SEP 74"), "190730 SEP 74", "190730Z SEP 74", record()),
    Case("dtg-misread", IMAGES.format("R 2906062 JAN 79", "FM", ""), "2906062 JAN 79", "290606Z JAN 79",
         IMAGES.format("R 290606Z JAN 79", "FM", "")),
    Case("figure-in-word", IMAGES.format("R 290606Z JAN 79", "FM", "").replace("WASHDC 2964", "WASHDC PRI0RITY 2964"),
         "PRI0RITY", "PRIORITY", IMAGES.format("R 290606Z JAN 79", "FM", "").replace("COME", "N0 F5E ROWS5")),
    Case("figure-in-word", IMAGES.format("R 290606Z JAN 79", "FM", " AND AN AMCON5UL"), "AMCON5UL", "AMCONSUL",
         IMAGES.format("R 290606Z JAN 79", "FM", " AND AN AMCONSUL")),
    Case("month-letter", IMAGES.format("R 290606Z JAN 79", "FM", "\nREF: SOFIA 736 APRII 7, 1972"), "APRII", "APRIL",
         IMAGES.format("R 290606Z JAN 79", "FM", "\nREF: SOFIA 736 APRIL 7, 1972")),
    Case("address-label", IMAGES.format("R 290606Z JAN 79", "EM", ""), "EM", "FM",
         IMAGES.format("R 290606Z JAN 79", "FM", "")),
    Case("mcn-blanks", record(addresses="FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 22 14"), "22 14", "2214",
         record(addresses="FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nINFO JTF 22 141")),
    Case("drafting-label", record(distribution=f"{DISTRIBUTION}\n\nDRAFTEDY BY EB/ORF: RQUILL"), "DRAFTEDY BY",
         "DRAFTED BY", record(distribution=f"{DISTRIBUTION}\n\nDRAFTED BY EB/ORF: RQUILL")),
    Case("post-first-letter", record(block=BLOCK.replace("STATE 198765", "IODE JANEIRO 12")), "IODE JANEIRO",
         "RIODEJANEIRO", record(block=BLOCK.replace("STATE 198765", "RIO DE JANEIRO 12"))),
    Case("letter-in-serial", record(block=BLOCK.replace("STATE 198765", "STATE 1 98765")), "1 98765", "198765",
         record()),
    Case("lost-characters", record(body=f"1. ONE.\n{'¿' * 12}\n2. TWO.\nQUILL"), "¿" * 12, "",
         record(body="1. ONE?¿\n2. TWO.\nQUILL")),
]  # fmt: skip
NAMES = [f"{case.rule}-{number}" for number, case in enumerate(CASES)]


def rules(made: Cable) -> list[str]:
    return [repair.rule for repair in made.repairs]


def mended(source: str, made: Cable) -> str:
    """Return the source with what was read in the place of what was written."""
    for repair in reversed(made.repairs):
        start, end = repair.span
        source = source[:start] + repair.as_read + source[end:]
    return source


def undone(text: str, made: Cable) -> str:
    """Return a mended source as it was, by the repairs alone: each one undone puts the next into its place."""
    for repair in made.repairs:
        start, end = repair.span.start, repair.span.start + len(repair.as_read)
        assert text[start:end] == repair.as_read
        text = text[:start] + repair.as_written + text[end:]
    return text


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_damaged_is_mended(case: Case) -> None:
    made = parse(case.damaged)
    assert (case.as_written, case.as_read) in [
        (one.as_written, one.as_read) for one in made.repairs if one.rule == case.rule
    ]
    assert all(case.damaged[slice(*one.span)] == one.as_written for one in made.repairs)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_looks_alike_is_left_alone(case: Case) -> None:
    assert case.rule not in rules(parse(case.alike))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_mended_source_reads_the_same_and_needs_no_repair(case: Case) -> None:
    made = parse(case.damaged)
    again = parse(mended(case.damaged, made))
    assert case.rule not in rules(again)
    assert fields(again) == fields(made)


WORDS = (
    "PRIORITY",
    "SIPDIS",
    "E.O.",
    "TAGS:",
    "SUBJECT:",
    "REF:",
    "Classified By:",
    "UNCLAS",
    "SECTION",
    "¶",
    "FM",
    "JAN",
)
SIGNS = "QQ018;,4 EXl"


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sample with signs wrong, lost or doubled, most of them where something is recognised by its words."""
    source = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 6))):
        word = draw(st.sampled_from(WORDS))
        at = source.find(word, draw(st.integers(0, len(source))))
        at = at + draw(st.integers(0, len(word))) if at >= 0 else draw(st.integers(0, len(source)))
        source = source[:at] + draw(st.sampled_from([*SIGNS, ""])) + source[at + draw(st.integers(0, 1)) :]
    return source


SOURCES = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(SAMPLES.glob("*.txt"))]


@settings(max_examples=200)
@given(damaged())
def test_every_repair_can_be_undone(source: str) -> None:
    made = parse(source)
    assert all(source[slice(*one.span)] == one.as_written for one in made.repairs)
    assert all(one.span.end <= two.span.start for one, two in pairwise(made.repairs))
    assert undone(mended(source, made), made) == source


def test_every_rule_has_its_case() -> None:
    assert {case.rule for case in CASES} == set(REPAIRS)
