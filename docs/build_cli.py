"""Writes ``cli.md``, the reference of the command line, from what ``--help`` says: ``python docs/build_cli.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.cli import main

if TYPE_CHECKING:
    import click

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
    top = main.make_context("cablekit", [], resilient_parsing=True, terminal_width=WIDTH)
    yield top
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        yield command.make_context(name, [], parent=top, resilient_parsing=True, terminal_width=WIDTH)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
