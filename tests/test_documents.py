"""Posts as the document numbers of 1973-79 cut them (FORMAT.md sections 9.1, 14.7)."""

from __future__ import annotations

import pytest

from cablekit.vocabulary import documents, eo_codes, posts


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("STOCKH", ["STOCKHOLM"]),
        ("CARACA", ["CARACAS"]),
        ("USUNN", ["USUNNEWYORK"]),
        ("NEWDE", ["NEWDELHI"]),
        ("TELAV", ["TELAVIV"]),
        ("KUALA", ["KUALALUMPUR"]),
        ("ABUDH", ["ABUDHABI"]),
        ("PORTA", ["PORTAUPRINCE"]),
        ("PORTL", ["PORTLOUIS"]),
        ("SANSA", ["SANSALVADOR"]),
        ("SANTO", ["SANTODOMINGO"]),
        ("NATOB", ["USNATO"]),
        ("ECBRU", ["USEUBRUSSELS"]),
        ("MONTER", ["MONTERREY"]),
        ("MONTEV", ["MONTEVIDEO"]),
        ("MONTRE", ["MONTREAL"]),
        ("MEXICO", ["MEXICO"]),
        ("MEXICA", ["MEXICALI"]),
        ("LOUREN", ["MAPUTO"]),
        ("LOURENCO MARQUES", ["MAPUTO"]),
        ("STATE", ["STATE"]),
        ("BERLIN", ["BERLIN", "USBERLIN"]),
        ("QQQQQ", []),
    ],
)
def test_cut_posts(written: str, keys: list[str]) -> None:
    assert list(documents.find(written)) == keys


@pytest.mark.parametrize(
    ("written", "first"),
    [("BUDH", "ABUDHABI"), ("ERLIN", "BERLIN"), ("SUNN", "USUNNEWYORK"), ("THENS", "ATHENS"), ("OKYO", "TOKYO")],
)
def test_a_lost_first_letter(written: str, first: str) -> None:
    assert documents.find(written) == ()
    assert documents.with_first_letter(written)[0] == first


def test_nothing_is_restored_from_too_little() -> None:
    assert documents.with_first_letter("ME") == ()


@pytest.mark.parametrize("post", [post for post in posts.all() if post.display_name], ids=lambda post: post.post)
def test_the_cut_name_of_every_post_leads_to_it(post: posts.Post) -> None:
    city = (post.plad or post.display_name or "").partition(" ")[2]
    assert not city or post.post in documents.find(documents.cut(city))


def test_every_row_of_the_table_is_found() -> None:
    for row in documents.all():
        assert row.post in documents.find(row.cut)
        assert row.post in documents.find(row.name)
        found = posts.find(row.post)
        assert found is None or found.post == row.post, "a key that is an alias of another"


def test_codes_of_orders() -> None:
    code = eo_codes.find("x3")
    assert code
    assert code.schedule == "XGDS-3"
    assert eo_codes.find("RR") is None
