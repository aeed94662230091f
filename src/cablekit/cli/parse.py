"""``cablekit parse``."""

from __future__ import annotations

from itertools import chain
from textwrap import indent
from typing import TYPE_CHECKING

import click

from cablekit.cli.inputs import Inputs, source_options
from cablekit.cli.program import Exit, show, write, write_utf8

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from cablekit.cli.inputs import Input


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON: an object for one cable, an array for a dump.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Write JSON Lines: each cable on a line of its own.")
@click.option("--field", "paths", multiple=True, metavar="PATH", help="Write this field only; may be repeated.")
@click.option("--normalise", "normalised", is_flag=True, help="Write the cable as text again, in canonical form.")
@click.option("--explain", "explained", is_flag=True, help="Show the source with the rule that read each part.")
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the readable views.")
@source_options
def parse(
    inputs: Inputs,
    as_json: bool,
    as_jsonl: bool,
    paths: tuple[str, ...],
    normalised: bool,
    explained: bool,
    width: int | None,
) -> Exit:
    """Read cables and show them.

    SOURCE is a file, a folder or an archive; - or nothing is standard input. What a file is, is told by its content:
    text, HTML, PDF, CSV, JSON Lines, zip, tar, 7z, compressed or not, inside each other. What cannot be read is
    reported on standard error, and the rest is read all the same.

    A PATH names a field as in the JSON, steps parted by stops. A list gives a line for each item, a number picks one;
    what is absent gives an empty line. Derived fields exist too: paragraphs, summary, comment, action_request.

    \b
    Example:
      cablekit parse 08BISHKEK94.txt
      cablekit parse --explain 08BISHKEK94.txt | less -R
      cablekit parse --normalise 08BISHKEK94.txt > clean.txt
      cablekit parse --jsonl dump.zip > cables.jsonl
      cablekit parse --jsonl --glob '1976/*.txt' cables/ > cables.jsonl
      cablekit parse --field mrn --field header.dtg.utc 08BISHKEK94.txt
      cablekit parse --field tags.code - < 08BISHKEK94.txt
      cablekit parse --field body.0.text 08BISHKEK94.txt

    \b
    Exit codes: 0 all read, 1 something could not be read, 2 the command was
    not understood, 3 no cable could be read, 4 the output cannot be written.
    """
    chosen = {
        "--json": as_json,
        "--jsonl": as_jsonl,
        "--field": bool(paths),
        "--normalise": normalised,
        "--explain": explained,
    }
    names = [name for name, given in chosen.items() if given]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} cannot be combined. Give one of them.")
    if width is not None and names not in ([], ["--explain"]):
        raise click.UsageError(f"--width has no effect with {names[0]}. Leave it out.")
    fields = _fields(paths)
    if as_json:
        _write_documents(inputs)
    elif as_jsonl:
        for item in inputs:
            write_utf8(item.cable.model_dump_json())
    elif fields:
        from cablekit.cli.fields import lines

        for item in inputs:
            for field in fields:
                for line in lines(item.cable, field):
                    write(line)
    elif normalised:
        _write_texts(inputs)
    else:
        _show_all(inputs, _explanation if explained else _reading, width)
    return inputs.exit_code


def _fields(paths: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Check the paths before anything is read."""
    if not paths:
        return []
    from cablekit.cli.fields import UnknownFieldError, check

    try:
        return [check(path) for path in paths]
    except UnknownFieldError as error:
        raise click.BadParameter(str(error), param_hint="--field") from None


def _write_documents(inputs: Inputs) -> None:
    """Write one object, or an array item by item, so that no more than two cables are held."""
    items = iter(inputs)
    first, second = next(items, None), None
    if inputs.single and first and not first.record.provenance.members and not (second := next(items, None)):
        write_utf8(first.cable.model_dump_json(indent=2))
    elif first or not inputs.single:
        before = "[\n"
        for item in chain(filter(None, (first, second)), items):
            write_utf8(before + indent(item.cable.model_dump_json(indent=2), "  "), end="")
            before = ",\n"
        write_utf8("\n]" if before == ",\n" else "[]")


def _write_texts(inputs: Inputs) -> None:
    """Write each cable as canonical text, a blank line between two."""
    from cablekit.rendering.text import render

    before = ""
    for item in inputs:
        write_utf8(before + render(item.cable), end="")
        before = "\n"


def _show_all(inputs: Inputs, view: Callable[[Input], RenderableType], width: int | None) -> None:
    """Show each cable, under its name unless it is all that there can be."""
    for item in inputs:
        if not inputs.is_alone(item):
            show(_title(item.name), width)
        show(view(item), width)


def _title(name: str) -> RenderableType:
    from rich.rule import Rule
    from rich.text import Text

    from cablekit.rendering.facts import printable

    return Rule(Text(printable(name)), characters="═", align="left")


def _reading(item: Input) -> RenderableType:
    from cablekit.rendering.terminal import terminal

    return terminal(item.cable, item.source)


def _explanation(item: Input) -> RenderableType:
    from cablekit.rendering.explain import explain

    return explain(item.cable, item.source)
