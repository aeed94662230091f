"""Query to SQL. Words become full-text expressions of FTS5, fields become conditions; every value is a parameter.

The full-text index keeps the words of a portion in the column of its level, except that those of the commonest level of
a cable (``cable.body_level``) are in ``body`` and ``summary``. So a query with marks is compiled once for each group of
body levels for which it means other columns, and the statements are joined by UNION ALL.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from cablekit.archive.conditions import Parameters, condition
from cablekit.archive.query import And, Comparison, Marked, Near, Node, Not, Or, Text
from cablekit.model import Level

Sort = Literal["rank", "date", "-date", "mrn"]

_COMPARE = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_UNMARKED = -1
"""Stands for no level; in SQL too."""
_LEVELS = {_UNMARKED: "unmarked", **{level.rank: level.abbreviation.lower() for level in Level}}
"""Every level that a portion can have, and its column of the index."""
_ORDER = {
    "rank": "score, id",
    "date": "date IS NULL, date, id",
    "-date": "date IS NULL, date DESC, id",
    "mrn": "mrn IS NULL, mrn, id",
}
_KEYS = {
    "rank": "",
    "date": ", (SELECT date FROM cable WHERE cable.id = found.id) AS date",
    "-date": ", (SELECT date FROM cable WHERE cable.id = found.id) AS date",
    "mrn": ", (SELECT coalesce(number.mrn, cable.reference_id) FROM cable LEFT JOIN number"
    " ON number.id = cable.number_id WHERE cable.id = found.id) AS mrn",
}


class Scope(NamedTuple):
    """The portions in which words are looked for."""

    levels: frozenset[int]
    controls: tuple[str, ...]


class Portions(NamedTuple):
    """Words and the portions in which they must stand, which the index alone cannot tell."""

    node: Node
    scope: Scope


class Statement(NamedTuple):
    """SQL and the values of its parameters."""

    sql: str
    values: dict[str, Any]


class Term(NamedTuple):
    """Words that a hit may hold, to be shown."""

    text: Text | Near
    scope: Scope | None


@dataclass
class Compiled:
    """A query as SQL."""

    branches: list[str]
    values: dict[str, Any]
    terms: list[Term]
    """The words and phrases that are asked for, without those that are excluded."""
    portions: list[Portions] = field(default_factory=list)
    """What the SQL function ``in_portions(cable, number)`` is to find out."""

    @property
    def found(self) -> str:
        """Give the SELECT of ``id`` and ``score`` of all hits."""
        return "\nUNION ALL\n".join(self.branches)

    def hits(self, sort: Sort, limit: int | None, offset: int) -> Statement:
        """Select ``id`` and ``score`` in order. The lower the score the better."""
        page = {"limit": -1 if limit is None else limit, "offset": offset}
        source = f"SELECT id, score{_KEYS[sort]} FROM (\n{self.found}\n) AS found"
        return Statement(f"{source}\nORDER BY {_ORDER[sort]} LIMIT :limit OFFSET :offset", self.values | page)

    def count(self) -> Statement:
        """Count the hits."""
        return Statement(f"SELECT count(*) FROM (\n{self.found}\n)", self.values)


def compile_query(node: Node, *, editions: bool = False) -> Compiled:
    """Make SQL of a query; ``editions`` finds every edition of a cable, not the preferred one alone."""
    return _Compiler(node, editions).compiled()


def scope_of(marks: Iterable[Marked]) -> Scope:
    """Return the portions that have all these marks."""
    levels, controls = frozenset(_LEVELS), tuple[str, ...]()
    for mark in marks:
        levels &= _levels(mark.comparison, mark.level, mark.controls)
        controls += tuple(control for control in mark.controls if control not in controls)
    return Scope(levels, controls)


def _levels(comparison: Comparison, level: Level | None, controls: tuple[str, ...]) -> frozenset[int]:
    if level is None:
        return frozenset(range(len(Level))) if controls else frozenset((_UNMARKED,))
    return frozenset(known.rank for known in Level if _COMPARE[comparison](known.rank, level.rank))


def quote(text: Text) -> str:
    """Write words as an FTS5 string."""
    return '"' + text.words.replace('"', '""') + '"' + (" *" if text.beginning else "")


def expression(node: Text | Near) -> str:
    """Write words, or words near one another, as an FTS5 expression."""
    if isinstance(node, Text):
        return quote(node)
    return f"NEAR({' '.join(map(quote, node.texts))}, {node.distance})"


class Expression(NamedTuple):
    """An FTS5 expression; the loosest operator in it tells where it needs parentheses."""

    words: str
    operator: Literal["", "NOT", "AND", "OR"] = ""

    def within(self, *looser: str) -> str:
        """Write it as an operand."""
        return f"({self.words})" if self.operator in looser else self.words


def join(word: Literal["AND", "OR"], operands: list[Expression]) -> Expression:
    """Join expressions."""
    if len(operands) == 1:
        return operands[0]
    looser = ("OR",) if word == "AND" else ()
    return Expression(f" {word} ".join(operand.within(*looser) for operand in operands), word)


def _is_text(node: Node) -> bool:
    """Tell whether the full-text index alone can answer: words, without an exclusion that nothing is taken from."""
    match node:
        case Text() | Near():
            return True
        case Or(items):
            return all(map(_is_text, items))
        case And(items):
            positive = [item for item in items if not isinstance(item, (Not, Marked))]
            negative = [item.item for item in items if isinstance(item, Not)]
            return bool(positive) and all(map(_is_text, (*positive, *negative)))
    return False


def _marks(node: And) -> list[Marked]:
    return [item for item in node.items if isinstance(item, Marked)]


def _terms(node: Node, scope: Scope | None = None) -> Iterator[tuple[Text | Near, Scope | None, bool]]:
    """Give words with the portions they are looked for in, and whether they are asked for rather than excluded."""
    match node:
        case Text() | Near():
            yield node, None if node.subject else scope, True
        case Not(item):
            yield from ((text, within, not asked) for text, within, asked in _terms(item, scope))
        case And(items) | Or(items):
            if isinstance(node, And) and _marks(node):
                scope = scope_of(_marks(node))
            for item in items:
                yield from _terms(item, scope)


class _Compiler:
    def __init__(self, node: Node, editions: bool) -> None:
        self.node = node
        self.editions = editions
        self.parameters = Parameters()
        self.portions: list[Portions] = []
        self.body_levels = frozenset[int]()

    def compiled(self) -> Compiled:
        terms = list(_terms(self.node))
        scopes = {scope.levels for _, scope, _ in terms if scope and not scope.controls}
        groups: dict[tuple[bool, ...], list[int]] = {}
        for level in _LEVELS:
            groups.setdefault(tuple(level in levels for levels in scopes), []).append(level)
        branches = []
        for levels in groups.values():
            self.body_levels = frozenset(levels)
            branches.append(self.branch(whole=len(groups) == 1))
        asked = [Term(text, scope) for text, scope, asked in terms if asked]
        return Compiled(branches, self.parameters.values, list(dict.fromkeys(asked)), self.portions)

    def branch(self, whole: bool) -> str:
        """Select the hits among the cables with these body levels."""
        items = list(self.node.items) if isinstance(self.node, And) else [self.node]
        scope = scope_of(_marks(self.node)) if isinstance(self.node, And) and _marks(self.node) else None
        words, others = self.split(items, scope)
        driven = words is not None
        where = [] if whole else [f"coalesce(cable.body_level, {_UNMARKED}) IN ({_numbers(self.body_levels)})"]
        where += [self.condition(item, scope, driven) for item in others]
        if scope and not driven:
            where.insert(0, _has_portion(scope))
        score = "0.0"
        if words is not None:
            where.insert(0, f"words MATCH {self.parameters.add(words.words)}")
            source, score = "words", "words.rank"
        else:
            source = "cable"
            if ranking := self.ranking():
                source += f" LEFT JOIN (SELECT rowid AS id, rank AS score FROM words WHERE words MATCH {ranking})"
                source += " AS ranking ON ranking.id = cable.id"
                score = "coalesce(ranking.score, 0.0)"
        if not self.editions:
            superseded = "NOT IN (SELECT id FROM cable WHERE preferred = 0)"
            where.append(f"words.rowid {superseded}" if driven else "cable.preferred = 1")
        conditions = " AND ".join(where) or "1"
        if driven and "cable." in conditions:
            source += " CROSS JOIN cable ON cable.id = words.rowid"
        key = "words.rowid" if driven else "cable.id"
        return f"SELECT {key} AS id, {score} AS score FROM {source}\nWHERE {conditions}"

    def split(self, items: list[Node], scope: Scope | None) -> tuple[Expression | None, list[Node]]:
        """Part what the full-text index can find from the rest of what must all hold."""
        rest = [item for item in items if not isinstance(item, Marked)]
        plain = [item for item in rest if _is_text(item)]
        minus = [item for item in rest if isinstance(item, Not) and _is_text(item.item)]
        if not plain:
            return None, rest
        others = [item for item in rest if item not in plain and item not in minus]
        if scope and scope.controls:
            # The index finds those that may be hits; the portions themselves tell which are.
            found = [expression for item in plain if (expression := self.likely(item, scope)) is not None]
            others.append(And((*_marks_of(scope), *plain, *minus)))
            return (join("AND", found) if found else None), others
        return self.words(And((*plain, *minus)), scope), others

    def words(self, node: Node, scope: Scope | None) -> Expression:
        """Write words as a full-text expression that is exact for the body levels of this branch."""
        match node:
            case Text() | Near():
                return Expression(self.columns(node, scope) + expression(node))
            case Or(items):
                return join("OR", [self.words(item, scope) for item in items])
            case And(items):
                scope = scope_of(_marks(node)) if _marks(node) else scope
                plain = [self.words(item, scope) for item in items if not isinstance(item, (Not, Marked))]
                minus = [self.words(item.item, scope) for item in items if isinstance(item, Not)]
                found = join("AND", plain)
                if not minus:
                    return found
                return Expression(f"{found.within('AND', 'OR')} NOT {join('OR', minus).within('AND', 'OR', 'NOT')}", "NOT")
        raise TypeError(node)
