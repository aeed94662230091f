"""Posts as the document numbers of 1973-79 cut them (``posts_1973.csv``; FORMAT.md sections 9.1, 14.7).

A document number has six letters of a post of one word and five of the joined words of any other: ``CARACA``,
``NEWDE``. Names that differ then, old names, closed posts and names that more than one mission went by are rows of the
table; the rest follows from ``posts.csv``. In some numbers the first letter is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from cablekit.vocabulary import posts
from cablekit.vocabulary.table import load, squeeze

YEARS = range(1973, 1980)
"""Years of the record copies (FORMAT.md section 14.1)."""

_LETTERS_OF_ONE_WORD = 6
_LETTERS_OF_MORE = 5
_SHORTEST = 3
"""Letters that must be left where the first one is lost."""


class CutPost(NamedTuple):
    """A post as the numbers of 1973-79 write it, its name of that time and its key."""

    cut: str
    name: str
    post: str
    source: str


def _build(record: Mapping[str, str]) -> CutPost:
    return CutPost(record["cut"], record["name"], record["post"], record["source"])


@cache
def all() -> tuple[CutPost, ...]:
    """Return the rows of the table: what does not follow from ``posts.csv``."""
    return load("posts_1973.csv", _build)


def cut(name: str) -> str:
    """Cut a name as document numbers do: ``New Delhi`` is ``NEWDE``."""
    words = name.replace("-", " ").split()
    return squeeze(name)[: _LETTERS_OF_ONE_WORD if len(words) == 1 else _LETTERS_OF_MORE]


@lru_cache(maxsize=4096)
def find(name: str) -> tuple[str, ...]:
    """Return the keys of the posts that a name of 1973-79 may stand for, the likeliest first; empty where none does."""
    written = squeeze(name)
    whole = posts.find(name)
    return tuple(dict.fromkeys(((whole.post,) if whole else ()) + _by_name().get(written, ())))


@lru_cache(maxsize=4096)
def namesakes(name: str) -> tuple[str, ...]:
    """Return the keys of the posts that the table has a name for: ``VIENNA`` is also the missions there."""
    written = squeeze(name)
    return tuple(dict.fromkeys(row.post for row in all() if written in (squeeze(row.cut), squeeze(row.name))))


@lru_cache(maxsize=4096)
def with_first_letter(name: str) -> tuple[str, ...]:
    """Return the keys of the posts whose name this is, but for a lost first letter (FORMAT.md section 19.22)."""
    written = squeeze(name)
    return _by_tail().get(written, ()) if len(written) >= _SHORTEST else ()


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {}
    for post in posts.all():
        city = (post.plad or post.display_name or "").partition(" ")[2]
        for form in filter(None, (cut(city), squeeze(city), cut(post.post) if not city else "")):
            names.setdefault(form, {})[post.post] = None
    for row in all():
        for form in (squeeze(row.cut), squeeze(row.name)):
            names.setdefault(form, {})[row.post] = None
    return {name: tuple(found) for name, found in names.items()}


@cache
def _by_tail() -> dict[str, tuple[str, ...]]:
    tails: dict[str, dict[str, None]] = {}
    for name, found in _by_name().items():
        tails.setdefault(name[1:], {}).update(dict.fromkeys(found))
    return {tail: tuple(found) for tail, found in tails.items()}
