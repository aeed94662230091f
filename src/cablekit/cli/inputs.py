"""The files that a command is given, read one after the other; a bad one is reported and does not stop the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cablekit.cli.program import Exit, complain

if TYPE_CHECKING:
    from cablekit.model import Cable

STDIN = "-"

# What a file that begins like this is, and how to get at the cables in it.
_CONTAINERS = (
    (b"%PDF-", "is a PDF", "extract its text first, for example with pdftotext -layout"),
    (b"PK\x03\x04", "is a zip archive", "unpack it and give its files"),
    (b"\x1f\x8b", "is compressed with gzip", "unpack it and give its files"),
    (b"SQLite format 3\x00", "is an SQLite database", "give text files"),
)


class UnusableError(Exception):
    """An input that gives no cable: what is wrong with it, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        """Keep both apart from the name of the input."""
        super().__init__(what, advice)
        self.what = what
        self.advice = advice


class Input(NamedTuple):
    """A file and the cable that was read from it."""

    name: str
    data: bytes
    cable: Cable


class Inputs:
    """The inputs of a command; iterating reads them, and afterwards the exit code is known."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Take the names given; none stands for standard input. Raises `click.UsageError`."""
        if not names and (sys.stdin is None or sys.stdin.isatty()):
            raise click.UsageError("No input. Give files, or - for standard input.")
        if names.count(STDIN) > 1:
            raise click.UsageError("Standard input (-) can be read once only.")
        self.names = names or (STDIN,)
        self._read = 0

    def __iter__(self) -> Iterator[Input]:
        """Read one after the other, reporting those that give no cable."""
        for name in self.names:
            try:
                data = _bytes(name)
                yield Input(name, data, _parse(data))
                self._read += 1
            except UnusableError as error:
                complain("standard input" if name == STDIN else name, error.what, error.advice)

    @property
    def exit_code(self) -> Exit:
        """How the reading went."""
        if self._read == len(self.names):
            return Exit.DONE
        return Exit.PARTLY if self._read else Exit.NOTHING


def _bytes(name: str) -> bytes:
    """Read an input; raises `UnusableError`."""
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except FileNotFoundError:
        raise UnusableError("no such file", "check the path") from None
    except IsADirectoryError:
        raise UnusableError("is a folder", f"give its files: {Path(name) / '*.txt'}") from None
    except PermissionError:
        raise UnusableError("may not be read", "check its permissions") from None
    except OSError as error:
        raise UnusableError(f"cannot be read ({error.strerror})", "check the path") from None
    if not data:
        raise UnusableError("is empty", "get the file again from where it came from")
    return data


def _parse(data: bytes) -> Cable:
    """Read the cable; raises `UnusableError`."""
    import cablekit

    for beginning, what, advice in _CONTAINERS:
        if data.startswith(beginning):
            raise UnusableError(what, advice)
    try:
        return cablekit.parse(data)
    except cablekit.NotACableError as error:
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
            raise UnusableError("is binary", "give a file with the text of a cable") from None
        raise UnusableError(
            f"is not a cable: {error.reason.rstrip('.')}", "give a file with the text of a cable"
        ) from None
