from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit import grammar
from cablekit.build import tags as module
from cablekit.build.reading import Part, Reading
from cablekit.build.tags import build_tags
from cablekit.model import Tag
from cablekit.text import read_text
from cablekit.vocabulary import tags as vocabulary


def read(text: str, on: date | None = None) -> tuple[tuple[Tag, ...], Reading]:
    reading = Reading(read_text(text))
    return build_tags(Part(text, 0), reading, on), reading


def codes(text: str) -> list[str]:
    return [tag.code for tag in read(text)[0]]


def repairs(reading: Reading) -> list[tuple[str, str, str]]:
    return [(repair.rule, repair.as_written, repair.as_read) for repair in reading.repairs]


# Labels


@pytest.mark.parametrize(
    "label", ["TAGS: ", "TAGS ", "Tags: ", "TAG ", "TAG: ", "TAGS:", "TAGS  : ", "  TAGS: ", "tags:\n", "TAGS:  \n   "]
)
def test_a_regular_label(label: str) -> None:
    found, reading = read(f"{label}PREL KG\n")
    assert [tag.code for tag in found] == ["PREL", "KG"]
    assert not reading.repairs


@pytest.mark.parametrize(
    "label",
    [
        *("AGS:", "TAS:", "TABS", "TGS", "TAGES", "TAGES:", "TAGS;", "TAGS/", "TAGS-", "TAGS.", "TAGSC:", "TAGS A"),
        *("TAGS8", "TAG4:", "TAGX;", "Tgas:", "ATGS", "TAQS:", "TTAGS:"),
    ],
)
def test_a_damaged_label_is_mended(label: str) -> None:
    found, reading = read(f"{label} PREL KG")
    assert [tag.code for tag in found] == ["PREL", "KG"]
    assert repairs(reading) == [("tags-label", label, "TAGS:")]
    assert reading.repairs[0].span == (0, len(label))


def test_a_label_glued_to_the_first_code() -> None:
    found, reading = read("TAGSPREL, KG")
    assert [tag.code for tag in found] == ["PREL", "KG"]
    assert repairs(reading) == [("tags-label", "TAGS", "TAGS:")]


def test_a_lost_label_is_noted_where_the_codes_begin() -> None:
    found, reading = read("  PREL, KG")
    assert [tag.code for tag in found] == ["PREL", "KG"]
    assert repairs(reading) == [("tags-label", "", "TAGS:")]
    assert reading.repairs[0].span == (2, 2)


def test_no_code_is_taken_for_a_label() -> None:
    for entry in vocabulary.all():
        found, reading = read(f"{entry.code} PREL")
        assert [tag.code for tag in found][-1] == "PREL"
        assert len(found) > 1, entry.code
        assert repairs(reading) == [("tags-label", "", "TAGS:")]


# Codes


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("PREL", "subject", "External Political Relations"),
        ("KCRM", "program", None),
        ("KG", "geographic", "Kyrgyzstan"),
        ("NATO", "organization", None),
        ("UNGA/C-3", "organization", "UN General Assembly Social Committee"),
        ("AFL-CIO", "organization", None),
        ("G-77", "organization", None),
        ("AT&T", "organization", None),
        ("EL AL", "organization", None),
        ("PAN AM", "organization", "Pan American World Airways"),
    ],
)
def test_kind_and_name_come_from_the_vocabulary(code: str, kind: str, name: str | None) -> None:
    found, reading = read(f"TAGS: PGOV {code} PHUM")
    assert [tag.code for tag in found] == ["PGOV", code, "PHUM"]
    assert found[1].kind == kind
    assert name is None or found[1].name == name
    assert not reading.repairs
    assert not reading.diagnostics


@pytest.mark.parametrize("on", [None, date(1980, 1, 1), date(2008, 1, 29)])
def test_later_cables_have_later_names(on: date | None) -> None:
    assert read("TAGS: ABLD", on)[0][0].name == "Building and Grounds"


def test_before_1980_codes_have_the_names_of_the_manual() -> None:
    old, same = read("TAGS: ABLD PFOR", date(1979, 12, 31))[0]
    assert old.name == "Buildings"
    assert same.name == read("TAGS: PFOR")[0][0].name


@pytest.mark.parametrize(
    "line",
    [
        *("PREL PHUM KG", "PREL, PHUM, KG", "PREL,PHUM,KG", "PREL; PHUM; KG", "PREL PHUM,\n     KG", "PREL PHUM KG."),
        *("prel, phum, kg", "PREL, , PHUM KG,", "PREL\nPHUM\nKG  \n \n", "PREL PHUM KG \\\n", "N/A\nPREL PHUM KG"),
    ],
)
def test_separators_and_case(line: str) -> None:
    assert codes(f"TAGS: {line}") == ["PREL", "PHUM", "KG"]


@pytest.mark.parametrize("line", ["", "N/A", "n/a.", "NONE", " , ", "()"])
def test_a_line_without_codes(line: str) -> None:
    found, reading = read(f"TAGS: {line}")
    assert found == ()
    assert not reading.diagnostics


def test_what_was_written_is_kept_and_has_its_span() -> None:
    text = "TAGS: prel,  el  al\nKG"
    found, _ = read(text)
    assert [(tag.code, tag.as_written) for tag in found] == [("PREL", "prel"), ("EL AL", "el al"), ("KG", "KG")]
    assert [text[slice(*tag.span)] for tag in found] == ["prel", "el  al", "KG"]


def test_positions_count_from_the_start_of_the_text() -> None:
    text = "E.O. 12958: N/A\nTAGS: PREL XQXQ OVIP (FIREFLY, RUFUS)\n"
    reading = Reading(read_text(text))
    found = build_tags(Part(text[16:], 16), reading, None)
    assert [text[slice(*tag.span)] for tag in found] == ["PREL", "XQXQ", "OVIP (FIREFLY, RUFUS)"]
    assert text[slice(*reading.diagnostics[0].span)] == "XQXQ"


# Unknown, misspelt, glued


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PREL XQXQ", ["PREL", "XQXQ"]),
        ("XQXQ ZQZQ", ["XQXQ", "ZQZQ"]),
        ("COUNTERTERRORISM", ["COUNTERTERRORISM"]),
        ("PREL HUMAN RIGHTS", ["PREL", "HUMAN RIGHTS"]),
        ("Political\nParties, KG", ["POLITICAL PARTIES", "KG"]),
        ("HUMAN, RIGHTS", ["HUMAN", "RIGHTS"]),
        ("GOI EXTERNAL", ["GOI", "EXTERNAL"]),
        ("KG HUMAN RIGHTS XQXQ", ["KG", "HUMAN RIGHTS", "XQXQ"]),
    ],
)
def test_what_is_in_no_list(line: str, expected: list[str]) -> None:
    found, reading = read(f"TAGS: {line}")
    assert [tag.code for tag in found] == expected
    unknown = [tag for tag in found if vocabulary.find(tag.code) is None]
    assert {(tag.kind, tag.name) for tag in unknown} == {("unknown", None)}
    assert [(note.code, note.span) for note in reading.diagnostics] == [("CK501", tag.span) for tag in unknown]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("AMER", "AEMR"), ("CIVS", "CVIS"), ("ENGR", "ENRG"), ("ENIV", "EINV"), ("ETDR", "ETRD"), ("ETRO", "ETRD")),
        *(("KDMR", "KMDR"), ("MOPPS", "MOPS"), ("POGOV", "PGOV"), ("KNPP", "KNNP"), ("KIFR", "KIRF"), ("SYR", "SY")),
        ("UNTERR", "UNTER"),
        ("engr", "ENRG"),
    ],
)
def test_a_known_misspelling_is_mended(written: str, meant: str) -> None:
    (tag, after), reading = read(f"TAGS: {written} KG")
    assert (tag.code, tag.as_written, after.code) == (meant, written, "KG")
    entry = vocabulary.find(meant)
    assert entry
    assert (tag.kind, tag.name) == (entry.kind, entry.name)
    assert repairs(reading) == [("tag-misspelt", written, meant)]
    assert not reading.diagnostics


def test_every_misspelling_is_no_code_and_means_one() -> None:
    for written, meant in module._misspellings().items():
        assert vocabulary.find(written) is None
        assert vocabulary.find(meant)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("EINDETRD", ["EIND", "ETRD"]),
        ("PGOV.PHUM", ["PGOV", "PHUM"]),
        ("PREL/KG", ["PREL", "KG"]),
        ("PREL-PGOV-PREL", ["PREL", "PGOV", "PREL"]),
        ("pgovphumkg", ["PGOV", "PHUM", "KG"]),
    ],
)
def test_glued_codes_are_parted(written: str, expected: list[str]) -> None:
    text = f"TAGS: {written}, AF"
    found, reading = read(text)
    assert [tag.code for tag in found] == [*expected, "AF"]
    assert [text[slice(*tag.span)] for tag in found] == [tag.as_written for tag in found]
    assert repairs(reading) == [("tags-glued", written, " ".join(expected))]


@pytest.mark.parametrize("written", ["EINDETRDX", "U.S", "PREL/XQXQ", "EINDQQQQ", "UNGA/C-9"])
def test_what_is_not_all_codes_stays_whole(written: str) -> None:
    found, reading = read(f"TAGS: {written} KG")
    assert [tag.code for tag in found] == [written, "KG"]
    assert not reading.repairs


# Persons


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("OVIP (FIREFLY, RUFUS T.) PREL", [("OVIP", ("FIREFLY, RUFUS T",)), ("PREL", ())]),
        ("PREL, OVIP, (FIREFLY, RUFUS T), KG", [("PREL", ()), ("OVIP", ("FIREFLY, RUFUS T",)), ("KG", ())]),
        ("OVIP(FIREFLY)", [("OVIP", ("FIREFLY",))]),
        ("OVIP (FIREFLY, RUFUS) (TEASDALE, GLORIA)", [("OVIP", ("FIREFLY, RUFUS", "TEASDALE, GLORIA"))]),
        ("OVIP (FIREFLY, RUFUS; TEASDALE, GLORIA)", [("OVIP", ("FIREFLY, RUFUS", "TEASDALE, GLORIA"))]),
        ("OVIP (FIREFLY,\n  RUFUS) KG", [("OVIP", ("FIREFLY, RUFUS",)), ("KG", ())]),
        ("PINR (FIREFLY, RUFUS)", [("PINR", ("FIREFLY, RUFUS",))]),
        ("OVIP FIREFLY RUFUS", [("OVIP", ("FIREFLY RUFUS",))]),
        ("OREP FIREFLY RUFUS T, KG", [("OREP", ("FIREFLY RUFUS T",)), ("KG", ())]),
        ("OVIP FIREFLY, KG", [("OVIP", ("FIREFLY",)), ("KG", ())]),
        ("OVIP (FIREFLY, RUFUS) TEASDALE GLORIA", [("OVIP", ("FIREFLY, RUFUS",)), ("TEASDALE GLORIA", ())]),
        # No persons: a delegation, what could be a code, another TAG's words.
        ("OREP CODEL FIREFLY", [("OREP", ()), ("CODEL FIREFLY", ())]),
        ("OTRA XQXQ", [("OTRA", ()), ("XQXQ", ())]),
        ("OVIP KG", [("OVIP", ()), ("KG", ())]),
        ("PREL FIREFLY RUFUS", [("PREL", ()), ("FIREFLY RUFUS", ())]),
        ("OVIP ()", [("OVIP", ())]),
    ],
)
def test_persons_belong_to_the_tag_before(line: str, expected: list[Any]) -> None:
    assert [(tag.code, tag.persons) for tag in read(f"TAGS: {line}")[0]] == expected


def test_persons_without_a_tag_are_one_of_their_own() -> None:
    (tag, _), reading = read("TAGS: (FIREFLY, RUFUS) PREL")
    assert (tag.kind, tag.code, tag.persons) == ("person", "FIREFLY, RUFUS", ("FIREFLY, RUFUS",))
    assert not reading.diagnostics


def test_the_span_of_a_tag_holds_its_persons_and_the_code_stays_as_written() -> None:
    text = "TAGS: ovip, (FIREFLY, RUFUS), PREL"
    tag = read(text)[0][0]
    assert (tag.code, tag.as_written) == ("OVIP", "ovip")
    assert text[slice(*tag.span)] == "ovip, (FIREFLY, RUFUS)"
    assert read("TAGS: OVIP FIREFLY RUFUS, KG")[0][0].span == (6, 24)


def test_an_open_parenthesis_swallows_nothing() -> None:
    assert codes("TAGS: OVIP (FIREFLY, RUFUS PREL KG")[-2:] == ["PREL", "KG"]


# Any text

_PIECES = st.sampled_from(
    [
        *(
            "TAGS",
            "TAGS:",
            "AGS:",
            "PREL",
            "KG",
            "EL",
            "AL",
            "EINDETRD",
            "AMER",
            "OVIP",
            "Firefly",
            "N/A",
            "é",
            "ß",
            "1",
        ),
        *("(", ")", ",", ".", " ", "\n", "\\", "/", "-", ";", ":", "\u3000"),
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join)))
def test_any_text_gives_tags_in_order_inside_it(text: str) -> None:
    source = read_text(text)
    reading = Reading(source)
    found = build_tags(Part(source.text, 0), reading, None)
    assert not reading.unread
    ends = 0
    for tag in found:
        assert ends <= tag.span.start < tag.span.end <= len(text)
        ends = tag.span.end


@given(st.lists(_PIECES).map("".join))
def test_nothing_but_separators_is_left_out(text: str) -> None:
    source = read_text(text)
    tree = grammar.read("tags", source.text)
    label = next((str(child) for child in tree.children if isinstance(child, str)), "")
    covered = bytearray(len(text))
    start = text.find(label) if label else 0
    covered[start : start + len(label)] = b"x" * len(label)
    for tag in build_tags(Part(source.text, 0), Reading(source), None):
        covered[tag.span.start : tag.span.end] = b"x" * (tag.span.end - tag.span.start)
    rest = "".join(char if not done else " " for char, done in zip(text, covered, strict=True))
    assert set(rest.replace("N/A", "")) <= set(" \n\u3000\\,.;:()/-")


@pytest.mark.parametrize("piece", ["(", "PREL ", "A.", "OVIP (A) ", "(a ", "TAGS "])
def test_long_lines_are_read(piece: str) -> None:
    assert read(piece * 20_000)[1].unread == set()
