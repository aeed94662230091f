"""The message reference number."""

from __future__ import annotations

from typing import Literal

from cablekit.model.base import Located


class Mrn(Located):
    """Message reference number: year, post and the post's running serial of that year (FORMAT.md section 4).

    ``str(mrn)`` is the usual identifier, ``08BISHKEK94``.
    """

    year: int | None
    """Four digits; none where nothing in the text tells it (partial extracts)."""
    post: str
    """The post's key: capitals, no blanks (``THEHAGUE``)."""
    serial: int
    as_written: str
    year_source: Literal["written", "dtg", "publication", "attributes", "none"] = "dtg"
    """Where the year was taken from; a cable's own line 12 never states it."""
    source: Literal["text", "page_head", "attributes"] = "text"
    """Where post and serial were taken from: a page head or a document number where line 12 is lost."""
    year_inferred: bool = False
    """True where the year was left out and the rule for left-out years supplied it (FORMAT.md section 9)."""

    def __str__(self) -> str:
        """The identifier; without a known year it starts with the post."""
        year = "" if self.year is None else f"{self.year % 100:02d}"
        return f"{year}{self.post}{self.serial}"
