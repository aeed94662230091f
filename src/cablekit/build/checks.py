"""What must hold between the parts of a cable (FORMAT.md section 20); what does not is a diagnostic."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache

from cablekit.build.misread import check_names
from cablekit.build.reading import Reading
from cablekit.model import Cable, Level, PortionMark, Precedence, Publication, Span
from cablekit.vocabulary import orders, posts, stamps

_UNCLASSIFIED = (Level.UNCLASSIFIED, Level.SBU, Level.LIMITED_OFFICIAL_USE)
"""What line 4 has no letter of its own for."""
_CUT_OFF = ("...", "…")
_LONG = 200
"""Characters. Shorter texts may well stand twice."""
_SHOWN = 40
_REDACTIONS = ("XXXXXX", "xxxxxx")


def check(cable: Cable, reading: Reading) -> None:
    """Compare the parts of a cable with each other and note every disagreement."""
    _absent(cable, reading)
    _serials(cable, reading)
    _times(cable, reading)
    _precedences(cable, reading)
    _security(cable, reading)
    _portions(cable, reading)
    _order(cable, reading)
    _lists(cable, reading)
    _publisher(cable, reading)
    _stamps(cable, reading)
    _sections(cable, reading)
    _numbers(cable, reading)
    _twice(cable, reading)
    _redacted(reading)
    if cable.layout == "F":
        check_names(cable.header, reading)
    _end(cable, reading)


def _absent(cable: Cable, reading: Reading) -> None:
    top = Span(0, 0)
    if cable.classification is None:
        lost = (
            "no level can be read" if cable.mrn else "there is no classification line, so no message reference number"
        )
        reading.note("CK201", top, lost)
    if not cable.tags:
        reading.note("CK202", top, "there is no TAGS line")
    elif not any(tag.kind in ("subject", "unknown") for tag in cable.tags):
        span = Span(cable.tags[0].span.start, cable.tags[-1].span.end)
        reading.note("CK207", span, "none of the TAGS is a subject")
    if cable.subject is None:
        reading.note("CK203", top, "there is no subject line")
    if cable.signature is None:
        end = cable.source.characters
        reading.note("CK204", Span(end, end), "the text ends without a signature")
    if cable.layout == "P":
        reading.note("CK205", top, "the publisher had only a part of this cable")
    if cable.layout == "T":
        reading.note("CK208", top, "there is no routing header, no classification line and no label of a cable")
    if cable.mrn and cable.mrn.year is None:
        reading.note("CK206", cable.mrn.span, f"nothing tells the year of {cable.mrn.as_written}")


# ---- the header -----------------------------------------------------------------------------------------------------


def _serials(cable: Cable, reading: Reading) -> None:
    """Line 3 has the last four figures of the serial of line 12; a page break has it whole and decides."""
    station, mrn = cable.header.station, cable.mrn
    if not station or not mrn or station.serial % 10_000 == mrn.serial % 10_000:
        return
    message = f"line 3 has serial {station.serial}, line 12 has {mrn.serial}"
    again = {page.serial for page in cable.page_breaks if page.serial}
    meant = next((serial for serial in again if serial % 10_000 == station.serial % 10_000), None)
    if meant:
        reading.note("CK301", mrn.span, message, likely=str(meant))
    else:
        likely = f"{mrn.serial % 10_000:04d}" if mrn.serial in again else None
        reading.note("CK301", station.span, message, likely)


def _times(cable: Cable, reading: Reading) -> None:
    dtg, station = cable.header.dtg, cable.header.station
    if dtg and dtg.utc and station and station.time_filed and station.day_of_year:
        filed = (station.day_of_year, station.time_filed)
        written = (dtg.utc.timetuple().tm_yday, dtg.utc.time())
        if filed < written and not (filed[0] == 1 and written[0] >= 365):
            reading.note("CK303", station.span, "the filing time of line 3 is before the time of origin of line 5")


def _precedences(cable: Cable, reading: Reading) -> None:
    header = cable.header
    routing, dtg = header.routing, header.dtg
    if dtg and dtg.precedences and routing and routing.precedence:
        highest = min(dtg.precedences, key=lambda precedence: precedence.rank)
        if highest.rank != routing.precedence.rank:
            message = f"line 2 states {routing.precedence}, line 5 {highest}"
            reading.note("CK304", routing.span, message, likely=highest.value)
    routine = [one for one in (*header.action, *header.info) if one.precedence is Precedence.ROUTINE]
    if routine and cable.layout != "E":
        more = f" and {len(routine) - 1} more" if len(routine) > 1 else ""
        reading.note("CK601", routine[0].span, f"ROUTINE is written behind {routine[0].name}{more}")


def _security(cable: Cable, reading: Reading) -> None:
    """Line 4 has a signal and a letter for the level of line 12; where the two do not fit, line 4 is the wrong one."""
    security = cable.header.security
    if not security or not security.level or not cable.classification:
        return
    level = cable.classification.level
    due = Level.UNCLASSIFIED if level in _UNCLASSIFIED else level
    fits = (security.signal == "ZNR") == (security.level is Level.UNCLASSIFIED) or security.group == "EEEEE"
    if security.level is not due:
        message = f"line 4 warns of {security.level}, line 12 says {level}"
    elif not fits:
        message = f"line 4 begins with {security.signal}, line 12 says {level}"
    else:
        return
    signal = "ZNR" if due is Level.UNCLASSIFIED else "ZNY"
    meant = " ".join((signal, due.abbreviation[0] * 5, *security.signals))
    reading.note("CK305", security.span, message, likely=None if fits else meant)


# ---- the text block -------------------------------------------------------------------------------------------------


def _portions(cable: Cable, reading: Reading) -> None:
    if cable.classification is None:
        return
    level = cable.classification.level
    marks = _marks(cable)
    for mark in marks:
        # SBU is no classification: it stands in unclassified cables, captioned SENSITIVE or not.
        if mark.level.rank > max(level.rank, Level.SBU.rank):
            reading.note("CK307", mark.span, f"a portion is marked {mark}, the cable is {level}")
    sensitive = [mark for mark in marks if mark.level is Level.SBU]
    if sensitive and cable.classification.banner == Level.UNCLASSIFIED:
        reading.note("CK308", sensitive[0].span, f"there are SBU marks ({len(sensitive)}), but no caption SENSITIVE")


def _marks(cable: Cable) -> list[PortionMark]:
    # (Kinds are compared because `isinstance` takes ten times as long with models.)
    marks = [block.mark for block in cable.body if (block.kind == "paragraph" or block.kind == "text") and block.mark]
    if cable.subject and cable.subject.mark:
        marks.insert(0, cable.subject.mark)
    return marks


def _order(cable: Cable, reading: Reading) -> None:
    line, dtg = cable.executive_order, cable.header.dtg
    if not line or not dtg or not dtg.utc:
        return
    on = dtg.utc.date()
    order = orders.find(line.number) if line.number else None
    if order and not order.valid_from <= on <= (order.valid_to or on):
        reading.note("CK309", line.span, f"E.O. {order.number} was not in force on {on}")
    for what, day in (("declassification", line.declassify_on), ("downgrading", line.downgrade_on)):
        if day and day < on:
            reading.note("CK310", line.span, f"{what} is due on {day}, the cable is of {on}")


def _lists(cable: Cable, reading: Reading) -> None:
    channels = [caption for caption in cable.captions if caption.name.endswith(" CHANNEL")]
    if len(channels) > 1:
        reading.note("CK602", channels[1].span, " and ".join(caption.name for caption in channels))
    distribution = cable.header.distribution
    if distribution and distribution.total is not None:
        copies = sum(office.copies for office in distribution.offices)
        if copies != distribution.total:
            message = f"the pairs add up to {copies}, the total is {distribution.total}"
            reading.note("CK311", distribution.span, message, likely=str(copies))


# ---- the publisher --------------------------------------------------------------------------------------------------


def _publisher(cable: Cable, reading: Reading) -> None:
    """Compare what the publisher wrote with the cable's own words, which are never overridden."""
    publication, mrn, classification = cable.publication, cable.mrn, cable.classification
    stated = [
        reading.source.source[node.span.start : node.span.end] for node in cable.nodes if node.rule == "publisher_date"
    ]
    if publication:
        year = (publication.reference_id or "")[:2]
        if mrn and mrn.year and year.isdecimal() and int(year) != mrn.year % 100:
            message = f"the publisher's {publication.reference_id} is not of {mrn.year}"
            reading.note("CK302", mrn.span, message, likely=str(mrn))
        if mrn and publication.reference_id and publication.reference_id[2:] != f"{mrn.post}{mrn.serial}":
            message = f"the publisher says {publication.reference_id}, line 12 says {mrn}"
            reading.note("CK314", mrn.span, message, likely=str(mrn))
        level = " ".join((publication.classification or "").upper().split())
        if classification and level not in ("", classification.banner):
            message = f"the publisher says {level}, the cable {classification.banner}"
            reading.note("CK312", publication.span, message, likely=classification.banner)
        stated += [publication.date] if publication.date else []
        _origin(publication, cable, reading)
    dtg = cable.header.dtg
    on = dtg.utc.date() if dtg and dtg.utc else None
    other = next((day for day in map(_day, stated) if day and on and day != on), None)
    if dtg and other:
        reading.note("CK313", dtg.span, f"the publisher's date is {other}, the date-time group says {on}")


def _origin(publication: Publication, cable: Cable, reading: Reading) -> None:
    """Compare the publisher's origin with the originator, and with the post that numbered the cable."""
    post = posts.find(publication.origin or "")
    originator = cable.header.originator
    own = [name for name in (originator and originator.name, cable.mrn and cable.mrn.post) if name]
    known = [found.post for name in own if (found := posts.find(name))]
    if post and known and post.post not in known:
        span = originator.span if originator else publication.span
        message = f"the publisher says {publication.origin}, the cable {' and '.join(own)}"
        reading.note("CK315", span, message, likely=own[0])


@lru_cache(maxsize=4096)
def _day(written: str) -> date | None:
    """Read a publisher's date, which is in full; none where there is no such day. A dump has few days, and often."""
    with suppress(ValueError):  # as containers give it: a fiftieth of the time
        return datetime.fromisoformat(written).date()
    from dateutil import parser as dates

    try:
        return dates.parse(written.replace("Cable dated:", "")).date()
    except (ValueError, OverflowError):
        return None


# ---- the text -------------------------------------------------------------------------------------------------------


def _stamps(cable: Cable, reading: Reading) -> None:
    """Each year of record copies bears the day of its own release (FORMAT.md section 14.1)."""
    year = cable.mrn.year if cable.mrn else None
    if cable.layout != "C" or year is None or not (due := stamps.days(year)):
        return
    for release in cable.release:
        if release.date and release.date not in due:
            message = f"telegrams of {year} were released on {due[0]}, this is stamped {release.date}"
            reading.note("CK319", release.span, message)
            return


def _sections(cable: Cable, reading: Reading) -> None:
    """Compare page breaks with line 12 and with each other (FORMAT.md section 12)."""
    pages = [page for page in cable.page_breaks if page.section and page.of]
    if not pages or not cable.classification:
        return
    stated = cable.section.of if cable.section else 1
    for page in pages:
        if page.of != stated:
            message = f"the page break counts {page.of} sections, line 12 {stated or 'none'}"
            reading.note("CK306", page.span, message, likely=str(page.of))
            break
    if any(diagnostic.code == "CK404" for diagnostic in reading.diagnostics):
        return  # a note in the text says so
    seen = {page.section for page in pages}
    last = max(page.section or 0 for page in pages)
    if cable.signature is None:
        # 002 OF 003 begins every section but the first; 001.2 OF 003 stands where a section fills more than a page.
        last = max(last, (stated or 1) - any(page.page for page in pages))
    missing = [section for section in range(2, last + 1) if section not in seen]
    if missing:
        before = next((page for page in reversed(pages) if (page.section or 0) < missing[0]), pages[0])
        message = f"no page break begins section {missing[0]} of {before.of}"
        reading.note("CK404", before.span, message if len(missing) == 1 else f"{message}, nor {len(missing) - 1} more")


def _numbers(cable: Cable, reading: Reading) -> None:
    paragraphs = cable.paragraphs
    later_section = cable.section and cable.section.number > 1
    due = paragraphs[0].number if paragraphs and later_section else 1
    for paragraph in paragraphs:
        again = paragraph.suffix and paragraph.number == due - 1  # 2a. 2b.
        if paragraph.number != due and not again:
            message = f"paragraph {paragraph.number} stands where {due} is due"
            reading.note("CK401", paragraph.span, message, likely=str(due))
            return
        due = paragraph.number + 1


def _twice(cable: Cable, reading: Reading) -> None:
    """Report the first long text that stands twice (FORMAT.md section 19.18)."""
    seen: set[str] = set()
    for block in cable.body:
        if len(block.text) >= _LONG and block.kind in ("paragraph", "text"):
            if block.text in seen:
                reading.note("CK408", block.span, f"the text that begins {block.text[:_SHOWN]!r} stands twice")
                return
            seen.add(block.text)


def _redacted(reading: Reading) -> None:
    """Report runs of X, at the first of them (FORMAT.md section 18.5)."""
    source = reading.source.source
    start = next((start for run in _REDACTIONS if (start := source.find(run)) >= 0), -1)
    if start >= 0:
        end = start + len(_REDACTIONS[0])
        while source[end : end + 1] in ("X", "x"):
            end += 1
        reading.note("CK406", Span(start, end), f"{end - start} X stand for words")


def _end(cable: Cable, reading: Reading) -> None:
    """Tell a text that breaks off in dots; the labels may be the last that is left of it."""
    texts = (*((cable.subject,) if cable.subject else ()), *cable.references, *cable.body)
    if cable.signature or not texts:
        return
    last = texts[-1]
    dots = next((dots for dots in _CUT_OFF if last.text.endswith(dots)), "")
    if dots:
        reading.note("CK403", Span(last.span.end - len(dots), last.span.end), f"the text ends in {dots}")
