"""One of n parts of a conversion that is done without anybody who shares out the work, such as a job of an array."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cablekit.sources.record import Failure

if TYPE_CHECKING:
    from cablekit.sources.record import Record

_WRITTEN = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of so many ``parts``.

    A record belongs to the shard that its SHA-256 names, so equal bytes meet in one; what could not be had belongs to
    the one that the SHA-256 of its place names. Each shard reads all sources, and parses its own.
    """

    number: int
    """From 1."""
    parts: int

    def __post_init__(self) -> None:
        """Raise `ValueError` where there is no such shard."""
        if not 1 <= self.number <= self.parts:
            raise ValueError(f"there is no shard {self.number} of {self.parts}")

    @classmethod
    def of(cls, written: str) -> Shard:
        """Read ``3/16``; raises `ValueError`."""
        found = _WRITTEN.fullmatch(written.strip())
        if not found:
            raise ValueError(f"{written!r} is no shard")
        return cls(int(found[1]), int(found[2]))

    def owns(self, item: Record | Failure) -> bool:
        """Tell whether a record belongs to this shard."""
        digest = sha256(str(item.provenance).encode()).hexdigest() if isinstance(item, Failure) else item.sha256
        return int(digest[:16], 16) % self.parts == self.number - 1

    def __str__(self) -> str:
        """As it is written: ``3/16``."""
        return f"{self.number}/{self.parts}"
