"""What happens in a worker: one record after the other, each within its bounds."""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cablekit.sources.limits import MIB
from cablekit.sources.record import Failure

if TYPE_CHECKING:
    from cablekit.conversion.target import Rejection, Result, Work
    from cablekit.sources.record import Record


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one record may ask for before it is rejected. The defaults are far above what real cables need."""

    seconds: float = 60.0
    memory: int = 1024 * MIB
    """Bytes that a worker may take beside what it has; held to on Linux."""


DEFAULT = Bounds()

_SELDOM = 20_000, 50, 100
"""When Python looks for cycles of objects: there are hardly any, and looking takes long."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Have Python look for unreachable cycles less often than it does by itself."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def work_through(work: Work, items: Iterable[Record | Failure], seconds: float) -> Iterator[Result]:
    """Give the result of one record after the other; one that breaks its bounds is rejected."""
    with _alarm() as ring_in:
        for item in items:
            started = time.perf_counter()
            try:
                try:
                    ring_in(seconds)
                    result = work(item)
                finally:
                    ring_in(0)
            except _OutOfTime:
                result = reject(work, item, out_of_time(seconds))
            except MemoryError:
                result = reject(work, item, OUT_OF_MEMORY)
            except Exception as error:
                # One that fails must not end the conversion of a million others.
                result = reject(work, item, _fault(error))
            yield result._replace(seconds=time.perf_counter() - started)


def reject(work: Work, item: Record | Failure, rejection: Rejection) -> Result:
    """Return the result of a record that could not be parsed; a failure is what it is."""
    return work(item) if isinstance(item, Failure) else work.reject(item, rejection)


def results_of(work: Work, items: Sequence[Record | Failure], seconds: float) -> list[Result]:
    """Return the results of a batch: what is given to an executor that knows nothing of cablekit."""
    return list(work_through(work, items, seconds))


def is_spent(result: Result) -> bool:
    """Tell whether a record broke its bounds, so that the state of the process that parsed it is in doubt."""
    return result.rejection is not None and result.rejection[0] in (_TIME, _MEMORY)


class _OutOfTime(BaseException):
    """No ``except Exception`` on the way may take it for something else."""


@contextmanager
def _alarm() -> Iterator[Callable[[float], object]]:
    """Give what has `_OutOfTime` raised in so many seconds, 0: never; where system or thread has no alarm, nothing."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield lambda _: None
        return

    def end(*_: Any) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, end)
    try:
        yield partial(signal.setitimer, signal.ITIMER_REAL)
    finally:
        signal.signal(signal.SIGALRM, before)


# ---- why records are rejected -------------------------------------------------------------------------------------

_TIME = "time"
_MEMORY = "memory"
OUT_OF_MEMORY: Rejection = (
    _MEMORY,
    "needs more memory than one record may take",
    "try again with more: --retry-rejected --record-memory SIZE",
)


def out_of_time(seconds: float) -> Rejection:
    """Return the rejection of a record that takes longer than it may."""
    return (
        _TIME,
        f"takes longer than {seconds:g} seconds",
        "try again with more: --retry-rejected --record-seconds NUMBER",
    )


def crash(how: str) -> Rejection:
    """Return the rejection of a record whose worker ended."""
    return "crash", f"ends the process that parses it ({how})", "report it, with the record if possible"


def _fault(error: Exception) -> Rejection:
    return "fault", f"cannot be parsed: {type(error).__name__}: {error}", "report it, with the record if possible"
