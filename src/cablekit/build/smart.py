"""Message-archive copies, layout E: the tree of ``smart.lark`` to a `Copy` (FORMAT.md section 16)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cablekit import grammar
from cablekit.build import record_copy
from cablekit.build.attributes import Attributes, build_labelled
from cablekit.build.copies import Copy
from cablekit.build.copy_head import build_officers
from cablekit.build.nodes import Stretch
from cablekit.build.reading import Part
from cablekit.build.records import flatten
from cablekit.build.references import build_references
from cablekit.model import Drafting, Mrn, Officer, Release, Span

if TYPE_CHECKING:
    from cablekit.grammar import Token
    from cablekit.model import Attribute

_VALUES = {
    "MRN": "MRN",
    "DATE": "Date/DTG",
    "ORIGINATOR": "From",
    "ACTION": "Action",
    "ORDER": "E.O.",
    "TAGS": "TAGS",
    "CAPTIONS": "Captions",
    "REFERENCE": "Reference",
    "SUBJECT": "Subject",
}
"""Terminal of a value at the head → the label that it belongs to."""
_LABELS = frozenset({"MRN_LABEL", "FROM_LABEL", "LABEL", "END_OF_COPY"})
_END_VALUES = frozenset({"PERSON", "ADDRESSEES", "VALUE"})
_RELEASE = frozenset({"DECISION", "REVIEWER", "DEPARTMENT", "DAY", "REQUEST"})
RULES = {
    "BLANK": "blank",
    "CONTAINER": "container",
    "DAY": "release_stamp",
    "DECISION": "release_stamp",
    "DEPARTMENT": "release_stamp",
    "MARK": "page_classification",
    "PAGE_NUMBER": "page_break",
    "REQUEST": "release_stamp",
    "REVIEWER": "release_stamp",
}


def read(copy: Copy) -> Copy:
    """Take the telegram out of a message-archive copy."""
    return _Reader(copy).read()


class _Reader:
    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.furnished: list[Stretch] = []
        copy.layers.append(self.furnished)
        self.reading = copy.whole
        self.kept: list[tuple[int, int]] = []
        self.found: list[tuple[Attribute, Part]] = []
        self.waiting: list[str] = []
        """Labels at the end that no value has been given to."""
        self.given = False
        """Whether values have followed the labels that wait."""
        self.people: dict[str, list[Officer]] = {}
        self.stamps: list[list[Token]] = []

    def read(self) -> Copy:
        for token in flatten(grammar.read("smart", self.reading.source.text)):
            kind = token.type
            if kind in ("LINES", "OPENING"):
                self.kept.append((token.start_pos, token.end_pos))
            elif kind in ("PAGE_BREAK", "LAST_LINES"):
                self.furniture(token)
            elif kind in _LABELS:
                if kind == "END_OF_COPY":
                    if self.given:
                        self.waiting, self.given = [], False
                    self.waiting.append(token.partition(":")[0].strip())
                self.furnish(token, "attribute")
            elif kind in _VALUES:
                self.found.append(build_labelled(_VALUES[kind], token, self.reading))
                self.furnish(token, "attribute")
            elif kind in _END_VALUES:
                self.end_value(token)
            else:
                self.furnish(token, "blank" if kind == "BLANK" else "unparsed")
        self.finish()
        source = self.reading.source.without(record_copy.between(self.kept, len(self.reading.source.text)))
        return record_copy.read(self.reading.on(source), self.copy)

    # ---- the parts

    def end_value(self, token: Token) -> None:
        """Give a value at the end to its label: by its shape, where several labels stand in front of it."""
        name = self.label_of(token)
        self.given = True
        self.found.append(build_labelled(name, token, self.reading))
        self.furnish(token, "attribute")
        if token.type == "PERSON":
            self.people.setdefault(name, []).extend(build_officers(Part(str(token), token.start_pos), self.reading))

    def label_of(self, token: Token) -> str:
        """Return the label of a value at the end.

        Where labels stand in a run each takes one value of the shape that it asks for, all but the clearances: what
        is left of the persons is theirs, for nothing tells which of them approved.
        """
        wanted = _SHAPES[token.type]
        fitting = [name for name in self.waiting if name in wanted]
        if not fitting:
            return self.waiting[-1] if self.waiting else "Attachments"
        name = fitting[0]
        if name != "Cleared By":
            self.waiting.remove(name)
        return name

    def furniture(self, token: Token) -> None:
        """Take a stretch of furniture apart."""
        stamp: list[Token] = []
        for piece in grammar.tokens(grammar.read("smart", str(token), "page_furniture")):
            piece.start_pos += token.start_pos
            self.furnish(piece, RULES[piece.type])
            if piece.type in _RELEASE:
                stamp.append(piece)
            elif piece.type == "MARK" and self.copy.level is None:
                self.copy.level = (Part(str(piece), piece.start_pos), self.reading)
        if stamp:
            self.stamps.append(stamp)

    def furnish(self, token: Token, rule: str) -> None:
        """Note a stretch that is no text of the telegram."""
        self.furnished.append((self.reading.source.stretch(token.start_pos, token.end_pos), rule))

    # ---- the end

    def finish(self) -> None:
        """Build what the labels say."""
        copy = self.copy
        copy.attributes = Attributes([one for one, _ in self.found], [part for _, part in self.found])
        copy.document = self.mrn(copy.attributes)
        copy.releases += self.releases()
        if self.people:
            spans = [officer.span for officers in self.people.values() for officer in officers]
            copy.drafting = Drafting.model_construct(
                drafted_by=tuple(self.people.get("Drafted By", ())),
                cleared_by=tuple(self.people.get("Cleared By", ())),
                approved_by=tuple(self.people.get("Approved By", ())),
                released_by=tuple(self.people.get("Released By", ())),
                span=Span(min(spans).start, max(spans).end),
            )

    def mrn(self, attributes: Attributes) -> Mrn | None:
        """Read ``85 PORT MORESBY 199`` as a reference is read."""
        part = attributes.part("MRN")
        if part is None:
            return None
        value = Part(part.text.partition(":")[2], part.start + len("MRN:"))
        references = build_references((value,), self.reading, year=None, on=None, post=None)
        mrn = references[0].mrn if references else None
        return mrn.model_copy(update={"source": "attributes"}) if mrn else None

    def releases(self) -> list[Release]:
        """Build one release from the stamps of all pages: they repeat each other, the first says most."""
        if not self.stamps:
            return []
        pieces = [piece for stamp in self.stamps for piece in stamp]
        first = _run(max(self.stamps, key=len))
        text = " ".join(" ".join(piece.split()) for piece in first)
        found: dict[str, list[Token]] = {}
        for piece in pieces:
            found.setdefault(piece.type, []).append(piece)
        decision = " ".join(found["DECISION"][0].split()) if "DECISION" in found else ""
        numbers = [piece.strip() for piece in found.get("REQUEST", ())]
        start, end = first[0].start_pos, first[-1].start_pos + len(first[-1].rstrip())
        fields: dict[str, Any] = {
            "decision": "full" if "Full" in decision else "part" if "Part" in decision else None,
            "case_number": next((number for number in numbers if not number.startswith(("B-", "8-"))), None),
            "document_number": next((number for number in numbers if number.startswith("B-")), None),
            "reviewer": found["REVIEWER"][0].partition(",")[0].strip() if "REVIEWER" in found else None,
        }
        return [
            Release.model_construct(
                text=text,
                date=_day(first) or _day(pieces),
                authority="US Department of State" if "DEPARTMENT" in found else None,
                span=self.reading.span(start, end),
                **fields,
            )
        ]


def _run(pieces: list[Token]) -> list[Token]:
    """Return the longest run of pieces that stand behind each other with nothing between."""
    runs: list[list[Token]] = []
    for piece in pieces:
        if runs and runs[-1][-1].end_pos == piece.start_pos:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return max(runs, key=len)


_SHAPES = {
    "PERSON": ("Drafted By", "Released By", "Cleared By", "Approved By"),
    "ADDRESSEES": ("Info", "Action", "XMT"),
    "VALUE": ("Signature", "XMT", "Dissemination Rule", "Attachments", "Info"),
}
"""Terminal of a value at the end → the labels it may belong to, in their order."""


def _day(pieces: list[Token]) -> date | None:
    """Read the first day of a stamp, month first: ``2/25/2026``; one that lost a stroke is none."""
    for piece in pieces:
        numbers = piece.strip().split("/")
        if piece.type == "DAY" and len(numbers) == len(("month", "day", "year")):
            try:
                return date(int(numbers[2]), int(numbers[0]), int(numbers[1]))
            except ValueError:
                continue
    return None
