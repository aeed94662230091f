"""What a conversion writes to: what a worker makes of a record, and who takes that in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from cablekit.archive.contents import Source
    from cablekit.archive.ledger import File
    from cablekit.archive.shards import ShardNote
    from cablekit.archive.store import Outcome
    from cablekit.conversion.batches import Batch
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
        """Parse a record; one that is no cable gives a result with a rejection, and so does a failure."""
        ...

    def reject(self, record: Record, rejection: Rejection) -> Result:
        """Return what stands for a record that could not be parsed: too slow, too large, or the end of its worker."""
        ...


class Target(Protocol):
    """Takes what the workers made, batch by batch in source order, in one process."""

    @property
    def work(self) -> Work:
        """What is done in the worker."""
        ...

    @property
    def keeps_files(self) -> bool:
        """Whether it keeps which files were read to their end, so that their bytes need to be known."""
        ...

    def file(self, source: Source, path: str, way: str, /) -> File | None:
        """Return a file as it was when it was read in this way, to its end; none if it was not."""
        ...

    def standing(self, item: Record | Failure, source: Source, /) -> Outcome | None:
        """Tell how a record stands that is here already, from this place: archived or rejected; else none."""
        ...

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Take the results of a batch, one for each of its items; then its files are finished."""
        ...

    def finish(
        self, sources: Sequence[Source], records: Mapping[Outcome, int], shard: ShardNote | None, /, *, complete: bool
    ) -> None:
        """Make an end; ``complete`` says that all sources were read to theirs, ``shard`` which part of them this is."""
        ...

    def close(self) -> None:
        """Leave what was written safe, finished or not."""
        ...
