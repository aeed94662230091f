"""Posts: embassies, consulates, missions and the Department itself (``posts.csv``; FORMAT.md sections 4, 9, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from cablekit.vocabulary import teleprinter
from cablekit.vocabulary.table import Alias, alias, load, squeeze

_LONGEST = 100
"""No post has so long a name. What is longer is not looked at, so that hostile text costs nothing."""

_SHORTEST = 4
"""Shorter names have too little left to compare once a letter is wrong."""


class Post(NamedTuple):
    """A post. What no source tells is none."""

    post: str
    """The key, as it stands in identifiers: capitals, no blanks (``THEHAGUE``)."""
    display_name: str | None
    """``Embassy The Hague``."""
    country: str | None
    iso_3166_1_alpha_2: str | None
    routing_indicator: str | None
    geographic_tag: str | None
    """Code of the country in TAGS; not the ISO code."""
    plad: str | None
    """Plain-language address designator, ``AMEMBASSY THE HAGUE``."""
    spellings: tuple[Alias, ...]
    """Abbreviations, old names, known misspellings, with remarks."""
    source: str

    @property
    def aliases(self) -> tuple[str, ...]:
        """The spellings without their remarks."""
        return tuple(spelling.name for spelling in self.spellings)


def _build(record: Mapping[str, str]) -> Post:
    if not (record["post"].isalnum() and record["post"].isupper() and record["post"].isascii()):
        raise ValueError(f"{record['post']!r} is not in capitals without blanks")
    return Post(
        post=record["post"],
        display_name=record["display_name"] or None,
        country=record["country"] or None,
        iso_3166_1_alpha_2=record["iso_3166_1_alpha_2"] or None,
        routing_indicator=record["routing_indicator"] or None,
        geographic_tag=record["geographic_tag"] or None,
        plad=record["plad"] or None,
        spellings=tuple(alias(written) for written in record["aliases"].split("|") if written),
        source=record["source"],
    )


@cache
def all() -> tuple[Post, ...]:
    """Return all posts, by key."""
    return load("posts.csv", _build)


def find(name: str) -> Post | None:
    """Return the post that a name stands for: key, address designator, display name, city or alias.

    Case, blanks, punctuation and accents do not matter. Where several posts share the name the key wins, then the
    address designator, the display name, the alias; none where that does not decide (see `candidates`).
    """
    return _find(name)[0] if len(name) <= _LONGEST else None


def candidates(name: str) -> tuple[Post, ...]:
    """Return every post that the name may stand for, the likeliest first."""
    return _find(name)[1] if len(name) <= _LONGEST else ()


def by_routing_indicator(routing_indicator: str) -> tuple[Post, ...]:
    """Return the posts behind a routing indicator; some share one (``RUEHBS``: Brussels and USEU)."""
    return _by_routing_indicator().get(routing_indicator.upper(), ())


def near(name: str) -> tuple[Post, ...]:
    """Return the posts whose key or alias is one letter wrong, missing, too much or swapped with its neighbour.

    The letter Q counts as any letter (FORMAT.md sections 19.7, 19.8, 19.22). What the name stands for as it is, is
    left out, and so are forms of fewer than four letters.
    """
    return _near(name) if len(name) <= _LONGEST else ()


def garbled(name: str) -> Post | None:
    """Return the only post that a garbled name can be, without anything else that tells which.

    Q stands for any letter, figures for letters (``S0FIA``), or the first letter is lost (FORMAT.md sections 19.8,
    19.15, 19.22). None for what the name stands for as it is, and for names of fewer than four letters.
    """
    wanted = squeeze(name) if len(name) <= _LONGEST else ""
    if len(wanted) < _SHORTEST or candidates(name):
        return None
    meant = {post for word in teleprinter.letters(wanted) for post in candidates(word)}
    if "Q" in wanted:
        meant |= {post for form, post in _spellings()["-"] if teleprinter.fits(wanted, form)}
    meant |= {post for post in all() if post.post[1:] == wanted}
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=4096)
def _find(name: str) -> tuple[Post | None, tuple[Post, ...]]:
    ranked = _names().get(squeeze(name), {})
    found = tuple(sorted(ranked, key=lambda post: ranked[post]))
    decided = found and (len(found) == 1 or ranked[found[0]] < ranked[found[1]])
    return (found[0] if decided else None), found


@lru_cache(maxsize=4096)
def _near(name: str) -> tuple[Post, ...]:
    wanted = squeeze(name)
    if len(wanted) < _SHORTEST - 1:
        return ()
    exact = candidates(name)
    # One wrong letter leaves the first or the last one as it was.
    same_ends = _spellings()
    forms = same_ends.get(wanted[0] + "-", ()) + same_ends.get("-" + wanted[-1], ())
    if "Q" in (wanted[0], wanted[-1]):
        forms = same_ends["-"]
    hits = {post for form, post in forms if post not in exact and _one_edit_apart(wanted, form)}
    return tuple(sorted(hits))


def _one_edit_apart(written: str, form: str) -> bool:
    """Tell whether at most one edit leads from what is written to the form, Q standing for any letter."""
    at = 0
    while at < min(len(written), len(form)) and written[at] in (form[at], "Q"):
        at += 1
    if len(written) > len(form):
        return teleprinter.fits(written[at + 1 :], form[at:])
    if len(written) < len(form):
        return teleprinter.fits(written[at:], form[at + 1 :])
    swapped = written[at : at + 2][::-1] + written[at + 2 :]
    return teleprinter.fits(written[at + 1 :], form[at + 1 :]) or teleprinter.fits(swapped, form[at:])


@cache
def _names() -> dict[str, dict[Post, int]]:
    """Every written form, and whom it may stand for: the lower the number, the better the claim."""
    names: dict[str, dict[Post, int]] = {}
    for post in all():
        forms = ((post.post,), (post.plad,), (post.display_name,), post.aliases, tuple(_addresses(post)))
        for rank, equals in enumerate(forms):
            for form in filter(None, equals):
                names.setdefault(squeeze(form), {}).setdefault(post, rank)
    return names


def _addresses(post: Post) -> Iterator[str]:
    """Give the designators of an embassy and of a consulate in the city: the table has those of its sources only."""
    kind, _, city = (post.display_name or "").partition(" ")
    if kind in ("Embassy", "Consulate"):
        yield f"AMEMBASSY {city}"
        yield f"AMCONSUL {city}"


@cache
def _spellings() -> dict[str, tuple[tuple[str, Post], ...]]:
    """Keys and aliases, by first letter (``T-``), by last letter (``-I``) and all of them (``-``)."""
    groups: dict[str, list[tuple[str, Post]]] = {"-": []}
    for post in all():
        for form in {post.post, *map(squeeze, post.aliases)}:
            if len(form) >= _SHORTEST:
                for group in (f"{form[0]}-", f"-{form[-1]}", "-"):
                    groups.setdefault(group, []).append((form, post))
    return {group: tuple(forms) for group, forms in groups.items()}


@cache
def _by_routing_indicator() -> dict[str, tuple[Post, ...]]:
    shared: dict[str, tuple[Post, ...]] = {}
    for post in all():
        if post.routing_indicator:
            shared[post.routing_indicator] = (*shared.get(post.routing_indicator, ()), post)
    return shared
