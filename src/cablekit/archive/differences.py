"""What differs between two cables: field by field, and paragraph by paragraph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from cablekit.model import Cable

_PLACES = ("span", "nodes", "repeats")


class Difference(NamedTuple):
    """A field that differs."""

    field: str
    """Its path in the JSON: ``header.dtg.utc``, ``tags.2.code``."""
    before: Any
    """As in the JSON; `ABSENT` where the field is not there."""
    after: Any

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.field}: {_short(self.before)} → {_short(self.after)}"

    def values(self) -> dict[str, Any]:
        """Return ``before`` and ``after`` as far as they are there."""
        return {name: value for name, value in (("before", self.before), ("after", self.after)) if value is not ABSENT}


ABSENT = ...


class Aligned(NamedTuple):
    """A block of one body beside the block of the other body that it corresponds to."""

    kind: Literal["same", "changed", "removed", "added"]
    before: str | None
    after: str | None


def fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    """Give the fields of two readings that differ; where something stands counts only when nothing else differs."""
    found = list(_walk(before, after, ""))
    told = [one for one in found if not any(step in _PLACES for step in one.field.split("."))]
    if told or not found:
        yield from told
    else:
        yield Difference("span", "places", "other places")


def paragraphs(before: Cable, after: Cable) -> Iterator[Aligned]:
    """Align the blocks of two bodies: those that are alike to the letter, then in between those most alike."""
    old, new = ([_labelled(block) for block in cable.body] for cable in (before, after))
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Aligned("same", text, text) for text in old[start:end])
        else:
            yield from _between(old[start:end], new[other_start:other_end])


def words(before: str, after: str) -> Iterator[tuple[Literal["same", "removed", "added"], str]]:
    """Give the pieces of two texts, by words: what both have, what only the first, what only the second has."""
    old, new = before.split(), after.split()
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(old[start:end])
            continue
        if end > start:
            yield "removed", " ".join(old[start:end])
        if other_end > other_start:
            yield "added", " ".join(new[other_start:other_end])


def _labelled(block: Any) -> str:
    """Return the text of a block with its number and mark in front."""
    number = f"{block.number}." if block.kind == "paragraph" else None
    mark = getattr(block, "mark", None)
    return " ".join(filter(None, (number, f"({mark})" if mark else None, block.text)))


_ALIKE = 0.5
_COMPARED = 400
"""Pairs of blocks that are compared word by word; of longer stretches neighbours are taken together."""


def _between(old: list[str], new: list[str]) -> Iterator[Aligned]:
    """Pair the blocks of a stretch without a common block, keeping the order."""
    while old and new:
        pairs = [(row, column) for row in range(len(old)) for column in range(len(new))]
        if len(pairs) > _COMPARED:
            pairs = [(at, at) for at in range(min(len(old), len(new)))]
        row, column = max(pairs, key=lambda pair: _likeness(old[pair[0]], new[pair[1]]))
        if _likeness(old[row], new[column]) < _ALIKE:
            break
        yield from _between(old[:row], new[:column])
        yield Aligned("changed", old[row], new[column])
        old, new = old[row + 1 :], new[column + 1 :]
    yield from (Aligned("removed", text, None) for text in old)
    yield from (Aligned("added", None, text) for text in new)


def _likeness(before: str, after: str) -> float:
    """Return the share of words that both have, 0 to 1; order does not matter."""
    old, new = before.split(), after.split()
    common = SequenceMatcher(None, sorted(old), sorted(new), autojunk=False)
    return common.quick_ratio()


def _walk(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from _walk(before.get(name, ABSENT), after.get(name, ABSENT), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list) and path != "nodes":
        for at in range(max(len(before), len(after))):
            old, new = (items[at] if at < len(items) else ABSENT for items in (before, after))
            yield from _walk(old, new, f"{path}.{at}")
    else:
        yield Difference(path, before, after)


def _short(value: Any) -> str:
    if value is ABSENT:
        return "absent"
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 80 else f"{written[:60]} … {written[-15:]}"
