from __future__ import annotations

import doctest
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.errors import CablekitError
from cablekit.model import Precedence
from cablekit.vocabulary import (
    attributes,
    captions,
    classifications,
    collectives,
    documents,
    eo_codes,
    orders,
    posts,
    precedences,
    stamps,
    table,
    tags,
)

TABLES = {
    "attributes.csv": attributes,
    "captions.csv": captions,
    "classification.csv": classifications,
    "collectives.csv": collectives,
    "eo.csv": orders,
    "eo_codes.csv": eo_codes,
    "posts.csv": posts,
    "posts_1973.csv": documents,
    "precedence.csv": precedences,
    "stamps.csv": stamps,
    "tags.csv": tags,
}


def key(post: posts.Post | None) -> str | None:
    return post and post.post


def keys(found: tuple[posts.Post, ...]) -> list[str]:
    return [post.post for post in found]


# The tables


@pytest.mark.parametrize("name", TABLES)
def test_every_record_is_a_row_with_a_source(name: str) -> None:
    text = (Path(table.__file__).parent / name).read_text(encoding="utf-8")
    rows = TABLES[name].all()
    assert len(rows) == len(text.splitlines()) - 1
    assert all(row.source for row in rows)


def test_every_table_has_a_module() -> None:
    assert {path.name for path in Path(table.__file__).parent.glob("*.csv")} == {*TABLES, "tag_misspellings.csv"}


def test_importing_reads_no_table() -> None:
    program = """
from cablekit.vocabulary import captions, classifications, orders, posts, precedences, tags
modules = captions, classifications, orders, posts, precedences, tags
print([module.all.cache_info().currsize for module in modules])
posts.find("BISHKEK"), posts.find("PARIS"), tags.find("PREL"), tags.find("KG")
print([module.all.cache_info().misses for module in modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[0, 0, 0, 0, 0, 0]", "[0, 0, 0, 1, 0, 1]"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,b,source", "1,2"], "t.csv, line 2: not 3 fields"),
        (["a,b,source", "1,2,book", "1,2,3,book"], "t.csv, line 3: not 3 fields"),
        (["a,b,source", "1,2,"], "t.csv, line 2: no source"),
        (["a,c,source", "1,2,book"], "t.csv, line 2: no column 'b'"),
        (["a,b,source", '1,"two', 'lines",book', "1,x,book"], "t.csv, line 3: invalid literal for int()"),
        (["a,b,source", '1,2,"book'], "t.csv, line 2: unexpected end of data"),
        (["a,b", "1,2"], "t.csv, line 2: no column 'source'"),
    ],
)
def test_a_malformed_row_is_named(lines: list[str], message: str) -> None:
    with pytest.raises(table.TableError) as caught:
        table.rows("t.csv", (f"{line}\n" for line in lines), lambda record: int(record["b"]))
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, CablekitError)


@pytest.mark.parametrize(
    ("build", "record", "message"),
    [
        (posts._build, {"post": "CAPE TOWN"}, "'CAPE TOWN' is not in capitals"),
        (tags._build, {"code": "PREL", "kind": "subjekt"}, "'subjekt' is no kind"),
        (tags._build, {"code": "P", "kind": "subject"}, "'P' is too short"),
        (orders._build, {"executive_order": "12958", "valid_from": "October 1995"}, "Invalid isoformat"),
        (
            precedences._build,
            dict.fromkeys(("prosign", "doubled_form", "word", "other_written_forms", "rank"), ""),
            "int",
        ),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    build: Callable[[dict[str, str]], object], record: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        build(record)


@pytest.mark.parametrize(
    ("written", "squeezed"),
    [
        ("Cape Town", "CAPETOWN"),
        ("PORT-AU-PRINCE", "PORTAUPRINCE"),
        ("São Paulo", "SAOPAULO"),
        ("N'Djaména.", "NDJAMENA"),
        ("  T O P  S E C R E T ", "TOPSECRET"),
        ("G-77", "G77"),
        ("東京", "東京"),
        ("--", ""),
    ],
)
def test_squeeze(written: str, squeezed: str) -> None:
    assert table.squeeze(written) == squeezed


# Posts


def test_posts_are_sorted_and_their_keys_differ() -> None:
    found = keys(posts.all())
    assert found == sorted(set(found))


@pytest.mark.parametrize("post", posts.all(), ids=lambda post: post.post)
def test_every_form_leads_to_its_post(post: posts.Post) -> None:
    assert posts.find(post.post) == post
    assert post in posts.by_routing_indicator(post.routing_indicator or "") or post.routing_indicator is None
    for form in filter(None, (post.plad, post.display_name, *post.aliases)):
        assert post in posts.candidates(form)
        if len(posts.candidates(form)) == 1:
            assert posts.find(form) == post
    if post.geographic_tag:
        tag = tags.find(post.geographic_tag)
        assert tag is not None
        assert tag.kind == "geographic"


@pytest.mark.parametrize(
    ("name", "post"),
    [
        ("BISHKEK", "BISHKEK"),
        ("Bishkek", "BISHKEK"),
        ("CAPE TOWN", "CAPETOWN"),
        ("  cape\ttown ", "CAPETOWN"),
        ("AMEMBASSY THE HAGUE", "THEHAGUE"),
        ("Embassy The Hague", "THEHAGUE"),
        ("THEHA", "THEHAGUE"),
        ("São Paulo", "SAOPAULO"),
        ("PORT-AU-PRINCE", "PORTAUPRINCE"),
        ("Secretary of State", "STATE"),
        ("SECSTATE WASHDC", "STATE"),
        ("STAT", "STATE"),
        ("PEKING", "BEIJING"),
        ("Iran RPO Dubai", "IRANRPODUBAI"),
        ("USUN", "USUNNEWYORK"),
        # No source has these designators, but the city has one post only.
        ("AMCONSUL KRAKOW", "KRAKOW"),
        ("AMEMBASSY APIA", "APIA"),
        ("AMCONSUL BELGRADE", "BELGRADE"),
        # A key is worth more than another post's alias or designator.
        ("PARISFR", "PARISFR"),
        ("AIT TAIPEI", "AITTAIPEI"),
        ("Brussels", "BRUSSELS"),
        # Two posts, nothing decides.
        ("USMISSION UNESCO PARIS", None),
        ("American Institute Taiwan, Taipei", None),
        # No posts.
        ("THEHA (1973-79)", None),
        ("EFTO", None),
        ("USMISSION BERLIN", None),
        ("AMEMBASSY USOSCE", None),
        ("CAPE TOWN 2", None),
        ("", None),
        (" - ", None),
        ("BISHKEK" + " " * 1_000_000, None),
    ],
)
def test_find_a_post(name: str, post: str | None) -> None:
    assert key(posts.find(name)) == post


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("BISHKEK", ["BISHKEK"]),
        ("PARISFR", ["PARISFR", "UNESCOPARISFR"]),
        ("AIT TAIPEI", ["AITTAIPEI", "TAIPEI"]),
        ("usmission unesco paris", ["PARISFR", "UNESCOPARISFR"]),
        ("NOWHERE", []),
        ("X" * 1_000_000, []),
    ],
)
def test_candidates(name: str, found: list[str]) -> None:
    assert keys(posts.candidates(name)) == found


def test_a_post_in_full() -> None:
    post = posts.find("The Hague")
    assert post == posts.Post(
        post="THEHAGUE",
        display_name="Embassy The Hague",
        country="Netherlands",
        iso_3166_1_alpha_2="NL",
        routing_indicator="RUEHTC",
        geographic_tag="NL",
        plad="AMEMBASSY THE HAGUE",
        spellings=(table.Alias("HAGUE"), table.Alias("THEHA", "1973-79")),
        source="RI: DE line, 1 cables; name: Cablegate origin; country: cablemap",
    )
    assert post.aliases == ("HAGUE", "THEHA")


def test_what_no_source_tells_is_none() -> None:
    post = posts.find("LENINGRAD")
    assert post is not None
    assert (post.display_name, post.routing_indicator, post.plad, post.spellings) == (None, None, None, ())


@pytest.mark.parametrize(
    ("routing_indicator", "found"),
    [
        ("RUEHEK", ["BISHKEK"]),
        ("ruehek", ["BISHKEK"]),
        ("RUEHBS", ["BRUSSELS", "USEUBRUSSELS"]),
        ("RUEHTA", ["ALMATY", "ASTANA"]),
        ("RUEHWEB", []),
        ("", []),
    ],
)
def test_posts_by_routing_indicator(routing_indicator: str, found: list[str]) -> None:
    assert keys(posts.by_routing_indicator(routing_indicator)) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("NDJAENA", ["NDJAMENA"]),  # a letter missing
        ("KAMPAALA", ["KAMPALA"]),  # one too much
        ("KAMPULA", ["KAMPALA"]),  # one wrong
        ("KAPMALA", ["KAMPALA"]),  # two swapped
        ("AKMPALA", ["KAMPALA"]),
        ("KAMPAAL", ["KAMPALA"]),
        ("ENEVA", ["GENEVA"]),  # the first one lost
        ("GENEV", ["GENEVA"]),  # the last one lost
        ("JGENEVA", ["GENEVA"]),
        ("COTON0U", ["COTONOU"]),
        ("QRIPOLI", ["TRIPOLI"]),
        ("BRUSSQLS", ["BRUSSELS"]),
        ("QRIPQLI", ["TRIPOLI"]),  # Q stands for any letter, as often as it comes
        ("QRIPLI", ["TRIPOLI"]),  # and one more fault besides
        ("QRIPOLX", ["TRIPOLI"]),
        ("XRIPOLQ", ["TRIPOLI"]),
        ("TXIPQLI", ["TRIPOLI"]),
        ("QMAPALA", ["KAMPALA"]),
        ("KQPMLAA", []),  # but no two
        ("SUNN", ["USUNNEWYORK"]),  # by an alias
        ("oslO.", []),
        ("LMA", ["LIMA"]),
        ("DAX", []),  # aliases such as DAR have too little left to compare
        ("HL", []),
        ("TRIPOLI", []),  # what the name stands for is left out: TRIPOLII is the same post
        ("BRASILA", []),
        ("KAMP", []),
        ("KAMPLAAA", []),
        ("NOWHERE", []),
        ("", []),
        ("Q" * 1_000_000, []),
    ],
)
def test_posts_near_a_name(name: str, found: list[str]) -> None:
    assert keys(posts.near(name)) == found


@given(
    st.sampled_from([post.post for post in posts.all() if len(post.post) > 4]),
    st.integers(0, 30),
    st.sampled_from("ABCXYZQ"),
    st.sampled_from(["wrong", "missing", "too much", "swapped"]),
)
def test_one_fault_is_near(name: str, place: int, letter: str, fault: str) -> None:
    at = place % len(name)
    before, rest = name[:at], name[at:]
    damaged = {
        "wrong": before + letter + rest[1:],
        "missing": before + rest[1:],
        "too much": before + letter + rest,
        "swapped": before + rest[:2][::-1] + rest[2:],
    }[fault]
    meant = posts.find(name)
    assert meant in posts.near(damaged) or meant in posts.candidates(damaged)


@given(st.text(max_size=12))
def test_any_name_is_answered(name: str) -> None:
    found, near = posts.candidates(name), posts.near(name)
    assert posts.find(name) in (None, *found)
    assert not set(found) & set(near)
    assert tags.find(name) in (None, *tags.entries(name))
    assert captions.find(name) in (None, *captions.all())


# TAGS


def test_codes_have_kinds_that_fit() -> None:
    for entry in tags.all():
        if entry.kind == "subject":
            assert len(entry.code) == 4
        elif entry.kind == "geographic":
            assert len(entry.code) == 2
        elif entry.kind == "program":
            assert len(entry.code) == 4
            assert entry.code.startswith("K")
        assert entry in tags.entries(entry.code)
        assert entry in tags.entries(entry.code.lower())
    assert Counter(entry.kind for entry in tags.all()) == {
        "subject": 177,
        "geographic": 331,
        "program": 115,
        "organization": 653,
        "unknown": 1,
    }


@pytest.mark.parametrize(
    ("code", "kind", "name", "in_1974"),
    [
        ("PREL", "subject", "External Political Relations", None),
        ("prel", "subject", "External Political Relations", None),
        ("ABLD", "subject", "Building and Grounds", "Buildings"),
        ("KG", "geographic", "Kyrgyzstan", None),
        ("CG", "geographic", "Congo (Kinshasa)", "Zaire"),
        ("VC", "geographic", "Saint Vincent and the Grenadines", "St. Vincent"),
        ("KCRM", "program", "Criminal Activity", None),
        ("KAWK", "program", None, None),
        ("INRB", "unknown", None, None),
        ("UN", "organization", "United Nations", None),
    ],
)
def test_find_a_code(code: str, kind: str, name: str | None, in_1974: str | None) -> None:
    entry = tags.find(code)
    assert entry is not None
    assert (entry.kind, entry.name, entry.in_1974) == (kind, name, in_1974)


@pytest.mark.parametrize("code", ["UNGA/C-3", "AFL-CIO", "G-77", "EL AL", "el  al", "AT&T", "Alitalia", "ALITALIA"])
def test_find_an_organization(code: str) -> None:
    entry = tags.find(code)
    assert entry is not None
    assert entry.kind == "organization"


@pytest.mark.parametrize("code", ["", " ", "RX1", "PRE", "PRELX", "EL_AL", "PREL PGOV"])
def test_no_code(code: str) -> None:
    assert tags.find(code) is None
    assert tags.entries(code) == ()


@pytest.mark.parametrize("code", ["EC", "LO", "BP", "VC"])
def test_a_code_with_two_meanings(code: str) -> None:
    assert [entry.kind for entry in tags.entries(code)] == ["geographic", "organization"]
    assert tags.find(code) == tags.entries(code)[0]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("EINDETRD", ("EIND", "ETRD")),
        ("eindetrd", ("EIND", "ETRD")),
        ("PRELKG", ("PREL", "KG")),
        ("KGPREL", ("KG", "PREL")),
        ("PRELPGOVPHUMKGUNGA", ("PREL", "PGOV", "PHUM", "KG", "UNGA")),
        ("PRELUNGA/C-3", ("PREL", "UNGA/C-3")),
        ("UNGAPREL", ("UNGA", "PREL")),  # the longest first, not UN and GA
        ("PREL", None),  # one code
        ("UNGA", None),
        ("PRELX", None),  # something is left over
        ("XPREL", None),
        ("PRELPGO", None),
        ("PREL PGOV", None),
        ("", None),
        # Words and misspelt subjects that only countries and organizations make up.
        ("ENIV", None),
        ("AMER", None),
        ("MEDIA", None),
        ("COUNTERTERRORISM", None),
    ],
)
def test_split_glued(text: str, parts: tuple[str, ...] | None) -> None:
    assert tags.split_glued(text) == parts


@given(st.lists(st.sampled_from(sorted(entry.code for entry in tags.all() if entry.kind == "subject")), min_size=2))
def test_glued_subjects_come_apart(codes: list[str]) -> None:
    parts = tags.split_glued("".join(codes))
    assert parts is not None
    assert "".join(parts) == "".join(codes)
    assert all(tags.find(part) for part in parts)


@pytest.mark.parametrize(
    "text", ["PREL" * 250_000, "UN" * 500_000 + "!", "A" * 1_000_000, "PRELUNGA" * 100_000 + "PRE"]
)
def test_glued_codes_without_end_are_read_in_one_go(text: str) -> None:
    # A search that tries again from each place would not come back from these.
    parts = tags.split_glued(text)
    assert parts is None or "".join(parts) == text


# Executive orders


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(1953, 12, 14), None),
        (date(1953, 12, 15), 10501),
        (date(1972, 5, 31), 10501),
        (date(1972, 6, 1), 11652),
        (date(1978, 11, 30), 11652),
        (date(1978, 12, 1), 12065),
        (date(1982, 8, 1), 12356),
        (date(1995, 10, 13), 12356),
        (date(1995, 10, 14), 12958),
        (date(2008, 1, 29), 12958),  # not 13292, which amends it
        (date(2010, 6, 26), 12958),
        (date(2010, 6, 27), 13526),
        (date(2030, 1, 1), 13526),
    ],
)
def test_the_order_of_a_day(day: date, number: int | None) -> None:
    order = orders.on(day)
    assert (order and order.number) == number


def test_orders_follow_each_other_without_a_gap() -> None:
    starts = [order.valid_from for order in orders.all()]
    assert starts == sorted(starts)
    for order in orders.all():
        if order.valid_to:
            assert orders.on(order.valid_to + timedelta(days=1)) not in (None, order)


@pytest.mark.parametrize("order", orders.all(), ids=lambda order: str(order.number))
def test_find_an_order(order: orders.Order) -> None:
    assert orders.find(order.number) == order


def test_no_order() -> None:
    assert orders.find(12598) is None


# Precedences


def test_precedences_are_those_of_the_model() -> None:
    assert {entry.word: entry.rank for entry in precedences.all()} == {word.value: word.rank for word in Precedence}


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("Z", "FLASH"),
        ("OO", "IMMEDIATE"),
        ("o", "IMMEDIATE"),
        ("IMMED", "IMMEDIATE"),
        ("NIACT", "NIACT IMMEDIATE"),
        ("NIACT  IMMEDIATE", "NIACT IMMEDIATE"),
        ("PIORITY", "PRIORITY"),
        ("Routine", "ROUTINE"),
        ("emergency command precedence", "EMERGENCY COMMAND PRECEDENCE"),
    ],
)
def test_find_a_precedence(written: str, word: str) -> None:
    entry = precedences.find(written)
    assert entry is not None
    assert entry.word == word


@pytest.mark.parametrize("written", ["", "X", "ZO", "misspelt once"])
def test_no_precedence(written: str) -> None:
    assert precedences.find(written) is None


def test_a_remark_is_no_part_of_a_form() -> None:
    entry = precedences.find("PRIORITY")
    assert entry is not None
    assert entry.spellings == (table.Alias("PIORITY", "misspelt once"),)


# Captions and classifications


@pytest.mark.parametrize("entry", captions.all(), ids=lambda entry: entry.name)
def test_find_a_caption(entry: captions.CaptionEntry) -> None:
    assert captions.find(entry.name) == entry
    assert captions.find(f" {entry.name.lower()}. ") == entry


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("C O R R E C T E D  C O P Y", "CORRECTED COPY"),
        ("AGRÉMENT CHANNEL", "AGREMENT CHANNEL"),
        ("Sipdis", "SIPDIS"),
        ("SIPDISX", None),
        ("", None),
    ],
)
def test_written_forms_of_captions(written: str, name: str | None) -> None:
    entry = captions.find(written)
    assert (entry and entry.name) == name


@pytest.mark.parametrize("entry", classifications.all(), ids=lambda entry: entry.marking)
def test_find_a_marking(entry: classifications.ClassificationEntry) -> None:
    assert classifications.find(entry.marking) == entry
    assert classifications.find(entry.marking.lower()) == entry


def test_spaced_and_unspaced_markings_mean_the_same() -> None:
    for entry in classifications.all():
        plain = classifications.find(entry.marking.replace(" ", ""))
        assert plain is not None
        assert (plain.level, plain.portion_form) == (entry.level, entry.portion_form)


def test_a_portion_form_that_was_never_seen_is_none() -> None:
    entry = classifications.find("RESTRICTED")
    assert entry is not None
    assert entry.portion_form is None


@pytest.mark.parametrize("written", ["", "SECRETARY", "S E C R E"])
def test_no_marking(written: str) -> None:
    assert classifications.find(written) is None


# The page about it


def test_the_examples_of_the_page_hold(root: Path) -> None:
    results = doctest.testfile(str(root / "docs" / "vocabulary.md"), module_relative=False)
    assert results.attempted > 10
    assert results.failed == 0
