"""What must hold between the parts of a cable (FORMAT.md section 20); what does not is a diagnostic."""

from __future__ import annotations

from cablekit.build.reading import Reading
from cablekit.model import Cable, Paragraph, PortionMark, Span, Text


def check(cable: Cable, reading: Reading) -> None:
    """Compare the parts of a cable with each other and note every disagreement."""
    _absent(cable, reading)
    _serials(cable, reading)
    _times(cable, reading)
    _levels(cable, reading)
    _sections(cable, reading)
    _numbers(cable, reading)


def _absent(cable: Cable, reading: Reading) -> None:
    top = Span(0, 0)
    if cable.classification is None:
        reading.note("CK201", top, "there is no classification line, so no message reference number")
    if not cable.tags:
        reading.note("CK202", top, "there is no TAGS line")
    if cable.subject is None:
        reading.note("CK203", top, "there is no subject line")
    if cable.signature is None:
        end = cable.source.characters
        reading.note("CK204", Span(end, end), "the text ends without a signature")
    if cable.layout == "P":
        reading.note("CK205", top, "the publisher had only a part of this cable")
    if cable.mrn and cable.mrn.year is None:
        reading.note("CK206", cable.mrn.span, f"nothing tells the year of {cable.mrn.as_written}")


def _serials(cable: Cable, reading: Reading) -> None:
    station, mrn = cable.header.station, cable.mrn
    if station and mrn and station.serial % 10_000 != mrn.serial % 10_000:
        reading.note("CK301", station.span, f"line 3 has serial {station.serial}, line 12 has {mrn.serial}")
    publication = cable.publication
    if mrn and mrn.year and publication and publication.reference_id:
        stated = publication.reference_id[:2]
        if stated.isdigit() and int(stated) != mrn.year % 100:
            reading.note(
                "CK302", mrn.span, f"the publisher's {publication.reference_id} is not of {mrn.year}", likely=str(mrn)
            )


def _times(cable: Cable, reading: Reading) -> None:
    header = cable.header
    dtg, station = header.dtg, header.station
    if dtg and dtg.utc and station and station.time_filed and station.day_of_year:
        filed = (station.day_of_year, station.time_filed)
        written = (dtg.utc.timetuple().tm_yday, dtg.utc.time())
        if filed < written and not (filed[0] == 1 and written[0] >= 365):
            reading.note("CK303", station.span, "the filing time of line 3 is before the time of origin of line 5")
    if dtg and dtg.precedences and header.routing and header.routing.precedence:
        highest = min(dtg.precedences, key=lambda precedence: precedence.rank)
        if highest.rank != header.routing.precedence.rank:
            reading.note(
                "CK304",
                header.routing.span,
                f"line 2 states {header.routing.precedence}, line 5 {highest}",
                likely=highest.value,
            )


def _levels(cable: Cable, reading: Reading) -> None:
    classification, security = cable.classification, cable.header.security
    if classification is None:
        return
    level = classification.level
    if security and security.level and security.level != level and security.level.rank != level.rank:
        reading.note("CK305", security.span, f"line 4 warns of {security.level}, line 12 says {level}")
    for mark in _marks(cable):
        # SBU is no classification: it stands in unclassified cables, captioned SENSITIVE or not.
        if mark.level.rank > max(level.rank, 1):
            reading.note("CK307", mark.span, f"a portion is marked {mark}, the cable is {level}")


def _marks(cable: Cable) -> list[PortionMark]:
    marks = [block.mark for block in cable.body if isinstance(block, (Paragraph, Text)) and block.mark]
    if cable.subject and cable.subject.mark:
        marks.append(cable.subject.mark)
    return marks


def _sections(cable: Cable, reading: Reading) -> None:
    stated = cable.section.of if cable.section else None
    for page in cable.page_breaks:
        if stated and page.of and page.of != stated:
            reading.note("CK306", page.span, f"the page break counts {page.of} sections, line 12 {stated}")
            return


def _numbers(cable: Cable, reading: Reading) -> None:
    paragraphs = cable.paragraphs
    for expected, paragraph in enumerate(paragraphs, 1):
        if paragraph.number != expected and not paragraph.suffix:
            reading.note(
                "CK401",
                paragraph.span,
                f"paragraph {paragraph.number} stands where {expected} is due",
                likely=str(expected),
            )
            return
