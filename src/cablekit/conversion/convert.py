"""A dump into an archive: read, parse, write, and give an account of what became of each record."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from cablekit.archive.archive import Archive
from cablekit.archive.rows import read_rows
from cablekit.archive.store import Outcome
from cablekit.errors import SourceError
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.read import STDIN, read
from cablekit.sources.record import Record

if TYPE_CHECKING:
    from cablekit.sources.record import Failure

Items = Iterator[tuple["Source", "Record | Failure"]]
Source = str | os.PathLike[str] | BinaryIO

_SAMPLE = 500
_SAMPLE_BYTES = 8_000_000


@dataclass(slots=True)
class Summary:
    """What became of the records of a dump: found = archived + duplicates + rejected + skipped."""

    output: Path
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    """Cables archived, by layout."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Records rejected, by reason."""
    bytes: int = 0
    """Of all records found."""
    seconds: float = 0.0

    @property
    def found(self) -> int:
        """Records, and places where one could not be had."""
        return self.outcomes.total()

    @property
    def archived(self) -> int:
        """Cables that are new in the archive, further editions of messages among them."""
        return self.outcomes[Outcome.ARCHIVED] + self.outcomes[Outcome.EDITION]

    @property
    def editions(self) -> int:
        """Those of the archived that are another edition or section of a message that was there."""
        return self.outcomes[Outcome.EDITION]

    @property
    def duplicates(self) -> int:
        """Records whose bytes were there; their place was noted."""
        return self.outcomes[Outcome.DUPLICATE]

    @property
    def rejected(self) -> int:
        """Records that are no cable, or could not be had; kept with the reason."""
        return self.outcomes[Outcome.REJECTED]

    @property
    def skipped(self) -> int:
        """Records that were there, from the same place."""
        return self.outcomes[Outcome.SKIPPED]


def convert(
    source: Source | Iterable[Source],
    output: str | os.PathLike[str],
    *,
    glob: str | None = None,
    hidden: bool = False,
    limits: Limits = DEFAULT,
    collection: str = "",
    note: str = "",
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Put a dump, or several, into an archive, which is made if it is not there; return what became of the records.

    Sources, ``glob``, ``hidden`` and ``limits`` are those of `cablekit.read`. ``collection`` and ``note`` are kept with
    where the records stood. ``progress`` is told how far things are, after each record.

    Records are written in batches, so an interruption leaves an archive of whole batches, and the same call goes on
    from there: what is in the archive is skipped. Raises `SourceError` when a source is not there, `ArchiveError` when
    the archive cannot be made or written.
    """
    single = isinstance(source, (str, os.PathLike)) or hasattr(source, "read")
    sources = [cast("Source", source)] if single else list(cast("Iterable[Source]", source))
    for one in sources:
        if isinstance(one, (str, os.PathLike)) and one != STDIN and not Path(one).exists():
            raise SourceError(os.fspath(one), "is not there", "check the path")
    summary = Summary(Path(output))
    started = time.monotonic()
    items: Items = ((one, item) for one in sources for item in read(one, glob=glob, hidden=hidden, limits=limits))
    archive, items = _open(summary.output, items)
    with archive:
        for one, item in items:
            rows = read_rows(item, archive.codec)
            outcome = archive.insert(rows, (_name(one), collection, note))
            summary.outcomes[outcome] += 1
            summary.bytes += rows.size
            if outcome in (Outcome.ARCHIVED, Outcome.EDITION) and rows.cable:
                summary.layouts[rows.cable.layout] += 1
            elif outcome is Outcome.REJECTED and rows.rejection:
                summary.reasons[rows.rejection[0]] += 1
            summary.seconds = time.monotonic() - started
            if progress:
                progress(summary)
        if summary.archived or summary.duplicates or summary.rejected:
            archive.note("converted", sources=[_name(one) for one in sources], records=dict(summary.outcomes))
            archive.optimise()
    summary.seconds = time.monotonic() - started
    return summary


def _open(output: Path, items: Items) -> tuple[Archive, Items]:
    """Return the archive to write to, and all items: the first ones show what a new archive will hold."""
    if output.exists():
        return Archive.open(output, write=True), items
    first = []
    size = 0
    for one, item in items:
        first.append((one, item))
        size += len(item.data) if isinstance(item, Record) else 0
        if len(first) >= _SAMPLE or size >= _SAMPLE_BYTES:
            break
    return Archive.create(output, (item for _, item in first if isinstance(item, Record))), chain(first, items)


def _name(source: Source) -> str:
    """Return the last part of a source's path."""
    if isinstance(source, (str, os.PathLike)):
        return STDIN if source == STDIN else Path(source).resolve().name
    return STDIN
