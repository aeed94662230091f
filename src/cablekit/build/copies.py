"""Copies of telegrams from archives (layouts C, E, F): what is the telegram in them, and what stands around it.

A copy is read in two steps. The grammar of its layout cuts it into furniture (page heads, stamps, end signs), head and
text. What is text is put together without the furniture and read as any other telegram; every position in it still
leads back to where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cablekit.build.layouts import recognise
from cablekit.build.nodes import Stretch
from cablekit.build.reading import Part, Reading
from cablekit.model import Drafting, Header, Layout, Mrn, PageBreak, RecordCopy, Redaction, Release, Section
from cablekit.vocabulary import documents

if TYPE_CHECKING:
    from cablekit.build.attributes import Attributes

ANY_YEAR = range(1945, 2045)
"""Years of telegrams that no set confines: two figures tell one of them (a release of 1963 is none of 2063)."""


@dataclass(slots=True, eq=False)
class Copy:
    """A telegram taken out of its copy."""

    whole: Reading
    """Reads the copy as it is."""
    message: Reading
    """Reads the telegram's own text; findings go where those of the copy go."""
    layout: Layout | None = None
    """None where the text is no copy but the telegram itself."""
    reason: str = ""
    header: Header | None = None
    """The head, where it was read apart from the text."""
    layers: list[list[Stretch]] = field(default_factory=list)
    """What is no part of the telegram: for each step of the reading what it took away, the first step first."""
    releases: list[Release] = field(default_factory=list)
    page_breaks: list[PageBreak] = field(default_factory=list)
    mrn: Mrn | None = None
    """Post and serial of the page heads, for a telegram whose line 12 is lost."""
    section: Section | None = None
    level: tuple[Part, Reading] | None = None
    """The classification of the first page, for the same, and what reads it."""
    record: RecordCopy | None = None
    attributes: Attributes | None = None
    document: Mrn | None = None
    """The number by which the archive knows the message."""
    candidates: tuple[Mrn, ...] = ()
    drafting: Drafting | None = None
    redactions: list[Redaction] = field(default_factory=list)

    @property
    def of_images(self) -> bool:
        """Whether its text was read from page images, so that any sign may be misread."""
        return self.layout in ("E", "F")

    @property
    def years(self) -> range:
        """The years that its date-time group can be of."""
        return documents.YEARS if self.layout == "C" else ANY_YEAR


def read_copy(reading: Reading) -> Copy:
    """Take the telegram out of a copy; a text that is none is its own telegram."""
    recognised = recognise(reading)
    if recognised is None:
        return Copy(reading, reading)
    copy = Copy(reading, reading, recognised.layout, recognised.reason)
    if recognised.layout == "E":
        from cablekit.build import smart

        return smart.read(copy)
    if recognised.layout == "F":
        from cablekit.build import foia

        return foia.read(copy)
    from cablekit.build import record_copy

    return record_copy.read(reading, copy)
