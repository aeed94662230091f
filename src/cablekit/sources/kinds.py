"""The kinds of source that there are, and which of them a stream is.

A new kind is one module in this folder and one line here. Another package adds one by an entry point of the group
``cablekit.sources`` that names such a module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance, Record
from cablekit.sources.streams import HEAD

GROUP = "cablekit.sources"
"""Entry point group by which other packages add kinds."""


class Kind(Protocol):
    """What a module that reads a kind of source has."""

    NAME: str
    """Its word in `Provenance.kind`."""

    def recognises(self, head: bytes, name: str) -> bool:
        """Tell by the first 64 KiB (fewer only where there are no more); the name only breaks ties."""

    def read(self, stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
        """Give the records in order.

        The stream begins with the head again and can perhaps not be rewound; its errors (`StreamError`) may pass.
        ``place`` has path, members and kind; row, page and bytes are for the kind to fill in.
        """


CABLES = "jsonl"
"""The kind whose records are cables that were read before."""

# One line for each, the most particular first; the text kind takes any text, so it is the last. Behind the name stands
# what every such source has in it, and within how many bytes: where it is not, the module need not even be imported.
_MODULES = {
    CABLES: (b"{", 1 << 10),
    "pages": (b"{", 1 << 10),
    "pdf": (b"%PDF-", 1 << 10),
    "parquet": (b"PAR1", 4),
    "html": (b"<", HEAD),
    "csv": (b",", 1 << 10),
    "text": (b"", 0),
}


@cache
def added() -> tuple[Kind, ...]:
    """Return the kinds of other packages by the names of their entry points. They are asked before all others."""
    if not _anybody_adds():
        return ()
    from importlib.metadata import entry_points

    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    return tuple(cast("Kind", point.load()) for point in points)


def _anybody_adds() -> bool:
    """Tell whether an installed package names the group. (`importlib.metadata` takes longer than a cable to import.)"""
    for folder in filter(os.path.isdir, sys.path):
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".dist-info", ".egg-info")):
                    with suppress(OSError):
                        if GROUP in Path(entry, "entry_points.txt").read_text("utf-8", "replace"):
                            return True
    return False


@cache
def own(name: str) -> Kind:
    """Return a kind of this package."""
    return cast("Kind", import_module(f"cablekit.sources.{name}"))


def first_added(head: bytes, name: str) -> Kind | None:
    """Return the first kind of another package that recognises a stream by its beginning."""
    for kind in added():
        if kind.recognises(head, name):
            return kind
    return None


def first_own(head: bytes, name: str) -> Kind | None:
    """Return the first kind of this package that recognises a stream by its beginning."""
    for module, (sign, within) in _MODULES.items():
        if head.find(sign, 0, within) >= 0 and own(module).recognises(head, name):
            return own(module)
    return None
