from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.handling import build_passing
from cablekit.build.reading import Part
from cablekit.model import Passing
from tests.make import reading


def passing(text: str) -> tuple[Passing, ...]:
    part, notes = reading(text)
    read = build_passing(part, notes)
    assert (notes.repairs, notes.diagnostics) == ([], [])
    return read


def one(text: str) -> Passing:
    (read,) = passing(text)
    return read


Fields = tuple[str, str | None, tuple[str, ...], tuple[str, ...]]


def fields(read: Passing) -> Fields:
    return read.kind, read.agency, read.offices, read.persons


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DEPT FOR G/TIP: ASAMPLE", ("for", "DEPT", ("G/TIP",), ("ASAMPLE",))),
        ("DEPT. FOR H - ANNA SAMPLE", ("for", "DEPT", ("H",), ("ANNA SAMPLE",))),
        ("Department for EUR/NB, IO/UNP, DRL", ("for", "DEPARTMENT", ("EUR/NB", "IO/UNP", "DRL"), ())),
        ("DEPT FOR EUR/SCE (P. SAMPLE)", ("for", "DEPT", ("EUR/SCE",), ("P. SAMPLE",))),
        (
            "DEPT FOR EUR/WE (SAMPLE), EUR/PA/PD (MUSTER), DRL",
            ("for", "DEPT", ("EUR/WE", "EUR/PA/PD", "DRL"), ("SAMPLE", "MUSTER")),
        ),
        ("DEPT FOR SCA/CEN; EEB", ("for", "DEPT", ("SCA/CEN", "EEB"), ())),
        (
            "DEPT FOR AF/E BSAMPLE; AF/EPS - CSAMPLE AND DDOE",
            ("for", "DEPT", ("AF/E", "AF/EPS"), ("BSAMPLE", "CSAMPLE", "DDOE")),
        ),
        ("STATE FOR EB/TRA: ANNA SAMPLE, JOHN MUSTER", ("for", "STATE", ("EB/TRA",), ("ANNA SAMPLE", "JOHN MUSTER"))),
        ("STATE FOR EAP/TC - ASAMPLE, BDOE,CROE", ("for", "STATE", ("EAP/TC",), ("ASAMPLE", "BDOE", "CROE"))),
        ("DEPT ALSO FOR L/LEI", ("for", "DEPT", ("L/LEI",), ())),
        ("COMMERCE FOR ASAMPLE/BEXAMPLE", ("for", "COMMERCE", (), ("ASAMPLE", "BEXAMPLE"))),
        ("USDOC FOR ITA/MAC/X/ASAMPLE/BEXAMPLE", ("for", "USDOC", ("ITA/MAC/X",), ("ASAMPLE", "BEXAMPLE"))),
        ("USDOC FOR 4711/MAC/EAP/J.SAMPLE", ("for", "USDOC", ("4711/MAC/EAP",), ("J.SAMPLE",))),
        ("DOE FOR NA-24, EM-1 SAMPLE", ("for", "DOE", ("NA-24", "EM-1"), ("SAMPLE",))),
        ("NSC FOR ANNA SAMPLE", ("for", "NSC", (), ("ANNA SAMPLE",))),
        (
            "WHA FOR A/S ANNA SAMPLE, PDAS MUSTER, WHA/BSC",
            ("for", "WHA", ("WHA/BSC",), ("A/S ANNA SAMPLE", "PDAS MUSTER")),
        ),
        ("AF/E FOR ASAMPLE", ("for", "AF/E", (), ("ASAMPLE",))),
        ("Af/rsa for asample, bdoe", ("for", "AF/RSA", (), ("asample", "bdoe"))),
        ("STATE PASS TO USTR FOR SAMPLE", ("pass", "STATE", ("USTR",), ("SAMPLE",))),
        ("STATE PLEASE PASS USTR - SAMPLE AND MUSTER", ("pass", "STATE", ("USTR",), ("SAMPLE", "MUSTER"))),
        ("STATE PASS USAID FOR LAC:ANNA SAMPLE", ("pass", "STATE", ("USAID", "LAC"), ("ANNA SAMPLE",))),
        ("AMEMBASSY BERLIN PASS TO AMCONSUL LEIPZIG", ("pass", "AMEMBASSY BERLIN", (), ())),
        (
            "PLEASE PASS TO PRM/ECA FOR ANNA SAMPLE AND JOHN\nMUSTER",
            ("pass", None, ("PRM/ECA",), ("ANNA SAMPLE", "JOHN MUSTER")),
        ),
        ("PASS TO SECRETARY SAMPLE", ("pass", None, (), ("SECRETARY SAMPLE",))),
        ("FOR WHA/AND, WHA/USOAS", ("for", None, ("WHA/AND", "WHA/USOAS"), ())),
        ("INFO FOR PA, PA/OBS", ("for", None, ("PA", "PA/OBS"), ())),
        ("ROME AND SOFIA FOR EUR/X", ("for", "ROME AND SOFIA", ("EUR/X",), ())),
        ("FROM AMBASSADOR SAMPLE", ("from", None, (), ("AMBASSADOR SAMPLE",))),
        ("STATE EUR/WE; DRL", ("attention", "STATE", ("EUR/WE", "DRL"), ())),
        ("WHA/CEN", ("attention", None, ("WHA/CEN",), ())),
        ("DS/A/WHA, DS/B/WHA, AND\nWHA/X", ("attention", None, ("DS/A/WHA", "DS/B/WHA", "WHA/X"), ())),
        ("VISAS VIPER", ("attention", None, (), ())),
        ("INFORM CONSULS", ("attention", None, (), ())),
        ("FOR ALL CABLE DRAFTERS", ("attention", None, (), ())),
        ("NOT FOR INTERNET DISTRIBUTION", ("attention", None, (), ())),
        ("PLEASE HANDLE ACCORDINGLY", ("attention", None, (), ())),
        ('"KEEP COLD -- DO NOT OPEN"', ("attention", None, (), ())),
        ("AMEMBASSY SOFIA SENDS", ("attention", None, (), ())),
    ],
)
def test_one_instruction(written: str, expected: Fields) -> None:
    read = one(f" {written} \n")
    assert fields(read) == expected
    assert read.text == " ".join(written.split())
    assert read.span == (1, 1 + len(written))


@pytest.mark.parametrize(
    ("written", "persons"),
    [
        ("LONDON FOR SAMPLE", ()),
        ("VIENNA FOR ABCD, EFG", ()),
        ("TREASURY FOR A SAMPLE", ()),
        ("NEA FOR FRONT OFFICE", ()),
        ("NSC FOR EUR WATCHER", ()),
        ("USDOC FOR ABCD ANNA SAMPLE", ()),
        ("STATE PASS FEDERAL RESERVE NEW BAY ASAMPLE", ()),
        ("STATE PASS CFTC FOR FED/SAMPLE", ("SAMPLE",)),
        ("ROME FOR HERRING HUB", ()),
        ("EMBASSIES FOR PRESS OFFICERS", ()),
        ("FOR AMBASSADOR", ()),
        ("STATE FOR EUR/WE (SAMPLE) ROME FOR MUSTER", ("SAMPLE",)),
        ("DEPT FOR EUR/WE (AMBASSADOR)", ()),
        ("DEPT FOR EUR/WE OFFICE", ()),
        ("COMMERCE FOR NATIONAL COORDINATOR FOR HERRING NETS", ()),
    ],
)
def test_words_that_may_be_anything_are_no_persons(written: str, persons: tuple[str, ...]) -> None:
    read = one(written)
    assert read.persons == persons
    assert read.text == written


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "DEPT FOR G/TIP: ASAMPLE \nDEPT FOR SCA/CEN: BDOE",
            [("for", "DEPT", ("G/TIP",), ("ASAMPLE",)), ("for", "DEPT", ("SCA/CEN",), ("BDOE",))],
        ),
        (
            "NEA FOR FRONT OFFICE; NEA/X FOR\nSAMPLES/EXAMPLE/ROE; NSC FOR SMITHS/JONES;\nTREASURY FOR ANNA MUSTER",
            [
                ("for", "NEA", (), ()),
                ("for", "NEA/X", (), ("SAMPLES", "EXAMPLE", "ROE")),
                ("for", "NSC", (), ("SMITHS", "JONES")),
                ("for", "TREASURY", (), ("ANNA MUSTER",)),
            ],
        ),
        (
            "FOR ISN, IO; DOE FOR NA-24, NA-25; NSC FOR\nSAMPLE",
            [("for", None, ("ISN", "IO"), ()), ("for", "DOE", ("NA-24", "NA-25"), ()), ("for", "NSC", (), ())],
        ),
        (
            "USDOE FOR SECRETARY SAMPLE AND ANNA MUSTER DHS FOR SECRETARY ROE",
            [
                ("for", "USDOE", (), ("SECRETARY SAMPLE", "ANNA MUSTER")),
                ("for", "DHS", (), ("SECRETARY ROE",)),
            ],
        ),
        (
            "STATE FOR G/TIP SAMPLE, LIMA FOR ABC/RTC MUSTER",
            [("for", "STATE", ("G/TIP",), ("SAMPLE",)), ("for", "LIMA", ("ABC/RTC",), ("MUSTER",))],
        ),
        (
            "STATE FOR EUR/WE (ASAMPLE) AND CA/OCS/EUR FOR BDOE",
            [("for", "STATE", ("EUR/WE",), ("ASAMPLE",)), ("for", "CA/OCS/EUR", (), ("BDOE",))],
        ),
        (
            "STATE FOR SCA/X, EB/Y/Z.\nSTATE SCA/X PLEASE PASS TO ROSE DESK",
            [("for", "STATE", ("SCA/X", "EB/Y/Z"), ()), ("pass", "STATE SCA/X", (), ())],
        ),
        (
            "PLEASE PASS TO EB/IPE ANNA SAMPLE, JOHN MUSTER PLEASE ALSO PASS TO USTR: JANE ROE",
            [("pass", None, ("EB/IPE",), ("ANNA SAMPLE", "JOHN MUSTER")), ("pass", None, ("USTR",), ("JANE ROE",))],
        ),
        (
            "WHA/CEN\nEB FOR ASAMPLE, BDOE\nE FOR CROE",
            [
                ("attention", None, ("WHA/CEN",), ()),
                ("for", "EB", (), ("ASAMPLE", "BDOE")),
                ("for", "E", (), ("CROE",)),
            ],
        ),
        (
            "FROM AMBASSADOR SAMPLE FOR A/S MUSTER",
            [("from", None, (), ("AMBASSADOR SAMPLE",)), ("for", None, (), ("A/S MUSTER",))],
        ),
        (
            "FOR AMBASSADOR FROM U/S FOR HERRING NETS, ANNA SAMPLE",
            [("for", None, (), ()), ("from", None, (), ())],
        ),
        (
            "STATE PASS USTR\nSTATE FOR EAP/CM",
            [("pass", "STATE", ("USTR",), ()), ("for", "STATE", ("EAP/CM",), ())],
        ),
        (
            'STATE FOR EUR/CE,\nDRL\nVIENNA FOR USOSCE\n\n"DO NOT OPEN"',
            [("for", "STATE", ("EUR/CE", "DRL"), ()), ("for", "VIENNA", (), ()), ("attention", None, (), ())],
        ),
        (
            "DEPT FOR WHA/CAR - ANNA\nMARY SAMPLE",
            [("for", "DEPT", ("WHA/CAR",), ("ANNA MARY SAMPLE",))],
        ),
        (
            "DEPT FOR EUR/WE\n(SAMPLE/DOES)",
            [("for", "DEPT", ("EUR/WE",), ("SAMPLE", "DOES"))],
        ),
        ("STATE PASS", [("pass", "STATE", (), ())]),
        ("DEPARTMENT\nFOR EUR/WE", [("for", "DEPARTMENT", ("EUR/WE",), ())]),
    ],
)
def test_a_run_of_lines(written: str, expected: list[Fields]) -> None:
    assert [fields(read) for read in passing(written)] == expected


def test_each_instruction_has_its_own_place() -> None:
    part, notes = reading("SIPDIS\n DEPT. FOR EUR/WE (SAMPLE) ;\n\nNSC FOR  ANNA SAMPLE.\nTAGS: KG")
    read = build_passing(Part(part.text[7:59], 7), notes)
    assert [part.text[slice(*each.span)] for each in read] == ["DEPT. FOR EUR/WE (SAMPLE)", "NSC FOR  ANNA SAMPLE"]
    assert [each.text for each in read] == ["DEPT. FOR EUR/WE (SAMPLE)", "NSC FOR ANNA SAMPLE"]


@pytest.mark.parametrize("written", ["", " \n", ".,;", "((("])
def test_where_nothing_is_said(written: str) -> None:
    assert "".join(read.text for read in passing(written)) == ""


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "DEPT",
                "FOR",
                "PASS",
                "TO",
                "FROM",
                "STATE",
                "EUR/WE",
                "G/TIP",
                "AF",
                "ANNA",
                "SAMPLE",
                "B.",
                "A/S",
                "OFFICE",
                ":",
                "(",
                ")",
                ",",
                ",",
                ";",
                "-",
                "/",
                "\n",
                "AND",
                "NOT",
                "PLEASE",
                "ALSO",
                "LONDON",
                "é",
                "7",
                "NA-24",
                '"',
                "ASAMPLE/BEXAMPLE",
                "_",
                "²",
                "AMB.",
                "DIRECTOR FOR X",
                ".",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_run_is_answered(text: str) -> None:
    part, notes = reading(text)
    end = 0
    for each in build_passing(part, notes):
        place = notes.source.source[slice(*each.span)]
        assert each.text
        assert place == place.strip()
        assert each.span.start >= end
        end = each.span.end


@pytest.mark.parametrize(
    "unit", ["A,", "A ", "A;", "(", ")", "A/", "A.", "\n", " ", "AB FOR ", "FROM ", "PASS ", "1", "-"]
)
@pytest.mark.parametrize("before", ["", "DEPT FOR ", "STATE PASS TO ", "FROM ", "EUR/WE"])
def test_a_long_run_is_read_in_linear_time(before: str, unit: str) -> None:
    passing(before + unit * (20_000 // len(unit)))
