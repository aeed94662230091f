"""How far a command is: on standard error, and only on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cablekit.conversion.summary import Summary


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function to be told how many of how many are done; none in a pipe."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


_INTERVAL = 30.0
"""Seconds between two plain lines."""


@contextmanager
def converted(places: Iterable[str], *, quiet: bool) -> Iterator[Callable[[Summary], None] | None]:
    """Give a function to be told how far a conversion is: a bar on a terminal, else a line from time to time."""
    if quiet or sys.stderr is None:
        yield None
        return
    from cablekit.conversion.batches import size_of

    sizes: list[int | None] = []
    threading.Thread(target=lambda: sizes.append(size_of(places)), daemon=True).start()
    if not sys.stderr.isatty():
        yield _Lines(sizes)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda summary: bar.update(
            task, description=so_far(summary), completed=summary.position, total=sizes[0] if sizes else None
        )


class _Lines:
    """Writes a plain line when the last one is some time ago."""

    def __init__(self, sizes: list[int | None]) -> None:
        self._sizes = sizes
        self._told = time.monotonic()

    def __call__(self, summary: Summary) -> None:
        if time.monotonic() - self._told < _INTERVAL:
            return
        self._told = time.monotonic()
        share = ""
        if self._sizes and self._sizes[0] and summary.position:
            done = min(summary.position / self._sizes[0], 1.0)
            left = summary.seconds / done - summary.seconds
            share = f", {done:.0%}, about {left / 60:,.0f} min left"
        click.echo(f"cablekit: {so_far(summary)}{share}", err=True)


def so_far(summary: Summary) -> str:
    """Say how far a conversion is."""
    parsed = summary.found - summary.skipped
    rate = parsed / summary.seconds if summary.seconds else 0.0
    told = [f"{summary.found:,} records", f"{summary.bytes / 1e6:,.1f} MB", f"{rate:,.0f} a second"]
    told.append(f"{summary.rejected:,} rejected")
    if summary.skipped:
        told.append(f"{summary.skipped:,} skipped")
    return ", ".join([*told, f"{summary.workers} workers" if summary.workers != 1 else "1 worker"])
