"""What became of the records of a conversion."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive.store import Outcome

if TYPE_CHECKING:
    from cablekit.conversion.batches import Batch
    from cablekit.conversion.target import Result

_SLOWEST = 5


@dataclass(slots=True)
class Summary:
    """What became of the records of a dump: found = archived + duplicates + rejected + skipped."""

    output: Path | str
    """A URL is a string."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    """Cables archived, by layout; so for years and diagnostics."""
    years: Counter[int | None] = field(default_factory=Counter)
    diagnostics: Counter[str] = field(default_factory=Counter)
    """Cables archived in which something is odd, by the code."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Records rejected, by reason."""
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Records parsed, by the name of their source and their layout; rejected ones by reason."""
    slowest: list[tuple[float, str]] = field(default_factory=list)
    """Seconds and place of the records that took longest to parse, the slowest first."""
    bytes: int = 0
    """Of all records that were parsed."""
    seconds: float = 0.0
    position: int = 0
    """Bytes of the sources' files that are read, or left out because they were."""
    workers: int = 0
    """Processes that parse; 0: this one."""
    complete: bool = False
    """Whether all sources were read to their end."""

    @property
    def found(self) -> int:
        """Records, and places where one could not be had."""
        return self.outcomes.total()

    @property
    def archived(self) -> int:
        """Cables that are new in the archive, further editions of messages among them."""
        return self.outcomes[Outcome.ARCHIVED] + self.outcomes[Outcome.EDITION]

    @property
    def editions(self) -> int:
        """Those of the archived that are another edition or section of a message that was there."""
        return self.outcomes[Outcome.EDITION]

    @property
    def duplicates(self) -> int:
        """Records whose bytes were there; their place was noted."""
        return self.outcomes[Outcome.DUPLICATE]

    @property
    def rejected(self) -> int:
        """Records that are no cable, or could not be had; kept with the reason."""
        return self.outcomes[Outcome.REJECTED]

    @property
    def skipped(self) -> int:
        """Records that were there, from the same place."""
        return self.outcomes[Outcome.SKIPPED]

    def include(self, other: Summary) -> None:
        """Count in what became of other records."""
        for counted in ("outcomes", "layouts", "years", "diagnostics", "reasons", "sources"):
            getattr(self, counted).update(getattr(other, counted))
        self.slowest = heapq.nlargest(_SLOWEST, [*self.slowest, *other.slowest])
        self.bytes += other.bytes

    def add(self, batch: Batch, results: Iterable[Result], outcomes: Iterable[Outcome]) -> None:
        """Count a batch in."""
        for item, result, outcome in zip(batch.items, results, outcomes, strict=True):
            self.outcomes[outcome] += 1
            reason = result.rejection[0] if result.rejection else ""
            self.bytes += result.size
            if outcome in (Outcome.ARCHIVED, Outcome.EDITION):
                if result.layout is not None:  # (it is not where nothing was parsed)
                    self.layouts[result.layout] += 1
                    self.years[result.year] += 1
                    self.diagnostics.update(set(result.diagnostics))
            elif outcome is Outcome.REJECTED:
                self.reasons[reason] += 1
            self.sources[batch.source[0], result.layout or reason] += 1
            slow = result.seconds, str(item.provenance)
            if len(self.slowest) < _SLOWEST or slow > self.slowest[-1]:
                self.slowest = heapq.nlargest(_SLOWEST, [*self.slowest, slow])
        self.outcomes[Outcome.SKIPPED] += batch.skipped
