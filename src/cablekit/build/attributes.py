"""Attributes of a record copy: names and values to typed models (FORMAT.md section 14.12)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter

from cablekit.build.header import MONTHS
from cablekit.build.reading import Part, Reading
from cablekit.model import Attribute, AttributeKind, Span
from cablekit.vocabulary import attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cablekit.grammar import Token

_ABSENT = frozenset({"", "n/a"})
_EMPTY_DATE = date(1960, 1, 1)
"""What the record writes where there is no date."""


_SEVERAL = TypeAdapter(tuple[Attribute, ...], config=ConfigDict(defer_build=True))
"""Builds all attributes of a record at once, in half the time."""


class Attributes:
    """The attributes of one record, and what stands behind the name of one that fields are filled from."""

    def __init__(self, found: Iterable[tuple[Attribute, Part]]) -> None:
        """Keep them in order; the first of a name counts."""
        self.models: list[Attribute] = []
        self._values: dict[str, tuple[Attribute, Part]] = {}
        for attribute, value in found:
            self.models.append(attribute)
            self._values.setdefault(attribute.name, (attribute, value))

    def part(self, name: str) -> Part | None:
        """Return an attribute as it stands, name and value; none where it is absent or says none."""
        attribute, part = self._values.get(name, (None, None))
        return part if attribute and (attribute.text or attribute.items) else None

    def text(self, name: str) -> str | None:
        """Return the value of an attribute in one line; none where it is absent or says none."""
        attribute, _ = self._values.get(name, (None, None))
        return attribute.as_written if attribute and (attribute.text or attribute.items) else None

    def get(self, *names: str) -> Attribute | None:
        """Return the first attribute that is there."""
        return next((self._values[name][0] for name in names if name in self._values), None)

    def day(self, *names: str) -> date | None:
        """Return the day of the first attribute that has one."""
        found = (self._values[name][0].day for name in names if name in self._values)
        return next(filter(None, found), None)

    def __bool__(self) -> bool:
        """True where there is one."""
        return bool(self.models)


def build_attributes(tokens: Iterable[Token], reading: Reading) -> Attributes:
    """Read the attributes of a record, each with its lines joined and typed by what the table says of its name."""
    fields: list[dict[str, Any]] = []
    parts: list[Part] = []
    for token in tokens:
        part = Part(str(token), token.start_pos)
        fields.append(_fields(part, reading.span(part.start, part.start + len(token.rstrip())), reading))
        parts.append(part)
    return Attributes(zip(_SEVERAL.validate_python(fields), parts, strict=True))


def build_labelled(name: str, token: Token, reading: Reading) -> tuple[Attribute, Part]:
    """Read a value that stands apart from its label; the part has the label in front, where its place would be."""
    text = token.rstrip()
    first = len(text) - len(text.lstrip())
    span = reading.span(token.start_pos + first, token.start_pos + len(text))
    label = f"{name}: "
    part = Part(label + text[first:], token.start_pos + first - len(label))
    return Attribute.model_construct(**_fields(part, span, reading)), part


def _fields(part: Part, span: Span, reading: Reading) -> dict[str, Any]:
    """Return the fields of an attribute; a date or number that is none has a diagnostic."""
    fields = _typed(part.text)
    if "text" in fields and fields["kind"] in ("date", "number"):
        name, _, value = part.text.partition(":")
        visible = value.strip()
        at = part.start + len(name) + 1 + value.index(visible)
        message = f"{fields['name']} is no {fields['kind']}: {fields['as_written']}"
        reading.diagnose("CK106", at, at + len(visible), message)
    return {**fields, "span": span}


@lru_cache(maxsize=4096)
def _typed(text: str) -> dict[str, Any]:
    """Return name, kind, words and value of an attribute. (Most of them stand word for word in every record.)"""
    name, _, value = text.partition(":")
    name, written = name.strip(), " ".join(value.split())
    entry = attributes.find(name)
    kind: AttributeKind = entry.kind if entry else "unknown"
    return {"name": name, "kind": kind, "as_written": written, **_value(kind, written)}


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
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdecimal() else 0
    try:
        return date(int(words[2]), number, int(words[0]))
    except ValueError:
        return None
