from __future__ import annotations

import contextlib
import operator
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.compile import compile_query
from cablekit.archive.language import read
from cablekit.archive.query import And, Dated, Is, Marked, Near, Node, Not, Or, Text, render
from cablekit.archive.receipt import ReceiptError
from cablekit.archive.receipt import read as read_receipt
from cablekit.archive.search import FACETS
from cablekit.archive.snippet import LENGTH, Finder, Portion
from cablekit.errors import ArchiveError, QueryError
from cablekit.model import Cable, Level, PortionMark
from tests.archive_files import made, record
from tests.make import cable, header
from tests.searching import combined, is_small, queries

PAGE = Path(__file__).resolve().parents[1] / "docs" / "search.md"


@pytest.fixture(scope="module")
def of_samples(samples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("archive") / "samples.db"
    cablekit.convert(samples, path)
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
    made(path, *map(record, texts))
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


# ---- any query against its meaning --------------------------------------------------------------------------------

FRUIT = ["apple", "plum", "cherry", "quince", "medlar", "damson", "sloe"]
LEVELS = [None, Level.UNCLASSIFIED, Level.CONFIDENTIAL, Level.SECRET]
MARKS = ["", "(U) ", "(C) ", "(C/NF) ", "(S) ", "(S/NF) ", "(S//REL TO GBR) "]
TAGS = ["ETRD", "BU", "PREL", "KCRM"]


@pytest.fixture(scope="module")
def of_fruit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    chance = Random(3)

    def invented(number: int) -> bytes:
        body = "\n\n".join(
            f"{at}. {chance.choice(MARKS)}{' '.join(chance.choices(FRUIT, k=chance.randint(1, 4)))} in {at} words."
            for at in range(1, chance.randint(2, 6))
        )
        labels = f"E.O. 12958: N/A\nTAGS: {', '.join(chance.sample(TAGS, 2))}\nSUBJECT: {chance.choice(FRUIT)} TREES"
        line_5 = f"P 051218Z OCT {chance.randint(5, 9):02d}"
        return cable(
            header=header(line_5=line_5), line_12=f"UNCLAS SOFIA {number:06d}", labels=labels, body=body
        ).encode()

    path = tmp_path_factory.mktemp("archive") / "fruit.db"
    made(path, *(record(invented(number)) for number in range(1, 81)))
    with Archive.open(path) as archive:
        yield archive


@dataclass
class Meaning:
    """What a query says of one cable, worked out without SQL. Words are in the text, the subject or the addressees."""

    cable: Cable

    def holds(self, node: Node, marks: tuple[Marked, ...] = ()) -> bool:
        match node:
            case And(items):
                own = tuple(item for item in items if isinstance(item, Marked))
                rest = [item for item in items if not isinstance(item, Marked)]
                words = any(isinstance(item, Text | Near) and not item.subject for item in rest)
                has_portion = not own or words or any(self.texts(own))
                return has_portion and all(self.holds(item, own or marks) for item in rest)
            case Or(items):
                return any(self.holds(item, marks) for item in items)
            case Not(item):
                return not self.holds(item, marks)
            case Marked():
                return any(self.texts((node,)))
            case Near(texts, distance):
                return any(self.near(text, texts, distance) for text in self.where(node.subject, marks))
            case Text(words, beginning, subject):
                pattern = rf"\b{words}" + ("" if beginning else r"\b")
                return any(re.search(pattern, text) for text in self.where(subject, marks))
            case Is("tag", value):
                return value in [tag.code for tag in self.cable.tags]
            case Dated(first, last):
                day = self.cable.header.dtg.utc.date()  # type: ignore[union-attr]
                return (first is None or first <= day) and (last is None or day <= last)
        raise TypeError(node)

    def texts(self, marks: tuple[Marked, ...]) -> list[str]:
        compare = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

        def has(portion: PortionMark | None, mark: Marked) -> bool:
            controls = [control.split()[0] for control in portion.controls] if portion else []
            if mark.level is None:
                is_level = bool(mark.controls) == (portion is not None)
            else:
                is_level = portion is not None and compare[mark.comparison](portion.level.rank, mark.level.rank)
            return is_level and set(mark.controls) <= set(controls)

        blocks = self.cable.paragraphs
        return [block.text.lower() for block in blocks if all(has(block.mark, mark) for mark in marks)]

    def where(self, subject: bool, marks: tuple[Marked, ...]) -> list[str]:
        title = self.cable.subject.text.lower() if self.cable.subject else ""
        if subject:
            return [title]
        if marks:
            return self.texts(marks)
        names = [one.name.lower() for one in (*self.cable.header.action, *self.cable.header.info)]
        return [*self.texts(()), title, *names]

    def near(self, text: str, texts: tuple[Text, ...], distance: int) -> bool:
        words = re.findall(r"\w+", text)
        first, second = ([at for at, word in enumerate(words) if word == one.words] for one in texts)
        return any(0 < abs(a - b) <= distance + 1 for a in first for b in second)


_fruit = st.sampled_from(FRUIT)
_portions = st.builds(
    Marked, st.sampled_from(["=", "<=", ">="]), st.sampled_from(LEVELS[1:]), st.sampled_from([(), ("NF",)])
)
_fruit_leaves = st.one_of(
    st.builds(Text, _fruit, st.just(False), st.booleans()),
    st.builds(Text, _fruit.map(lambda word: word[:3]), st.just(True)),
    st.builds(Near, st.permutations(FRUIT).map(lambda some: (Text(some[0]), Text(some[1]))), st.integers(0, 2)),
    st.builds(Is, st.just("tag"), st.sampled_from(TAGS)),
    st.integers(2005, 2009).map(lambda year: Dated(date(year, 1, 1), date(year, 12, 31))),
    _portions,
    st.sampled_from([Marked("=", None), Marked("=", None, ("NF",)), Marked("=", Level.SECRET, ("REL",))]),
)


@cache
def _cables(archive: Archive) -> list[Cable]:
    return [record.parse() for record in archive.records()]


@settings(max_examples=300)
@given(query=combined(_fruit_leaves))
def test_a_query_finds_what_it_says(query: Node, of_fruit: Archive) -> None:
    assume(is_small(query))
    found = {hit.mrn for hit in of_fruit.search(render(query), snippets=False)}
    meant = {str(cable.mrn) for cable in _cables(of_fruit) if Meaning(cable).holds(query)}
    assert found == meant
    assert of_fruit.count(render(query)) == len(meant)


# ---- any text -----------------------------------------------------------------------------------------------------

SQL = ["'", '"', ";", "--", "/*", "*/", "DROP TABLE words", "' OR 1=1 --", "\\", "%", "_", ":p1", "?1", "words", "NULL"]
FTS = ["{subject} :", "^apple", "NEAR(apple plum, 2)", "+", "apple*", "-subject :", '""', "'", "{", "}", ","]


@given(text=st.text(max_size=40) | st.lists(st.sampled_from([*SQL, *FTS, *FRUIT, "tag:", "mark:S"])).map(" ".join))
def test_any_text_is_answered_or_refused(text: str, of_fruit: Archive) -> None:
    before = of_fruit.count()
    for ask in (lambda: list(of_fruit.search(text, limit=3)), lambda: of_fruit.facets(text)):
        with contextlib.suppress(QueryError):
            ask()
    assert of_fruit.count() == before


@given(query=queries)
def test_any_query_is_answered(query: Node, of_fruit: Archive) -> None:
    assume(is_small(query))
    hits = list(of_fruit.search(render(query)))
    assert of_fruit.count(render(query)) == len(hits)


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(["apple"] + [f"word{number}" for number in range(499)]),
        "apple " + " ".join(f"-word{number}" for number in range(499)),
        " NEAR ".join(f"word{number}" for number in range(500)),
        "(" * 10 + "apple" + ")" * 10,
        "(a OR (b " * 4 + "-(c OR d)" + "))" * 4,
        "-(a OR -(b " * 2 + "-c" + "))" * 2,
        "a OR (tag:B -(c OR (tag:D -(e OR (tag:F -(g OR tag:H))))))",
        "mark:S (a OR mark:C (b OR mark:U (c OR (mark:>=C d))))",
        " ".join(f"tag:T{number}" for number in range(500)),
        " ".join(f"from:T{number}" for number in range(500)),
        " OR ".join(f"mrn:0{number % 10}A{number}*" for number in range(500)),
        " OR ".join(f"-date:{year}" for year in range(1500, 2000)),
        '"' + "a" * 9_998 + '"',
        "é" * 10_000,
    ],
    ids=range(14),
)
def test_the_largest_queries_are_answered(query: str, of_fruit: Archive) -> None:
    assert of_fruit.count(query) == len(list(of_fruit.search(query)))
    of_fruit.facets(query)


# ---- hits ---------------------------------------------------------------------------------------------------------


def test_a_hit(of_samples: Archive) -> None:
    (hit,) = of_samples.search("mark:S buoy anchor")
    assert (hit.mrn, hit.post, hit.classification, hit.section) == ("09WELLINGTON594", "WELLINGTON", "SECRET", None)
    assert hit.date == datetime(2009, 9, 21, 4, 6, tzinfo=UTC)
    assert hit.subject == "EXERCISE KELP LANTERN: WHO MAY MOVE A DEEP-OCEAN BUOY"
    assert hit.paragraphs == (1, 3, 5, 7)
    assert hit.score > 0
    assert hit.snippet
    assert "lift the [buoy] but not its [anchor]" in hit.snippet.marked("[", "]")
    assert str(hit.snippet) == hit.snippet.text == hit.snippet.marked("", "")
    assert str(hit) == f"09WELLINGTON594, 2009-09-21, SECRET: {hit.subject}"


def test_without_words_a_hit_shows_how_it_begins(of_samples: Archive) -> None:
    (hit,) = of_samples.search("mrn:09SUVA531")
    assert hit.snippet
    assert hit.snippet.text.startswith("The harbor master of Suva")
    assert (hit.paragraphs, hit.snippet.highlights, hit.score) == ((), (), 0)


def test_snippets_can_be_left_out(of_samples: Archive) -> None:
    (hit,) = of_samples.search("mark:S buoy", snippets=False)
    assert (hit.paragraphs, hit.snippet) == ((), None)


def test_words_of_the_subject_alone(of_samples: Archive) -> None:
    (hit,) = of_samples.search("subject:lantern from:SUVA")
    assert hit.paragraphs == ()


def test_the_snippet_is_where_most_words_stand() -> None:
    text = "apple " + "pear " * 100 + "apple and plum " + "pear " * 100
    archive_less = Finder(compile_query(read("apple OR plum")))
    found = archive_less.look([Portion(text, 1, None, ()), Portion("no fruit", 2, None, ())])
    assert found.paragraphs == (1,)
    assert found.snippet
    marked = found.snippet.marked("[", "]")
    assert "[apple] and [plum]" in marked
    assert marked.startswith("… pear")
    assert marked.endswith("pear …")
    assert len(found.snippet.text) <= LENGTH + 4


_pieces = st.sampled_from([*"ab \n.é\0\x02\x03", "apple ", "plum, "])


@given(
    texts=st.lists(st.lists(_pieces, max_size=100).map("".join), max_size=4),
    query=st.sampled_from(["apple", "apple plum", '"apple plum"', "apple NEAR/3 plum", "ap*", "e", "-apple"]),
)
def test_highlights_are_words_that_were_asked_for(texts: list[str], query: str) -> None:
    found = Finder(compile_query(read(query))).look([Portion(text, at, None, ()) for at, text in enumerate(texts)])
    if found.snippet is None:
        assert not texts
        return
    assert set(found.paragraphs) <= set(range(len(texts)))
    for begin, end in found.snippet.highlights:
        words = re.findall(r"\w+", found.snippet.text[begin:end])
        assert words
        assert all(word in ("apple", "plum", "é", "e") or word.startswith("ap") for word in words)
    assert bool(found.snippet.highlights) == bool(found.paragraphs)


def test_order(of_samples: Archive) -> None:
    def ids(**options: Any) -> list[str | None]:
        return [hit.mrn for hit in of_samples.search("harbor", **options)]

    best = [hit.score for hit in of_samples.search("harbor")]
    assert best == sorted(best, reverse=True)
    dates = [hit.date for hit in of_samples.search("harbor", sort="date")]
    assert dates == sorted(dates)  # type: ignore[type-var]
    assert ids(sort="-date") == ids(sort="date")[::-1]
    assert ids(sort="mrn") == sorted(ids())  # type: ignore[type-var]
    assert ids(limit=2) == ids()[:2]
    assert ids(limit=2, offset=1) == ids()[1:3]
    assert ids(limit=0) == []
    # Without a date or a number they come last.
    assert [hit.date for hit in of_samples.search("")][-1] is None
    assert [hit.date for hit in of_samples.search("", sort="-date")][-1] is None


def test_searches_can_be_read_at_the_same_time(of_samples: Archive) -> None:
    first, second = of_samples.search("mark:S/NF buoy OR harbor"), of_samples.search("mark:C/NF crane OR harbor")
    pairs = [(next(first).mrn, next(second).mrn) for _ in range(3)]
    assert pairs == list(
        zip(
            [hit.mrn for hit in of_samples.search("mark:S/NF buoy OR harbor", limit=3)],
            [hit.mrn for hit in of_samples.search("mark:C/NF crane OR harbor", limit=3)],
            strict=True,
        )
    )


def test_facets(of_samples: Archive) -> None:
    assert of_samples.facets("harbor") == {
        "year": {"1966": 1, "1975": 1, "1988": 1, "2007": 1, "2008": 3, "2009": 1},
        "post": {"LAGOS": 2, "JAKARTA": 1, "MONTEVIDEO": 1, "MUSCAT": 1, "SINGAPORE": 1, "STATE": 1, "SUVA": 1},
        "classification": {
            "CONFIDENTIAL": 3,
            "SENSITIVE BUT UNCLASSIFIED": 3,
            "LIMITED OFFICIAL USE": 1,
            "UNCLASSIFIED": 1,
        },
        "tag": of_samples.facets("harbor")["tag"],
        "caption": {"SIPDIS": 5, "SENSITIVE": 3, "CORRECTED COPY": 1, "EXDIS": 1},
    }
    assert of_samples.facets("nosuchword") == {facet: {} for facet in FACETS}
    undated = of_samples.facets("post:NASSAU")
    assert undated["year"] == {"none": 1}


@pytest.mark.parametrize("editions", [False, True])
def test_all_ways_of_counting_facets_agree(editions: bool, of_editions: Archive) -> None:
    everything = of_editions.facets(editions=editions)
    assert everything == of_editions.facets("apple OR -apple", editions=editions)
    words = of_editions.facets("-nosuchword", editions=editions)
    assert everything == words
    halves = [of_editions.facets(query, editions=editions) for query in ("plum", "-plum")]
    for name in FACETS:
        added = Counter(halves[0][name]) + Counter(halves[1][name])
        assert added == everything[name]


@pytest.fixture(scope="module")
def of_editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Two cables, the first of them in three editions."""
    path = tmp_path_factory.mktemp("archive") / "editions.db"
    bodies = ["1. (U) Apple.", "1. (U) Apple and plum, to the full length.", "1. (U) Appl", "1. (U) Quince, apple."]
    lines = ["UNCLAS SOFIA 000608"] * 3 + ["UNCLAS SOFIA 000609"]
    texts = [cable(line_12=line, body=body).encode() for line, body in zip(lines, bodies, strict=True)]
    made(path, *map(record, texts))
    with Archive.open(path) as archive:
        yield archive


def test_of_editions_the_preferred_one_is_found(of_editions: Archive) -> None:
    assert [hit.mrn for hit in of_editions.search("apple", sort="mrn")] == ["09SOFIA608", "09SOFIA609"]
    assert of_editions.count("apple") == 2
    assert of_editions.count("plum") == 1
    assert of_editions.count("appl") == 0
    assert of_editions.count("tag:BU") == 2
    assert of_editions.count("apple", editions=True) == 3
    assert of_editions.count("appl", editions=True) == 1
    assert of_editions.count("tag:BU", editions=True) == 4
    assert of_editions.count() == 4


def test_one_cable_only_is_held(of_fruit: Archive) -> None:
    hits = of_fruit.search("")
    assert next(hits).id
    assert iter(hits) is hits


def test_a_query_is_refused_before_the_first_hit(of_fruit: Archive) -> None:
    with pytest.raises(QueryError):
        of_fruit.search("(")


def test_a_damaged_archive_is_said_to_be_so(of_fruit: Archive, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(of_fruit.path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE reading SET data = x'00'")
    with Archive.open(path) as archive:
        assert len(list(archive.search("", snippets=False))) == 80
        with pytest.raises(ArchiveError, match=r"damaged\.db"):
            list(archive.search("apple"))
        with pytest.raises(ArchiveError, match=r"damaged\.db"):
            archive.count("mark:S/NF apple")


# ---- receipts -----------------------------------------------------------------------------------------------------


def test_the_same_search_gives_the_same_receipt(of_fruit: Archive) -> None:
    receipt = of_fruit.receipt("apple")
    assert receipt == of_fruit.receipt("apple") == read_receipt(receipt.model_dump_json().encode())
    assert (receipt.query, receipt.count, receipt.archive) == ("apple", of_fruit.count("apple"), of_fruit.fingerprint)
    digests = [of_fruit.record(hit.id).sha256 for hit in of_fruit.search("apple")]
    assert receipt.results == sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()
    assert receipt.differences(of_fruit.receipt("apple")) == ()


def test_what_differs_from_a_receipt(of_fruit: Archive, of_marks: Archive) -> None:
    receipt = of_fruit.receipt("apple")
    other = receipt.differences(of_marks.receipt("apple"))
    assert [difference.split(":")[0] for difference in other] == [
        "the archive is another",
        f"2 cables are found, in the receipt {receipt.count}",
    ]
    assert receipt.differences(of_fruit.receipt("apple", sort="date")) == (
        "as many cables are found, but others or in another order",
    )
    older = receipt.model_copy(update={"cablekit": "0.0.1"})
    assert older.differences(receipt) == ()
    assert older.differences(of_fruit.receipt("plum"))[-1].startswith("the receipt is of cablekit 0.0.1, this is ")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"receipt": 2}', b"\xff"])
def test_what_is_no_receipt(data: bytes) -> None:
    with pytest.raises(ReceiptError, match="is not a receipt"):
        read_receipt(data)
