"""A cable as a reader wants it on a terminal: banner, header, text, and what was odd or mended."""

from __future__ import annotations

from collections.abc import Iterator

from rich.align import Align
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Words

from cablekit.build.traces import with_apostrophes
from cablekit.model import Block, Cable, Diagnostic, Heading, Paragraph, Severity, Table, Text, Unparsed
from cablekit.rendering.facts import COLOURS, Fact, banner, closing, facts, finder, number, printable

_SEVERITY_STYLES: dict[Severity, str] = {"info": "cyan", "warning": "yellow", "error": "bold red"}
_QUIET = "dim"
_LABEL_WIDTH = len("Classified by")


def terminal(cable: Cable, source: str | None = None) -> RenderableType:
    """Return the readable view of a cable; `rich.print(cable)` shows the same.

    Tables keep their lines whatever the width: print with ``crop=False`` to see the end of long ones. With the
    ``source`` that the cable was read from, findings tell line and column; without it, the character (``@345``).
    """
    words, colour = banner(cable)
    style = f"bold white on {colour}"
    title = Words(printable(str(cable.mrn)) if cable.mrn else "no message reference number", style="bold")
    title.append(f"  layout {cable.layout}", style=_QUIET)
    return Group(
        Align.center(Words(f" {printable(words)} ", style=style, overflow="fold"), style=style),
        title,
        Words(),
        _grid(facts(cable)),
        Rule(style=_QUIET),
        *_body(cable),
        _grid(closing(cable)),
        *_findings(cable, source),
    )


def _grid(shown: Iterator[Fact]) -> RenderableType:
    """Set facts in two columns, the label once for all lines of a fact."""
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style=_QUIET, no_wrap=True)
    grid.add_column(overflow="fold")
    for fact in shown:
        width = max(len(item.key) for item in fact.items)
        label = fact.label
        for item in fact.items:
            line = Words(f"{item.key:<{width}}  " if width else "", style="bold")
            line.append(item.main, style="bold" if fact.label == "Subject" else "not bold")
            if item.detail:
                line.append(f"  {item.detail}", style=f"not bold {_QUIET}")
            grid.add_row(Words(label.ljust(_LABEL_WIDTH)), line)
            label = ""
    return grid


def _body(cable: Cable) -> Iterator[RenderableType]:
    """Set the blocks, an empty line behind each; paragraphs hang from a column as wide as the widest number."""
    width = max((len(number(paragraph)) for paragraph in cable.paragraphs), default=0) + 2
    for block in cable.body:
        yield _block(block, width)
        yield Words()


def _block(block: Block, width: int) -> RenderableType:
    match block:
        case Paragraph():
            grid = Grid.grid(padding=(0, 1))
            grid.add_column(no_wrap=True, style="bold")
            grid.add_column(overflow="fold", ratio=1)
            grid.add_row(Words(number(block).rjust(width - 1)), _lines(block))
            return grid
        case Text():
            return Padding(_lines(block), (0, 0, 0, width if block.under is not None else 0))
        case Heading():
            return Words(printable(block.text), style="bold underline" if block.underlined else "bold")
        case Table():
            return Words(printable(block.text), no_wrap=True, overflow="ignore")
        case Unparsed():
            text = Words("unparsed  ", style="bold red", overflow="fold")
            return text.append(printable(block.text), style="not bold red")


def _lines(block: Paragraph | Text) -> RenderableType:
    """Set the mark in the colour of its level before the text; list items hang from their label."""
    items = iter(block.sub_items)
    due = next(items, None)
    lines: list[RenderableType] = []
    for line in with_apostrophes(block.text).split("\n"):
        words = Words(overflow="fold")
        if block.mark and not lines:
            words.append(f"({printable(str(block.mark))})", style=f"bold white on {COLOURS[block.mark.level]}").append(
                " "
            )
        if due and line.startswith(due.label):
            words.append(printable(line[len(due.label) :].lstrip()))
            lines.append(_item(due.label, words))
            due = next(items, None)
        else:
            lines.append(words.append(printable(line)))
    return Group(*lines)


def _item(label: str, words: Words) -> RenderableType:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(_plain(f" {label}"), words)
    return grid


def _findings(cable: Cable, source: str | None) -> Iterator[RenderableType]:
    if not (cable.diagnostics or cable.repairs):
        return
    place = finder(source)
    count = Words(f"{len(cable.diagnostics)} found odd, {len(cable.repairs)} mended")
    yield Rule(count, style=_QUIET, align="left")
    grid = Grid.grid(padding=(0, 2))
    for _ in range(3):
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for diagnostic in cable.diagnostics:
        style = _SEVERITY_STYLES[diagnostic.severity]
        grid.add_row(
            Words(diagnostic.severity, style=style),
            _plain(place(diagnostic.span)),
            _plain(diagnostic.code),
            _plain(_message(diagnostic)),
        )
    for repair in cable.repairs:
        change = f"{repair.as_written!r} read as {repair.as_read!r}"
        grid.add_row(
            Words("mended", style="green"),
            _plain(place(repair.span)),
            _plain(repair.rule),
            _plain(change),
        )
    yield grid


def _message(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message}; likely {diagnostic.likely}" if diagnostic.likely else diagnostic.message


def _plain(text: str) -> Words:
    """Keep rich from reading mark-up in what stands in a cable."""
    return Words(printable(text))
