"""Where the record of a cable stood in the dump that it was read from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record stood. Paths are relative to the source and written with ``/`` on every system."""

    path: str
    """File below the source; its own name where the source is a single file, ``-`` for standard input."""
    members: tuple[str, ...] = ()
    """Member of the archive ``path``, member of that member, and so on."""
    kind: str = "text"
    """Name of the kind of source that read it, such as ``text``, ``csv`` or ``html``."""
    row: int | None = None
    """Row of a table or line of a JSON Lines file, counted from 1."""
    page: int | None = None
    """First page where the container numbers pages."""
    start: int | None = None
    """First byte in the file or innermost member; none where the record is all of it."""
    end: int | None = None
    """Byte behind the last one."""

    def __str__(self) -> str:
        """One line for people: ``dump.zip/1973.tar/a.txt, row 5``."""
        place = "/".join((self.path, *self.members))
        if self.row is not None:
            return f"{place}, row {self.row}"
        if self.page is not None:
            return f"{place}, page {self.page}"
        return place if self.start is None else f"{place}, bytes {self.start} to {self.end}"
