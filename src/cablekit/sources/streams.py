"""Streams that are read within bounds: what they give is counted, and what goes wrong in them is a `StreamError`."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from cablekit.sources.failures import StreamError
from cablekit.sources.limits import MIB, Limits

HEAD = 1 << 16
"""Bytes from the beginning of a stream by which a kind recognises it."""

CHUNK = 1 << 18


@dataclass(slots=True, eq=False)
class Budget:
    """What was read from one file of a source, and what came out of the archives in it."""

    limits: Limits
    read: int = 0
    size: int | None = None
    """Of the file, where it is known: reading a stretch twice does not allow for more."""
    given: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    """By depth: archives inside each other are not counted twice."""
    spent: bool = False
    """Whether more came out than may be."""
    reported: StreamError | None = None
    """The last error of which a failure was made: it ends the archives around, too, and is reported once."""

    def take(self, depth: int, count: int) -> None:
        """Count bytes that an archive gives, or raise `StreamError`; depth 0 is the file itself."""
        if depth == 0:
            self.read += count
            return
        self.given[depth] = given = self.given[depth] + count
        read = self.read if self.size is None else min(self.read, self.size)
        if given > MIB and given > self.limits.ratio * read:
            self.spent = True
            raise StreamError(
                "bomb", f"unpacks to more than {self.limits.ratio} times its size; the rest of the file is not read"
            )


class Measured(io.RawIOBase):
    """Counts what a stream gives. Reads are as long as asked for, but at the end and before damage."""

    def __init__(self, stream: BinaryIO, budget: Budget, depth: int, seekable: bool) -> None:
        """Wrap a stream; what it says itself of ``seekable`` is not always so. Closing this does not close it."""
        super().__init__()
        self._stream = stream
        self._next = at_once(stream)
        self._budget = budget
        self._depth = depth
        self._seekable = seekable
        self._held = b""
        """What was looked at and comes next."""
        self._error: StreamError | None = None
        """Kept, because a decompressor that failed may go on with rubbish."""

    def begin(self) -> tuple[bytes, BinaryIO]:
        """Return the first bytes and a stream that begins with them; raises `StreamError`."""
        pieces: list[bytes] = []
        size = 0
        while size < HEAD:
            piece = self._more(HEAD - size, bool(pieces))
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        head = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if size < HEAD and not self._error:
            return head, io.BytesIO(head)
        self._held = head
        return head, cast("BinaryIO", io.BufferedReader(self, HEAD))

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """As told."""
        return self._seekable

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place; raises `StreamError` where the stream is damaged on the way."""
        if not self._seekable:
            raise io.UnsupportedOperation("seek")
        if whence == io.SEEK_CUR:
            offset -= len(self._held)
        self._held = b""
        try:
            return self._stream.seek(offset, whence)
        except Exception as error:
            raise explain(error) from error

    def tell(self) -> int:
        """Return the place in the stream."""
        return self._stream.tell() - len(self._held)

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there is anything; raises `StreamError`."""
        filled = min(len(buffer), len(self._held))
        if filled:
            buffer[:filled] = self._held[:filled]
            self._held = self._held[filled:]
        while filled < len(buffer) and (data := self._more(len(buffer) - filled, filled > 0)):
            buffer[filled : filled + len(data)] = data
            filled += len(data)
        return filled

    def _more(self, size: int, later: bool) -> bytes:
        """Read on; an error is raised, or kept for ``later`` where something was read before it."""
        if self._error:
            if later:
                return b""
            raise self._error
        try:
            data = self._next(size)
            self._budget.take(self._depth, len(data))
        except Exception as error:
            self._error = explain(error)
            if not later or self._budget.spent:
                raise self._error from error
            return b""
        return data


def at_once(stream: BinaryIO) -> Callable[[int], bytes]:
    """Return what reads as much of a stream as can be had at once, so that all is given that stands before damage."""
    return cast("Callable[[int], bytes]", getattr(stream, "read1", stream.read))


def read_all(stream: BinaryIO, limit: int) -> bytes:
    """Read what is left of a stream as one record; raises `StreamError` when it is larger than the limit."""
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise StreamError("too-large", f"is larger than {limit:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def jumping(stream: BinaryIO, limits: Limits) -> BinaryIO:
    """Return a stream in which one can jump about: this one, or its content; raises `StreamError`."""
    if stream.seekable():
        return stream
    try:
        return io.BytesIO(read_all(stream, limits.buffer))
    except StreamError as error:
        if error.reason != "too-large":
            raise
        message = f"comes from a pipe or a compressed archive and is larger than {limits.buffer:,} bytes"
        raise StreamError("unseekable", message) from None


def drain(stream: BinaryIO) -> bool:
    """Read a stream to its end, so that its checksum is looked at; tell whether anything but zeros came."""
    found = False
    while data := stream.read(CHUNK):
        found = found or data.count(0) != len(data)
    return found


def explain(error: Exception) -> StreamError:
    """Tell what an exception of a decompressor, an archive reader or the system means."""
    if isinstance(error, StreamError):
        return error
    words = str(error).rstrip(".")
    lower = words.lower()
    if isinstance(error, EOFError) or "truncated" in lower or "unexpected end" in lower or "incomplete" in lower:
        return StreamError("truncated", "ends too early")
    if "crc" in lower or "checksum" in lower or "incorrect length" in lower:
        return StreamError("checksum", f"does not fit its checksum ({words})")
    if "password" in lower or "encrypt" in lower or "passphrase" in lower:
        return StreamError("encrypted", "is encrypted")
    if isinstance(error, NotImplementedError):
        return StreamError("unsupported", f"is written in a way that is not read here ({words})")
    if isinstance(error, OSError) and error.errno is not None:
        return StreamError("unreadable", f"cannot be read ({error.strerror})")
    return StreamError("damaged", f"is damaged ({words or type(error).__name__})")
