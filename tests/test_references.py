from __future__ import annotations

from datetime import date
from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.cable import parse
from cablekit.build.reading import Part, Reading
from cablekit.build.references import build_references
from cablekit.model import Reference, Text
from cablekit.text import read_text
from tests.make import BODY, LABELS, cable


def read(
    text: str, year: int | None = 2008, on: date | None = None, post: str | None = "BISHKEK"
) -> tuple[tuple[Reference, ...], Reading]:
    reading = Reading(read_text(text))
    return build_references([Part(text, 0)], reading, year=year, on=on, post=post), reading


def cited(text: str) -> list[tuple[str | None, str]]:
    """Letter and message reference number of each reference, or its text in angle brackets."""
    return [(each.letter, str(each.mrn or f"<{each.text}>")) for each in read(text)[0]]


def notes(reading: Reading) -> list[tuple[str, str | None]]:
    return [(note.code, note.likely) for note in reading.diagnostics]


# Label


@pytest.mark.parametrize(
    "label",
    [
        *("REF:", "Ref:", "REFS:", "REFTEL:", "REF(S):", "Ref(s):", "REFERENCE:", "RETELS:", "REFS :", "REFTELS:"),
        *("REF", "REFS", "REF.", "REFTEL", "RETEL.", "REFERENCES:", "REF;", "ref:\n", "  REF:", ""),
    ],
)
def test_labels(label: str) -> None:
    assert cited(f"{label} ROME 12") == [(None, "08ROME12")]


@pytest.mark.parametrize("text", ["REF:", "REF: \n", "", " ", "REF: , ;"])
def test_a_block_without_items(text: str) -> None:
    assert read(text)[0] == ()


# Letters and separators


@pytest.mark.parametrize(
    "text",
    [
        "REF: A. ROME 12\n     ¶B. PARIS 34",
        "REF: A. ROME 12\n\n     B. PARIS 34",
        "REF: A) ROME 12 B) PARIS 34",
        "REF: A)ROME 12, B)PARIS 34",
        "REF: (A) ROME 12, (B) PARIS 34",
        "REF: (A) ROME 12\n    - (B) PARIS 34",
        "REF: [A] ROME 12 [B] PARIS 34",
        "REF: A. ROME 12; B. PARIS 34",
        "REF: A. ROME 12, B. PARIS 34",
        "REF: A. ROME 12  B. PARIS 34",
        "REF: A. ROME 12 AND B. PARIS 34",
        "REF: A: ROME 12, B: PARIS 34",
        "REF: A.ROME 12 B.PARIS 34",
        "REF: A. A) ROME 12\n     ¶B. B) PARIS 34",
        "REF: A. REF A ROME 12\nB. REF B PARIS 34",
        "REF: A. REF: A. ROME 12\nB. REF B: PARIS 34",
        "REF: A. REF: ROME 12\nB. REF: PARIS 34",
        "REF A: ROME 12; REF B: PARIS 34",
        "REFS. A) ROME 12. B) PARIS 34.",
        "REF: |A) ROME 12 |B) PARIS 34",
        "REF: A. TEL ROME 12 B. TEL PARIS 34",
    ],
)
def test_letters_and_separators(text: str) -> None:
    assert cited(text) == [("A", "08ROME12"), ("B", "08PARIS34")]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("REF: a) ROME 12 b) PARIS 34", ["a", "b"]),
        ("REF: 1. ROME 12 2. PARIS 34", ["1", "2"]),
        ("REF: (1) ROME 12, (2) PARIS 34", ["1", "2"]),
        ("REF: A. ROME 12 A. PARIS 34", ["A", "A"]),
        ("REF: A. ROME 12 D. PARIS 34", ["A", "D"]),
        ("REF: ROME 12; PARIS 34", [None, None]),
        ("REF: ROME 12, PARIS 34", [None, None]),
        ("REF: ROME 12 AND PARIS 34", [None, None]),
        ("REF: ROME 12\n     PARIS 34", [None, None]),
        ("REF: ROME 12: PARIS 34", [None, None]),
        ("REF: ROME 12 PARIS 34", [None, None]),
        ("REF: - ROME 12\n- PARIS 34", [None, None]),
        ("REF: ROME 12\nB. PARIS 34", [None, "B"]),
    ],
)
def test_letters_are_kept_as_written(text: str, letters: list[str | None]) -> None:
    assert cited(text) == list(zip(letters, ["08ROME12", "08PARIS34"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("REF: E-MAIL FROM RUFUS T. FIREFLY", [(None, "<E-MAIL FROM RUFUS T. FIREFLY>")]),
        (
            "REF: A. E-MAIL FROM JOHN B. FIREFLY\nB. ROME 12",
            [("A", "<E-MAIL FROM JOHN B. FIREFLY>"), ("B", "08ROME12")],
        ),
        ("REF: ROME 12 BY RUFUS B. FIREFLY", [(None, "08ROME12")]),
        ("REF: ROME 12\nB. Firefly letter", [(None, "08ROME12"), ("B", "<Firefly letter>")]),
        ("REF: JOHN B. FIREFLY E-MAIL", [(None, "<JOHN B. FIREFLY E-MAIL>")]),
        ("REF: A. LETTER ON U.S. POLICY B. ROME 12", [("A", "<LETTER ON U.S. POLICY>"), ("B", "08ROME12")]),
        (
            "REF: A. Firefly note\nof last week B. Teasdale note",
            [("A", "<Firefly note of last week>"), ("B", "<Teasdale note>")],
        ),
        ("REF: A. Firefly memo B. telcon", [("A", "<Firefly memo>"), ("B", "<telcon>")]),
    ],
)
def test_initials_are_no_letters(text: str, expected: list[Any]) -> None:
    assert cited(text) == expected


def test_a_letter_without_an_item_is_kept() -> None:
    assert cited("REF: A. B. ROME 12 C.") == [("A", "<>"), ("B", "08ROME12"), ("C", "<>")]


# Year, post, serial


@pytest.mark.parametrize(
    ("item", "identifier"),
    [
        ("ROME 12", "08ROME12"),
        ("07 ROME 12", "07ROME12"),
        ("2007 ROME 12", "07ROME12"),
        ("'07 ROME 12", "07ROME12"),
        ("07ROME 12", "07ROME12"),
        ("07ROME12", "07ROME12"),
        ("2007ROME12", "07ROME12"),
        ("ROME 12 (07)", "07ROME12"),
        ("ROME 12 (2007)", "07ROME12"),
        ("ROME 12 OF MAY 15, 2007", "07ROME12"),
        ("ROME 12, 15 MAY 07", "07ROME12"),
        ("ROME 12 (MAY 15, 2007)", "07ROME12"),
        ("99 ROME 12", "99ROME12"),
        ("66 ROME 12", "66ROME12"),
        ("09 ROME 12", "09ROME12"),
        ("ASHGABAT687", "08ASHGABAT687"),
        ("ASHGABAT 000687", "08ASHGABAT687"),
        ("Ashgabat 687", "08ASHGABAT687"),
        ("ashgabat 687", "08ASHGABAT687"),
        ("THE HAGUE 687", "08THEHAGUE687"),
        ("PORT OF SPAIN 687", "08PORTOFSPAIN687"),
        ("PORT-AU-PRINCE 687", "08PORTAUPRINCE687"),
        ("ST. PETERSBURG 687", "08STPETERSBURG687"),
        ("USUN NEW YORK 687", "08USUNNEWYORK687"),
        ("RIO DE JAN 687", "08RIODEJANEIRO687"),
        ("RIO DE\n  JANEIRO\n  687", "08RIODEJANEIRO687"),
        ("AMEMBASSY ASHGABAT 687", "08ASHGABAT687"),
        ("SECSTATE 063812", "08STATE63812"),
        ("STATE NO. 63812", "08STATE63812"),
        ("STATE #63812", "08STATE63812"),
        ("ROME'S 12", "08ROME12"),
        ("ROME' S 12", "08ROME12"),
        ("UNCLAS ROME 12", "08ROME12"),
        ("SEE ALSO ROME 12", "08ROME12"),
        ("EMBTEL 12", "08BISHKEK12"),
        ("DEPTEL 12", "08STATE12"),
        ("FESTTWO 12.", "08FESTTWO12"),
    ],
)
def test_year_post_and_serial(item: str, identifier: str) -> None:
    assert cited(f"REF: {item}") == [(None, identifier)]
    assert cited(f"REF: A. {item}\n¶B. PARIS 34")[0] == ("A", identifier)


@pytest.mark.parametrize(("year", "expected"), [(1974, 1973), (1999, 1973), (2008, 1973), (None, 1973), (2040, 2073)])
def test_two_digits_are_the_nearest_year(year: int | None, expected: int) -> None:
    mrn = read("REF: 73 ROME 12", year)[0][0].mrn
    assert mrn
    assert (mrn.year, mrn.year_source, mrn.year_inferred) == (expected, "written", False)


def test_a_year_left_out_is_the_cables_own() -> None:
    mrn = read("REF: ROME 12")[0][0].mrn
    assert mrn
    assert (mrn.year, mrn.year_source, mrn.year_inferred) == (2008, "dtg", True)


def test_without_any_year_there_is_none() -> None:
    mrn = read("REF: ROME 12", year=None, on=date(2008, 1, 2))[0][0].mrn
    assert mrn
    assert (mrn.year, mrn.year_source, mrn.year_inferred, str(mrn)) == (None, "none", False, "ROME12")


@pytest.mark.parametrize(
    ("text", "on", "candidates"),
    [
        ("ROME 1200", date(2008, 1, 9), ["07ROME1200"]),
        ("ROME 1200", date(2008, 1, 31), ["07ROME1200"]),
        ("STATE 101234", date(2008, 1, 31), ["07STATE101234"]),
        # as likely this year's
        ("ROME 36", date(2008, 1, 29), []),
        ("STATE 1200", date(2008, 1, 9), []),
        ("ROME 1200", date(2008, 2, 1), []),
        ("07 ROME 1200", date(2008, 1, 9), []),
        ("ROME 1200", None, []),
    ],
)
def test_a_year_left_out_in_january(text: str, on: date | None, candidates: list[str]) -> None:
    (reference,), reading = read(f"REF: {text}", on=on)
    assert reference.mrn
    assert reference.mrn.year == (2007 if text.startswith("07") else 2008)
    assert [str(each) for each in reference.candidates] == candidates
    assert notes(reading) == [("CK502", candidate) for candidate in candidates]


@pytest.mark.parametrize(
    ("text", "key", "likely", "candidates"),
    [
        ("FREEDONIA 12", "FREEDONIA", None, []),
        ("Fort Freedonia 12", "FORTFREEDONIA", None, []),
        ("BRUSSILS 12", "BRUSSILS", "BRUSSELS", ["08BRUSSELS12"]),
        ("RANILA 12", "RANILA", "MANILA", ["08MANILA12"]),
    ],
)
def test_a_post_in_no_list_is_kept(text: str, key: str, likely: str | None, candidates: list[str]) -> None:
    (reference,), reading = read(f"REF: {text}")
    assert reference.kind == "cable"
    assert reference.mrn
    assert reference.mrn.post == key
    assert [str(each) for each in reference.candidates] == candidates
    assert notes(reading) == [("CK105", likely)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ROME 240...", "ROME 240..."),
        ("2007 ROME 00", "2007 ROME 00"),
        ("ROME 1234567", "ROME 1234567"),
        ("PORT OF SPAIN", "PORT OF SPAIN"),
    ],
)
def test_a_telegram_that_is_not_told(text: str, written: str) -> None:
    (reference, after), reading = read(f"REF: A. {text}\nB. PARIS 34")
    assert (reference.kind, reference.letter, reference.mrn, reference.text) == ("cable", "A", None, written)
    assert str(after.mrn) == "08PARIS34"
    assert notes(reading) == [("CK104", None)]


@pytest.mark.parametrize("behind", ["O16", "34", "016"])
def test_a_number_that_may_be_broken(behind: str) -> None:
    (reference,), reading = read(f"REF: STATE 12 {behind}")
    assert (str(reference.mrn), reference.remarks) == ("08STATE12", (behind,))
    assert notes(reading) == [("CK104", None)]


@pytest.mark.parametrize("behind", ["(NOTAL)", "OSLO 16", "PARA 4", "5 MAY 2008", "AND 34", "OF 16 PAGES"])
def test_a_number_that_is_whole(behind: str) -> None:
    assert notes(read(f"REF: STATE 12 {behind}")[1]) == []


def test_a_telegram_of_the_citing_post_when_that_is_unknown() -> None:
    (reference,), reading = read("REF: EMBTEL 12", post=None)
    assert (reference.kind, reference.mrn) == ("cable", None)
    assert notes(reading) == [("CK104", None)]


@pytest.mark.parametrize(
    ("written", "serial", "as_read"), [("O1684", 1684, "01684"), ("1O84", 1084, "1084"), ("1684O", 16840, "16840")]
)
def test_the_letter_o_in_a_serial(written: str, serial: int, as_read: str) -> None:
    (reference,), reading = read(f"REF: STATE {written}")
    assert reference.mrn
    assert reference.mrn.serial == serial
    assert [(each.rule, each.as_written, each.as_read) for each in reading.repairs] == [
        ("letter-in-serial", written, as_read)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ROME 12 AND 34", ["08ROME12", "08ROME34"]),
        ("ROME 12, 34", ["08ROME12", "08ROME34"]),
        ("ROME 12; 34", ["08ROME12", "08ROME34"]),
        ("ROME 12/34", ["08ROME12", "08ROME34"]),
        ("ROME 12 & 34", ["08ROME12", "08ROME34"]),
        ("07 ROME 12, 34, AND 56", ["07ROME12", "07ROME34", "07ROME56"]),
        ("ROME 12 AND 34 (07)", ["07ROME12", "07ROME34"]),
        ("ROME 12 (NOTAL), 34", ["08ROME12", "08ROME34"]),
        # a year, not a serial
        ("ROME 12, 07 PARIS 34", ["08ROME12", "07PARIS34"]),
        ("ROME 12 AND 2007 PARIS 34", ["08ROME12", "07PARIS34"]),
    ],
)
def test_several_serials_of_one_post(text: str, expected: list[str]) -> None:
    assert cited(f"REF: A. {text}")[: len(expected)] == [
        ("A" if "PARIS" not in each else None, each) for each in expected
    ]


def test_each_serial_has_its_span() -> None:
    text = "REF: A. 07 ROME 12, 34 (NOTAL)\n     ¶B. PARIS 56"
    found = read(text)[0]
    assert [text[slice(*each.span)] for each in found] == ["A. 07 ROME 12", "34 (NOTAL)", "¶B. PARIS 56"]
    assert [text[slice(*each.mrn.span)] for each in found if each.mrn] == ["07 ROME 12", "34", "PARIS 56"]
    assert [each.mrn.as_written for each in found if each.mrn] == ["07 ROME 12", "34", "PARIS 56"]


def test_a_year_behind_the_serial_is_part_of_the_item() -> None:
    assert [each.text for each in read("REF: ROME 12 (07), PARIS 34 (NOTAL) (07)")[0]] == ["ROME 12 (07)", "PARIS 34"]


# Remarks


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("ROME 12 (NOTAL)", ("NOTAL",)),
        ("ROME 12 (Notal)", ("NOTAL",)),
        ("ROME 12 NOTAL", ("NOTAL",)),
        ("ROME 12(NOTAL)", ("NOTAL",)),
        ("ROME 12 (NOTAL", ("NOTAL",)),
        ("ROME 12, NOTAL", ("NOTAL",)),
        ("ROME 12 (EXDIS) (NOTAL)", ("EXDIS", "NOTAL")),
        ("ROME 12 AND PREVIOUS", ("AND PREVIOUS",)),
        ("ROME 12 and previous", ("AND PREVIOUS",)),
        ("ROME 12 ET SEQ.", ("ET SEQ",)),
        ("ROME 12 (DTG 080948Z NOV 73)", ("DTG 080948Z NOV 73",)),
        ("ROME 12 -- F-5 CASE", ("F-5 CASE",)),
        ("ROME 12 -- MEETING OF 12 MINISTERS, PART 2", ("MEETING OF 12 MINISTERS, PART 2",)),
        ("ROME 12, ON DUCK SOUP", ("ON DUCK SOUP",)),
        ("ROME 12: DUCK SOUP", ("DUCK SOUP",)),
        ("ROME 12 CIRCULAR", ("CIRCULAR",)),
        ("ROME 12 PARA 4", ("PARA 4",)),
        ("ROME 12 (S)", ("S",)),
        ("ROME 12 BOEING A-320 SALE", ("BOEING A-320 SALE",)),
        ("ROME 12 REPORTED 45 DEATHS", ("REPORTED 45 DEATHS",)),
    ],
)
def test_what_stands_behind_a_cable_is_a_remark(text: str, remarks: tuple[str, ...]) -> None:
    (reference,), _ = read(f"REF: {text}")
    assert (str(reference.mrn), reference.text, reference.remarks) == ("08ROME12", "ROME 12", remarks)
    assert reference.span == (5, 5 + len(text))


def test_a_remark_on_all() -> None:
    found = read("REF: A. ROME 12, B. PARIS 34 (EXDIS),\nC. E-MAIL, ALL NOTAL")[0]
    assert [each.remarks for each in found] == [("NOTAL",), ("EXDIS", "NOTAL"), ("NOTAL",)]


def test_all_in_running_text_is_no_remark_on_all() -> None:
    assert [each.remarks for each in read("REF: ROME 12; PARIS 34, ALL ABOUT DUCKS")[0]] == [(), ("ALL ABOUT DUCKS",)]


# What is no cable


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("email", "FIREFLY-TEASDALE EMAIL 12 MAY 08"),
        ("email", "E-MAIL WITH POINTS FROM RUFUS FIREFLY 24 DECEMBER 07"),
        ("email", "e-mail Freedonia Update, Friday, May 9, 2008"),
        ("email", "5/6/08 Firefly e-mail"),
        ("telcon", "FIREFLY/TEASDALE TELCON MAY 12"),
        ("telcon", "TELCON: R. FIREFLY: EUR/XYZ"),
        ("telcon", "12 MAY 08 TELEPHONE CALL"),
        ("report", "IIR 6 842 0123 08"),
        ("report", "TD-314/12345-08"),
        ("report", "USDAO ROME 0427"),
        ("regulation", "9 FAM 41.31"),
        ("regulation", "5 FAH-3 H-011"),
        ("airgram", "CA-3400"),
        ("airgram", "A-150"),
        ("airgram", "BANGKOK A-50"),
        ("airgram", "AIRGRAM A-50"),
        ("airgram", "ROME'S A-50"),
        ("airgram", "73 ROME A-50"),
        ("meeting", "FIREFLY-TEASDALE MEETING OF MAY 12"),
        ("web", "http://www.example.org/a;b?c=12"),
        ("web", "Freedonia at www.example.org"),
        ("septel", "SEPTEL"),
        ("none", "NONE"),
        ("none", "N/A"),
        ("none", "AS NOTED IN TEXT"),
        ("dtg", "CDR FREEDONIA R 311345Z MAY 07"),
        ("dtg", "FREEDONIA AGENCY 311345 Z MAY 73"),
        ("dtg", "311345Z MAY 73"),
        ("text", "UNSCR 1737 IMPLEMENTATION NOTICE- 24 JULY 2007"),
        ("text", "UNSCR 1737"),
        ("text", "RESOLUTION 1737"),
        ("text", "Sunday 12"),
        ("text", "Great Freedonian Duck Soup 12"),
        ("text", "3164"),
        ("text", "BOEING A-320"),
        ("text", "The Freedonia Gazette of 12 copies"),
        ("text", "MAY 12"),
        ("text", "ROME 12/05/08"),
    ],
)
def test_kinds(kind: str, item: str) -> None:
    (reference,), _ = read(f"REF: {item}")
    assert (reference.kind, reference.mrn, reference.text) == (kind, None, item)
    first, middle, last = read(f"REF: A. PARIS 1\n     ¶B. {item}\n     ¶C. ROME 12")[0]
    assert (middle.kind, middle.letter, middle.mrn, middle.text) == (kind, "B", None, item)
    assert (str(first.mrn), str(last.mrn)) == ("08PARIS1", "08ROME12")


def test_an_airgram_and_a_telegram() -> None:
    airgram, telegram = read("REF: ROME'S A-077 OF MAY 15, 1972: ROME 3312", year=1972)[0]
    assert (airgram.kind, airgram.mrn, airgram.text) == ("airgram", None, "ROME'S A-077")
    assert airgram.remarks == ("OF MAY 15, 1972",)
    assert str(telegram.mrn) == "72ROME3312"


def test_running_text_over_lines_and_cables_between() -> None:
    text = """REF: A. Rome 1747 and previous, B. E-mail
Freedonia Update, Friday, September 19, 2008
¶C. e-mail Sylvania Update 9-18-2008: Reaction to
the U.S. Duck Crisis D. Rome 402 and previous
¶E. Paris 3501
"""
    found, reading = read(text)
    assert [(each.letter, each.kind, each.text) for each in found] == [
        ("A", "cable", "Rome 1747"),
        ("B", "email", "E-mail Freedonia Update, Friday, September 19, 2008"),
        ("C", "email", "e-mail Sylvania Update 9-18-2008: Reaction to the U.S. Duck Crisis"),
        ("D", "cable", "Rome 402"),
        ("E", "cable", "Paris 3501"),
    ]
    assert found[0].remarks == found[3].remarks == ("AND PREVIOUS",)
    assert not reading.diagnostics


# Several parts


def test_letters_go_on_behind_a_page_break() -> None:
    text = "REF: A) ROME 12 B) PARIS 34\nFREEDONIA 00000012 001.2 OF 002\nC) Firefly letter; D)\nX\nLONDON 56"
    first, second, third = text.index("FREEDONIA"), text.index("C)"), text.index("LONDON")
    parts = [Part(text[:first], 0), Part(text[second : third - 2], second), Part(text[third:], third)]
    found = build_references(parts, Reading(read_text(text)), year=2008, on=None, post=None)
    assert [(each.letter, each.text) for each in found] == [
        ("A", "ROME 12"),
        ("B", "PARIS 34"),
        ("C", "Firefly letter"),
        ("D", "LONDON 56"),
    ]
    assert text[slice(*found[2].span)] == "C) Firefly letter"


def test_running_text_behind_a_page_break_is_an_item_of_its_own() -> None:
    first, second = "REF: A. FIREFLY E-MAIL", "Great Freedonian Duck Soup Film 12 pages"
    reading = Reading(read_text(first + second))
    found = build_references([Part(first, 0), Part(second, len(first))], reading, year=2008, on=None, post=None)
    assert [(each.kind, each.text) for each in found] == [("email", "FIREFLY E-MAIL"), ("text", second)]


def test_no_parts_no_references() -> None:
    assert build_references([], Reading(read_text("")), year=2008, on=None, post=None) == ()


# Any text

_PIECES = st.sampled_from(
    [
        *("REF:", "REF A", "A.", "B)", "(C)", "¶D.", "[E]", "- (F)", "ROME", "FREEDONIA", "THE HAGUE", "STATE", "12"),
        *("000034", "07", "2007", "(07)", "(NOTAL)", "ALL NOTAL", "AND", "PREVIOUS", "E-MAIL", "TELCON", "A-50", "IIR"),
        *("311345Z MAY 73", "MAY 5, 2007", "NONE", "SEPTEL", "www.", "9 FAM", "EMBTEL", "'S", "#", "O1", "word", "..."),
        *(";", ",", ":", ".", "/", "&", "-", "--", "(", ")", "|", " ", " ", " ", " ", "\n", "\n\n", "é", "\u3000"),
    ]
)


def uncovered(text: str, references: tuple[Reference, ...]) -> str:
    chars = list(text)
    for each in references:
        chars[each.span.start : each.span.end] = " " * (each.span.end - each.span.start)
    return "".join(chars)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join), st.lists(_PIECES).map(" ".join)))
def test_any_text_is_read_and_nothing_is_lost(text: str) -> None:
    source = read_text(text)
    text = source.text
    reading = Reading(source)
    found = build_references([Part(text, 0)], reading, year=2008, on=date(2008, 1, 3), post=None)
    assert not reading.unread
    ends = 0
    for each in found:
        assert ends <= each.span.start < each.span.end
        ends = each.span.end
    if source.text == source.source:
        rest = uncovered(text, found).upper()
        label = rest.split(maxsplit=1)[0] if rest.strip().startswith("RE") else ""
        left = rest.replace(label, "", 1) if label else rest
        for word in ("AND",):
            left = left.replace(word, "")
        assert not [char for char in left if char.isalnum()], left


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "A. ",
            "(",
            "ROME 12, ",
            "ROME 12, ALL NOTAL; ",
            ", ",
            "AND ",
            "E-",
            "SMITH E-MAIL ",
            "ROME ",
            "\nROME 1",
            "- ",
        )
    ],
)
def test_long_blocks_are_read(piece: str) -> None:
    assert not read(f"REF: {piece * 5_000}")[1].unread


# ---- in the whole cable ----------------------------------------------------------------------------


def of_cable(labels: str, body: str = BODY) -> list[tuple[str | None, str]]:
    made = parse(cable(labels=f"{LABELS}\n{labels}", body=body))
    return [(each.letter, str(each.mrn or f"<{each.text}>")) for each in made.references]


@pytest.mark.parametrize("label", ["REF: ", "REF ", "REFS ", "REFTEL: "])
@pytest.mark.parametrize(
    ("item", "expected"),
    [("SOFIA 12", "09SOFIA12"), ("08 SOFIA 12", "08SOFIA12"), ("TEL AVIV 12", "09TELAVIV12")],
)
def test_a_label_with_and_without_colon(label: str, item: str, expected: str) -> None:
    assert of_cable(label + item) == [(None, expected)]


@pytest.mark.parametrize("line", ["REF SOFIA AND ITS ROSES", "Ref Sofia is late.", "REFORM 12"])
def test_words_that_begin_like_the_label_are_none(line: str) -> None:
    assert of_cable(line) == []


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        ("07 STATE 3644", "07STATE3644"),
        ("2007 STATE 3644", "07STATE3644"),
        ("STATE 3644 (NOTAL)", "09STATE3644"),
        ("State 3644", "09STATE3644"),
        ("Port of Spain 3644", "09PORTOFSPAIN3644"),
        ("QUILL-DUFFY E-MAIL OF MAY 5", "<QUILL-DUFFY E-MAIL OF MAY 5>"),
    ],
)
@pytest.mark.parametrize("place", [0, 16, 18])
def test_a_list_letter_that_looks_like_a_mark(place: int, third: str, expected: str) -> None:
    letters = ascii_uppercase[place : place + 4]
    items = ["SOFIA 1", "ROME 4", third, "OSLO 9"]
    lines = "\n ".join(f"({letter}) {item}" for letter, item in zip(letters, items, strict=True))
    classifier = "Classified By: DCM Anna Quill for reasons 1.4 (b)."
    made = parse(cable(labels=f"{LABELS}\nREF: {lines}\n\n{classifier}"))
    read_items = [(each.letter, str(each.mrn or f"<{each.text}>")) for each in made.references]
    assert read_items == list(zip(letters, ["09SOFIA1", "09ROME4", expected, "09OSLO9"], strict=True))
    assert made.classified_by
    assert made.classified_by.name == "Anna Quill"


def test_a_letter_that_looks_like_a_mark_behind_a_blank_line() -> None:
    assert of_cable("REF: (A) SOFIA 1\n\n(B) ROME 4\n\n(C) 07 STATE 3644") == [
        ("A", "09SOFIA1"),
        ("B", "09ROME4"),
        ("C", "07STATE3644"),
    ]


@pytest.mark.parametrize("mark", ["C", "S", "U"])
@pytest.mark.parametrize(
    "text",
    ["The fund has grown in 1994.", "Since June 2009, oil is late.", "Article 4 is law.", "USD 568,287 was spent."],
)
@pytest.mark.parametrize("labels", ["", "REF: ROME 4\n"])
def test_a_mark_behind_the_labels_is_no_list_letter(mark: str, text: str, labels: str) -> None:
    made = parse(cable(labels=f"{LABELS}\n{labels}", body=f"({mark}) {text}\n\n1. (U) The roses are late.\n\nQUILL"))
    assert [str(each.mrn) for each in made.references] == (["09ROME4"] if labels else [])
    assert [(str(block.mark), block.text) for block in made.body if isinstance(block, Text)] == [(mark, text)]
