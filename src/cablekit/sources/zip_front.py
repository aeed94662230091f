"""A zip archive from the front: out of a pipe, out of another archive, or when its end is missing.

Each member has a header of its own before it. Where the header leaves the sizes to what stands behind the member, its
deflated data tell themselves where they end.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import CHUNK

LOCAL = struct.Struct("<4sxxHH4xIIIHH")
"""Sign, flags, method, CRC, packed and unpacked size, lengths of name and extra field."""
ENCRYPTED = 1
_SIZES_BEHIND = 8
_UTF8 = 0x800
_NO_ROOM = 0xFFFF_FFFF
"""Stands for a number that is in the extra field."""
_STORED, _DEFLATED = 0, 8
_MEMBER, _BEHIND = b"PK\x03\x04", b"PK\x07\x08"
_STEP = 1 << 14
"""Bytes that are looked at at once where they may have to be looked at again."""
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_END = _END_SIZE + 0xFFFF
"""With the comment of the archive."""
_DIRECTORY = (b"PK\x01\x02", _END, b"PK\x06\x06")


def name_of(written: bytes, flags: int) -> str:
    """Decode the name of a member."""
    return written.decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape").partition("\0")[0]


def sizes_of(extra: bytes, *stated: int) -> list[int]:
    """Return numbers of a header in the order of the format; what has no room there is in the extra field."""
    large = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            large = extra[at + 4 : at + 4 + length]
        at += 4 + length
    numbers = iter(struct.unpack(f"<{len(large) // 8}Q", large[: len(large) // 8 * 8]))
    return [next(numbers, number) if number == _NO_ROOM else number for number in stated]


def from_front(stream: BinaryIO, place: Provenance, limits: Limits, whole: bool = True) -> Iterator[Member | Failure]:
    """Give the files as they lie there; where one cannot be read, the next is looked for."""
    source = _Source(stream)
    count = 0
    while not (sign := source.peek(4)).startswith(_DIRECTORY):
        if not sign:
            if whole:
                yield failure("truncated", place, "has no directory: its end is missing")
            return
        if sign != _MEMBER:
            yield failure("damaged", place, "has bytes that belong to no member")
            source.skip_to_member()
            continue
        count += 1
        if count > limits.members:
            yield beyond(place, limits)
            return
        yield from _member(source, place)
    if not source.ends_well() and whole:
        yield failure("truncated", place, "has a directory whose end is missing")


def _member(source: _Source, place: Provenance) -> Iterator[Member | Failure]:
    """Give one file, and leave the source behind it."""
    _, flags, method, crc, packed, unpacked, names, extras = LOCAL.unpack(source.take(LOCAL.size))
    name = name_of(source.take(names), flags)
    unpacked, packed = sizes_of(source.take(extras), unpacked, packed)
    member = replace(place, members=(*place.members, name))
    known = not flags & _SIZES_BEHIND
    if flags & ENCRYPTED:
        yield failure("encrypted", member, "is encrypted")
    elif method not in (_STORED, _DEFLATED) or not (known or method == _DEFLATED):
        advice = "save it to a file, or unpack it, and give that"
        yield failure("unsupported", member, f"is packed in a way that is not read here (method {method})", advice)
    else:
        content = _Content(source, method, packed if known else None, crc)
        if not name.endswith("/"):
            yield Member(name, cast("BinaryIO", content))
        content.finish()
        return
    if known:
        source.skip(packed)
    else:
        source.skip_to_member()


class _Source:
    """The archive's stream, with a way back over what was read last."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._at = 0
        """How far in it everything is done with."""

    def peek(self, size: int) -> bytes:
        """Return what comes next without going on; less only at the end."""
        while (missing := self._at + size - len(self._held)) > 0 and (more := self._stream.read(missing)):
            self._held, self._at = self._held[self._at :] + more, 0
        return self._held[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        """Return what comes next; raises `StreamError` when there is less."""
        taken = self.peek(size)
        if len(taken) < size:
            raise StreamError("truncated", "ends too early")
        self._at += size
        return taken

    def some(self, size: int) -> bytes:
        """Return what comes next, as much as can be had at once; nothing only at the end."""
        if self._at == len(self._held):
            self._held, self._at = self._stream.read(size), 0
        some = self._held[self._at : self._at + size]
        self._at += len(some)
        return some

    def go_back(self, size: int) -> None:
        """Let so much come again of what `some` gave last."""
        self._at -= size

    def skip(self, size: int) -> None:
        """Pass over so much."""
        while size > 0:
            passed = len(self.some(min(size, CHUNK)))
            if not passed:
                raise StreamError("truncated", "ends too early")
            size -= passed

    def skip_to_member(self) -> None:
        """Go to the next sign of a member or of the directory, or to the end."""
        self.take(1)
        while len(window := self.peek(_STEP)) >= 4:
            found = [at for sign in (_MEMBER, *_DIRECTORY) if (at := window.find(sign)) >= 0]
            self.skip(min(found) if found else len(window) - 3)
            if found:
                return
        self.skip(len(window))

    def ends_well(self) -> bool:
        """Read to the end, and tell whether the record is there that is the last of every archive."""
        tail = b""
        while data := self.some(CHUNK):
            tail = (tail + data)[-_LONGEST_END:]
        found = tail.rfind(_END)
        return found >= 0 and len(tail) - found >= _END_SIZE


class _Content:
    """The content of a member."""

    def __init__(self, source: _Source, method: int, packed: int | None, crc: int) -> None:
        self._source = source
        self._left = packed
        """Bytes of it still in the archive; none where only its own end tells."""
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if method == _DEFLATED else None
        self._stated = crc
        self._crc = self._size = self._packed = 0
        self._ended = self._checked = self._failed = False

    def read(self, size: int) -> bytes:
        """Read on; raises `StreamError` or `zlib.error` where it is damaged."""
        data = b""
        try:
            while not data and not self._ended:
                data = self._inflated(size) if self._inflate else self._stored(size)
                self._crc = zlib.crc32(data, self._crc)
                self._size += len(data)
            if not data and not self._checked:
                self._checked = True
                self._check()
        except Exception:
            self._failed = True
            raise
        return data

    def finish(self) -> None:
        """Leave the source behind the member, however much of it was read."""
        if self._left is not None:
            self._source.skip(self._left)
        elif self._failed:
            self._source.skip_to_member()
        else:
            while self.read(CHUNK):
                pass

    def _stored(self, size: int) -> bytes:
        data = self._more(size) if self._left else b""
        self._ended = not self._left
        return data

    def _inflated(self, size: int) -> bytes:
        inflate = cast("Any", self._inflate)
        given = inflate.unconsumed_tail or (b"" if self._left == 0 else self._more(_STEP))
        try:
            data = cast("bytes", inflate.decompress(given, size))
        except zlib.error:
            self._give_back(len(given))  # the next member may be in it
            raise
        if inflate.eof:
            self._ended = True
            self._give_back(len(inflate.unused_data))
        elif not given and not data:
            raise StreamError("damaged", "is damaged (its data do not end)")
        return data

    def _more(self, size: int) -> bytes:
        data = self._source.some(size if self._left is None else min(size, self._left))
        if not data:
            raise StreamError("truncated", "ends too early")
        self._packed += len(data)
        if self._left is not None:
            self._left -= len(data)
        return data

    def _give_back(self, size: int) -> None:
        self._source.go_back(size)
        self._packed -= size
        if self._left is not None:
            self._left += size

    def _check(self) -> None:
        """Compare size and checksum with what is stated, before the member or behind it."""
        if self._left is None:
            behind = self._source.peek(24)
            sign = len(_BEHIND) if behind.startswith(_BEHIND) else 0
            for form in ("<III", "<IQQ"):
                end = sign + struct.calcsize(form)
                if len(behind) >= end and struct.unpack(form, behind[sign:end]) == (
                    self._crc,
                    self._packed,
                    self._size,
                ):
                    self._source.take(end)
                    self._left = 0
                    return
        elif self._left == 0 and self._crc == self._stated:
            return
        raise StreamError("checksum", "does not fit its checksum")
