"""What a source gives: records, the original bytes of one cable each, and failures where one could not be had."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from cablekit.errors import SourceError

if TYPE_CHECKING:
    from cablekit.model import Cable


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


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the container says about a cable beside its text. It never overrides the cable's own words."""

    reference_id: str | None = None
    """The publisher's identifier, ``08BISHKEK94``."""
    title: str | None = None
    date: datetime | None = None
    """As stated; without a zone where the container names none."""
    released: datetime | None = None
    origin: str | None = None
    classification: str | None = None
    references: tuple[str, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Everything as it stands, by the container's own names."""


@dataclass(frozen=True)
class Record:
    """One cable of a source: its original bytes and where they stood."""

    data: bytes = field(repr=False)
    """The original bytes, container's own mark-up of this one record included: a page, a row, a file."""
    provenance: Provenance
    metadata: Metadata = Metadata()
    text: str | None = field(default=None, repr=False)
    """The cable's text where it is not simply ``data`` decoded: header and body of a row or a page, joined."""

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of ``data``, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    def parse(self) -> Cable:
        """Read the cable; raises `NotACableError` when nothing in it is one. Spans count characters of the text."""
        from cablekit.sources.parse import parse_record

        return parse_record(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """A record, or a stretch of a source, that could not be had. The records behind it are not affected."""

    provenance: Provenance
    reason: str
    """A stable word for programs, such as ``truncated``, ``encrypted``, ``bomb``, ``unreadable``."""
    message: str
    """What is wrong, for people."""
    advice: str
    """What to do about it."""

    def parse(self) -> NoReturn:
        """Raise `SourceError`: a loop that parses every item and looks at none learns of the failure too."""
        raise SourceError(str(self.provenance), self.message, self.advice)
