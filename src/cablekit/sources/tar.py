"""Tar archives, read forward only: a member that cannot be read harms no other."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import MIB, Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import drain

NAME = "tar"

_BLOCK = tarfile.BLOCKSIZE
_WITH_CONTENT = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


class _Seen:
    """What stood where a header was due. `tarfile` passes over anything else without a word."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the last thing was a block of zeros, which marks the end."""
        self._invalid = 0

    def damage(self) -> int:
        """Return the number of blocks that were no header since the last call."""
        invalid, self._invalid = self._invalid, 0
        return invalid

    def headers(self) -> type[tarfile.TarInfo]:
        """Return a class that reads headers and notes what it sees."""
        seen = self

        class Header(tarfile.TarInfo):
            """A header that bears no nonsense."""

            @classmethod
            def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Header:
                """Read a header; raises `tarfile.HeaderError`."""
                if len(buf) == _BLOCK:
                    seen.ended = buf.count(0) == _BLOCK
                elif buf:
                    seen.ended = False
                try:
                    header = super().frombuf(buf, encoding, errors)
                except tarfile.HeaderError:
                    seen._invalid += len(buf) == _BLOCK and not seen.ended
                    raise
                if header.size < 0 or (header.type in _WITH_CONTENT and header.size > MIB):
                    raise StreamError("damaged", "has a header of impossible size; the rest is not read")
                return header

        return Header


def recognises(head: bytes) -> bool:
    """Tell by the checksum of the first header; old archives have no other sign."""
    block = head[:_BLOCK]
    if len(block) < _BLOCK or not block[0] or 0 not in block:
        return False
    try:
        stated = int(block[148:156].strip(b" \0"), 8)
    except ValueError:
        return False
    return stated == sum(block[:148]) + 8 * 0x20 + sum(block[156:])


def members(stream: BinaryIO, _head: bytes, place: Provenance, limits: Limits) -> Iterator[Member | Failure]:
    """Give the regular files; links and devices are failures, and so is a stretch that is no archive."""
    seen = _Seen()
    archive = tarfile.open(  # noqa: SIM115  (closing it does nothing more: the stream is another's)
        fileobj=stream,
        mode="r:" if stream.seekable() else "r|",
        tarinfo=seen.headers(),
        ignore_zeros=True,
        errorlevel=2,
    )
    count = expected = 0
    while (found := archive.next()) is not None:
        if damage := seen.damage():
            yield _lost(place, damage)
        if archive.offset <= expected:
            raise StreamError("damaged", "has a member of impossible size; the rest is not read")
        expected = archive.offset
        cast("Any", archive).members.clear()  # it would keep them all
        count += 1
        if count > limits.members:
            yield beyond(place, limits)
            return
        if found.isreg():
            # (What is read forward only needs none of what an `extractfile` has for jumping about.)
            jumping = stream.seekable() or found.issparse()
            content = archive.extractfile(found) if jumping else _Content(archive.fileobj, found.size)
            yield Member(found.name, cast("BinaryIO", content), seekable=stream.seekable() and not found.issparse())
        elif not found.isdir():
            yield _no_file(found, place)
    if damage := seen.damage():
        yield _lost(place, damage)
    if not seen.ended:
        raise StreamError("truncated", "has no end mark; members may be missing")
    drain(stream)


class _Content:
    """The content of a member in a stream that stands at its beginning."""

    def __init__(self, stream: Any, size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, size: int) -> bytes:
        """Read on; raises `StreamError` where the archive ends."""
        size = min(size, self._left)
        data = cast("bytes", self._stream.read(size))
        if len(data) < size:
            raise StreamError("truncated", "ends too early")
        self._left -= size
        return data


def _no_file(found: tarfile.TarInfo, place: Provenance) -> Failure:
    member = replace(place, members=(*place.members, found.name))
    if found.issym() or found.islnk():
        return failure("link", member, f"is a link to {found.linkname}")
    return failure("special", member, "is a device or a pipe")


def _lost(place: Provenance, blocks: int) -> Failure:
    return failure("damaged", place, f"has {blocks * _BLOCK:,} bytes that belong to no member")
