from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.orders import build_classified_by, build_executive_order
from cablekit.build.reading import Part, Reading
from cablekit.model import ClassifiedBy, ExecutiveOrder
from tests.make import reading

IN_2007 = date(2007, 6, 1)


def order(text: str, on: date | None = None) -> tuple[ExecutiveOrder, Reading]:
    part, notes = reading(text)
    return build_executive_order(part, notes, on), notes


def classifier(text: str) -> ClassifiedBy:
    part, notes = reading(text)
    read = build_classified_by(part, notes)
    assert (notes.repairs, notes.diagnostics) == ([], [])
    return read


def repairs(notes: Reading) -> list[tuple[str, str, str]]:
    return [(repair.rule, repair.as_written, repair.as_read) for repair in notes.repairs]


def codes(notes: Reading) -> list[str]:
    return [note.code for note in notes.diagnostics]


# The label


@pytest.mark.parametrize(
    "label",
    [
        *("E.O. 12958: ", "EO 12958 ", "E.o. 12958: ", "E.O.12958:", "E.O.: 12958: ", "E.O 12958: ", "E O 12958: "),
        *("e.o. 12958:  ", "E.O. 12958", "EXECUTIVE ORDER 12958: ", "12958: ", "  E.O. 12958:\n", "E.O. 12958-"),
    ],
)
@pytest.mark.parametrize("value", ["N/A", "DECL: 07/24/2018"])
def test_a_regular_label(label: str, value: str) -> None:
    if label == "E.O. 12958":
        label += " "
    read, notes = order(label + value)
    assert read.number == 12958
    assert (read.schedule, read.declassify_on) in [("N/A", None), (None, date(2018, 7, 24))]
    assert (notes.repairs, notes.diagnostics) == ([], [])


@pytest.mark.parametrize("label", ["E.0.", "E.M.", "E0"])
def test_a_damaged_label_is_mended(label: str) -> None:
    read, notes = order(f"{label} 12958: N/A")
    assert (read.number, read.schedule) == (12958, "N/A")
    assert repairs(notes) == [("eo-label", label, "E.O.")]


def test_the_label_can_be_lost() -> None:
    read, notes = order("DECL: 07/24/2018")
    assert (read.number, read.declassify_on) == (None, date(2018, 7, 24))
    assert not notes.diagnostics


def test_where_it_stands() -> None:
    part, notes = reading("SIPDIS\n E.O. 12958: N/A \nTAGS: KG")
    read = build_executive_order(Part(part.text[7:25], 7), notes, None)
    assert part.text[slice(*read.span)] == read.as_written == "E.O. 12958: N/A"


# The number


@pytest.mark.parametrize(
    ("figures", "on", "number"),
    [
        ("12598", None, 12958),
        ("19528", None, 12958),
        ("12985", None, 12958),
        ("19523", IN_2007, 12958),
        ("1295", IN_2007, 12958),
        ("11653", None, 11652),
        ("16652", None, 11652),
        ("12536", date(1985, 1, 1), 12356),
        ("12536", date(2012, 1, 1), 13526),
    ],
)
def test_damaged_figures_are_mended(figures: str, on: date | None, number: int) -> None:
    read, notes = order(f"E.O. {figures}: N/A", on)
    assert read.number == number
    assert repairs(notes) == [("eo-digits", figures, str(number))]
    assert notes.repairs[0].span == (5, 5 + len(figures))
    assert codes(notes) == []


@pytest.mark.parametrize(
    ("figures", "on"),
    [("12536", None), ("12536", IN_2007), ("19523", None), ("99999", IN_2007), ("1295", None), ("13772", IN_2007)],
)
def test_figures_that_may_be_several_orders_are_kept(figures: str, on: date | None) -> None:
    read, notes = order(f"E.O. {figures}: N/A", on)
    assert read.number == int(figures)
    assert codes(notes) == ["CK503"]
    assert not notes.repairs


@pytest.mark.parametrize("number", [11652, 12065, 12356, 13292, 13526])
def test_another_order_is_left_alone(number: int) -> None:
    read, notes = order(f"E.O. {number}: N/A", IN_2007)
    assert read.number == number
    assert (notes.repairs, notes.diagnostics) == ([], [])


# Dates


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DECL: 07/24/2018", date(2018, 7, 24)),
        ("DECL:07/24/2018", date(2018, 7, 24)),
        ("DECL 07/24/2018", date(2018, 7, 24)),
        ("decl: 7/4/2018", date(2018, 7, 4)),
        ("DECL: 07/4/2018", date(2018, 7, 4)),
        ("DECL: 007/4/2018", date(2018, 7, 4)),
        ("DECL: 07/24/18", date(2018, 7, 24)),
        ("DECL: 07/24/65", date(2065, 7, 24)),
        ("DECL: 07/24/66", date(1966, 7, 24)),
        ("DECL: 2018/07/24", date(2018, 7, 24)),
        ("DECL: 2018-07-24", date(2018, 7, 24)),
        ("DECL: 24/07/2018", date(2018, 7, 24)),
        ("DECL: 07.24.2018", date(2018, 7, 24)),
        ("DECL: 07/24 /2018", date(2018, 7, 24)),
        ("07/24/2018", date(2018, 7, 24)),
        ("Declassify on: 07/24/2018", date(2018, 7, 24)),
        ("AS AMENDED; DECLASSIFIED JULY 24, 2018", date(2018, 7, 24)),
        ("(AS AMENDED): DECL: 07/24/2018", date(2018, 7, 24)),
        ("DECL: DECLASSIFIED BY NARA 07/24/2018", date(2018, 7, 24)),
        ("DECLASSIFIED BY THE ARCHIVES 24 JUL 18", date(2018, 7, 24)),
        ("DECL: Sept. 4 2018", date(2018, 9, 4)),
        ("ADS, DECLAS 12-31-84", date(1984, 12, 31)),
        ("XGDS-2 DECON 12/31/84", date(1984, 12, 31)),
        ("GDS 3/1/85 (SAMPLE, ANNA B) OR-P", date(1985, 3, 1)),
        ("DECL: 07/24/2018 REASON: 1.4 (B)", date(2018, 7, 24)),
    ],
)
def test_date(written: str, expected: date) -> None:
    read, notes = order(f"E.O. 12958: {written}")
    assert (read.declassify_on, read.event) == (expected, None)
    assert (notes.repairs, notes.diagnostics) == ([], [])


@pytest.mark.parametrize("written", ["DECLl: 07/24/2018", "DECL1: 07/24/2018"])
def test_a_damaged_word_before_the_date_is_mended(written: str) -> None:
    read, notes = order(f"E.O. 12958: {written}")
    assert read.declassify_on == date(2018, 7, 24)
    assert repairs(notes) == [("eo-value", written[:5], "DECL")]


@pytest.mark.parametrize(
    "written",
    [
        *("DECL: 24/24/2018", "DECL: 02/30/2018", "DECL: 07/24/201", "DECL: 07/2018", "DECL: XXXXXXXXXXXX", "", ":"),
        *("DECL: 00/00/2018", "DECL: 07/24/0000", "DNG: CO 31/31/2010"),
    ],
)
def test_an_unreadable_date_is_absent(written: str) -> None:
    read, notes = order(f"E.O. 12958: {written}")
    assert (read.declassify_on, read.downgrade_on, read.schedule, read.event) == (None, None, None, None)
    assert codes(notes) == ["CK103"]
    assert not notes.repairs


@pytest.mark.parametrize(
    "written",
    ["DNG: CO 01/02/2010", "DNG CO 01/02/2010", "DOWNGRADE TO CONFIDENTIAL ON 01/02/2010", "DNG:C 2 JAN 2010"],
)
def test_downgrading(written: str) -> None:
    read, notes = order(f"E.O. 12958: {written}")
    assert (read.downgrade_on, read.declassify_on) == (date(2010, 1, 2), None)
    assert not notes.diagnostics


def test_downgrading_and_declassification() -> None:
    read, _ = order("E.O. 12958: DNG: CO 01/02/2010 DECL: 07/24/2018")
    assert (read.downgrade_on, read.declassify_on) == (date(2010, 1, 2), date(2018, 7, 24))


# What stands instead of a date


@pytest.mark.parametrize(
    ("written", "schedule"),
    [
        *[(written, "N/A") for written in ("N/A", "n/a", ":N/A", "NA", "N / A", "DECL: N/A", "N.A.")],
        *[(written, "OADR") for written in ("DECL: OADR", "DECL:OADR", "OADR")],
        ("DECL: MR", "MR"),
        ("GDS", "GDS"),
        ("ADS, DECLAS 12-31-84", "ADS"),
        ("AGDS DECLASSIFY 12/31/84", "AGDS"),
        *[(written, "XGDS-1") for written in ("XGDS-1", "XGDS 1", "XGDS1", "XGDS1, DECLAS 12-31-84")],
        ("XGDS", "XGDS"),
        ("GDS 3/1/85 (SAMPLE, ANNA B) OR-P", "GDS"),
        *[(written, "X1") for written in ("DECL: X1", "X-1", "1.6X1", "1.6 (X1)", "1.5X1")],
        ("DECL: X1, X6", "X1, X6"),
        ("DECL: X1 AND X6", "X1, X6"),
        ("DECL: 25X1", "25X1"),
        ("DECL: 25X1-HUMAN", "25X1-HUMAN"),
        ("DECL: 50X2", "50X2"),
    ],
)
def test_schedule(written: str, schedule: str) -> None:
    read, notes = order(f"E.O. 12958: {written}")
    assert (read.schedule, read.event) == (schedule, None)
    assert (notes.repairs, notes.diagnostics) == ([], [])


@pytest.mark.parametrize(("written", "schedule"), [("N'A", "N/A"), ("N/4", "N/A"), ("N’A", "N/A"), ("6DS", "GDS")])
def test_a_damaged_schedule_is_mended(written: str, schedule: str) -> None:
    read, notes = order(f"E.O. 11652: {written}")
    assert read.schedule == schedule
    assert repairs(notes) == [("eo-value", written, schedule)]


def test_the_day_of_a_review_is_no_declassification() -> None:
    read, notes = order("E.O. 12065: RDS-1 3/1/99 (SAMPLE, ANNA B) OR-M")
    assert (read.schedule, read.declassify_on, read.event) == ("RDS-1", None, "3/1/99")
    assert not notes.diagnostics


@pytest.mark.parametrize(
    "event",
    [
        "CLOSING OF THE MISSION IN NEWTOWN",
        "FIVE YEARS AFTER 01/01/2010",
        "5 YEARS AFTER THE REFERENDUM",
        "MAY NOT BE DECLASSIFIED",
        "XMAS 2020",
        "NATIONAL DAY 2020",
    ],
)
def test_event(event: str) -> None:
    read, notes = order(f"E.O. 12958: DECL: {event} \n")
    assert (read.event, read.declassify_on, read.schedule) == (event, None, None)
    assert (notes.repairs, notes.diagnostics) == ([], [])


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "E.O.",
                "E.0.",
                "12958",
                "12598",
                ":",
                "N/A",
                "N'A",
                "DECL",
                "DECLl",
                "DECLASSIFIED",
                "BY NARA",
                "07/24/2018",
                "99/99/99",
                "1.2.3",
                "JUNE 21, 2006",
                "JUNE",
                "DNG: CO",
                "X1",
                "25X1",
                "XGDS",
                "RDS-1",
                "MR",
                "XXXX",
                "AS AMENDED",
                "closure",
                "5",
                "(",
                ")",
                "/",
                "\n",
                "é",
            ]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_any_order_line_is_answered(text: str) -> None:
    read, notes = order(text, IN_2007)
    assert read.as_written == notes.source.text.strip()
    nothing = not (read.declassify_on or read.downgrade_on or read.schedule or read.event)
    assert not nothing or codes(notes).count("CK103") == 1


# Classified By


@pytest.mark.parametrize(
    ("written", "name", "position"),
    [
        ("DCM Anna B. Sample, reasons", "Anna B. Sample", "DCM"),
        ("Ambassador Anna Sample for reasons", "Anna Sample", "Ambassador"),
        ("DCM ANNA SAMPLE FOR REASONS", "ANNA SAMPLE", "DCM"),
        ("A/DCM Anna Sample-Doe. Reasons:", "Anna Sample-Doe", "A/DCM"),
        ("Pol/Econ Chief Anna O'Sample; Reason", "Anna O'Sample", "Pol/Econ Chief"),
        ("Deputy Chief of Mission Anna Sample for reasons", "Anna Sample", "Deputy Chief of Mission"),
        ("Charge d'Affaires, a.i., Anna Sample. Reasons:", "Anna Sample", "Charge d'Affaires, a.i."),
        ("Acting Political Counselor\nAnna Sample, for reasons", "Anna Sample", "Acting Political Counselor"),
        ("Anna Sample, Political Counselor. Reasons:", "Anna Sample", "Political Counselor"),
        ("Anna Sample, DCM, Embassy Newtown, State. REASON:", "Anna Sample", "DCM"),
        ("SAMPLE, ANNA; DCM; REASON:", "SAMPLE, ANNA", "DCM"),
        ("Ambassador Sample, for reasons given in E.O. 12958, section", "Sample", "Ambassador"),
        ("Anna Sample for", "Anna Sample", None),
        ("DCM. Reason", None, "DCM"),
        ("DCM XXXXXXXXXXXX, reasons", None, "DCM"),
        # Where the position ends and the name begins cannot be told.
        ("Deputy Assistant Secretary for Zebra Affairs Anna Sample, reason", None, None),
        ("Anna Sample DCM Newtown, reason", None, None),
        ("Reasons:", None, None),
    ],
)
def test_name_and_position(written: str, name: str | None, position: str | None) -> None:
    read = classifier(f"Classified By: {written} 1.4 (b) and (d).")
    assert (read.name, read.position) == (name, position)
    assert read.reasons == ("1.4(b)", "1.4(d)")


@pytest.mark.parametrize(
    "label",
    ["Classified By:", "CLASSIFIED BY:", "Classified by", "CLASSIFIED BY", "(U) Classified By:", "Classified\nBy: "],
)
def test_label_of_the_classifier(label: str) -> None:
    read = classifier(f"{label} DCM Anna Sample, reasons 1.4 (b).\n")
    assert (read.name, read.position, read.reasons, read.derived_from) == ("Anna Sample", "DCM", ("1.4(b)",), False)
    assert "\n" not in read.as_written


@pytest.mark.parametrize("label", ["Derived from:", "Classified From:", "DRV FROM:"])
@pytest.mark.parametrize("source", ["NEWTOWN 12, Guide 05-1", "Anna Sample, DCM"])
def test_a_source_is_no_person(label: str, source: str) -> None:
    read = classifier(f"{label} {source}, reasons: 1.4 (b) and (d)")
    assert (read.name, read.position, read.derived_from) == (None, None, True)
    assert read.reasons == ("1.4(b)", "1.4(d)")


def test_without_label_nobody_is_named() -> None:
    read = classifier("Anna Sample, DCM")
    assert (read.name, read.position, read.derived_from) == (None, None, False)


@pytest.mark.parametrize(
    ("written", "reasons"),
    [
        *[
            (written, ("1.4(b)", "1.4(d)"))
            for written in (
                *(
                    "1.4 (b) and (d)",
                    "1.4 (B) AND (D)",
                    "1.4(b)(d)",
                    "1.4 (b), (d)",
                    "1.4 (b,d)",
                    "1.4 (b/d)",
                    "1.4 b and d",
                ),
                *(
                    "1.4 (b) & (d)",
                    "1.4 (b) a nd (d)",
                    "1.4 (b) an d (d)",
                    "1.4 B D",
                    "1.4 b) and d)",
                    "1.4(b) and/or (d)",
                ),
                *(
                    "1.4 (b) and 1.4 (d)",
                    "1. 4 (b ) and (d )",
                    "1,4 (b) and (d)",
                    "1.4 (B AND D)",
                    "1.4 b/d",
                    "1.4b, d",
                ),
                *("1.4 (b) and (d) of that order", "1.4 (b) and (d) a sentence", "1.4 (b) and (d). A bad end."),
            )
        ],
        ("1.4 (a), (b), (c), (d), (e), (f), (g) and (h)", tuple(f"1.4({letter})" for letter in "abcdefgh")),
        ("1.5 (b,d)", ("1.5(b)", "1.5(d)")),
        ("1.4 (d) and 1.5 (c)", ("1.4(d)", "1.5(c)")),
        ("1.4 (b), (b)", ("1.4(b)",)),
        ("1.4", ("1.4",)),
        ("(b) and (d)", ()),
        ("1.4 (i) and (x)", ("1.4",)),
        ("", ()),
    ],
)
@pytest.mark.parametrize("before", ["reasons ", "REASON: ", "for reasons E.O. 12958 ", "reas ons: "])
def test_reasons(before: str, written: str, reasons: tuple[str, ...]) -> None:
    part, notes = reading(f"Classified By: DCM Anna Sample, {before}{written}")
    read = build_classified_by(part, notes)
    assert read.reasons == reasons
    assert (read.name, read.position) == ("Anna Sample", "DCM")
    broken = [words for words in ("reas ons", "a nd", "an d") if words in before + written]
    assert repairs(notes) == [("wrap-blank", words, words.replace(" ", "")) for words in broken]
    assert notes.diagnostics == []


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "Classified By:",
                "Derived from",
                "DCM",
                "Anna",
                "Sample",
                "Deputy",
                "of",
                "for",
                "and",
                "reasons",
                "1.4",
                "(b)",
                "b",
                "d)",
                "(",
                "a nd",
                ",",
                ".",
                ";",
                "12958",
                "07",
                "d'Affaires",
                "é",
                "/",
                "-",
                "\n",
                "A/DCM",
                "B.",
                "#",
                "XXXX",
                "(U)",
            ]
        ),
        max_size=10,
    ).map(" ".join)
)
def test_any_classifier_is_answered(text: str) -> None:
    part, notes = reading(text)
    read = build_classified_by(part, notes)
    assert {repair.rule for repair in notes.repairs} <= {"wrap-blank", "classified-by-label"}
    assert notes.diagnostics == []
    assert read.as_written == " ".join(read.as_written.split())
    assert all(len(reason) in (3, 6) for reason in read.reasons)


@pytest.mark.parametrize("unit", ["E ", "N", "A,", "1/", "1.4", " ", "(b)", "a ", "BY A ", "DECL ", "X "])
@pytest.mark.parametrize(
    "before", ["", "E.O. 12958: ", "E.O. 12958: DECL: ", "Classified By: ", "Classified By: A, reasons 1.4 "]
)
def test_long_lines_are_read_in_linear_time(before: str, unit: str) -> None:
    text = before + unit * (20_000 // len(unit))
    order(text)
    classifier(text)
