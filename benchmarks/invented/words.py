"""Invented prose with word frequencies like those of a language, at the speed of joining strings.

Words of a kind have a rank, and the share of each falls with it (Zipf): the common words of ``words.txt`` first, then
the same behind prefixes, then words, persons and places made of syllables. Phrases are drawn once, when a `Prose` is
made; a sentence is three of them. So a text of 7 kB costs a twentieth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")
TIED = "\x1f"
"""Stands for a blank at which no line ends: a figure with a full stop at the start of a line would be a number."""

_PREFIXES = {
    "noun": ("sub", "counter", "inter", "non", "mid", "co"),
    "adjective": ("non", "semi", "pre"),
    "verb": ("re",),
}
_ENDS = {
    "noun": ("", "ment", "ion", "age", "er", "ance", "or", "ure"),
    "adjective": ("al", "ic", "ive", "ous", "able", "ary", "ish", "ent"),
    "verb": ("ed", "ized", "ated", "ified", "ened"),
    "surname": ("", "ov", "ari", "ez", "son", "ian", "oglu", "eanu", "ic", "a", "ewski", "ong", "ani", "as"),
    "place": ("", "a", "grad", "ville", "abad", "port", "ia", "berg", "ton", "pur", "holm", "ava"),
}
_HOW_MANY = {"noun": 14_000, "adjective": 6_000, "verb": 5_000, "surname": 6_000, "place": 3_000}
_PHRASES = 45_000
_CLAUSES = 60_000
_HEADS = (
    "{S}, and",
    "{S}; it was reported {d} that",
    "{P},",
    "{w} told {o} {d} that",
    "{w} told {o} that",
    '{w} described {n} as "{a}" and said that',
    "According to {w},",
    "There is little doubt that",
    "Before {n} {q}, {w} added,",
    "{N}, which {q} {p}, has not {q}, but",
    "{N} has grown by {c} percent since {y};",
    "USD {c},{c} was spent on {n} because",
    "They {q} (reftel), and",
)
_TAILS = (".", ".", ".", " {p}.", " {p}.", ", and {n} would not change.", "; they also {q}.", " for each {b}.")


@cache
def common(kind: str) -> tuple[str, ...]:
    """Words of a kind in ``words.txt``: the kind and its words on each line, a line below for a blank."""
    lines = (line.split() for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines())
    return tuple(word.replace("_", " ") for name, *words in lines if name == kind for word in words)


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """All words of a kind by rank; the same for every seed."""
    draw = Random(f"words of the kind {kind}")
    found = dict.fromkeys(common(kind))
    found.update(dict.fromkeys(prefix + word for word, prefix in product(list(found), _PREFIXES.get(kind, ()))))
    while len(found) < _HOW_MANY[kind]:
        syllables = (
            draw.choice(common("onset"))
            + draw.choice(common("vowel"))
            + (draw.choice(common("coda")) if draw.random() < 0.6 else "")
            for _ in range(draw.choice((1, 1, 2, 2, 2, 3)))
        )
        word = "".join(syllables) + draw.choice(_ENDS[kind])
        if len(word) > 4:
            found[word.capitalize() if kind in ("surname", "place") else word] = None
    return tuple(found)


def by_rank(words: Sequence[str], draw: Random, count: int) -> list[str]:
    """Draw words, each by its rank."""
    ends = list(accumulate((rank + 2.7) ** -1.02 for rank in range(len(words))))
    return draw.choices(words, cum_weights=ends, k=count)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


class Prose:
    """Sentences, titles and names, drawn with a generator of random numbers."""

    def __init__(self, draw: Random) -> None:
        """Draw the phrases; takes a quarter of a second."""
        self.random: Callable[[], float] = draw.random
        kinds = {kind: by_rank(words_of(kind), draw, _PHRASES) for kind in _HOW_MANY}
        self.nouns, self.adjectives, self.verbs = kinds["noun"], kinds["adjective"], kinds["verb"]
        self.surnames, self.places = kinds["surname"], kinds["place"]
        titles = draw.choices([*common("title"), "", "", "", ""], k=_PHRASES)
        firsts = draw.choices(common("first"), k=_PHRASES)
        self.names = [f"{first} {surname}" for first, surname in zip(firsts, self.surnames, strict=True)]
        things = [self._thing() for _ in range(_PHRASES)]
        days = [f"on {month}{TIED}{day}" for month in common("month") for day in range(1, 29)]
        spots = [f"{self.pick(common('preposition'))} {thing}" for thing in draw.sample(things, _PHRASES // 2)]
        spots += [f"in {place}" for place in self.places[: _PHRASES // 4]]
        acts = [f"{verb} {thing}" for verb, thing in zip(self.verbs, draw.sample(things, _PHRASES), strict=True)]
        clauses = [f"{self.pick(things)} {self.pick(acts)}" for _ in range(_CLAUSES)]
        phrases: dict[str, Sequence[str]] = {
            "n": things,
            "N": [_capital(thing) for thing in things],
            "q": acts,
            "S": [_capital(clause) for clause in clauses],
            "p": spots + days * 10,
            "P": [_capital(spot) for spot in spots],
            "w": [f"{title} {name}".lstrip() for title, name in zip(titles, self.names, strict=True)],
            "o": common("officer"),
            "d": days,
            "a": [f"{a} and {b}" for a, b in zip(self.adjectives, reversed(self.adjectives), strict=True)],
            "b": self.nouns,
            "c": [str(number) for number in range(101, 999)],
            "y": [str(year) for year in range(1950, 1999)],
        }
        self._heads = self._fill(_HEADS, phrases)
        self._clauses = clauses
        self._tails = self._fill(_TAILS, phrases)

    def _thing(self) -> str:
        noun, adjective = self.pick(self.nouns), self.pick(self.adjectives)
        form = self.random()
        if form < 0.35:
            return f"the {noun}"
        if form < 0.65:
            return f"the {adjective} {noun}"
        if form < 0.75:
            return f"the {noun} of the {self.pick(self.nouns)}"
        if form < 0.85:
            return f"the {self.pick(self.places)} {noun}"
        return f"the {11 + int(self.random() * 89)} {adjective} {noun[:-1] + 'ie' if noun[-1] == 'y' else noun}s"

    def _fill(self, frames: Sequence[str], phrases: dict[str, Sequence[str]]) -> list[str]:
        """Return frames with phrases in the place of their letters."""
        pieces = [frame.split("{") for frame in frames]
        found = []
        for at in range(_PHRASES):
            first, *rest = pieces[at % len(pieces)]
            found.append(first + "".join(self.pick(phrases[one[0]]) + one[2:] for one in rest))
        return found

    def sentences(self, size: int) -> list[str]:
        """Write sentences of about so many characters in all, at least one."""
        random, heads, clauses, tails = self.random, self._heads, self._clauses, self._tails
        found: list[str] = []
        left = size
        while left > 60 or not found:
            head, clause = heads[int(random() * _PHRASES)], clauses[int(random() * _CLAUSES)]
            found.append(f"{head} {clause}{tails[int(random() * _PHRASES)]}")
            left -= len(found[-1]) + 2
        return found

    def pick(self, several: Sequence[T]) -> T:
        """Draw one of a list, each as likely."""
        return several[int(self.random() * len(several))]

    def title(self) -> str:
        """Write a title in capitals."""
        pick, form = self.pick, self.random()
        start = f"{pick(self.places)}: " if form < 0.5 else ""
        end = f"{pick(self.adjectives)} {pick(self.nouns)}" if form < 0.8 else "reply"
        what = (
            f"{pick(self.adjectives)} {pick(self.nouns)} {pick(self.verbs)} {pick(self.adjectives)} {pick(self.nouns)}"
        )
        return f"{start}{what} {pick(common('preposition'))} {end}".upper()
