"""What a conversion writes to: what a worker makes of a record, and who takes that in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.archive.store import Outcome
    from cablekit.conversion.batches import Batch, File
    from cablekit.sources.record import Failure, Record

Rejection = tuple[str, str, str]
"""Reason, message and advice."""


class Result(NamedTuple):
    """What a worker made of a record: what the summary counts, and what the target writes. It can be pickled."""

    content: Any
    """What the target's `write` takes."""
    size: int = 0
    """Bytes of the record."""
    layout: str | None = None
    """None for a record that was rejected."""
    year: int | None = None
    diagnostics: tuple[str, ...] = ()
    """Their codes."""
    rejection: Rejection | None = None
    """None for a cable."""
    seconds: float = 0.0
    """That it took; filled in by the worker."""


class Work(Protocol):
    """What is done in the worker. It can be pickled, so its class stands in a module."""

    def __call__(self, item: Record | Failure) -> Result:
        """Parse a record; one that is no cable gives a result with a rejection."""
        ...

    def reject(self, item: Record | Failure, rejection: Rejection) -> Result:
        """Return what stands for a record that could not be parsed: too slow, too large, or the end of its worker."""
        ...


class Target(Protocol):
    """Takes what the workers made, batch by batch in source order, in one process."""

    @property
    def work(self) -> Work:
        """What is done in the worker."""
        ...

    def has_finished(self, file: File, source: Source) -> int | None:
        """Tell how many records a file gave that is wholly here already, unchanged; none: it is to be read."""
        ...

    def knows(self, item: Record | Failure, source: Source) -> bool:
        """Tell whether a record is here already, from this place, so that it need not be parsed."""
        ...

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Take the results of a batch, one for each of its items; then its files are finished."""
        ...

    def close(self, *, complete: bool) -> None:
        """Make what was written safe; ``complete`` says that all sources were read to their end."""
        ...
