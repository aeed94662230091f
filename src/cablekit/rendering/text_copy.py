"""What a copy from an archive has around its telegram, in canonical text (FORMAT.md sections 14 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cablekit.model import Attribute, Cable, Drafting, Header, Officer, RecordCopy, Relay, Release

_HEADING = " " * 29 + "Message Text"
_ATTRIBUTES = " " * 26 + "Message Attributes"
_HEAD_LABELS = ("MRN", "Date/DTG", "From", "Action", "E.O.", "TAGS", "Captions", "Reference", "Subject")
"""Labels that stand above the message in a message-archive copy; all others stand behind it."""
_DASHES = "-" * 21
_DECISIONS = {"full": "Released in Full", "part": "Released in Part"}


def telegram(cable: Cable) -> Cable:
    """Return a cable without what its attributes fill and its pages say: what its telegram itself states."""
    changed: dict[str, Any] = {}
    heads: dict[str, Any] = {}
    for name in cable.from_attributes:
        where, _, field = name.rpartition(".")
        model: type[Cable] | type[Header] = Header if where else Cable
        default = None if field == "mrn" else model.model_fields[field].get_default()
        (heads if where else changed)[field] = default
    if heads:
        changed["header"] = cable.header.model_copy(update=heads)
    if cable.layout in ("C", "E") and (cable.mrn is None or cable.mrn.source != "text"):
        changed |= {"mrn": None, "classification": None, "section": None}
    return cable.model_copy(update=changed) if changed else cable


def above(cable: Cable) -> Iterator[str]:
    """Give the lines above the distribution: the heading and what the page head says, or the archive's labels."""
    record = cable.record_copy
    if record is None:
        return
    if cable.layout == "E":
        for attribute in record.attributes:
            if attribute.name in _HEAD_LABELS:
                yield _attribute(attribute)
        yield ""
    elif cable.layout == "C":
        yield _HEADING
        yield ""
    elif cable.layout == "F":
        for release in cable.release:
            yield from _stamp(release)
    mrn = cable.mrn
    if mrn and mrn.source == "page_head":
        section = cable.section
        place = f"  {section.number:02d} OF {section.of:02d}" if section and section.of else ""
        if cable.classification:
            yield cable.classification.level.value
        yield f"PAGE 01  {mrn.as_written}{place}"
    if record.copy_number:
        yield record.copy_number


def between(record: RecordCopy) -> Iterator[str]:
    """Give the lines between distribution and line 5: drafting block and dashes line."""
    # In a message-archive copy the officers stand behind their labels at the end.
    if record.drafting and not any(attribute.name.endswith(" By") for attribute in record.attributes):
        yield from _drafting(record.drafting)
    if record.relay:
        yield _relay(record.relay)


def behind(cable: Cable) -> Iterator[str]:
    """Give the lines behind the signature: classification and end sign, stamps, attributes."""
    record = cable.record_copy
    if record is None:
        yield from (release.text for release in cable.release)
    elif cable.layout == "F":
        return
    elif cable.layout == "C":
        if record.has_text:
            if cable.classification:
                yield cable.classification.level.value
            yield from (note.text for note in record.notes)
            yield "NNN"
        yield ""
        yield from (release.text for release in cable.release)
        if record.attributes:
            yield from (_ATTRIBUTES, "", *map(_attribute, record.attributes))
    else:
        yield ""
        yield from (_attribute(attribute) for attribute in record.attributes if attribute.name not in _HEAD_LABELS)
        for release in cable.release:
            day = release.date
            yield from filter(
                None,
                (
                    _DECISIONS.get(release.decision or ""),
                    f"{release.reviewer}, Director" if release.reviewer else None,
                    release.authority,
                    f"{day.month}/{day.day}/{day.year}" if day else None,
                    release.case_number,
                    release.document_number,
                ),
            )
        if cable.classification:
            yield cable.classification.level.value
        yield "Page 1 of 1"


def _stamp(release: Release) -> Iterator[str]:
    """Give the stamp of a released page: what was decided, and case, document and day where it has them."""
    yield release.text
    numbers = [("Case No.", release.case_number), ("Doc No.", release.document_number)]
    stated = [f"{label} {number}" for label, number in numbers if number and number not in release.text]
    if stated:
        day = release.date
        when = f"Date: {day.month:02d}/{day.day:02d}/{day.year}" if day else ""
        yield " ".join(filter(None, ("UNCLASSIFIED U.S. Department of State", *stated, when)))


def _attribute(attribute: Attribute) -> str:
    return f"{attribute.name}: {attribute.as_written}".rstrip()


def _drafting(drafting: Drafting) -> Iterator[str]:
    for label, officers in (("DRAFTED BY ", drafting.drafted_by), ("APPROVED BY ", drafting.approved_by)):
        for number, officer in enumerate(officers):
            yield f"{'' if number else label}{_officer(officer)}"
    yield from map(_officer, drafting.cleared_by)
    if drafting.desired_distribution:
        yield "DESIRED DISTRIBUTION"
        yield ", ".join(drafting.desired_distribution)


def _officer(officer: Officer) -> str:
    remark = officer.remark or ""
    # Initials go on behind a colon, words stand in parentheses.
    behind_name = f":{remark}" if 0 < len(remark) <= len("ABC") else f" ({remark})" if remark else ""
    return ":".join(filter(None, (officer.office, officer.name))) + behind_name


def _relay(relay: Relay) -> str:
    filed = f"{relay.day or 0:02d}{relay.time_filed:%H%M}Z" if relay.time_filed else ""
    copies = f"/{relay.copies:02d}" if relay.copies is not None else ""
    return f"    {_DASHES}" + " ".join(filter(None, (f" {relay.count or ''}".rstrip(), filed, copies)))
