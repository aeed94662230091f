"""What the columns of an archive hold of a cable, from the fields of its JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dateutil import parser as dates

from cablekit.model import Level, Mrn, Precedence
from cablekit.sources.record import Metadata, Record
from cablekit.vocabulary import posts

LEVELS: dict[str, int] = {str(level): level.rank for level in Level}
KINDS: dict[str, int] = {"paragraph": 1, "heading": 2, "table": 3, "text": 4, "unparsed": 5}
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


def number_of(mrn: dict[str, Any] | None) -> Number | None:
    """Return an MRN; none where there is none."""
    if mrn is None:
        return None
    return Number(str(Mrn.model_validate(mrn)), mrn["year"], mrn["post"], mrn["serial"])


def cable_row(fields: dict[str, Any], metadata: Metadata, body_level: int | None) -> CableRow:
    """Return the row of table ``cable``."""
    header, classification, section = fields["header"], fields["classification"], fields["section"]
    publication, order, classifier = fields["publication"], fields["executive_order"], fields["classified_by"]
    dtg = header["dtg"] or {}
    number = number_of(fields["mrn"])
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


def mark_of(fields: dict[str, Any], cable: CableRow, record: Record) -> str:
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


def addressees_of(header: dict[str, Any]) -> Iterator[Values]:
    """Give name, post and role of each."""
    originator = [header["originator"]] if header["originator"] else []
    groups = ("from", originator), ("to", header["action"]), ("info", header["info"]), ("exempt", header["exempt"])
    for role, group in groups:
        for one in group:
            yield one["name"], _post(one["name"]), role


def portions_of(body: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int | None, int | None, str | None]]:
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


def body_level_of(portions: list[tuple[dict[str, Any], int | None, int | None, str | None]]) -> int | None:
    """Return the level that most characters are marked with; of two alike the higher one."""
    counts: Counter[int | None] = Counter()
    for block, _, level, _ in portions:
        counts[level] += len(block["text"])
    return max(counts, key=lambda level: (counts[level], -1 if level is None else level), default=None)


def words_of(
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
