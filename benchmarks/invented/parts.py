"""What all layouts draw from: posts, dates, serials, references to earlier cables, lines of the right length."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from math import exp, log
from random import Random
from typing import Any, NamedTuple

from cablekit.vocabulary import posts, tags
from invented.rates import FORMS, LAST_DAY, LENGTHS, SHARES, YEARS
from invented.words import Prose, T, common

WIDTH = 64
"""Signs of a line in the hard-wrapped family (FORMAT.md 18.3: at most 66)."""
MONTHS = common("MON")
_REMEMBERED = 8192
"""So many earlier cables can be referred to: memory does not grow with the dump."""


_TOGETHER = ("eo", "tags")
"""Labels with no blank line behind them."""


_FIELDS = 1 << 13
"""Fields of a wheel that is drawn from often."""


class Place(NamedTuple):
    """A post as the lines of a cable name it."""

    key: str
    city: str
    designator: str
    routing_indicator: str
    origin: str
    tag: str
    cut: str
    """As in document numbers of 1973-79 (FORMAT.md 14.7)."""


class Mrn(NamedTuple):
    """A message reference number."""

    year: int
    place: Place
    serial: int

    def __str__(self) -> str:
        """Write it as the publisher does: ``08BISHKEK94``."""
        return f"{self.year % 100:02d}{self.place.key}{self.serial}"


@dataclass(slots=True)
class Invented:
    """A cable in parts, so that damage can be done to one of them, with what it was made from."""

    layout: str
    mrn: Mrn
    when: datetime
    header: dict[str, str]
    """Lines in front of line 12, by name."""
    labels: dict[str, str]
    """Line 12 and what stands down to the first paragraph, by name, in order."""
    blocks: list[str]
    """Paragraphs, headings, page lines, signature."""
    truth: dict[str, Any]
    family: str = "hard"
    page_lines: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    edition: str = ""
    finish: Callable[[Invented], str] = field(default=lambda _: "")
    tail: str = ""
    """What stands behind the text: attributes of a record."""

    def head(self) -> str:
        """Write the lines in front of line 12."""
        return "\n".join(self.header.values())

    def body(self) -> str:
        """Write line 12 and the rest."""
        if self.family == "pages":
            return ""
        if self.family == "record":
            return self.finish(self)
        between = "\n" if self.family == "reflowed" else "\n\n"
        lines = [part + ("\n" if name in _TOGETHER else between) for name, part in self.labels.items() if part]
        text = "".join(lines).rstrip("\n") + "\n\n" + "\n\n".join(self.blocks)
        return text.replace("\n", " \n") if self.family == "hard" else text


def cut_name(city: str) -> str:
    """Shorten the name of a post: six letters of one word, five of several joined."""
    words = city.replace("'", "").split()
    return words[0][:6] if len(words) == 1 else "".join(words)[:5]


@cache
def places() -> tuple[Place, ...]:
    """Posts whose routing indicator and designator are known and whose city leads back to them, busiest first."""
    found = [
        Place(
            post.post,
            city,
            post.plad,
            post.routing_indicator,
            post.display_name,
            post.geographic_tag,
            cut_name(city),
        )
        for post in posts.all()
        if post.plad and post.routing_indicator and post.display_name and post.geographic_tag
        if (city := post.plad.partition(" ")[2]) and (same := posts.find(city)) and same.post == post.post
        if city.replace(" ", "").isalpha()
    ]
    Random("busy posts").shuffle(found)
    return tuple(found)


STATE = Place("STATE", "STATE", "SECSTATE WASHDC", "RUEHC", "Secretary of State", "US", "STATE")


@cache
def subject_tags() -> tuple[str, ...]:
    """Subject TAGS, the most used first (FORMAT.md 7); those that ask for a person are left out."""
    used = common("subject")
    known = {entry.code for entry in tags.all() if entry.kind in ("subject", "program")}
    rest = sorted(known - set(used) - {"OCON", "OEXC", "OREP", "OTRA", "OVIP"})
    Random("rare tags").shuffle(rest)
    return (*(code for code in used if code in known), *rest)


@cache
def organization_tags() -> tuple[str, ...]:
    """Codes of organizations that are one word of capitals."""
    return tuple(
        sorted(e.code for e in tags.all() if e.kind == "organization" and e.code.isalpha() and len(e.code) > 2)
    )


class Wheel:
    """Draws a value by weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take values with their weights."""
        self.values = tuple(weights)
        self.ends = list(accumulate(weights.values()))

    def at(self, number: float) -> str:
        """Return the value for a number from 0 to 1."""
        return self.values[min(bisect(self.ends, number * self.ends[-1]), len(self.values) - 1)]

    def spread(self) -> list[str]:
        """Return the values as often as they weigh, in so many fields that a field drawn is a value drawn."""
        return [self.at((field + 0.5) / _FIELDS) for field in range(_FIELDS)]


class Source:
    """All that is drawn, and what is remembered from cable to cable."""

    def __init__(self, seed: int) -> None:
        """Start from a seed: the same seed gives the same cables."""
        self.draw = Random(seed)
        self.random = self.draw.random
        self.prose = Prose(self.draw)
        self.places = places()
        self._rank = list(accumulate(1 / (rank + 5) for rank in range(len(self.places))))
        self._tag_rank = list(accumulate(1 / (rank + 2) for rank in range(len(subject_tags()))))
        self._forms = {name: Wheel(form.counts).spread() for name, form in FORMS.items()}
        self._serials: dict[tuple[int, str], int] = {}
        self._earlier: dict[bool, list[Mrn]] = {False: [], True: []}
        self._years = {layout: Wheel({str(y): w for y, w in years.items()}) for layout, years in YEARS.items()}

    def pick(self, several: Sequence[T]) -> T:
        """Draw one of a list, each as likely."""
        return several[int(self.random() * len(several))]

    def chance(self, share: float) -> bool:
        """Tell whether a thing of that share happens."""
        return self.random() < share

    def has(self, name: str) -> bool:
        """Tell whether a thing of `rates.SHARES` is there."""
        return self.random() < SHARES[name].share

    def form(self, name: str) -> str:
        """Draw one of the forms of `rates.FORMS`."""
        return self._forms[name][int(self.random() * _FIELDS)]

    def length(self, layout: str) -> int:
        """Draw the number of characters of a text."""
        mean, sigma, most = LENGTHS[layout]
        return min(most, int(exp(self.draw.gauss(log(mean) - sigma * sigma / 2, sigma))))

    def moment(self, layout: str, done: float) -> datetime:
        """Return the time of the cable that has ``done`` of the dump in front of it; time never runs back."""
        wheel = self._years[layout]
        ends = wheel.ends
        at = min(bisect(ends, done * ends[-1]), len(ends) - 1)
        before = ends[at - 1] if at else 0.0
        share = (done * ends[-1] - before) / (ends[at] - before)
        year = int(wheel.values[at])
        days = LAST_DAY.get(year, 364 + (year % 4 == 0))
        return datetime(year, 1, 1) + timedelta(minutes=int(share * days * 1440))

    def place(self) -> Place:
        """Draw a post, busy ones more often."""
        return self.places[bisect(self._rank, self.random() * self._rank[-1])]

    def several(self, count: int) -> list[Place]:
        """Draw different posts."""
        found: dict[str, Place] = {}
        for _ in range(count * 3):
            if len(found) == count:
                break
            place = self.place()
            found[place.designator] = place
        return list(found.values())

    def number(self, year: int, place: Place) -> Mrn:
        """Give the next serial of a post."""
        busy = 900 if place is STATE else 24
        serial = self._serials.get((year, place.key), 1100 if year < 1973 else 0) + 1 + int(self.random() * busy)
        self._serials[year, place.key] = serial
        return Mrn(year, place, serial)

    def remember(self, mrn: Mrn) -> None:
        """Keep a cable as a target of references; a later one takes the place of any other when there are many."""
        known = self._earlier[mrn.year < 1980]
        if len(known) < _REMEMBERED:
            known.append(mrn)
        else:
            known[int(self.random() * _REMEMBERED)] = mrn

    def target(self, year: int, place: Place) -> Mrn:
        """Draw the target of a reference: an earlier cable, or one that is missing."""
        known = self._earlier[year < 1980]
        if known and not self.has("missing target"):
            for _ in range(4):
                mrn = self.pick(known)
                if mrn.year <= year:
                    return mrn
        other = place if self.has("same post") else STATE if self.chance(0.3) else self.place()
        return Mrn(year - (self.random() < 0.1), other, 1 + int(self.random() * (90_000 if other is STATE else 2_500)))

    def tags(self, place: Place) -> list[str]:
        """Draw the codes of a TAGS line: subjects, countries, sometimes an organization."""
        codes = subject_tags()
        found: dict[str, None] = {}
        for _ in range(1 + int(self.random() * 6)):
            found[codes[bisect(self._tag_rank, self.random() * self._tag_rank[-1])]] = None
        if self.chance(0.15):
            found[self.pick(organization_tags())] = None
        found[place.tag] = None
        if self.chance(0.4):
            found[self.place().tag] = None
        return list(found)


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """Break a text into lines at blanks."""
    lines = []
    start, last = 0, len(text) - width
    while start < last:
        at = text.rfind(" ", start, start + width + 1)
        if at <= start and (at := text.find(" ", start + width)) < 0:
            break
        lines.append(text[start:at].rstrip())
        start = at + 1
        if text[start] == " ":
            start += 1
    lines.append(text[start:])
    return lines


def lines_of(words: Iterable[str], width: int) -> str:
    """Join words into lines."""
    return "\n".join(wrap(" ".join(words), width))
