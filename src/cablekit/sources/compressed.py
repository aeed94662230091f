"""Single compressed files: gzip, bzip2, xz and zstd. What is in them, a text or an archive, is read as a stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

from cablekit.sources.containers import Member
from cablekit.sources.failures import StreamError
from cablekit.sources.limits import Limits
from cablekit.sources.record import Provenance

NAME = "compressed"

_GZIP = b"\x1f\x8b\x08"
_BZIP2 = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
"""What stands behind ``BZh`` and a figure: the first block, or the end where there is none."""
_XZ = b"\xfd7zXZ\x00"
_ZSTD = b"\x28\xb5\x2f\xfd"


def recognises(head: bytes) -> bool:
    """Tell by the sign at the beginning."""
    return head.startswith((_GZIP, _XZ, _ZSTD)) or _is_bzip2(head)


def members(stream: BinaryIO, head: bytes, _place: Provenance, _limits: Limits) -> Iterator[Member]:
    """Give the content, which has no name."""
    with _opened(stream, head) as content:
        yield Member(None, content)


def _is_bzip2(head: bytes) -> bool:
    return head[:3] == b"BZh" and head[3:4].isdigit() and head[4:10] in _BZIP2


def _opened(stream: BinaryIO, head: bytes) -> BinaryIO:
    if head.startswith(_GZIP):
        import gzip

        return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    if head.startswith(_XZ):
        import lzma

        return cast("BinaryIO", lzma.LZMAFile(stream))
    if head.startswith(_ZSTD):
        return _zstd(stream)
    import bz2

    return cast("BinaryIO", bz2.BZ2File(stream))


def _zstd(stream: BinaryIO) -> BinaryIO:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:
        raise StreamError("extra", "is compressed with zstd", "install cablekit[zstd]") from None
    return cast("BinaryIO", zstd.ZstdFile(stream))
