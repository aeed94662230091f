"""Attributes of a record copy: names and values to typed models (FORMAT.md section 14.12)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from cablekit import grammar
from cablekit.build.header import MONTHS
from cablekit.build.reading import Part, Reading
from cablekit.model import Attribute, AttributeKind
from cablekit.vocabulary import attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cablekit.grammar import Token

_SHORT = 1000
"""Longer attributes are not kept: they would fill the memory."""
_ABSENT = frozenset({"", "n/a"})
_YEARS = range(1900, 2100)
"""Years that a date of a telegram or its release can be of."""
_EMPTY_DATE = date(1960, 1, 1)
"""What the record writes where there is no date."""


_SEVERAL = TypeAdapter(tuple[Attribute, ...], config=ConfigDict(defer_build=True))
"""Builds all attributes of a record at once, quicker than one after the other without validation."""


class Attributes:
    """The attributes of one record, and what stands behind the name of one that fields are filled from."""

    def __init__(self, models: Sequence[Attribute], parts: Sequence[Part]) -> None:
        """Keep them in order, each with what it was read from; the first of a name counts."""
        self.models = tuple(models)
        self._parts = parts
        self._places: dict[str, int] = {}
        for place, model in enumerate(models):
            self._places.setdefault(model.name, place)

    def _find(self, name: str) -> int | None:
        """Return the place of an attribute; none where it is absent or says none."""
        place = self._places.get(name)
        return place if place is not None and (self.models[place].text or self.models[place].items) else None

    def part(self, name: str) -> Part | None:
        """Return an attribute as it stands, name and value; none where it is absent or says none."""
        place = self._find(name)
        return None if place is None else self._parts[place]

    def text(self, name: str) -> str | None:
        """Return the value of an attribute in one line; none where it is absent or says none."""
        place = self._find(name)
        return None if place is None else self.models[place].as_written

    def get(self, *names: str) -> Attribute | None:
        """Return the first attribute that is there."""
        return next((self.models[self._places[name]] for name in names if name in self._places), None)

    def day(self, *names: str) -> date | None:
        """Return the day of the first attribute that has one."""
        found = (self.models[self._places[name]].day for name in names if name in self._places)
        return next(filter(None, found), None)

    def missing(self) -> list[str]:
        """Return the names that every record copy has, but not this one."""
        always = attributes.always()
        return [] if always <= self._places.keys() else [name for name in always if name not in self._places]

    def __bool__(self) -> bool:
        """True where there is one."""
        return bool(self.models)


def split(block: Token) -> list[Part]:
    """Take attributes that stand together apart. (A record has 63: the rule ``attributes`` takes twice as long.)"""
    start, found = block.start_pos, grammar.terminal("record_copy", "ATTRIBUTE").finditer(block)
    return [Part(one[0], start + one.start()) for one in found]


def build_attributes(blocks: Iterable[Token], reading: Reading) -> Attributes:
    """Read the attributes of a record, each with its lines joined and typed by what the table says of its name."""
    parts = [part for block in blocks for part in split(block)]
    fields = [_fields(part, part.start, reading) for part in parts]
    return Attributes(_SEVERAL.validate_python(fields), parts)


def build_labelled(name: str, token: Token, reading: Reading) -> tuple[Attribute, Part]:
    """Read a value that stands apart from its label; the part has the label in front, where its place would be."""
    text = token.rstrip()
    first = len(text) - len(text.lstrip())
    label = f"{name}: "
    start = token.start_pos + first
    part = Part(label + text[first:], start - len(label))
    return Attribute.model_construct(**_fields(part, start, reading)), part


def _fields(part: Part, start: int, reading: Reading) -> dict[str, Any]:
    """Return the fields of an attribute that begins at a position; a date or number that is none has a diagnostic."""
    typed = (_typed if len(part.text) <= _SHORT else _typed.__wrapped__)(part.text)
    if typed.is_none:
        name, _, value = part.text.partition(":")
        visible = value.strip()
        at = part.start + len(name) + 1 + value.index(visible)
        message = f"{typed.fields['name']} is no {typed.fields['kind']}: {typed.fields['as_written']}"
        reading.diagnose("CK106", at, at + len(visible), message)
    return {**typed.fields, "span": reading.span(start, part.start + typed.length)}


class _Typed(NamedTuple):
    """What the words of an attribute say, wherever they stand."""

    fields: dict[str, Any]
    length: int
    """Characters up to the last that is no blank."""
    is_none: bool
    """Whether it is no date or number, though its name asks for one."""


@lru_cache(maxsize=4096)
def _typed(text: str) -> _Typed:
    """Return name, kind, words and value of an attribute. (Most of them stand word for word in every record.)"""
    name, _, value = text.partition(":")
    name, written = name.strip(), " ".join(value.split())
    entry = attributes.find(name)
    kind: AttributeKind = entry.kind if entry else "unknown"
    found = _value(kind, written)
    fields = {"name": name, "kind": kind, "as_written": written, **found}
    return _Typed(fields, len(text.rstrip()), "text" in found and kind in ("date", "number"))


def _value(kind: AttributeKind, written: str) -> dict[str, Any]:
    """Return the one field that has the value; none where the words say that there is none."""
    if written.casefold() in _ABSENT:
        return {}
    if kind == "date":
        day = read_day(written)
        return {} if day == _EMPTY_DATE else {"text": written} if day is None else {"day": day}
    if kind == "number" and written.isdecimal() and written.isascii():
        return {"number": int(written)}
    if kind == "items":
        items = (item.strip() for item in written.replace(";", ",").split(","))
        return {"items": tuple(filter(None, items))}
    return {"text": written}


@lru_cache(maxsize=4096)
def read_day(written: str) -> date | None:
    """Read ``01 JAN 1994``, ``01-Jan-1994 12:00:00 am``, ``31/12/2019`` ``20040816`` or
    ``November 20, 1963``; none where it is no date."""
    words = written.replace("-", " ").replace("/", " ").replace(",", " ").split()[:3]
    if len(words) == len(("month", "day", "year")) and words[0].isalpha():
        words = [words[1], words[0][:3], words[2]]
    if len(words) == 1 and len(words[0]) == len("20040816"):
        words = [words[0][6:], words[0][4:6], words[0][:4]]
    if len(words) != 3 or not (words[0].isdecimal() and words[2].isdecimal() and len(words[2]) == 4):
        return None
    month = words[1].upper()
    if int(words[2]) not in _YEARS:
        return None
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdecimal() else 0
    try:
        return date(int(words[2]), number, int(words[0]))
    except ValueError:
        return None
