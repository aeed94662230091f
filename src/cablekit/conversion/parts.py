"""A folder of Parquet parts as target of a conversion: of records as they came, or of what they were read as."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive.lock import WriterLock
from cablekit.archive.store import Outcome
from cablekit.build.parser import parser
from cablekit.conversion.batches import Batch, Pile
from cablekit.conversion.target import Result
from cablekit.errors import ConversionError, SourceError
from cablekit.export import storage
from cablekit.export.parquet import PartWriter, new_part, reading_row, record_row, rejected_row
from cablekit.sources.failures import StreamError
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.parquet import Key, Part, key
from cablekit.sources.record import Failure, Record

if TYPE_CHECKING:
    from cablekit.archive.shards import ShardNote
    from cablekit.conversion.target import Rejection, Target
    from cablekit.sources.parquet import Facts, Source

PART = 32_000_000
"""Bytes of the records in a part, about."""


@dataclass(frozen=True, slots=True)
class PartWork:
    """Makes the row of a record."""

    parsed: bool

    def __call__(self, item: Record | Failure) -> Result:
        """Parse a record, where rows are readings."""
        row = reading_row(item) if self.parsed else record_row(item)
        reason = row.get("reason")
        return Result(
            row,
            row.get("size", 0),
            row.get("layout"),
            row.get("year"),
            tuple(row.get("diagnostics", ())),
            (reason, row["message"], row["advice"]) if reason else None,
        )

    def reject(self, record: Record, rejection: Rejection) -> Result:
        """Return the row of a record that is kept unread."""
        return Result(rejected_row(record, rejection), len(record.data), rejection=rejection)


@contextmanager
def open_part(url: str, limits: Limits = DEFAULT) -> Iterator[Part]:
    """Open a part at a path or URL; raises `SourceError` where it is none, or is not whole."""
    try:
        with storage.opened(url) as stream:
            yield Part(stream, limits)
    except StreamError as error:
        raise SourceError(url, error.message, error.advice) from None


def check_complete(places: Sequence[str], facts: Mapping[str, Facts]) -> None:
    """Raise `SourceError` for a folder of parts that was not written to its end, or lacks some."""
    for place in places:
        here = [url for url in storage.parts_in(place) if url in facts] if storage.is_folder(place) else []
        numbers = [storage.number_of(url) for url in here]
        if not here:
            continue
        missing = next((number for number in range(1, (numbers[-1] or 0) + 1) if number not in set(numbers)), None)
        advice = "finish the conversion that makes it, or take what is there with --partial"
        if missing is not None:
            raise SourceError(place, f"lacks part {missing}", advice)
        if not facts[here[-1]].last:
            raise SourceError(place, "lacks its end: the conversion that makes it is not finished", advice)


def parts_given(places: Iterable[object]) -> list[str]:
    """Return places as they are if all are Parquet parts or folders of them; else nothing."""
    named = [os.fspath(place) if isinstance(place, os.PathLike) else place for place in places]
    given = [place for place in named if isinstance(place, str)]
    are_parts = (
        storage.is_url(one) or storage.number_of(one) or (Path(one).is_dir() and storage.parts_in(one)) for one in given
    )
    return given if len(given) == len(named) and all(are_parts) else []


def cut(items: Iterable[tuple[Source, Record | Failure]], target: Target) -> Iterator[Batch]:
    """Cut the rows of parts into batches of one source each, leaving out what the target has."""
    pile = Pile()
    source: Source = ("", "", "")
    for named, item in items:
        if pile.is_full or (named != source and not pile.is_empty):
            yield pile.take(source)
        source = named
        if target.standing(item, named):
            pile.skipped += 1
        else:
            pile.add(item)
    if not pile.is_empty:
        yield pile.take(source)


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold off other writers of a folder of parts, which is made; at a URL nobody can. Raises `ConversionError`."""
    if storage.is_url(folder):
        yield
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConversionError(folder, f"cannot be made ({error.strerror})", "give another folder") from None
    lock = WriterLock(Path(folder, "parts"))
    try:
        yield
    finally:
        lock.release()


class OnePart:
    """Writes all it gets into one part of readings, which somebody else ends."""

    keeps_files = False
    work = PartWork(parsed=True)

    def __init__(self, part: PartWriter) -> None:
        """Write to a part."""
        self._part = part

    def file(self, *_: object) -> None:
        """Every file is read."""

    def standing(self, *_: object) -> None:
        """Every record is parsed."""

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Write the rows of a batch."""
        for item, result in zip(batch.items, results, strict=True):
            self._part.add(batch.source, item, result.content, result.seconds)
        return [Outcome.REJECTED if result.rejection else Outcome.ARCHIVED for result in results]

    def finish(self, *_: object, complete: bool) -> None:
        """Leave it to others."""

    def close(self) -> None:
        """Leave it to others."""


class PartsTarget:
    """Writes part after part; each has its name when it is whole.

    What is there of the same conversion stays, and is not made again: the records of the sources are compared with
    those of the parts, one by one, until these end. So what an interruption costs is the part that was being written.
    """

    keeps_files = False

    def __init__(self, folder: str, *, parsed: bool, force: bool = False) -> None:
        """Write to a folder, which is made; ``force`` makes all parts anew. Raises `ConversionError`."""
        self._folder = folder
        self.work = PartWork(parsed)
        self._open = ExitStack()
        self._part: PartWriter | None = None
        self._writing = ExitStack()
        self._is_ended = False
        self._open.enter_context(locked(folder))
        try:
            there = self._found(force)
            self._known = self._keys(there)
            self._next = next(self._known, None)
        except BaseException:
            self._open.close()
            raise
        self._number = len(there)
        """Of the last part that is whole."""

    def _found(self, force: bool) -> list[str]:
        """Return the parts that are there already; raises `ConversionError`."""
        storage.sweep(self._folder)
        there = storage.parts_in(self._folder)
        if force:
            for one in there:
                storage.remove(one)
            return []
        if there and storage.number_of(there[-1]) != len(there):
            raise ConversionError(self._folder, "lacks some of its parts", "make them anew with --force")
        return there

    def file(self, *_: object) -> None:
        """Every file is read."""

    def standing(self, item: Record | Failure, source: Source) -> Outcome | None:
        """Tell whether a record is in a part that was there when this began; raises `ConversionError`."""
        if self._next is None:
            return None
        if self._next != key(source, item):
            raise self._other()
        self._next = next(self._known, None)
        return Outcome.ARCHIVED

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Write the rows of a batch."""
        for item, result in zip(batch.items, results, strict=True):
            if self._part and self._part.size >= PART:
                self._end()
            self._begun().add(batch.source, item, result.content, result.seconds)
        return [Outcome.REJECTED if result.rejection else Outcome.ARCHIVED for result in results]

    def finish(self, _: object, __: object, shard: ShardNote | None, *, complete: bool) -> None:
        """End the part that is being written; the last one says that it is, and what shard the parts are."""
        if not complete:
            return
        if self._next is not None:
            raise self._other()
        if self._part or not self._is_ended:
            last = self._begun()
            last.last, last.shard = True, asdict(shard) if shard else None
            self._end()

    def close(self) -> None:
        """Keep what was written."""
        with self._open:
            self._end()

    def _begun(self) -> PartWriter:
        """Return the part that is being written."""
        if self._part is None:
            part = new_part(storage.part_url(self._folder, self._number + 1), parsed=self.work.parsed)
            self._part = self._writing.enter_context(part)
        return self._part

    def _end(self) -> None:
        """Give the part that is being written its name."""
        if self._part is not None:
            self._part = None
            self._number += 1
            self._writing.close()

    def _keys(self, there: Sequence[str]) -> Iterator[Key]:
        """Give what the rows of the parts are known by; raises `ConversionError`."""
        for url in there:
            try:
                with open_part(url) as part:
                    if part.facts.parser != (parser() if self.work.parsed else None):
                        what = "was made by another cablekit" if part.facts.parser else "holds records, not readings"
                        if part.facts.parser and not self.work.parsed:
                            what = "holds readings, not records"
                        raise ConversionError(url, what, "give another folder, or make all parts anew with --force")
                    yield from part.keys()
                    self._is_ended = part.facts.last
            except SourceError as error:
                raise ConversionError(url, error.what, "make all parts anew with --force") from None

    def _other(self) -> ConversionError:
        what = "has parts with other records than the sources give now"
        return ConversionError(self._folder, what, "give another folder, or make all parts anew with --force")
