"""Invented prose with word frequencies like those of a language, at the speed of joining strings.

Words of a kind have a rank, and the share of each falls with it (Zipf): a few hundred common words first, then words
put together from prefixes and endings, then words, persons and places made of syllables. Phrases are drawn once, when
the module's `Prose` is made; a sentence is some phrases in a frame. So a text of 7 kB costs a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, product
from random import Random

NOUNS = """government minister embassy party country report election agreement official meeting market company
project plan law region program court police border oil bank trade port council leader group visit issue question
proposal budget office city school harbor road bridge airport ferry railway river farm crop harvest price tax loan
debt fund contract tender license permit fee tariff quota shipment cargo vessel fleet pilot engineer clerk teacher
doctor nurse student journalist editor newspaper broadcaster radio station network cable telephone satellite antenna
museum library theater festival orchestra choir lantern ledger map survey census archive letter petition decree
statute regulation treaty protocol annex clause signature stamp seal delegation envoy consul attache counselor
chairman deputy senator mayor governor judge prosecutor lawyer witness trial verdict appeal prison guard officer
soldier brigade garrison base exercise convoy patrol radar fence gate tunnel pipeline refinery terminal turbine dam
reservoir well pump canal valley mountain forest coast island village district province capital quarter bakery mill
warehouse factory workshop mine quarry smelter furnace boiler engine tractor truck bus tram wagon ship barge anchor
rope net boat fisherman sailor captain cook baker tailor weaver carpet cotton wool grain wheat rice maize sugar
coffee tea tobacco timber rubber copper zinc iron steel cement brick glass paper ink salt fertilizer vaccine clinic
hospital laboratory experiment sample measurement forecast storm flood drought fire repair delay shortage surplus
strike union wage pension household tenant landlord deposit account transfer remittance passport visa applicant
traveler tourist hotel restaurant kitchen garden stadium match prize medal anniversary ceremony speech statement
rumor complaint inquiry audit inspection schedule deadline summer winter autumn morning evening""".split()
ADJECTIVES = """new old political local national foreign economic public large small former regional senior recent
military international private common special further early late final official bilateral annual domestic rural urban
northern southern eastern western coastal central federal municipal legal technical financial commercial agricultural
industrial cultural scientific medical marine provisional temporary permanent joint informal formal quiet cautious
modest ambitious expensive cheap useful popular unpopular reluctant willing patient stubborn careful hasty narrow
broad deep shallow long short heavy light empty crowded wet dry cold warm broken damaged missing delayed unfinished
abandoned forgotten promising doubtful familiar unusual ordinary reliable independent voluntary mandatory seasonal
monthly weekly daily ministerial parliamentary presidential diplomatic consular wooden painted printed handwritten
electronic mechanical solar hydraulic floating leaking rusty polite""".split()
VERBS = """said reported signed opened closed approved rejected delayed postponed discussed proposed offered accepted
refused promised supported opposed criticized welcomed praised questioned reviewed examined inspected measured counted
bought sold rented repaired rebuilt extended shortened raised lowered doubled halved printed published copied lost
found moved carried delivered received returned sent paid financed audited taxed licensed banned allowed required
requested asked urged warned invited visited left entered crossed blocked cleared guarded protected damaged flooded
drained planted harvested exported imported inspired annoyed surprised reassured divided united replaced appointed
dismissed elected trained taught treated vaccinated registered mapped surveyed photographed translated drafted amended
ratified suspended resumed completed abandoned ignored mentioned described explained denied confirmed""".split()
PREFIXES = {
    "noun": ("sub", "counter", "inter", "non", "mid", "co"),
    "adjective": ("non", "semi", "pre"),
    "verb": ("re",),
}
TITLES = "Minister Deputy Professor Director Governor Mayor Dr. Commissioner Judge Chairman Ambassador".split()
OFFICERS = ["Poloff", "Econoff", "Emboff", "the Ambassador", "the DCM", "Conoff", "the DATT", "PAO"]
FIRST = """Anna Marek Ilona Tarik Solveig Benat Oriel Casimir Dunja Emre Fadil Greta Hanno Ivo Jasna Kemal Lorna Milos
Nadia Otto Petra Quentin Rosa Samir Tilda Ugo Vera Wanda Yusuf Zora Amadou Bintou Chidi Lina Paulo Ines Ruben""".split()
MONTHS = """January February March April May June July August September October November December""".split()
PREPOSITIONS = "in at near for with after before during under on".split()

TIED = "\x1f"
"""Stands for a blank at which no line ends: a figure with a full stop at the start of a line would be a number."""

_ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pr r s sh sk st t tr v w z".split()
_VOWELS = "a e i o u ai ea ie o a e".split()
_CODAS = "l m n r s t d k nd rt st lm rn x".split()
_ENDS = {
    "noun": ["", "ment", "ion", "age", "er", "ity", "ance", "ery", "or", "ure"],
    "adjective": ["al", "ic", "ive", "ous", "able", "ary", "ish", "ent"],
    "verb": ["ed", "ized", "ated", "ified", "ened"],
    "surname": ["", "ov", "ari", "ez", "son", "ian", "oglu", "eanu", "ic", "a", "ewski", "ong", "ani", "as"],
    "place": ["", "a", "grad", "ville", "abad", "port", "ia", "berg", "ton", "pur", "holm", "ava"],
}
_HOW_MANY = {"noun": 14_000, "adjective": 6_000, "verb": 5_000, "surname": 6_000, "place": 3_000}
_PHRASES = 30_000
_FRAMES = (
    "{n} {v} {n} {p}.",
    "{n} {v} {n}.",
    "{P}, {n} {v} {n}.",
    "{w} told {o} {d} that {n} {v} {n}.",
    "{w} said that {n} {v} {n} {p}, and that {n} would not change.",
    "According to {w}, {n} {v} {n} because {n} {v} {n} {p}.",
    "{n}, which {v} {n} {p}, has not {v} {n}.",
    "There is little doubt that {n} {v} {n}, but {n} {p} {v} {n}.",
    "If {n} {v} {n}, {w} added, {n} will wait until {n} {v} {n}.",
    '{w} described {n} as "{a}" and {n} as "{a}."',
    "{n} has grown by {c} percent since {y}; {n} {v} {n} {p}.",
    "{n} costs USD {c},{c} for each {b}, {w} said.",
    "They {v} {n} (reftel) and {v} {n} {p}.",
    "It {v} {n} {p}; it also {v} {n}.",
)


def zipf(words: Sequence[str], draw: Random, count: int) -> list[str]:
    """Draw words, each by its rank."""
    return draw.choices(
        words, cum_weights=list(accumulate((rank + 2.7) ** -1.07 for rank in range(len(words)))), k=count
    )


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """All words of a kind by rank; the same for every seed."""
    draw = Random(f"words of the kind {kind}")
    found = dict.fromkeys({"noun": NOUNS, "adjective": ADJECTIVES, "verb": VERBS}.get(kind, []))
    found.update(dict.fromkeys(prefix + word for word, prefix in product(list(found), PREFIXES.get(kind, ()))))
    while len(found) < _HOW_MANY[kind]:
        syllables = "".join(
            draw.choice(_ONSETS) + draw.choice(_VOWELS) + (draw.choice(_CODAS) if draw.random() < 0.6 else "")
            for _ in range(draw.choice((1, 1, 2, 2, 2, 3)))
        )
        word = syllables + draw.choice(_ENDS[kind])
        if len(word) > 4:
            found[word.capitalize() if kind in ("surname", "place") else word] = None
    return tuple(found)


class Prose:
    """Sentences, titles and names, drawn with a generator of random numbers."""

    def __init__(self, draw: Random) -> None:
        """Draw the phrases; takes a third of a second."""
        self.random: Callable[[], float] = draw.random
        kinds = {kind: zipf(words_of(kind), draw, _PHRASES) for kind in _HOW_MANY}
        self.nouns, self.adjectives, self.verbs = kinds["noun"], kinds["adjective"], kinds["verb"]
        self.surnames, self.places = kinds["surname"], kinds["place"]
        persons = zip(
            draw.choices([*TITLES, "", "", ""], k=_PHRASES), draw.choices(FIRST, k=_PHRASES), self.surnames, strict=True
        )
        self.persons = [f"{title} {first} {surname}".lstrip() for title, first, surname in persons]
        things = [self._thing(draw) for _ in range(_PHRASES)]
        days = [f"on {draw.choice(MONTHS)}{TIED}{draw.randint(1, 28)}" for _ in range(400)]
        spots = [f"{draw.choice(PREPOSITIONS)} {thing}" for thing in draw.sample(things, _PHRASES // 2)]
        spots += [f"in {place}" for place in self.places[: _PHRASES // 4]]
        self._phrases = {
            "n": things,
            "v": self.verbs,
            "p": spots + days * 10,
            "P": [spot[0].upper() + spot[1:] for spot in spots],
            "w": self.persons,
            "o": OFFICERS,
            "d": days,
            "a": [f"{a} and {b}" for a, b in zip(self.adjectives, reversed(self.adjectives), strict=True)],
            "b": self.nouns,
            "c": [str(number) for number in range(101, 999)],
            "y": [str(year) for year in range(1950, 1999)],
        }
        self._frames = [self._cut(frame) for frame in _FRAMES]

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
        return f"{draw.randint(11, 99)} {adjective} {noun}s"

    def _cut(self, frame: str) -> tuple[str, tuple[list[str], ...]]:
        """Return a frame to be filled by ``%`` and the lists that fill it."""
        lists = tuple(self._phrases[part[0]] for part in frame.split("{")[1:])
        for letter in self._phrases:
            frame = frame.replace("{" + letter + "}", "%s")
        return frame, lists

    def sentence(self) -> str:
        """Write one sentence."""
        random = self.random
        frame, lists = self._frames[int(random() * len(_FRAMES))]
        text = frame % tuple([phrases[int(random() * len(phrases))] for phrases in lists])
        return text[0].upper() + text[1:]

    def sentences(self, size: int) -> list[str]:
        """Write sentences of about so many characters in all, at least one."""
        found = [self.sentence()]
        left = size - len(found[0])
        while left > 60:
            found.append(self.sentence())
            left -= len(found[-1]) + 2
        return found

    def pick(self, words: Sequence[str]) -> str:
        """Draw one of a list, each as likely."""
        return words[int(self.random() * len(words))]

    def title(self) -> str:
        """Write a title in capitals."""
        pick, form = self.pick, self.random()
        start = f"{pick(self.places)}: " if form < 0.5 else ""
        end = f" {pick(self.adjectives)} {pick(self.nouns)}" if form < 0.8 else ""
        thing = f"{pick(self.adjectives)} {pick(self.nouns)} {pick(self.verbs)}"
        return (
            f"{start}{thing} {pick(self.adjectives)} {pick(self.nouns)} {pick(PREPOSITIONS)}{end or ' reply'}".upper()
        )
