"""Zip archives, by their directory where one can jump about in them, else from the front.

`zipfile` unpacks the members. Its own way to the directory holds all of it, half a kilobyte for each member, so that is
read here, one entry after the other.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import MIB, Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import HEAD, explain
from cablekit.sources.zip_front import ENCRYPTED, LOCAL, from_front, name_of, sizes_of

NAME = "zip"

_LAYOUT = struct.Struct("<4s4xHH4xIIIHHH8xI")
"""Sign, flags, method, CRC, two sizes, lengths of name, extra and comment, place of the member."""
_LARGEST_ENTRY = _LAYOUT.size + 3 * 0xFFFF
_END = struct.Struct("<4s6xHIIH")
"""Sign, number of entries, size and place of the directory, length of the comment."""
_END_64 = struct.Struct("<4s28xQQQ")
_LOCATOR_64 = struct.Struct("<4s4xQ4x")
_LONGEST_COMMENT = 0xFFFF


class _NoDirectoryError(Exception):
    """The directory, which is at the end, is not there."""


class _Entry(NamedTuple):
    """What the directory says of a member."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    offset: int


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
    for count, entry in enumerate(_entries(stream, directory), 1):
        if count > limits.members:
            yield beyond(place, limits)
            return
        if entry.name.endswith("/"):
            continue
        try:
            content = _content(stream, entry)
        except Exception as error:  # whatever comes of hostile bytes
            yield explain(error).at(replace(place, members=(*place.members, entry.name)))
            continue
        yield Member(entry.name, content, seekable=True)


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


def _entries(stream: BinaryIO, directory: _Directory) -> Iterator[_Entry]:
    """Give the entries of the directory; raises `StreamError`."""
    start, held, at = directory.start, b"", 0
    while start + at < directory.end:
        if len(held) - at < _LARGEST_ENTRY and start + len(held) < directory.end:
            start, at = start + at, 0
            stream.seek(start)
            held = stream.read(min(MIB, directory.end - start))
        if len(held) - at < _LAYOUT.size or not held.startswith(b"PK\x01\x02", at):
            raise StreamError("damaged", "has a damaged directory; the rest is not read")
        _, flags, method, crc, packed, unpacked, names, extras, comment, offset = _LAYOUT.unpack_from(held, at)
        name, extra = at + _LAYOUT.size, at + _LAYOUT.size + names
        if extras:
            unpacked, packed, offset = sizes_of(held[extra : extra + extras], unpacked, packed, offset)
        at = extra + extras + comment
        yield _Entry(name_of(held[name:extra], flags), flags, method, crc, packed, unpacked, offset + directory.shift)


def _content(stream: BinaryIO, entry: _Entry) -> BinaryIO | bytes:
    """Open a member at the place that the directory states; a small one is read at once."""
    if entry.flags & ENCRYPTED:
        raise StreamError("encrypted", "is encrypted")
    is_small = entry.method == zipfile.ZIP_DEFLATED and max(entry.packed, entry.unpacked) < HEAD
    stream.seek(entry.offset)
    # (In one go, the name too, which is as long as in the directory as a rule.)
    beginning = stream.read(LOCAL.size + (len(entry.name) + entry.packed if is_small else 0))
    if len(beginning) < LOCAL.size or not beginning.startswith(b"PK\x03\x04"):
        raise StreamError("damaged", "does not stand where the directory says")
    *_, names, extras = LOCAL.unpack_from(beginning)
    start = LOCAL.size + names + extras
    if is_small:
        packed = beginning[start:]
        if len(packed) < entry.packed:
            packed += stream.read(entry.packed - len(packed))
        if (data := _inflated(packed, entry)) is not None:
            return data
    stream.seek(entry.offset + start)
    info = zipfile.ZipInfo(entry.name)
    info.flag_bits, info.compress_type, info.CRC = entry.flags, entry.method, entry.crc
    info.file_size, info.compress_size = entry.unpacked, entry.packed
    return cast("BinaryIO", zipfile.ZipExtFile(stream, "r", info))


def _inflated(packed: bytes, entry: _Entry) -> bytes | None:
    """Unpack a small member; none where it is not as stated: read step by step it gives what stands before damage."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflate.decompress(packed, entry.unpacked + 1)
    except zlib.error:
        return None
    return data if inflate.eof and len(data) == entry.unpacked and zlib.crc32(data) == entry.crc else None
