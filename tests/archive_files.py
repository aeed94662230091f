"""Archives and records for tests."""

from __future__ import annotations

from pathlib import Path

from cablekit.archive.archive import Archive
from cablekit.archive.store import Outcome
from cablekit.sources.record import Metadata, Provenance, Record
from tests.make import cable, header

ROOT = Path(__file__).resolve().parents[1]


NOTHING = Metadata()


def record(
    content: str | bytes, path: str = "a.txt", *, metadata: Metadata = NOTHING, text: str | None = None
) -> Record:
    """A record of a text, or of bytes."""
    data = content if isinstance(content, bytes) else content.encode()
    return Record(data, Provenance(path), metadata, text)


def telegram(
    words: str = "The roses are late.", *, serial: int = 608, year: int = 9, dtg: str = "051218Z", **parts: str
) -> str:
    """An invented cable of SOFIA with one paragraph of these words."""
    line_5 = f"P {dtg} OCT {year:02d}"
    head = header(line_3=f"DE RUEHSF #{serial % 10000:04d}/01 278{dtg[2:6]}", line_5=line_5)
    parts = {"line_12": f"UNCLAS SOFIA {serial:06d}", "body": f"1. (U) {words}\n\nQUILL", **parts}
    return cable(header=head, **parts)


def made(path: Path, *records: Record) -> list[Outcome]:
    """Make an archive of records and return what became of them."""
    with Archive.create(path) as archive:
        return [archive.add(one) for one in records]


def add(path: Path, *records: Record) -> list[Outcome]:
    """Add records to an archive and return what became of them."""
    with Archive.open(path, write=True) as archive:
        return [archive.add(one) for one in records]


def left_beside(path: Path) -> list[str]:
    """Names of the files that lie beside an archive and belong to it."""
    return sorted(other.name for other in path.parent.iterdir() if other != path and path.name in other.name)
