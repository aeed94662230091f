"""Invented prose with word frequencies like those of a language, at the speed of joining strings.

Words of a kind have a rank, and the share of each falls with it (Zipf): the common words of ``words.txt`` first, then
the same behind prefixes, then words, persons and places made of syllables. Phrases are drawn once, when a `Prose` is
made; a sentence is some of them in a frame. So a text of 7 kB costs a tenth of a millisecond.
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
_FRAMES = (
    "{s} {p}.",
    "{s}.",
    "{P}, {s}.",
    "{w} told {o} {d} that {s}.",
    "{w} said that {s}, and that {n} would not change.",
    "According to {w}, {s} because {s}.",
    "{n}, which {q} {p}, has not {q}.",
    "There is little doubt that {s}, but {s}.",
    "If {s}, {w} added, {n} will wait {p}.",
    'Most describe {n} as "{a}" and {n} as "{a}."',
    "{n} has grown by {c} percent since {y}; {s}.",
    "{n} costs USD {c},{c} for each {b}, {w} said.",
    "They {q} (reftel) and {q} {p}.",
    "It {q}; {s} {d}.",
)


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
    ends = list(accumulate((rank + 2.7) ** -1.07 for rank in range(len(words))))
    return draw.choices(words, cum_weights=ends, k=count)


class Prose:
    """Sentences, titles and names, drawn with a generator of random numbers."""

    def __init__(self, draw: Random) -> None:
        """Draw the phrases; takes a third of a second."""
        self.random: Callable[[], float] = draw.random
        kinds = {kind: by_rank(words_of(kind), draw, _PHRASES) for kind in _HOW_MANY}
        self.nouns, self.adjectives, self.verbs = kinds["noun"], kinds["adjective"], kinds["verb"]
        self.surnames, self.places = kinds["surname"], kinds["place"]
        titles = draw.choices([*common("title"), "", "", "", ""], k=_PHRASES)
        firsts = draw.choices(common("first"), k=_PHRASES)
        self.names = [f"{first} {surname}" for first, surname in zip(firsts, self.surnames, strict=True)]
        things = [self._thing(draw) for _ in range(_PHRASES)]
        days = [f"on {month}{TIED}{day}" for month in common("month") for day in range(1, 29)]
        spots = [f"{draw.choice(common('preposition'))} {thing}" for thing in draw.sample(things, _PHRASES // 2)]
        spots += [f"in {place}" for place in self.places[: _PHRASES // 4]]
        acts = [f"{verb} {thing}" for verb, thing in zip(self.verbs, draw.sample(things, _PHRASES), strict=True)]
        phrases: dict[str, Sequence[str]] = {
            "n": things,
            "q": acts,
            "s": [f"{draw.choice(things)} {draw.choice(acts)}" for _ in range(_CLAUSES)],
            "p": spots + days * 10,
            "P": [spot[0].upper() + spot[1:] for spot in spots],
            "w": [f"{title} {name}".lstrip() for title, name in zip(titles, self.names, strict=True)],
            "o": common("officer"),
            "d": days,
            "a": [f"{a} and {b}" for a, b in zip(self.adjectives, reversed(self.adjectives), strict=True)],
            "b": self.nouns,
            "c": [str(number) for number in range(101, 999)],
            "y": [str(year) for year in range(1950, 1999)],
        }
        self._frames = [self._cut(frame, phrases) for frame in _FRAMES]

    def _thing(self, draw: Random) -> str:
        noun, adjective = draw.choice(self.nouns), draw.choice(self.adjectives)
        form = draw.random()
        if form < 0.35:
            return f"the {noun}"
        if form < 0.65:
            return f"the {adjective} {noun}"
        if form < 0.75:
            return f"the {noun} of the {draw.choice(self.nouns)}"
        if form < 0.85:
            return f"the {draw.choice(self.places)} {noun}"
        return f"the {draw.randint(11, 99)} {adjective} {noun[:-1] + 'ie' if noun[-1] == 'y' else noun}s"

    def _cut(self, frame: str, phrases: dict[str, Sequence[str]]) -> tuple[str, tuple[tuple[Sequence[str], int], ...]]:
        """Return a frame to be filled by ``%``, and what fills it with its sizes."""
        lists = tuple((phrases[part[0]], len(phrases[part[0]])) for part in frame.split("{")[1:])
        for letter in phrases:
            frame = frame.replace("{" + letter + "}", "%s")
        return frame, lists

    def sentences(self, size: int) -> list[str]:
        """Write sentences of about so many characters in all, at least one."""
        random, frames, count = self.random, self._frames, len(_FRAMES)
        found: list[str] = []
        left = size
        while left > 60 or not found:
            frame, lists = frames[int(random() * count)]
            text = frame % tuple([phrases[int(random() * size)] for phrases, size in lists])
            found.append(text[0].upper() + text[1:])
            left -= len(text) + 2
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
