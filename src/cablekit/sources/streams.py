"""Helpers for reading streams within bounds."""

from __future__ import annotations

from typing import BinaryIO

from cablekit.sources.failures import StreamError

CHUNK = 1 << 18


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
