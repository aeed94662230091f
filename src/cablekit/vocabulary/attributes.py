"""Attributes of record copies and labels of message-archive copies (``attributes.csv``; FORMAT.md 14.12, 16, 17)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast, get_args

from cablekit.model import AttributeKind
from cablekit.vocabulary.table import load

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


@cache
def all() -> tuple[AttributeEntry, ...]:
    """Return all attributes that are known by name."""
    return load("attributes.csv", _build)


def find(name: str) -> AttributeEntry | None:
    """Return an attribute by its name; case does not matter."""
    return _by_name().get(name.casefold())


@cache
def _by_name() -> dict[str, AttributeEntry]:
    return {entry.name.casefold(): entry for entry in all()}
