"""Whether archives or parts are all shards of one conversion (``cablekit convert --shard``): none missing or twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cablekit.errors import ArchiveError

if TYPE_CHECKING:
    import sqlite3

EVENT = "shard"
"""What table ``event`` says of a shard that was read to its end."""


@dataclass(frozen=True, slots=True)
class ShardNote:
    """What the archive of a shard says of it."""

    number: int
    parts: int
    found: int
    """Records of the whole, and places where one could not be had."""
    own: int
    """Those of them that belong to the shard."""
    sources: tuple[tuple[str, str, str], ...]
    """Name, collection and note of each source of the whole."""
    options: str
    """What else decided which records there are."""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> ShardNote:
        """Make it of what was written as JSON; raises `TypeError` or `KeyError`."""
        return cls(**{**fields, "sources": tuple(map(tuple, fields["sources"]))})


def notes(connection: sqlite3.Connection) -> Iterator[ShardNote]:
    """Give the notes of an archive; of a shard that was read several times the last one."""
    found = {}
    for (detail,) in connection.execute("SELECT detail FROM event WHERE what = ? ORDER BY id", (EVENT,)):
        note = ShardNote.of(json.loads(detail))
        found[note.number, note.parts, note.sources, note.options] = note
    yield from found.values()


def check(shards: Iterable[tuple[Path, Iterable[ShardNote]]]) -> None:
    """Raise `ArchiveError` where archives are shards and not all that there are, or some of something else."""
    wholes: dict[tuple[object, ...], dict[int, tuple[Path, ShardNote]]] = {}
    for path, said in shards:
        for note in said:
            whole = wholes.setdefault((note.parts, note.sources, note.options), {})
            if note.number in whole:
                other, _ = whole[note.number]
                raise ArchiveError(
                    str(path), f"is shard {note.number} of {note.parts}, as {other} is", "give each shard once"
                )
            whole[note.number] = path, note
    for whole in wholes.values():
        _check(whole)


def _check(whole: Mapping[int, tuple[Path, ShardNote]]) -> None:
    """Look at the shards of one conversion."""
    path, first = next(iter(whole.values()))
    advice = "make it with cablekit convert --shard, or take what is there with --partial"
    if missing := [number for number in range(1, first.parts + 1) if number not in whole]:
        named = ", ".join(map(str, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        lacks = f"shards {named} are missing" if len(missing) > 1 else f"shard {named} is missing"
        raise ArchiveError(str(path), f"is one of {first.parts} shards; {lacks}", advice)
    advice = "make the shards anew, of the same sources; or take them all the same with --partial"
    for other, note in whole.values():
        if note.found != first.found:
            what = f"is of {note.found:,} records, and {path} of {first.found:,}: the sources have changed between them"
            raise ArchiveError(str(other), what, advice)
    own = sum(note.own for _, note in whole.values())
    if own != first.found:
        what = f"and the other shards have {own:,} records, and there were {first.found:,}"
        raise ArchiveError(str(path), what, advice)
