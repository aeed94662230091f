"""Message-archive copies and FOIA releases (FORMAT.md sections 16 and 17), redactions, sections as separate records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cablekit.build.cable import parse
from cablekit.build.foia import telegrams
from cablekit.build.redactions import exemptions
from cablekit.build.sections import join_sections
from cablekit.model import Cable, Message, Precedence, section_key
from tests.golden import SAMPLES
from tests.make import cable, codes


def sample(name: str) -> Cable:
    return parse((SAMPLES / f"{name}.txt").read_bytes())


# ---- message archive ----------------------------------------------------------------------------------------------


def test_labels_with_their_values() -> None:
    made = sample("layout-e-labels")
    assert (made.layout, str(made.mrn)) == ("E", "11SOFIA123")
    assert made.header.dtg
    assert made.header.dtg.as_written == "050934Z JAN 11"
    assert [(one.name, one.precedence) for one in made.header.action] == [
        ("SECSTATE WASHDC", Precedence.ROUTINE),
        ("AMEMBASSY ATHENS", Precedence.PRIORITY),
    ]
    assert made.classification
    assert made.classification.banner == "UNCLASSIFIED//FOR OFFICIAL USE ONLY"
    assert made.record_copy
    assert made.record_copy.drafting
    drafting = made.record_copy.drafting
    assert [one.name for one in drafting.approved_by] == ["Moss, Carl"]
    assert [(one.office, one.name) for one in drafting.released_by] == [("ECON", "Birch, Pavla")]
    assert made.signature
    assert made.signature.name == "QUILL"


def test_labels_and_values_in_separate_runs() -> None:
    made = sample("layout-e-values-apart")
    assert str(made.mrn) == "88LAGOS4102"
    assert made.header.dtg
    assert made.header.dtg.as_written == "R 141205Z JUN 88", "the telegram's own, which has the time"
    assert [tag.code for tag in made.tags] == ["EWWT", "NI"]
    assert made.subject
    assert made.subject.text == "CRANES IN THE OLD HARBOR"
    assert made.references == ()
    assert [block.text for block in made.body] == [
        "FOUR OF THE SEVEN CRANES ARE TO BE SOLD. THE BOARD HAS ASKED FOR OFFERS.",
        "NONE HAS COME.",
    ]
    (release,) = made.release
    assert (release.decision, release.date, release.reviewer) == ("full", date(2031, 3, 25), "Orrin Sable")
    assert (release.case_number, release.document_number) == ("CSP-2031-00417", "B-00001234567")


def test_nothing_tells_who_approved_where_names_stand_apart() -> None:
    made = sample("layout-e-end-labels-apart")
    assert made.record_copy
    assert made.record_copy.drafting
    drafting = made.record_copy.drafting
    assert ([one.name for one in drafting.drafted_by], drafting.approved_by) == (["Moss, Carl"], ())
    assert [one.name for one in drafting.cleared_by] == ["Fern, Anna", "Birch, Pavla"]
    assert [one.name for one in made.header.exempt] == ["AMEMBASSY ROME"]
    assert [str(one.mrn) for one in made.references] == ["24LISBON212", "23LISBON977"]


def test_labels_say_more_than_a_misread_telegram() -> None:
    made = sample("layout-e-misread")
    assert [tag.code for tag in made.tags] == ["ENRG", "EC"]
    assert made.from_attributes == ("captions", "tags", "subject", "header.dtg")
    assert codes(made).count("CK317") == 2


# ---- FOIA ---------------------------------------------------------------------------------------------------------


def test_a_stamp_is_no_part_of_the_text() -> None:
    made = sample("layout-f-stamp")
    (release,) = made.release
    assert (release.decision, release.exemptions) == ("part", ("B6",))
    assert (release.case_number, release.document_number) == ("F-2016-00417", "C06000417")
    assert release.date == date(2017, 7, 31)
    assert [redaction.exemptions for redaction in made.redactions] == [("B6",), ("B6",)]
    assert "Case" not in made.paragraphs[0].text


def test_released_in_part() -> None:
    made = sample("layout-f-part")
    assert str(made.mrn) == "73STATE227001"
    (release,) = made.release
    assert (release.exemptions, release.date, release.reviewer) == (("B1", "B6"), date(2007, 10, 16), "ORRIN SABLE")
    assert made.paragraphs[0].text.endswith("IT WAS SEEN BY AND HIS BROTHER.")
    assert {repair.rule for repair in made.repairs} == {"dtg-misread", "address-label", "classification-letters"}
    source = (SAMPLES / "layout-f-part.txt").read_text("utf-8")
    assert [source[slice(*node.span)].strip() for node in made.nodes if node.rule == "redaction"] == ["B6", "B1"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R 1917402 NOV 73", "191740Z NOV 73"),
        ("R 1917407 NOV 73", "191740Z NOV 73"),
        ("₽ 1917402 NOV 73", "P 191740Z NOV 73"),
        ("0 191740Z 0CT 73", "O 191740Z OCT 73"),
        ("R 19174ØZ NOV 73", None),
        ("R I9I74OZ NOV 73", "191740Z NOV 73"),
    ],
)
def test_a_misread_line_5(written: str, read: str | None) -> None:
    made = parse((SAMPLES / "layout-f-part.txt").read_text("utf-8").replace("R 1917402 NOV 73", written))
    assert made.header.dtg
    assert made.header.dtg.utc
    assert f"{made.header.dtg.utc:%d%H%M}" == "191740"
    assert [one.as_read for one in made.repairs if one.rule.startswith("dtg")] == ([read] if read else [])


@pytest.mark.parametrize(
    ("written", "signer"),
    [
        ("VANE\nSECRET\n", "VANE"),
        ("VANE\nOBTAIN\nRELEASED IN FULL\nSECRET\n", "VANE"),
        ("VANE\nINR-07 /030 W\n081185/47\nSECRET\n", "VANE"),
        ("VANE\n1972.\nSECRET\n", "VANE"),
        ("SECRET\nVANE\nSECRET\nUNITED STATES DEPARTMENT OF STATE\nUNCLASSIFIED\n1.\nSECRET\n", "VANE"),
        ("REQUIRED\nBY REF C.\nVANE\nSECRET\n", "VANE"),
        ("DETAILED\n3. DIA CONCURS.\nSECRET\nVANE\nSECRET\n", "VANE"),
        ("SECRET\n", None),
    ],
)
def test_scraps_behind_the_signer(written: str, signer: str | None) -> None:
    made = parse((SAMPLES / "layout-f-part.txt").read_text("utf-8").replace("VANE\nSECRET\n", written))
    assert (made.signature and made.signature.name) == signer
    assert all("OBTAIN" not in block.text for block in made.body)


def test_bullets_are_stops_in_page_images() -> None:
    text = (SAMPLES / "layout-f-part.txt").read_text("utf-8")
    made = parse(text.replace("1. PLEASE", "1• PLEASE").replace("NOT OURS.", "NOT OURS•"))
    assert [block.text for block in made.paragraphs] == [block.text for block in parse(text).paragraphs]
    assert ("bullets for stops", 2) in [(one.what, one.count) for one in made.source.decisions]
    assert made.paragraphs[0].number_as_written == "1."


def test_a_reference_on_a_form_ends_the_subject() -> None:
    text = (SAMPLES / "layout-f-airgram.txt").read_text("utf-8")
    written = "REF\n: Embtel 94 to Amconsul Istanbul (to SecState 1054) of\nNovember 14, 1963.\n"
    made = parse(text.replace("REF : Embtel 94 of November 14, 1963\n\n", written))
    assert made.subject
    assert made.subject.text == "Negative report on a balloon said to have come down near Varna"
    assert [reference.text for reference in made.references] == ["Embtel 94"]
    assert any(block.text.startswith("The balloon was a kite.") for block in made.body)


def test_labels_of_a_form_in_one_column_and_values_in_another() -> None:
    text = (SAMPLES / "layout-f-airgram.txt").read_text("utf-8")
    apart = "TO\nINFO\nA-628\nNO.\n: DEPARTMENT OF STATE\n: Amconsul ISTANBUL\n"
    made = parse(text.replace("TO : DEPARTMENT OF STATE\nINFO : Amconsul ISTANBUL\n", apart))
    assert [one.name for one in made.header.action] == ["DEPARTMENT OF STATE"]
    assert [one.name for one in made.header.info] == ["Amconsul ISTANBUL"]
    made = parse(text.replace("TO : DEPARTMENT OF STATE\nINFO :", "TO\nINFO\n:"))
    assert not made.header.action  # of two labels and one value nothing tells which it belongs to


@pytest.mark.parametrize(
    ("written", "day", "found"),
    [
        ("DATE: November 20,\n1963", date(1963, 11, 20), []),
        ("DATE: November 20,\n2963", None, ["CK106"]),
        ("DATE: November 20", None, ["CK106"]),
    ],
)
def test_a_date_on_two_lines(written: str, day: date | None, found: list[str]) -> None:
    made = parse((SAMPLES / "layout-f-airgram.txt").read_text("utf-8").replace("DATE: November 20, 1963", written))
    attribute = made.attribute("Date")
    assert attribute
    assert (attribute.day, attribute.as_written) == (day, written.removeprefix("DATE: ").replace("\n", " "))
    assert [code for code in codes(made) if code == "CK106"] == found


def test_the_figures_of_line_5_are_no_place() -> None:
    text = (SAMPLES / "layout-f-part.txt").read_text("utf-8")
    made = parse(text.replace("R 1917402 NOV 73", "R 1917402").replace("SECRE I STATE 227001", "SECRE I"))
    assert made.header.dtg
    assert (made.header.dtg.utc, made.header.dtg.precedences) == (None, (Precedence.ROUTINE,))
    assert "CK102" in codes(made)
    assert str(made.mrn) == "STATE227001"  # of the page heads


def test_a_level_above_the_first_line_of_a_head_is_that_of_the_page() -> None:
    made = parse(
        "RELEASED IN FULL\nSECRET\nDE RUESUA 264\nR 141522Z NOV 63\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC\nX\n"
    )
    assert made.classification
    assert made.classification.level == "SECRET"


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("AMFMBASSY OSLO", "AMEMBASSY OSLO"),
        ("AMEMBASSY OSLE", "AMEMBASSY OSLO"),
        ("AMEMBASSY OSLO", None),
        ("AMEMBASSY QQQQ", None),
        ("USCINCEUR", None),
    ],
)
def test_a_misread_post_is_told_and_not_changed(written: str, likely: str | None) -> None:
    made = parse((SAMPLES / "layout-f-part.txt").read_text("utf-8").replace("IO AMEMBASSY OSLO", f"IO {written}"))
    assert [one.name for one in made.header.action] == [written]
    assert [one.likely for one in made.diagnostics if one.code == "CK105"] == ([likely] if likely else [])


def test_a_seventh_figure_that_is_no_z_is_not_guessed() -> None:
    made = parse((SAMPLES / "layout-f-part.txt").read_text("utf-8").replace("R 1917402 NOV 73", "R 1917404 NOV 73"))
    assert made.header.dtg
    assert made.header.dtg.utc is None
    assert "CK102" in codes(made)


def test_several_telegrams() -> None:
    text = (SAMPLES / "layout-f-two-telegrams.txt").read_text("utf-8")
    assert "CK410" in codes(parse(text))
    made = [parse(text[start:end]) for start, end in telegrams(text)]
    assert [str(one.mrn) for one in made] == ["77OSLO4410", "77OSLO4431"]
    assert [[block.text for block in one.body if block.kind == "paragraph"] for one in made] == [
        ["THE LINE HOLDS."],
        ["THE LINE DOES NOT HOLD."],
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("B6", ("B6",)),
        ("B1, B6", ("B1", "B6")),
        ("B3, CIA", ("B3",)),
        ("B7(C)", ("B7(C)",)),
        ("(b)(6)", ("B6",)),
        ("(b) (7)(C)", ("B7(C)",)),
        ("1.4(D)", ("1.4(D)",)),
        ("1.4 (B); B1", ("1.4(B)", "B1")),
        ("CIA", ()),
    ],
)
def test_exemptions(written: str, read: tuple[str, ...]) -> None:
    assert exemptions(written) == read


def test_the_publishers_redactions_have_their_length() -> None:
    made = parse(cable(body="1. (U) XXXXXXXXXXXX told us of xxxxx.\n\n2. (U) BOXXXXXY and XXXX stay.\n\nQUILL"))
    assert [(one.kind, one.length) for one in made.redactions] == [("publisher", 12), ("publisher", 5)]
    assert [node.rule for node in made.nodes].count("redaction") == 2


def test_b6_is_a_word_in_any_other_cable() -> None:
    assert parse(cable(body="1. (U) Vitamin  B6  is sold (b)(6).\n\nQUILL")).redactions == ()


# ---- sections as separate records ---------------------------------------------------------------------------------


def sections() -> list[Cable]:
    second = (SAMPLES / "layout-c-second-section.txt").read_text("utf-8")
    first = second.replace("02 OF 02", "01 OF 02").replace("SECTION 02", "SECTION 01")
    start, end = first.index("OF THE HARBOR BOARD"), first.index("TARN\n")
    first = first[:start] + "3. THE CRANES STAND ON THE GROUND\n" + first[end + len("TARN\n") :]
    return [parse(second), parse(first)]


def test_sections_are_joined() -> None:
    second, first = sections()
    other = parse(cable())
    assert section_key(first) == section_key(second) == "75LAGOS7133/197508121430"
    assert section_key(other) is None
    joined, alone = join_sections([second, other, first])
    assert (joined.parts, joined.missing, str(joined.mrn), joined.of) == ((first, second), (), "75LAGOS7133", 2)
    assert joined.body[0].block.text.startswith("THE CRANES STAND ON THE GROUND OF THE HARBOR BOARD, WHO")
    assert [one.part for one in joined.body] == [0, 1]
    assert alone.parts == (other,)


def test_what_is_missing_or_twice() -> None:
    second, first = sections()
    assert Message(parts=(second,)).missing == (1,)
    assert len(Message(parts=(first, first, second)).body) == 2
    assert [one.part for one in Message(parts=(second,)).body] == [0, 0]


# ---- real copies --------------------------------------------------------------------------------------------------


def test_real_record_copies(corpus: Path) -> None:
    for path in sorted((corpus / "nara-1973-79").glob("*.txt")):
        made = parse(path.read_bytes())
        assert (made.layout, made.coverage) == ("C", 1.0)
        numbers = [paragraph.number for paragraph in made.paragraphs]
        assert numbers == list(range(1, len(numbers) + 1))
        assert made.signature
        assert made.signature.name in ("KISSINGER", "LEONARD")
        assert made.classification
        assert not any("Declassified" in block.text or "PAGE 0" in block.text for block in made.body)


def test_real_archive_copies(corpus: Path) -> None:
    for path in sorted((corpus / "smart").glob("*.txt")):
        made = parse(path.read_bytes())
        assert made.layout == "E"
        assert made.mrn
        assert made.header.dtg
        assert made.header.dtg.utc
        assert made.header.dtg.utc.year == made.mrn.year
        assert made.header.originator
        assert made.header.action
        assert made.tags
        assert made.subject


def test_real_releases(corpus: Path) -> None:
    (path,) = (corpus / "foia").glob("*-22-pages.txt")
    text = path.read_text("utf-8")
    made = [parse(text[start:end]) for start, end in telegrams(text)]
    assert len(made) == 12
    assert all(one.header.dtg and one.header.dtg.utc for one in made)
    assert all(one.mrn for one in made)
    assert all(one.tags and one.subject and one.header.originator and one.header.action for one in made)
