"""JSON as target of a conversion: one file of JSON Lines, or a folder with a file for each cable.

Rejected records stand in a file beside the one, or in the other, a line for each with its bytes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cablekit.archive.rows import NOT_A_CABLE
from cablekit.archive.store import Outcome
from cablekit.conversion.batches import READING
from cablekit.conversion.target import Result
from cablekit.errors import ConversionError, NotACableError
from cablekit.sources.record import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cablekit.archive.contents import Source
    from cablekit.conversion.batches import Batch, Reading
    from cablekit.conversion.target import Rejection
    from cablekit.sources.record import Record

REJECTED = "rejected.jsonl"


@dataclass(frozen=True, slots=True)
class JsonWork:
    """Parses records to JSON."""

    def __call__(self, item: Record | Failure) -> Result:
        """Return name and JSON of a cable."""
        if isinstance(item, Failure):
            return _rejected(item, (item.reason, item.message, item.advice))
        try:
            cable = item.parse()
        except NotACableError as error:
            return self.reject(item, (NOT_A_CABLE, error.reason, "look at its bytes: it may be no cable"))
        dtg = cable.header.dtg
        year = cable.mrn.year if cable.mrn else dtg.utc.year if dtg and dtg.utc else None
        name = str(cable.mrn or item.metadata.reference_id or "cable")
        return Result(
            (_file_name(name, year, item.sha256), cable.model_dump_json().encode()),
            len(item.data),
            cable.layout,
            year,
            tuple(one.code for one in cable.diagnostics),
        )

    def reject(self, record: Record, rejection: Rejection) -> Result:
        """Return nothing but the reason."""
        return _rejected(record, rejection)


def _rejected(item: Record | Failure, rejection: Rejection) -> Result:
    size = 0 if isinstance(item, Failure) else len(item.data)
    return Result(None, size, rejection=rejection)


def _file_name(name: str, year: int | None, digest: str) -> str:
    """Return folder and name of a cable's file: ``2008/08BISHKEK94.2cf24dba5fb0.json``."""
    plain = "".join(character if character.isalnum() or character in "-_" else "_" for character in name)[:80]
    return f"{year or 'undated'}/{plain}.{digest[:12]}.json"


class _Part:
    """A file that is written beside its name and gets it when it is whole."""

    def __init__(self, path: Path, keep: int = 0) -> None:
        """Go on behind so many bytes of what was written before, 0 to begin anew; nothing is made yet."""
        self._path = path
        self._beside = path.with_name(f"{path.name}.part")
        self._keep = keep
        self._file: BinaryIO | None = None

    def write(self, line: bytes) -> None:
        """Write a line."""
        if self._file is None:
            self._file = self._beside.open("r+b" if self._keep else "wb")
            self._file.truncate(self._keep)
            self._file.seek(self._keep)
        self._file.write(line + b"\n")

    def flush(self) -> int:
        """Hand all to the system; return how much there is."""
        if self._file is None:
            return self._keep
        self._file.flush()
        return self._file.tell()

    def finish(self, *, always: bool = False) -> None:
        """Give it its name; ``always`` makes an empty file where nothing was written."""
        self.close()
        if self._file or self._keep:
            self._beside.replace(self._path)
        elif always:
            self._path.write_bytes(b"")

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()


def _rejection_line(item: Record | Failure, source: Source, rejection: Rejection) -> bytes:
    reason, message, advice = rejection
    place = {name: value for name, value in asdict(item.provenance).items() if value not in (None, ())}
    told = {
        **dict(zip(("source", "collection", "note"), source, strict=True)),
        "provenance": place,
        "reason": reason,
        "message": message,
        "advice": advice,
    }
    if not isinstance(item, Failure):
        told |= {"sha256": item.sha256, "data": b64encode(item.data).decode()}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _written(
    batch: Batch, results: Sequence[Result], rejected: _Part, put: Callable[[str, bytes], Outcome]
) -> list[Outcome]:
    """Write a line for each rejected record of a batch, and have each cable ``put`` somewhere."""
    outcomes = []
    for item, result in zip(batch.items, results, strict=True):
        if result.rejection:
            rejected.write(_rejection_line(item, batch.source, result.rejection))
            outcomes.append(Outcome.REJECTED)
        else:
            outcomes.append(put(*result.content))
    return outcomes


class FolderTarget:
    """Writes a file for each cable, under its final name when it is whole. What is there already is left alone."""

    keeps_files = False
    work = JsonWork()

    def __init__(self, output: Path) -> None:
        """Write to a folder, which is made."""
        self._output = output
        output.mkdir(parents=True, exist_ok=True)
        self._rejected = _Part(output / REJECTED)

    def file(self, *_: object) -> None:
        """Every file is read."""

    def standing(self, *_: object) -> None:
        """Every record is parsed: only then the name of its file is known."""

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Write the files of a batch."""
        return _written(batch, results, self._rejected, self._put)

    def _put(self, name: str, data: bytes) -> Outcome:
        path = self._output / name
        if path.exists():
            return Outcome.SKIPPED
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(data + b"\n")
        beside.replace(path)
        return Outcome.ARCHIVED

    def finish(self, *_: object, complete: bool) -> None:
        """Give the list of rejected records its name."""
        if complete:
            self._rejected.finish()

    def close(self) -> None:
        """Let the list go."""
        self._rejected.close()


class LinesTarget:
    """Writes one file of JSON Lines, which has its name when it is whole.

    Until then ``FILE.part`` has the lines, and ``FILE.state`` says how many records they are of, so that the same
    conversion can go on. A record whose bytes occur twice gives two lines.
    """

    keeps_files = False
    work = JsonWork()

    def __init__(self, output: Path, reading: Reading = READING) -> None:
        """Begin, or go on; raises `ConversionError` when the file is there, unless it is to be written anew."""
        if output.exists() and not reading.force:
            raise ConversionError(str(output), "is there already", "give another name, or write it anew with --force")
        self._output = output
        self._state = output.with_name(f"{output.name}.state")
        done = _Done() if reading.force else self._found()
        self._due = done
        self._seen = _Done()
        self._done = done
        self._lines = _Part(output, done.bytes)
        self._rejected = _Part(output.with_name(f"{output.stem}.{REJECTED}"), done.rejected)

    def _found(self) -> _Done:
        with suppress(OSError, ValueError, TypeError):
            done = _Done(**json.loads(self._state.read_text(encoding="utf-8")))
            part = self._output.with_name(f"{self._output.name}.part")
            if part.stat().st_size >= done.bytes:
                return done
        return _Done()

    def file(self, *_: object) -> None:
        """Every file is read."""

    def standing(self, item: Record | Failure, source: Source) -> Outcome | None:
        """Tell whether a record is among those that were written when this began; raises `ConversionError`."""
        if self._seen.records == self._due.records:
            return None
        self._seen = self._seen.after(item, source)
        if self._seen.records == self._due.records and self._seen.digest != self._due.digest:
            raise self._other()
        return Outcome.ARCHIVED

    def _other(self) -> ConversionError:
        what = "was begun with other records than the sources give now"
        return ConversionError(f"{self._output}.part", what, "write it anew with --force")

    def write(self, batch: Batch, results: Sequence[Result]) -> list[Outcome]:
        """Write the lines of a batch, and how far they are."""
        outcomes = _written(batch, results, self._rejected, self._put)
        for item in batch.items:
            self._done = self._done.after(item, batch.source)
        self._done = replace(self._done, bytes=self._lines.flush(), rejected=self._rejected.flush())
        beside = self._state.with_name(f"{self._state.name}.new")
        beside.write_text(json.dumps(asdict(self._done)), encoding="utf-8")
        beside.replace(self._state)
        return outcomes

    def _put(self, _: str, data: bytes) -> Outcome:
        self._lines.write(data)
        return Outcome.ARCHIVED

    def finish(self, *_: object, complete: bool) -> None:
        """Give the files their names."""
        if not complete:
            return
        if self._seen.records < self._due.records:
            raise self._other()
        self._lines.finish(always=True)
        self._rejected.finish()
        self._state.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the files go."""
        self._lines.close()
        self._rejected.close()


@dataclass(frozen=True, slots=True)
class _Done:
    """How far it is: records, what they are known by again, and bytes of both files."""

    records: int = 0
    digest: str = ""
    bytes: int = 0
    rejected: int = 0

    def after(self, item: Record | Failure, source: Source) -> _Done:
        """Return what it is behind one more record."""
        what = item.reason if isinstance(item, Failure) else item.sha256
        told = json.dumps((self.digest, *source, str(item.provenance), what))
        return replace(self, records=self.records + 1, digest=sha256(told.encode()).hexdigest())
