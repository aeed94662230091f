"""The source of a cable, each part with the rule that read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text as Words

from cablekit.model import Cable
from cablekit.rendering.facts import one_line_end, printable

UNPARSED = "unparsed"
"""The rule name of what no rule knows."""

_CONSPICUOUS = "bold white on red"
# Given to the rules in the order of their first part, so that neighbours differ. Readable on light and dark grounds.
_PALETTE = (
    *("cyan", "green", "yellow", "magenta", "dodger_blue1", "dark_orange3"),
    *("spring_green3", "deep_pink3", "dark_cyan", "slate_blue1", "gold3", "medium_orchid"),
)
_TAB = 8


def explain(cable: Cable, source: str) -> RenderableType:
    """Return the source coloured by rule, with the rule's name and the line number on the left, and a legend below.

    Where the rule changes inside a line, the line goes on in a new row without line number. ``source`` is
    `SourceText.source`, what the cable was read from; raises `ValueError` when its length shows that it is another.
    """
    if len(source) != cable.source.characters:
        raise ValueError(f"the cable was read from {cable.source.characters} characters, this text has {len(source)}")
    rules = dict.fromkeys(node.rule for node in cable.nodes)
    styles = {**dict(zip(rules, cycle(_PALETTE), strict=False)), UNPARSED: _CONSPICUOUS}
    return Group(_Rows(cable, source, styles), Rule(style="dim"), _legend(cable, styles))


class _Row(NamedTuple):
    rule: str
    line: int | None
    text: str


def _rows(cable: Cable, source: str) -> Iterator[_Row]:
    """Cut the source where a line ends and where the rule changes."""
    source = one_line_end(source)
    line = 1
    fresh = True
    for node in cable.nodes:
        part = source[node.span.start : node.span.end]
        begin = 0
        while begin < len(part):
            end = part.find("\n", begin)
            stop = len(part) if end < 0 else end
            if fresh or stop > begin:
                yield _Row(node.rule, line if fresh else None, part[begin:stop])
            fresh = end >= 0
            line += fresh
            begin = stop + 1


class _Rows:
    """Rows with their margin. Written one by one: a table would measure all of a long source first."""

    def __init__(self, cable: Cable, source: str, styles: dict[str, str]) -> None:
        self._cable, self._source, self._styles = cable, source, styles

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        names = max(map(len, self._styles))
        lines = len(str(one_line_end(self._source).count("\n") + 1))
        width = max(options.max_width - names - lines - 4, 20)
        margin = Style.parse("dim")
        for row in _rows(self._cable, self._source):
            style = console.get_style(self._styles[row.rule])
            number = "" if row.line is None else str(row.line)
            name = printable(row.rule)
            for piece in _folded(printable(row.text).expandtabs(_TAB), width):
                yield Segment(f"{name:<{names}} {number:>{lines}} ", style if name == UNPARSED else margin)
                yield Segment("│ ", margin)
                yield Segment(piece, style)
                yield Segment.line()
                number = ""


def _folded(text: str, width: int) -> Iterator[str]:
    """Cut a line into pieces that fit, at a blank where there is one; no character is lost."""
    begin = 0
    while len(text) - begin > width or cell_len(text[begin:]) > width:
        stop = begin + width
        while cell_len(text[begin:stop]) > width:
            stop -= 1
        stop = text.rfind(" ", begin, stop) + 1 or stop
        yield text[begin:stop]
        begin = stop
    yield text[begin:]


def _legend(cable: Cable, styles: dict[str, str]) -> RenderableType:
    """Say how often each rule read something and how much of the source that was."""
    parts = Counter(node.rule for node in cable.nodes)
    sizes: Counter[str] = Counter()
    for node in cable.nodes:
        sizes[node.rule] += node.span.end - node.span.start
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    for _ in range(3):
        grid.add_column(justify="right", no_wrap=True)
    grid.add_row(*(Words(title, style="bold") for title in ("rule", "parts", "characters", "share")))
    for rule, size in sizes.most_common():
        share = f"{size / cable.source.characters:.1%}" if cable.source.characters else ""
        grid.add_row(Words(printable(rule), style=styles[rule]), *map(Words, (str(parts[rule]), str(size), share)))
    understood = f"{cable.coverage:.1%} understood, {sizes[UNPARSED]} of {cable.source.characters} characters unparsed"
    return Group(grid, Words(understood, style="bold"))
