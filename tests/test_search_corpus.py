"""Searching real cables. Only identifiers and single words stand here; the cables are read where they lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cablekit.archive.archive import Archive
from tests.archive_files import made, record
from tests.test_search import FORMS

FOUND = [
    ("trafficking persons", "09STATE41489"),
    ("piracy OR pirates", "03BRASILIA698 06MEXICO2220 07NAPLES118 09MALABO48"),
    ("iceland -reykjavik", "06ZAGREB815 09MONTREAL80 10BERLIN8"),
    ("human NOT (rights OR trafficking)", "06REYKJAVIK357 07BUJUMBURA798 09MOSCOW2932"),
    ("(whaling OR fisheries) iceland", "09REYKJAVIK37"),
    ("human AND trafficking", "09STATE41489 10ATHENS59"),
    ('"human trafficking"', "10ATHENS59"),
    ('"human traffick"*', "10ATHENS59"),
    ("pirat*", "03BRASILIA698 06MEXICO2220 06TOKYO3567 07NAPLES118 09STOCKHOLM569"),
    ("human NEAR/3 trafficking", "10ATHENS59"),
    ("human NEAR trafficking", "10ATHENS59"),
    ("“human trafficking”", "10ATHENS59"),
    ("24/7", ""),
    ("non-proliferation OR nonproliferation", "08ASTANA54 08STATE43817 09AITTAIPEI975 09ROME358 10SANTIAGO49"),
    ("iceland's \"whaling", "09REYKJAVIK37"),
    ("mrn:06REYKJAVIK308", "06REYKJAVIK308"),
    ('mrn:"2006 Reykjavik 000308"', "06REYKJAVIK308"),
    ("mrn:06R*", "06REYKJAVIK308 06REYKJAVIK357"),
    ("from:REYKJAVIK", "06REYKJAVIK308 06REYKJAVIK357 09REYKJAVIK37"),
    ("to:STATE before:2000", "72TEHRAN1381 72TEHRAN4789 73TEHRAN7005 85BEIRUT1725"),
    ("info:USCENTCOM*", "08BISHKEK1021"),
    ('info:"EUROPEAN POLITICAL COLLECTIVE" before:2007-06', "06REYKJAVIK308 06REYKJAVIK357 06ZAGREB815"),
    ("post:(BISHKEK OR TASHKENT)", "08BISHKEK1021"),
    ("tag:UNHRC", "06REYKJAVIK308"),
    ("tag:KW*", "06JERUSALEM4511 08SANTIAGO1115"),
    ("tag:(PHUM UNHRC)", "06REYKJAVIK308"),
    ("class:<=SBU before:2003", "00THEHAGUE1695 02VATICAN819 72TEHRAN1381 72TEHRAN4789 73TEHRAN7005 85BEIRUT1725"),
    (
        "class:SBU iceland",
        "06REYKJAVIK308 06REYKJAVIK357 06ZAGREB815 07STATE18563 09DJIBOUTI655 09MONTREAL80 09REYKJAVIK37",
    ),
    ("class:>SBU", ""),
    ("caption:CODEL", "07KUWAIT624"),
    ("eo:12356", "85BEIRUT1725"),
    ("signed:WEINROD", "08USNATO274 08USNATO275"),
    ("signed:VAN*", "06REYKJAVIK308 06REYKJAVIK357 09REYKJAVIK37"),
    ("ref:06REYKJAVIK226", "06REYKJAVIK308"),
    ("ref:05SANJOSE2731", "05SANJOSE2794"),
    ("refs:05SANJOSE2794", "05SANJOSE2731"),
    ("date:2007-12..2008-02", "07TRIPOLI1065 08ASTANA54 08MONTEVIDEO34 08PARIS137 08RIODEJANEIRO19 08STATE3800"),
    ("1985..2000", "00THEHAGUE1695 85BEIRUT1725"),
    ("date:2008-08-08", "08USNATO274 08USNATO275"),
    ("after:2010-02-20", "10MEXICO690 10MONTERREY66 10SANTIAGO49 10STATE16219"),
    ("before:1986", "72TEHRAN1381 72TEHRAN4789 73TEHRAN7005 85BEIRUT1725"),
    ("mark:SBU whaling", "09REYKJAVIK37"),
    ("mark:U/FOUO", ""),
    ("mark:U iceland", "06REYKJAVIK357 07STATE18563 09GENEVA203 09STATE17176"),
    ("mark:none iceland", "06ZAGREB815 09DJIBOUTI655 10BERLIN8"),
    ("layout:B before:2008", "07NEWDELHI4272 73TEHRAN7005 85BEIRUT1725"),
    ("layout:D", "72TEHRAN1381 72TEHRAN4789"),
    ("has:table", "05SANJOSE2731 05SANJOSE2794 05SANJOSE2815 06BOGOTA405"),
    ("has:signature before:2001", "00THEHAGUE1695 72TEHRAN1381 72TEHRAN4789 73TEHRAN7005 85BEIRUT1725"),
    ("subject:iceland tag:PREL", "06REYKJAVIK308 06REYKJAVIK357 09STATE17176"),
    ('subject:(iceland OR "costa rica") before:2006', "05SANJOSE2731 05SANJOSE2794 05SANJOSE2815"),
    ("has:action_request 2009..2010", "09NASSAU126 09STOCKHOLM569 10STATE16219"),
    ("coverage:<0.98", ""),
    ("coverage:>=0.98 layout:D", "72TEHRAN1381 72TEHRAN4789"),
    (
        "diagnostic:CK402 2008..2008",
        "08HELSINKI374 08MONTEVIDEO34 08MOSCOW2428 08STATE87776 08USUNNEWYORK720 08VILNIUS668",
    ),
    ("diagnostic:CK1*", "08MOSCOW2428 09SANJOSE525"),
]


@pytest.fixture(scope="module")
def archive(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("archive") / "corpus.db"
    made(path, *(record(file.read_bytes(), file.name) for file in sorted((corpus / "cablegate-txt").glob("*.txt"))))
    with Archive.open(path) as opened:
        yield opened


@pytest.mark.parametrize(("query", "ids"), FOUND, ids=[query for query, _ in FOUND])
def test_what_is_found(query: str, ids: str, archive: Archive) -> None:
    assert [hit.mrn for hit in archive.search(query, sort="mrn")] == ids.split()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_asked(form: str) -> None:
    assert any(form in query for query, _ in FOUND)
    assert len(FOUND) >= 40


def fields(gold: dict[str, Any]) -> Iterator[str]:
    """Write the fields of a cable that was read by hand as queries."""
    yield from (f'tag:"{code}"' for code in gold["tags"])
    yield from (f"caption:{name}" for name in gold["captions"])
    yield from (f'to:"{addressee["name"]}"' for addressee in gold["action"])
    yield from (f'mark:"{part["mark"]}"' for part in gold["paragraphs"] if part["mark"])
    for name, value in (("from", gold["from"]), ("subject", gold["subject"]), ("signed", gold["signature"])):
        if value:
            yield f'{name}:"{value}"'
    if gold["dtg"]:
        yield f"date:{gold['dtg'][:10]}"


def test_cables_are_found_by_what_was_read_in_them_by_hand(archive: Archive, corpus: Path) -> None:
    checked = [json.loads(line) for line in (corpus / "GOLD.jsonl").read_text(encoding="utf-8").splitlines()]
    missing = [
        (gold["reference_id"], field)
        for gold in checked
        for field in fields(gold)
        if archive.count(f"mrn:{gold['reference_id']} {field}") != 1
    ]
    assert missing == []
    assert sum(len(list(fields(gold))) for gold in checked) > 400


def test_no_other_cable_is_found_by_its_tags(archive: Archive, corpus: Path) -> None:
    checked = [json.loads(line) for line in (corpus / "GOLD.jsonl").read_text(encoding="utf-8").splitlines()]
    codes = {code for gold in checked for code in gold["tags"]}
    # The publisher's identifier of a cable may be another than its own number.
    own = {gold["reference_id"]: next(archive.search(f"mrn:{gold['reference_id']}")).mrn for gold in checked}
    for code in sorted(codes):
        found = {hit.mrn for hit in archive.search(f'tag:"{code}"', snippets=False)}
        for gold in checked:
            assert (own[gold["reference_id"]] in found) == (code in gold["tags"]), (code, gold["reference_id"])
