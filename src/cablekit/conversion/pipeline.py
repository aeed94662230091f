"""Batches through workers into a target: in order, and with no more in hand than keeps the workers at work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

from cablekit.conversion.work import crash, reject, results_of
from cablekit.errors import ConversionError

if TYPE_CHECKING:
    from cablekit.archive.store import Outcome
    from cablekit.conversion.batches import Batch
    from cablekit.conversion.target import Rejection, Result, Target, Work
    from cablekit.conversion.work import Bounds
    from cablekit.sources.record import Failure, Record


class Executor(Protocol):
    """What is needed of ``concurrent.futures.Executor``; that of Dask and others will do."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Have a function called somewhere."""
        ...


class Crew(Protocol):
    """Who does the work of a batch."""

    def submit(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        """Do it by and by."""
        ...


class Alone:
    """Does the work in this process, when it is given."""

    def __init__(self, bounds: Bounds) -> None:
        """Of the bounds, time is held to."""
        self._bounds = bounds

    def submit(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        """Do it now."""
        return _done(results_of(work, items, self._bounds.seconds))


class Hired:
    """Has the work done by somebody's executor.

    A batch that fails is done again record by record, and what fails alone is rejected.
    """

    def __init__(self, executor: Executor, bounds: Bounds) -> None:
        """Of the bounds, time is held to where the executor runs tasks in main threads."""
        self._executor = executor
        self._bounds = bounds

    def submit(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        """Hand it on."""
        return Again(self._hand_on, _failed, work, items)

    def _hand_on(self, work: Work, items: Sequence[Record | Failure]) -> Future[list[Result]]:
        try:
            return self._executor.submit(results_of, work, items, self._bounds.seconds)
        except Exception as error:
            what = f"takes no more work ({type(error).__name__}: {error})"
            raise ConversionError("executor", what, "run it again with another; what is written is kept") from error


def _failed(error: Exception) -> Rejection:
    """Return why a record is rejected that fails alone; raises what is not its fault."""
    if isinstance(error, ConversionError):
        raise error
    return crash(f"{type(error).__name__}: {error}")


class Again(Future[list["Result"]]):
    """The results of a batch; one that fails is done again record by record, and what fails alone is rejected."""

    def __init__(
        self,
        hand_on: Callable[[Work, Sequence[Record | Failure]], Future[list[Result]]],
        failed: Callable[[Exception], Rejection],
        work: Work,
        items: Sequence[Record | Failure],
    ) -> None:
        """Hand on the batch; ``failed`` says why a record that failed alone is rejected, or raises an error."""
        super().__init__()
        self._first = hand_on(work, items)
        self._hand_on = hand_on
        self._failed = failed
        self._work = work
        self._items = items

    def done(self) -> bool:
        """Tell whether the first try is over."""
        return self._first.done()

    def cancel(self) -> bool:
        """Give up, if nobody has begun."""
        return self._first.cancel()

    def result(self, timeout: float | None = None) -> list[Result]:
        """Return what came of it, or of the other tries."""
        try:
            return self._first.result(timeout)
        except Exception:
            return [result for item in self._items for result in self._alone(item)]

    def _alone(self, item: Record | Failure) -> list[Result]:
        try:
            return self._hand_on(self._work, [item]).result()
        except Exception as error:
            return [reject(self._work, item, self._failed(error))]


def run(
    batches: Iterable[Batch],
    target: Target,
    crew: Crew,
    *,
    ahead: int = 0,
    written: Callable[[Batch, list[Result], list[Outcome]], object] = lambda *_: None,
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Put batches into a target, in order; ``written`` is told of each. Return whether all went in.

    No more than ``ahead`` of them wait behind the one that is next. When it is time to ``stop``, those that nobody has
    begun with are left out.
    """
    in_hand: deque[tuple[Batch, Future[list[Result]]]] = deque()

    def write() -> None:
        batch, future = in_hand.popleft()
        results = future.result()
        written(batch, results, target.write(batch, results))

    for batch in batches:
        in_hand.append((batch, crew.submit(target.work, batch.items) if batch.items else _done([])))
        while in_hand and (len(in_hand) > ahead or in_hand[0][1].done()):
            write()
        if stop():
            break
    while in_hand:
        if stop() and in_hand[0][1].cancel():
            return False
        write()
    return not stop()


def _done(results: list[Result]) -> Future[list[Result]]:
    done: Future[list[Result]] = Future()
    done.set_result(results)
    return done
