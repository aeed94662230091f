"""What an archive keeps of a record, as plain data: computed where the record is parsed, written where the archive is.

All that stands in the tables beside the reading is a function of the reading's JSON, the record and where it stood, so
`verify` can compute it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from cablekit.archive import compact
from cablekit.archive.codec import standard
from cablekit.archive.columns import (
    KINDS,
    CableRow,
    Values,
    addressees_of,
    body_level_of,
    cable_row,
    mark_of,
    number_of,
    portions_of,
    words_of,
)
from cablekit.errors import NotACableError
from cablekit.sources.record import Failure, ParsedRecord, Provenance, Record

if TYPE_CHECKING:
    from cablekit.archive.codec import Codec

NOT_A_CABLE = "not-a-cable"
"""Reason of a rejection: nothing in the record is a cable."""


class Rows(NamedTuple):
    """All rows of one record. Lists that belong to a cable are in the order of their column ``position``."""

    provenance: Provenance
    metadata: str | None
    """As JSON."""
    sha256: bytes | None = None
    """Of the bytes; none for a failure."""
    size: int = 0
    data: bytes = b""
    """Packed."""
    text: bytes | None = None
    """Packed beside the bytes."""
    rejection: tuple[str, str, str] | None = None
    """Reason, message and advice; none for a cable."""
    reading: bytes = b""
    """Packed JSON."""
    parser: tuple[str, str, str] | None = None
    """What parsed it, as `parser.parser`; none: this cablekit."""
    digest: bytes = b""
    """SHA-256 over the SHA-256 of bytes, text and JSON."""
    unread: bytes = b""
    """The same with no JSON."""
    mark: str = ""
    """What tells the message from others with its MRN."""
    cable: CableRow | None = None
    paragraphs: tuple[Values, ...] = ()
    """key of the kind, number, level, controls, role"""
    addressees: tuple[Values, ...] = ()
    """name, its post, role"""
    tags: tuple[Values, ...] = ()
    """code, kind, name, persons"""
    captions: tuple[Values, ...] = ()
    """name, count"""
    references: tuple[Values, ...] = ()
    """kind, letter, `Number`, text"""
    diagnostics: tuple[Values, ...] = ()
    """code, severity"""
    repairs: tuple[Values, ...] = ()
    """rule, as written, as read"""
    words: tuple[str, ...] = ()
    """Text for each of `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a record."""

    json: bytes
    """The cable's JSON."""
    fields: dict[str, Any]
    """The same, taken apart."""
    is_plain: bool = False
    """Whether the JSON is known to be what `compact.dump` makes of the fields."""

    @classmethod
    def of_json(cls, written: bytes) -> Reading:
        """Take JSON apart."""
        return cls(written, json.loads(written))


def read_rows(item: Record | Failure, codec: Codec | None = None) -> Rows:
    """Parse an item of a source and give its rows; a record that is no cable gives those of its rejection."""
    if isinstance(item, Failure):
        return Rows(item.provenance, None, rejection=(item.reason, item.message, item.advice))
    reading = read_reading(item)
    if isinstance(reading, tuple):
        return rejected_rows(item, *reading, codec)
    return rows_of_reading(item, reading, codec)


def read_reading(record: Record) -> Reading | tuple[str, str, str]:
    """Parse a record, unless that was done before; return what was read, or why it was rejected."""
    if isinstance(record, ParsedRecord):
        return record.rejection or Reading.of_json(record.reading)
    try:
        fields = record.parse().model_dump(mode="json")
    except NotACableError as error:
        return NOT_A_CABLE, error.reason, "look at its bytes: it may be no cable"
    return Reading(compact.dump(fields), fields, is_plain=True)


def rejected_rows(record: Record, reason: str, message: str, advice: str, codec: Codec | None = None) -> Rows:
    """Return the rows of a record that is kept but not read."""
    digests = _Digests(record)
    rows = Rows(
        record.provenance,
        record.metadata.as_json(),
        digests.record,
        len(record.data),
        rejection=(reason, message, advice),
        digest=digests.of(),
        unread=digests.of(),
    )
    return _packed(rows, record, spoken(record), codec or standard())


def rows_of_reading(record: Record, reading: Reading, codec: Codec | None = None) -> Rows:
    """Return the rows of a record and of what was read from it; its fields are used up."""
    codec = codec or standard()
    rows = tables_of(record, reading)
    words = spoken(record)
    is_plain = reading.is_plain or compact.is_plain(reading.json, reading.fields)
    packed = codec.pack_reading(reading.json, words, reading.fields if is_plain else None)
    return _packed(rows, record, words, codec)._replace(reading=packed)


def _packed(rows: Rows, record: Record, words: bytes, codec: Codec) -> Rows:
    text = None if record.text is None else codec.pack_text(words, record.data)
    return rows._replace(data=codec.pack(record.data), text=text)


def tables_of(record: Record, reading: Reading) -> Rows:
    """Return the rows of a record and its reading without what is packed."""
    fields = reading.fields
    addressees = tuple(addressees_of(fields["header"]))
    portions = list(portions_of(fields["body"]))
    body_level = body_level_of(portions)
    cable = cable_row(fields, record.metadata, body_level)
    digests = _Digests(record)
    return Rows(
        record.provenance,
        record.metadata.as_json(),
        sha256=digests.record,
        size=len(record.data),
        digest=digests.of(reading.json),
        unread=digests.of(),
        mark=mark_of(fields, cable, record),
        cable=cable,
        paragraphs=tuple(
            (KINDS[block["kind"]], number, level, controls, block.get("role"))
            for block, number, level, controls in portions
        ),
        addressees=addressees,
        tags=tuple(
            (tag["code"], tag["kind"], tag["name"] or "", _json(tag["persons"]) if tag["persons"] else None)
            for tag in fields["tags"]
        ),
        captions=tuple((caption["name"], caption["count"]) for caption in fields["captions"]),
        references=tuple(
            (one["kind"], one["letter"], number_of(one["mrn"]), None if one["mrn"] else one["text"])
            for one in fields["references"]
        ),
        diagnostics=tuple((one["code"], one["severity"]) for one in fields["diagnostics"]),
        repairs=tuple((one["rule"], one["as_written"], one["as_read"]) for one in fields["repairs"]),
        words=words_of(fields, portions, body_level, addressees),
    )


def digest(record: Record, reading: bytes = b"") -> bytes:
    """Return the digest of a record and its reading, which is empty for a rejected one."""
    return _Digests(record).of(reading)


class _Digests:
    """SHA-256 of a record, and over it with what was read."""

    def __init__(self, record: Record) -> None:
        self.record = bytes.fromhex(record.sha256)
        text = b"" if record.text is None else spoken(record)
        self._text = sha256(text).digest()

    def of(self, reading: bytes = b"") -> bytes:
        return sha256(self.record + self._text + sha256(reading).digest()).digest()


def spoken(record: Record) -> bytes:
    """Return what the cable was read from, as bytes: the record's text, else its bytes."""
    return record.data if record.text is None else record.text.encode("utf-8", "surrogatepass")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
