"""A dump into an archive, or into JSON: read, parse, write, and give an account of what became of each record."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from cablekit.archive.archive import Archive
from cablekit.conversion.archive import ArchiveTarget
from cablekit.conversion.batches import READING, Batch, Place, Reader, Reading, source_of
from cablekit.conversion.cluster import Cluster, ClusterCrew, connected, convert_parts
from cablekit.conversion.jsonl import FolderTarget, LinesTarget
from cablekit.conversion.log import Log
from cablekit.conversion.parts import PartsTarget, parts_given
from cablekit.conversion.pipeline import Hired, run
from cablekit.conversion.shard import Shard
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import DEFAULT as BOUNDS
from cablekit.conversion.work import Bounds, seldom_collected
from cablekit.conversion.workers import own_crew
from cablekit.errors import CablekitError, ConversionError, SourceError
from cablekit.export.storage import is_url
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.read import STDIN
from cablekit.sources.record import Record

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.archive.store import Outcome
    from cablekit.conversion.pipeline import Crew, Executor
    from cablekit.conversion.target import Result, Target

SAMPLE = 500
_SAMPLE_BYTES = 8_000_000
AHEAD = 2
"""Batches in hand for each worker: one that it is at, and one for which it need not wait."""

Form = Literal["archive", "jsonl", "parquet", "records"]


def convert(
    source: Place | Iterable[Place],
    output: str | os.PathLike[str],
    *,
    to: Form = "archive",
    glob: str | None = None,
    hidden: bool = False,
    exclude: Iterable[str] = (),
    since: datetime | None = None,
    limits: Limits = DEFAULT,
    collection: str = "",
    note: str = "",
    workers: int | None = None,
    executor: Executor | None = None,
    dask: str | None = None,
    shard: str | None = None,
    bounds: Bounds = BOUNDS,
    only_changed: bool = False,
    retry_rejected: bool = False,
    force: bool = False,
    log: str | os.PathLike[str] | None = None,
    progress: Callable[[Summary], object] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Put a dump, or several, into an archive, which is made if it is not there; return what became of the records.

    Sources, ``glob``, ``hidden``, ``exclude``, ``since`` and ``limits`` are those of `cablekit.read`. ``collection``
    and ``note`` are kept with where the records stood. ``to`` is ``archive``, or ``jsonl``: then ``output`` is a new
    file of JSON Lines, or a folder with a file for each cable; or ``parquet``: then it is a folder of Parquet parts, at
    a path or URL; or ``records``: parts too, of records that are not parsed.

    Records are parsed by so many ``workers``, processes of their own, one for each core unless told otherwise; 0 parses
    in this process. ``executor`` is somebody else to parse them, with the interface of ``concurrent.futures``; ``dask``
    is the address of a Dask cluster that does so, and parts to parts by itself. What comes of it is the same in any
    case. A record that asks for more than the ``bounds``, or ends its worker, is rejected. ``shard`` is ``3/16``, for
    example: of all records the third of 16 parts is converted; `cablekit.archive.rewrite.merge` joins the archives.

    Records are written in batches, so an interruption leaves an archive of whole batches, and the same call goes on
    from there: files that were read to their end and are unchanged, and records that are there, are skipped.
    ``only_changed`` takes a file for unchanged when its size and time of change are, ``retry_rejected`` parses records
    again that were rejected, ``force`` reads everything again and adds to an archive of other sources. When ``stop``
    says so, the conversion ends behind the batches that are being parsed; the summary is not ``complete`` then.
    ``progress`` is told how far things are, after each batch; ``log`` is a file that gets a line of JSON for each, and
    for each rejected record.

    Raises `SourceError` when a source is not there, `ArchiveError` when the archive cannot be made or written,
    `ConversionError` when the output is not for this, or the workers cannot work, and `ValueError` for an option that
    would have no effect.
    """
    output = os.fspath(output)
    places = _places(source)
    exclude = tuple(exclude)
    options = {
        "glob": glob,
        "hidden": hidden,
        "exclude": exclude,
        "since": since,
        "collection": collection,
        "note": note,
        "log": log,
        "only_changed": only_changed,
        "retry_rejected": retry_rejected,
    }
    parts = parts_to_parts(places, to, dask, shard)
    if idle := idle_option(options, to, are_parts=bool(parts)):
        raise ValueError("{} has no effect with {}".format(*idle))
    with connected(dask) as cluster:
        if cluster and parts:
            return convert_parts(
                parts,
                output,
                cluster,
                bounds=bounds,
                limits=limits,
                force=force,
                progress=progress,
                stop=stop,
            )
        summary = Summary(output if is_url(output) else Path(output))
        sources = named(places, collection, note)
        for place, _ in sources:
            _check_outside(output, place)
        part = None if shard is None else Shard.of(shard)
        reading = Reading(glob, hidden, exclude, since, limits, part, only_changed, retry_rejected, force)
        target = _target(output, to, sources, reading)
        try:
            with Log(log) as written_log:
                convert_to(
                    target,
                    sources,
                    summary,
                    reading=reading,
                    workers=0 if to == "records" else workers,  # there is nothing to do for them
                    executor=executor,
                    cluster=cluster,
                    bounds=bounds,
                    log=written_log,
                    progress=progress,
                    stop=stop,
                )
        except BaseException:
            # What an error left of a batch is whole records.
            with suppress(CablekitError):
                target.close()
            raise
        target.close()
    return summary


def parts_to_parts(places: Iterable[Place], to: str, dask: str | None, shard: str | None) -> list[str]:
    """Return the sources, if a cluster is to parse Parquet parts by itself; else nothing."""
    return parts_given(places) if dask and to == "parquet" and shard is None else []


def idle_option(options: Mapping[str, object], to: str, *, are_parts: bool) -> tuple[str, str] | None:
    """Return the name of an option that is given and would have no effect, and with what it has none."""
    for name, value in options.items():
        if value and are_parts and name in _OF_DUMPS:
            return name, "parts that a cluster parses"
        if value and to != "archive" and name in _OF_ARCHIVES:
            return name, f"output of the form {to}"
    return None


_OF_ARCHIVES = ("only_changed", "retry_rejected")
_OF_DUMPS = ("glob", "hidden", "exclude", "since", "collection", "note", "log", *_OF_ARCHIVES)


def convert_to(
    target: Target,
    sources: list[tuple[Place, Source]],
    summary: Summary,
    *,
    reading: Reading = READING,
    workers: int | None = None,
    executor: Executor | None = None,
    cluster: Cluster | None = None,
    bounds: Bounds = BOUNDS,
    log: Log | None = None,
    progress: Callable[[Summary], object] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Put sources into any target, counting in ``summary``; the target is finished, not closed. See `convert`."""
    started = time.monotonic()
    count = cluster.threads if cluster else (os.cpu_count() or 1) if workers is None else workers
    reader = Reader(target, reading)
    log = log or Log(None)
    summary.workers = count
    log.start(summary, [source for _, source in sources], count)

    def written(batch: Batch, results: list[Result], outcomes: list[Outcome]) -> None:
        summary.add(batch, results, outcomes)
        summary.seconds = time.monotonic() - started
        summary.position = reader.position
        log.batch(batch, results, outcomes, summary)
        if progress:
            progress(summary)

    def go_through(crew: Crew, ahead: int) -> bool:
        with seldom_collected():
            return run(reader.batches(sources, stop), target, crew, ahead=ahead, written=written, stop=stop)

    if executor is not None:
        summary.complete = go_through(Hired(executor, bounds), AHEAD * count)
    elif cluster is not None:
        summary.complete = go_through(ClusterCrew(cluster, bounds), AHEAD * count)
    else:
        with own_crew(count, bounds) as crew:
            summary.complete = go_through(crew, AHEAD * count)
    given = [source for _, source in sources]
    shard = reading.note_of_shard(given, reader.found, summary.found) if summary.complete else None
    target.finish(given, summary.outcomes, shard, complete=summary.complete)
    summary.seconds = time.monotonic() - started
    log.end(summary)


def named(source: Place | Iterable[Place], collection: str = "", note: str = "") -> list[tuple[Place, Source]]:
    """Return sources with what is kept of them; raises `SourceError` when one is not there."""
    places = _places(source)
    for place in places:
        if isinstance(place, (str, os.PathLike)) and place != STDIN and not Path(place).exists():
            raise SourceError(os.fspath(place), "is not there", "check the path")
    return [(place, source_of(place, collection, note)) for place in places]


def _places(source: Place | Iterable[Place]) -> list[Place]:
    """Return the sources one by one."""
    single = isinstance(source, (str, os.PathLike)) or hasattr(source, "read")
    return [cast("Place", source)] if single else list(cast("Iterable[Place]", source))


def _check_outside(output: str, place: Place) -> None:
    """Make sure that the output is not in a source; raises `ConversionError`."""
    if not isinstance(place, (str, os.PathLike)) or place == STDIN or not Path(place).is_dir():
        return
    if not is_url(output) and Path(output).resolve().is_relative_to(Path(place).resolve()):
        raise ConversionError(output, f"lies in the source {os.fspath(place)}", "give a place outside of it")


def _target(output: str, to: Form, sources: list[tuple[Place, Source]], reading: Reading) -> Target:
    """Open or make the output; raises `ConversionError` when it is not for these sources."""
    if to in ("parquet", "records"):
        return PartsTarget(output, parsed=to == "parquet", force=reading.force)
    path = Path(output)
    if to == "jsonl":
        return FolderTarget(path) if path.is_dir() or output.endswith(("/", os.sep)) else LinesTarget(path, reading)
    if not path.exists():
        return ArchiveTarget(Archive.create(path, _sample(sources, reading)), reading)
    archive = Archive.open(path, write=True)
    here = {source for source in archive.sources() if source[0]}
    if here and not reading.force and here.isdisjoint(source for _, source in sources):
        archive.close()
        told = "; ".join(sorted(" – ".join(filter(None, source)) for source in here)[:3])
        advice = "give another name, or add to it with --force"
        raise ConversionError(output, f"is an archive of other sources ({told})", advice)
    return ArchiveTarget(archive, reading)


def _sample(sources: list[tuple[Place, Source]], reading: Reading) -> Iterator[Record]:
    """Give the first records of what can be read twice: they show what a new archive will hold."""
    count = size = 0
    for place, _ in sources:
        if not isinstance(place, (str, os.PathLike)) or not (Path(place).is_file() or Path(place).is_dir()):
            continue
        for item in reading.read(place):
            if isinstance(item, Record):
                yield item
                count += 1
                size += len(item.data)
                if count >= SAMPLE or size >= _SAMPLE_BYTES:
                    return
