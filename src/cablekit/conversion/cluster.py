"""A Dask cluster as crew: its workers parse what they are sent, or whole Parquet parts that they read and write.

On the worker each record is parsed in a process beside it, within bounds of time and memory, so no record can end a
worker of the cluster; what does is the machine, and then the task is done by another one.
"""

from __future__ import annotations

import atexit
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, cast

from cablekit.archive.store import Outcome
from cablekit.build.parser import parser
from cablekit.conversion.parts import OnePart, check_complete, cut, locked, open_part
from cablekit.conversion.pipeline import Again, run
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import DEFAULT as BOUNDS
from cablekit.conversion.work import Bounds, crash
from cablekit.conversion.workers import Workers
from cablekit.errors import ConversionError, PlacedError, SourceError
from cablekit.export import storage
from cablekit.export.parquet import new_part
from cablekit.sources.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from cablekit.conversion.batches import Batch
    from cablekit.conversion.target import Rejection, Result, Work
    from cablekit.sources.parquet import Facts
    from cablekit.sources.record import Failure, Record

RETRIES = 3
"""How often a task is done again that failed."""
LOSSES = 2
"""How often a part is done again at which so many workers were lost that the scheduler gave it up."""
TIMEOUT = 10.0
"""Seconds to wait for the scheduler, and for its first worker."""
_SAME = "install the same versions of cablekit, distributed and Python on client, scheduler and workers"


class Cluster:
    """A connection to a Dask scheduler and the workers that it has. Close it, or use it in a ``with`` statement."""

    def __init__(self, address: str, *, timeout: float = TIMEOUT) -> None:
        """Connect, and make sure that all have the same versions; raises `ConversionError`."""
        try:
            distributed = import_module("distributed")
        except ImportError:
            advice = "install what talks to it: pip install 'cablekit[dask]'"
            raise ConversionError(address, "is a Dask cluster", advice) from None
        self.address = address
        self._killed = distributed.KilledWorker
        try:
            with warnings.catch_warnings():
                # (What it would say, in a table, is said below in a line.)
                warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
                self._client = distributed.Client(address, timeout=timeout, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            advice = "check the address, and that the scheduler runs and can be reached from here"
            raise ConversionError(address, f"no Dask scheduler answers ({type(error).__name__})", advice) from None
        self._executor = self._client.get_executor(pure=False, retries=RETRIES)
        try:
            self._check(timeout)
        except BaseException:
            self.close()
            raise

    def _check(self, timeout: float) -> None:
        """Raise `ConversionError` when there is no worker, or not the same software everywhere."""
        try:
            self._client.wait_for_workers(1, timeout)
        except TimeoutError:
            raise ConversionError(self.address, "has no workers", "start some: dask worker ADDRESS") from None
        known = self._client.get_versions()
        here = _versions(known["client"])
        for name, one in {"the scheduler": known["scheduler"], **known["workers"]}.items():
            if _versions(one) != here:
                raise ConversionError(self.address, f"{name} has {_versions(one)}, this is {here}", _SAME)
        try:
            found = self._client.run(parser)
        except Exception as error:
            what = f"has workers that cannot run cablekit ({type(error).__name__}: {error})"
            raise ConversionError(self.address, what, _SAME) from None
        for worker, versions in found.items():
            if versions != parser():
                raise ConversionError(worker, _other(versions, parser()), _SAME)

    @property
    def threads(self) -> int:
        """Of all workers: so many tasks can be done at a time."""
        return sum(self._client.nthreads().values()) or 1

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a function called by a worker, and again if it fails; it is told which parser there must be first."""
        return cast("Future[Any]", self._executor.submit(_Checked(task, parser()), *arguments))

    def explained(self, error: Exception) -> ConversionError:
        """Return what to say when a task failed for good."""
        if isinstance(error, PlacedError):
            return ConversionError(error.where, error.what, error.advice)
        why = " ".join(f"{type(error).__name__}: {error}".split())
        advice = "see the logs of scheduler and workers; the same command goes on where this one ended"
        return ConversionError(self.address, f"has not done a task ({why[:300]})", advice)

    def is_loss(self, error: Exception) -> bool:
        """Tell whether a task failed because one worker after the other was lost that was at it."""
        return isinstance(error, self._killed)

    def close(self) -> None:
        """Let it go; the cluster stays."""
        self._client.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


@contextmanager
def connected(address: str | None) -> Iterator[Cluster | None]:
    """Give a connection to a cluster, where there is an address of one."""
    if address is None:
        yield None
        return
    with Cluster(address, timeout=TIMEOUT) as cluster:
        yield cluster


class ClusterCrew:
    """Sends batches to a cluster.

    A batch at which one worker after the other was lost is done again record by record; a record of which that is true
    alone is rejected.
    """

    def __init__(self, cluster: Cluster, bounds: Bounds) -> None:
        """Hold each record to its bounds."""
        self._cluster = cluster
        self._bounds = bounds

    def submit(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        """Hand it on."""
        return Again(self._hand_on, self._failed, work, items)

    def _hand_on(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        return self._cluster.submit(_results, work, items, self._bounds)

    def _failed(self, error: Exception) -> Rejection:
        if not self._cluster.is_loss(error):
            raise self._cluster.explained(error) from None
        return crash("the workers of the cluster that were at it were lost")


def convert_parts(
    parts: Iterable[str],
    output: str,
    cluster: Cluster,
    *,
    bounds: Bounds = BOUNDS,
    limits: Limits = DEFAULT,
    force: bool = False,
    partial: bool = False,
    progress: Callable[[Summary], object] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Have a cluster parse Parquet parts into a folder of parts of readings; return what became of the records.

    The workers read and write the parts themselves, so both places must be reached from all of them. Part 7 of what is
    written has the records of the seventh part that is read; what is there of them is not made again, unless with
    ``force``. Raises `SourceError` when something is wrong with a part, `ConversionError` when the output cannot be
    made or the cluster cannot go on; then the same call goes on from there.
    """
    places = [storage.absolute(one) for one in parts]
    output = storage.absolute(output)
    urls = storage.parts_of(places)
    facts = {url: _facts(url, limits) for url in urls}
    if not partial:
        check_complete(places, facts)
    summary = Summary(output)
    started = time.monotonic()
    with locked(output):
        due: deque[_Task] = deque()
        for number, url in enumerate(urls, 1):
            target = storage.part_url(output, number)
            if not force and _is_there(target, facts[url]):
                summary.outcomes[Outcome.SKIPPED] += facts[url].rows
            else:
                due.append(_Task(url, target))
        beyond = next((one for one in storage.parts_in(output) if (storage.number_of(one) or 0) > len(urls)), None)
        if beyond:
            raise ConversionError(beyond, "is of other parts than those given", "give another folder")
        for done in _all(due, cluster, bounds, limits, stop):
            summary.include(done)
            summary.seconds = time.monotonic() - started
            if progress:
                progress(summary)
        storage.sweep(output)
    summary.complete = summary.found == sum(one.rows for one in facts.values())
    if not summary.complete and not stop():
        raise ConversionError(output, f"has {summary.found:,} records, which are not all", "make it anew with --force")
    summary.seconds = time.monotonic() - started
    return summary


@dataclass(slots=True)
class _Task:
    """A part that is to be made."""

    source: str
    target: str
    losses: int = 0
    """How often it was given up because workers were lost."""


def _all(
    due: deque[_Task], cluster: Cluster, bounds: Bounds, limits: Limits, stop: Callable[[], bool]
) -> Iterator[Summary]:
    """Give what became of each part, in the order in which they are done; no more are in hand than keep all busy."""
    in_hand: dict[Future[Summary], _Task] = {}
    try:
        while in_hand or (due and not stop()):
            while due and len(in_hand) < 2 * cluster.threads and not stop():
                task = due.popleft()
                in_hand[cluster.submit(_convert_part, task.source, task.target, bounds, limits)] = task
            for future in wait(in_hand, timeout=1, return_when=FIRST_COMPLETED).done:
                task = in_hand.pop(future)
                try:
                    yield future.result()
                except Exception as error:
                    task.losses += 1
                    if not cluster.is_loss(error) or task.losses > LOSSES:
                        raise cluster.explained(error) from None
                    due.append(task)
    finally:
        for future in in_hand:
            future.cancel()


def _facts(url: str, limits: Limits = DEFAULT) -> Facts:
    with open_part(url, limits) as part:
        return part.facts


def _is_there(url: str, of: Facts) -> bool:
    """Tell whether a part has been made of another; raises `ConversionError` when what is there is something else."""
    if not storage.exists(url):
        return False
    advice = "give another folder, or make all parts anew with --force"
    try:
        found = _facts(url)
    except SourceError as error:
        raise ConversionError(url, error.what, advice) from None
    if (found.parser, found.records, found.last) != (parser(), of.records, of.last):
        raise ConversionError(url, "is of other records, or was read by another cablekit", advice)
    return True


def _versions(known: dict[str, dict[str, str]]) -> str:
    """Say which distributed and which Python somebody has, as far as it matters that they are the same."""
    packages = (known or {}).get("packages") or {}
    python = ".".join(str(packages.get("python")).split(".")[:2])
    return f"distributed {packages.get('distributed')} on Python {python}"


def _other(versions: tuple[str, str, str], expected: tuple[str, str, str]) -> str:
    names = "cablekit", "JSON", "grammar"
    pairs = zip(names, versions, expected, strict=True)
    said = (f"{name} {there[:12]} instead of {here[:12]}" for name, there, here in pairs if there != here)
    return f"has another parser: {', '.join(said)}"


# ---- what the workers do ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Checked:
    """A task for workers of one version only: one may have joined the cluster after the others were asked."""

    task: Callable[..., Any]
    parser: tuple[str, str, str]

    def __call__(self, *arguments: Any) -> Any:
        """Do it; raises `ConversionError`."""
        if parser() != self.parser:
            raise ConversionError("a worker of the cluster", _other(parser(), self.parser), _SAME)
        return self.task(*arguments)


@cache
def _crew(bounds: Bounds) -> Workers:
    """Return the processes beside this worker of a cluster in which records are parsed."""
    threads = import_module("distributed").get_worker().state.nthreads
    crew = Workers(threads, bounds)
    atexit.register(crew.close, at_once=True)
    return crew


def _results(work: Work, items: Sequence[Record | Failure], bounds: Bounds) -> list[Result]:
    """Parse what was sent."""
    return _crew(bounds).submit(work, items).result()


def _convert_part(source: str, target: str, bounds: Bounds, limits: Limits) -> Summary:
    """Read a part, parse it and write it, all here: only the names have travelled."""
    summary = Summary(target)
    with open_part(source, limits) as part, new_part(target, parsed=True) as writer:
        writer.last, writer.shard = part.facts.last, part.facts.shard
        to = OnePart(writer)

        def written(batch: Batch, results: list[Result], outcomes: list[Outcome]) -> None:
            summary.add(batch, results, outcomes)

        run(cut(part.items(), to), to, _crew(bounds), ahead=1, written=written)
    return summary
