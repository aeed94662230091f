"""Attributes of record copies and labels of message-archive copies (``attributes.csv``; FORMAT.md 14.12, 16, 17)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cache
from typing import NamedTuple, cast, get_args

from cablekit.model import AttributeKind
from cablekit.vocabulary.table import Keyed

_KINDS = frozenset(get_args(AttributeKind))


class AttributeEntry(NamedTuple):
    """A name that attributes have, and what its values are."""

    name: str
    kind: AttributeKind
    always: bool
    """Whether every record copy has it."""
    source: str


def _build(record: Mapping[str, str]) -> AttributeEntry:
    kind = record["kind"]
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is no kind of attribute")
    always = record["always"] == "yes"
    return AttributeEntry(record["name"], cast("AttributeKind", kind), always, record["source"])


_TABLE = Keyed("attributes.csv", _build, lambda entry: entry.name)
all = _TABLE.all
find = _TABLE.find


@cache
def always() -> Set[str]:
    """Return the names that every record copy has, in their order."""
    return dict.fromkeys(entry.name for entry in all() if entry.always).keys()
