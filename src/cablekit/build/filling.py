"""A telegram and the attributes of its record: what it lacks they fill, where the two disagree it is said.

The telegram's own words always win (FORMAT.md section 14.12). What was filled is named in ``from_attributes``; its
spans lie among the attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cablekit.build.attributes import Attributes
from cablekit.build.copies import ANY_YEAR
from cablekit.build.copy_head import build_loose_dtg
from cablekit.build.header import PRECEDENCE_WORDS
from cablekit.build.labels import build_subject
from cablekit.build.markings import banner, build_classification
from cablekit.build.orders import build_executive_order
from cablekit.build.reading import Part, Reading
from cablekit.build.references import build_references
from cablekit.build.tags import build_tags
from cablekit.model import (
    Addressee,
    Cable,
    Caption,
    Classification,
    ExecutiveOrder,
    Level,
    Reference,
    Signature,
    Subject,
    Tag,
)
from cablekit.vocabulary import collectives, documents, eo_codes
from cablekit.vocabulary.table import squeeze

_RESTRICTIONS = frozenset(("EXDIS", "LIMDIS", "NODIS", "NOFORN", "ONLY", "STADIS"))
"""Captions that the attribute has too (FORMAT.md section 14.8)."""

_LABELS_WIN = frozenset(("captions", "references", "subject", "tags"))
"""Fields that a message archive's labels state better than the telegram below them, which may be cut or misread."""

_NAMES = {
    "classification": ("Original Classification",),
    "captions": ("Original Handling Restrictions", "Captions"),
    "executive_order": ("Executive Order", "E.O."),
    "tags": ("TAGS",),
    "subject": ("Subject",),
    "references": ("Reference",),
    "signature": ("Signature",),
}
"""Field → the attributes that may fill it; `_Filler` has a method of the field's name that reads one."""

_LEVELS = frozenset(Level)

_SHORTEST_RI = 5
"""Letters of a routing indicator (FORMAT.md section 2.2)."""

_ENOUGH_TO_DOUBT = 2
"""So many of number, subject and TAGS must disagree, and none agree, before the attributes are another record's."""


_LINES_OF_A_STUB = 4
"""Line Count of a record whose text is lost (FORMAT.md section 14.1)."""

_YEAR_OF_SENT_DATE = 1977
"""The records of this year have Sent Date instead of Draft Date (FORMAT.md section 14.12)."""


class _Difference(NamedTuple):
    """A field that telegram and attribute do not agree on."""

    field: str
    attribute: str
    written: str
    """What the telegram says."""


def fill(cable: Cable, attributes: Attributes, reading: Reading, on: date | None) -> Cable:
    """Compare a cable with the attributes of its record and fill what it lacks.

    ``on`` is the day of the cable. Diagnostics: CK212 (no text), CK209 (attributes incomplete), CK317 (a field
    disagrees), CK318 (nothing agrees: the attributes are another record's, and nothing is filled), CK320 (the date
    bears the name of another year).
    """
    _look_for_gaps(cable, attributes, reading, on)
    differences = list(_compare(cable, attributes, reading, on))
    if cable.layout == "C" and _are_of_another(cable, attributes, {difference.field for difference in differences}):
        first = attributes.models[0]
        number = attributes.text("Document Number") or "without number"
        reading.note("CK318", first.span, f"the attributes are those of {number}, the telegram is {cable.mrn}")
        return cable
    for difference in differences:
        attribute = attributes.get(difference.attribute)
        if attribute:
            message = f"the telegram has {difference.written}, {attribute.name} has {attribute.as_written}"
            reading.note("CK317", attribute.span, message)
    return _Filler(cable, attributes, reading, on).fill()


def _look_for_gaps(cable: Cable, attributes: Attributes, reading: Reading, on: date | None) -> None:
    """Report a lost text, attributes that every record has, and the date under a name of another year."""
    last = attributes.models[-1]
    if cable.record_copy and not cable.record_copy.has_text:
        where = attributes.text("Locator") or "nothing tells where"
        reading.note("CK212", attributes.models[0].span, f"the record has no text; Locator: {where}")
    dated = attributes.get("Sent Date", "Draft Date")
    if on and dated and cable.layout == "C" and (dated.name == "Sent Date") != (on.year == _YEAR_OF_SENT_DATE):
        reading.note("CK320", dated.span, f"{dated.name} in a record of {on.year}")
    if cable.layout == "C" and (missing := attributes.missing()):
        reading.note("CK209", last.span, f"there is no {', no '.join(missing)}")


def _are_of_another(cable: Cable, attributes: Attributes, differ: set[str]) -> bool:
    """Tell whether the attributes belong to another record: what tells records apart disagrees, all of it."""
    looked_at = {
        field
        for field, there in (
            ("mrn", cable.mrn and cable.mrn.source == "text" and attributes.text("Document Number")),
            ("subject", cable.subject and attributes.text("Subject")),
            ("tags", cable.tags and attributes.text("TAGS")),
        )
        if there
    }
    return len(looked_at) >= _ENOUGH_TO_DOUBT and looked_at <= differ


# ---- comparing ----------------------------------------------------------------------------------------------------


def _compare(cable: Cable, attributes: Attributes, reading: Reading, on: date | None) -> Iterator[_Difference]:
    """Give the fields that telegram and attributes both have and do not agree on."""
    aside = Reading(reading.source)  # what is said of the attribute's own words is of no interest
    record, dtg, header = cable.record_copy, cable.header.dtg, cable.header
    document = record.document if record else None
    if record and document and cable.mrn and cable.mrn.source != "attributes":
        readings = {(one.year, one.post, one.serial) for one in (document, *record.candidates)}
        if (cable.mrn.year, cable.mrn.post, cable.mrn.serial) not in readings:
            yield _Difference("mrn", "Document Number", str(cable.mrn))
    day = attributes.day("Draft Date", "Sent Date")
    if dtg and dtg.utc and day and dtg.utc.date() != day:
        name = "Draft Date" if attributes.day("Draft Date") else "Sent Date"
        yield _Difference("header.dtg", name, dtg.as_written)
    if header.originator and (origin := attributes.text("From")):
        ours, theirs = _posts(header.originator.name), _posts(origin)
        if ours and theirs and not set(ours) & set(theirs):
            yield _Difference("header.originator", "From", header.originator.name)
    level = attributes.text("Original Classification")
    if cable.classification and level in _LEVELS and level != cable.classification.level:
        yield _Difference("classification", "Original Classification", cable.classification.level)
    yield from _compare_lists(cable, attributes)
    yield from _compare_extent(cable, attributes)
    if (code := eo_codes.find(attributes.text("Executive Order") or "")) and cable.executive_order:
        ours_schedule = cable.executive_order.schedule
        if ours_schedule and squeeze(ours_schedule) != squeeze(code.schedule):
            yield _Difference("executive_order", "Executive Order", ours_schedule)
    subject, stated = cable.subject.text if cable.subject else None, attributes.text("Subject")
    if subject and stated and subject != stated and squeeze(subject) != squeeze(stated):
        yield _Difference("subject", "Subject", subject)
    part = attributes.part("TAGS")
    if cable.tags and part:
        codes = {tag.code for tag in cable.tags}
        words = part.text.partition(":")[2].partition("(")[0].replace(",", " ").split()
        # (Most are word for word the same, and need not be read again.)
        if codes != set(words) and codes != {tag.code for tag in build_tags(part, aside, on)}:
            yield _Difference("tags", "TAGS", ", ".join(tag.code for tag in cable.tags))
    part = attributes.part("Reference")
    ours_written = "".join(
        f"{one.mrn.year or 0:02}"[-2:] + f"{one.mrn.post}{one.mrn.serial}" for one in cable.references if one.mrn
    )
    if cable.references and part and squeeze(part.text.partition(":")[2]) != ours_written:
        theirs_read = _cables(build_references((part,), aside, year=on.year if on else None, on=None, post=None))
        ours_read = _cables(cable.references)
        if theirs_read and any(not one & other for one, other in zip(ours_read, theirs_read, strict=False)):
            yield _Difference("references", "Reference", "; ".join(one.text for one in cable.references))


def _compare_lists(cable: Cable, attributes: Attributes) -> Iterator[_Difference]:
    """Compare captions, the first office of the distribution, the drafter and the number of pages."""
    restrictions = attributes.get("Original Handling Restrictions")
    if restrictions and cable.classification and cable.classification.span < restrictions.span:
        ours = {caption.name for caption in cable.captions} & _RESTRICTIONS
        if restrictions.items and ours != set(restrictions.items):
            yield _Difference("captions", restrictions.name, ", ".join(sorted(ours)) or "none")
    distribution, office = cable.header.distribution, attributes.text("Office")
    if distribution and office:
        first = distribution.offices[0]
        if office.split() != [first.role, first.office]:
            yield _Difference("header.distribution", "Office", f"{first.role} {first.office}")
    drafting, drafter = (cable.record_copy.drafting if cable.record_copy else None), attributes.text("Drafter")
    if drafting and drafting.drafted_by and drafter:
        name = drafting.drafted_by[0].name or ""
        if name not in drafter and squeeze(name) not in squeeze(drafter):
            yield _Difference("record_copy.drafting", "Drafter", name)


def _compare_extent(cable: Cable, attributes: Attributes) -> Iterator[_Difference]:
    """Compare addressees, pages and whether there is a text: all that Line Count and Locator tell of it."""
    to, receivers = attributes.text("To"), (*cable.header.action, *cable.header.info)
    if to and receivers:
        theirs = _posts(to.partition(" INFO ")[0])
        ours = {post for receiver in receivers for post in _posts(receiver.name)}
        if theirs and ours and not ours & set(theirs):
            yield _Difference("header.action", "To", receivers[0].name)
    if cable.layout != "C" or cable.record_copy is None:
        return
    has_text = cable.record_copy.has_text
    pages, one_section = attributes.get("Page Count"), cable.section is None or (cable.section.of or 1) == 1
    last = max((place.page or 1 for place in cable.page_breaks), default=1)
    if has_text and one_section and pages and pages.number and pages.number != last:
        yield _Difference("page_breaks", "Page Count", f"{last} pages")
    lines, locator = attributes.get("Line Count"), attributes.text("Locator")
    written = "text" if has_text else "no text"
    if lines and lines.number and has_text == (lines.number <= _LINES_OF_A_STUB):
        yield _Difference("record_copy.has_text", "Line Count", written)
    if locator and has_text != ("TEXT ON-LINE" in locator or "TEXTONLINE" in squeeze(locator)):
        yield _Difference("record_copy.has_text", "Locator", written)


def _posts(name: str) -> tuple[str, ...]:
    """Return the posts that a name of an addressee or of an attribute may stand for."""
    head, _, city = name.partition(" ")
    return documents.find(name) or (documents.find(city) if head.startswith(("AM", "US")) else ())


def _cables(references: tuple[Reference, ...]) -> list[set[tuple[int | None, str, int]]]:
    return [
        {(mrn.year, mrn.post, mrn.serial) for mrn in (reference.mrn, *reference.candidates) if mrn}
        for reference in references
        if reference.mrn
    ]


# ---- filling ------------------------------------------------------------------------------------------------------


class _Filler:
    def __init__(self, cable: Cable, attributes: Attributes, reading: Reading, on: date | None) -> None:
        self.cable = cable
        self.attributes = attributes
        self.reading = reading
        self.on = on

    def fill(self) -> Cable:
        """Fill every field that the cable lacks and an attribute has."""
        labels_win = _LABELS_WIN if self.cable.layout == "E" else frozenset()
        found: dict[str, Any] = {}
        for field, names in _NAMES.items():
            if getattr(self.cable, field) and field not in labels_win:
                continue
            for name in names:
                part = self.attributes.part(name)
                if part and (value := getattr(self, field)(part)):
                    found[field] = value
                    break
        filled = list(found)
        if "captions" in found and self.cable.classification and "classification" not in found:
            line = self.cable.classification
            marked = banner(line.level, line.caveats, (caption.name for caption in found["captions"]))
            found["classification"] = line.model_copy(update={"banner": marked})
        if heads := self.heads():
            found["header"] = self.cable.header.model_copy(update=heads)
            filled += [f"header.{name}" for name in heads]
        if self.cable.mrn and self.cable.mrn.source == "attributes":
            filled.insert(0, "mrn")
        return self.cable.model_copy(update={**found, "from_attributes": tuple(filled)}) if filled else self.cable

    def heads(self) -> dict[str, Any]:
        """Return the fields of the header that it lacks."""
        header, heads = self.cable.header, dict[str, Any]()
        if not (header.dtg and header.dtg.utc) and (part := self.attributes.part("Date/DTG")):
            _, slash, group = part.text.rpartition("/")
            dtg = build_loose_dtg(Part(group, part.end - len(group)), self.reading, ANY_YEAR) if slash else None
            if dtg and dtg.utc:
                heads["dtg"] = dtg
        if not header.originator and (part := self.attributes.part("From")):
            heads["originator"] = self.addressee(self.value(part))
        if header.action or header.info:
            return heads
        if part := self.attributes.part("To"):
            action, _, info = self.value(part).text.partition(" INFO ")
            heads["action"] = (self.addressee(Part(action, self.value(part).start)),)
            if info.strip():
                heads["info"] = (self.addressee(Part(info, part.start + len(part.text.rstrip()) - len(info))),)
        for field, name in (("action", "Action"), ("info", "Info"), ("exempt", "XMT")):
            if part := self.attributes.part(name):
                heads[field] = tuple(self.addressees(self.value(part)))
        return heads

    def value(self, part: Part) -> Part:
        """Return the value of an attribute without its name."""
        text = part.text.partition(":")[2].strip()
        return Part(text, part.start + part.text.rindex(text))

    def classification(self, part: Part) -> Classification | None:
        value = self.value(part)
        if " ".join(value.text.split()) not in _LEVELS:
            return None  # about 180 records hold a word of the text
        line = build_classification(value, self.reading, None)
        if line.level is None:
            return None
        captions = (caption.name for caption in self.cable.captions)
        return Classification.model_construct(
            level=line.level,
            as_written=line.as_written,
            banner=banner(line.level, (), captions),
            span=line.span,
        )

    def captions(self, part: Part) -> tuple[Caption, ...]:
        found, at = [], part.text.index(":")
        attribute = self.attributes.get(part.text.partition(":")[0])
        for name in attribute.items if attribute else ():
            at = part.text.index(name.split()[0], at)
            start = part.start + at
            found.append(Caption.model_construct(name=name, span=self.reading.span(start, start + len(name))))
            at += len(name)
        return tuple(found)

    def executive_order(self, part: Part) -> ExecutiveOrder | None:
        value = self.value(part)
        if part.text.startswith("E.O."):
            # The archive states the number alone; that no date stands behind it is nothing odd.
            return build_executive_order(value, Reading(self.reading.source), None) if value.text[0].isdigit() else None
        code = eo_codes.find(value.text)
        if code is None or code.schedule == "N/A":
            return None
        return ExecutiveOrder.model_construct(
            number=None, schedule=code.schedule, as_written=value.text, span=self.reading.span_of(value)
        )

    def tags(self, part: Part) -> tuple[Tag, ...]:
        return build_tags(part, self.reading, self.on)

    def subject(self, part: Part) -> Subject | None:
        return build_subject(part, self.reading)

    def references(self, part: Part) -> tuple[Reference, ...]:
        year = self.on.year if self.on else None
        return build_references((part,), self.reading, year=year, on=None, post=None)

    def signature(self, part: Part) -> Signature:
        value = self.value(part)
        return Signature.model_construct(name=value.text, span=self.reading.span_of(value))

    def addressees(self, value: Part) -> Iterator[Addressee]:
        """Read a list whose names are parted by semicolons."""
        at = value.start
        for name in value.text.split(";"):
            if name.strip():
                yield self.addressee(Part(name, at))
            at += len(name) + 1

    def addressee(self, part: Part) -> Addressee:
        """Read one name; WASHDC, SECSTATE ROUTINE has the city in front and the precedence behind."""
        start = part.start + len(part.text) - len(part.text.lstrip())
        words = part.text.split()
        count = next((count for count in (2, 1) if " ".join(words[-count:]).upper() in PRECEDENCE_WORDS), 0)
        precedence = PRECEDENCE_WORDS[" ".join(words[-count:]).upper()] if count else None
        name = " ".join(words[: len(words) - count])
        routing, slash, plain = name.partition("/")
        if not (slash and routing.isalpha() and routing.startswith("R") and len(routing) >= _SHORTEST_RI):
            routing, plain = "", name
        city, comma, kind = plain.partition(", ")
        return Addressee.model_construct(
            routing_indicator=routing or None,
            name=f"{kind} {city}" if comma else plain,
            precedence=precedence,
            serial=None,
            collective=collectives.holds(plain),
            span=self.reading.span(start, part.start + len(part.text.rstrip())),
        )
