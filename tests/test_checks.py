"""What must hold between the parts of a cable: each disagreement is reported, and its look-alike is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cablekit.build.cable import parse
from cablekit.build.codes import CODES
from cablekit.build.reading import Reading
from cablekit.model import Span
from cablekit.text import read_text
from tests.make import BODY, LABELS, cable, codes, header

NOTE = "This record is a partial extract of the original cable. The full text of the original cable is not available."
PUBLISHED = "{year}SOFIA608\nROSES\nMon Oct 05 00:00:00 +0100 2009\nUNCLASSIFIED\nEmbassy Sofia\n"


def test_a_cable_without_fault() -> None:
    made = parse(cable())
    assert (made.diagnostics, made.repairs, made.coverage) == ((), (), 1.0)


# ---- each code: a cable that raises it, one that does not, what its span holds ---------------------

CASES = {
    "CK201": (cable(line_12=""), cable(), ""),
    "CK202": (cable(labels="SUBJECT: ROSE OIL"), cable(labels="TAGS: ETRD\nSUBJECT: ROSE OIL"), ""),
    "CK203": (cable(labels="TAGS: ETRD"), cable(labels="TAGS: ETRD\nSUBJ: ROSE OIL"), ""),
    "CK204": (cable(body="1. (U) The roses are late."), cable(body="1. (U) The roses are late. QUILL"), ""),
    "CK205": (cable(header=NOTE), cable(header="This record is partial."), ""),
    "CK206": (cable(header=NOTE), cable(header="R 051218Z OCT 09\nFM AMEMBASSY SOFIA"), "SOFIA 000608"),
    "CK301": (
        cable(header=header(line_3="DE RUEHSF #0609/01 2781218")),
        cable(header=header(line_3="DE RUEHSF #7875/01 2781218"), line_12="UNCLAS SOFIA 017875"),
        "RUEHSF #0609/01 2781218",
    ),
    "CK302": (PUBLISHED.format(year="08") + cable(), PUBLISHED.format(year="09") + cable(), "SOFIA 000608"),
    "CK303": (
        cable(header=header(line_3="DE RUEHSF #0608/01 2781217")),
        cable(header=header(line_3="DE RUEHSF #0608/01 2791100")),
        "RUEHSF #0608/01 2781217",
    ),
    "CK304": (
        cable(header=header(line_2="RR RUEHAST RUEHBI")),
        cable(header=header(line_2="OO RUEHAST", line_5="O R 051218Z OCT 09")),
        "RR RUEHAST RUEHBI",
    ),
    "CK305": (
        cable(header=header(line_4="ZNY CCCCC ZZH")),
        cable(header=header(line_4="ZNY CCCCC ZZH"), line_12="C O N F I D E N T I A L SOFIA 000608"),
        "ZNY CCCCC ZZH",
    ),
    "CK306": (
        cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608", body=f"SOFIA 00000608 001.2 OF 003\n\n{BODY}"),
        cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608", body=f"SOFIA 00000608 001.2 OF 002\n\n{BODY}"),
        "SOFIA 00000608 001.2 OF 003",
    ),
    "CK307": (
        cable(body="1. (C) The roses are late.\n\nQUILL"),
        cable(body="1. (SBU) The roses are late.\n\nQUILL"),
        "(C)",
    ),
    "CK401": (
        cable(body="1. (U) The roses are late.\n\n3. (U) The oil is later.\n\nQUILL"),
        cable(body="1. (U) One.\n\n2a. (U) Two.\n\n2b. (U) Two.\n\n3. (U) Three.\n\nQUILL"),
        "3. (U) The oil is later.",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_a_disagreement_is_reported(code: str) -> None:
    odd, fine, at = CASES[code]
    found = [diagnostic for diagnostic in parse(odd).diagnostics if diagnostic.code == code]
    assert len(found) == 1
    assert found[0].severity == CODES[code].severity
    assert odd[found[0].span.start : found[0].span.end] == at
    assert code not in codes(parse(fine))


@pytest.mark.parametrize(
    ("odd", "code", "message", "likely"),
    [
        (CASES["CK301"][0], "CK301", "line 3 has serial 609, line 12 has 608", None),
        (CASES["CK302"][0], "CK302", "the publisher's 08SOFIA608 is not of 2009", "09SOFIA608"),
        (CASES["CK304"][0], "CK304", "line 2 states ROUTINE, line 5 PRIORITY", "PRIORITY"),
        (CASES["CK305"][0], "CK305", "line 4 warns of CONFIDENTIAL, line 12 says UNCLASSIFIED", None),
        (CASES["CK306"][0], "CK306", "the page break counts 3 sections, line 12 2", "3"),
        (CASES["CK307"][0], "CK307", "a portion is marked C, the cable is UNCLASSIFIED", None),
        (CASES["CK401"][0], "CK401", "paragraph 3 stands where 2 is due", "2"),
        (CASES["CK206"][0], "CK206", "nothing tells the year of SOFIA 000608", None),
    ],
)
def test_messages(odd: str, code: str, message: str, likely: str | None) -> None:
    (diagnostic,) = [diagnostic for diagnostic in parse(odd).diagnostics if diagnostic.code == code]
    assert (diagnostic.message, diagnostic.likely) == (message, likely)


# ---- what is no disagreement -----------------------------------------------------------------------

SUBJECT_C = "TAGS: ETRD\nSUBJECT: (C) ROSE OIL"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # filed on 1 January for a message of 31 December
        (cable(header=header(line_3="DE RUEHSF #0608 0010002", line_5="P 312358Z DEC 09")), []),
        (cable(header=header(line_3="DE RUEHSF #0608 3652358", line_5="P 010002Z JAN 10")), []),
        (cable(header=header(line_3="DE RUEHSF #0608")), []),
        (cable(header=header(line_4="ZNY QQQQQ ZZH")), []),
        (cable(header=header(line_4="ZNR EEEEE ZZH"), line_12="UNCLAS EFTO SOFIA 000608"), []),
        (cable(header=header(line_2=None)), []),
        (cable(header=header(line_2="OO RUEHAST", line_5="051218Z OCT 09")), []),
        (cable(captions="SENSITIVE", body="1. (SBU) The roses.\n\n2. (SBU/NF) The oil.\n\nQUILL"), []),
        (cable(labels=SUBJECT_C), ["CK307"]),
        (cable(line_12="S E C R E T SOFIA 000608", header=header(line_4="ZNY SSSSS ZZH"), labels=SUBJECT_C), []),
        (cable(body="(U) The roses are late.\n\nQUILL"), []),
        (cable(body="The roses are late.\n\nQUILL"), []),
        (cable(body="2. (U) The roses.\n\n3. (U) The oil.\n\nQUILL"), ["CK401"]),
        (cable(body="1. (U) The roses.\n\n1. (U) The oil.\n\n5. (U) Leaf.\n\nQUILL"), ["CK401"]),  # once is enough
        (cable(body=f"SOFIA 00000608 001.2 OF 003\n\n{BODY}"), ["CK306"]),  # line 12 names no sections
        (cable(header="", labels="", body="1. (U) The end."), ["CK202", "CK203", "CK206", "CK204"]),
    ],
)
def test_codes(text: str, expected: list[str]) -> None:
    assert codes(parse(text)) == expected


# ---- the list of codes -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_raised_somewhere(code: str, root: Path) -> None:
    build = root / "src" / "cablekit" / "build"
    sources = [path.read_text(encoding="utf-8") for path in build.glob("*.py") if path.name != "codes.py"]
    assert any(f'"{code}"' in source for source in sources)


def test_codes_are_in_order_and_said_in_words() -> None:
    assert list(CODES) == sorted(CODES)
    for code, (severity, title, _) in CODES.items():
        assert code.startswith("CK")
        assert code[2:].isdigit()
        assert severity in ("info", "warning", "error")
        assert title[0].isupper()
        assert not title.endswith(".")


def test_an_unknown_code_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        Reading(read_text("R")).note("CK999", Span(0, 1), "nothing")


@pytest.mark.parametrize("code", sorted(set(CODES) - set(CASES)))
def test_codes_of_other_parts_are_not_raised_by_a_cable_without_fault(code: str) -> None:
    assert code not in codes(parse(cable(labels=f"{LABELS}\nREF: ROME 12")))


def test_diagnostics_and_repairs_are_in_order_of_their_places() -> None:
    text = cable(
        header=header(
            line_2="RR RUEHAST", line_3="DE RUEHSF #0609 2781217", line_4="ZNY CCCCC ZZH", line_5="P 321218Z OCT 09"
        ),
        labels="TAGS: ETRD",
        body="¶1. (C) The roses are late.\n\n12. (C) The oil.\n\n¶3. (U) One.\n\n(U) The leaf.\n\n¶5. (U) The end.",
    )
    made = parse(text)
    assert [diagnostic.span for diagnostic in made.diagnostics] == sorted(one.span for one in made.diagnostics)
    assert [repair.span for repair in made.repairs] == sorted(one.span for one in made.repairs)
    assert len(made.diagnostics) > 5
    assert [repair.rule for repair in made.repairs] == ["dtg-from-station-line", "pilcrow-read-as-1", "number-lost"]
    for repair in made.repairs:
        assert text[repair.span.start : repair.span.end] == repair.as_written
