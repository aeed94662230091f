"""Words of a query as expressions of FTS5, over the columns of the portions in which they are looked for.

The index keeps the words of a portion in the column of its level, except that those of the commonest level of a cable
(``cable.body_level``) are in ``body`` and ``summary``. So an expression is right for cables with certain body levels.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from cablekit.archive.query import And, Marked, Near, Node, Not, Or, Text
from cablekit.model import Level

COMPARE = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
UNMARKED = -1
"""Stands for the level of portions without mark."""
LEVELS = {UNMARKED: "unmarked", **{level.rank: level.abbreviation.lower() for level in Level}}
"""Every level that a portion can have, and its column of the index."""


class Scope(NamedTuple):
    """The portions in which words are looked for."""

    levels: frozenset[int]
    controls: tuple[str, ...] = ()

    def holds(self, level: int | None, controls: Iterable[str]) -> bool:
        """Tell whether a portion with this mark is one of them; ``REL`` is a control that begins ``REL TO``, too."""
        if (UNMARKED if level is None else level) not in self.levels:
            return False
        present = [f"{control} " for control in controls]
        return all(any(control.startswith(f"{asked} ") for control in present) for asked in self.controls)


class Expression(NamedTuple):
    """An FTS5 expression; the loosest operator in it tells where it needs parentheses."""

    words: str
    operator: Literal["", "NOT", "AND", "OR"] = ""

    def within(self, *looser: str) -> str:
        """Write it as an operand."""
        return f"({self.words})" if self.operator in looser else self.words


def scope_of(node: And, outer: Scope | None) -> Scope | None:
    """Return the portions that have all marks of a conjunction; without marks, those that hold around it."""
    marks = [item for item in node.items if isinstance(item, Marked)]
    if not marks:
        return outer
    levels = frozenset(LEVELS)
    for mark in marks:
        levels &= _levels(mark)
    return Scope(levels, tuple(dict.fromkeys(control for mark in marks for control in mark.controls)))


def _levels(mark: Marked) -> frozenset[int]:
    if mark.level is None:
        return frozenset(level.rank for level in Level) if mark.controls else frozenset((UNMARKED,))
    return frozenset(level.rank for level in Level if COMPARE[mark.comparison](level.rank, mark.level.rank))


def is_words(node: Node, scope: Scope | None) -> bool:
    """Tell whether one expression can find it: words only, something that is not excluded, and no controls.

    The index knows the levels of portions, not their controls.
    """
    match node:
        case Text() | Near():
            return not (node.subject and scope and scope.controls)
        case Or(items):
            return all(is_words(item, scope) for item in items)
        case And(items):
            within = scope_of(node, scope)
            marked = any(isinstance(item, Marked) for item in items)
            items = tuple(item for item in items if not isinstance(item, Marked))
            return (
                # Where no word need stand in them, that there are such portions is a condition of its own.
                (not marked or stand_in_portions(items))
                and (within is scope or not any(one and one.controls for one in (scope, within)))
                and not all(isinstance(item, Not) for item in items)
                and all(is_words(item.item if isinstance(item, Not) else item, within) for item in items)
            )
    return False


def stand_in_portions(items: Iterable[Node]) -> bool:
    """Tell whether words of a conjunction must stand in the portions that it describes, so that there are such."""
    return any(isinstance(item, (Text, Near)) and not item.subject for item in items)


def terms(node: Node, scope: Scope | None = None) -> Iterator[tuple[Text | Near, Scope | None, bool]]:
    """Give words with the portions they are looked for in, and whether they are asked for rather than excluded."""
    match node:
        case Text() | Near():
            yield node, None if node.subject else scope, True
        case Not(item):
            yield from ((words, within, not asked) for words, within, asked in terms(item, scope))
        case And(items) | Or(items):
            within = scope_of(node, scope) if isinstance(node, And) else scope
            for item in items:
                yield from terms(item, within)


def phrase(node: Text | Near) -> str:
    """Write words, or words near one another."""
    if isinstance(node, Near):
        return f"NEAR({' '.join(map(phrase, node.texts))}, {node.distance})"
    return '"' + node.words.replace('"', '""') + '"' + (" *" if node.beginning else "")


def join(word: Literal["AND", "OR"], operands: list[Expression]) -> Expression:
    """Join expressions by an operator."""
    if len(operands) == 1:
        return operands[0]
    looser = ("OR",) if word == "AND" else ()
    return Expression(f" {word} ".join(operand.within(*looser) for operand in operands), word)


def exact(node: Node, scope: Scope | None, body_levels: frozenset[int], *, columns: bool = True) -> Expression:
    """Write words as an expression that finds just the cables with these body levels that hold them.

    Without ``columns`` it is for a text that is nothing but the portions in which the words are looked for.
    """
    if isinstance(node, (Text, Near)):
        return Expression((_columns(node, scope, body_levels) if columns else "") + phrase(node))

    def write(item: Node) -> Expression:
        return exact(item, within, body_levels, columns=columns)

    assert isinstance(node, (And, Or))
    within = scope_of(node, scope) if isinstance(node, And) else scope
    items = [item for item in node.items if not isinstance(item, Marked)]
    found = [write(item) for item in items if not isinstance(item, Not)]
    excluded = [write(item.item) for item in items if isinstance(item, Not)]
    expression = join("OR" if isinstance(node, Or) else "AND", found)
    if excluded:
        without = join("OR", excluded).within("NOT", "AND", "OR")
        return Expression(f"{expression.within('AND', 'OR')} NOT {without}", "NOT")
    return expression


def likely(node: Node, scope: Scope) -> Expression:
    """Write words as an expression that finds at least the cables that hold them in such portions.

    What is excluded may stand in other portions, so it is not looked at.
    """
    if isinstance(node, (Text, Near)):
        return Expression(_columns(node, scope, scope.levels) + phrase(node))
    assert isinstance(node, (And, Or))
    found = [likely(item, scope) for item in node.items if not isinstance(item, (Not, Marked))]
    return join("OR" if isinstance(node, Or) else "AND", found)


def _columns(node: Text | Near, scope: Scope | None, body_levels: frozenset[int]) -> str:
    """Write the columns in which words are looked for; nothing for all."""
    if node.subject:
        return "{subject} : "
    if scope is None:
        return ""
    names = [LEVELS[level] for level in sorted(scope.levels)]
    if body_levels & scope.levels:
        names += ["body", "summary"]
    return f"{{{' '.join(names)}}} : "
