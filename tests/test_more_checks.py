"""Every diagnostic that there is: a cable that raises it, and one that looks alike and does not."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cablekit.build.cable import parse
from cablekit.build.codes import CODES
from cablekit.model import Cable, Diagnostic
from tests.golden import SAMPLES
from tests.make import BODY, cable, codes, header
from tests.test_record_copy import STAMP, record
from tests.test_record_copy import record_without_text as without_text

SECRET = {"line_12": "S E C R E T SOFIA 000608", "header": header(line_4="ZNY SSSSS ZZH")}
SECTIONS = "UNCLAS SECTION 01 OF 03 SOFIA 000608"
FIRST = "1. (U) The roses are late.\n\n"
SEAM = "SOFIA 00000608  00{} OF 003"
UNSIGNED = "2. (U) The oil is later."
LAST = f"{UNSIGNED}\n\nQUILL"
PARTIAL = (
    "This record is a partial extract of the original cable. The full text of the original cable is not available.\n\n"
)
MISSING = "***********************\n* Missing Section 002 *"
DEPARTMENT = "R 051218Z OCT 09\nFM SECSTATE WASHDC\nTO AMEMBASSY SOFIA\n"
COPIES = "INFO  LOG-00   EUR-02   INR-01   /003W\n"
OLD = "R 051218Z OCT 66\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC"


def labels(eo: str = "E.O. 12958: N/A", tags: str = "TAGS: ETRD, BU", ref: str = "") -> str:
    return "\n".join(filter(None, (eo, tags, "SUBJECT: ROSE OIL", ref)))


def published(text: str, *, id: str = "09SOFIA608", day: str = "Mon Oct 05", level: str = "UNCLASSIFIED") -> str:
    """Put the head of the plain-text publication above a cable."""
    return f"{id}\nROSE OIL\n{day} 00:00:00 +0200 2009\n{level}\nEmbassy Sofia\n{text}"


ADDRESSES = "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nINFO AMEMBASSY ATHENS"
PAGE = "LIMITED OFFICIAL USE\nLIMITED OFFICIAL USE\nPAGE 0{}  SOFIA  01906  190845Z\n\n"
PAGE_3 = "PAGE 03  SOFIA  01906  190845Z"
PAGED = f"1. ONE\n{PAGE.format(2)}TWO\n{PAGE.format(3)}THREE.\n\nQUILL"
OTHER_TELEGRAM = "PAGE 01\nACTION EUR-12\nOSLO 04431 221010Z"
TWO_TELEGRAMS = (SAMPLES / "layout-f-two-telegrams.txt").read_text(encoding="utf-8")


class Case(NamedTuple):
    """A cable that raises a code, what stands there, the likely reading, and a cable that looks alike."""

    code: str
    odd: str
    words: str
    likely: str | None
    alike: str


CASES = [
    # a part cannot be read
    Case(
        "CK101",
        cable(line_12="UNCLAS SOFIA 000O08", header=header(line_3=None)),
        "000O08",
        None,
        # Line 3 has the figure.
        cable(line_12="UNCLAS SOFIA 000O08", header=header(line_3="DE RUEHSF #0008/01 2781218")),
    ),
    Case(
        "CK102",
        cable(header=header(line_5="P 321218Z OCT 09", line_3=None)),
        "P 321218Z OCT 09",
        None,
        cable(header=header(line_5="P 311218Z OCT 09", line_3=None)),
    ),
    Case(
        "CK103",
        cable(labels=labels("E.O. 12958: DECL: 13/32/2019")),
        "E.O. 12958: DECL: 13/32/2019",
        None,
        cable(labels=labels("E.O. 12958: DECL: 12/31/2019")),
    ),
    Case(
        "CK104",
        cable(labels=labels(ref="REF: BISHKEK")),
        "BISHKEK",
        None,
        cable(labels=labels(ref="REF: BISHKEK 12")),
    ),
    Case(
        "CK105",
        cable(labels=labels(ref="REF: BISHKEJ 12")),
        "BISHKEJ 12",
        "BISHKEK",
        cable(labels=labels(ref="REF: SECSTATE 12")),
    ),
    # something is not there
    Case("CK201", cable(line_12=""), "", None, cable()),
    Case("CK202", cable(labels="E.O. 12958: N/A\nSUBJECT: ROSE OIL"), "", None, cable()),
    Case("CK203", cable(labels="E.O. 12958: N/A\nTAGS: ETRD, BU"), "", None, cable()),
    Case("CK204", cable(body=UNSIGNED), "", None, cable(body=LAST)),
    Case("CK205", PARTIAL + cable(header=""), "", None, cable(header="", body=f"{FIRST}{PARTIAL}{LAST}")),
    Case("CK206", cable(header=""), "SOFIA 000608", None, published(cable(header=""))),
    Case(
        "CK207",
        cable(labels=labels(tags="TAGS: KCRM, BU")),
        "KCRM, BU",
        None,
        # What is in no list may be a subject.
        cable(labels=labels(tags="TAGS: KCRM, EXQZ")),
    ),
    # two places disagree
    Case(
        "CK301",
        cable(line_12="UNCLAS SOFIA 000609"),
        "RUEHSF #0608/01 2781218",
        None,
        cable(line_12="UNCLAS SOFIA 010608"),
    ),
    Case(
        "CK301",
        cable(line_12="UNCLAS SECTION 01 OF 03 SOFIA 000609", body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
        "SOFIA 000609",
        "608",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
    ),
    Case(
        "CK301",
        cable(
            header=header(line_3="DE RUEHSF #0609/01 2781218"),
            line_12=SECTIONS,
            body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}",
        ),
        "RUEHSF #0609/01 2781218",
        "0608",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
    ),
    Case("CK302", published(cable(), id="08SOFIA608"), "SOFIA 000608", "09SOFIA608", published(cable())),
    Case(
        "CK303",
        cable(header=header(line_3="DE RUEHSF #0608/01 2781217")),
        "RUEHSF #0608/01 2781217",
        None,
        # Written at the end of a year, filed at the start of the next.
        cable(header=header(line_3="DE RUEHSF #0608/01 0010005", line_5="P 312350Z DEC 08")),
    ),
    Case(
        "CK304",
        cable(header=header(line_2="RR RUEHAST")),
        "RR RUEHAST",
        "PRIORITY",
        cable(header=header(line_2="OO RUEHAST", line_5="O R 051218Z OCT 09")),
    ),
    Case(
        "CK305",
        cable(line_12=SECRET["line_12"], header=header(line_4="ZNY CCCCC ZZH")),
        "ZNY CCCCC ZZH",
        None,
        cable(line_12=SECRET["line_12"], header=header(line_4="ZNY SSSSS/BBBBB ZZH")),
    ),
    Case(
        "CK305",
        cable(line_12=SECRET["line_12"], header=header(line_4="ZNR SSSSS ZZH")),
        "ZNR SSSSS ZZH",
        "ZNY SSSSS ZZH",
        # Encrypted for transmission only.
        cable(line_12="UNCLAS EFTO SOFIA 000608", header=header(line_4="ZNY EEEEE ZZH")),
    ),
    Case(
        "CK305",
        cable(header=header(line_4="ZNY UUUUU")),
        "ZNY UUUUU",
        "ZNR UUUUU",
        # Line 4 has no letter for it.
        cable(line_12="LIMITED OFFICIAL USE SOFIA 000608"),
    ),
    Case(
        "CK306",
        cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608", body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
        "SOFIA 00000608  002 OF 003",
        "3",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
    ),
    Case(
        "CK306",
        cable(body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
        "SOFIA 00000608  002 OF 003",
        "3",
        # A single section may count itself.
        cable(body=f"{FIRST}SOFIA 00000608  001.2 OF 001\n\n{LAST}"),
    ),
    Case(
        "CK307",
        cable(body=BODY.replace("2. (U)", "2. (C)")),
        "(C)",
        None,
        cable(body=BODY.replace("2. (U)", "2. (SBU)")),
    ),
    Case(
        "CK308",
        cable(body=BODY.replace("(U)", "(SBU)")),
        "(SBU)",
        None,
        cable(body=BODY.replace("(U)", "(SBU)"), captions="SENSITIVE\nSIPDIS"),
    ),
    Case("CK308", cable(body=BODY.replace("2. (U)", "2. (SBU)")), "(SBU)", None, cable(**SECRET, body=BODY)),
    Case(
        "CK309",
        cable(header=OLD, labels=labels()),
        "E.O. 12958: N/A",
        None,
        # 13292 amends an order that stays in force.
        cable(labels=labels("E.O. 13292: N/A")),
    ),
    Case(
        "CK309",
        cable(labels=labels("E.O. 12356: N/A")),
        "E.O. 12356: N/A",
        None,
        cable(header=header(line_5="P 051218Z OCT 90"), labels=labels("E.O. 12356: N/A")),
    ),
    Case(
        "CK310",
        cable(labels=labels("E.O. 12958: DECL: 10/04/2009")),
        "E.O. 12958: DECL: 10/04/2009",
        None,
        cable(labels=labels("E.O. 12958: DECL: 10/05/2009")),
    ),
    Case(
        "CK311",
        cable(header=COPIES.replace("EUR-02", "EUR-01") + DEPARTMENT, line_12="UNCLAS STATE 000608"),
        COPIES.replace("EUR-02", "EUR-01").strip(),
        "2",
        cable(header=COPIES + DEPARTMENT, line_12="UNCLAS STATE 000608"),
    ),
    Case(
        "CK312",
        published(cable(captions="SENSITIVE")),
        "09SOFIA608\nROSE OIL\nMon Oct 05 00:00:00 +0200 2009\nUNCLASSIFIED\nEmbassy Sofia",
        "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
        published(cable(captions="SENSITIVE"), level="UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
    ),
    Case(
        "CK313",
        published(cable(), day="Tue Oct 06"),
        "P 051218Z OCT 09",
        None,
        # Late in the evening: the day in Paris is another one.
        published(cable(header=header(line_5="P 052359Z OCT 09"))),
    ),
    Case(
        "CK313",
        cable(header=header() + "\nTuesday, 06 October 2009, 12:18"),
        "P 051218Z OCT 09",
        None,
        cable(header=header() + "\nMonday, 05 October 2009, 12:18"),
    ),
    Case(
        "CK313",
        cable(header=header() + "\nCable dated:2009-10-06T12:18:00"),
        "P 051218Z OCT 09",
        None,
        # There is no such day.
        published(cable(header=header() + "\nMonday, 31 February 2009, 12:18"), day="Mon Oct 45"),
    ),
    Case("CK208", published("").rstrip("\n"), "", None, published(cable())),
    Case("CK314", published(cable(), id="09EFTOSOFIA608"), "SOFIA 000608", "09SOFIA608", published(cable())),
    Case(
        "CK315",
        published(cable()).replace("Embassy Sofia", "Embassy Rome"),
        "AMEMBASSY SOFIA",
        "AMEMBASSY SOFIA",
        # A consulate files through another post.
        published(cable()).replace("Embassy Sofia", "Fathom Station"),
    ),
    # the text
    Case(
        "CK401",
        cable(body=f"{FIRST}3. (U) The oil is later.\n\nQUILL"),
        "3. (U) The oil is later.",
        "2",
        cable(body=f"{FIRST}{UNSIGNED}\n\n2a. (U) Much.\n\n2b. (U) Too much.\n\n3. (U) Bad.\n\nQUILL"),
    ),
    Case(
        "CK401",
        cable(body=f"{FIRST}2. (U) The oil.\n\n4a. (U) The leaf.\n\nQUILL"),
        "4a. (U) The leaf.",
        "3",
        # The record of a later section.
        cable(line_12="UNCLAS SECTION 02 OF 02 SOFIA 000608", body="7. (U) The oil.\n\n8. (U) The leaf.\n\nQUILL"),
    ),
    Case(
        "CK402",
        cable(body=UNSIGNED) + "\n" + cable(),
        "VZCZCXRO3684",
        None,
        cable(line_12=SECTIONS, body=f"{FIRST}{SECTIONS.replace('01', '02')}\n\n{LAST}"),
    ),
    Case(
        "CK403",
        cable(body=f"{FIRST}2. (U) The oil is la..."),
        "...",
        None,
        cable(body=f"{FIRST}2. (U) The oil is late...\n\nQUILL"),
    ),
    Case(
        "CK403",
        cable(labels=labels(ref="REF: A. ROME 12 B. ROME..."), body=""),
        "...",
        None,
        cable(labels=labels(ref="REF: A. ROME 12 B. ROME..."), body=BODY),
    ),
    Case(
        "CK404",
        cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608", body=f"{FIRST}{MISSING}\n"),
        MISSING,
        None,
        cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608", body=f"{FIRST}(Missing Section 002 was sent.)\n"),
    ),
    Case(
        "CK404",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(3)}\n\n{LAST}"),
        "SOFIA 00000608  003 OF 003",
        None,
        cable(
            line_12=SECTIONS,
            body=f"{FIRST}{SEAM.format(2)}\n\n{UNSIGNED}\n\n{SEAM.format(3)}\n\n3. (U) So.\n\nQUILL",
        ),
    ),
    Case(
        "CK404",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(2)}\n\n{UNSIGNED}"),
        "SOFIA 00000608  002 OF 003",
        None,
        # The text goes on to its signature: the line that begins the last section is lost, not the section.
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(2)}\n\n{LAST}"),
    ),
    Case(
        "CK404",
        cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format('1.2')}\n\n{UNSIGNED}"),
        "SOFIA 00000608  001.2 OF 003",
        None,
        # The last section may be too short for a page break of its own.
        cable(
            line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608",
            body=f"{FIRST}SOFIA 00000608  001.2 OF 002\n\n{UNSIGNED}",
        ),
    ),
    # vocabulary
    Case(
        "CK501",
        cable(labels=labels(tags="TAGS: ETRD, EXQZ")),
        "EXQZ",
        None,
        cable(labels=labels(tags="TAGS: ETRD, ECON")),
    ),
    Case(
        "CK502",
        cable(
            header=header(line_5="P 051218Z JAN 09", line_3="DE RUEHSF #0008/01 0051218"),
            line_12="UNCLAS SOFIA 000008",
            labels=labels(ref="REF: ROME 1599"),
        ),
        "ROME 1599",
        "08ROME1599",
        cable(labels=labels(ref="REF: ROME 1599")),
    ),
    Case(
        "CK405",
        cable(body=f"1. (U) The rozes are Early E E E E E E E E are late.\n\n{LAST}"),
        "E E E E E E E E",
        "The rozes are late.",
        cable(body=f"1. (U) The plan E E E E E was late.\n\n{LAST}"),
    ),
    Case(
        "CK405",
        cable(body=f"1. (U) The rozes E E E E E E E E\n\n{LAST}"),
        "E E E E E E E E",
        None,
        cable(line_12="S E C R E T SOFIA 000608", header=header(line_4="ZNY SSSSS ZZH")),
    ),
    Case(
        "CK406",
        cable(body=f"1. (U) The roses of XXXXXXXXXXXX are late.\n\n{LAST}"),
        "XXXXXXXXXXXX",
        None,
        cable(labels=labels(tags="TAGS: ETRD, XXX, BU")),
    ),
    Case(
        "CK407",
        cable(body=f"1. (U) The farmer,s roses are late.\n\n{LAST}"),
        ",",
        "farmer's",
        cable(body=f"1. (U) The farmers, so late, saw the oil,\nsilk and roses (a,s,d).\n\n{LAST}"),
    ),
    Case(
        "CK408",
        cable(body=f"1. (U) {'The roses are late. ' * 12}\n\n2. (U) {'The roses are late. ' * 12}\n\nQUILL"),
        f"2. (U) {'The roses are late. ' * 12}".rstrip(),
        None,
        cable(body="1. (U) The roses are late.\n\n2. (U) The roses are late.\n\nQUILL"),
    ),
    Case("CK503", cable(labels=labels("E.O. 99999: N/A")), "99999", None, cable(labels=labels("E.O. 12598: N/A"))),
    # usage
    Case(
        "CK601",
        cable(header=header(line_7="TO RUEHC/SECSTATE WASHDC ROUTINE 6317", line_5="R 051218Z OCT 09", line_2=None)),
        "RUEHC/SECSTATE WASHDC ROUTINE 6317",
        None,
        cable(header=header(line_7="TO RUEHC/SECSTATE WASHDC 6317", line_5="R 051218Z OCT 09", line_2=None)),
    ),
    Case(
        "CK602",
        cable(captions="ROGER CHANNEL\nDIRGEN CHANNEL"),
        "DIRGEN CHANNEL",
        None,
        cable(captions="NODIS\nROGER CHANNEL\nNOFORN\nROGER CHANNEL"),
    ),
    # copies from archives
    Case("CK106", record(attributes={"Capture Date": "MAY"}), "MAY", None, record(attributes={"Capture Date": "n/a"})),
    Case("CK212", without_text(), "Document Number: 1974SOFIA01906", None, record()),
    Case("CK209", record(attributes={"TAGS": ""}), "Type: TE", None, record(attributes={"Film Number": ""})),
    Case("CK210", record().replace("Message Text", "", 1), "", None, record()),
    Case("CK211", record(dtg=""), ADDRESSES + "\n", None, record(dtg="R 190730Z SPE 74")),
    Case(
        "CK317",
        record(attributes={"Draft Date": "20 SEP 1974"}),
        "Draft Date: 20 SEP 1974",
        None,
        record(attributes={"Draft Date": "01 JAN 1960"}),
    ),
    Case(
        "CK318",
        record(attributes={"Document Number": "1974LUSAKA00977", "Subject": "COPPER", "TAGS": "EIND, ZA"}),
        "Document Number: 1974LUSAKA00977",
        None,
        record(attributes={"Subject": "COPPER", "TAGS": "EIND, ZA"}),
    ),
    Case(
        "CK319",
        record().replace("30 JUN 2005", "04 MAY 2006"),
        STAMP.replace("30 JUN 2005", "04 MAY 2006"),
        None,
        record(),
    ),
    Case(
        "CK320",
        record(attributes={"Draft Date": "", "Sent Date": "19 SEP 1974"}),
        "Sent Date: 19 SEP 1974",
        None,
        record(dtg="R 190730Z SEP 77", attributes={"Draft Date": "", "Sent Date": "19 SEP 1977"}),
    ),
    Case("CK316", record(addresses="VZCZCXRO3684\n" + ADDRESSES), "VZCZCXRO3684", None, record()),
    Case("CK409", record(body=f"1. ONE\n{PAGE.format(3)}TWO.\n\nQUILL"), PAGE_3, "2", record(body=PAGED)),
    Case("CK410", TWO_TELEGRAMS, OTHER_TELEGRAM, None, TWO_TELEGRAMS.replace("04431", "04410")),
]
NAMES = [f"{case.code}-{number}" for number, case in enumerate(CASES)]


def found(made: Cable, code: str) -> Diagnostic:
    """Return the first diagnostic of a code."""
    return next(diagnostic for diagnostic in made.diagnostics if diagnostic.code == code)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_odd_is_reported_where_it_stands(case: Case) -> None:
    made = parse(case.odd)
    assert case.code in codes(made)
    diagnostic = found(made, case.code)
    assert diagnostic.severity == CODES[case.code].severity
    assert diagnostic.likely == case.likely
    assert case.odd[diagnostic.span.start : diagnostic.span.end] == case.words


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_looks_alike_is_not(case: Case) -> None:
    assert case.code not in codes(parse(case.alike))


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            cable(line_12=SECTIONS, body=f"{FIRST}{SEAM.format(3)}\n\n{LAST}"),
            "CK404",
            "no page break begins section 2 of 3",
        ),
        (
            cable(
                line_12="UNCLAS SECTION 01 OF 05 SOFIA 000608", body=f"{FIRST}SOFIA 00000608  002 OF 005\n\n{UNSIGNED}"
            ),
            "CK404",
            "no page break begins section 3 of 5, nor 2 more",
        ),
        (
            cable(header=header(line_7="TO RUEHC/SECSTATE WASHDC ROUTINE 6317")),
            "CK601",
            "ROUTINE is written behind SECSTATE WASHDC",
        ),
        (
            cable(
                header=header(line_7="TO RUEHRO/AMEMBASSY ROME ROUTINE", line_8="INFO RUEHC/SECSTATE WASHDC ROUTINE")
            ),
            "CK601",
            "ROUTINE is written behind AMEMBASSY ROME and 1 more",
        ),
        (cable(captions="ROGER CHANNEL\nDIRGEN CHANNEL"), "CK602", "ROGER CHANNEL and DIRGEN CHANNEL"),
        (cable(body=BODY.replace("(U)", "(SBU)")), "CK308", "there are SBU marks (2), but no caption SENSITIVE"),
        (
            cable(header=header(line_4="ZNY UUUUU")),
            "CK305",
            "line 4 begins with ZNY, line 12 says UNCLASSIFIED",
        ),
    ],
)
def test_messages(text: str, code: str, message: str) -> None:
    assert [diagnostic.message for diagnostic in parse(text).diagnostics if diagnostic.code == code] == [message]


def test_a_missing_section_that_the_text_tells_of_is_not_told_again() -> None:
    made = parse(cable(line_12=SECTIONS, body=f"{FIRST}{MISSING}\n\n{SEAM.format(3)}\n\n3. (U) So.\n\nQUILL"))
    assert codes(made).count("CK404") == 1


def test_a_regular_cable_raises_nothing() -> None:
    assert codes(parse(cable())) == []
    assert codes(parse(published(cable()))) == []


def test_every_code_has_its_case() -> None:
    assert {case.code for case in CASES} == set(CODES)
