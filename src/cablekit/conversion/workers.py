"""Worker processes, watched: one that ends or hangs is replaced, and the record that did it is rejected."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from cablekit.conversion.pipeline import Alone
from cablekit.conversion.work import crash, is_spent, out_of_time, reject
from cablekit.conversion.worker import receive, send
from cablekit.errors import ConversionError

if TYPE_CHECKING:
    from types import TracebackType

    from cablekit.conversion.pipeline import Crew
    from cablekit.conversion.target import Rejection, Result, Work
    from cablekit.conversion.work import Bounds
    from cablekit.sources.record import Failure, Record

_GRACE = 10.0
"""Seconds beyond its bound after which a worker that says nothing is taken to hang."""


class _Lost(Exception):
    """A worker ended, or was ended."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection[1])
        self.rejection = rejection


class _Worker:
    """One process."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.heard = time.monotonic()
        self.is_busy = True
        self._hangs = False
        command = [sys.executable, "-m", "cablekit.conversion.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            send(self._in, (sys.path, bounds.seconds, bounds.memory))
            receive(self._out)
        except (OSError, EOFError):
            self.end(at_once=False)
            how = _how(self._process.returncode)
            raise ConversionError("worker", f"cannot be started ({how})", "work without: --workers 0") from None

    @property
    def _in(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdin)

    @property
    def _out(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdout)

    def do(self, work: Work, items: Sequence[Record | Failure]) -> list[Result]:
        """Return the results of the items, or of those up to one that broke its bounds; raises `_Lost`."""
        self.heard = time.monotonic()
        self.is_busy = True
        try:
            send(self._in, (work, items))
            while (results := receive(self._out)) is None:
                self.heard = time.monotonic()
        except (OSError, EOFError):
            status = self._process.wait()
            raise _Lost(out_of_time(self._bounds.seconds) if self._hangs else crash(_how(status))) from None
        self.is_busy = False
        return cast("list[Result]", results)

    def watch(self) -> None:
        """End it if it hangs."""
        if self.is_busy and time.monotonic() - self.heard > self._bounds.seconds + _GRACE:
            self._hangs = True
            self._process.kill()

    def end(self, *, at_once: bool) -> None:
        """Let it go, or kill it."""
        if at_once:
            self._process.kill()
        with suppress(OSError):
            self._in.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with suppress(ValueError):
        name = signal.Signals(-status).name
        return f"{name}, perhaps for want of memory" if -status == signal.SIGKILL else name
    return f"signal {-status}"


class Workers:
    """So many worker processes; each is started when there is work for it.

    A batch in which a worker is lost is done again record by record; what is lost again, in a fresh worker and alone,
    is rejected.
    """

    def __init__(self, count: int, bounds: Bounds) -> None:
        """Start nothing yet."""
        self._bounds = bounds
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="cablekit-worker")
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._changing = threading.Lock()
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, name="cablekit-watch", daemon=True).start()

    def submit(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        """Do the work of a batch when a worker is free."""
        return self._threads.submit(self._results, work, items)

    def close(self, *, at_once: bool = False) -> None:
        """End all, ``at_once`` with what they are at."""
        self._is_over.set()
        with self._changing:
            ending = list(self._all)
        if at_once:
            for worker in ending:
                worker.end(at_once=True)
        self._threads.shutdown(cancel_futures=True)
        for worker in ending:
            worker.end(at_once=at_once)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all; an error ends them at once."""
        self.close(at_once=error is not None)

    def _results(self, work: Work, items: Sequence[Record | Failure]) -> list[Result]:
        results: list[Result] = []
        is_careful = False
        while len(results) < len(items):
            left = items[len(results) :]
            worker = self._take()
            started = time.monotonic()
            try:
                given = worker.do(work, left[:1] if is_careful else left)
            except _Lost as lost:
                self._drop(worker)
                if is_careful:
                    rejected = reject(work, left[0], lost.rejection)
                    results.append(rejected._replace(seconds=time.monotonic() - started))
                is_careful = True
                continue
            results += given
            if is_spent(given[-1]):
                self._drop(worker)
            else:
                self._idle.append(worker)
        return results

    def _take(self) -> _Worker:
        if self._is_over.is_set():
            raise ConversionError("worker", "is no longer there", "run the command again")
        with suppress(IndexError):
            return self._idle.pop()
        worker = _Worker(self._bounds)
        with self._changing:
            self._all.add(worker)
        return worker

    def _drop(self, worker: _Worker) -> None:
        with self._changing:
            self._all.discard(worker)
        worker.end(at_once=True)

    def _watch(self) -> None:
        while not self._is_over.wait(1):
            with self._changing:
                watched = list(self._all)
            for worker in watched:
                worker.watch()


@contextmanager
def own_crew(count: int, bounds: Bounds) -> Iterator[Crew]:
    """Give so many worker processes; 0: this one."""
    if count == 0:
        yield Alone(bounds)
        return
    with Workers(count, bounds) as crew:
        yield crew
