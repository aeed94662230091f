"""What every view shows of a cable above its text, in the same order and words, and what makes text safe to show."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from cablekit.model import Addressee, Cable, ClassifiedBy, ExecutiveOrder, Level, Paragraph, Reference, Span

# The colours of the cover sheets. What is not classified has the colour of UNCLASSIFIED.
_GREEN, _BLUE, _RED, _ORANGE, _YELLOW, _GREY = "#007a33", "#0033a0", "#c8102e", "#d95f00", "#8a6d00", "#5f6368"
COLOURS = {
    Level.UNCLASSIFIED: _GREEN,
    Level.SBU: _GREEN,
    Level.LIMITED_OFFICIAL_USE: _GREEN,
    Level.RESTRICTED: _YELLOW,
    Level.CONFIDENTIAL: _BLUE,
    Level.SECRET: _RED,
    Level.TOP_SECRET: _ORANGE,
}
"""Background of a banner or portion mark, dark enough for white letters."""

NO_LEVEL = _GREY
"""Background where a cable states no level."""

_SHOWN = 8
"""So many addressees are written out before the rest is counted."""

# What steers a terminal or turns the reading direction is shown as a picture of itself or as the replacement character.
_UNSAFE = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: "\u2421",
    **dict.fromkeys((*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029), "\ufffd"),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), "\ufffd"),
}


def printable(text: str) -> str:
    """Replace each character that could steer a terminal by one that shows; the length stays the same."""
    return text.translate(_UNSAFE)


def one_line_end(source: str) -> str:
    """End every line with a line feed, a carriage return before it becoming a blank; the length stays the same."""
    return source.replace("\r\n", " \n").replace("\r", "\n")


class Item(NamedTuple):
    """One line of a fact: what it says, and what may be read beside it."""

    main: str
    detail: str = ""
    key: str = ""
    """The code or letter it is known by, which stands before it."""


class Fact(NamedTuple):
    """Something that stands above the text, under its label."""

    label: str
    items: tuple[Item, ...]


def banner(cable: Cable) -> tuple[str, str]:
    """Return the words of the banner and its colour."""
    classification = cable.classification
    if classification is None:
        return "NO CLASSIFICATION LINE", NO_LEVEL
    return classification.banner, COLOURS[classification.level]


def facts(cable: Cable) -> Iterator[Fact]:
    """Give what stands above the text, from the date-time group to the references; what is absent is left out."""
    for label, items in (
        ("Date", _date(cable)),
        ("Precedence", _precedence(cable)),
        ("From", _addressees((cable.header.originator,) if cable.header.originator else ())),
        ("Action", _addressees(cable.header.action)),
        ("Info", _addressees(cable.header.info)),
        ("Exempt", _addressees(cable.header.exempt)),
        ("Distribution", _distribution(cable)),
        ("Section", _section(cable)),
        ("Captions", _captions(cable)),
        ("Passing", [Item(line.text) for line in cable.passing]),
        ("E.O.", [_executive_order(cable.executive_order)] if cable.executive_order else []),
        ("Classified by", [_classified_by(cable.classified_by)] if cable.classified_by else []),
        ("TAGS", _tags(cable)),
        ("Subject", _subject(cable)),
        ("References", [_reference(reference) for reference in cable.references]),
    ):
        if items:
            yield Fact(label, tuple(Item(*map(printable, item)) for item in items))


def closing(cable: Cable) -> Iterator[Fact]:
    """Give what stands below the text: signature, release stamps, what the publisher wrote."""
    if cable.signature:
        yield Fact("Signed", (Item(printable(cable.signature.name)),))
    if cable.release:
        yield Fact("Released", tuple(Item(printable(release.text)) for release in cable.release))
    if cable.publication:
        stated = cable.publication.model_dump(exclude={"span", "stated_in"}, exclude_none=True)
        yield Fact("Published as", (Item(printable("; ".join(stated.values()) or "no particulars")),))


def number(paragraph: Paragraph) -> str:
    """Return the number as it was read, with its letter and a stop: ``2a.``"""
    return f"{paragraph.number}{paragraph.suffix or ''}."


def finder(source: str | None) -> Callable[[Span], str]:
    """Return a function that says where a span begins: ``12:4``, line and column; without the source ``@345``."""
    if source is None:
        return lambda span: f"@{span.start}"
    text = one_line_end(source)
    starts = [0]
    while found := text.find("\n", starts[-1]) + 1:
        starts.append(found)

    def place(span: Span) -> str:
        line = bisect_right(starts, span.start)
        return f"{line}:{span.start - starts[line - 1] + 1}"

    return place


def _date(cable: Cable) -> list[Item]:
    dtg = cable.header.dtg
    if dtg is None:
        return []
    return [Item(f"{dtg.utc:%d %B %Y, %H:%MZ}" if dtg.utc else "unreadable", dtg.as_written)]


def _precedence(cable: Cable) -> list[Item]:
    highest, dtg = cable.header.precedence, cable.header.dtg
    if highest is None:
        return []
    others = [precedence for precedence in dtg.precedences if precedence != highest] if dtg else []
    signals = dtg.signals if dtg else ()
    return [Item(highest, ", ".join((*(f"{other} for information" for other in others), *signals)))]


def _addressees(addressees: tuple[Addressee, ...]) -> list[Item]:
    if len(addressees) <= _SHOWN:
        return [_addressee(addressee) for addressee in addressees]
    names = ", ".join(addressee.name for addressee in addressees[:_SHOWN])
    return [Item(f"{len(addressees)} addressees: {names}", f"and {len(addressees) - _SHOWN} more")]


def _addressee(addressee: Addressee) -> Item:
    parts = (
        addressee.routing_indicator,
        addressee.precedence,
        addressee.serial,
        "collective" if addressee.collective else None,
    )
    return Item(addressee.name, ", ".join(part for part in parts if part))


def _distribution(cable: Cable) -> list[Item]:
    distribution = cable.header.distribution
    if distribution is None:
        return []
    items = []
    for role, offices in groupby(distribution.offices, key=lambda copies: copies.role):
        items.append(Item(f"{role} " + ", ".join(f"{copies.office}-{copies.copies:02d}" for copies in offices)))
    if distribution.total is not None:
        items.append(Item(f"{distribution.total} copies in all"))
    return items


def _section(cable: Cable) -> list[Item]:
    section = cable.section
    if section is None:
        return []
    return [Item(f"{section.number} of {section.of}" if section.of else str(section.number))]


def _captions(cable: Cable) -> list[Item]:
    names = (caption.name if caption.count == 1 else f"{caption.name} ×{caption.count}" for caption in cable.captions)
    return [Item(", ".join(names))] if cable.captions else []


def _executive_order(order: ExecutiveOrder) -> Item:
    parts = (
        f"declassify on {order.declassify_on}" if order.declassify_on else None,
        f"downgrade on {order.downgrade_on}" if order.downgrade_on else None,
        order.schedule,
        order.event,
    )
    return Item(str(order.number or order.as_written), ", ".join(part for part in parts if part))


def _classified_by(classifier: ClassifiedBy) -> Item:
    who = ", ".join(part for part in (classifier.name, classifier.position) if part) or classifier.as_written
    reasons = ", ".join(classifier.reasons)
    return Item(f"derived from {who}" if classifier.derived_from else who, f"reasons {reasons}" if reasons else "")


def _tags(cable: Cable) -> list[Item]:
    items = []
    for tag in cable.tags:
        persons = f" ({'; '.join(tag.persons)})" if tag.persons else ""
        items.append(Item(f"{tag.name or 'in no list'}{persons}", tag.kind, tag.code))
    return items


def _subject(cable: Cable) -> list[Item]:
    subject = cable.subject
    return [Item(subject.text, str(subject.mark) if subject.mark else "")] if subject else []


def _reference(reference: Reference) -> Item:
    text = str(reference.mrn) if reference.mrn else reference.text
    details: list[str] = [] if reference.kind in ("cable", "text") else [reference.kind]
    if reference.mrn and reference.mrn.year_inferred:
        details.append("year inferred")
    if reference.candidates:
        details.append("or " + ", ".join(map(str, reference.candidates)))
    details.extend(reference.remarks)
    return Item(text, ", ".join(details), reference.letter or "")
