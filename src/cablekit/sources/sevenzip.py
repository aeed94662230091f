"""7z archives, by libarchive: solid ones too are unpacked forward, once, and never held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import HEAD, jumping

if TYPE_CHECKING:
    from types import ModuleType

NAME = "7z"

_FATAL = -30
"""What libarchive is told when its stream fails."""


def recognises(head: bytes) -> bool:
    """Tell by the sign at the beginning."""
    return head.startswith(b"7z\xbc\xaf\x27\x1c")


def members(stream: BinaryIO, _head: bytes, place: Provenance, limits: Limits) -> Iterator[Member | Failure]:
    """Give the files."""
    libarchive = _library()
    source = _Source(jumping(stream, limits))
    content = _Content(libarchive)
    try:
        with libarchive.custom_reader(
            source.read, "7zip", "none", seek_func=source.seek, archive_read_class=content.of
        ) as archive:
            for count, entry in enumerate(archive, 1):
                if count > limits.members:
                    yield beyond(place, limits)
                    return
                if entry.isreg:
                    yield Member(_name(entry.pathname), cast("BinaryIO", content))
                elif not entry.isdir:
                    member = replace(place, members=(*place.members, _name(entry.pathname)))
                    yield failure("link" if entry.issym else "special", member, "is no regular file")
    except libarchive.ArchiveError as error:
        raise source.error or error from None


def _library() -> ModuleType:
    try:
        libarchive = import_module("libarchive")
    except ImportError:
        raise StreamError("extra", "is a 7z archive", "install cablekit[7z]") from None
    except (OSError, TypeError, AttributeError):
        advice = "install it with the packages of your system (libarchive13, libarchive), or unpack the archive"
        raise StreamError("extra", "is a 7z archive, and the library libarchive is not there", advice) from None
    import logging

    # It logs as a warning what is made a failure here.
    logging.getLogger("libarchive").addHandler(logging.NullHandler())
    return libarchive


def _name(path: str | bytes) -> str:
    """Give a name that libarchive could not decode as the signs of its bytes."""
    return path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")


class _Source:
    """The archive's stream for a library in C, through which no exception may pass: it is kept for later."""

    def __init__(self, stream: BinaryIO) -> None:
        import ctypes

        self._ctypes = ctypes
        self._stream = stream
        self._buffer = ctypes.create_string_buffer(HEAD)
        self.error: Exception | None = None

    def read(self, _archive: Any, _context: Any, where: Any) -> int:
        """Read on, and tell where it stands and how much it is."""
        try:
            count = self._stream.readinto(self._buffer)  # type: ignore[attr-defined]
        except Exception as error:
            self.error = error
            return _FATAL
        pointer = self._ctypes.cast(where, self._ctypes.POINTER(self._ctypes.c_void_p))
        pointer[0] = self._ctypes.addressof(self._buffer)
        return int(count)

    def seek(self, _archive: Any, _context: Any, offset: int, whence: int) -> int:
        """Go elsewhere."""
        try:
            return self._stream.seek(offset, whence)
        except Exception as error:
            self.error = error
            return _FATAL


class _Content:
    """The content of the member at which the archive is."""

    def __init__(self, libarchive: ModuleType) -> None:
        from ctypes import create_string_buffer

        self._libarchive = libarchive
        self._archive: Any = None
        self._buffer = create_string_buffer(HEAD)

    def of(self, archive: Any, codec: str) -> Any:
        """Take the archive that has been opened, and return the reader of its members."""
        self._archive = archive
        return self._libarchive.read.ArchiveRead(archive, codec)

    def read(self, size: int) -> bytes:
        """Read on; raises `StreamError` where the checksum is wrong."""
        count = self._libarchive.ffi.read_data(self._archive, self._buffer, min(size, HEAD))
        if count < 0:
            raise StreamError("checksum", "does not fit its checksum")
        return self._buffer.raw[:count]
