"""What holds for every command: exit codes, one-line messages, quiet ends, and the way to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import IntEnum
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

import click

from cablekit.errors import ArchiveError, SourceError

if TYPE_CHECKING:
    from rich.console import RenderableType


class Exit(IntEnum):
    """The exit codes; ``cablekit --help`` explains them."""

    DONE = 0
    PARTLY = 1
    USAGE = 2
    NOTHING = 3
    OUTPUT = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class Program(click.Group):
    """A group of commands that return their exit code. Nobody is shown a traceback for an interrupt or a full disk."""

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        """``modules`` says for each command which module of `cablekit.cli` holds it."""
        super().__init__(*arguments, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in self._modules:
            return super().get_command(ctx, name)
        command: click.Command = getattr(import_module(f"cablekit.cli.{self._modules[name]}"), name)
        return command

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run, and answer for output that cannot be written before a command begins (``--help``)."""
        if sys.stdout is None:
            complain("standard output", "is closed", "give it a file or a terminal")
            sys.exit(Exit.OUTPUT)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            _give_up(error)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and leave with the exit code it returns."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            ctx.exit(Exit.INTERRUPTED)
        except (ArchiveError, SourceError) as error:
            complain(error.where, error.what, error.advice)
            ctx.exit(Exit.NOTHING)
        except OSError as error:
            _give_up(error)
        ctx.exit(code)


def complain(where: str, what: str, advice: str) -> None:
    """Say in one line on standard error what is wrong and what to do."""
    from cablekit.rendering.facts import printable

    line = f"cablekit: {where}: {what}; {advice}"
    click.echo(printable(line.replace("\n", " ")), err=True)


def write(text: str) -> None:
    """Write a line of text."""
    sys.stdout.write(f"{text}\n")


def write_utf8(text: str, end: str = "\n") -> None:
    """Write what programs read: UTF-8 whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write((text + end).encode())


def show(view: RenderableType, width: int | None = None) -> None:
    """Write a view for people, as wide as the terminal or as asked. Lines that must not be wrapped may be longer."""
    from rich.console import Console

    # Rich flushes standard output and has an answer of its own to a closed pipe, so nothing is left for it to flush.
    sys.stdout.flush()
    console = Console(width=width)
    with console.capture() as captured:
        console.print(view, crop=False)
    text = captured.get()
    if not console.is_terminal:
        text = "".join(f"{line.rstrip(' ')}\n" for line in text.removesuffix("\n").split("\n"))
    sys.stdout.write(text)


def _give_up(error: OSError) -> NoReturn:
    """Leave because the output cannot be written."""
    # What is still buffered would be written at exit and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        sys.exit(Exit.PIPE_CLOSED)
    where = error.filename or "standard output"
    complain(where, f"cannot be written ({error.strerror})", "make room, or send the output elsewhere")
    sys.exit(Exit.OUTPUT)
