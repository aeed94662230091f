"""Writes ``cli.md``, the reference of the command line, from what ``--help`` says: ``python docs/build_cli.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cablekit.cli import main

PAGE = Path(__file__).with_name("cli.md")
WIDTH = 80

INTRODUCTION = """# The command line

Made by `python docs/build_cli.py` from what `--help` says; a test fails when it is stale. Messages and exit codes are
explained in [errors.md](errors.md).
"""


def reference() -> str:
    """Return the page."""
    sections = [INTRODUCTION]
    for context in contexts():
        sections.append(f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n")
    return "\n".join(sections)


def contexts() -> Iterator[click.Context]:
    """Give the program and each of its commands, in the order of ``--help``."""
    yield from with_commands(main.make_context("cablekit", [], resilient_parsing=True, terminal_width=WIDTH))


def with_commands(context: click.Context) -> Iterator[click.Context]:
    """Give a command, and behind it those that it has."""
    yield context
    if not isinstance(group := context.command, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from with_commands(
            command.make_context(name, [], parent=context, resilient_parsing=True, terminal_width=WIDTH)
        )


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
