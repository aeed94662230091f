"""Query to SQL. Words become full-text expressions of FTS5, fields become conditions; every value is a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cablekit.archive import fulltext
from cablekit.archive.conditions import Fields, Parameters
from cablekit.archive.fulltext import LEVELS, UNMARKED, Scope
from cablekit.archive.query import And, Marked, Near, Node, Not, Or, Text

Sort = Literal["rank", "date", "-date", "mrn"]

_MRN = (
    "(SELECT coalesce(number.mrn, cable.reference_id) FROM cable LEFT JOIN number ON number.id = cable.number_id"
    " WHERE cable.id = found.id)"
)
_DATE = "(SELECT date FROM cable WHERE cable.id = found.id)"
_ORDER = {
    "rank": "score, id",
    "date": f"{_DATE} NULLS LAST, id",
    "-date": f"{_DATE} DESC NULLS LAST, id",
    "mrn": f"{_MRN} NULLS LAST, id",
}


class Statement(NamedTuple):
    """SQL, and the values of its parameters."""

    sql: str
    values: dict[str, Any]


class Term(NamedTuple):
    """Words that a hit may hold, and the portions in which they count; none for everywhere."""

    words: Text | Near
    scope: Scope | None


class InPortions(NamedTuple):
    """Words that must stand in portions with certain controls, which the index does not know."""

    words: Node
    scope: Scope


@dataclass(frozen=True)
class Compiled:
    """A query as SQL."""

    likely: str
    """Selects ``id`` of all hits, before the late condition."""
    scored: str
    """Selects ``score``, too. The lower the better."""
    values: dict[str, Any]
    ranked: bool
    """Whether scores say anything."""
    terms: tuple[Term, ...] = ()
    """The words that are asked for, without those that are excluded."""
    portions: tuple[InPortions, ...] = ()
    """What the SQL function ``in_portions(search, cable, number)`` is to find out; ``search`` tells searches apart."""
    late: str = ""
    """A condition that takes long, so that it is asked as late as can be."""

    @property
    def found(self) -> str:
        """Select ``id`` of all hits."""
        return f"SELECT id FROM (\n{self.likely}\n) WHERE {self.late}" if self.late else self.likely

    def hits(self, sort: Sort, limit: int | None = None, offset: int = 0) -> Statement:
        """Select ``id`` and ``score`` in order; of equals the one that was archived first."""
        page = "LIMIT :limit OFFSET :offset"
        sql = f"SELECT id, score FROM (\n{self.scored}\n) AS found\nORDER BY {_ORDER[sort]}\n"
        if self.late:
            # The inner limit keeps SQLite from asking before it sorts.
            sql = f"SELECT id, score FROM (\n{sql}LIMIT -1\n) WHERE {self.late}\n{page}"
        else:
            sql += page
        return Statement(sql, self.values | {"limit": -1 if limit is None else limit, "offset": offset})


def compile_query(node: Node, *, editions: bool = False) -> Compiled:
    """Make SQL of a query; with ``editions`` every edition of a cable is a hit, not the preferred one alone."""
    return _Compiler(node, editions).compiled()


class _Compiler:
    def __init__(self, node: Node, editions: bool) -> None:
        self.node = node if isinstance(node, And) else And((node,))
        self.editions = editions
        self.parameters = Parameters()
        self.portions: list[InPortions] = []
        self.body_levels = frozenset[int]()

    def compiled(self) -> Compiled:
        """Compile once for each group of body levels for which marks mean other columns of the index."""
        terms = list(fulltext.terms(self.node))
        scopes = {scope.levels for _, scope, _ in terms if scope and not scope.controls}
        groups: dict[tuple[bool, ...], list[int]] = {}
        for level in LEVELS:
            groups.setdefault(tuple(level in levels for levels in scopes), []).append(level)
        branches = []
        for levels in groups.values():
            self.body_levels = frozenset(levels)
            branches.append(self.branch(whole=len(groups) == 1))
        asked = dict.fromkeys(Term(words, scope) for words, scope, is_asked in terms if is_asked)
        likely, scored = ("\nUNION ALL\n".join(selects) for selects in zip(*branches, strict=True))
        scope, words, _ = self.split(self.node, None)
        late = self.in_portions(words, scope, "id")
        return Compiled(likely, scored, self.parameters.values, bool(asked), tuple(asked), tuple(self.portions), late)

    def branch(self, whole: bool) -> tuple[str, str]:
        """Select the hits among the cables with these body levels, without and with their scores."""
        scope, words, others = self.split(self.node, None)
        source, key, score, where = "cable", "cable.id", "0.0", []
        ranking = ""
        if words is not None:
            source, key, score = "words", "words.rowid", "words.rank"
            where.append(f"words MATCH {self.match(words, scope)}")
        elif scores := self.ranking():
            ranking = f" LEFT JOIN ({scores}) AS ranking ON ranking.id = cable.id"
            score = "coalesce(ranking.score, 0.0)"
        if not whole:
            where.append(f"coalesce(cable.body_level, {UNMARKED}) IN ({', '.join(map(str, sorted(self.body_levels)))})")
        where += self.conditions(self.node, scope, others, key)
        if not self.editions:
            superseded = "(SELECT id FROM cable WHERE preferred = 0)"
            where.append("cable.preferred = 1" if words is None else f"{key} NOT IN {superseded}")
        conditions = "\n  AND ".join(where) or "1"
        if words is not None and "cable." in conditions:
            # Beginning with the words is best, but SQLite cannot know how few they find.
            source += " CROSS JOIN cable ON cable.id = words.rowid"
        found = f"SELECT {key} AS id FROM {source}\nWHERE {conditions}"
        return found, f"SELECT {key} AS id, {score} AS score FROM {source}{ranking}\nWHERE {conditions}"

    def ranking(self) -> str | None:
        """Score cables by the words that are asked for, where those alone do not choose the cables."""
        asked = [
            fulltext.exact(words, scope, self.body_levels)
            for words, scope, is_asked in fulltext.terms(self.node)
            if is_asked
        ]
        if not asked:
            return None
        words = self.parameters.add(fulltext.join("OR", list(dict.fromkeys(asked))).words)
        return f"SELECT rowid AS id, rank AS score FROM words WHERE words MATCH {words}"

    def split(self, node: And, outer: Scope | None) -> tuple[Scope | None, Node | None, list[Node]]:
        """Part a conjunction into its portions, what the index finds, and what else must hold."""
        scope = fulltext.scope_of(node, outer)
        items = [item for item in node.items if not isinstance(item, Marked)]
        words: list[Node] = [item for item in items if fulltext.is_words(item, scope)]
        if not words:
            return scope, None, list(items)
        words += [item for item in items if isinstance(item, Not) and fulltext.is_words(item.item, scope)]
        return scope, And(tuple(words)), [item for item in items if item not in words]

    def match(self, words: Node, scope: Scope | None) -> str:
        """Write words for the index; where it does not know all of it, so that nothing is missed."""
        if scope and scope.controls:
            return self.parameters.add(fulltext.likely(words, scope).words)
        return self.parameters.add(fulltext.exact(words, scope, self.body_levels).words)

    def conditions(self, node: And, scope: Scope | None, others: list[Node], key: str) -> list[str]:
        """Write what must hold beside what the index finds."""
        where = [self.condition(item, scope, key) for item in others]
        marked = any(isinstance(item, Marked) for item in node.items)
        # Where words stand in such a portion there is one.
        if scope and marked and (scope.controls or not fulltext.stand_in_portions(node.items)):
            where.append(Fields(self.parameters, key).portion(scope))
        return where

    def in_portions(self, words: Node | None, scope: Scope | None, key: str) -> str:
        """Write what only the portions themselves can tell; nothing where the index knows it."""
        if words is None or scope is None or not scope.controls:
            return ""
        asked = InPortions(words, scope)
        if asked not in self.portions:
            self.portions.append(asked)
        return f"in_portions(:search, {key}, {self.portions.index(asked)})"

    def condition(self, node: Node, scope: Scope | None, key: str) -> str:
        """Write one condition."""
        match node:
            case Not(item):
                return f"({self.condition(item, scope, key)}) IS NOT TRUE"
            case Or(items):
                words = [item for item in items if fulltext.is_words(item, scope)]
                others = [item for item in items if item not in words]
                parts = [self.condition(item, scope, key) for item in others]
                if words:
                    parts.insert(0, self.condition(And((Or(tuple(words)),)), scope, key))
                return f"({' OR '.join(parts)})"
            case And():
                scope, found, others = self.split(node, scope)
                where = self.conditions(node, scope, others, key)
                if found is not None:
                    where.insert(0, f"{key} IN (SELECT rowid FROM words WHERE words MATCH {self.match(found, scope)})")
                    where += filter(None, [self.in_portions(found, scope, key)])
                return f"({' AND '.join(where) or 1})"
            case Text() | Near():
                return self.condition(And((node,)), None if node.subject else scope, key)
            case Marked():
                return self.condition(And((node,)), scope, key)
            case _:
                return Fields(self.parameters, key).condition(node)
