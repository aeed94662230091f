from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cablekit.archive.archive import Archive
from cablekit.archive.compile import compile_query
from cablekit.archive.language import read
from cablekit.archive.query import Node, render
from cablekit.archive.receipt import Receipt, ReceiptError
from cablekit.archive.receipt import read as read_receipt
from cablekit.errors import ArchiveError, QueryError
from tests.make import cable, header
from tests.searching import fill, queries

PAGE = Path(__file__).resolve().parents[1] / "docs" / "search.md"


@pytest.fixture(scope="module")
def of_samples(samples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("archive") / "samples.db"
    fill(path, ((sample.name, sample.read_bytes()) for sample in samples))
    with Archive.open(path) as archive:
        yield archive


def rows() -> list[tuple[str, list[str]]]:
    """Return the examples of the page, each with what it finds."""
    table = PAGE.read_text(encoding="utf-8").partition("## Examples")[2]
    found = re.findall(r"^\| `(.+)` \| (.+) \|$", table, re.MULTILINE)
    return [(query, [] if ids == "nothing" else ids.split()) for query, ids in found]


@pytest.mark.parametrize(("query", "ids"), rows())
def test_the_examples_find_what_the_page_says(query: str, ids: list[str], of_samples: Archive) -> None:
    assert [hit.mrn for hit in of_samples.search(query, sort="mrn")] == ids
    assert of_samples.count(query) == len(ids)
    facets = of_samples.facets(query)
    assert [sum(facets[name].values()) for name in ("year", "post", "classification")] == [len(ids)] * 3


FORMS = (
    *("AND", "OR", "NOT", "NEAR/", "NEAR ", '"', "“", "*", '"*', " -", "(", "-", "'", "/", ".."),
    *("mrn:", "from:", "to:", "info:", "post:", "tag:", "subject:", "class:", "class:<=", "caption:", "eo:", "signed:"),
    *("ref:", "refs:", "date:", "after:", "before:", "mark:", "layout:", "has:table", "coverage:<0.9", "diagnostic:CK"),
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_among_the_examples(form: str) -> None:
    assert any(form in query for query, _ in rows())
    assert len(rows()) >= 40


# ---- marks --------------------------------------------------------------------------------------------------------

BODY = """
1. (S) Apple and plum.

2. (S/NF) Apple and cherry.

3. (C) Plum and quince.

4. (U) Medlar.

5. (S//REL TO GBR) Damson and sloe.
"""
# The same words, most of them Confidential, so that they are in other columns of the index.
OTHER = """
1. (C) Apple and plum. It is a long paragraph about apples and plums, longer than all the others of this cable.

2. (S/NF) Apple and cherry.

3. (C/NF) Plum and quince.
"""


@pytest.fixture(scope="module")
def of_marks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("archive") / "marks.db"
    texts = [cable(body=BODY), cable(body=OTHER, line_12="S E C R E T BISHKEK 000095")]
    fill(path, ((f"{number}.txt", text.encode()) for number, text in enumerate(texts, 1)))
    with Archive.open(path) as archive:
        yield archive


@pytest.mark.parametrize(
    ("query", "paragraphs"),
    [
        ("apple", {1: (1, 2), 2: (1, 2)}),
        ("mark:S apple", {1: (1, 2), 2: (2,)}),
        ("mark:S plum", {1: (1,)}),
        ("mark:C plum", {1: (3,), 2: (1, 3)}),
        ("mark:C (plum OR quince)", {1: (3,), 2: (1, 3)}),
        ("mark:>=C quince", {1: (3,), 2: (3,)}),
        ("mark:<=C plum", {1: (3,), 2: (1, 3)}),
        ("mark:U medlar", {1: (4,)}),
        ("mark:U apple", {}),
        ("mark:S/NF apple", {1: (2,), 2: (2,)}),
        ("mark:S/NF plum", {}),
        ("mark:NF plum", {2: (3,)}),
        ("mark:NF (plum OR cherry)", {1: (2,), 2: (2, 3)}),
        ("mark:NF (plum cherry)", {2: (2, 3)}),
        ("mark:NF cherry -plum", {1: (2,)}),
        ("mark:S/REL damson", {1: (5,)}),
        ("mark:S/REL apple", {}),
        ("mark:S/GBR damson", {}),
        ("mark:>=S mark:NF apple", {1: (2,), 2: (2,)}),
        ("mark:S plum OR mark:C quince", {1: (1, 3), 2: (3,)}),
        ("(mark:S plum) (mark:C plum)", {1: (1, 3)}),
        ("(mark:S/NF apple) (mark:C plum)", {1: (2, 3), 2: (1, 2, 3)}),
        ("-(mark:S/NF damson) apple", {1: (1, 2), 2: (1, 2)}),
        ("-(mark:S plum) apple", {2: (1, 2)}),
        ("mark:S apple -plum", {2: (2,)}),
        ("mark:S apple subject:steel", {}),
        ("mark:S apple tag:ZZ", {}),
        ("mark:S/REL", {1: ()}),
        ("mark:S/REL OR medlar", {1: (4,)}),
        ("mark:NONE", {}),
        ("mark:S (apple NEAR/1 plum)", {1: (1,)}),
        ('mark:S "apple and cherry"', {1: (2,), 2: (2,)}),
        ("mark:S (plum OR tag:KCRM)", {1: (1,)}),
    ],
)
def test_words_in_portions(query: str, paragraphs: dict[int, tuple[int, ...]], of_marks: Archive) -> None:
    assert {hit.id: hit.paragraphs for hit in of_marks.search(query)} == paragraphs
    assert of_marks.count(query) == len(paragraphs)
    assert sum(of_marks.facets(query)["post"].values()) == len(paragraphs)
