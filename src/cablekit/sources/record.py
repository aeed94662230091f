"""What a source gives: records, the original bytes of one cable each, and failures where one could not be had."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from cablekit.errors import NotACableError, SourceError
from cablekit.model.provenance import Provenance

if TYPE_CHECKING:
    from cablekit.model import Cable

__all__ = ["Failure", "Metadata", "ParsedRecord", "Provenance", "Record"]


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

    def as_json(self) -> str | None:
        """Write it as JSON, without what is absent; none when nothing is stated."""
        stated = {name: getattr(self, name) for name in Metadata.__dataclass_fields__}
        present = {
            name: value.isoformat() if isinstance(value, datetime) else dict(value) if name == "stated" else value
            for name, value in stated.items()
            if value
        }
        return _encoder()(present) if present else None

    @classmethod
    def from_json(cls, written: str | None) -> Metadata:
        """Undo `as_json`; raises `ValueError` or `TypeError` when it is no such JSON."""
        import json

        fields: dict[str, Any] = json.loads(written) if written else {}
        for name in ("date", "released"):
            if name in fields:
                fields[name] = datetime.fromisoformat(fields[name])
        if "references" in fields:
            fields["references"] = tuple(fields["references"])
        return cls(**fields)


@cache
def _encoder() -> Callable[[object], str]:
    """Return what writes JSON; made once, and only when wanted."""
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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


@dataclass(frozen=True)
class ParsedRecord(Record):
    """A record that was parsed before, by the same parser: either it is a reading, or it was rejected."""

    reading: bytes = field(default=b"", kw_only=True, repr=False)
    """JSON of the cable."""
    rejection: tuple[str, str, str] | None = field(default=None, kw_only=True)
    """Reason, message and advice."""

    def parse(self) -> Cable:
        """Return the cable that was read; raises `NotACableError` when it was rejected."""
        from cablekit.model import Cable

        if self.rejection:
            raise NotACableError(self.rejection[1])
        return Cable.model_validate_json(self.reading)


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
