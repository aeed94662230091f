"""Fields of a query as SQL conditions on a cable. Every value is a parameter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cablekit.archive.contents import normal
from cablekit.archive.fulltext import UNMARKED, Scope
from cablekit.archive.query import Classified, Covered, Dated, Is
from cablekit.vocabulary import captions, posts
from cablekit.vocabulary.table import squeeze

_LAST = "\U0010ffff"
"""Comes behind every other character."""
_DAY = 86_400


class Parameters:
    """The values of a statement, by the names under which its SQL has them."""

    def __init__(self) -> None:
        """Begin without any."""
        self.values: dict[str, Any] = {}
        self._names: dict[Any, str] = {}

    def add(self, value: Any) -> str:
        """Return the placeholder of a value."""
        key = (type(value), value)
        if key not in self._names:
            self._names[key] = f"p{len(self.values) + 1}"
            self.values[self._names[key]] = value
        return f":{self._names[key]}"

    def each(self, values: Iterable[Any]) -> str:
        """Return placeholders, with commas between them."""
        return ", ".join(map(self.add, values))


class Fields:
    """Writes conditions on the cable whose id is ``key``, an SQL expression."""

    def __init__(self, parameters: Parameters, key: str) -> None:
        """Values go to the parameters."""
        self.parameters = parameters
        self.key = key

    def condition(self, leaf: Is | Classified | Covered | Dated) -> str:
        """Write the condition of a field."""
        match leaf:
            case Is():
                return self.is_(leaf)
            case Classified(comparison, level):
                return f"cable.level {comparison} {self.parameters.add(level.rank)}"
            case Covered(comparison, share):
                return f"cable.coverage {comparison} {self.parameters.add(share)}"
            case Dated(first, last):
                ends = [f"cable.date >= {self.parameters.add(_seconds(first))}"] if first else []
                ends += [f"cable.date < {self.parameters.add(_seconds(last) + _DAY)}"] if last else []
                return " AND ".join(ends)

    def is_(self, leaf: Is) -> str:
        """Write the condition of a field that has a value, or one that begins with it."""
        value = leaf.value
        match leaf.field:
            case "from" | "to" | "info":
                return self.addressed(leaf)
            case "has":
                return self.has(value)
            case "post":
                return f"cable.post_id IN ({self.posts(leaf)})"
            case "mrn":
                numbered = f"cable.number_id IN (SELECT id FROM number WHERE {self.equals('mrn', _mrn(leaf), leaf)})"
                return f"({numbered} OR {self.equals('cable.reference_id', _mrn(leaf), leaf)})"
            case "ref":
                meant = f"SELECT id FROM number WHERE {self.equals('mrn', _mrn(leaf), leaf)}"
                return self.among("reference", f"number_id IN ({meant})")
            case "refs":
                there = f"SELECT id FROM number WHERE {self.equals('mrn', _mrn(leaf), leaf)}"
                cited = f"SELECT id FROM cable WHERE number_id IN ({there})"
                return f"cable.number_id IN (SELECT number_id FROM reference WHERE cable_id IN ({cited}))"
            case "tag":
                codes = f"SELECT id FROM tag WHERE {self.equals('code', value, leaf)}"
                return self.among("cable_tag", f"tag_id IN ({codes})")
            case "caption":
                known = captions.find(value)
                named = self.equals("name", known.name if known and not leaf.beginning else value, leaf)
                return self.among("cable_caption", f"caption_id IN (SELECT id FROM caption WHERE {named})")
            case "diagnostic":
                return self.among("diagnostic", self.equals("code", value, leaf))
            case "eo":
                return f"cable.eo = {self.parameters.add(int(value))}"
            case "signed":
                return self.equals("upper(cable.signed)", value, leaf)
            case "layout":
                return self.equals("cable.layout", value, leaf)

    def equals(self, column: str, value: str, leaf: Is) -> str:
        """Compare a column with a value, or with how it begins."""
        if leaf.beginning:
            return f"({column} >= {self.parameters.add(value)} AND {column} < {self.parameters.add(value + _LAST)})"
        return f"{column} = {self.parameters.add(value)}"

    def among(self, table: str, where: str) -> str:
        """Say that the cable has a row in a table. Where words choose the cables, each of them is looked up."""
        if self.key == "cable.id":
            return f"cable.id IN (SELECT cable_id FROM {table} WHERE {where})"
        return f"EXISTS (SELECT 1 FROM {table} WHERE {where} AND {table}.cable_id = {self.key})"

    def addressed(self, leaf: Is) -> str:
        """Write the condition of an addressee: its post, or its designator."""
        name = self.equals("upper(name)", leaf.value, leaf)
        whom = f"SELECT id FROM addressee WHERE post_id IN ({self.posts(leaf)}) OR {name}"
        found = self.among("cable_addressee", f"addressee_id IN ({whom}) AND role = {self.parameters.add(leaf.field)}")
        if leaf.field != "from":
            return found
        # A partial extract has no header; the post of its number is who it is from.
        headless = f"NOT EXISTS (SELECT 1 FROM cable_addressee WHERE cable_id = {self.key} AND role = 'from')"
        return f"({found} OR (cable.post_id IN ({self.posts(leaf)}) AND {headless}))"

    def posts(self, leaf: Is) -> str:
        """Select the posts that a name, an abbreviation or a routing indicator stands for."""
        if leaf.beginning:
            return f"SELECT id FROM post WHERE {self.equals('name', squeeze(leaf.value), leaf)}"
        post = posts.find(leaf.value)
        meant = (post,) if post else posts.candidates(leaf.value) or posts.by_routing_indicator(leaf.value)
        keys = dict.fromkeys((*(one.post for one in meant), squeeze(leaf.value)))
        return f"SELECT id FROM post WHERE name IN ({self.parameters.each(keys)})"

    def has(self, what: str) -> str:
        """Write the condition of ``has:``."""
        match what:
            case "table":
                return "cable.has_table = 1"
            case "signature":
                return "cable.signed IS NOT NULL"
            case "references":
                return self.among("reference", "kind <> 'none'")
            case "diagnostics" | "repairs":
                return self.among(what.removesuffix("s"), "1")
            case _:
                return self.among("paragraph", f"role = {self.parameters.add(what)}")

    def portion(self, scope: Scope) -> str:
        """Say that the cable has a portion with such a mark. Headings have none and are none."""
        levels = ", ".join(map(str, sorted(scope.levels)))
        headings = "SELECT id FROM kind WHERE name = 'heading'"
        where = f"coalesce(level, {UNMARKED}) IN ({levels}) AND kind_id NOT IN ({headings})"
        for control in scope.controls:
            asked = f"instr('//' || replace(controls, '//', ' //') || ' ', {self.parameters.add(f'//{control} ')})"
            where += f" AND {asked}"
        return self.among("paragraph", where)


def _mrn(leaf: Is) -> str:
    """Write a message reference number as the archive does; the beginning of one as it is."""
    squeezed = squeeze(leaf.value)
    return squeezed if leaf.beginning else normal(squeezed)


def _seconds(day: date) -> int:
    """Count from 1970 to the beginning of a day, UTC."""
    return (day - date(1970, 1, 1)).days * _DAY
