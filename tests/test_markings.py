from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import LarkError

from cablekit import grammar
from cablekit.build.markings import ClassificationLine, banner, build_classification, build_portion_mark
from cablekit.build.reading import Part, Reading
from cablekit.model import Level, PortionMark
from tests.make import reading


def line(text: str, station: str | None = None, serial: int | None = None) -> tuple[ClassificationLine, Reading]:
    part, notes = reading(text)
    return build_classification(part, notes, station, serial), notes


def mark(text: str) -> tuple[PortionMark | None, Reading]:
    part, notes = reading(text)
    return build_portion_mark(part, notes), notes


def repairs(notes: Reading) -> list[tuple[str, str, str]]:
    return [(repair.rule, repair.as_written, repair.as_read) for repair in notes.repairs]


def codes(notes: Reading) -> list[str]:
    return [note.code for note in notes.diagnostics]


# Line 12


@pytest.mark.parametrize(
    ("written", "level", "caveats", "section", "mrn"),
    [
        ("UNCLAS BISHKEK 000094", Level.UNCLASSIFIED, (), None, "BISHKEK94"),
        ("UNCLAS SECTION 01 OF 02 BISHKEK 000094", Level.UNCLASSIFIED, (), (1, 2), "BISHKEK94"),
        ("UNCLASSIFIED BUENOS AIRES 2481", Level.UNCLASSIFIED, (), None, "BUENOSAIRES2481"),
        ("UNCLASSIFIED   STATE   00100153 ", Level.UNCLASSIFIED, (), None, "STATE100153"),
        ("C O N F I D E N T I A L SECTION 01 OF 24 BAGHDAD 000123", Level.CONFIDENTIAL, (), (1, 24), "BAGHDAD123"),
        ("CONFIDENTIAL BAGHDAD 123", Level.CONFIDENTIAL, (), None, "BAGHDAD123"),
        ("S E C R E T PORT AU PRINCE 000012", Level.SECRET, (), None, "PORTAUPRINCE12"),
        ("T O P  S E C R E T STATE 000012", Level.TOP_SECRET, (), None, "STATE12"),
        ("LIMITED OFFICIAL USE SOFIA 4711", Level.LIMITED_OFFICIAL_USE, (), None, "SOFIA4711"),
        ("RESTRICTED SOFIA 12", Level.RESTRICTED, (), None, "SOFIA12"),
        ("SBU NOFORN SOFIA 12", Level.SBU, ("NOFORN",), None, "SOFIA12"),
        ("UNCLAS EFTO SOFIA 12", Level.UNCLASSIFIED, ("EFTO",), None, "SOFIA12"),
        ("UNCLAS E F T O SOFIA 12", Level.UNCLASSIFIED, ("EFTO",), None, "SOFIA12"),
        ("SECRET NOFORN SECTION 1 OF 2 SOFIA 12", Level.SECRET, ("NOFORN",), (1, 2), "SOFIA12"),
        ("SECRET SECTION 1 OF 2 N O F O R N SOFIA 12", Level.SECRET, ("NOFORN",), (1, 2), "SOFIA12"),
        ("CONFIDENTIAL//NOFORN", Level.CONFIDENTIAL, ("NOFORN",), None, None),
        ("SECRET//REL TO USA, GBR SOFIA 12", Level.SECRET, ("REL TO USA, GBR",), None, "SOFIA12"),
        (
            "UNCLASSIFIED//FOR OFFICIAL USE ONLY SOFIA 12",
            Level.UNCLASSIFIED,
            ("FOR OFFICIAL USE ONLY",),
            None,
            "SOFIA12",
        ),
        ("CLASSIFICATION: SECRET", Level.SECRET, (), None, None),
        ("UNCLAS", Level.UNCLASSIFIED, (), None, None),
        ("UNCLAS FINAL SECTION OF 02 SOFIA 12", Level.UNCLASSIFIED, (), (2, 2), "SOFIA12"),
        ("UNCLAS FINAL SECTION 3 OF 4 SOFIA 12", Level.UNCLASSIFIED, (), (3, 4), "SOFIA12"),
        ("UNCLAS SECTION 01 SOFIA 12", Level.UNCLASSIFIED, (), (1, None), "SOFIA12"),
        ("UNCLAS SECTION 001 OF 003 SOFIA 12", Level.UNCLASSIFIED, (), (1, 3), "SOFIA12"),
        ("Unclas sofia 000165", Level.UNCLASSIFIED, (), None, "SOFIA165"),
        ("S e c r e t section 01 of 02 sofia 12", Level.SECRET, (), (1, 2), "SOFIA12"),
        ("UNCLAS STATE 255195 TOSEC 140301", Level.UNCLASSIFIED, (), None, "STATE255195"),
        ("UNCLAS SOFIA 000012 ZFR", Level.UNCLASSIFIED, (), None, "SOFIA12"),
        ("UNCLAS SOFIA 000012 SUSPECTED DUPLICATE", Level.UNCLASSIFIED, (), None, "SOFIA12"),
        ("UNCLAS C O R R E C T E D  C O P Y SOFIA 12", Level.UNCLASSIFIED, (), None, "SOFIA12"),
        ("UNCLAS ASHGABAT687", Level.UNCLASSIFIED, (), None, "ASHGABAT687"),
        ("UNCLAS SOFIA 000012 \\\n", Level.UNCLASSIFIED, (), None, "SOFIA12"),
    ],
)
def test_line_12(
    written: str, level: Level, caveats: tuple[str, ...], section: tuple[int, int | None] | None, mrn: str | None
) -> None:
    read, notes = line(written)
    assert (read.level, read.caveats) == (level, caveats)
    assert (read.section and (read.section.number, read.section.of)) == section
    assert (read.mrn and str(read.mrn)) == mrn
    assert (notes.repairs, notes.diagnostics) == ([], [])


def test_the_year_is_not_on_the_line() -> None:
    read, _ = line("UNCLAS SOFIA 000012")
    assert read.mrn
    assert (read.mrn.year, read.mrn.year_source) == (None, "none")


def test_where_the_pieces_stand() -> None:
    text = "UNCLAS SECTION 01 OF 02 PORT AU PRINCE 000012"
    part, notes = reading(f"INFO\n{text} \n\nSIPDIS")
    read = build_classification(Part(f" {text} \n", 4), notes, None)
    assert read.section
    assert read.mrn
    assert [part.text[slice(*span)] for span in (read.span, read.section.span, read.mrn.span)] == [
        text,
        "SECTION 01 OF 02",
        "PORT AU PRINCE 000012",
    ]
    assert (read.as_written, read.mrn.as_written) == (text, "PORT AU PRINCE 000012")


@pytest.mark.parametrize(
    ("damaged", "mark"),
    [
        ("SS E C R E T", "SECRET"),
        ("E C R E T", "SECRET"),
        ("CSE C R E T", "SECRET"),
        ("ES C R E T", "SECRET"),
        ("S E C E T", "SECRET"),
        ("ECRET", "SECRET"),
        ("CC O N F I D E N T I A L", "CONFIDENTIAL"),
        ("O N F I D E N T I A L", "CONFIDENTIAL"),
        ("C O N F J D E N T I L", "CONFIDENTIAL"),
        ("SE C R E T", "SECRET"),
        ("CO N F I D E N T I A L", "CONFIDENTIAL"),
        ("C ONFIDENTIAL", "CONFIDENTIAL"),
        ("UUNCLAS", "UNCLAS"),
        ("NCLAS", "UNCLAS"),
        ("UNCKAS", "UNCLAS"),
        ("UNCLASSIFID", "UNCLASSIFIED"),
    ],
)
def test_a_damaged_mark_is_mended(damaged: str, mark: str) -> None:
    read, notes = line(f"{damaged} SECTION 01 OF 02 LA PAZ 000012")
    assert read.level == (Level.UNCLASSIFIED if mark.startswith("UNCLAS") else Level(mark))
    assert read.mrn
    assert str(read.mrn) == "LAPAZ12"
    assert repairs(notes) == [("classification-letters", damaged, mark)]
    assert notes.repairs[0].span == (0, len(damaged))
    assert codes(notes) == []


@pytest.mark.parametrize("written", ["CREDIT LA PAZ 000012", "R E D LA PAZ 000012", "STATE 000012", "", " \n", "¶"])
def test_what_is_no_mark_is_not_guessed(written: str) -> None:
    read, notes = line(written)
    assert read.level is None
    assert "CK101" in codes(notes)
    assert not notes.repairs


@pytest.mark.parametrize(
    ("written", "number", "of"),
    [
        ("SECION 01 OF 02", 1, 2),
        ("SCTION 01 OF 02", 1, 2),
        ("SECTON 01 OF 02", 1, 2),
        ("SECTIKN 02 OF 12", 2, 12),
        ("ECTION 01 OF 02", 1, 2),
        ("SECTION 01 0F 02", 1, 2),
        ("SECTION 01 GF 02", 1, 2),
        ("SECTION 01 0QF 02", 1, 2),
        ("SECTION01F03", 1, 3),
        ("SECTION01 OF 03", 1, 3),
        ("SECTION01OF03", 1, 3),
        ("SECTION O1 OF O2", 1, 2),
        ("SECTION I0 OF 1I", 10, 11),
        ("SECTION010F03", 1, 3),
        ("SCTION01F03", 1, 3),
    ],
)
def test_a_garbled_section_is_mended(written: str, number: int, of: int) -> None:
    read, notes = line(f"UNCLAS {written} LA PAZ 000012")
    assert read.section
    assert (read.section.number, read.section.of) == (number, of)
    assert read.mrn
    assert str(read.mrn) == "LAPAZ12"
    assert repairs(notes) == [("section-word", written, f"SECTION {number:02d} OF {of:02d}")]


def test_a_section_number_that_is_not_all_figures_is_left_open() -> None:
    read, notes = line("UNCLAS SECTION 0Q OF 02 LA PAZ 000012")
    assert read.section is None
    assert read.mrn
    assert codes(notes) == ["CK101"]


@pytest.mark.parametrize(
    ("written", "station", "post"),
    [("BISHIEK", "RUEHEK", "BISHKEK"), ("QRIPOLI", "RUEHTRO", "TRIPOLI"), ("BRUSSQLS", "RUEHBS", "BRUSSELS")],
)
def test_line_3_tells_which_post_a_name_with_a_wrong_letter_is(written: str, station: str, post: str) -> None:
    read, notes = line(f"UNCLAS {written} 000012", station)
    assert read.mrn
    assert (read.mrn.post, read.mrn.as_written) == (post, f"{written} 000012")
    assert repairs(notes) == [("post-letter", written, post)]
    assert codes(notes) == []


def test_line_6_tells_it_too() -> None:
    part, notes = reading("UNCLAS BISHIEK 000012")
    read = build_classification(part, notes, None, None, "AMEMBASSY BISHKEK")
    assert read.mrn
    assert read.mrn.post == "BISHKEK"
    assert repairs(notes) == [("post-letter", "BISHIEK", "BISHKEK")]


@pytest.mark.parametrize(
    ("written", "caveats", "as_written", "as_read"),
    [
        ("AMEMBASSY SOFIA", (), "AMEMBASSY", ""),
        ("AMEMBASSYSOFIA", (), "AMEMBASSY", ""),
        ("EFTOSOFIA", ("EFTO",), "EFTO", "EFTO "),
        ("NOFORNSOFIA", ("NOFORN",), "NOFORN", "NOFORN "),
    ],
)
def test_a_word_that_is_no_part_of_the_number(
    written: str, caveats: tuple[str, ...], as_written: str, as_read: str
) -> None:
    read, notes = line(f"UNCLAS {written} 000012")
    assert read.mrn
    assert (read.mrn.post, read.caveats) == ("SOFIA", caveats)
    assert repairs(notes) == [("word-in-number", as_written, as_read)]


@pytest.mark.parametrize("station", [None, "RUEHTRO"])
def test_without_line_3_a_wrong_post_is_kept_as_written(station: str | None) -> None:
    read, notes = line("UNCLAS BISHIEK 000012", station)
    assert read.mrn
    assert read.mrn.post == "BISHIEK"
    assert [(note.code, note.likely) for note in notes.diagnostics] == [("CK105", "BISHKEK")]
    assert not notes.repairs


def test_a_post_without_routing_indicator_is_not_the_one_of_no_line_3() -> None:
    read, notes = line("UNCLAS TEHRAX 000012")
    assert read.mrn
    assert read.mrn.post == "TEHRAX"
    assert not notes.repairs


def test_a_post_in_no_list_is_joined() -> None:
    read, notes = line("UNCLAS PORT-O'NOWHERE BAY 000012", "RUEHEK")
    assert read.mrn
    assert read.mrn.post == "PORTONOWHEREBAY"
    assert codes(notes) == ["CK105"]
    assert notes.diagnostics[0].span == (7, 25)


@pytest.mark.parametrize(
    ("written", "station_serial", "serial"),
    [
        ("00Q021", 21, 21),
        ("0000Q1", 21, 21),
        ("O00021", 21, 21),
        ("Q00021", 21, None),
        ("1Q1021", 1021, None),
        ("12O021", 21, 120021),
    ],
)
def test_line_3_tells_the_figures_of_a_garbled_serial(written: str, station_serial: int, serial: int | None) -> None:
    read, notes = line(f"UNCLAS SOFIA {written}", "RUEHSF", station_serial)
    assert (read.mrn and read.mrn.serial) == serial
    expected = [("serial-letter", written, f"{serial:06d}")] if serial else []
    assert repairs(notes) == expected
    assert codes(notes) == ([] if serial else ["CK101"])


@pytest.mark.parametrize("station_serial", [None, 22, 1021])
def test_a_garbled_serial_is_not_guessed(station_serial: int | None) -> None:
    read, notes = line("UNCLAS SOFIA 00Q021", "RUEHSF", station_serial)
    if station_serial == 1021:
        assert read.mrn
        assert read.mrn.serial == 1021
        return
    assert read.mrn is None
    assert codes(notes) == ["CK101"]
    assert not notes.repairs


def test_a_post_without_serial_has_no_reference_number() -> None:
    read, notes = line("UNCLAS SOFIA")
    assert read.mrn is None
    assert codes(notes) == ["CK101"]


def test_a_mark_that_is_missing_hides_nothing_else() -> None:
    read, notes = line("STATE 000012")
    assert read.level is None
    assert str(read.mrn) == "STATE12"
    assert codes(notes) == ["CK101"]


def test_a_redacted_post_has_no_reference_number() -> None:
    read, notes = line("UNCLAS SECTION 01 OF 02 XXXXXXXXXXXX 000012", "RUEHEK")
    assert read.mrn is None
    assert read.section
    assert codes(notes) == ["CK105"]


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "UNCLAS SECRET S C",
                "SECTION",
                "FINAL SECTION",
                "01",
                "OF",
                "0F",
                "02",
                "SOFIA",
                "000012",
                "00Q1",
                "E F T O",
                "//",
                "NOFORN",
                "AMEMBASSY",
                "XXXXXXX",
                "CORRECTED COPY",
                ".",
                "(",
                "é",
                "\n",
                "CLASSIFICATION:",
                "SECTON",
            ]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_any_line_12_is_answered(text: str) -> None:
    read, notes = line(text, "RUEHSF", 12)
    source = notes.source.source
    assert read.as_written == notes.source.text.strip()
    assert (read.level is None) == any(
        note.message == "the classification cannot be read" for note in notes.diagnostics
    )
    if read.mrn:
        assert source[slice(*read.mrn.span)] in source[slice(*read.span)]


@pytest.mark.parametrize("unit", ["C ", "A", "0", "S E C ", "SECTION ", "(", "X", " ", "OF 01 ", "A'"])
@pytest.mark.parametrize("before", ["", "UNCLAS ", "UNCLAS SECTION 01 ", "UNCLAS SOFIA "])
def test_a_long_line_12_is_read_in_linear_time(before: str, unit: str) -> None:
    line(before + unit * (40_000 // len(unit)))


# Banner


@pytest.mark.parametrize(
    ("level", "caveats", "captions", "expected"),
    [
        (Level.UNCLASSIFIED, (), ("SIPDIS",), "UNCLASSIFIED"),
        (Level.UNCLASSIFIED, (), ("SIPDIS", "SENSITIVE"), "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        (Level.UNCLASSIFIED, (), ("SENSITIVE BUT UNCLASSIFIED",), "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        (Level.UNCLASSIFIED, ("FOR OFFICIAL USE ONLY",), (), "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        (Level.UNCLASSIFIED, ("EFTO",), ("SENSITIVE",), "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        (Level.UNCLASSIFIED, ("EFTO",), (), "UNCLASSIFIED"),
        (Level.SBU, ("NOFORN",), (), "UNCLASSIFIED//FOR OFFICIAL USE ONLY"),
        (Level.SECRET, ("NOFORN",), (), "SECRET//NOFORN"),
        (Level.SECRET, (), ("NOFORN", "NODIS"), "SECRET//NOFORN"),
        (Level.CONFIDENTIAL, (), ("EXDIS", "SENSITIVE"), "CONFIDENTIAL"),
        (Level.SECRET, ("REL TO USA, GBR",), (), "SECRET"),
        (Level.LIMITED_OFFICIAL_USE, (), ("STADIS",), "LIMITED OFFICIAL USE"),
    ],
)
def test_banner(level: Level, caveats: tuple[str, ...], captions: tuple[str, ...], expected: str) -> None:
    assert banner(level, caveats, captions) == expected


# Portion marks

MARKS = [
    ("(U)", Level.UNCLASSIFIED, ()),
    ("(C)", Level.CONFIDENTIAL, ()),
    ("(S)", Level.SECRET, ()),
    ("(TS)", Level.TOP_SECRET, ()),
    ("(SBU)", Level.SBU, ()),
    ("(sbu)", Level.SBU, ()),
    ("(LOU)", Level.LIMITED_OFFICIAL_USE, ()),
    ("(FOUO)", Level.UNCLASSIFIED, ("FOUO",)),
    ("(U//FOUO)", Level.UNCLASSIFIED, ("FOUO",)),
    ("(S/NF)", Level.SECRET, ("NF",)),
    ("(s/nf)", Level.SECRET, ("NF",)),
    ("(S//NF)", Level.SECRET, ("NF",)),
    ("(S-NF)", Level.SECRET, ("NF",)),
    ("(SNF)", Level.SECRET, ("NF",)),
    ("(CNF)", Level.CONFIDENTIAL, ("NF",)),
    ("(C/NOFORN)", Level.CONFIDENTIAL, ("NF",)),
    ("(SBU/NF)", Level.SBU, ("NF",)),
    ("(SBU-N)", Level.SBU, ("NF",)),
    ("(S//FGI//NF)", Level.SECRET, ("FGI", "NF")),
    ("(TS//SI//NF)", Level.TOP_SECRET, ("SI", "NF")),
    ("(S/REL TO UK)", Level.SECRET, ("REL TO UK",)),
    ("(S//REL NATO, ISAF)", Level.SECRET, ("REL NATO, ISAF",)),
    ("(S//REL TO USA,\nISAF)", Level.SECRET, ("REL TO USA, ISAF",)),
    ("(C//REL NATO/ISAF//NF)", Level.CONFIDENTIAL, ("REL NATO/ISAF", "NF")),
    ("( C )", Level.CONFIDENTIAL, ()),
]
NO_MARKS = [
    *("(U.S.)", "(UK)", "(CH)", "(S. Korea)", "(C. Smith)", "(S/P)", "(S/CT)", "(U/S)", "(R)", "(SFN)", "(CS)"),
    *("(S/EX)", "(1)", "(a)", "(NF)", "(REL TO UK)", "(UN)", "(C text)", "()"),
]
LIST_LETTERS = ["(u)", "(c)", "(s)"]


@pytest.mark.parametrize(("written", "level", "controls"), MARKS)
def test_portion_mark(written: str, level: Level, controls: tuple[str, ...]) -> None:
    read, notes = mark(f"{written} ")
    assert read
    assert (read.level, read.controls, read.entire_text) == (level, controls, False)
    assert (read.as_written, read.span) == (written, (0, len(written)))
    assert not notes.repairs


@pytest.mark.parametrize("written", [*NO_MARKS, "", "C", "(", "(C) and more", "(S//" + "NF//" * 60 + "NF)"])
def test_no_portion_mark(written: str) -> None:
    read, notes = mark(written)
    assert read is None
    assert (notes.repairs, notes.diagnostics) == ([], [])


@pytest.mark.parametrize("written", LIST_LETTERS)
def test_who_asks_for_a_mark_in_small_letters_gets_it(written: str) -> None:
    read, _ = mark(written)
    assert read
    assert read.level.abbreviation == written[1].upper()


@pytest.mark.parametrize(
    "written",
    ["(C - ENTIRE TEXT)", "(C-ENTIRE TEXT)", "(C -- ENTIRE TEXT)", "(c entire text)", "(CONFIDENTIAL - ENTIRE TEXT)"],
)
def test_a_mark_of_the_entire_text(written: str) -> None:
    read, _ = mark(written)
    assert read
    assert (read.level, read.controls, read.entire_text) == (Level.CONFIDENTIAL, (), True)


@pytest.mark.parametrize(
    ("written", "as_read"),
    [
        ("C)", "(C)"),
        ("(C ", "(C)"),
        ("(S//NF", "(S//NF)"),
        ("SBU)", "(SBU)"),
        ("(N/SF)", "(S//NF)"),
        ("(NC/F)", "(C//NF)"),
    ],
)
def test_a_damaged_mark_in_the_text_is_mended(written: str, as_read: str) -> None:
    read, notes = mark(written)
    assert read
    assert f"({read})" == as_read
    assert repairs(notes) == [("portion-mark", written.strip(), as_read)]


def test_a_mark_keeps_its_own_place() -> None:
    part, notes = reading("1. (SBU) The roses. 2. (SBU) The oil.")
    spans = []
    for start in (3, 23):
        read = build_portion_mark(Part("(SBU) ", start), notes)
        assert read
        spans.append(part.text[slice(*read.span)])
    assert spans == ["(SBU)", "(SBU)"]


@cache
def terminal() -> Lark:
    return Lark(
        "start: PORTION_MARK\n%import markings.PORTION_MARK",
        parser="lalr",
        import_paths=[str(grammar.folder())],
    )


@pytest.mark.parametrize("written", [written for written, *_ in MARKS] + ["(N/SF)", "(C - ENTIRE TEXT)"])
def test_other_grammars_can_import_the_mark(written: str) -> None:
    assert terminal().parse(written).children == [written]


@pytest.mark.parametrize("written", NO_MARKS + LIST_LETTERS)
def test_other_grammars_do_not_take_look_alikes_for_marks(written: str) -> None:
    with pytest.raises(LarkError):
        terminal().parse(written)


@given(st.text(max_size=30) | st.text("(SCUBTNF/- RELO)", max_size=14))
def test_any_mark_is_answered(text: str) -> None:
    read, _ = mark(text)
    if read is None:
        return
    again, _ = mark(f"({read})")
    assert again
    assert (again.level, again.controls) == (read.level, read.controls)
