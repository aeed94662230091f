"""Finding cables in an archive: hits, counts, facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from cablekit.archive.compile import Compiled, Sort, compile_query
from cablekit.archive.language import read
from cablekit.archive.query import And, Node, Not
from cablekit.archive.snippet import Finder, Found, Portion, Snippet
from cablekit.model import Level

if TYPE_CHECKING:
    import sqlite3

    from cablekit.archive.codec import Codec

Facets = dict[str, dict[str, int]]
"""Facet → value → number of hits, the commonest value first; years in order. What has no value counts as ``none``."""

FACETS = ("year", "post", "classification", "tag", "caption")
NONE = "none"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HIT = """
SELECT coalesce(number.mrn, cable.reference_id), cable.part, cable.date, post.name,
    coalesce(cable.banner, level.name), cable.subject
FROM cable
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN post ON post.id = cable.post_id
LEFT JOIN level ON level.id = cable.level
WHERE cable.id = ?
"""
_READING = """
SELECT original.data, original.text, reading.data
FROM reading JOIN original ON original.id = reading.id
WHERE reading.id = ?
"""
_PORTIONS = """
SELECT paragraph.number, paragraph.level, paragraph.controls, kind.name = 'heading'
FROM paragraph JOIN kind ON kind.id = paragraph.kind_id
WHERE paragraph.cable_id = ? ORDER BY paragraph.position
"""
_CABLE = "found CROSS JOIN cable ON cable.id = found.id"
_FOUND_LISTS = """
SELECT 'tag', tag_id, count(DISTINCT cable_id)
    FROM found CROSS JOIN cable_tag ON cable_id = found.id GROUP BY tag_id
UNION ALL SELECT 'caption', caption_id, count(DISTINCT cable_id)
    FROM found CROSS JOIN cable_caption ON cable_id = found.id GROUP BY caption_id
"""
_FOUND_FACETS = f"""
SELECT 'year', year, count(*) FROM {_CABLE} GROUP BY year
UNION ALL SELECT 'post', post_id, count(*) FROM {_CABLE} GROUP BY post_id
UNION ALL SELECT 'classification', level, count(*) FROM {_CABLE} GROUP BY level
UNION ALL {_FOUND_LISTS}
"""
# Each of these reads one index from end to end.
_ALL_FACETS = """
SELECT 'year', year, count(*) FROM cable WHERE preferred >= :least GROUP BY preferred, year
UNION ALL SELECT 'post', post_id, count(*) FROM cable WHERE preferred >= :least GROUP BY preferred, post_id
UNION ALL SELECT 'classification', level, count(*) FROM cable WHERE preferred >= :least GROUP BY preferred, level
UNION ALL SELECT 'tag', tag_id, count(DISTINCT cable_id) FROM cable_tag GROUP BY tag_id
UNION ALL SELECT 'caption', caption_id, count(DISTINCT cable_id) FROM cable_caption GROUP BY caption_id
"""
_NAMES = {
    "post": "SELECT id, name FROM post",
    "tag": "SELECT id, code FROM tag",
    "caption": "SELECT id, name FROM caption",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A cable that was found."""

    id: int
    """Of the record in the archive."""
    mrn: str | None
    """``08BISHKEK94``; where there is none, the identifier under which the record was published."""
    section: int | None
    """Where the sections of a message are records of their own, which one this is."""
    date: datetime | None
    """UTC."""
    post: str | None
    """``BISHKEK``."""
    classification: str | None
    """In the usual one-line form, ``SECRET//NOFORN``."""
    subject: str | None
    score: float
    """The better the higher; it compares hits of one query in one archive. 0 where no words were asked for."""
    paragraphs: tuple[int, ...]
    """Numbers of the paragraphs in which the words stand."""
    snippet: Snippet | None
    """None where the body has no text, or none was asked for."""

    def __str__(self) -> str:
        """One line for people."""
        when = f"{self.date:%Y-%m-%d}" if self.date else "undated"
        return f"{self.name}, {when}, {self.classification or 'unmarked'}: {self.subject or 'no subject'}"

    @property
    def name(self) -> str:
        """What to call it: its MRN with the section if it is one, or the number of the record."""
        section = f" section {self.section}" if self.section else ""
        return f"{self.mrn}{section}" if self.mrn else f"record {self.id}"


class Searcher:
    """Searches one archive."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec) -> None:
        """Search through a connection; what is open on it otherwise does not matter."""
        self._sql = connection
        self._codec = codec
        self._numbers = count()
        self._finders: dict[int, Finder] = {}
        connection.create_function("in_portions", 3, self._in_portions)

    def search(
        self,
        query: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        sort: Sort | None = None,
        editions: bool = False,
        snippets: bool = True,
    ) -> Iterator[Hit]:
        """Give hits as they are needed; raises `QueryError` at once."""
        return self._hits(compile_query(read(query), editions=editions), limit, offset, sort, snippets)

    def count(self, query: str, *, editions: bool = False) -> int:
        """Count the hits; raises `QueryError`."""
        return self._count(compile_query(read(query), editions=editions))

    def facets(self, query: str, *, editions: bool = False) -> Facets:
        """Count hits by year, post, classification, TAG and caption; raises `QueryError`."""
        counts = self._facets(read(query), editions)
        facets = {}
        for name, counted in counts.items():
            by_value = sorted((-number, value) for value, number in counted.items() if number)
            facets[name] = {value: -number for number, value in by_value}
        facets["year"] = dict(sorted(facets["year"].items()))
        return facets

    def originals(self, query: str, *, sort: Sort | None = None, editions: bool = False) -> Iterator[str]:
        """Give the SHA-256 of the original of each hit; raises `QueryError`."""
        compiled = compile_query(read(query), editions=editions)
        statement = compiled.hits(_sorted(sort, compiled))
        sql = f"SELECT lower(hex(sha256)) FROM (\n{statement.sql}\n) AS hit CROSS JOIN original ON original.id = hit.id"
        with self._finder(compiled) as (_, number):
            for (digest,) in self._sql.execute(sql, statement.values | {"search": number}):
                yield digest

    def _hits(
        self, compiled: Compiled, limit: int | None, offset: int, sort: Sort | None, snippets: bool
    ) -> Iterator[Hit]:
        statement = compiled.hits(_sorted(sort, compiled), limit, offset)
        with self._finder(compiled) as (finder, number):
            for cable_id, score in self._sql.execute(statement.sql, statement.values | {"search": number}):
                yield self._hit(cable_id, -score, finder if snippets else None)

    def _hit(self, cable_id: int, score: float, finder: Finder | None) -> Hit:
        mrn, part, date, post, classification, subject = self._sql.execute(_HIT, (cable_id,)).fetchone()
        when = None if date is None else _EPOCH + timedelta(seconds=date)
        found = finder.look(self._portions(cable_id)) if finder else Found((), None)
        return Hit(cable_id, mrn, part or None, when, post, classification, subject, score + 0.0, *found)

    def _portions(self, cable_id: int) -> list[Portion]:
        """Return the blocks of a cable's body."""
        packed, text, reading = self._sql.execute(_READING, (cable_id,)).fetchone()
        record = self._codec.unpack(packed)
        texts = self._codec.unpack_texts(reading, record if text is None else self._codec.unpack_text(text, record))
        rows = self._sql.execute(_PORTIONS, (cable_id,))
        return [
            Portion(text, number, level, tuple((controls or "").split("//")), bool(is_heading))
            for text, (number, level, controls, is_heading) in zip(texts, rows, strict=True)
        ]

    @contextmanager
    def _finder(self, compiled: Compiled) -> Iterator[tuple[Finder, int]]:
        """Have a finder that ``in_portions`` knows by a number while it is needed."""
        number = next(self._numbers)
        self._finders[number] = Finder(compiled)
        try:
            yield self._finders[number], number
        finally:
            del self._finders[number]

    def _in_portions(self, search: int, cable_id: int, number: int) -> bool:
        return self._finders[search].in_portions(self._portions(cable_id), number)

    def _rows(self, compiled: Compiled, sql: str) -> list[Any]:
        with self._finder(compiled) as (_, number):
            return self._sql.execute(sql, compiled.values | {"search": number}).fetchall()

    def _count(self, compiled: Compiled) -> int:
        return int(self._rows(compiled, f"SELECT count(*) FROM (\n{compiled.found}\n)")[0][0])

    # ---- facets -----------------------------------------------------------------------------------------------------

    def _facets(self, node: Node, editions: bool) -> dict[str, Counter[str]]:
        """Count. All cables are counted by indexes alone; so what most cables are is counted by what the others are."""
        if node == And(()):
            return self._all_facets(editions)
        compiled = compile_query(node, editions=editions)
        if compiled.portions or 2 * self._count(compiled) <= self._count(compile_query(And(()), editions=editions)):
            return self._found_facets(compiled)
        counts = self._all_facets(editions)
        others = self._found_facets(compile_query(Not(node), editions=editions))
        for name, counted in counts.items():
            counted.subtract(others[name])
        return counts

    def _found_facets(self, compiled: Compiled) -> dict[str, Counter[str]]:
        return self._named(self._rows(compiled, f"WITH found AS MATERIALIZED (\n{compiled.found}\n){_FOUND_FACETS}"))

    def _all_facets(self, editions: bool) -> dict[str, Counter[str]]:
        counts = self._named(self._sql.execute(_ALL_FACETS, {"least": 0 if editions else 1}).fetchall())
        if not editions:
            superseded = "WITH found AS MATERIALIZED (SELECT id FROM cable WHERE preferred = 0)"
            others = self._named(self._sql.execute(superseded + _FOUND_LISTS).fetchall())
            for name, counted in counts.items():
                counted.subtract(others[name])
        return counts

    def _named(self, rows: list[tuple[str, Any, int]]) -> dict[str, Counter[str]]:
        """Sort counts by facet, with names in place of keys."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        names: dict[str, dict[Any, str]] = {name: dict(self._sql.execute(sql)) for name, sql in _NAMES.items()}
        names["classification"] = {level.rank: level.value for level in Level}
        for facet, key, number in rows:
            value = NONE if key is None else names[facet][key] if facet in names else str(key)
            counts[facet][value] += number
        return counts


def _sorted(sort: Sort | None, compiled: Compiled) -> Sort:
    """Return how to sort: without words all scores are the same."""
    return sort or ("rank" if compiled.ranked else "date")
