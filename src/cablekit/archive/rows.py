"""What an archive keeps of a record, as plain data: computed where the record is parsed, written where the archive is.

All that stands in the tables beside the reading is a function of the reading's JSON, the record and where it stood, so
`verify` can compute it again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from dateutil import parser as dates

from cablekit.archive.codec import standard
from cablekit.errors import NotACableError
from cablekit.model import Level, Mrn, Precedence
from cablekit.sources.record import Failure, Metadata, ParsedRecord, Provenance, Record
from cablekit.vocabulary import posts

if TYPE_CHECKING:
    from cablekit.archive.codec import Codec

LEVELS: dict[str, int] = {str(level): level.rank for level in Level}
KINDS: dict[str, int] = {"paragraph": 1, "heading": 2, "table": 3, "text": 4, "unparsed": 5}
NOT_A_CABLE = "not-a-cable"
"""Reason of a rejection: nothing in the record is a cable."""
COLUMNS = ("body", "subject", "summary", "addressees", "unmarked", "u", "sbu", "lou", "r", "c", "s", "ts")
"""Of the full-text index."""
_MARKED: dict[int | None, str] = {level.rank: level.abbreviation.lower() for level in Level}
_MARKED[None] = "unmarked"
_CORRECTED = {"ZDS", "ZEL"}

Values = tuple[Any, ...]


class Number(NamedTuple):
    """A message reference number."""

    mrn: str
    year: int | None
    post: str
    serial: int


class CableRow(NamedTuple):
    """What a row of table ``cable`` says of a record, names in place of keys."""

    number: Number | None
    post: str | None
    part: int
    reference_id: str | None
    layout: str
    year: int | None
    date: int | None
    date_source: str | None
    level: int | None
    banner: str | None
    body_level: int | None
    precedence: str | None
    eo: int | None
    declassify_on: str | None
    classified_by: str | None
    subject: str | None
    signed: str | None
    section: int | None
    sections: int | None
    partial: int
    corrected: int
    has_table: int
    paragraphs: int
    characters: int
    coverage: float


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


def read_rows(item: Record | Failure, codec: Codec | None = None) -> Rows:
    """Parse an item of a source and give its rows; a record that is no cable gives those of its rejection."""
    if isinstance(item, Failure):
        return Rows(item.provenance, None, rejection=(item.reason, item.message, item.advice))
    reading = read_reading(item)
    if isinstance(reading, tuple):
        return rejected_rows(item, *reading, codec)
    return rows_of_reading(item, reading, codec)


def read_reading(record: Record) -> bytes | tuple[str, str, str]:
    """Parse a record, unless that was done before; return the JSON of the cable, or why it was rejected."""
    if isinstance(record, ParsedRecord):
        return record.rejection or record.reading
    try:
        return record.parse().model_dump_json().encode()
    except NotACableError as error:
        return NOT_A_CABLE, error.reason, "look at its bytes: it may be no cable"


def rejected_rows(record: Record, reason: str, message: str, advice: str, codec: Codec | None = None) -> Rows:
    """Return the rows of a record that is kept but not read."""
    return _original(record, codec or standard())._replace(rejection=(reason, message, advice))


def rows_of_reading(record: Record, reading: bytes, codec: Codec | None = None) -> Rows:
    """Return the rows of a record and the JSON of the cable that was read from it."""
    codec = codec or standard()
    packed = _original(record, codec)
    fields = json.loads(reading)
    rows = _tables(record, reading, fields)
    packed_reading = codec.pack_reading(reading, spoken(record), fields)
    return rows._replace(data=packed.data, text=packed.text, reading=packed_reading)


def tables_of(record: Record, reading: bytes) -> Rows:
    """Return the rows of a record and its reading without what is packed."""
    return _tables(record, reading, json.loads(reading))


def _tables(record: Record, reading: bytes, fields: dict[str, Any]) -> Rows:
    addressees = tuple(_addressees(fields["header"]))
    portions = list(_portions(fields["body"]))
    body_level = _body_level(portions)
    cable = _cable(fields, record.metadata, body_level)
    return Rows(
        record.provenance,
        record.metadata.as_json(),
        sha256=bytes.fromhex(record.sha256),
        size=len(record.data),
        digest=digest(record, reading),
        unread=digest(record),
        mark=_mark(fields, cable, record),
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
            (one["kind"], one["letter"], _number(one["mrn"]), None if one["mrn"] else one["text"])
            for one in fields["references"]
        ),
        diagnostics=tuple((one["code"], one["severity"]) for one in fields["diagnostics"]),
        repairs=tuple((one["rule"], one["as_written"], one["as_read"]) for one in fields["repairs"]),
        words=_words(fields, portions, body_level, addressees),
    )


def digest(record: Record, reading: bytes = b"") -> bytes:
    """Return the digest of a record and its reading, which is empty for a rejected one."""
    text = b"" if record.text is None else spoken(record)
    return sha256(
        bytes.fromhex(record.sha256) + sha256(text).digest() + sha256(reading).digest(),
    ).digest()


def spoken(record: Record) -> bytes:
    """Return what the cable was read from, as bytes: the record's text, else its bytes."""
    return record.data if record.text is None else record.text.encode("utf-8", "surrogatepass")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _original(record: Record, codec: Codec) -> Rows:
    return Rows(
        record.provenance,
        record.metadata.as_json(),
        sha256=bytes.fromhex(record.sha256),
        size=len(record.data),
        data=codec.pack(record.data),
        text=None if record.text is None else codec.pack_text(spoken(record), record.data),
        digest=digest(record),
        unread=digest(record),
    )


def _number(mrn: dict[str, Any] | None) -> Number | None:
    if mrn is None:
        return None
    return Number(str(Mrn.model_validate(mrn)), mrn["year"], mrn["post"], mrn["serial"])


def _cable(fields: dict[str, Any], metadata: Metadata, body_level: int | None) -> CableRow:
    header, classification, section = fields["header"], fields["classification"], fields["section"]
    publication, order, classifier = fields["publication"], fields["executive_order"], fields["classified_by"]
    dtg = header["dtg"] or {}
    number = _number(fields["mrn"])
    published = (publication and publication["reference_id"]) or metadata.reference_id
    date, date_source = _date(dtg.get("utc"), publication or {}, metadata.date)
    year = number and number.year
    if year is None and date is not None:
        year = datetime.fromtimestamp(date, UTC).year
    originator = header["originator"]
    post = number.post if number else originator and _post(originator["name"])
    corrected = not _CORRECTED.isdisjoint(dtg.get("signals", ())) or any(
        caption["name"] == "CORRECTED COPY" for caption in fields["captions"]
    )
    return CableRow(
        part=_part(section, fields["page_breaks"]),
        number=number,
        reference_id=published if published and published != (number and number.mrn) else None,
        layout=fields["layout"],
        year=year,
        date=date,
        date_source=date_source,
        post=post,
        level=_level(classification),
        banner=classification and classification["banner"],
        body_level=body_level,
        precedence=_precedence(header),
        eo=order and order["number"],
        declassify_on=order and order["declassify_on"],
        classified_by=classifier and classifier["name"],
        subject=fields["subject"] and fields["subject"]["text"],
        signed=fields["signature"] and fields["signature"]["name"],
        section=section and section["number"],
        sections=section and section["of"],
        partial=int(fields["layout"] == "P"),
        corrected=int(corrected),
        has_table=int(any(block["kind"] == "table" for block in fields["body"])),
        paragraphs=sum(block["kind"] == "paragraph" for block in fields["body"]),
        characters=sum(len(block["text"]) for block in fields["body"]),
        coverage=fields["coverage"],
    )


def _mark(fields: dict[str, Any], cable: CableRow, record: Record) -> str:
    """Tell messages of one MRN apart: records with the same are editions of one message, or its sections.

    An MRN names one message, save those of the 1970s: one number can be on fifty telegrams then (FORMAT.md section
    14.7). Their sections and retransmissions share the date-time group, others do not.
    """
    number = cable.number
    if number is None or number.year is None:
        return cable.reference_id or record.sha256
    if cable.layout not in _NUMBERS_RECUR and number.year not in _YEARS_NUMBERS_RECUR:
        return ""
    if cable.date_source == "dtg":
        return str(fields["header"]["dtg"]["utc"])
    return "".join((cable.subject or "").casefold().split()) or record.sha256


_NUMBERS_RECUR = {"C"}
_YEARS_NUMBERS_RECUR = range(1973, 1980)


_SENSITIVE = "UNCLASSIFIED//FOR OFFICIAL USE ONLY"


def _level(classification: dict[str, Any] | None) -> int | None:
    """Return the level of a cable. One captioned SENSITIVE says UNCLAS on its classification line; its banner tells."""
    if classification is None:
        return None
    level = LEVELS[classification["level"]]
    is_sensitive = level == 0 and classification["banner"].startswith(_SENSITIVE)
    return Level.SBU.rank if is_sensitive else level


def _part(section: dict[str, Any] | None, page_breaks: list[dict[str, Any]]) -> int:
    """Return the number of the section that a record is; 0 where it is the whole message."""
    if section is None or section["of"] == 1:
        return 0
    others = {one["section"] for one in page_breaks} - {None, section["number"]}
    return 0 if others else section["number"]


def _date(dtg: str | None, publication: dict[str, Any], stated: datetime | None) -> tuple[int | None, str | None]:
    """Return the moment in seconds since 1970, and who says so."""
    if dtg:
        return _seconds(datetime.fromisoformat(dtg)), "dtg"
    if stated:
        return _seconds(stated), "container"
    if publication.get("date"):
        with suppress(ValueError, OverflowError):
            published = dates.parse(publication["date"], default=_UNSTATED)
            if published.year != _UNSTATED.year:
                return _seconds(published), "publication"
    return None, None


_UNSTATED = datetime(1, 1, 1)
"""What a date has that does not say it; a year must be said."""


def _seconds(moment: datetime) -> int:
    """Count from 1970. Publishers write days as midnight of their own zone, which is the day that is meant."""
    is_day = not (moment.hour or moment.minute or moment.second)
    if moment.tzinfo is None or is_day:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def _precedence(header: dict[str, Any]) -> str | None:
    """Return the highest precedence, as `Header.precedence` does."""
    stated = (header["dtg"] or {}).get("precedences") or []
    routing = header["routing"] or {}
    if not stated and routing.get("precedence"):
        stated = [routing["precedence"]]
    return min(stated, key=lambda written: Precedence(written).rank, default=None)


def _post(name: str) -> str | None:
    post = posts.find(name)
    return post and post.post


def _addressees(header: dict[str, Any]) -> Iterator[Values]:
    originator = [header["originator"]] if header["originator"] else []
    groups = ("from", originator), ("to", header["action"]), ("info", header["info"]), ("exempt", header["exempt"])
    for role, group in groups:
        for one in group:
            yield one["name"], _post(one["name"]), role


def _portions(body: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int | None, int | None, str | None]]:
    """Give each block with the number of its paragraph, and the level and controls of its mark.

    What belongs to a paragraph has its mark; a mark for the entire text holds for all that has none.
    """
    marks = [block["mark"] for block in body if block.get("mark")]
    entire = next((mark for mark in marks if mark["entire_text"]), None)
    of_paragraph: dict[int | None, dict[str, Any] | None] = {}
    for block in body:
        mark = block.get("mark") or entire
        number = block.get("number")
        if block["kind"] == "paragraph":
            of_paragraph[number] = mark
        elif (number := block.get("under")) is not None:
            mark = block.get("mark") or of_paragraph.get(number) or entire
        controls = "//".join(mark["controls"]) or None if mark else None
        yield block, number, LEVELS[mark["level"]] if mark else None, controls


def _body_level(portions: list[tuple[dict[str, Any], int | None, int | None, str | None]]) -> int | None:
    """Return the level that most characters are marked with; of two alike the higher one."""
    counts: Counter[int | None] = Counter()
    for block, _, level, _ in portions:
        counts[level] += len(block["text"])
    return max(counts, key=lambda level: (counts[level], -1 if level is None else level), default=None)


def _words(
    fields: dict[str, Any],
    portions: list[tuple[dict[str, Any], int | None, int | None, str | None]],
    body_level: int | None,
    addressees: tuple[Values, ...],
) -> tuple[str, ...]:
    """Sort the words of a cable into the columns of the full-text index."""
    columns: dict[str, list[str]] = {column: [] for column in COLUMNS}
    if fields["subject"]:
        columns["subject"].append(fields["subject"]["text"])
    columns["addressees"].extend(name for name, *_ in addressees)
    for block, _, level, _ in portions:
        text = block["text"]
        if level != body_level:
            columns[_MARKED[level]].append(text)
        elif block.get("role") == "summary":
            start, end = block.get("role_words") or (0, len(text))
            columns["summary"].append(text[start:end])
            columns["body"].extend((text[:start], text[end:]))
        else:
            columns["body"].append(text)
    return tuple("\n".join(texts) for texts in columns.values())
