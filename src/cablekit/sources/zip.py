"""Zip archives. What lies in them is what their directory says, in the order in which it lies there."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from cablekit.sources.containers import Member, beyond
from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance
from cablekit.sources.streams import explain, jumping

NAME = "zip"

_ENCRYPTED = 1


def recognises(head: bytes) -> bool:
    """Tell by the sign of the first member, or of the directory where there is none."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def members(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Member | Failure]:
    """Give the files."""
    with zipfile.ZipFile(jumping(stream, limits)) as archive:
        for count, info in enumerate(archive.infolist(), 1):
            if count > limits.members:
                yield beyond(place, limits)
                return
            if info.is_dir():
                continue
            member = replace(place, members=(*place.members, info.filename))
            if info.flag_bits & _ENCRYPTED:
                yield failure("encrypted", member, "is encrypted")
                continue
            try:
                content = archive.open(info)
            except Exception as error:  # whatever a library makes of hostile bytes
                yield explain(error).at(member)
                continue
            with content:
                yield Member(info.filename, cast("BinaryIO", content), seekable=True)
