"""LALR tables of a grammar file: Lark builds them, once; they are plain data that can be kept as JSON."""

from __future__ import annotations

import re
from enum import IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lark import Lark


class Step(IntEnum):
    """How a rule makes its value of those of its symbols. All but BUILD are short ways for the commonest rules."""

    BUILD = 0
    """A tree or a list of all that is kept."""
    GROW = 1
    """The list that is the first gets the second: ``_run: _run PART``."""
    DROP = 2
    """The list that is the first stays as it is: ``_run: _run _COMMA``."""
    WRAP = 3
    """A list of the only one: ``_run: PART``."""
    PASS = 4
    """The only one itself: ``?piece: TEXT``, ``_run: _other_run``."""


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
    parts: tuple[tuple[int, bool], ...] | None
    """Which symbols are kept, and whether they are opened; none where all are kept as they are."""
    step: int
    """How that is done, a `Step`."""


class ScannerTable(NamedTuple):
    """What the lexer looks for in some states."""

    terminals: list[str]
    """In the order in which they are tried."""
    keywords: dict[str, dict[str, str]]
    """Terminal → word → the terminal that this word is."""


class State(NamedTuple):
    """A state of the parser."""

    scanner: int
    actions: dict[str, int]
    """Terminal → state to go to, or the number of the rule to reduce by, inverted (``~number``)."""
    gotos: dict[str, int]
    """Rule → state behind it."""


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
        """Return the expression of a scanner: every terminal is a named group."""
        return "|".join(f"(?P<{name}>{self.terminals[name]})" for name in self.scanners[scanner].terminals)

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
    numbers: dict[Any, int] = {}
    rules: list[Rule] = []
    lexers: dict[int, int] = {}
    scanners: list[ScannerTable] = []
    states: list[State] = []
    for number in range(len(table.states)):
        actions: dict[str, int] = {}
        gotos: dict[str, int] = {}
        for symbol, (action, argument) in table.states[number].items():
            if symbol in ignored:
                continue  # the parser never sees it
            if action is not Shift:
                if argument not in numbers:
                    numbers[argument] = len(rules)
                    rules.append(_rule(argument))
                actions[symbol] = ~numbers[argument]
            elif symbol.isupper():
                actions[symbol] = argument
            else:
                gotos[symbol] = argument
        lexer = front.lexer.lexers[number]
        if id(lexer) not in lexers:
            scanner = _scanner(lexer)
            if scanner not in scanners:  # Lark tells states apart that accept the same terminals
                scanners.append(scanner)
            lexers[id(lexer)] = scanners.index(scanner)
        states.append(State(lexers[id(lexer)], actions, gotos))
    return Tables(
        starts={start: (table.start_states[start], table.end_states[start]) for start in table.start_states},
        rules=rules,
        terminals={str(terminal.name): terminal.pattern.to_regexp() for terminal in front.lexer.root_lexer.terminals},
        flags=int(lark.options.g_regex_flags),
        scanners=scanners,
        states=states,
        ignored=tuple(sorted(map(str, ignored))),
    )


def _rule(rule: Any) -> Rule:
    parts = tuple(
        (index, not symbol.is_term and symbol.name.startswith("_"))
        for index, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
    )
    plain = len(parts) == len(rule.expansion) and not any(opened for _, opened in parts)
    origin = str(rule.origin.name)
    size = len(rule.expansion)
    expand = bool(rule.options.expand1 and not rule.alias)
    return Rule(
        origin=origin,
        size=size,
        name=None if origin.startswith("_") else str(rule.alias or rule.options.template_source or origin),
        expand=expand,
        parts=None if plain else parts,
        step=int(_step(origin.startswith("_"), expand, size, parts)),
    )


def _step(is_list: bool, expand: bool, size: int, parts: tuple[tuple[int, bool], ...]) -> Step:
    if is_list and size == 2 and parts == ((0, True), (1, False)):
        return Step.GROW
    if is_list and size == 2 and parts == ((0, True),):
        return Step.DROP
    if is_list and size == 1 and parts == ((0, False),):
        return Step.WRAP
    if size == 1 and parts == ((0, is_list),) and (is_list or expand):
        return Step.PASS
    return Step.BUILD


def _scanner(lexer: Any) -> ScannerTable:
    """Take the terminals of a lexer; words that another terminal matches too are its keywords."""
    inner: Any = import_module("lark.lexer")
    terminals, callbacks = inner._create_unless(lexer.terminals, lexer.g_regex_flags, re, False)
    keywords = {
        name: {terminal.pattern.value: terminal.name for terminal in callback.scanner.terminals}
        for name, callback in callbacks.items()
    }
    return ScannerTable([str(terminal.name) for terminal in terminals], keywords)
