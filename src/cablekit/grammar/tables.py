"""LALR tables of a grammar file: Lark builds them, once; they are plain data that can be kept as JSON."""

from __future__ import annotations

import re
from enum import IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lark import Lark


class Join(IntEnum):
    """What becomes of a value."""

    PUSH = 0
    """It lies on top of the others."""
    GROW = 1
    """It goes into the list below it: ``_run: _run PART``."""
    EXTEND = 2
    """Its parts go there: ``_run: _run _pair``."""
    DROP = 3
    """It is left out: ``_run: _run _COMMA``."""


Parts = tuple[tuple[int, bool], ...] | None
"""Which symbols of a rule are kept, and whether they are opened; none where all are kept as they are."""

Move = tuple[int, tuple[tuple[str | None, Parts], ...], int]
"""What follows a symbol, as far as it is the same whatever comes next.

The state to go to; name and parts (as in `Rule`) of every rule that is made of this symbol only, from the inside out;
and a `Join`: a list that grows by what was read leads back to the state before it.
"""


class Rule(NamedTuple):
    """What is done when a rule has been read."""

    origin: str
    """The rule that it is a way of writing."""
    size: int
    """How many symbols it has."""
    name: str | None
    """The name that its tree bears; none where its parts are opened into the rule above."""
    expand: bool
    """Whether an only child stands for the tree."""
    parts: Parts


class ScannerTable(NamedTuple):
    """What the lexer looks for in some states."""

    terminals: list[str]
    """In the order in which they are tried."""
    keywords: dict[str, dict[str, str]]
    """Terminal → word → the terminal that this word is."""


class State(NamedTuple):
    """A state of the parser."""

    scanner: int
    shifts: dict[str, Move]
    """By terminal."""
    reduces: dict[str, int]
    """Terminal → number of the rule that ends before it."""
    gotos: dict[str, Move]
    """By rule that has just been read."""


class Tables(NamedTuple):
    """All that an `Automaton` needs."""

    starts: dict[str, tuple[int, int]]
    """Start rule → its first and last state."""
    rules: list[Rule]
    terminals: dict[str, str]
    """Terminal → regular expression."""
    flags: int
    """Of all regular expressions."""
    scanners: list[ScannerTable]
    states: list[State]
    ignored: tuple[str, ...]

    def pattern(self, scanner: int) -> str:
        """Return the expression of a scanner: behind every terminal an empty group bears its name.

        (A group around each would have to be opened, and given up, for all that do not match.)
        """
        return "|".join(f"(?:{self.terminals[name]})(?P<{name}>)" for name in self.scanners[scanner].terminals)

    def plain(self) -> tuple[Any, ...]:
        """Return nothing but dicts, lists, tuples, strings and numbers."""
        return tuple([tuple(row) for row in rows] if isinstance(rows, list) else rows for rows in self)

    @classmethod
    def of_plain(cls, data: tuple[Any, ...]) -> Tables:
        """Take back what `plain` gave."""
        tables = cls(*data)
        return tables._replace(
            rules=[Rule(*rule) for rule in tables.rules],
            scanners=[ScannerTable(*scanner) for scanner in tables.scanners],
            states=[State(*state) for state in tables.states],
        )


def tables_of(lark: Lark) -> Tables:
    """Take the tables out of a parser that Lark built."""
    from lark.parsers.lalr_analysis import Shift

    front: Any = lark.parser
    table = front.parser._parse_table
    ignored = front.lexer.root_lexer.ignore_types
    reader = _Reader()
    rows: list[_Row] = []
    for number in range(len(table.states)):
        row = _Row({}, {}, {})
        for symbol, (action, argument) in table.states[number].items():
            if symbol in ignored:
                continue  # the parser never sees it
            if action is not Shift:
                row.reduces[symbol] = reader.number(argument)
            elif symbol.isupper():
                row.shifts[symbol] = argument
            else:
                row.gotos[symbol] = argument
        rows.append(row)
    lexers: dict[int, int] = {}
    scanners: list[ScannerTable] = []
    states: list[State] = []
    for number, row in enumerate(rows):
        lexer = front.lexer.lexers[number]
        if id(lexer) not in lexers:
            scanner = _scanner(lexer)
            if scanner not in scanners:  # Lark tells states apart that accept the same terminals
                scanners.append(scanner)
            lexers[id(lexer)] = scanners.index(scanner)
        shifts, gotos = (
            {symbol: reader.move(rows, number, target) for symbol, target in targets.items()}
            for targets in (row.shifts, row.gotos)
        )
        states.append(State(lexers[id(lexer)], shifts, row.reduces, gotos))
    return Tables(
        starts={start: (table.start_states[start], table.end_states[start]) for start in table.start_states},
        rules=reader.rules,
        terminals={str(terminal.name): terminal.pattern.to_regexp() for terminal in front.lexer.root_lexer.terminals},
        flags=int(lark.options.g_regex_flags),
        scanners=scanners,
        states=states,
        ignored=tuple(sorted(map(str, ignored))),
    )


class _Row(NamedTuple):
    """A state of Lark's parser: where each symbol leads, and which rule ends before which terminal."""

    shifts: dict[str, int]
    reduces: dict[str, int]
    gotos: dict[str, int]


class _Reader:
    """Numbers Lark's rules, and finds those that can be read without a look at the next terminal."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rules: list[Rule] = []
        self._numbers: dict[Any, int] = {}
        self._own_first: list[bool] = []

    def number(self, rule: Any) -> int:
        """Return the number of a rule."""
        if rule not in self._numbers:
            self._numbers[rule] = len(self.rules)
            self.rules.append(_rule(rule))
            self._own_first.append(bool(rule.expansion) and rule.expansion[0] == rule.origin)
        return self._numbers[rule]

    def move(self, rows: list[_Row], state: int, target: int) -> Move:
        """Follow what must be done in ``target``, which a symbol leads to from ``state``."""
        makes: list[tuple[str | None, Parts]] = []
        while True:
            row = rows[target]
            ends = set(row.reduces.values())
            if row.shifts or len(ends) != 1:
                return target, tuple(makes), int(Join.PUSH)
            (number,) = ends
            origin, size, name, expand, parts = self.rules[number]
            if size == 2 and name is None and self._own_first[number] and parts in _JOINS:
                return state, tuple(makes), int(_JOINS[parts])
            if size != 1 or (expand and parts is not None):
                return target, tuple(makes), int(Join.PUSH)
            if not expand and not (name is None and parts == ((0, True),)):
                makes.append((name, parts))
            target = rows[state].gotos[origin]


_JOINS: dict[Parts, Join] = {
    ((0, True), (1, False)): Join.GROW,
    ((0, True), (1, True)): Join.EXTEND,
    ((0, True),): Join.DROP,
}
"""What becomes of the second symbol of a list that begins with itself, by what the rule keeps."""


def _rule(rule: Any) -> Rule:
    parts = tuple(
        (index, not symbol.is_term and symbol.name.startswith("_"))
        for index, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
    )
    plain = len(parts) == len(rule.expansion) and not any(opened for _, opened in parts)
    origin = str(rule.origin.name)
    return Rule(
        origin=origin,
        size=len(rule.expansion),
        name=None if origin.startswith("_") else str(rule.alias or rule.options.template_source or origin),
        expand=bool(rule.options.expand1 and not rule.alias),
        parts=None if plain else parts,
    )


def _scanner(lexer: Any) -> ScannerTable:
    """Take the terminals of a lexer; words that another terminal matches too are its keywords."""
    inner: Any = import_module("lark.lexer")
    terminals, callbacks = inner._create_unless(lexer.terminals, lexer.g_regex_flags, re, False)
    keywords = {
        name: {terminal.pattern.value: terminal.name for terminal in callback.scanner.terminals}
        for name, callback in callbacks.items()
    }
    return ScannerTable([str(terminal.name) for terminal in terminals], keywords)
