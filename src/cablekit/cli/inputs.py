"""The sources that a command is given, read one after the other; what is bad in them is reported and stops nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cablekit.cli.program import Exit, complain
from cablekit.sources.limits import Limits

if TYPE_CHECKING:
    from cablekit.model import Cable
    from cablekit.sources.record import Failure, Record

STDIN = "-"

_BYTES = ("record", "buffer")
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_HELP = {
    "record": "Bytes of one record",
    "buffer": "Bytes held of an archive that is read out of a pipe or another archive",
    "members": "Files of a folder, members of an archive",
    "depth": "Archives inside each other",
    "ratio": "Bytes that one byte of an archive may become",
}


class Size(click.ParamType[int]):
    """A number of bytes: ``500000``, ``64M``, ``2G``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it; fails with what it should be."""
        if isinstance(value, int):
            return value
        written = re.fullmatch(r"(\d+)([KMG]?)", value.upper())
        if not written:
            self.fail(f"{value!r} is no size; write 500000, 64M or 2G.", param, ctx)
        return int(written[1]) * _UNITS[written[2]]


class Moment(click.ParamType[datetime]):
    """A day or a moment as ISO 8601 writes it; of this machine's zone where it names none."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; fails with what it should be."""
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write 2024-05-01 or 2024-05-01T18:00+02:00.", param, ctx)


class Input(NamedTuple):
    """A record, the name by which people know it, and the cable that was read from it."""

    name: str
    record: Record
    cable: Cable

    @property
    def source(self) -> str:
        """The text that spans count."""
        from cablekit.text import decode

        return decode(self.record.data)[0] if self.record.text is None else self.record.text


class Inputs:
    """The inputs of a command; iterating reads them, and afterwards the exit code is known."""

    def __init__(self, names: tuple[str, ...], **options: Any) -> None:
        """Take the names given, and the options of `cablekit.read`; no name stands for standard input.

        Raises `click.UsageError`.
        """
        if not names and (sys.stdin is None or sys.stdin.isatty()):
            raise click.UsageError("No input. Give files, folders or archives, or - for standard input.")
        if names.count(STDIN) > 1:
            raise click.UsageError("Standard input (-) can be read once only.")
        self.names = names or (STDIN,)
        self.options = options
        """Those of `cablekit.read`."""
        self._read = 0
        self._failed = 0

    @property
    def advice(self) -> str:
        """What to look at when nothing is found: what was given, and what would find more."""
        places = ["the path", *(f"--{name}" for name in ("glob", "exclude", "since") if self.options.get(name))]
        if not self.options.get("hidden"):
            places.append("--hidden")
        *others, last = places
        return f"check {', '.join(others)} and {last}" if others else f"check {last}"

    def __iter__(self) -> Iterator[Input]:
        """Read cable after cable, reporting what gives none."""
        from cablekit.errors import NotACableError

        for name, record in self.records():
            try:
                cable = record.parse()
            except NotACableError as error:
                self._read -= 1
                self._failed += 1
                what = f"is not a cable: {error.reason.rstrip('.')}"
                complain(name, what, "give a file with the text of a cable")
            else:
                yield Input(name, record, cable)

    def records(self) -> Iterator[tuple[str, Record]]:
        """Give record after record and its name, reporting failures."""
        from cablekit.sources.record import Failure

        for name, item in self.items():
            if isinstance(item, Failure):
                complain(name, item.message, item.advice)
            else:
                yield name, item

    def items(self) -> Iterator[tuple[str, Record | Failure]]:
        """Give record after record and failure after failure, each with its name."""
        from cablekit.sources.read import read
        from cablekit.sources.record import Failure

        for source in self.names:
            folder = _is_folder(source)
            before = self._read + self._failed
            for item in read(source, **self.options):
                failed = isinstance(item, Failure)
                self._failed += failed
                self._read += not failed
                below = str(item.provenance)
                if folder:
                    yield str(Path(source, below)), item
                else:
                    yield _called(source) + below[len(item.provenance.path) :], item
            if self._read + self._failed == before:
                self._failed += 1
                complain(_called(source), "holds nothing to read", self.advice)

    @property
    def single(self) -> bool:
        """Whether the one input is a file, or a stream, and no folder."""
        return len(self.names) == 1 and not _is_folder(self.names[0])

    def is_alone(self, item: Input) -> bool:
        """Whether a cable is its whole source, and the only one."""
        return self.single and item.name == _called(self.names[0])

    @property
    def exit_code(self) -> Exit:
        """How the reading went."""
        if not self._failed:
            return Exit.DONE
        return Exit.PARTLY if self._read else Exit.NOTHING


def source_options(command: Callable[..., Exit]) -> Callable[..., Exit]:
    """Give a command the argument and options of `cablekit.read`; it gets them together, as ``inputs``."""

    @wraps(command)
    def run(names: tuple[str, ...], **others: Any) -> Exit:
        reading = {name: others.pop(name) for name in ("glob", "hidden", "exclude", "since")}
        limits = Limits(**{limit.name: others.pop(f"max_{limit.name}") for limit in fields(Limits)})
        return command(inputs=Inputs(names, **reading, limits=limits), **others)

    options = [
        click.argument("names", nargs=-1, metavar="[SOURCE]...", type=click.Path()),
        click.option("--glob", metavar="PATTERN", help="Read only files and members whose path ends like this."),
        click.option("--hidden", is_flag=True, help="Read files and members too whose name begins with a stop."),
        click.option(
            "--exclude",
            multiple=True,
            metavar="PATTERN",
            help="Leave out files, members and folders whose path ends like this; may be given several times.",
        ),
        click.option(
            "--since",
            type=Moment(),
            metavar="DATE",
            help="Leave out files that were last written to before this day (2024-05-01) or moment.",
        ),
        *(_limit_option(limit.name, limit.default) for limit in fields(Limits)),
    ]
    for option in reversed(options):
        option(run)
    return run


def _limit_option(name: str, default: Any) -> Callable[..., Any]:
    is_size = name in _BYTES
    return click.option(
        f"--max-{name}",
        type=Size() if is_size else click.IntRange(min=1),
        default=default,
        show_default=f"{default >> 20}M" if is_size else f"{default}",
        metavar="SIZE" if is_size else "NUMBER",
        help=f"{_HELP[name]}, no more.",
    )


def _is_folder(source: str) -> bool:
    return source != STDIN and Path(source).is_dir()


def _called(source: str) -> str:
    return "standard input" if source == STDIN else source
