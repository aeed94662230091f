"""Zip archives, by their directory where one can jump about in them, else from the front.

`zipfile` unpacks the members. Its own way to the directory holds all of it, half a kilobyte for each member, so that is
read here, one entry after the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import MIB, Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import explain
from cablekit.sources.zip_front import ENCRYPTED, LOCAL, from_front, name_of, sizes_of

if TYPE_CHECKING:
    import zipfile

NAME = "zip"

_ENTRY = struct.Struct("<4s4xHH4xIIIHHH8xI")
"""Sign, flags, method, CRC, two sizes, lengths of name, extra and comment, place of the member."""
_LARGEST_ENTRY = _ENTRY.size + 3 * 0xFFFF
_END = struct.Struct("<4s6xHIIH")
"""Sign, number of entries, size and place of the directory, length of the comment."""
_END_64 = struct.Struct("<4s28xQQQ")
_LOCATOR_64 = struct.Struct("<4s4xQ4x")
_LONGEST_COMMENT = 0xFFFF


class _NoDirectoryError(Exception):
    """The directory, which is at the end, is not there."""


class _Directory(NamedTuple):
    """Where the directory lies, and how far everything lies behind the place that it states."""

    start: int
    end: int
    shift: int


def recognises(head: bytes) -> bool:
    """Tell by the sign of the first member, or of the directory where there is none."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def members(stream: BinaryIO, _head: bytes, place: Provenance, limits: Limits) -> Iterator[Member | Failure]:
    """Give the files, in the order of the directory or as they lie there."""
    # (In another archive jumping about would mean to unpack that one again and again.)
    if place.members or not stream.seekable():
        yield from from_front(stream, place, limits)
        return
    try:
        directory = _find(stream)
    except _NoDirectoryError:
        yield failure(
            "truncated",
            place,
            "has no directory: its end is missing",
            "get the file again; what stands before the end is read",
        )
        stream.seek(0)
        try:
            yield from from_front(stream, place, limits, whole=False)
        except StreamError as error:
            if error.reason != "truncated":
                raise
        return
    for count, info in enumerate(_entries(stream, directory), 1):
        if count > limits.members:
            yield beyond(place, limits)
            return
        if info.is_dir():
            continue
        try:
            content = _content(stream, info)
        except Exception as error:  # whatever comes of hostile bytes
            yield explain(error).at(replace(place, members=(*place.members, info.filename)))
            continue
        yield Member(info.filename, content, seekable=True)


def _find(stream: BinaryIO) -> _Directory:
    """Find the directory by the record at the end of the archive; raises `_NoDirectoryError`."""
    size = stream.seek(0, 2)
    tail_start = max(0, size - _END.size - _LONGEST_COMMENT)
    stream.seek(tail_start)
    tail = stream.read(size - tail_start)
    found = tail.rfind(b"PK\x05\x06", 0, len(tail) - _END.size + 4)
    if found < 0:
        raise _NoDirectoryError
    _, _, length, stated, _ = _END.unpack_from(tail, found)
    end = tail_start + found
    locator = found - _LOCATOR_64.size
    if locator >= 0 and tail.startswith(b"PK\x06\x07", locator):
        # (What stands before an archive shifts the record too, so the place that is stated is tried last.)
        for at in (tail_start + locator - _END_64.size, _LOCATOR_64.unpack_from(tail, locator)[1]):
            stream.seek(max(0, at))
            sign, _, length_64, stated_64 = _END_64.unpack(stream.read(_END_64.size).ljust(_END_64.size, b"\0"))
            if sign == b"PK\x06\x06":
                end, length, stated = at, length_64, stated_64
                break
    start = end - length
    if start < 0:
        raise _NoDirectoryError
    return _Directory(start, end, start - stated)


def _entries(stream: BinaryIO, directory: _Directory) -> Iterator[zipfile.ZipInfo]:
    """Give the entries of the directory; raises `StreamError`."""
    import zipfile

    start, held, at = directory.start, b"", 0
    while start + at < directory.end:
        if len(held) - at < _LARGEST_ENTRY and start + len(held) < directory.end:
            start, at = start + at, 0
            stream.seek(start)
            held = stream.read(min(MIB, directory.end - start))
        if len(held) - at < _ENTRY.size or not held.startswith(b"PK\x01\x02", at):
            raise StreamError("damaged", "has a damaged directory; the rest is not read")
        _, flags, method, crc, packed, unpacked, names, extras, comment, offset = _ENTRY.unpack_from(held, at)
        name, extra = at + _ENTRY.size, at + _ENTRY.size + names
        info = zipfile.ZipInfo(name_of(held[name:extra], flags))
        info.flag_bits, info.compress_type, info.CRC = flags, method, crc
        numbers = sizes_of(held[extra : extra + extras], unpacked, packed, offset)
        info.file_size, info.compress_size, info.header_offset = numbers
        info.header_offset += directory.shift
        at = extra + extras + comment
        yield info


def _content(stream: BinaryIO, info: zipfile.ZipInfo) -> BinaryIO:
    """Open a member at the place that the directory states."""
    import zipfile

    if info.flag_bits & ENCRYPTED:
        raise StreamError("encrypted", "is encrypted")
    stream.seek(info.header_offset)
    fixed = stream.read(LOCAL.size)
    if len(fixed) < LOCAL.size or not fixed.startswith(b"PK\x03\x04"):
        raise StreamError("damaged", "does not stand where the directory says")
    *_, names, extras = LOCAL.unpack(fixed)
    stream.seek(names + extras, 1)
    return cast("BinaryIO", zipfile.ZipExtFile(stream, "r", info))
