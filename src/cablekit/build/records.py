"""Which record of a source is the cable.

Most sources hold one. Some hold a record inside itself: the text cut off and the whole given again, with field labels
or without (FORMAT.md section 19.20); and the sections of a long message may each have kept their classification line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from cablekit.build.markings import ClassificationLine, build_classification
from cablekit.build.reading import Part, Reading
from cablekit.model import Station

if TYPE_CHECKING:
    from lark import Token, Tree

_LINE_12 = frozenset({"CLASSIFICATION", "CLASSIFICATION_AGAIN", "LOWER_CLASSIFICATION"})
_LABELS = frozenset({"EO_LINE", "TAGS_LINE", "SUBJECT_LINE", "REF_LINE", "CLASSIFIED_BY"})
_HANDLING = frozenset({"CAPTION", "CORRECTED_COPY", "ATTENTION", "LATE_PASSING", "HANDLING", "REF_MORE"})
_ABOVE = frozenset(
    {"BLANK", "PUBLICATION_HEAD", "PARTIAL_NOTE", "PAGE_HEAD", "PUBLISHER_DATE", "FRONT_LINE", "OTHER_LINE", "STAMP"}
)


@dataclass(slots=True)
class Record:
    """One record: its line 12, the parts of its text block by kind, the parts of its text in order."""

    classification: ClassificationLine | None = None
    labels: dict[str, list[Token]] = field(default_factory=dict)
    body: list[Token] = field(default_factory=list)
    continued: bool = False
    """Whether a later section has begun: what its head repeats counts no more."""

    @property
    def begun(self) -> bool:
        """Whether more than a header stands in it."""
        return bool(self.classification or self.labels or self.body)

    @property
    def start(self) -> int:
        """Where the first of its parts starts."""
        starts = [token.start_pos or 0 for tokens in (*self.labels.values(), self.body) for token in tokens]
        return min(starts, default=0)

    def tokens(self, *kinds: str) -> list[Token]:
        """Return the parts of some kinds in their order."""
        found = [token for kind in kinds for token in self.labels.get(kind, ())]
        return sorted(found, key=lambda token: token.start_pos or 0)

    def parts(self, *kinds: str) -> list[Part]:
        """Return the parts of some kinds as `Part`."""
        return [Part(str(token), token.start_pos or 0) for token in self.tokens(*kinds)]

    def part(self, kind: str) -> Part | None:
        """Return the first part of a kind."""
        return next(iter(self.parts(kind)), None)

    @property
    def size(self) -> int:
        """Characters of its text."""
        return sum(len(token.rstrip()) for token in self.body)


def flatten(tree: Tree[Any]) -> list[Token]:
    """Return all parts of a document in order; paragraphs, headings and list items are opened."""
    tokens: list[Token] = []
    for child in tree.children:
        if isinstance(child, str):
            tokens.append(cast("Token", child))
        else:
            tokens += flatten(child)
    return tokens


def split_records(tokens: list[Token], reading: Reading, station: Station | None) -> list[Record]:
    """Cut the parts into records. Sections that kept their line 12 stay with the first (FORMAT.md section 12)."""
    records = [Record()]
    for token in tokens:
        kind = token.type
        if kind in _ABOVE:
            continue
        record = records[-1]
        if kind in ("HEADER", "RECORD_HEAD"):
            if record.begun:
                records.append(Record())
        elif kind in _LINE_12:
            line = build_classification(
                Part(str(token), token.start_pos or 0),
                reading,
                station.routing_indicator if station else None,
                station.serial if station else None,
            )
            if record.begun and not _continues(record, line):
                records.append(Record())
            if records[-1].classification:
                records[-1].continued = True
            else:
                records[-1].classification = line
        elif kind in _LABELS or kind in _HANDLING:
            if record.continued and kind != "CAPTION":
                continue
            record.labels.setdefault(kind, []).append(token)
        else:
            record.body.append(token)
    return records


def _continues(record: Record, line: ClassificationLine) -> bool:
    first = record.classification
    if first is None or first.mrn is None or line.mrn is None or line.section is None:
        return False
    same = (first.mrn.post, first.mrn.serial) == (line.mrn.post, line.mrn.serial)
    return same and line.section.number > 1


def choose(records: list[Record]) -> Record:
    """Return the record with the longest text, the later one of two as long; what it lacks, the others fill."""
    chosen = max(reversed(records), key=lambda record: record.size)
    for record in records:
        chosen.classification = chosen.classification or record.classification
        for kind, tokens in record.labels.items():
            if kind not in chosen.labels and kind in _LABELS:
                chosen.labels[kind] = tokens
    return chosen
