"""How much a source may ask for: what goes beyond is a `Failure`, never memory or time without end."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading a dump. The defaults are far above anything that real dumps hold."""

    record: int = 64 * MIB
    """Bytes of one record: one text, row, page or document."""
    buffer: int = 64 * MIB
    """Bytes of an archive that can only be read by jumping about in it (zip, 7z) and comes from a place where that is
    not possible (a pipe, a compressed archive): so much of it is held in memory."""
    members: int = 5_000_000
    """Members of one archive, or files of one folder with all that lies below it."""
    depth: int = 6
    """Archives and compressed files inside each other: ``dump.zip`` is one, ``dump.tar.gz`` two."""
    ratio: int = 250
    """Bytes that one byte of a file may become, through all archives in it, once it has given a mebibyte. Cables shrink
    to a third or a twentieth, zeros to a thousandth."""
