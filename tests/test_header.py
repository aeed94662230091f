from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.header import build_header, year_of
from cablekit.build.reading import Reading
from cablekit.model import Header, Level, Precedence
from tests.make import header, located, reading

FLASH, EMERGENCY, NIACT, IMMEDIATE, PRIORITY, ROUTINE = Precedence


def read(text: str) -> Header:
    return build_header(*reading(text)).header


def read_on(text: str) -> tuple[Header, Reading]:
    part, found = reading(text)
    return build_header(part, found).header, found


def fields(part: Any, names: str) -> tuple[Any, ...]:
    assert part is not None
    return tuple(getattr(part, name) for name in names.split())


# ---- lines 1 to 4 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("VZCZCXRO3684", ("VZCZCXRO3684", "XRO", "3684")),
        ("VZCZCXYZ005  ", ("VZCZCXYZ005", "XYZ", "005")),
        ("VZCZCXRO36Q4", ("VZCZCXRO36Q4", "XRO", None)),
        ("VZCZC12 3684", ("VZCZC12 3684", None, "3684")),
        ("VZCZC", ("VZCZC", None, None)),
    ],
)
def test_line_1(line: str, expected: tuple[Any, ...]) -> None:
    assert fields(read(header(line_1=line)).transmission_id, "text channel sequence") == expected


@pytest.mark.parametrize(
    ("lines", "precedence", "indicators"),
    [
        ("RR RUEHAST", ROUTINE, ("RUEHAST",)),
        ("PP RUEHAST RUEHBI RUEHCI", PRIORITY, ("RUEHAST", "RUEHBI", "RUEHCI")),
        ("OO RUEHAST RUEHBI\nRUEHCI RUEHDB\nRUEHEK", IMMEDIATE, ("RUEHAST", "RUEHBI", "RUEHCI", "RUEHDB", "RUEHEK")),
        ("ZZ RUEHWEB\n", FLASH, ("RUEHWEB",)),  # and a blank line behind it
        ("YY  RUEHAST  RUEHBI ", EMERGENCY, ("RUEHAST", "RUEHBI")),
        ("PP RUEHAST RUEHBI RUE%%", PRIORITY, ("RUEHAST", "RUEHBI")),
    ],
)
def test_line_2(lines: str, precedence: Precedence, indicators: tuple[str, ...]) -> None:
    made = read(header(line_2=lines))
    assert fields(made.routing, "precedence indicators") == (precedence, indicators)
    assert fields(made.station, "routing_indicator serial") == ("RUEHSF", 608)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DE RUEHEK #0094/01 0290934", ("RUEHEK", 94, 1, 29, time(9, 34))),
        ("DE RUEHEK #0094 0290934", ("RUEHEK", 94, None, 29, time(9, 34))),
        ("DE RUEHSD #7875/24 3662359", ("RUEHSD", 7875, 24, 366, time(23, 59))),
        ("DE  RUEHEK  #0094/01  0290934Z ", ("RUEHEK", 94, 1, 29, time(9, 34))),
        ("DE RUEPDA 167C 0072117", ("RUEPDA", 167, None, 7, time(21, 17))),
        # what cannot be is not read
        ("DE RUEHEK #0094/01 0000934", ("RUEHEK", 94, 1, None, time(9, 34))),
        ("DE RUEHEK #0094/01 3670934", ("RUEHEK", 94, 1, None, time(9, 34))),
        ("DE RUEHEK #0094/01 0292434", ("RUEHEK", 94, 1, 29, None)),
        ("DE RUEHEK #0094/01 0290960", ("RUEHEK", 94, 1, 29, None)),
        ("DE RUEHEK #0094/01 029Q934", ("RUEHEK", 94, 1, None, None)),
        ("DE RUEHEK #0094", ("RUEHEK", 94, None, None, None)),
    ],
)
def test_line_3(line: str, expected: tuple[Any, ...]) -> None:
    station = read(header(line_3=line)).station
    assert fields(station, "routing_indicator serial section day_of_year time_filed") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ZNR UUUUU ZZH", ("ZNR", "UUUUU", Level.UNCLASSIFIED, ("ZZH",))),
        ("ZNR EEEEE ZZH", ("ZNR", "EEEEE", Level.UNCLASSIFIED, ("ZZH",))),
        ("ZNY RRRRR ZZH", ("ZNY", "RRRRR", Level.RESTRICTED, ("ZZH",))),
        ("ZNY CCCCC ZZH", ("ZNY", "CCCCC", Level.CONFIDENTIAL, ("ZZH",))),
        ("ZNY SSSSS ZZH ZDK", ("ZNY", "SSSSS", Level.SECRET, ("ZZH", "ZDK"))),
        ("ZNY TTTTT", ("ZNY", "TTTTT", Level.TOP_SECRET, ())),
        ("ZNY SSSSS/BBBBB ZZH", ("ZNY", "SSSSS/BBBBB", Level.SECRET, ("ZZH",))),
        ("ZNY CCCCC ZZH (CCY AD0123AB MSI1234-567)", ("ZNY", "CCCCC", Level.CONFIDENTIAL, ("ZZH",))),
        ("ZNY QQQQQ ZZH", ("ZNY", "QQQQQ", None, ("ZZH",))),
        ("ZNY CCSCC ZZH", ("ZNY", "CCSCC", None, ("ZZH",))),
        ("ZNY ZZH", ("ZNY", None, None, ("ZZH",))),
    ],
)
def test_line_4(line: str, expected: tuple[Any, ...]) -> None:
    security = read(header(line_4=line)).security
    assert fields(security, "signal group level signals") == expected
    assert fields(security, "as_written") == (line,)


# ---- line 5 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "precedences", "utc", "signals"),
    [
        ("R 290934Z JAN 08", (ROUTINE,), (2008, 1, 29, 9, 34), ()),
        ("O P 051218Z OCT 09", (IMMEDIATE, PRIORITY), (2009, 10, 5, 12, 18), ()),
        ("P R 281848Z DEC 66", (PRIORITY, ROUTINE), (1966, 12, 28, 18, 48), ()),
        ("Z 010000Z FEB 05", (FLASH,), (2005, 2, 1, 0, 0), ()),
        ("051218Z OCT 09", (), (2009, 10, 5, 12, 18), ()),
        ("R 051218Z Oct 2009", (ROUTINE,), (2009, 10, 5, 12, 18), ()),
        ("R 051218 Z OCT 09", (ROUTINE,), (2009, 10, 5, 12, 18), ()),
        ("R 051218Z  OCT  09  ", (ROUTINE,), (2009, 10, 5, 12, 18), ()),
        ("R 051218Z JAN 65", (ROUTINE,), (2065, 1, 5, 12, 18), ()),
        ("R 051218Z JAN 00", (ROUTINE,), (2000, 1, 5, 12, 18), ()),
        ("R 051218Z JAN 99", (ROUTINE,), (1999, 1, 5, 12, 18), ()),
        ("R 290934Z FEB 08", (ROUTINE,), (2008, 2, 29, 9, 34), ()),
        ("R 051218Z OCT 09 ZDK", (ROUTINE,), (2009, 10, 5, 12, 18), ("ZDK",)),
        ("R 051218Z OCT 09 ZFR ZFR ZFR", (ROUTINE,), (2009, 10, 5, 12, 18), ("ZFR", "ZFR", "ZFR")),
        ("R 051218Z OCT 09 ZFF9", (ROUTINE,), (2009, 10, 5, 12, 18), ("ZFF9",)),
        ("R 051218Z OCT 09 ZDK CTG RUEHSD 0060 2781150", (ROUTINE,), (2009, 10, 5, 12, 18), ("ZDK",)),
        ("R 051218Z OCT 09 (CCY AD0123AB MSI1234-567)", (ROUTINE,), (2009, 10, 5, 12, 18), ()),
    ],
)
def test_line_5(line: str, precedences: tuple[Precedence, ...], utc: tuple[int, ...], signals: tuple[str, ...]) -> None:
    made, found = read_on(header(line_5=line))
    moment = datetime(*utc, tzinfo=UTC)
    assert fields(made.dtg, "precedences utc signals") == (precedences, moment, signals)
    assert fields(made.dtg, "as_written") == (" ".join(line.split()),)
    assert (found.diagnostics, found.repairs) == ([], [])


@pytest.mark.parametrize(
    ("line", "station", "utc", "read_as"),
    [
        ("R 310934Z FEB 08", "0600934", (2008, 2, 29, 9, 34), "290934Z FEB 08"),
        ("R 290934Z FEB 09", "0600934", (2009, 3, 1, 9, 34), "010934Z MAR 09"),
        ("R 282434Z JAN 08", "0290034", (2008, 1, 29, 0, 34), "290034Z JAN 08"),
        ("R 290934Z JQN 08", "0290934", (2008, 1, 29, 9, 34), "290934Z JAN 08"),
        ("R 320934Z DEC 08", "3660934", (2008, 12, 31, 9, 34), "310934Z DEC 08"),
        ("R 310934Z FEB 66", "0601000", (1966, 3, 1, 10, 0), "011000Z MAR 66"),
    ],
)
def test_an_impossible_day_is_rebuilt_from_line_3(line: str, station: str, utc: tuple[int, ...], read_as: str) -> None:
    made, found = read_on(header(line_3=f"DE RUEHSF #0608 {station}", line_5=line))
    assert fields(made.dtg, "utc as_written") == (datetime(*utc, tzinfo=UTC), line)
    (repair,) = found.repairs
    assert (repair.rule, repair.as_written, repair.as_read) == ("dtg-from-station-line", line[2:], read_as)
    assert found.diagnostics == []


@pytest.mark.parametrize(
    ("line", "station"),
    [
        ("R 310934Z FEB 08", None),
        ("R 310934Z FEB 08", "DE RUEHSF #0608"),
        ("R 310934Z FEB 08", "DE RUEHSF #0608 0002434"),
        ("R 320934Z DEC 09", "DE RUEHSF #0608 3660934"),  # 2009 has no 366th day
        ("R 290934Z JAN", "DE RUEHSF #0608 0290934"),  # no year anywhere
        ("R 310934Z FEB 0000", "DE RUEHSF #0608 0290934"),
        ("R 310934Z FEB 9999", "DE RUEHSF #0608 3660934"),
    ],
)
def test_a_day_that_nothing_tells(line: str, station: str | None) -> None:
    made, found = read_on(header(line_3=station, line_5=line))
    assert fields(made.dtg, "utc as_written precedences") == (None, line, (ROUTINE,))
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("CK102", "error")
    assert diagnostic.message == f"no date in {line!r}"
    assert found.source.source[diagnostic.span.start : diagnostic.span.end] == line
    assert found.repairs == []


@pytest.mark.parametrize(
    ("digits", "year"),
    [("66", 1966), ("99", 1999), ("00", 2000), ("65", 2065), ("2009", 2009), ("1973", 1973), ("", None)],
)
def test_window_of_years(digits: str, year: int | None) -> None:
    assert year_of(digits) == year


# ---- lines 6 to 9 ----------------------------------------------------------------------------------

ADDRESSEES = [
    ("AMEMBASSY ROME", (None, "AMEMBASSY ROME", None, None, False)),
    ("RUEHC/SECSTATE WASHDC 0591", ("RUEHC", "SECSTATE WASHDC", None, "0591", False)),
    ("RUEHC/SECSTATE WASHDC PRIORITY 0591", ("RUEHC", "SECSTATE WASHDC", PRIORITY, "0591", False)),
    ("RUEHC/SECSTATE WASHDC IMMEDIATE", ("RUEHC", "SECSTATE WASHDC", IMMEDIATE, None, False)),
    ("SECSTATE WASHDC NIACT IMMEDIATE 0000", (None, "SECSTATE WASHDC", NIACT, "0000", False)),
    ("SECSTATE WASHDC NIACT  IMMEDIATE  12345", (None, "SECSTATE WASHDC", NIACT, "12345", False)),
    ("SECSTATE WASHDC NIACT 0591", (None, "SECSTATE WASHDC", NIACT, "0591", False)),
    ("RUEHRO/AMEMBASSY ROME PIORITY 123456", ("RUEHRO", "AMEMBASSY ROME", PRIORITY, "123456", False)),
    ("RUEHRO/AMEMBASSY ROME FLASH", ("RUEHRO", "AMEMBASSY ROME", FLASH, None, False)),
    ("ZEN/AMCONSUL MILAN 1234-5678", ("ZEN", "AMCONSUL MILAN", None, "1234-5678", False)),
    ("RUEAIIA/CIA WASHDC", ("RUEAIIA", "CIA WASHDC", None, None, False)),
    ("CIA//NESA/EUR// WASHDC 0591", (None, "CIA//NESA/EUR// WASHDC", None, "0591", False)),
    ("RUEKJCS/SECDEF WASHINGTON DC//USDP/ISA//", ("RUEKJCS", "SECDEF WASHINGTON DC//USDP/ISA//", None, None, False)),
    ("RUEHBS/USEU BRUSSELS BE 0306", ("RUEHBS", "USEU BRUSSELS BE", None, "0306", False)),
    (
        "RUMICEA/USCENTCOM INTEL CEN MACDILL AFB FL",
        ("RUMICEA", "USCENTCOM INTEL CEN MACDILL AFB FL", None, None, False),
    ),
    ("RUCNCIS/CIS COLLECTIVE", ("RUCNCIS", "CIS COLLECTIVE", None, None, True)),
    ("EUROPEAN POLITICAL COLLECTIVE PRIORITY", (None, "EUROPEAN POLITICAL COLLECTIVE", PRIORITY, None, True)),
    ("ALL DIPLOMATIC AND CONSULAR POSTS", (None, "ALL DIPLOMATIC AND CONSULAR POSTS", None, None, True)),
    ("ALL DIPLOMATIC POSTS 0012", (None, "ALL DIPLOMATIC POSTS", None, "0012", True)),
    ("AIG 205", (None, "AIG 205", None, None, True)),
    # words that are none of it where they stand
    ("PRIORITY MAIL OFFICE 0591", (None, "PRIORITY MAIL OFFICE", None, "0591", False)),
    ("AMEMBASSY IMMEDIATE ROME", (None, "AMEMBASSY IMMEDIATE ROME", None, None, False)),
    ("AMEMBASSY ROME 591", (None, "AMEMBASSY ROME 591", None, None, False)),
    ("DEPT OF HHS ROOM 1234 WASHDC", (None, "DEPT OF HHS ROOM 1234 WASHDC", None, None, False)),
]
NAMES = "routing_indicator name precedence serial collective"


@pytest.mark.parametrize(("written", "expected"), ADDRESSEES)
@pytest.mark.parametrize("place", ["action", "info", "exempt", "originator"])
def test_an_addressee_in_every_list(written: str, expected: tuple[Any, ...], place: str) -> None:
    word = {"action": "TO", "info": "INFO", "exempt": "XMT", "originator": "FM"}[place]
    made = read(header(line_6=None, line_7=f"{word} {written}", line_8=None))
    found = getattr(made, place)
    assert fields(found if place == "originator" else found[0], NAMES) == expected
    assert place == "originator" or len(found) == 1


@pytest.mark.parametrize("end", ["\n", " \n", "\n\n", "  \n \n\n"])
def test_lists_of_addressees(end: str) -> None:
    lines = [f"{'TO ' if index == 0 else ''}{written}" for index, (written, _) in enumerate(ADDRESSEES)]
    made = read(
        end.join([*lines, "INFO AMEMBASSY PARIS", "RUEHRO/AMEMBASSY ROME", "XMT AMCONSUL LYON", "AMCONSUL LILLE"])
    )
    assert [fields(one, NAMES) for one in made.action] == [expected for _, expected in ADDRESSEES]
    assert [one.name for one in made.info] == ["AMEMBASSY PARIS", "AMEMBASSY ROME"]
    assert [one.name for one in made.exempt] == ["AMCONSUL LYON", "AMCONSUL LILLE"]


@pytest.mark.parametrize(
    ("name", "collective"),
    [
        ("EU MEMBER STATES COLLECTIVE", True),
        ("CHINA POSTS COLLECTIVE", True),
        ("CHINA POSTS", True),
        ("AIG 7023", True),
        ("SPECIAL EMBASSY PROGRAM", True),
        ("COLLECTIVE SECURITY OFFICE", False),
        ("POSTS", False),
        ("AIGUILLE OFFICE", False),
    ],
)
def test_collectives(name: str, collective: bool) -> None:
    assert read(header(line_7=f"TO RUEHZK/{name}")).action[0].collective is collective


@pytest.mark.parametrize(
    ("lines", "action", "info", "exempt"),
    [
        ("TO\nAMEMBASSY ROME", "ROME", "", ""),
        ("TO PAGE 02  STATE  063812  191600Z\nAMEMBASSY ROME 0123\nAMEMBASSY BERN", "ROME BERN", "", ""),
        ("TO AMEMBASSY ROME\nPAGE 02 RUEHC 115B UNCLAS\nINFO AMEMBASSY BERN", "ROME", "BERN", ""),
        ("TO AMEMBASSY ROME\nINFO AMEMBASSY BERN\nTO AMEMBASSY RIGA", "ROME RIGA", "BERN", ""),
        ("INFO EU COLLECTIVE\nXMT/AMCONSUL LYON", "", "COLLECTIVE", "LYON"),
        ("INFO EU COLLECTIVE\nXMT AMCONSUL LYON\nAMCONSUL LYON", "", "COLLECTIVE", "LYON LYON"),
        ("INFO EU COLLECTIVE, XMT ROME, BERN", "", "COLLECTIVE", "ROME BERN"),
        ("TO AIG 205\nINFO AIG 206", "205", "206", ""),
        ("TO AMEMBASSY ROME\n&%$ 12\nINFO AMEMBASSY BERN", "ROME", "BERN", ""),
        ("TO AMEMBASSY ROME\n&%$ 12\nAMEMBASSY BERN", "ROME BERN", "", ""),
        # The number of groups is no addressee; a name that begins so is one
        ("TO AMEMBASSY ROME\nINFO AMEMBASSY BERN\nSTATE GRNC", "ROME", "BERN", ""),
        ("TO AMEMBASSY ROME\nGR 45", "ROME", "", ""),
        ("TO AMEMBASSY ROME\nGRNC", "ROME", "", ""),
        ("TO AMEMBASSY ROME\nSTATE GRNCA\nGR 45 TROOPS\nGRENADA", "ROME GRNCA TROOPS GRENADA", "", ""),
    ],
)
def test_lines_7_to_9(lines: str, action: str, info: str, exempt: str) -> None:
    made = read(header(line_7=lines, line_8=None))
    assert [one.name.split()[-1] for one in made.action] == action.split()
    assert [one.name.split()[-1] for one in made.info] == info.split()
    assert [one.name.split()[-1] for one in made.exempt] == exempt.split()


# ---- layout B, distribution ------------------------------------------------------------------------


def test_header_without_routing_lines() -> None:
    made = read("P 191600Z JUN 09\nFM SECSTATE WASHDC\nTO AMEMBASSY ASHGABAT PRIORITY 1208\n")
    assert (made.transmission_id, made.routing, made.station, made.security) == (None, None, None, None)
    assert fields(made.originator, "name") == ("SECSTATE WASHDC",)
    assert [fields(one, NAMES) for one in made.action] == [(None, "AMEMBASSY ASHGABAT", PRIORITY, "1208", False)]
    assert made.precedence == PRIORITY


@pytest.mark.parametrize(
    ("lines", "offices", "total"),
    [
        ("INFO  LOG-00  MFA-00  EEB-00 \n", "INFO LOG 0|INFO MFA 0|INFO EEB 0", None),
        ("ACTION EUR-12\nINFO LOG-00 H-01\n      AF-02  /015W\n", "ACTION EUR 12|INFO LOG 0|INFO H 1|INFO AF 2", 15),
        ("ORIGIN EB-07\nINFO OCT-01 ISO-00 /008 R\n", "ORIGIN EB 7|INFO OCT 1|INFO ISO 0", 8),
    ],
)
def test_distribution(lines: str, offices: str, total: int | None) -> None:
    dashes = "------------------CDA50C  181236Z /38\n"
    made = read(f"{lines}{dashes}R 181230Z JUN 09\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC 1\nINFO AMEMBASSY PARIS\n")
    assert made.distribution
    read_offices = "|".join(f"{one.role} {one.office} {one.copies}" for one in made.distribution.offices)
    assert (read_offices, made.distribution.total) == (offices, total)
    assert [one.name for one in made.info] == ["AMEMBASSY PARIS"]
    assert made.dtg


# ---- the header as a whole -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage", ["&%$ 12", "VZC ZCXRO", "DE", "ZNR", "R 29JAN", "FM", "TO", "INFO", "XMT", "123", "PAGE"]
)
@pytest.mark.parametrize("place", range(6))
def test_a_damaged_line_harms_no_other(damage: str, place: int) -> None:
    lines = header(line_7=None, line_8=None).split("\n")
    whole = read("\n".join(lines))
    lines[place] = damage
    made = read("\n".join(lines))
    names = ["transmission_id", "routing", "station", "security", "dtg", "originator"]
    for index, name in enumerate(names):
        written = getattr(whole, name)
        if index != place:
            assert getattr(made, name).model_copy(update={"span": written.span}) == written


def test_every_line_has_its_rule() -> None:
    text = header(line_4="ZNR UUUUU ZZH\n&%$ 12", line_8="INFO AMEMBASSY ROME\nXMT AMCONSUL MILAN")
    part, found = reading(text)
    made = build_header(part, found)
    assert [(rule, text[start:].partition("\n")[0]) for rule, start in made.lines] == [
        ("transmission_id", "VZCZCXRO3684"),
        ("routing", "PP RUEHAST RUEHBI"),
        ("station", "DE RUEHSF #0608/01 2781218"),
        ("security", "ZNR UUUUU ZZH"),
        ("unparsed", "&%$ 12"),
        ("dtg", "P 051218Z OCT 09"),
        ("originator", "FM AMEMBASSY SOFIA"),
        ("action", "TO RUEHC/SECSTATE WASHDC PRIORITY 6317"),
        ("info", "INFO AMEMBASSY ROME"),
        ("exempt", "XMT AMCONSUL MILAN"),
    ]
    assert made.header.span == (0, len(text))


def test_the_first_of_doubled_lines_counts() -> None:
    made = read("VZCZCXRO3684\nZNR UUUUU ZZH\nZNY CCCCC ZZH\nR 290934Z JAN 08\nO 290935Z JAN 08\nFM A\nFM B\n")
    assert fields(made.security, "level") == (Level.UNCLASSIFIED,)
    assert fields(made.dtg, "as_written") == ("R 290934Z JAN 08",)
    assert fields(made.originator, "name") == ("A",)


def test_spans_are_tight() -> None:
    text = header()
    slices = {type(one).__name__: text[span.start : span.end] for _, one, span in located(read(text), "header")}
    assert slices["TransmissionId"] == "VZCZCXRO3684"
    assert slices["Routing"] == "PP RUEHAST RUEHBI"
    assert slices["Station"] == "RUEHSF #0608/01 2781218"
    assert slices["Security"] == "ZNR UUUUU ZZH"
    assert slices["DateTimeGroup"] == "P 051218Z OCT 09"
    assert slices["Addressee"] == "RUEHRO/AMEMBASSY ROME 1041"


LINES = st.sampled_from(
    [
        *header().split("\n"),
        *(written for written, _ in ADDRESSEES),
        "PAGE 02 ROME 1",
        "INFO LOG-00",
        "/003W",
        "XMT",
        "",
    ]
)
SIGNS = st.text("ABDEFMNORTUYZ0189 \n\t/#-()%", max_size=12)


# (The document grammar begins a header at a visible sign.)
@given(st.lists(LINES | SIGNS | st.text(max_size=8), max_size=12).map("\n".join).map(lambda text: f"V{text}"))
def test_any_text_gives_a_header(text: str) -> None:
    part, found = reading(text)
    made = build_header(part, found)
    starts = [start for _, start in made.lines]
    assert starts == sorted(starts)
    assert all(
        0 <= span.start < span.end <= len(text) for _, _, span in located(made.header.model_copy(update={"span": None}))
    )
