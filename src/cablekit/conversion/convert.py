"""A dump into an archive: read, parse, write, and give an account of what became of each record."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cablekit.archive.archive import Archive
from cablekit.conversion.archive import ArchiveTarget
from cablekit.conversion.batches import Batch, Place, batches
from cablekit.conversion.pipeline import Alone, Hired, ahead, run
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import Bounds
from cablekit.conversion.workers import Workers
from cablekit.errors import SourceError
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.read import STDIN, read
from cablekit.sources.record import Record

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.archive.store import Outcome
    from cablekit.conversion.pipeline import Executor
    from cablekit.conversion.target import Result

_SAMPLE = 500
_SAMPLE_BYTES = 8_000_000


def convert(
    source: Place | Iterable[Place],
    output: str | os.PathLike[str],
    *,
    glob: str | None = None,
    hidden: bool = False,
    limits: Limits = DEFAULT,
    collection: str = "",
    note: str = "",
    workers: int | None = None,
    executor: Executor | None = None,
    bounds: Bounds = Bounds(),
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Put a dump, or several, into an archive, which is made if it is not there; return what became of the records.

    Sources, ``glob``, ``hidden`` and ``limits`` are those of `cablekit.read`. ``collection`` and ``note`` are kept with
    where the records stood. Records are parsed by so many ``workers``, processes of their own, one for each core unless
    told otherwise; 0 parses in this process. ``executor`` is somebody else to parse them, with the interface of
    ``concurrent.futures``. The archive is the same in any case. ``progress`` is told how far things are, after each
    batch.

    Records are written in batches, so an interruption leaves an archive of whole batches, and the same call goes on
    from there: what is in the archive is skipped. Raises `SourceError` when a source is not there, `ArchiveError` when
    the archive cannot be made or written, `ConversionError` when the workers cannot work.
    """
    single = isinstance(source, (str, os.PathLike)) or hasattr(source, "read")
    sources = [cast("Place", source)] if single else list(cast("Iterable[Place]", source))
    for one in sources:
        if isinstance(one, (str, os.PathLike)) and one != STDIN and not Path(one).exists():
            raise SourceError(os.fspath(one), "is not there", "check the path")
    summary = Summary(Path(output))
    started = time.monotonic()

    def given() -> Iterator[Batch]:
        number = 1
        for one in sources:
            named: Source = (_name(one), collection, note)
            for batch in batches(read(one, glob=glob, hidden=hidden, limits=limits), named, number):
                yield batch
                number = batch.number + 1

    def written(batch: Batch, results: list[Result], outcomes: list[Outcome]) -> None:
        summary.add(batch, results, outcomes)
        summary.seconds = time.monotonic() - started
        if progress:
            progress(summary)

    archive, items = _open(summary.output, given())
    with archive:
        count = (os.cpu_count() or 1) if workers is None else workers
        target = ArchiveTarget(archive)
        if executor is not None:
            run(items, target, Hired(executor, bounds), ahead=ahead(count), written=written)
        elif count:
            with Workers(count, bounds) as crew:
                run(items, target, crew, ahead=ahead(count), written=written)
        else:
            run(items, target, Alone(bounds), written=written)
        if summary.archived or summary.duplicates or summary.rejected:
            archive.note("converted", sources=[_name(one) for one in sources], records=dict(summary.outcomes))
            archive.optimise()
    summary.complete = True
    summary.seconds = time.monotonic() - started
    return summary


def _open(output: Path, items: Iterator[Batch]) -> tuple[Archive, Iterator[Batch]]:
    """Return the archive to write to, and all items: the first ones show what a new archive will hold."""
    if output.exists():
        return Archive.open(output, write=True), items
    first = []
    sample: list[Record] = []
    size = 0
    for batch in items:
        first.append(batch)
        records = [item for item in batch.items if isinstance(item, Record)]
        sample += records
        size += sum(len(item.data) for item in records)
        if len(sample) >= _SAMPLE or size >= _SAMPLE_BYTES:
            break
    return Archive.create(output, sample), chain(first, items)


def _name(source: Place) -> str:
    """Return the last part of a source's path."""
    if isinstance(source, (str, os.PathLike)):
        return STDIN if source == STDIN else Path(source).resolve().name
    return STDIN
