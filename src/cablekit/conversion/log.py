"""A log of a conversion: JSON Lines, one for its start, each batch, each rejected record, and its end."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import cablekit
from cablekit.archive.store import Outcome
from cablekit.errors import ConversionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from cablekit.archive.contents import Source
    from cablekit.conversion.batches import Batch
    from cablekit.conversion.summary import Summary
    from cablekit.conversion.target import Result


class Log:
    """Lines are added to a file, whole and at once; without a file nothing is written. Raises `ConversionError`."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        """Write to a file, behind what is in it."""
        self._path = None if path is None else Path(path)

    def start(self, summary: Summary, sources: Iterable[Source], workers: int) -> None:
        """Say what is done to what."""
        named = [dict(zip(("name", "collection", "note"), source, strict=True)) for source in sources]
        self._write("start", output=str(summary.output), sources=named, workers=workers, cablekit=cablekit.__version__)

    def batch(self, batch: Batch, results: list[Result], outcomes: list[Outcome], summary: Summary) -> None:
        """Say what became of a batch."""
        for item, result, outcome in zip(batch.items, results, outcomes, strict=True):
            if outcome is Outcome.REJECTED and result.rejection:
                reason, message, advice = result.rejection
                told = {"reason": reason, "message": message, "advice": advice, "seconds": round(result.seconds, 3)}
                self._write("rejected", source=batch.source[0], place=str(item.provenance), **told)
        counts = {outcome: outcomes.count(outcome) for outcome in Outcome}
        counts[Outcome.SKIPPED] += batch.skipped
        self._write(
            "batch",
            number=batch.number,
            source=batch.source[0],
            bytes=batch.bytes,
            **counts,
            seconds=round(sum(result.seconds for result in results), 3),
            found=summary.found,
        )

    def end(self, summary: Summary) -> None:
        """Say how it ended."""
        self._write(
            "end",
            complete=summary.complete,
            found=summary.found,
            archived=summary.archived,
            duplicates=summary.duplicates,
            rejected=summary.rejected,
            skipped=summary.skipped,
            bytes=summary.bytes,
            seconds=round(summary.seconds, 3),
        )

    def _write(self, what: str, **told: Any) -> None:
        if self._path is not None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = json.dumps({"at": at, "what": what, **told}, ensure_ascii=False)
            try:
                with self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(line + "\n")
            except OSError as error:
                what = f"cannot be written ({error.strerror})"
                raise ConversionError(str(self._path), what, "make room, or give another file for the log") from None

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say that it was broken off, if it was."""
        if error is not None:
            with suppress(ConversionError):
                self._write("end", complete=False, error=f"{type(error).__name__}: {error}")
