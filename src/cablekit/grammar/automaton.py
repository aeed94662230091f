"""Runs LALR tables: a contextual lexer and a parser in one loop.

Lark builds the tables (`cablekit.grammar.tables`). Its own run time counts lines and columns and calls back for every
rule, which takes longer than the reading itself. What comes out here is what comes out there, and a test compares the
two: rules beginning with ``_`` are opened into their parents, terminals beginning with ``_`` are left out, and a
``?rule`` with one child is that child.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from cablekit.grammar.tables import Join

if TYPE_CHECKING:
    from cablekit.grammar.tables import Tables

_PUSH, _GROW, _EXTEND = int(Join.PUSH), int(Join.GROW), int(Join.EXTEND)
END = "$END"

_Match = Callable[[str, int], "re.Match[str] | None"]


class Unreadable(Exception):
    """A text does not follow its grammar.

    ``position`` is where it stops doing so: its length where more was due; ``expected`` are terminals that could stand
    there.
    """

    def __init__(self, position: int, expected: Iterable[str]) -> None:
        """Keep both."""
        super().__init__(f"unreadable at character {position}")
        self.position = position
        self.expected = frozenset(expected)


class Token(str):
    """What a terminal matched. A string that knows its terminal and its place in the text."""

    __slots__ = ("start_pos", "type")

    type: str
    start_pos: int

    @property
    def end_pos(self) -> int:
        """Position behind its last character."""
        return self.start_pos + len(self)


class Tree:
    """What a rule read: its name, what it consists of, and where it stands."""

    __slots__ = ("children", "data", "end_pos", "start_pos")

    def __init__(self, data: str, children: list[Any], start_pos: int, end_pos: int) -> None:
        """Keep the parts as they are."""
        self.data = data
        self.children = children
        self.start_pos = start_pos
        self.end_pos = end_pos

    def __repr__(self) -> str:
        """Show the rule and its children."""
        return f"Tree({self.data!r}, {self.children!r})"


class Automaton:
    """The parser of one grammar file, with all its start rules."""

    def __init__(self, tables: Tables, compile_: Callable[[int], re.Pattern[str]]) -> None:
        """Take the tables; ``compile_`` gives the compiled expression of a scanner by its number, when it is needed."""
        self._compile = compile_
        self._matches: list[_Match] = [self._first_match(state.scanner) for state in tables.states]
        self._states = tables.states
        self._keywords = [tables.scanners[state.scanner].keywords for state in tables.states]
        self._shifts = [state.shifts for state in tables.states]
        self._reduces = [state.reduces for state in tables.states]
        self._gotos = [state.gotos for state in tables.states]
        self._starts = tables.starts
        self._rules = tables.rules
        self._ignored = frozenset(tables.ignored)
        self._silent = frozenset(name for name in tables.terminals if name.startswith("_"))

    def _first_match(self, scanner: int) -> _Match:
        """Return what matches for the first time: it compiles the scanner and puts it into its place."""

        def match(text: str, position: int) -> re.Match[str] | None:
            compiled = self._compile(scanner).match
            for number, state in enumerate(self._states):
                if state.scanner == scanner:
                    self._matches[number] = compiled
            return compiled(text, position)

        return match

    def parse(self, text: str, start: str) -> Tree:
        """Read a text by a start rule; raises `Unreadable`."""
        matches, keywords, shifts = self._matches, self._keywords, self._shifts
        reduces, gotos, rules, silent = self._reduces, self._gotos, self._rules, self._silent
        state, last = self._starts[start]
        states = [state]
        values: list[Any] = []
        begins: list[int] = []
        position = behind = end = 0
        length = len(text)
        word = ""
        value: Any
        while True:
            if position < length:
                match = matches[state](text, position)
                if match is None:
                    raise self._unreadable(state, position)
                kind = match.lastgroup or ""
                word = match[0]
                end = match.end()
                if kind in keywords[state]:
                    kind = keywords[state][kind].get(word, kind)
            else:
                kind = END
            shifted = False
            while not shifted:
                move = shifts[state].get(kind)
                if move is not None:
                    if kind in silent:
                        value = None
                    else:
                        value = Token(word)
                        value.type = kind
                        value.start_pos = position
                    begin, behind, shifted = position, end, True
                else:
                    number = reduces[state].get(kind)
                    if number is None:
                        if kind == END and state == last:
                            return cast("Tree", values[-1])
                        break
                    origin, size, name, expand, parts = rules[number]
                    if size:
                        value = values[-size:]
                        begin = begins[-size]
                        del values[-size:], states[-size:], begins[-size:]
                    else:
                        value, begin = [], position
                    if parts is not None:
                        value = _arrange(value, parts)
                    if expand and len(value) == 1:
                        value = value[0]
                    elif name is not None:
                        value = Tree(name, value, begin, behind)
                    move = gotos[states[-1]][origin]
                state, makes, join = move
                for name, parts in makes:
                    value = [value] if parts is None else _arrange([value], parts)
                    if name is not None:
                        value = Tree(name, value, begin, behind)
                if join == _PUSH:
                    states.append(state)
                    values.append(value)
                    begins.append(begin)
                elif join == _GROW:
                    values[-1].append(value)
                elif join == _EXTEND:
                    values[-1] += value
            if not shifted and kind not in self._ignored:
                raise self._unreadable(state, position)
            position = end

    def _unreadable(self, state: int, position: int) -> Unreadable:
        end = (END,) if any(state == last for _, last in self._starts.values()) else ()
        return Unreadable(position, (*self._shifts[state], *self._reduces[state], *end))


def _arrange(values: list[Any], parts: tuple[tuple[int, bool], ...]) -> list[Any]:
    """Leave out what a rule leaves out, and open what it opens. A list that comes first is gone on with."""
    children: list[Any] = []
    for index, opened in parts:
        if not opened:
            children.append(values[index])
        elif children:
            children += values[index]
        else:
            children = values[index]
    return children
