"""Sources, cut into batches: what a worker gets at a time, and what is written together."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import cablekit
from cablekit.archive.ledger import File
from cablekit.archive.shards import ShardNote
from cablekit.archive.store import Outcome
from cablekit.conversion.shard import Shard
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.read import STDIN, Follower, read
from cablekit.sources.record import Record

if TYPE_CHECKING:
    import io

    from cablekit.archive.contents import Source
    from cablekit.conversion.target import Target
    from cablekit.sources.record import Failure
    from cablekit.sources.streams import Budget

Place = str | os.PathLike[str] | BinaryIO
"""A source as users give it."""

BYTES = 1_000_000
"""Of the records of a batch, about."""
RECORDS = 300
"""In a batch, at most."""
_SKIPPED = 10_000
"""Records that are left out before that is told."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one source, in its order. It can be pickled."""

    number: int
    """From 1."""
    source: Source
    items: tuple[Record | Failure, ...]
    skipped: int = 0
    """Records that are known already and so are not among the items."""
    finished: tuple[File, ...] = ()
    """Files whose last records are in this batch or were in one before; ``rejected`` counts those not parsed now."""

    @property
    def bytes(self) -> int:
        """Of the records."""
        return sum(len(item.data) for item in self.items if isinstance(item, Record))


class Pile:
    """What is laid together for the next batch."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._number = 0
        self._items: list[Record | Failure] = []
        self._size = 0
        self.skipped = 0
        """Records that are known already."""

    @property
    def is_full(self) -> bool:
        """Whether it is enough for a batch."""
        return self._size >= BYTES or len(self._items) >= RECORDS or self.skipped >= _SKIPPED

    @property
    def is_empty(self) -> bool:
        """Whether a batch would say nothing."""
        return not self._items and not self.skipped

    def add(self, item: Record | Failure) -> None:
        """Lay an item on it."""
        self._items.append(item)
        self._size += len(item.data) if isinstance(item, Record) else 0

    def take(self, source: Source, finished: tuple[File, ...] = ()) -> Batch:
        """Make a batch of it, and begin anew."""
        self._number += 1
        batch = Batch(self._number, source, tuple(self._items), self.skipped, finished)
        self._items.clear()
        self._size = self.skipped = 0
        return batch


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: the options of `cablekit.read`, and which of it is read again."""

    glob: str | None = None
    hidden: bool = False
    exclude: tuple[str, ...] = ()
    since: datetime | None = None
    limits: Limits = DEFAULT
    shard: Shard | None = None
    """Which of the records are taken; none: all."""
    only_changed: bool = False
    """Take a file for unchanged when size and time of change are; otherwise its bytes are compared."""
    retry_rejected: bool = False
    """Parse records again that were rejected."""
    force: bool = False
    """Read everything again."""

    def read(self, place: Place, follower: Follower | None = None) -> Iterator[Record | Failure]:
        """Read a source."""
        return read(
            place,
            glob=self.glob,
            hidden=self.hidden,
            exclude=self.exclude,
            since=self.since,
            limits=self.limits,
            follower=follower,
        )

    @property
    def way(self) -> str:
        """What decides which records a file gives, in words: the version, and options that are not the usual ones."""
        usual = asdict(READING)
        stated = {name: value for name, value in asdict(self).items() if name in _DECIDE and value != usual[name]}
        return " ".join(filter(None, (cablekit.__version__, json.dumps(stated) if stated else "")))

    def note_of_shard(self, sources: Iterable[Source], found: int, own: int) -> ShardNote | None:
        """Return what to say of a shard that was read: of how many records it has how many; none where it is none."""
        if self.shard is None:
            return None
        options = replace(self, shard=None).way + (f" since {self.since.isoformat()}" if self.since else "")
        return ShardNote(self.shard.number, self.shard.parts, found, own, tuple(sources), options)


READING = Reading()
"""The usual way."""
_DECIDE = ("glob", "hidden", "exclude", "limits", "shard")


def source_of(place: Place, collection: str, note: str) -> Source:
    """Return what is kept of a source: the last part of its path, and what is said of it."""
    is_path = isinstance(place, (str, os.PathLike)) and place != STDIN
    return Path(cast("str", place)).resolve().name if is_path else STDIN, collection, note


class Reader:
    """Reads sources for a target, leaving out what it has."""

    def __init__(self, target: Target, reading: Reading) -> None:
        """Ask the target what it has."""
        self._target = target
        self._reading = reading
        self._way = reading.way
        self._pile = Pile()
        self._source: Source = ("", "", "")
        self._files: list[File] = []
        self._current: File | None = None
        self._budget: Budget | None = None
        self._passed = 0
        self.found = 0
        """Records that the sources gave, of all shards."""

    @property
    def position(self) -> int:
        """Bytes of files that were read or left out so far."""
        budget = self._budget
        return self._passed + (min(budget.read, budget.size or 0) if budget else 0)

    def batches(
        self, places: Iterable[tuple[Place, Source]], stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Batch]:
        """Give the batches of all sources, until told to stop."""
        for place, self._source in places:
            for batch in self._batches(self._own(self._reading.read(place, self))):
                yield batch
                if stop():
                    return

    def _own(self, items: Iterator[Record | Failure]) -> Iterator[Record | Failure]:
        """Give those that belong to the shard, where there is one."""
        shard = self._reading.shard
        for item in items:
            self.found += 1
            if shard is None or shard.owns(item):
                yield item

    def _batches(self, items: Iterator[Record | Failure]) -> Iterator[Batch]:
        pile = self._pile
        records: Counter[str] = Counter()
        rejected: Counter[str] = Counter()

        def cut() -> Batch:
            finished = tuple(
                replace(file, records=records.pop(file.path, 0), rejected=rejected.pop(file.path, 0))
                for file in self._files
            )
            self._files.clear()
            return pile.take(self._source, finished)

        for item in items:
            # What ended before this item is wholly in what is piled up.
            if pile.is_full:
                yield cut()
            path = item.provenance.path
            records[path] += 1
            standing = self._target.standing(item, self._source)
            is_rejected = standing is Outcome.REJECTED
            if standing and not (is_rejected and (self._reading.retry_rejected or self._reading.force)):
                pile.skipped += 1
                rejected[path] += is_rejected
            else:
                pile.add(item)
        if self._files or not pile.is_empty:
            yield cut()

    # ---- what `read` tells ------------------------------------------------------------------------------------------

    def begins(self, name: str, file: io.FileIO, status: os.stat_result, budget: Budget) -> bool:
        """Tell whether a file is to be read: not if it was, to its end, and is as it was."""
        self._budget = budget
        if not self._target.keeps_files:
            return True
        known = self._target.file(self._source, name, self._way)
        found = File(name, self._way, status.st_size, status.st_mtime_ns)
        is_same = known is not None and (known.size, known.changed) == (found.size, found.changed)
        if not (is_same and self._reading.only_changed):
            found = replace(found, sha256=file_digest(file, "sha256").digest())
            file.seek(0)
            is_same = known is not None and known.sha256 == found.sha256
        self._current = found
        # (A shard says how many records there are in all, so it has to see them.)
        is_due = self._reading.force or self._reading.shard or not is_same
        if known is None or is_due or (known.rejected and self._reading.retry_rejected):
            return True
        self._pile.skipped += known.records
        self._pass(status.st_size)
        return False

    def ends(self, *, unchanged: bool) -> None:
        """Learn that a file was read."""
        if unchanged and self._current:
            self._files.append(self._current)
        self._pass(self._budget.size or 0 if self._budget else 0)

    def _pass(self, size: int) -> None:
        self._passed += size
        self._budget = self._current = None


def size_of(places: Iterable[Place]) -> int | None:
    """Return the bytes of all files of the sources; none where one is a stream."""
    total = 0
    for place in places:
        if not isinstance(place, (str, os.PathLike)) or not (Path(place).is_file() or Path(place).is_dir()):
            return None
        total += Path(place).stat().st_size if Path(place).is_file() else _size(os.fspath(place))
    return total


def _size(folder: str) -> int:
    total = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                total += _size(entry.path)
            elif entry.is_file(follow_symlinks=False):
                total += entry.stat().st_size
    return total
