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

from cablekit.grammar.tables import Step

if TYPE_CHECKING:
    from cablekit.grammar.tables import Tables

_BUILD, _GROW, _WRAP = int(Step.BUILD), int(Step.GROW), int(Step.WRAP)
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
        self._actions = [state.actions for state in tables.states]
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
        matches, keywords, actions = self._matches, self._keywords, self._actions
        gotos, rules, silent = self._gotos, self._rules, self._silent
        state, last = self._starts[start]
        states = [state]
        values: list[Any] = []
        begins: list[int] = []
        position = behind = 0
        length = len(text)
        while True:
            match = None
            kind = END
            if position < length:
                match = matches[state](text, position)
                if match is None:
                    raise Unreadable(position, actions[state])
                kind = match.lastgroup or ""
                if keywords[state] and kind in keywords[state]:
                    kind = keywords[state][kind].get(match[0], kind)
            action = actions[state].get(kind)
            if action is None:
                if match and kind in self._ignored:
                    position = match.end()
                    continue
                raise Unreadable(position, actions[state])
            while action < 0:
                origin, size, name, expand, parts, step = rules[~action]
                if step == _BUILD:
                    if size:
                        children = values[-size:]
                        begin = begins[-size]
                        del values[-size:], states[-size:], begins[-size:]
                    else:
                        children, begin = [], position
                    if parts is not None:
                        children = _arrange(children, parts)
                    if name is None:
                        values.append(children)
                    elif expand and len(children) == 1:
                        values.append(children[0])
                    else:
                        values.append(Tree(name, children, begin, behind))
                    begins.append(begin)
                elif size == 1:
                    states.pop()
                    if step == _WRAP:
                        values[-1] = [values[-1]]
                else:
                    del begins[-1], states[-2:]
                    value = values.pop()
                    if step == _GROW:
                        values[-1].append(value)
                state = gotos[states[-1]][origin]
                states.append(state)
                if state == last and kind == END:
                    return cast("Tree", values[-1])
                action = actions[state].get(kind)
                if action is None:
                    raise Unreadable(position, actions[state])
            assert match is not None  # the end of a text is no token
            begins.append(position)
            if kind in silent:
                values.append(None)
            else:
                token = Token(match[0])
                token.type = kind
                token.start_pos = position
                values.append(token)
            state = action
            states.append(state)
            position = behind = match.end()


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
