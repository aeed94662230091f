from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cablekit.archive.language import FIELDS, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, read
from cablekit.archive.query import (
    And,
    Classified,
    Covered,
    Dated,
    Is,
    Marked,
    Near,
    Node,
    Not,
    Or,
    Text,
    outline,
    render,
)
from cablekit.errors import QueryError
from cablekit.model import Level
from tests.searching import is_small, queries

A, B, C = Text("a"), Text("b"), Text("c")
KCRM, PHUM = Is("tag", "KCRM"), Is("tag", "PHUM")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", And(())),
        (" \n", And(())),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((A, B, C))),
        ("(a OR b) OR c", Or((A, B, C))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("-(a b)", Not(And((A, B)))),
        ("-a OR b", Or((Not(A), B))),
        ("NOT NOT a", A),
        ('"a b"', Text("a b")),
        ("“a b”", Text("a b")),
        ('" a \n b "', Text("a b")),
        ("a*", Text("a", beginning=True)),
        ('"a b"*', Text("a b", beginning=True)),
        ("a NEAR b", Near((A, B), 10)),
        ("a NEAR/5 b NEAR/5 c*", Near((A, B, Text("c", beginning=True)), 5)),
        ('"OR" or', And((Text("OR"), Text("or")))),
        # Ordinary text.
        ("U.S.-Kyrgyz", Text("U.S.-Kyrgyz")),
        ("O'BRIEN", Text("O'BRIEN")),
        ("and/or", Text("and/or")),
        ("a - b -- c", And((A, B, C))),
        ("a & b, c.", And((A, B, C))),
        ("5' 10\"", And((Text("5"), Text("10")))),
        ('"a b', And((A, B))),
        ('a "b c', And((A, B, C))),
        ('a"b c"', And((Text("a b"), C))),
        ("“a", A),
        ("https://example.org/a 12:30 1.4:b", And((Text("https://example.org/a"), Text("12:30"), Text("1.4:b")))),
        ("a: b", And((A, B))),
        ("1.4(b)", And((Text("1.4"), B))),
        ("a OR .", A),
        ("a -.", A),
        ("ORDER ANDEAN NOTE NEARBY", And((Text("ORDER"), Text("ANDEAN"), Text("NOTE"), Text("NEARBY")))),
        # Fields.
        ("tag:kcrm", KCRM),
        ("TAG: KCRM", KCRM),
        ("-tag:KCRM", Not(KCRM)),
        ("tag:(KCRM OR PHUM)", Or((KCRM, PHUM))),
        ("tag:(KCRM PHUM)", And((KCRM, PHUM))),
        ("tag:(KCRM -PHUM)", And((KCRM, Not(PHUM)))),
        ("tag:K*", Is("tag", "K", beginning=True)),
        ('from:"THE  HAGUE"', Is("from", "THE HAGUE")),
        ("mrn:08bishkek94", Is("mrn", "08BISHKEK94")),
        ("to:A info:B post:C", And((Is("to", "A"), Is("info", "B"), Is("post", "C")))),
        ("caption:nodis signed:Roe layout:a", And((Is("caption", "NODIS"), Is("signed", "ROE"), Is("layout", "A")))),
        ("ref:08A1 refs:08A1", And((Is("ref", "08A1"), Is("refs", "08A1")))),
        ('eo:12958 eo:"E.O. 12958"', And((Is("eo", "12958"), Is("eo", "12958")))),
        ("has:Table", Is("has", "table")),
        ("diagnostic:ck1*", Is("diagnostic", "CK1", beginning=True)),
        ("subject:a", Text("a", subject=True)),
        ('subject:("a b" OR c*)', Or((Text("a b", subject=True), Text("c", beginning=True, subject=True)))),
        ("subject:(a NEAR/2 b)", Near((Text("a", subject=True), Text("b", subject=True)), 2)),
        ("class:SECRET", Classified("=", Level.SECRET)),
        ("class:<=c", Classified("<=", Level.CONFIDENTIAL)),
        ('class:>"LIMITED OFFICIAL USE"', Classified(">", Level.LIMITED_OFFICIAL_USE)),
        ("class:FOUO", Classified("=", Level.SBU)),
        ("mark:S", Marked("=", Level.SECRET)),
        ("mark:>=C", Marked(">=", Level.CONFIDENTIAL)),
        ("mark:S//NF", Marked("=", Level.SECRET, ("NF",))),
        ("mark:c/noforn", Marked("=", Level.CONFIDENTIAL, ("NF",))),
        ("mark:NF", Marked("=", None, ("NF",))),
        ("mark:none", Marked("=", None)),
        ("(mark:S a) b", And((And((Marked("=", Level.SECRET), A)), B))),
        ("coverage:<0.9", Covered("<", 0.9)),
        ("coverage:>=50%", Covered(">=", 0.5)),
        # Dates.
        ("date:2007", Dated(date(2007, 1, 1), date(2007, 12, 31))),
        ("date:2008-02", Dated(date(2008, 2, 1), date(2008, 2, 29))),
        ("date:2007-12-31", Dated(date(2007, 12, 31), date(2007, 12, 31))),
        ("date:2007-12..2008-02", Dated(date(2007, 12, 1), date(2008, 2, 29))),
        ("2007..2008", Dated(date(2007, 1, 1), date(2008, 12, 31))),
        ("2007..", Dated(date(2007, 1, 1), None)),
        ("..2008-11", Dated(None, date(2008, 11, 30))),
        ("after:2007", Dated(date(2008, 1, 1), None)),
        ("before:2007-02", Dated(None, date(2007, 1, 31))),
        ("2007", Text("2007")),
        ("2007-12", Text("2007-12")),
        ("date:9999-12", Dated(date(9999, 12, 1), date(9999, 12, 31))),
    ],
)
def test_what_is_read(text: str, query: Node) -> None:
    assert read(text) == query
    assert read(render(query)) == query


@pytest.mark.parametrize(
    ("text", "column", "what", "expected"),
    [
        ("OR a", 1, "cannot go on with 'OR'", "a word or phrase or a field or an opening parenthesis"),
        ("a OR", 5, "ends too early", "a word or phrase or a field or an opening parenthesis"),
        ("a AND AND b", 7, "cannot go on with 'AND'", "a word or phrase or a field or an opening parenthesis"),
        ("(a", 3, "ends too early", "a closing parenthesis"),
        ("a) b", 2, "cannot go on with ')'", "the end of the query, as no parenthesis is open"),
        ("()", 2, "cannot go on with ')'", "a word or phrase or a field or an opening parenthesis"),
        ("tag:", 5, "ends too early", "a word or phrase or an opening parenthesis"),
        ("tag:(A", 7, "ends too early", "a word or phrase or an opening parenthesis or a closing parenthesis"),
        ("tag: OR", 6, "cannot go on with 'OR'", "a word or phrase or an opening parenthesis"),
        ("a NEAR tag:B", 8, "cannot go on with 'tag:B'", "a word or phrase"),
        ("subject:(a tag:B)", 12, "cannot go on with 'tag:B)'", "a word or phrase or an opening parenthesis or a "),
        ("tag:from:A", 5, "cannot go on with 'from:A'", "a word or phrase or an opening parenthesis"),
        ("a NEAR (b c)", 8, "cannot go on with '(b'", "a word or phrase"),
        ("a NEAR .", 8, "has no letter and no digit here", "a word or phrase"),
        ("a NEAR/5 b NEAR/6 c", 12, "has two distances in a row of NEAR", "NEAR/5 again"),
        ("a NEAR/99999 b", 3, "has too large a distance", "NEAR/10000 at most"),
        ("date:foo", 6, "cannot go on with 'foo'", "a date such as 2007, 2007-12, 2007-12-31 or 2007..2008"),
        ("after:foo", 7, "cannot go on with 'foo'", "a date such as 2007, 2007-12 or 2007-12-31"),
        ("date:2007-13", 6, "has no such date as 2007-13", "one that the calendar has"),
        ("date:2007-02-30", 6, "has no such date as 2007-02-30", "one that the calendar has"),
        ("date:0000", 6, "has no such date as 0000", "one that the calendar has"),
        ("2008..2007", 1, "has a range that ends before it begins", "2007..2008"),
        ("after:9999", 7, "goes beyond the calendar", "another year"),
        ("before:0001", 8, "goes beyond the calendar", "another year"),
        ("form:X", 1, "has no field form:", "from: perhaps; or quotation marks, if it is text"),
        ("zzz:X", 1, "has no field zzz:", f"one of {', '.join(FIELDS)}; or quotation marks, if it is text"),
        ("...", 1, "has no letter and no digit", "a word or a field"),
        ("tag:.", 5, "gives tag: no value", "a word or phrase"),
        ("subject:(. OR -)", 1, "gives subject: no value", "a word or phrase"),
        ("has:foo", 5, "does not know has:foo", "one of action_request, comment, diagnostics, "),
        ("eo:X1", 4, "has no executive order 'X1'", "its number, such as 12958"),
        ("class:FOO", 7, "has no classification 'FOO'", "one of UNCLASSIFIED, "),
        ("class:S/NF", 7, "has no classification 'S/NF'", "one of UNCLASSIFIED, "),
        ("class:S*", 7, "has a * in class:", "the whole value"),
        ("mark:>NF", 7, "compares 'NF'", "a level such as C or S"),
        ("mark:<U", 7, "asks for portions that cannot be", "marks that one portion can have"),
        ("a (mark:S mark:C b)", 4, "asks for portions that cannot be", "marks that one portion can have"),
        ("coverage:5", 10, "has no coverage '5'", "a number from 0 to 1, such as 0.9, or 90%"),
        ("coverage:nan", 10, "has no coverage 'nan'", "a number from 0 to 1, such as 0.9, or 90%"),
        ("*foo", 1, "has a * before a letter", "it at the end of a word, as in prefix*"),
        ('"a b*c"', 5, "has a * before a letter", "it at the end of a word, as in prefix*"),
        ("a\0b", 2, "has a character that is no text ('\\x00')", "text without it"),
        ("a \udcff", 3, "has a character that is no text ('\\udcff')", "text without it"),
        ("a" * 10_001, 10_001, "is longer than 10,000 characters", "a shorter query"),
        ("a" * 100_000, 10_001, "is longer than 10,000 characters", "a shorter query"),
        ("a OR " * 10_000 + "a", 10_001, "is longer than 10,000 characters", "a shorter query"),
        ("a " * 501, 1_001, "has more than 500 words and fields", "a shorter query"),
        ("(" * 11 + "a" + ")" * 11, 11, "is nested deeper than 10", "fewer parentheses or NOTs"),
        ("(" * 1000 + "a" + ")" * 1000, 11, "is nested deeper than 10", "fewer parentheses or NOTs"),
        ("NOT " * 1000 + "a", 41, "is nested deeper than 10", "fewer parentheses or NOTs"),
        ("(" * 1000, 1_001, "ends too early", "a word or phrase or a field or an opening parenthesis"),
    ],
)
def test_what_is_no_query(text: str, column: int, what: str, expected: str) -> None:
    start = time.perf_counter()
    with pytest.raises(QueryError) as caught:
        read(text)
    assert (caught.value.column, caught.value.what) == (column, what)
    assert caught.value.expected.startswith(expected)
    assert time.perf_counter() - start < 5


def test_an_error_shows_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        read("tag:KCRM) 2007")
    assert str(caught.value) == (
        "the query cannot go on with ')', at column 9; expected: the end of the query, as no parenthesis is open\n"
        "  tag:KCRM) 2007\n"
        "          ^"
    )
    with pytest.raises(QueryError) as caught:
        read("a " * 100 + "\t)\n")
    message, shown, caret = str(caught.value).split("\n")
    assert "at column 202;" in message
    assert shown[caret.index("^")] == ")"
    assert len(shown) <= 80


def test_the_limits_are_those_of_the_page() -> None:
    assert (MAX_LENGTH, MAX_TERMS, MAX_DEPTH) == (10_000, 500, 10)
    assert read("a " * 500)
    assert read("(" * 10 + "a" + ")" * 10) == A


def test_the_outline() -> None:
    assert outline(read("")) == "EVERYTHING"
    assert outline(read("a (b OR tag:X) -c")) == "AND\n  a\n  OR\n    b\n    tag:X\n  NOT\n    c"


@given(queries)
def test_a_query_written_and_read_is_the_same(query: Node) -> None:
    assume(is_small(query))
    assert read(render(query)) == query


SIGNS = st.sampled_from([*"()\"'*-.:/<>=“”\\ \n\0ab", "OR ", "AND ", "NOT ", "NEAR/3 ", "tag:", "mark:S ", "date:20"])


@given(st.text(max_size=60) | st.lists(SIGNS, max_size=40).map("".join))
def test_no_text_raises_anything_but_a_query_error(text: str) -> None:
    refused = None
    try:
        query = read(text)
    except QueryError as error:
        refused = error
    if refused is not None:
        assert 1 <= refused.column <= len(text) + 1
        assert refused.expected
    elif is_small(query):
        assert read(render(query)) == query


@given(st.text(st.sampled_from(list("ab.-'\"/ ,;&!?é1")), max_size=60))
def test_ordinary_text_never_fails(text: str) -> None:
    if any(map(str.isalnum, text)):
        read(text)
