"""The archive as target of a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cablekit.archive.rows import Rows, read_rows, rejected_rows
from cablekit.conversion.target import Result
from cablekit.sources.record import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cablekit.archive.archive import Archive
    from cablekit.archive.codec import Codec
    from cablekit.archive.contents import Source
    from cablekit.archive.store import Outcome
    from cablekit.conversion.batches import Batch, File
    from cablekit.conversion.target import Rejection
    from cablekit.sources.record import Record


@dataclass(frozen=True, slots=True)
class ArchiveWork:
    """Parses records for an archive."""

    codec: Codec

    def __call__(self, item: Record | Failure) -> Result:
        """Return the rows of a record."""
        return _result(read_rows(item, self.codec))

    def reject(self, item: Record | Failure, rejection: Rejection) -> Result:
        """Return the rows of a record that is kept unread."""
        if isinstance(item, Failure):
            return self(item)
        return _result(rejected_rows(item, *rejection, self.codec))


def _result(rows: Rows) -> Result:
    cable = rows.cable
    return Result(
        rows,
        rows.size,
        cable and cable.layout,
        cable and cable.year,
        tuple(code for code, _ in rows.diagnostics),
        rows.rejection,
    )


class ArchiveTarget:
    """Puts records into an archive, which it closes."""

    def __init__(self, archive: Archive) -> None:
        """Write to an archive that is open for writing."""
        self.archive = archive
        self.work = ArchiveWork(archive.codec)

    def has_finished(self, file: File, source: Source) -> int | None:
        """Tell how many records a file gave that is wholly here."""
        return None

    def knows(self, item: Record | Failure, source: Source) -> bool:
        """Tell whether a record is here already, from this place."""
        return False

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Put a batch in."""
        return [self.archive.insert(result.content, batch.source) for result in results]

    def close(self, *, complete: bool) -> None:
        """Write what is not yet written."""
        self.archive.close()
