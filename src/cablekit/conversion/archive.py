"""The archive as target of a conversion."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from cablekit.archive.rows import Rows, read_rows, rejected_rows
from cablekit.archive.shards import EVENT, ShardNote, notes
from cablekit.archive.store import Outcome
from cablekit.conversion.batches import READING
from cablekit.conversion.target import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cablekit.archive.archive import Archive
    from cablekit.archive.codec import Codec
    from cablekit.archive.contents import Source
    from cablekit.archive.ledger import File
    from cablekit.conversion.batches import Batch, Reading
    from cablekit.conversion.target import Rejection
    from cablekit.sources.record import Failure, Record


@dataclass(frozen=True, slots=True)
class ArchiveWork:
    """Parses records for an archive."""

    codec: Codec

    def __call__(self, item: Record | Failure) -> Result:
        """Return the rows of a record."""
        return _result(read_rows(item, self.codec))

    def reject(self, record: Record, rejection: Rejection) -> Result:
        """Return the rows of a record that is kept unread."""
        return _result(rejected_rows(record, *rejection, self.codec))


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
    """Puts records into an archive, and closes it."""

    keeps_files = True

    def __init__(self, archive: Archive, reading: Reading = READING) -> None:
        """Write to an archive that is open for writing."""
        self.archive = archive
        self.work = ArchiveWork(archive.codec)
        self._retries = reading.retry_rejected or reading.force
        self._is_new = archive.is_empty
        self._rejected: Counter[str] = Counter()

    def file(self, source: Source, path: str, way: str) -> File | None:
        """Return a file as it was when it was read in this way, to its end; none if it was not."""
        return None if self._is_new else self.archive.file(source, path, way)

    def standing(self, item: Record | Failure, source: Source) -> Outcome | None:
        """Tell how a record stands that is here already, from this place: archived or rejected; else none."""
        return None if self._is_new else self.archive.standing(item, source)

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Put a batch in."""
        outcomes = self.archive.insert_all((result.content for result in results), batch.source)
        for at, (item, result) in enumerate(zip(batch.items, results, strict=True)):
            if result.rejection:
                self._rejected[item.provenance.path] += 1
                if outcomes[at] is Outcome.SKIPPED and self._retries:
                    outcomes[at] = Outcome.REJECTED
        for file in batch.finished:
            rejected = file.rejected + self._rejected.pop(file.path, 0)
            self.archive.finished(batch.source, replace(file, rejected=rejected))
        return outcomes

    def finish(
        self, sources: Sequence[Source], records: Mapping[Outcome, int], shard: ShardNote | None, *, complete: bool
    ) -> None:
        """Write down what was done, and bring the index into its final form."""
        if set(records) - {Outcome.SKIPPED}:
            names = [name for name, *_ in sources]
            self.archive.note("converted", sources=names, records=dict(records), complete=complete)
            if complete:
                self.archive.optimise()
        if shard and shard not in notes(self.archive.connection):
            self.archive.note(EVENT, **asdict(shard))

    def close(self) -> None:
        """Write what is not yet written."""
        self.archive.close()
