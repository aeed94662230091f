"""An archive from Parquet parts: what was read elsewhere is put in, in their order, without parsing again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive.archive import NO_SOURCE, Archive
from cablekit.archive.shards import EVENT, ShardNote, check, notes
from cablekit.build.parser import parser
from cablekit.conversion.archive import ArchiveTarget
from cablekit.conversion.convert import AHEAD, SAMPLE
from cablekit.conversion.parts import check_complete, cut, open_part
from cablekit.conversion.pipeline import run
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import DEFAULT as BOUNDS
from cablekit.conversion.work import Bounds
from cablekit.conversion.workers import own_crew
from cablekit.errors import ArchiveError, ConversionError, SourceError
from cablekit.export import storage
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.parquet import NAME
from cablekit.sources.record import Provenance, Record

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.archive.store import Outcome
    from cablekit.conversion.batches import Batch
    from cablekit.conversion.target import Result
    from cablekit.sources.parquet import Facts
    from cablekit.sources.record import Failure


def build(
    parts: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    reparse: bool = False,
    partial: bool = False,
    limits: Limits = DEFAULT,
    workers: int | None = None,
    bounds: Bounds = BOUNDS,
    progress: Callable[[int, int], object] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Put Parquet parts into an archive, which is made if it is not there; return what became of the records.

    ``parts`` are files, folders, patterns and URLs. The archive is that of a direct conversion of the same sources. It
    is filled by so many ``workers``, processes of their own; the same call goes on after an interruption.

    Parts that this cablekit has not read, and records that were not parsed at all, are parsed with ``reparse`` and
    refused without it. Folders that lack parts, or their end, and shards that lack others are taken with ``partial``
    only; one shard alone gives an archive that is to be merged with the others. A damaged row is rejected.
    ``progress`` is told how many of how many rows are done. Raises `SourceError` when something is wrong with a part,
    `ArchiveError` when the archive cannot be written.
    """
    given = [parts] if isinstance(parts, (str, os.PathLike)) else list(parts)
    places = [os.fspath(one) for one in given]
    urls = storage.parts_of(places)
    facts = {url: _facts(url, limits, reparse) for url in urls}
    shards = list(_shards(facts))
    if not partial:
        check_complete(places, facts)
        _check_shards(shards, facts)
    total = sum(one.rows for one in facts.values())
    summary = Summary(Path(output))
    started = time.monotonic()
    count = (os.cpu_count() or 1) if workers is None else workers

    def written(batch: Batch, results: list[Result], outcomes: list[Outcome]) -> None:
        summary.add(batch, results, outcomes)
        summary.seconds = time.monotonic() - started
        if progress:
            progress(summary.found, total)

    with _archive(summary, urls, limits) as archive:
        target = ArchiveTarget(archive)
        batches = cut(_items(urls, limits), target)
        with own_crew(count, bounds) as crew:
            summary.complete = run(batches, target, crew, ahead=AHEAD * count, written=written, stop=stop)
        if summary.complete and summary.found != total:
            what = f"gave {summary.found:,} records, and say that they have {total:,}"
            raise ConversionError("the parts", what, "make them again")
        if summary.complete:
            for url in urls:
                archive.settle(NO_SOURCE, _place(url))
        target.finish([], summary.outcomes, None, complete=summary.complete)
        if summary.complete and (partial or len(shards) == 1):
            # What is there is not all, and who merges it with the rest is to know.
            known = list(notes(archive.connection))
            for _, note in shards:
                if note not in known:
                    archive.note(EVENT, **asdict(note))
    summary.seconds = time.monotonic() - started
    return summary


def _facts(url: str, limits: Limits, reparse: bool) -> Facts:
    """Return what a part says of itself; raises `SourceError` when it would have to be parsed, and should not be."""
    with open_part(url, limits) as part:
        facts = part.facts
    if facts.parser != parser() and not reparse:
        if facts.parser is None:
            raise SourceError(url, "holds records that were not parsed", "parse them with --reparse")
        versions = f"version {facts.parser[0]}, JSON {facts.parser[1]}, grammar {facts.parser[2][:12]}"
        advice = "build with that cablekit, or parse again with --reparse"
        raise SourceError(url, f"was read by another cablekit ({versions})", advice)
    return facts


def _shards(facts: Mapping[str, Facts]) -> Iterator[tuple[str, ShardNote]]:
    """Give what parts say of the shard that they and those beside them are; raises `SourceError`."""
    for url, one in facts.items():
        if one.shard:
            try:
                yield url, ShardNote.of(one.shard)
            except (TypeError, KeyError):
                raise SourceError(url, "does not say which shard it is of", "make the shard again") from None


def _check_shards(shards: Sequence[tuple[str, ShardNote]], facts: Mapping[str, Facts]) -> None:
    """Raise `SourceError` where a shard has other records than it says, or several are not all that there are."""
    for url, note in shards:
        folder = url.rpartition("/")[0]
        rows = sum(one.rows for other, one in facts.items() if other.rpartition("/")[0] == folder)
        if rows != note.own:
            what = f"is of a shard of {note.own:,} records, of which {rows:,} are there"
            raise SourceError(url, what, "make the shard again, or take what is there with --partial")
    if len(shards) > 1:
        try:
            check((Path(url), [note]) for url, note in shards)
        except ArchiveError as error:
            raise SourceError(error.where, error.what, error.advice) from None


def _items(urls: Iterable[str], limits: Limits) -> Iterator[tuple[Source, Record | Failure]]:
    """Give what is in parts; a damaged row gives a failure."""
    for url in urls:
        with open_part(url, limits) as part:
            yield from part.items(Provenance(_place(url), kind=NAME), by_row=True)


def _place(url: str) -> str:
    """Return what is kept of the place of a part: its name, and that of its folder."""
    return "/".join(url.split("/")[-2:])


def _archive(summary: Summary, urls: Sequence[str], limits: Limits) -> Archive:
    """Open or make the archive; the first records show what a new one will hold."""
    path = Path(summary.output)
    if path.exists():
        return Archive.open(path, write=True)
    records = (item for _, item in _items(urls, limits) if isinstance(item, Record))
    return Archive.create(path, islice(records, SAMPLE))
