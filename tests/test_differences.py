"""What differs between two readings and between two bodies."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cablekit
from cablekit.archive.differences import ABSENT, Difference, fields, paragraphs, words
from tests.archive_files import telegram


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [str(difference) for difference in fields(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": None}}, {"a": {"b": "x"}}, ['a.b: null → "x"']),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, ["a.1: 2 → 3", "a.2: absent → 4"]),
        ({"a": 1}, {"b": 1}, ["a: 1 → absent", "b: absent → 1"]),
        ({"a": {"span": [1, 2], "c": 1}}, {"a": {"span": [1, 3], "c": 2}}, ["a.c: 1 → 2"]),
        ({"a": {"span": [1, 2]}}, {"a": {"span": [1, 3]}}, ['span: "places" → "other places"']),
        ({"nodes": [1]}, {"nodes": [2]}, ['span: "places" → "other places"']),
    ],
)
def test_fields(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert told(before, after) == expected


def test_long_values_are_shortened_for_people_only() -> None:
    (difference,) = fields({"a": "x" * 500}, {"a": None})
    assert len(str(difference)) < 120
    assert difference.values() == {"before": "x" * 500, "after": None}
    assert Difference("a", ABSENT, 1).values() == {"after": 1}


def aligned(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    one, other = (cablekit.parse(telegram(body=body)) for body in (before, after))
    return [(pair.kind, pair.before, pair.after) for pair in paragraphs(one, other)]


def test_paragraphs_are_aligned() -> None:
    before = "1. (U) Roses are late.\n\n2. (U) The oil is dear this year.\n\n3. (U) Nobody knows why.\n\nQUILL"
    after = before.replace("dear", "cheap").replace("3. (U)", "3. (U) Bees came.\n\n4. (U)")
    assert aligned(before, after) == [
        ("same", "1. (U) Roses are late.", "1. (U) Roses are late."),
        ("changed", "2. (U) The oil is dear this year.", "2. (U) The oil is cheap this year."),
        ("added", None, "3. (U) Bees came."),
        ("changed", "3. (U) Nobody knows why.", "4. (U) Nobody knows why."),
    ]
    assert [kind for kind, *_ in aligned(after, before)] == ["same", "changed", "removed", "changed"]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8), st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_words_give_both_texts_back(before: list[str], after: list[str]) -> None:
    pieces = list(words(" ".join(before), " ".join(after)))
    assert " ".join(text for kind, text in pieces if kind != "added").split() == before
    assert " ".join(text for kind, text in pieces if kind != "removed").split() == after


def test_long_bodies_without_a_common_paragraph_are_compared_in_bounded_time() -> None:
    one, other = (
        "\n\n".join(f"{at}. (U) {word} {at} is what stands here, and no more than that." for at in range(1, 400))
        for word in ("Rose", "Thorn")
    )
    start = perf_counter()
    assert len(aligned(one, other)) >= 399
    assert perf_counter() - start < 60
