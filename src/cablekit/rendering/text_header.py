"""What stands above line 12 in canonical text: the publisher's head, distribution, format lines 1 to 9."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from cablekit.model import (
    Addressee,
    Cable,
    DateTimeGroup,
    Distribution,
    Header,
    Precedence,
    Publication,
    Routing,
    Security,
    Station,
)
from cablekit.rendering.text_copy import between

PARTIAL_EXTRACT = (
    "This record is a partial extract of the original cable.",
    "The full text of the original cable is not available.",
)
"""What stands instead of a header in layout P (FORMAT.md section 18.4)."""

_LETTERS = {
    Precedence.FLASH: "Z",
    Precedence.EMERGENCY: "Y",
    Precedence.NIACT_IMMEDIATE: "O",
    Precedence.IMMEDIATE: "O",
    Precedence.PRIORITY: "P",
    Precedence.ROUTINE: "R",
}
_LONGEST_LINE = 69
"""Signs in a line of a telegram (ACP 127(G) section 138f; FORMAT.md section 2.11)."""
_OFFICES_IN_A_LINE = 7
_YEARS_OF_TWO_FIGURES = range(1966, 2066)


def head(cable: Cable) -> Iterator[str]:
    """Give the lines above line 12; none where the cable has no header."""
    if cable.publication and cable.publication.stated_in == "text":
        yield from _publication(cable.publication)
    if cable.layout == "P":
        yield from (*PARTIAL_EXTRACT, "")
    header = cable.header
    if header.distribution:
        yield from _distribution(header.distribution)
    if cable.record_copy:
        yield from between(cable.record_copy)
    yield from _format_lines(header)


def _publication(publication: Publication) -> Iterator[str]:
    """Give the five lines of a publisher's head, which needs identifier and date to be told from the text."""
    if publication.reference_id and publication.date:
        yield publication.reference_id
        yield publication.title or ""
        yield publication.date
        yield publication.classification or ""
        yield publication.origin or ""


def _distribution(distribution: Distribution) -> Iterator[str]:
    """Give the lines of offices, seven to a line; the total closes the last one (FORMAT.md section 14.3)."""
    lines: list[str] = []
    for role, offices in groupby(distribution.offices, key=lambda office: office.role):
        pairs = [f"{office.office}-{office.copies:02d}" for office in offices]
        for first in range(0, len(pairs), _OFFICES_IN_A_LINE):
            label = role if first == 0 else " " * len(role)
            lines.append(f"{label} " + " ".join(pairs[first : first + _OFFICES_IN_A_LINE]))
    if distribution.total is not None:
        lines[-1] += f"  /{distribution.total:03d}W"
    yield from lines


def _format_lines(header: Header) -> Iterator[str]:
    if header.transmission_id:
        yield header.transmission_id.text
    if header.routing:
        yield from _routing(header.routing)
    if header.station:
        yield _station(header.station)
    if header.security:
        yield _security(header.security)
    if header.dtg:
        yield _date_time_group(header.dtg)
    if header.originator:
        yield f"FM {_addressee(header.originator)}"
    yield from _addressees("TO", header.action)
    yield from _addressees("INFO", header.info)
    # With the word on every line: a collective without it would go on with the list above.
    yield from (f"XMT {_addressee(addressee)}" for addressee in header.exempt)


def _routing(routing: Routing) -> Iterator[str]:
    letter = _LETTERS[routing.precedence] if routing.precedence else "R"
    yield from wrap(f"{letter * 2} {' '.join(routing.indicators)}", _LONGEST_LINE)


def _station(station: Station) -> str:
    line = f"DE {station.routing_indicator} #{station.serial:04d}"
    if station.section is not None:
        line += f"/{station.section:02d}"
    if station.day_of_year is None and station.time_filed is None:
        return line
    at = f"{station.time_filed:%H%M}" if station.time_filed else "9999"
    return f"{line} {station.day_of_year or 0:03d}{at}"


def _security(security: Security) -> str:
    return " ".join(filter(None, (security.signal, security.group, *security.signals)))


def _date_time_group(dtg: DateTimeGroup) -> str:
    """Write line 5. Where no date could be read it stands as it was written."""
    if dtg.utc is None:
        return dtg.as_written
    year = f"{dtg.utc:%y}" if dtg.utc.year in _YEARS_OF_TWO_FIGURES else f"{dtg.utc.year:04d}"
    moment = f"{dtg.utc:%d%H%MZ %b} {year}".upper()
    return " ".join((*(_LETTERS[precedence] for precedence in dtg.precedences), moment, *dtg.signals))


def _addressees(label: str, addressees: Sequence[Addressee]) -> Iterator[str]:
    for addressee in addressees:
        yield f"{label} {_addressee(addressee)}".lstrip()
        label = ""


def _addressee(addressee: Addressee) -> str:
    name = f"{addressee.routing_indicator}/{addressee.name}" if addressee.routing_indicator else addressee.name
    return " ".join(filter(None, (name, addressee.precedence, addressee.serial)))
