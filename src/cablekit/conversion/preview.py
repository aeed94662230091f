"""What a conversion would find: everything is read and parsed, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive.store import Outcome
from cablekit.conversion.batches import Place, Reading
from cablekit.conversion.convert import convert_to, named
from cablekit.conversion.jsonl import JsonWork
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import DEFAULT as BOUNDS
from cablekit.conversion.work import Bounds
from cablekit.sources.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cablekit.conversion.batches import Batch
    from cablekit.conversion.target import Rejection, Result
    from cablekit.sources.record import Failure, Record


@dataclass(frozen=True, slots=True)
class _Count:
    """Parses records and keeps what is counted."""

    def __call__(self, item: Record | Failure) -> Result:
        return JsonWork()(item)._replace(content=None)

    def reject(self, record: Record, rejection: Rejection) -> Result:
        return JsonWork().reject(record, rejection)


class _Nothing:
    """Takes everything and keeps nothing."""

    keeps_files = False
    work = _Count()

    def file(self, *_: object) -> None:
        """Nothing is known."""

    def standing(self, *_: object) -> None:
        """Nothing is known."""

    def write(self, _: Batch, results: Sequence[Result]) -> list[Outcome]:
        return [Outcome.REJECTED if result.rejection else Outcome.ARCHIVED for result in results]

    def finish(self, *_: object, complete: bool) -> None:
        """There is nothing to be finished."""

    def close(self) -> None:
        """There is nothing to be closed."""


def preview(
    source: Place | Iterable[Place],
    *,
    glob: str | None = None,
    hidden: bool = False,
    exclude: Iterable[str] = (),
    since: datetime | None = None,
    limits: Limits = DEFAULT,
    workers: int | None = None,
    bounds: Bounds = BOUNDS,
    progress: Callable[[Summary], object] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Count what `cablekit.convert` would put into a new archive; bytes that occur twice are counted twice.

    Raises `SourceError` when a source is not there.
    """
    summary = Summary(Path(os.devnull))
    convert_to(
        _Nothing(),
        named(source),
        summary,
        reading=Reading(glob, hidden, tuple(exclude), since, limits),
        workers=workers,
        bounds=bounds,
        progress=progress,
        stop=stop,
    )
    return summary
