"""Ctrl-C once asks for an end, twice is one; the system's request to end (SIGTERM) counts likewise."""

from __future__ import annotations

import signal
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """While it is entered: whether an end is wanted. The second signal raises `KeyboardInterrupt`."""

    def __init__(self) -> None:
        """Nothing is wanted yet."""
        self._is_wanted = False
        self._before: list[tuple[signal.Signals, Any]] = []

    def is_wanted(self) -> bool:
        """Tell whether it is time to end."""
        return self._is_wanted

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_wanted:
            raise KeyboardInterrupt
        self._is_wanted = True
        click.echo("cablekit: ends behind what is being parsed; Ctrl-C again ends at once", err=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._before = [(one, signal.signal(one, self._signalled)) for one in _SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave signals as they were."""
        for one, before in self._before:
            signal.signal(one, before)
