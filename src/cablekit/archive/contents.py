"""Reading what an archive holds: records, readings, editions, and the rows that stand for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cablekit.archive.columns import CableRow, Number
from cablekit.archive.rows import Rows, spoken
from cablekit.errors import ArchiveError
from cablekit.sources.record import Metadata, Provenance, Record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from cablekit.archive.codec import Codec

Source = tuple[str, str, str]
"""Name, collection and note of a dump."""

_PLACES = """
    SELECT provenance.id, original_id, source.name, source.collection, source.note, path, members, kind, "row", page,
           start, "end", metadata, rejected.id IS NOT NULL, reason, message, advice
    FROM provenance
    CROSS JOIN file ON file.id = provenance.file_id
    CROSS JOIN source ON source.id = file.source_id
    LEFT JOIN rejected ON rejected.id = provenance.id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stood, and why it was rejected if it was."""

    id: int
    record_id: int | None
    """None where no bytes could be had."""
    source: Source
    provenance: Provenance
    metadata: str | None
    rejection: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A record of a message."""

    id: int
    message_id: int
    mrn: str | None
    part: int
    """The section that it is, where sections are records of their own; 0: the whole message."""
    preferred: bool
    partial: bool
    corrected: bool
    layout: str
    characters: int
    """Of the body."""
    sha256: str
    size: int
    """Bytes of the original."""

    def __str__(self) -> str:
        """One line for people."""
        traits = {"preferred": self.preferred, "partial extract": self.partial, "corrected copy": self.corrected}
        section = [f"section {self.part}"] if self.part else []
        said = ", ".join([*section, f"layout {self.layout}", f"{self.characters:,} characters"])
        return ", ".join([f"record {self.id}: {said}", *(name for name, holds in traits.items() if holds)])


def places(connection: sqlite3.Connection, record_id: int | None = None) -> Iterator[Place]:
    """Give where records stood, of one or of all, in the order in which they came."""
    where, values = ("", ()) if record_id is None else ("WHERE original_id = ?", (record_id,))
    return _places(connection, where, *values)


def rejected(connection: sqlite3.Connection, place_id: int | None = None) -> Iterator[Place]:
    """Give the places whose records were rejected, all or the one of this number, in the order in which they came."""
    return _places(connection, "WHERE provenance.id IN (SELECT id FROM rejected WHERE ?1 IS NULL OR id = ?1)", place_id)


def _places(connection: sqlite3.Connection, where: str, *values: int | None) -> Iterator[Place]:
    for row in connection.execute(f"{_PLACES} {where} ORDER BY provenance.id", values):
        place_id, original_id, *source, path, members, kind, table_row, page, start, end, metadata = row[:13]
        yield Place(
            place_id,
            original_id,
            tuple(source),
            Provenance(path, tuple(json.loads(members)), kind, table_row, page, start, end),
            metadata,
            row[14:] if row[13] else None,
        )


def record(connection: sqlite3.Connection, codec: Codec, record_id: int) -> Record | None:
    """Return a record as its source gave it; none where there is none with this number."""
    row = connection.execute("SELECT data, text FROM original WHERE id = ?", (record_id,)).fetchone()
    place = next(places(connection, record_id), None)
    if row is None or place is None:
        return None
    packed, text = row
    data = codec.unpack(packed)
    return Record(
        data,
        place.provenance,
        Metadata.from_json(place.metadata),
        None if text is None else codec.unpack_text(text, data).decode("utf-8", "surrogatepass"),
    )


def reading(connection: sqlite3.Connection, codec: Codec, record: Record, record_id: int) -> bytes | None:
    """Return the JSON of the cable that was read from a record; none for a rejected one."""
    row = connection.execute("SELECT data FROM reading WHERE id = ?", (record_id,)).fetchone()
    return row and codec.unpack_reading(row[0], spoken(record))


_PARSER = "SELECT cablekit_version, schema_version, grammar FROM parser"


def parser_of(connection: sqlite3.Connection, record_id: int) -> tuple[str, str, str]:
    """Return what parsed a record that was read."""
    query = f"{_PARSER} JOIN reading ON parser_id = parser.id WHERE reading.id = ?"
    version, schema, grammar = connection.execute(query, (record_id,)).fetchone()
    return version, schema, grammar


def parsers(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Give all that parsed readings of this archive."""
    where = "EXISTS (SELECT 1 FROM reading WHERE parser_id = parser.id)"
    yield from connection.execute(f"{_PARSER} WHERE {where} ORDER BY id")


def find(connection: sqlite3.Connection, asked: str) -> tuple[Edition, ...]:
    """Return all records of the message with this MRN, identifier, key, or with a record of this number.

    Raises `ArchiveError` when several messages share the MRN (FORMAT.md section 14.7).
    """
    messages = _messages(connection, asked)
    if len(messages) > 1:
        names = "; ".join(messages.values())
        raise ArchiveError(asked, f"is the number of {len(messages)} messages", f"give one of: {names}")
    return tuple(edition for message_id in messages for edition in editions(connection, message_id))


def editions(connection: sqlite3.Connection, message_id: int) -> Iterator[Edition]:
    """Give the records of a message: by section, the preferred one first."""
    rows = connection.execute(
        "SELECT cable.id, message_id, COALESCE(mrn, reference_id), part, preferred, partial, corrected, layout,"
        " characters, lower(hex(sha256)), size FROM cable JOIN original ON original.id = cable.id"
        " LEFT JOIN number ON number.id = number_id WHERE message_id = ? ORDER BY part, preferred DESC, cable.id",
        (message_id,),
    )
    for one, of, mrn, part, preferred, partial, corrected, *rest in rows:
        yield Edition(one, of, mrn, part, bool(preferred), bool(partial), bool(corrected), *rest)


def _messages(connection: sqlite3.Connection, asked: str) -> dict[int, str]:
    """Return the messages that a name may stand for, each with the name that stands for it alone."""
    asked = asked.strip()
    spellings = dict.fromkeys((asked, normal(asked)))
    number, _, mark = asked.partition(" ")
    queries: list[tuple[str, tuple[str, ...]]] = [("mrn = ? AND mark = ?", (number, mark))]
    if asked.isdecimal():
        queries.append(("message.id = (SELECT message_id FROM cable WHERE id = ?)", (asked,)))
    queries += [("mrn = ?", (spelling,)) for spelling in spellings]
    queries += [
        ("message.id IN (SELECT message_id FROM cable WHERE reference_id = ?)", (spelling,)) for spelling in spellings
    ]
    for where, values in queries:
        query = f"SELECT message.id, mrn, mark FROM message LEFT JOIN number ON number.id = number_id WHERE {where}"
        found = {one: " ".join(filter(None, name)) for one, *name in connection.execute(query, values)}
        if found:
            return dict(sorted(found.items()))
    return {}


def normal(asked: str) -> str:
    """Write an MRN the usual way: ``2008 Bishkek 00094`` is ``08BISHKEK94``."""
    squeezed = "".join(asked.upper().split())
    year = squeezed[: len(squeezed) - len(squeezed.lstrip("0123456789"))]
    serial = squeezed[len(squeezed.rstrip("0123456789")) :]
    post = squeezed[len(year) : len(squeezed) - len(serial)]
    return f"{year[-2:]}{post}{int(serial)}" if post and serial and len(serial) < 20 else squeezed


def stored(connection: sqlite3.Connection, record_id: int, place: Place) -> Rows:
    """Return the rows of a record as they stand, names in place of keys, without what is packed and without words."""

    def all_of(query: str) -> tuple[tuple[object, ...], ...]:
        return tuple(connection.execute(query, (record_id,)))

    def number(*values: Any) -> Number | None:
        return None if values[0] is None else Number(*values)

    sha256, size = connection.execute("SELECT sha256, size FROM original WHERE id = ?", (record_id,)).fetchone()
    rows = Rows(place.provenance, place.metadata, sha256, size)
    found = connection.execute(_CABLE, (record_id,)).fetchone()
    if found is None:
        return rows
    mark, *first, post = found[:6]
    return rows._replace(
        mark=mark,
        cable=CableRow(number(*first), post, *found[6:]),
        paragraphs=all_of(_LISTS["paragraphs"]),
        addressees=all_of(_LISTS["addressees"]),
        tags=all_of(_LISTS["tags"]),
        captions=all_of(_LISTS["captions"]),
        references=tuple(
            (kind, letter, number(*target), text) for kind, letter, *target, text in all_of(_LISTS["references"])
        ),
        diagnostics=all_of(_LISTS["diagnostics"]),
        repairs=all_of(_LISTS["repairs"]),
    )


_CABLE = f"""
    SELECT message.mark, mrn, number.year, own.name, serial, post.name,
           {", ".join(f"cable.{column}" for column in CableRow._fields[2:])}
    FROM cable
    JOIN message ON message.id = message_id
    LEFT JOIN number ON number.id = cable.number_id
    LEFT JOIN post AS own ON own.id = number.post_id
    LEFT JOIN post ON post.id = cable.post_id
    WHERE cable.id = ?
"""
_LISTS = {
    "paragraphs": """
        SELECT kind_id, number, level, controls, role FROM paragraph WHERE cable_id = ?
        ORDER BY position""",
    "addressees": """
        SELECT addressee.name, post.name, role FROM cable_addressee
        JOIN addressee ON addressee.id = addressee_id LEFT JOIN post ON post.id = post_id
        WHERE cable_id = ? ORDER BY position""",
    "tags": """
        SELECT code, kind, name, persons FROM cable_tag JOIN tag ON tag.id = tag_id
        WHERE cable_id = ? ORDER BY position""",
    "captions": """
        SELECT name, count FROM cable_caption JOIN caption ON caption.id = caption_id
        WHERE cable_id = ? ORDER BY position""",
    "references": """
        SELECT kind, letter, mrn, year, post.name, serial, text FROM reference
        LEFT JOIN number ON number.id = number_id LEFT JOIN post ON post.id = post_id
        WHERE cable_id = ? ORDER BY position""",
    "diagnostics": """
        SELECT code, severity FROM diagnostic WHERE cable_id = ? ORDER BY position""",
    "repairs": """
        SELECT rule, as_written, as_read FROM repair WHERE cable_id = ? ORDER BY position""",
}
