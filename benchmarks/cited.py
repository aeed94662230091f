"""Accuracy of references: REF blocks in every form of FORMAT.md 9 and 9.1, against the telegrams that they cite.

    python benchmarks/cited.py 20000            # share of references that lead to the right one, by form
    python benchmarks/cited.py 5000 --wrong     # and every one that does not

A reference is right when its message reference number is the one cited, or one of its candidates is. Exit status 1
when the share of either section, or of all forms, is under its floor.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from cablekit.build.reading import Part, Reading
from cablekit.build.references import build_references
from cablekit.model import Reference
from cablekit.text import read_text
from cablekit.vocabulary import documents, posts
from invented.parts import STATE, Place, places, wrap

FORMATS = {"9": range(2003, 2011), "9.1": documents.YEARS}
"""Section of FORMAT.md → years of the citing cables."""
LABELS = {
    "9": ("REF: ", "Ref: ", "REFS: ", "REF ", "REFTEL: ", "REF(S): ", "REFERENCE: ", "REFS : "),
    "9.1": ("REF: ", "REFS. ", "REFERENCE ", "REFTEL : ", "RETEL ", "RETELS: ", "REF. ", "REFS "),
}
_REACHED = {True: 400, False: 15}
"""Telegrams a day of the Department and of a busy post: a higher serial in January is last year's."""


class Cited(NamedTuple):
    """A telegram that is cited, and how."""

    place: Place
    serial: int
    year: int
    form: str
    text: str


class Block(NamedTuple):
    """A REF block, the cable that it stands in, and what it cites, in order."""

    section: str
    text: str
    on: date
    post: str
    cited: list[Cited]


class Writer:
    """Draws REF blocks; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        """Start from a seed."""
        self._draw = Random(seed)
        self._then = [place for place in places() if documents.find(place.city)[:1] == (place.key,)]
        self._old = [row for row in documents.all() if row.name != row.post and len(documents.find(row.name)) == 1]
        self._aliases = [
            (post.post, alias)
            for post in posts.all()
            for alias in post.aliases
            if alias.isalpha() and (found := posts.find(alias)) and found.post == post.post
        ]
        self._by_key = {place.key: place for place in places()}
        self._own = STATE
        """The post of the citing cable."""

    def block(self) -> Block:
        """Draw a block of one to five references."""
        draw = self._draw
        section = draw.choice(list(FORMATS))
        year = draw.choice(FORMATS[section])
        on = date(year, draw.choice((1, *range(1, 13))), draw.randint(1, 28))
        self._own = draw.choice(self._then)
        count = draw.choice((1, 1, 1, 2, 2, 3, 4, 5))
        cited: list[Cited] = []
        written: list[str] = []
        while len(written) < count:
            found = self._item(section, on)
            cited += found
            written.append(found[0].text)
        return Block(section, self._lay_out(section, written), on, self._own.key, cited)

    # ---- one reference

    def _item(self, section: str, on: date) -> list[Cited]:
        forms = _MODERN if section == "9" else _OF_THE_1970S
        form = self._draw.choice(list(forms))
        return [one._replace(form=form) for one in forms[form](self, on)]

    def _target(self, on: date, place: Place | None = None, year: int | None = None) -> Cited:
        """Draw a telegram that a cable of that day can cite without a year."""
        draw = self._draw
        place = place or draw.choice((STATE, draw.choice(self._then), draw.choice(self._then)))
        reached = max(on.timetuple().tm_yday * _REACHED[place is STATE], 20)
        serial = draw.randint(1, min(reached, 250_000 if place is STATE else 9_000))
        return Cited(place, serial, year or on.year, "", f"{place.city} {serial}")

    def _plain(self, on: date) -> list[Cited]:
        return [self._target(on)]

    def _glued(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.place.city}{one.serial}")]

    def _zeros(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.place.city} {one.serial:06d}")]

    def _lower(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.place.city.title()} {one.serial}")]

    def _alias(self, on: date) -> list[Cited]:
        key, name = self._draw.choice([pair for pair in self._aliases if pair[0] in self._by_key])
        one = self._target(on, self._by_key[key])
        return [one._replace(text=f"{name} {one.serial}")]

    def _two_figures(self, on: date) -> list[Cited]:
        one = self._target(on, year=on.year - self._draw.randint(0, 3))
        return [one._replace(text=f"{one.year % 100:02d} {one.text}")]

    def _four_figures(self, on: date) -> list[Cited]:
        one = self._target(on, year=on.year - self._draw.randint(0, 3))
        return [one._replace(text=f"{one.year} {one.text}")]

    def _year_glued(self, on: date) -> list[Cited]:
        one = self._target(on, year=on.year - 1)
        return [one._replace(text=f"{one.year % 100:02d}{one.text}")]

    def _year_behind(self, on: date) -> list[Cited]:
        one = self._target(on, year=on.year - 1)
        return [one._replace(text=f"{one.text} ({one.year % 100:02d})")]

    def _remark(self, on: date) -> list[Cited]:
        one = self._target(on)
        remark = self._draw.choice(("(NOTAL)", "(EXDIS)", "(NODIS)", "AND PREVIOUS", "(NOTAL) AND PREVIOUS", "NOTAL"))
        return [one._replace(text=f"{one.text} {remark}")]

    def _several(self, on: date) -> list[Cited]:
        first = self._target(on)
        second = self._target(on, first.place)
        joined = f"{first.text}{self._draw.choice((' AND ', ', ', '/', ' & '))}{second.serial}"
        return [first._replace(text=joined), second._replace(text=joined)]

    def _last_year(self, on: date) -> list[Cited]:
        """Leave the year out in January, with a serial that nobody has reached yet."""
        one = self._target(date(on.year - 1, 12, 20))
        if on.month > 1:
            return [one._replace(year=on.year - 1, text=f"{(on.year - 1) % 100:02d} {one.text}")]
        serial = max(one.serial, on.day * _REACHED[one.place is STATE] + self._draw.randint(1, 2000))
        return [one._replace(serial=serial, year=on.year - 1, text=f"{one.place.city} {serial}")]

    def _possessive(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.place.city}'{self._draw.choice(('S', ' S'))} {one.serial}")]

    def _with_dtg(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.text} (DTG 311345Z MAY {on.year % 100:02d})")]

    def _cut(self, on: date) -> list[Cited]:
        one = self._target(on)
        return [one._replace(text=f"{one.place.cut} {one.serial:05d}")]

    def _document_number(self, on: date) -> list[Cited]:
        one = self._target(on, year=on.year - self._draw.randint(0, min(2, on.year - documents.YEARS[0])))
        figures = 6 if one.place is STATE else 5
        return [one._replace(text=f"{one.year}{one.place.cut}{one.serial:0{figures}d}")]

    def _old_name(self, on: date) -> list[Cited]:
        row = self._draw.choice(self._old)
        place = Place(row.post, row.name, "", "", "", "", row.cut)
        one = self._target(on, place)
        return [one._replace(text=f"{self._draw.choice((row.name, row.cut))} {one.serial}")]

    def _first_letter_lost(self, on: date) -> list[Cited]:
        one = self._target(on, self._draw.choice([place for place in self._then if len(place.cut) > 4]))
        name = self._draw.choice((one.place.cut, one.place.city))
        return [one._replace(text=f"{name[1:].strip()} {one.serial}")]

    def _embtel(self, on: date) -> list[Cited]:
        one = self._target(on, self._own)
        return [one._replace(text=f"EMBTEL {one.serial}")]

    def _deptel(self, on: date) -> list[Cited]:
        one = self._target(on, STATE)
        return [one._replace(text=f"DEPTEL {one.serial}")]

    def _broken_serial(self, on: date) -> list[Cited]:
        """STATE 1 O1684: a blank in six figures, a zero as the letter O."""
        serial = self._draw.randint(1, 2) * 100_000 + self._draw.randint(0, 9_999)
        figures = f"{serial}"
        behind = figures[1:].replace("0", self._draw.choice("0O"), 1)
        one = self._target(on, STATE)
        return [one._replace(serial=serial, text=f"STATE {figures[0]} {behind}")]

    def _letters_in_serial(self, on: date) -> list[Cited]:
        one = self._target(on)
        serial = min(one.serial, 99_999) * 10
        return [one._replace(serial=serial, text=f"{one.place.city} {str(serial).replace('0', 'O')}")]

    # ---- the block

    def _lay_out(self, section: str, written: list[str]) -> str:
        draw = self._draw
        label = draw.choice(LABELS[section])
        if len(written) == 1:
            return label + written[0] + "\n"
        letter = draw.choice(("A. ", "A) ", "(A) "))
        items = [letter.replace("A", chr(ord("A") + at)) + item for at, item in enumerate(written)]
        if section == "9":
            between = draw.choice(("\n     ", "\n¶" if letter == "A. " else "\n", "; ", ", "))
            return label + between.join(items) + "\n"
        between = draw.choice(("; ", ", ", " AND ", "\n     "))
        text = label + between.join(draw.choice((items, items, written)) if between != "\n     " else items)
        return "\n".join(line for part in text.split("\n") for line in wrap(part, 66)) + "\n"


_Form = Callable[[Writer, date], list[Cited]]
_BOTH: dict[str, _Form] = {
    "POST 12": Writer._plain,
    "POST12": Writer._glued,
    "POST 000012": Writer._zeros,
    "07 POST 12": Writer._two_figures,
    "07POST 12": Writer._year_glued,
    "POST 12 (NOTAL)": Writer._remark,
    "POST 12 AND 34": Writer._several,
    "New Year": Writer._last_year,
}
_MODERN = _BOTH | {
    "Post 12": Writer._lower,
    "alias": Writer._alias,
    "2007 POST 12": Writer._four_figures,
    "POST 12 (07)": Writer._year_behind,
}
_OF_THE_1970S = _BOTH | {
    "POST'S 12": Writer._possessive,
    "POST 12 (DTG ...)": Writer._with_dtg,
    "cut post": Writer._cut,
    "1976POST00012": Writer._document_number,
    "old name": Writer._old_name,
    "first letter lost": Writer._first_letter_lost,
    "EMBTEL 12": Writer._embtel,
    "DEPTEL 12": Writer._deptel,
    "STATE 1 O1684": Writer._broken_serial,
    "POST 1O": Writer._letters_in_serial,
}


def read(block: Block) -> tuple[Reference, ...]:
    """Read a block as one of the cable that it stands in."""
    reading = Reading(read_text(block.text))
    return build_references([Part(block.text, 0)], reading, year=block.on.year, on=block.on, post=block.post)


def outcomes(block: Block) -> Iterator[tuple[Cited, bool]]:
    """Tell of each telegram that is cited whether the reference at its place leads to it."""
    found = read(block)
    for at, one in enumerate(block.cited):
        reference = found[at] if len(found) == len(block.cited) else None
        readings = (reference.mrn, *reference.candidates) if reference else ()
        right = (one.year, one.place.key, one.serial)
        yield one, any((mrn.year, mrn.post, mrn.serial) == right for mrn in readings if mrn)


def main(given: list[str] | None = None) -> int:
    """Print the table; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many REF blocks")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--floor", type=float, default=0.99, help="least share of a section (default 0.99)")
    options.add_argument("--wrong", action="store_true", help="print every block with one that is not right")
    chosen = options.parse_args(given)
    writer = Writer(chosen.seed)
    all_: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for _ in range(chosen.count):
        block = writer.block()
        found = list(outcomes(block))
        for one, is_right in found:
            all_[block.section, one.form] += 1
            right[block.section, one.form] += is_right
        if chosen.wrong and not all(is_right for _, is_right in found):
            print(f"{block.on} {block.post} {block.text!r}")
            print(f"    cited: {[(one.form, one.year, one.place.key, one.serial) for one, _ in found]}")
            print(f"    read:  {[str(one.mrn or one.text) for one in read(block)]}")
    low = False
    for section in FORMATS:
        forms = [form for of, form in all_ if of == section]
        table = Table("form", "references", "right", title=f"FORMAT.md {section}")
        for form in forms:
            count = all_[section, form]
            table.add_row(form, str(count), f"{right[section, form] / count:.2%}")
        count = sum(all_[section, form] for form in forms)
        share = sum(right[section, form] for form in forms) / max(count, 1)
        table.add_section()
        table.add_row("all", str(count), f"{share:.2%}")
        Console().print(table)
        low = low or share < chosen.floor
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
