"""Record copies of 1973-79 (FORMAT.md section 14): heads, pages, labels, attributes, and what may be wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cablekit import grammar
from cablekit.build.attributes import split
from cablekit.build.cable import parse
from cablekit.build.records import flatten
from cablekit.errors import NotACableError
from cablekit.model import Cable, Paragraph
from tests.golden import SAMPLES
from tests.make import codes

STAMP = "Declassified/Released US Department of State EO Systematic Review 30 JUN 2005"
DISTRIBUTION = "ACTION EB-07\nINFO OCT-01 EUR-12 /020 W"
DTG = "R 190730Z SEP 74"
BLOCK = """LIMITED OFFICIAL USE SOFIA 1906
STADIS
E.O. 11652: N/A
TAGS: ETRD, EAGR, BU
SUBJ: TALKS ON ROSE OIL
REF: STATE 198765"""
BODY = "1. THE MINISTRY WILL ANSWER REFTEL IN OCTOBER.\n2. THE NEW STILLS WILL NOT BE TAXED.\nQUILL"
ATTRIBUTES = {
    "Document Number": "1974SOFIA01906",
    "Draft Date": "19 SEP 1974",
    "From": "SOFIA",
    "To": "STATE",
    "Locator": "TEXT ON-LINE",
    "Office": "ACTION EB",
    "Original Classification": "LIMITED OFFICIAL USE",
    "Original Handling Restrictions": "STADIS",
    "Reference": "74 STATE 198765",
    "Subject": "TALKS ON ROSE OIL",
    "TAGS": "ETRD, EAGR, BU",
    "Executive Order": "N/A",
    "Type": "TE",
}


def record(
    *,
    distribution: str = DISTRIBUTION,
    dtg: str = DTG,
    addresses: str = "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nINFO AMEMBASSY ATHENS",
    block: str = BLOCK,
    body: str = BODY,
    end: str = "LIMITED OFFICIAL USE\nNNN",
    attributes: dict[str, str] | None = None,
) -> str:
    """Put a record together; attributes replace the usual ones, those that are empty are left out."""
    named = {**ATTRIBUTES, **(attributes or {})}
    lines = "\n".join(f"{name}: {value}" for name, value in named.items() if value)
    dashes = f"{' ' * 20}--------------------- 054819"
    head = f"PAGE 01  SOFIA  01906  190845Z\n43\n{distribution}\n{dashes}\n{dtg}\n{addresses}"
    return (
        f"{STAMP}\n\n{' ' * 29}Message Text\n\nLIMITED OFFICIAL USE\n{head}\n{block}\n{body}\n\n{end}\n\n"
        f"{STAMP}\n\n{' ' * 26}Message Attributes\n\n{lines}\n"
    )


def made(**parts: Any) -> Cable:
    return parse(record(**parts))


def record_without_text(attributes: dict[str, str] | None = None) -> str:
    _, heading, lines = record(attributes=attributes).partition("Message Attributes")
    return f"Message Text\n\n{heading}{lines}"


def without_text(attributes: dict[str, str] | None = None) -> Cable:
    return parse(record_without_text(attributes))


def mended(cable: Cable) -> list[tuple[str, str]]:
    return [(repair.rule, repair.as_read) for repair in cable.repairs]


def test_a_regular_record_raises_nothing() -> None:
    cable = made()
    assert (cable.layout, cable.layout_reason) == ("C", "the heading Message Text stands in it")
    assert (codes(cable), mended(cable), cable.from_attributes, cable.coverage) == ([], [], (), 1.0)
    assert str(cable.mrn) == "74SOFIA1906"
    assert cable.signature
    assert cable.signature.name == "QUILL"
    assert [paragraph.number for paragraph in cable.paragraphs] == [1, 2]


# ---- the sample of a complete record ------------------------------------------------------------------------------


def test_every_field_of_a_complete_record() -> None:
    cable = parse((SAMPLES / "layout-c-record.txt").read_bytes())
    distribution, record = cable.header.distribution, cable.record_copy
    assert distribution
    assert record
    assert record.relay
    assert cable.header.dtg
    assert cable.header.dtg.utc == datetime(1974, 9, 19, 7, 30, tzinfo=UTC)
    assert (distribution.total, sum(office.copies for office in distribution.offices)) == (41, 41)
    assert (record.copy_number, record.relay.count) == ("43", "054819")
    assert [addressee.name for addressee in cable.header.info] == ["AMEMBASSY ATHENS", "AMCONSUL ISTANBUL BY POUCH"]
    assert [caption.name for caption in cable.captions] == ["STADIS"]
    assert [tag.code for tag in cable.tags] == ["ETRD", "EAGR", "BU"]
    assert cable.tags[-1].persons == ("ROWAN, ILVA B",)
    assert [str(reference.mrn) for reference in cable.references] == ["74STATE198765", "74SOFIA1850"]
    assert cable.references[0].remarks == ("NOTAL",)
    assert cable.paragraphs[1].text.endswith("TAXED BEFORE THE HARVEST. EMBASSY WILL REPORT FURTHER.")
    assert [(page.page, page.section, page.of) for page in cable.page_breaks] == [(2, 1, 1)]
    assert [release.date for release in cable.release] == [date(2005, 6, 30)] * 3
    assert len(record.attributes) == 63
    assert codes(cable) == []


# ---- line 5 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("R 190730Z SEP 74", None),
        ("O R 190730Z SEP 74", None),
        ("R 190730Z SEPTEMBER 74", None),
        ("R 190730Z SEP 1974", None),
        ("R 190730Z SEP 74 ZFF4", None),
        ("R 190730Z SEP74", None),
        ("190730Z SEP 74", None),
        ("P 19 0730 Z SEP 7 4", "dtg-blanks"),
        ("P  1 9 07 30Z S E P 74", "dtg-blanks"),
        ("R19 0730Z SEP 74", "dtg-blanks"),
        ("R 190730 SEP 74", "dtg-zulu"),
        ("R 19073OZ SEP 74", "dtg-letters"),
        ("R I90730Z SEP 74", "dtg-letters"),
    ],
)
def test_line_5(written: str, rule: str | None) -> None:
    cable = made(dtg=written)
    assert cable.header.dtg
    assert cable.header.dtg.utc == datetime(1974, 9, 19, 7, 30, tzinfo=UTC)
    assert mended(cable) == ([(rule, "190730Z SEP 74")] if rule else [])
    assert codes(cable) == []


@pytest.mark.parametrize(
    "written", ["R 1907300Z SEP 74", "R 90730Z SEP 74", "R 190730Z SEP 47", "R 390730Z SEP 74", "R 190730Z SPE 74"]
)
def test_what_cannot_be_mended_safely_is_kept_and_told(written: str) -> None:
    cable = made(dtg=written)
    assert cable.header.dtg
    assert (cable.header.dtg.utc, cable.header.dtg.as_written) == (None, written)
    assert codes(cable) == ["CK102"]
    assert mended(cable) == []
    assert cable.mrn
    assert (cable.mrn.year, cable.mrn.year_source) == (1974, "attributes")


def test_a_lost_line_5() -> None:
    assert codes(made(dtg="(GARBLE)")) == ["CK211"]


# ---- the rest of the head -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("DRAFTED BY EB/OT:IROWAN:BQ\nAPPROVED BY EB:CMOSS", []),
        ("DRAFTEDY BY EB/OT:IROWAN:BQ\nEPPROVED BY EB:CMOSS", ["DRAFTED BY", "APPROVED BY"]),
        ("DRAFTEDBY EB/OT=IROWAN:BQ\nAPPROVEDBY EB:CMOSS", ["DRAFTED BY", "APPROVED BY"]),
        ("DRAFTED EB/OT:IROWAN:BQ\nAPPROVED BY EB CMOSS", ["DRAFTED BY"]),
    ],
)
def test_drafting_block(written: str, label: list[str]) -> None:
    written += "\nEUR/NE - DR. FERN (DRAFT)\nAGR/FAS:PBIRCH\nDESIRED DISTRIBUTION\nEB, EUR ONLY"
    cable = made(distribution=f"ORIGIN EB-07\n\nINFO EUR-12 /019 R\n\n{written}", attributes={"Office": "ORIGIN EB"})
    assert cable.record_copy
    drafting = cable.record_copy.drafting
    assert drafting
    assert [(one.office, one.name, one.remark) for one in drafting.drafted_by] == [("EB/OT", "IROWAN", "BQ")]
    assert drafting.approved_by[0].name in ("CMOSS", "EB CMOSS")
    cleared = [(one.office, one.name, one.remark) for one in drafting.cleared_by]
    assert cleared == [("EUR/NE", "DR. FERN", "DRAFT"), ("AGR/FAS", "PBIRCH", None)]
    assert drafting.desired_distribution == ("EB", "EUR", "ONLY")
    assert mended(cable) == [("drafting-label", regular) for regular in label]


@pytest.mark.parametrize(
    ("line", "count", "filed", "copies"),
    [
        ("    --------------------- 054819", "054819", None, None),
        ("------------------107579 280824Z /20", "107579", "0824", 20),
        ("------------------280824Z 107579 /20", "107579", "0824", 20),
        ("---032004 230631Z /12 XX", "032004", "0631", 12),
    ],
)
def test_dashes_line(line: str, count: str, filed: str | None, copies: int | None) -> None:
    cable = parse(record().replace(f"{' ' * 20}--------------------- 054819", line))
    assert cable.record_copy
    relay = cable.record_copy.relay
    assert relay
    assert (relay.count, relay.time_filed and f"{relay.time_filed:%H%M}", relay.copies) == (count, filed, copies)


def test_the_total_is_checked() -> None:
    assert codes(made(distribution="ACTION EB-07\nINFO OCT-01 EUR-12 / 021 W")) == ["CK311"]
    assert codes(made(distribution="ACTION EB-07\nINFO OCT-01 EUR-12")) == []


@pytest.mark.parametrize(
    "addresses",
    [
        "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nAMEMBASSY ROME\nINFO AMEMBASSY ATHENS",
        "FM AMEMBASSY SOFIA\nINFO AMEMBASSY ATHENS\nTO SECSTATE WASHDC 2214\nAMEMBASSY ROME",
        "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nINFO AMEMBASSY ATHENS\nTO AMEMBASSY ROME",
        "FM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 2214\nAMEMBASSY ROME\n\nINFO AMEMBASSY ATHENS\n",
        "FM AMEMBASSY SOFIA\nINFO AMEMBASSY ATHENS\nTO SECSTATE WASHDC 2214\nLIMITED OFFICIAL USE\n\n"
        "LIMITED OFFICIAL USE\nPAGE 02  SOFIA  01906  190845Z\n\nAMEMBASSY ROME",
    ],
)
@pytest.mark.parametrize("block", [BLOCK, BLOCK.partition("\n")[2], "EXDIS\n" + BLOCK, BLOCK.partition("E.O.")[0]])
def test_addresses_end_where_the_text_block_begins(addresses: str, block: str) -> None:
    header = made(addresses=addresses, block=block).header
    assert header.originator
    assert header.originator.name == "AMEMBASSY SOFIA"
    assert [one.name for one in header.action] == ["SECSTATE WASHDC", "AMEMBASSY ROME"]
    assert [one.name for one in header.info] == ["AMEMBASSY ATHENS"]


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("UNCLAS SECTION 1 OF 2 SOFIA 1906", (1, 2)),
        ("C O N F I D E N T I A L SECTION 01 OF 02 SOFIA 1906", (1, 2)),
        ("UNCLAS FINAL SECTION OF 2 SOFIA 1906", (2, 2)),
        ("LIMITED OFFICIAL USE SOFIA 1906", None),
        ("UNCLASSIFIED SOFIA 1906", None),
        ("UNCLAS SOFIA 1906 TOSEC 120345", None),
    ],
)
def test_line_12(line: str, section: tuple[int, int] | None) -> None:
    cable = made(block=BLOCK.replace("LIMITED OFFICIAL USE SOFIA 1906", line))
    assert str(cable.mrn) == "74SOFIA1906"
    assert (cable.section and (cable.section.number, cable.section.of)) == section
    assert len(cable.header.info) == 1


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("EXDIS", ["EXDIS"]),
        ("EXDIS, STADIS", ["EXDIS", "STADIS"]),
        ("LIMDIS/NOFORN", ["LIMDIS", "NOFORN"]),
        ("NODIS + ONLY", ["NODIS", "ONLY"]),
        ("EXDIS - LOU", ["EXDIS", "LOU"]),
        ("NODIS; FOUO", ["NODIS", "FOUO"]),
        ("NESCO", ["NESCO"]),
    ],
)
def test_captions(line: str, names: list[str]) -> None:
    below = made(block=BLOCK.replace("STADIS", line))
    above = made(block=f"{line}\n" + BLOCK.replace("STADIS\n", ""))
    assert [caption.name for caption in below.captions] == names
    assert [caption.name for caption in above.captions] == names


# ---- pages --------------------------------------------------------------------------------------------------------

CHANGES = [
    "LIMITED OFFICIAL USE\nLIMITED OFFICIAL USE\nPAGE 02  SOFIA  01906  190845Z\n",
    "LIMITED OFFICIAL USE\n\nLIMITED OFFICIAL USE\n\nPAGE 02 SOFIA 01906\n\n",
    "LIMITED OFFICIAL USE\nPAGE 02\nLIMITED OFFICIAL USE\n",
    "PAGE 02  SOFIA  01906  190845Z\nLIMITED OFFICIAL USE\n\n",
    f"LIMITED OFFICIAL USE\n{STAMP}\n\nLIMITED OFFICIAL USE\nPAGE 02\n\nSOFIA 01906 01 OF 01 190845Z\n\n",
    "LIMITED OFFICIAL USE\nPAGE\n02\n\nSOFIA 01906 190845Z\n",
    f"\n{STAMP}\n\n{STAMP}\n",
    "¿¿¿¿¿¿¿¿\n",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_sentence_goes_on_behind_a_page_change(change: str) -> None:
    body = f"1. THE STILLS THAT WERE SOLD LAST YEAR ARE\n{change}COUNTED NOW.\n2. NOBODY IS TAXED.\nQUILL"
    cable = made(body=body)
    assert [one.text for one in cable.paragraphs] == [
        "THE STILLS THAT WERE SOLD LAST YEAR ARE COUNTED NOW.",
        "NOBODY IS TAXED.",
    ]
    assert len(cable.body) == 2
    assert cable.coverage == 1.0


def test_a_short_line_that_ends_a_sentence_ends_its_paragraph_at_a_page_change() -> None:
    change = "LIMITED OFFICIAL USE\n\nLIMITED OFFICIAL USE\nPAGE 02  SOFIA  01906\n\n"
    whole = "1. ALL OF THE STILLS THAT WERE SOLD LAST YEAR ARE COUNTED.\n"
    (one,) = made(body=f"{whole}{change}NOBODY IS TAXED.\nQUILL").paragraphs
    (two,) = made(body=f"{whole}THAT IS SO.\n{change}NOBODY IS TAXED.\nQUILL").paragraphs
    assert one.text.endswith("ARE COUNTED. NOBODY IS TAXED.")
    assert two.text.endswith("THAT IS SO.\n\nNOBODY IS TAXED.")


def test_a_level_alone_is_text_unless_a_page_or_the_end_is_near() -> None:
    (paragraph,) = made(body="1. THE MARK IS\nSECRET\nAND NOTHING ELSE.\nQUILL").paragraphs
    assert paragraph.text == "THE MARK IS SECRET AND NOTHING ELSE."


@pytest.mark.parametrize(
    "end", ["LIMITED OFFICIAL USE\nNNN", "LIMITED OFFICIAL USE\n\n\nNNNN", "NNNNMAFVVZCZ", "LIMITED OFFICIAL USE", ""]
)
def test_the_end(end: str) -> None:
    cable = made(end=end)
    assert cable.signature
    assert cable.signature.name == "QUILL"
    assert len(cable.paragraphs) == 2


def test_pages_out_of_order_are_told_and_a_page_again_is_left_out() -> None:
    cable = parse((SAMPLES / "layout-c-pages-doubled.txt").read_bytes())
    assert codes(cable).count("CK409") == 3
    assert sum("ALL OF THEM WERE LIGHT" in block.text for block in cable.body) == 1


def test_a_text_whose_head_is_lost() -> None:
    text = f"STILLS ARE SOLD.\n\n2. NOBODY IS TAXED. QUILL\n\nUNCLASSIFIED\n\nNNN\n\n{STAMP}\n"
    cable = parse(text)
    assert [block.text for block in cable.body] == ["STILLS ARE SOLD.", "NOBODY IS TAXED."]
    assert cable.classification
    assert cable.classification.banner == "UNCLASSIFIED"
    assert (cable.mrn, cable.coverage) == (None, 1.0)
    paged = parse(
        "1. IT IS\nUNCLASSIFIED\nUNCLASSIFIED\nPAGE 02 SOFIA 01906 01 OF 02 190845Z\n\nSOLD.\n\nUNCLASSIFIED\nNNN\n"
    )
    assert paged.mrn
    assert (str(paged.mrn), paged.mrn.source) == ("SOFIA1906", "page_head")
    assert paged.section
    assert (paged.section.number, paged.section.of) == (1, 2)


# ---- attributes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("01 JAN 1994", date(1994, 1, 1)),
        ("01 jan 1994", date(1994, 1, 1)),
        ("01-Jan-1994 12:00:00 am", date(1994, 1, 1)),
        ("31/12/2019", date(2019, 12, 31)),
        ("01 JAN 1960", None),
        ("01-Jan-1960 12:00:00 am", None),
        ("n/a", None),
        ("N/A", None),
    ],
)
def test_dates_of_attributes(written: str, day: date | None) -> None:
    attribute = made(attributes={"Review Date": written}).attribute("review date")
    assert attribute
    assert (attribute.kind, attribute.day, attribute.text, attribute.as_written) == ("date", day, None, written)


def test_a_date_that_is_none_is_kept_as_text() -> None:
    cable = made(attributes={"Capture Date": "YESTERDAY"})
    attribute = cable.attribute("Capture Date")
    assert attribute
    assert (attribute.day, attribute.text) == (None, "YESTERDAY")
    assert codes(cable) == ["CK106"]


def test_values_wrap_and_names_may_be_unknown() -> None:
    wrapped = "RELEASED <16 Sep 2003 by QuillA>; APPROVED\n<17 Sep 2003 by FernB>\n  AND: MORE"
    cable = made(attributes={"Review History": wrapped, "Litigation Hold": "none", "Concepts": "OIL, ROSES;\nSTILLS"})
    history, hold, concepts = map(cable.attribute, ("Review History", "Litigation Hold", "Concepts"))
    assert history
    assert hold
    assert concepts
    assert history.text == "RELEASED <16 Sep 2003 by QuillA>; APPROVED <17 Sep 2003 by FernB> AND: MORE"
    assert (hold.kind, hold.text) == ("unknown", "none")
    assert concepts.items == ("OIL", "ROSES", "STILLS")
    assert made(attributes={"Line Count": "38"}).attribute("Line Count").number == 38  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("number", "mrn", "others", "codes_"),
    [
        ("1976CARACA12453", "76CARACAS12453", [], []),
        ("1974NEWDE00012", "74NEWDELHI12", [], []),
        ("1976STATE290286", "76STATE290286", [], []),
        ("1975LOUREN00012", "75MAPUTO12", [], []),
        ("1973THENS10111", "73ATHENS10111", [], []),
        ("1973ENEVA00012", "73GENEVA12", ["73MTNGENEVA12"], ["CK105"]),
        ("1973BERLIN00012", "73BERLIN12", ["73USBERLIN12"], []),
        ("1973QQQQQ00012", "73QQQQQ12", [], ["CK105"]),
        ("SOFIA", "None", [], ["CK106"]),
    ],
)
def test_document_numbers(number: str, mrn: str, others: list[str], codes_: list[str]) -> None:
    text = f"{' ' * 26}Message Attributes\n\nDocument Number: {number}\n"
    cable = parse(text)
    assert cable.record_copy
    assert str(cable.record_copy.document) == mrn
    assert [str(other) for other in cable.record_copy.candidates] == others
    assert [code for code in codes(cable) if code in ("CK105", "CK106")] == codes_


def test_what_the_telegram_lacks_the_attributes_fill() -> None:
    cable = without_text()
    assert cable.from_attributes == (
        "mrn",
        "classification",
        "captions",
        "tags",
        "subject",
        "references",
        "header.originator",
        "header.action",
    )
    assert str(cable.mrn) == "74SOFIA1906"
    assert [tag.code for tag in cable.tags] == ["ETRD", "EAGR", "BU"]
    assert [str(one.mrn) for one in cable.references] == ["74STATE198765"]
    assert cable.record_copy
    assert not cable.record_copy.has_text
    assert "CK212" in codes(cable)
    assert cable.body == ()


def test_executive_orders_of_attributes_are_codes() -> None:
    order = without_text({"Executive Order": "X1"}).executive_order
    assert order
    assert (order.number, order.schedule, order.as_written) == (None, "XGDS-1", "X1")
    assert without_text({"Executive Order": "RR"}).executive_order is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Document Number", "1974SOFIA01907"),
        ("Draft Date", "20 SEP 1974"),
        ("From", "ATHENS"),
        ("Original Classification", "SECRET"),
        ("Original Handling Restrictions", "EXDIS"),
        ("Executive Order", "GS"),
        ("TAGS", "ETRD, BU"),
        ("Subject", "TALKS ON OIL"),
        ("Reference", "74 STATE 198766"),
        ("Office", "ACTION EUR"),
    ],
)
def test_where_the_two_disagree_the_telegram_wins(name: str, value: str) -> None:
    cable = made(attributes={name: value})
    (finding,) = cable.diagnostics
    assert (finding.code, cable.from_attributes) == ("CK317", ())
    assert name in finding.message
    assert str(cable.mrn) == "74SOFIA1906"


@pytest.mark.parametrize(
    ("name", "alike", "differing"),
    [
        ("To", ("STATE", "STATE INFO ATHENS", "STATE DOD", "n/a"), ("LUSAKA", "LUSAKA INFO STATE")),
        ("Page Count", ("1", "0", "n/a"), ("2", "7")),
        ("Line Count", ("38", "5", "0", "n/a"), ("4", "1")),
        ("Locator", ("TEXT ON-LINE", "ONLINE TEXT, TEXT ONLINE", "TEXT ON LINE, ON MICROFILM", "n/a"),
         ("TEXT ON MICROFILM", "ADS TEXT UNRETRIEVABLE")),
    ],
)  # fmt: skip
def test_addressees_and_extent_are_compared(name: str, alike: tuple[str, ...], differing: tuple[str, ...]) -> None:
    for value in alike:
        assert codes(made(attributes={name: value})) == []
    for value in differing:
        (finding,) = made(attributes={name: value}).diagnostics
        assert (finding.code, name in finding.message) == ("CK317", True)


@pytest.mark.parametrize(("name", "value"), [("Line Count", "38"), ("Locator", "TEXT ON-LINE")])
def test_a_lost_text_is_compared_with_what_is_said_of_it(name: str, value: str) -> None:
    attributes = {"Line Count": "4", "Locator": "TEXT ON MICROFILM, ADS TEXT UNRETRIEVABLE"}
    assert "CK317" not in codes(without_text(attributes))
    assert "CK317" in codes(without_text({**attributes, name: value}))


def test_pages_are_compared_with_their_count() -> None:
    page = "\n\nLIMITED OFFICIAL USE\nLIMITED OFFICIAL USE\nPAGE 02  SOFIA  01906  190845Z\n"
    body = BODY.replace("\n2.", f"{page}2.")
    assert codes(made(body=body, attributes={"Page Count": "2"})) == []
    assert codes(made(body=body, attributes={"Page Count": "1"})) == ["CK317"]


def test_a_year_outside_the_set_is_said_to_be() -> None:
    cable = made(dtg="R 190730Z SEP 83")
    assert cable.header.dtg
    assert cable.header.dtg.utc is None
    assert "1983 is not of 1973-1979" in next(one.message for one in cable.diagnostics if one.code == "CK102")


def test_a_word_of_the_text_is_no_classification() -> None:
    cable = made(block=BLOCK.partition("\n")[2], end="", attributes={"Original Classification": "WHICH"})
    assert cable.classification
    assert cable.classification.as_written == "LIMITED OFFICIAL USE"  # of the page head


def test_attributes_of_another_record_fill_nothing() -> None:
    cable = parse((SAMPLES / "layout-c-other-attributes.txt").read_bytes())
    assert (codes(cable), cable.from_attributes) == (["CK318"], ())


def test_attributes_that_are_cut_off() -> None:
    text = record()
    whole = parse(text)
    assert codes(parse(text[: text.index("TAGS: ETRD, EAGR, BU\nExec")])) == ["CK209"]
    heading = text.index("\n", text.index("Message Attributes")) + 1
    assert codes(parse(text[:heading])) == ["CK209"]
    for end in range(heading, text.index("TAGS: ETRD, EAGR, BU\nExec"), 7):
        cut = parse(text[:end])
        assert (cut.mrn, cut.header, cut.tags, cut.subject, cut.body) == (
            whole.mrn, whole.header, whole.tags, whole.subject, whole.body,
        )  # fmt: skip
        assert "CK209" in codes(cut)
        assert "".join(text[slice(*node.span)] for node in cut.nodes) == text[:end]


# ---- bad input ----------------------------------------------------------------------------------------------------


def test_no_heading_and_two_headings() -> None:
    assert codes(parse(record().replace("Message Text", "", 1))) == ["CK210"]
    twice = parse((SAMPLES / "layout-c-two-headings.txt").read_bytes())
    assert "CK210" in codes(twice)
    assert str(twice.mrn) == "74SUVA310"
    assert "PADDLES" not in " ".join(block.text for block in twice.body)


def test_two_blocks_of_attributes() -> None:
    cable = parse(record() + f"\n{' ' * 26}Message Attributes\n\nFrom: ATHENS\n")
    assert codes(cable) == ["CK402"]
    assert cable.coverage < 1


NOISE = "~~ ,, 1l1 ..\n" * 40


@pytest.mark.parametrize(
    "text", [NOISE, f"===== PAGE 1 =====\n{NOISE}", f"RELEASED IN FULL\n{NOISE}", f"MRN:\nFrom:\n{NOISE}"]
)
def test_noise_is_no_cable(text: str) -> None:
    with pytest.raises(NotACableError):
        parse(text)
    assert parse(f"{text}\n{record()}").mrn


@pytest.mark.parametrize("before", [f"===== PAGE 1 =====\n{NOISE}", f"RELEASED IN FULL\n{NOISE}"])
def test_a_word_among_noise_is_kept_as_text(before: str) -> None:
    cable = parse(f"{before}THE STILLS WERE SOLD LAST YEAR.\n")
    assert any("THE STILLS WERE SOLD LAST YEAR." in block.text for block in cable.body)
    assert {"CK201", "CK202", "CK203"} <= set(codes(cable))


def test_a_text_of_one_era_with_the_header_of_another() -> None:
    routing = "VZCZCXRO3684\nRR RUEHAB\nDE RUEHSF #0608/01 2781218\nZNR UUUUU ZZH\n"
    inside = made(distribution=f"{DISTRIBUTION}\n{routing}".rstrip())
    assert (inside.layout, str(inside.mrn), codes(inside)) == ("C", "74SOFIA1906", ["CK316", "CK301"])
    assert [paragraph.number for paragraph in inside.paragraphs] == [1, 2]
    above = parse(routing + record())
    assert str(above.mrn) == "74SOFIA1906"
    assert "".join((routing + record())[slice(*node.span)] for node in above.nodes) == routing + record()
    assert "THE MINISTRY WILL ANSWER REFTEL IN OCTOBER." in " ".join(block.text for block in above.body)


LINES = [line for path in sorted(SAMPLES.glob("layout-[cef]-*.txt")) for line in path.read_text("utf-8").splitlines()]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=30))
@pytest.mark.parametrize("name", ["record_copy", "smart", "foia"])
def test_any_lines_are_read(name: str, lines: list[str]) -> None:
    text = "".join(line.replace("\n", " ") + "\n" for line in lines)
    assert "".join(flatten(grammar.read(name, text))) == text


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(LINES) | st.sampled_from(["TAGS:", "Note : x", "Note:x", " Note: x", "¿"]), max_size=30)
)
def test_attributes_are_taken_apart_as_their_rule_does(lines: list[str]) -> None:
    text = "Message Attributes\n" + "".join(line + "\n" for line in lines)
    for block in flatten(grammar.read("record_copy", text)):
        if block.type == "ATTRIBUTES":
            tree = grammar.read("record_copy", block, "attributes")
            parts = [(str(one), block.start_pos + one.start_pos) for one in grammar.tokens(tree)]
            assert [tuple(part) for part in split(block)] == parts
            assert "".join(words for words, _ in parts) == block


@settings(max_examples=150)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_a_copy_of_any_lines_is_a_cable_whose_nodes_tile_it(lines: list[str]) -> None:
    text = "Message Text\n" + "\n".join(lines) + "\n"
    cable = parse(text)
    assert "".join(text[slice(*node.span)] for node in cable.nodes) == text


@settings(max_examples=100)
@given(st.integers(0, 5), st.sampled_from(CHANGES[:6]), st.data())
def test_a_page_change_anywhere_in_a_paragraph_changes_no_word(more: int, change: str, data: st.DataObject) -> None:
    words = (
        "THE STILLS THAT WERE SOLD LAST YEAR ARE COUNTED NOW BY THE CLERKS OF ALL FOUR TOWNS ALONG THE RIVER " * 3
    ).split()
    at = data.draw(st.integers(1, len(words) - 1))
    body = f"1. {' '.join(words[:at])}\n{change}{' '.join(words[at:])}.\n2. {'MORE ' * more}TO COME.\nQUILL"
    first = made(body=body).body[0]
    assert isinstance(first, Paragraph)
    assert first.text == " ".join(words) + "."
