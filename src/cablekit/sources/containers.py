"""The kinds of archive that there are: what holds files instead of cables, nested or not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import BinaryIO, NamedTuple, Protocol, cast

from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance


class Member(NamedTuple):
    """A file of an archive. Its stream can be read until the next member is asked for."""

    name: str | None
    """As the archive has it; none where the archive is one compressed file and knows no name."""
    stream: BinaryIO | bytes
    """Or all of it, where it is smaller than `HEAD` and was had at once: most members of most archives."""
    seekable: bool = False


class Container(Protocol):
    """What a module that reads a kind of archive has."""

    NAME: str
    """Its word in `Provenance.kind`."""

    def recognises(self, head: bytes) -> bool:
        """Tell by the first bytes."""

    def members(self, stream: BinaryIO, head: bytes, place: Provenance, limits: Limits) -> Iterator[Member | Failure]:
        """Give the files in the order in which they lie in the archive; directories are passed over.

        ``head`` is what the stream begins with, ``place`` that of the archive. What ends the reading may be raised, as
        `StreamError` or as the library has it; what concerns one member is given as its failure.
        """


_BLOCK = 512
"""Bytes in which the first header of a tar stands, which has zeros in it."""
_SIGNS = 4
"""Bytes of which at least one is no letter in every other archive, but for this one:"""
_BZIP2 = b"BZh"

# One line for each.
_MODULES = ("zip", "tar", "compressed", "sevenzip")


@cache
def _containers() -> tuple[Container, ...]:
    return tuple(cast("Container", import_module(f"cablekit.sources.{name}")) for name in _MODULES)


def container_of(head: bytes) -> Container | None:
    """Return the kind of archive that begins like this."""
    beginning = head[:_SIGNS]
    readable = beginning.isascii() and beginning.decode().isprintable() and not beginning.startswith(_BZIP2)
    if readable and b"\0" not in head[:_BLOCK]:
        return None  # text: none of the modules of archives need be imported
    for container in _containers():
        if container.recognises(head):
            return container
    return None


def is_unsafe(name: str) -> bool:
    """Tell whether a member's name would lead out of a folder that the archive were unpacked into."""
    if ".." not in name and ":" not in name and not name.startswith(("/", "\\")):
        return False
    parts = _parts(name)
    return ".." in parts or (len(parts) > 1 and (not parts[0] or parts[0].endswith(":")))


def is_hidden(name: str) -> bool:
    """Tell whether a member, or a folder that it lies in, is hidden."""
    if not name.startswith(".") and "/." not in name and "\\." not in name:
        return False
    return any(part.startswith(".") and part.strip(".") for part in _parts(name))


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def beyond(place: Provenance, limits: Limits) -> Failure:
    """Return the failure that ends an archive with too many members."""
    message = f"has more than {limits.members:,} members; the rest is not read"
    return failure("too-many", place, message)
