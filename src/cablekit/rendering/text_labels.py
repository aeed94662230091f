"""The text block in canonical text, from line 12 to the Classified By paragraph (FORMAT.md sections 4 to 10)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cablekit.model import (
    Cable,
    Caption,
    Classification,
    ClassifiedBy,
    ExecutiveOrder,
    Level,
    Mrn,
    Passing,
    PortionMark,
    Reference,
    Section,
    Tag,
)
from cablekit.rendering.lines import Piece, Run, run
from cablekit.vocabulary import posts

_SPACED = {
    Level.UNCLASSIFIED: "UNCLAS",
    Level.CONFIDENTIAL: "C O N F I D E N T I A L",
    Level.SECRET: "S E C R E T",
    Level.TOP_SECRET: "T O P  S E C R E T",
}
"""Levels as they are transmitted; the others are written as they are."""
_OLD_SCHEDULES = ("N/A", "GDS", "XGDS", "AGDS", "ADS", "RDS")
"""What stands without ``DECL:``, by their beginnings."""


def text_block(cable: Cable) -> Iterator[Piece]:
    """Give line 12 and what follows it up to the text; a group of lines that belong together ends with a blank one."""
    if cable.classification:
        yield _line_12(cable.classification, cable.section, cable.mrn)
        yield ""
    if cable.captions:
        yield from _captions(cable.captions)
        yield ""
    if cable.passing:
        yield from _passing(cable.passing)
        yield ""
    labels = tuple(_labels(cable))
    if labels:
        yield from labels
        yield ""
    if cable.references:
        yield from _references(cable)
        yield ""
    if cable.classified_by:
        yield Run(_classified_by(cable.classified_by))
        yield ""


def portion_mark(mark: PortionMark) -> str:
    """Return a mark in its parentheses: ``(S//NF)``, ``(C - ENTIRE TEXT)``."""
    return f"({mark} - ENTIRE TEXT)" if mark.entire_text else f"({mark})"


def station_name(mrn: Mrn) -> str:
    """Return the post of an MRN as line 12 writes it: as it was written, unless that had to be mended."""
    written = mrn.as_written.rstrip("0123456789 ").upper()
    post = posts.find(mrn.post)
    city = post.plad.partition(" ")[2] if post and post.plad else ""
    return next((name for name in (written, city) if name and _key(name) == mrn.post), mrn.post)


def _key(name: str) -> str:
    post = posts.find(name)
    return post.post if post else "".join(filter(str.isalnum, name))


# ---- line 12 and captions -----------------------------------------------------------------------------------------


def _line_12(classification: Classification, section: Section | None, mrn: Mrn | None) -> str:
    """Write line 12; without a message reference number it stands as it was written."""
    if mrn is None:
        return classification.as_written
    level = _SPACED.get(classification.level, classification.level.value)
    line = " ".join((level, *classification.caveats))
    if section:
        line += f" SECTION {section.number:02d}" + (f" OF {section.of:02d}" if section.of else "")
    return f"{line} {station_name(mrn)} {mrn.serial:06d}"


def _captions(captions: tuple[Caption, ...]) -> Iterator[str]:
    for caption in captions:
        yield from [caption.name] * caption.count


def _passing(lines: tuple[Passing, ...]) -> Iterator[str]:
    """Write each instruction on a line; only a blank line tells where one begins that names no agency at its head."""
    addressed = [line.agency is not None and line.kind != "attention" for line in lines]
    for number, line in enumerate(lines):
        if number and not (addressed[number] and addressed[number - 1]):
            yield ""
        yield line.text


# ---- E.O., TAGS, SUBJECT ------------------------------------------------------------------------------------------


def _labels(cable: Cable) -> Iterator[Piece]:
    if cable.executive_order:
        yield Run(_executive_order(cable.executive_order))
    if cable.tags:
        yield Run("TAGS: " + ", ".join(map(_tag, cable.tags)))
    if cable.subject:
        mark = f" {portion_mark(cable.subject.mark)}" if cable.subject.mark else ""
        yield run(f"SUBJECT:{mark}", cable.subject.text)


def _executive_order(order: ExecutiveOrder) -> str:
    """Write the E.O. line; where nothing of its value could be read it stands as it was written."""
    values = []
    if order.downgrade_on:
        values.append(f"DNG: CO {order.downgrade_on:%m/%d/%Y}")
    if order.declassify_on:
        values.append(f"DECL: {order.declassify_on:%m/%d/%Y}")
    if order.schedule:
        values.append(order.schedule if order.schedule.startswith(_OLD_SCHEDULES) else f"DECL: {order.schedule}")
    if order.event:
        values.append(order.event if order.schedule else f"DECL: {order.event}")
    if order.number is None or not values:
        return " ".join(order.as_written.split())
    return f"E.O. {order.number}: " + ", ".join(values)


def _tag(tag: Tag) -> str:
    persons = f"({'; '.join(tag.persons)})" if tag.persons else ""
    alone = tag.kind == "person" and tag.code == "; ".join(tag.persons)
    return persons if alone else f"{tag.code} {persons}".rstrip()


# ---- REF ----------------------------------------------------------------------------------------------------------


def _references(cable: Cable) -> Iterator[str]:
    """Write each reference on a line of its own; a semicolon ends one without a letter behind it.

    A letter out of turn has a parenthesis: with a stop it would be an initial, in two of them a portion mark.
    """
    label = "REF: "
    before = 0
    references = cable.references
    for reference, following in zip(references, (*references[1:], None), strict=True):
        letter = ""
        if reference.letter:
            letter = f"{reference.letter}. " if _ordinal(reference.letter) == before + 1 else f"{reference.letter}) "
            before = _ordinal(reference.letter)
        remarks = "".join(f" {_remark(remark)}" for remark in reference.remarks)
        end = ";" if following and not following.letter else ""
        yield f"{label}{letter}{_reference_text(reference, cable)}{remarks}{end}"
        label = " " * len(label)


def _ordinal(letter: str) -> int:
    return int(letter) if letter.isdigit() else ord(letter.upper()) - ord("A") + 1


def _reference_text(reference: Reference, cable: Cable) -> str:
    """Return the item as it was written, unless it was mended or leaves its post to the item before."""
    mrn = reference.mrn
    if mrn is None or not (reference.text.isdigit() or _was_mended(reference, cable)):
        return reference.text
    year = f"{mrn.year % 100:02d} " if mrn.year and not mrn.year_inferred else ""
    return f"{year}{station_name(mrn)} {mrn.serial}"


def _was_mended(reference: Reference, cable: Cable) -> bool:
    start, end = reference.span
    return any(start <= repair.span.start and repair.span.end <= end for repair in cable.repairs)


def _remark(remark: str) -> str:
    return remark if "(" in remark or ")" in remark else f"({remark})"


# ---- Classified By ------------------------------------------------------------------------------------------------


def _classified_by(classifier: ClassifiedBy) -> str:
    """Write the paragraph; unless it was told who by name and position it stands as it was written, which says more."""
    name, position = classifier.name, classifier.position
    if (name is None or position is None) and classifier.as_written:
        return classifier.as_written
    # Only in front of the name a position may hold a comma: Charge d'Affaires, a.i.
    who = (position, name) if position and "," in position else (name, position)
    line = f"{'Derived from' if classifier.derived_from else 'Classified By'}: {', '.join(filter(None, who))}"
    return f"{line} for reasons {_reasons(classifier.reasons)}." if classifier.reasons else f"{line}."


def _reasons(reasons: tuple[str, ...]) -> str:
    """Return ``1.4 (b) and (d)`` for ``1.4(b)``, ``1.4(d)``."""
    groups = []
    for number, group in groupby(reasons, key=lambda reason: reason.partition("(")[0]):
        letters = [reason.removeprefix(number) for reason in group if reason != number]
        listed = " and ".join(filter(None, (", ".join(letters[:-1]), *letters[-1:])))
        groups.append(f"{number} {listed}".rstrip())
    return ", ".join(groups)
