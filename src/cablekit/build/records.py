"""Which record of a source is the cable.

Most sources hold one. Some hold a record inside itself: the text cut off and the whole given again, with field labels
or without (FORMAT.md section 19.20); and the sections of a long message may each have kept their classification line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from cablekit.build.handling import build_passing
from cablekit.build.markings import ClassificationLine, build_classification
from cablekit.build.reading import Part, Reading
from cablekit.model import Header

if TYPE_CHECKING:
    from cablekit.grammar import Token, Tree

LINES_12 = frozenset({"CLASSIFICATION", "CLASSIFICATION_AGAIN", "LOWER_CLASSIFICATION"})
_LABELS = frozenset({"EO_LINE", "TAGS_LINE", "SUBJECT_LINE", "REF_LINE", "CLASSIFIED_BY"})
_HANDLING = frozenset(
    {"CAPTION", "DAMAGED_CAPTION", "CORRECTED_COPY", "ATTENTION", "LATE_PASSING", "HANDLING", "REF_MORE"}
)
_ABOVE = frozenset(
    {"BLANK", "PUBLICATION_HEAD", "PARTIAL_NOTE", "PAGE_HEAD", "PUBLISHER_DATE", "FRONT_LINE", "OTHER_LINE", "STAMP"}
)


@dataclass(slots=True, eq=False)
class Record:
    """One record: its line 12, the parts of its text block by kind, the parts of its text in order."""

    start: int = 0
    """Where it begins, with its header or its line 12."""
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
    def is_later_section(self) -> bool:
        """Whether its head is that of a later section, behind which the text goes on."""
        section = self.classification.section if self.classification else None
        return self.continued or (section is not None and section.number > 1)

    @property
    def awaits_line_12(self) -> bool:
        """Whether only captions and passing lines stand in it: on record copies they may stand above line 12."""
        return self.classification is None and not self.body and set(self.labels) <= _HANDLING

    def tokens(self, *kinds: str) -> list[Token]:
        """Return the parts of some kinds in their order."""
        found = [token for kind in kinds for token in self.labels.get(kind, ())]
        return sorted(found, key=lambda token: token.start_pos)

    def parts(self, *kinds: str) -> list[Part]:
        """Return the parts of some kinds as `Part`."""
        return [Part(str(token), token.start_pos) for token in self.tokens(*kinds)]

    def part(self, kind: str) -> Part | None:
        """Return the first part of a kind."""
        return next(iter(self.parts(kind)), None)

    @property
    def size(self) -> int:
        """Characters of its text."""
        return sum(len(token.rstrip()) for token in self.body if token.type not in LINES_12)


def flatten(tree: Tree) -> list[Token]:
    """Return all parts of a document in order; paragraphs, headings and list items are opened."""
    tokens: list[Token] = []
    for child in tree.children:
        if isinstance(child, str):
            tokens.append(cast("Token", child))
        else:
            tokens += flatten(child)
    return tokens


def split_records(tokens: list[Token], reading: Reading, header: Header) -> list[Record]:
    """Cut the parts into records. Sections that kept their line 12 stay with the first (FORMAT.md section 12)."""
    records = [Record()]
    head: int | None = None
    for token in tokens:
        kind, record = token.type, records[-1]
        if kind in _ABOVE:
            continue
        if kind in ("HEADER", "RECORD_HEAD"):
            head = token.start_pos if head is None else head
            if record.begun and (record.body or kind == "RECORD_HEAD"):
                records.append(Record(head))
        elif kind in LINES_12:
            line = _line_12(token, reading, header)
            if record.begun and not record.awaits_line_12 and not _continues(record, line):
                records.append(Record(token.start_pos if head is None else head))
            _enter(records[-1], line, token)
            head = None
        else:
            # Header lines repeated in the text block, with no line 12 behind them, begin nothing (FORMAT.md section 5).
            head = None
            _add(record, token, reading)
    return records


def _line_12(token: Token, reading: Reading, header: Header) -> ClassificationLine:
    station, originator = header.station, header.originator
    return build_classification(
        Part(str(token), token.start_pos),
        reading,
        station.routing_indicator if station else None,
        station.serial if station else None,
        originator.name if originator else None,
    )


def _enter(record: Record, line: ClassificationLine, token: Token) -> None:
    """Enter a line 12: it begins the record, or a later section of it, which is a seam in its text."""
    if record.classification:
        record.continued = True
        record.body.append(token)
    else:
        record.classification = line


def _add(record: Record, token: Token, reading: Reading) -> None:
    """Add a part to a record; what the head of a later section repeats is passed over, all but captions."""
    kind = token.type
    if kind == "ATTENTION" and record.is_later_section and not _is_passing(token, reading):
        record.body.append(token)
    elif kind in _LABELS or kind in _HANDLING:
        if kind in _LABELS and not record.continued and all(line.type == "ATTENTION" for line in record.body):
            # A text block follows: the lines above it are no text.
            record.labels.setdefault("ATTENTION", []).extend(record.body)
            record.body.clear()
        if not record.continued or kind == "CAPTION":
            record.labels.setdefault(kind, []).append(token)
    else:
        record.body.append(token)


def _is_passing(token: Token, reading: Reading) -> bool:
    """Tell a passing line that a section repeats from its text, which the grammar cannot tell there."""
    lines = build_passing(Part(str(token), token.start_pos), reading)
    return any(line.kind != "attention" for line in lines)


def _continues(record: Record, line: ClassificationLine) -> bool:
    first = record.classification
    if first is None or first.mrn is None or line.mrn is None or line.section is None:
        return False
    same = (first.mrn.post, first.mrn.serial) == (line.mrn.post, line.mrn.serial)
    return same and line.section.number > 1


def choose(records: list[Record]) -> Record:
    """Return the record with the longest text, the later one of two as long; what it lacks, the others fill."""
    if len(records) == 1:
        return records[0]
    chosen = max(reversed(records), key=lambda record: record.size)
    for record in records:
        chosen.classification = chosen.classification or record.classification
        for kind, tokens in record.labels.items():
            if kind not in chosen.labels and kind in _LABELS:
                chosen.labels[kind] = tokens
    return chosen
