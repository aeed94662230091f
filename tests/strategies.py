"""Whole cables as models, of every layout, with all that a layout can have. Words and persons are invented.

Places are dummies. What stands in ``as_written`` is what the builders would take it to mean; most of it is not
looked at.
"""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from cablekit.build.markings import banner
from cablekit.model import (
    Addressee,
    Cable,
    Caption,
    Classification,
    ClassifiedBy,
    DateTimeGroup,
    Distribution,
    ExecutiveOrder,
    Header,
    Layout,
    Level,
    Mrn,
    OfficeCopies,
    Passing,
    PortionMark,
    Precedence,
    Publication,
    Reference,
    Routing,
    Section,
    Security,
    Signature,
    Source,
    Span,
    Station,
    Subject,
    Tag,
    TransmissionId,
)
from cablekit.vocabulary import documents, orders, posts, tags
from tests.strategies_body import bodies
from tests.strategies_words import HERE, PERSONS, SURNAMES, optional, portion_marks, titles

# ---- posts --------------------------------------------------------------------------------------------------------

CITIES: dict[str, str] = {
    city: post.post
    for post in posts.all()
    if post.plad and (city := post.plad.partition(" ")[2]) and (found := posts.find(city)) and found.post == post.post
    if not documents.namesakes(city)
}
"""Names of posts as line 12 writes them, with their keys; none that in 1973-79 is the name of a second mission too."""
cities = st.sampled_from(sorted(CITIES))
designators = st.sampled_from(sorted(post.plad for post in posts.all() if post.plad))
routing_indicators = st.sampled_from(sorted({post.routing_indicator for post in posts.all() if post.routing_indicator}))
serials = st.integers(1, 299_999)


@st.composite
def mrns(draw: st.DrawFn, year: int | None, source: Any) -> Mrn:
    city, serial = draw(cities), draw(serials)
    return Mrn(
        year=year, post=CITIES[city], serial=serial, as_written=f"{city} {serial:06d}", year_source=source, span=HERE
    )


# ---- the header ---------------------------------------------------------------------------------------------------

_LETTERS = st.sampled_from([precedence for precedence in Precedence if precedence is not Precedence.NIACT_IMMEDIATE])
"""Lines 2 and 5 have a letter each, the same for IMMEDIATE and NIACT IMMEDIATE."""
_WORDS = st.sampled_from([precedence for precedence in Precedence if precedence is not Precedence.EMERGENCY])
"""EMERGENCY COMMAND PRECEDENCE is never written behind an addressee."""
_signals = st.lists(st.sampled_from(["ZDK", "ZFR", "ZEL", "ZFF9", "ZEX"]), max_size=3).map(tuple)
moments = st.datetimes(datetime(1973, 1, 1), datetime(2012, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
old_moments = st.datetimes(datetime(1966, 1, 1), datetime(1972, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
_names = designators | st.sampled_from(
    [
        "SECSTATE WASHDC",
        "DEPT OF AGRICULTURE USD FAS WASHINGTON DC",
        "SECDEF WASHINGTON DC//USD:P&R//",
        "JOINT STAFF WASHDC//J4/J5//",
        "HQ USEUCOM VAIHINGEN GE//J5//",
        "USCENTCOM INTEL CEN MACDILL AFB FL",
        "CIA//NESA//",
        "USMISSION USNATO",
    ]
)
_collectives = st.sampled_from(
    [
        "CIS COLLECTIVE",
        "EUROPEAN POLITICAL COLLECTIVE",
        "AIG 7602",
        "ALL DIPLOMATIC AND CONSULAR POSTS",
        "IRAN COLLECTIVE",
    ]
)
_message_numbers = st.from_regex(r"[0-9]{4,6}|[0-9]{4}-[0-9]{4}", fullmatch=True, alphabet=string.digits + "-")


@st.composite
def addressees(draw: st.DrawFn) -> Addressee:
    collective = draw(st.booleans())
    return Addressee(
        routing_indicator=draw(st.none() | routing_indicators | st.just("ZEN")),
        name=draw(_collectives if collective else _names),
        precedence=draw(st.none() | _WORDS),
        serial=draw(st.none() | _message_numbers),
        collective=collective,
        span=HERE,
    )


def _lists_of_addressees(least: int) -> st.SearchStrategy[tuple[Addressee, ...]]:
    return st.lists(addressees(), min_size=least, max_size=6).map(tuple)


transmission_ids = st.builds(
    lambda channel, sequence: TransmissionId(
        text=f"VZCZC{channel}{sequence}", channel=channel, sequence=sequence, span=HERE
    ),
    st.sampled_from(["XRO", "XYZ", "ADI", "MDI"]),
    st.from_regex(r"[0-9]{3,4}", fullmatch=True, alphabet=string.digits),
)
routings = st.builds(
    Routing,
    precedence=_LETTERS,
    indicators=st.lists(routing_indicators, min_size=1, max_size=25, unique=True).map(tuple),
    span=st.just(HERE),
)
securities = st.builds(
    lambda warning, signals: Security(
        as_written="", signal=warning[0], group=warning[1], level=warning[2], signals=signals, span=HERE
    ),
    st.sampled_from(
        [
            ("ZNR", "UUUUU", Level.UNCLASSIFIED),
            ("ZNR", "EEEEE", Level.UNCLASSIFIED),
            ("ZNY", "RRRRR", Level.RESTRICTED),
            ("ZNY", "CCCCC", Level.CONFIDENTIAL),
            ("ZNY", "SSSSS/BBBBB", Level.SECRET),
            ("ZNY", "TTTTT", Level.TOP_SECRET),
            ("ZNR", "UUUAA", None),
            ("ZNR", None, None),
        ]
    ),
    # ZNR with nothing behind it is not read.
    st.sampled_from([("ZZH",), ("ZZH", "ZDK")]),
)


@st.composite
def stations(draw: st.DrawFn, serial: int) -> Station:
    filed = draw(st.none() | st.tuples(st.integers(1, 366), st.times(time(0, 0), time(23, 59))))
    return Station(
        routing_indicator=draw(routing_indicators),
        serial=serial % 10_000,
        # Without a filing time behind it the section is not read.
        section=draw(optional(st.integers(1, 99))) if filed else None,
        day_of_year=filed[0] if filed else None,
        time_filed=filed[1].replace(second=0, microsecond=0) if filed else None,
        span=HERE,
    )


_offices = st.builds(
    OfficeCopies,
    office=st.text(string.ascii_uppercase, min_size=1, max_size=5),
    copies=st.integers(0, 99),
    role=st.sampled_from(["ACTION", "ORIGIN", "INFO"]),
)
distributions = st.builds(
    Distribution,
    offices=st.lists(_offices, min_size=1, max_size=20).map(tuple),
    total=optional(st.integers(0, 999)),
    span=st.just(HERE),
)


@st.composite
def headers(draw: st.DrawFn, layout: Layout, serial: int) -> Header:
    """A header as the layout has it; layout P has none."""
    if layout == "P":
        return Header()
    lines: dict[str, Any] = {}
    if layout == "A":
        lines["transmission_id"] = draw(transmission_ids)
        lines["routing"] = draw(optional(routings))
        lines["station"] = draw(optional(stations(serial)))
        lines["security"] = draw(optional(securities))
    else:
        lines["distribution"] = draw(optional(distributions))
    return Header(
        span=HERE,
        dtg=DateTimeGroup(
            as_written="",
            utc=draw(old_moments if layout == "D" else moments),
            precedences=draw(st.lists(_LETTERS, max_size=2).map(tuple)),
            signals=draw(_signals),
            span=HERE,
        ),
        originator=draw(optional(addressees())),
        action=draw(_lists_of_addressees(1)),
        info=draw(_lists_of_addressees(0)),
        exempt=draw(_lists_of_addressees(0)),
        **lines,
    )


# ---- line 12, captions, passing lines -----------------------------------------------------------------------------

# SBU never stands on line 12.
_LEVELS = st.sampled_from([level for level in Level if level is not Level.SBU])
_caveats = st.lists(
    st.sampled_from(["NOFORN", "EFTO", "FOUO", "FOR OFFICIAL USE ONLY", "NOCONTRACT", "ORCON"]), max_size=2, unique=True
).map(tuple)
_captions = st.lists(
    st.builds(
        Caption,
        name=st.sampled_from(
            [
                "SIPDIS",
                "SENSITIVE",
                "NOFORN",
                "NODIS",
                "EXDIS",
                "STADIS",
                "CODEL",
                "AIDAC",
                "EYES ONLY",
                "ROGER CHANNEL",
                "SPECAT EXCLUSIVE",
                "INFORM CONSULS",
                "SENSITIVE BUT UNCLASSIFIED",
                "SBU DELIBERATIVE PROCESS",
                "CORRECTED COPY",
            ]
        ),
        count=st.integers(1, 3),
        span=st.just(HERE),
    ),
    max_size=4,
    unique_by=lambda caption: caption.name,
).map(tuple)


@st.composite
def sections(draw: st.DrawFn) -> Section:
    of = draw(st.integers(1, 36))
    return Section(number=draw(st.integers(1, of)), of=of, span=HERE)


def _passing(kind: Any, agency: str | None, offices: tuple[str, ...], persons: tuple[str, ...], text: str) -> Passing:
    return Passing(kind=kind, agency=agency, offices=offices, persons=persons, text=text, span=HERE)


_agencies = st.sampled_from(["STATE", "DEPT", "DEPARTMENT", "NSC", "TREASURY", "COMMERCE", "JOINT STAFF", "LONDON"])
_symbols = st.sampled_from(["G/TIP", "EUR/NB", "OES/OPA", "EEB/TPP/ABT", "SCA/CEN", "EAP/MTS", "WHA"])
_two_symbols = st.lists(_symbols, min_size=2, max_size=2, unique=True).map(tuple)
passings = st.lists(
    st.one_of(
        st.builds(lambda a, o: _passing("for", a, o, (), f"{a} FOR {o[0]}, {o[1]}"), _agencies, _two_symbols),
        st.builds(lambda a, o, p: _passing("for", a, (o,), (p,), f"{a} FOR {o}: {p}"), _agencies, _symbols, SURNAMES),
        st.builds(lambda a, o, p: _passing("for", a, (o,), (p,), f"{a} FOR {o} ({p})"), _agencies, _symbols, SURNAMES),
        st.builds(lambda a, o: _passing("for", a, (o,), (), f"{a} ALSO FOR {o}"), _agencies, _symbols),
        st.builds(lambda a: _passing("pass", a, ("USAID",), (), f"{a} PASS TO USAID"), _agencies),
        st.builds(lambda p: _passing("for", None, (), (f"AMBASSADOR {p}",), f"FOR AMBASSADOR {p}"), SURNAMES),
        st.builds(lambda p: _passing("from", None, (), (f"AMBASSADOR {p}",), f"FROM AMBASSADOR {p}"), SURNAMES),
        st.just(_passing("attention", None, (), (), "VISAS VIPER")),
        st.just(_passing("attention", None, (), (), "NOT FOR INTERNET DISTRIBUTION")),
    ),
    max_size=4,
).map(tuple)

# ---- E.O. and Classified By ---------------------------------------------------------------------------------------

_days = st.dates(date(1967, 1, 1), date(2065, 12, 31))
_values = st.one_of(
    st.just({"schedule": "N/A"}),
    st.builds(lambda day: {"declassify_on": day}, _days),
    st.builds(lambda day, other: {"declassify_on": day, "downgrade_on": other}, _days, _days),
    st.sampled_from(
        ["OADR", "MR", "X1", "X8", "25X1", "25X1-HUMAN", "50X", "X1, X6", "GDS", "XGDS-3", "ADS", "RDS-1"]
    ).map(lambda schedule: {"schedule": schedule}),
    st.builds(lambda day: {"schedule": "GDS", "declassify_on": day}, _days),
    st.builds(lambda day: {"schedule": "RDS-1", "event": f"{day:%m/%d/%Y}"}, _days),
    st.sampled_from(
        ["CLOSING OF THE LANTERN OFFICE", "Five years after the last ferry", "UPON RETURN OF THE TREATY MAP"]
    ).map(lambda event: {"event": event}),
)
executive_orders = st.builds(
    lambda order, value: ExecutiveOrder(number=order.number, as_written="", span=HERE, **value),
    st.sampled_from(orders.all()),
    _values,
)
_reasons = st.sets(st.sampled_from("abcdefgh"), max_size=4).flatmap(
    lambda letters: st.sampled_from(["1.4", "1.5"]).map(
        lambda number: tuple(f"{number}({letter})" for letter in sorted(letters))
    )
)
_positions = st.sampled_from(
    ["DCM", "Political Counselor", "CHARGE D'AFFAIRES A.I.", "Charge d'Affaires, a.i.", "A/DCM", "Acting Econ Chief"]
)


@st.composite
def classifiers(draw: st.DrawFn) -> ClassifiedBy:
    reasons = draw(_reasons)
    why = f", reasons {reasons[0][:3]} ({'), ('.join(reason[4] for reason in reasons)})" if reasons else ""
    form = draw(st.sampled_from(["both", "name", "position", "derived"]))
    name = draw(PERSONS) if form in ("both", "name") else None
    position = draw(_positions) if form in ("both", "position") else None
    # Commas in both cannot be told from commas between them.
    assume(not (name and position and "," in name and "," in position))
    label = "Derived from: Handbook of Lanterns" if form == "derived" else "Classified By:"
    return ClassifiedBy(
        name=name,
        position=position,
        reasons=reasons,
        derived_from=form == "derived",
        as_written=" ".join(filter(None, (label, position, name))) + why,
        span=HERE,
    )


# ---- TAGS, SUBJECT, REF -------------------------------------------------------------------------------------------

_CODES = tuple(sorted({entry.code for entry in tags.all()}))
_unknown = st.sampled_from(["QZQZ", "LANTERNS", "WOODEN BOATS", "ROSE-OIL", "Q9X"])
_tag_persons = st.lists(
    st.builds("{}, {}".format, SURNAMES, st.sampled_from(["RUFUS T", "ANNA"])), min_size=1, max_size=2
).map(tuple)


def _tag(code: str, persons: tuple[str, ...], year: int | None) -> Tag:
    entry = tags.find(code)
    old = year is not None and year < 1980
    name = (entry.in_1974 if old else None) or entry.name if entry else None
    kind = entry.kind if entry else "unknown"
    return Tag(code=entry.code if entry else code, kind=kind, name=name, persons=persons, as_written=code, span=HERE)


def tag_lists(year: int | None) -> st.SearchStrategy[tuple[Tag, ...]]:
    """TAGS; behind OVIP and its like stand persons, for a long unknown word there would be taken for one."""
    common = st.builds(lambda code: _tag(code, (), year), st.sampled_from(_CODES) | _unknown)
    with_persons = st.builds(
        lambda code, persons: _tag(code, persons, year), st.sampled_from(["OVIP", "OREP", "PINR"]), _tag_persons
    )
    asks_for_one = ("OCON", "OEXC", "OREP", "OTRA", "OVIP")
    return st.lists(common.filter(lambda tag: tag.code not in asks_for_one) | with_persons, max_size=14).map(tuple)


subjects = st.builds(Subject, text=titles(12), mark=optional(portion_marks), span=st.just(HERE))

_OTHERS = (
    ("email", "QUILL-TEASDALE E-MAIL OF DECEMBER 9"),
    ("telcon", "QUILL/TEASDALE TELCON 12/10/09"),
    ("report", "IIR 6 824 0417 10"),
    ("airgram", "BANGKOK A-50"),
    ("airgram", "CA-3400"),
    ("regulation", "12 FAM 443.2"),
    ("meeting", "QUILL-TEASDALE MEETING OF MAY 5"),
    ("web", "http://www.lanterns.example/index.htm"),
    ("dtg", "COMDT COGARD R 111530Z DEC 09"),
    ("septel", "SEPTEL"),
    ("text", "LETTER OF THE HARBOR MASTER"),
)


@st.composite
def references(draw: st.DrawFn, cable: Mrn | None, on: date | None) -> tuple[Reference, ...]:
    """References, with letters or without. In January years are written: whether last year is meant would be asked."""
    if draw(st.integers(0, 9)) == 0:
        return (Reference(kind="none", letter=None, mrn=None, text="NONE", span=HERE),)
    lettered = draw(st.booleans())
    count = draw(st.integers(0, 5))
    return tuple(draw(_reference(string.ascii_uppercase[at] if lettered else None, cable, on)) for at in range(count))


@st.composite
def _reference(draw: st.DrawFn, letter: str | None, cable: Mrn | None, on: date | None) -> Reference:
    own = cable.year if cable else None
    if draw(st.booleans()):
        # Without a letter figures behind a telegram are taken for its second serial: POST 1; 12 FAM 443.2
        kind, text = draw(st.sampled_from([other for other in _OTHERS if letter or not other[1][0].isdigit()]))
        remarks = draw(st.sampled_from([(), ("NOTAL",)]))
        return Reference(kind=kind, letter=letter, mrn=None, text=text, remarks=remarks, span=HERE)
    written = bool(on and on.month == 1) or draw(st.booleans())
    year = draw(st.integers((own or 2009) - 30, own or 2009)) if written else own
    city = draw(cities.filter(lambda city: not city.startswith("TEL ")))  # read as AVIV
    serial = draw(serials)
    figures = draw(st.sampled_from([f"{year} ", f"{year % 100:02d} "])) if written and year else ""
    text = f"{figures}{city} {serial}"
    mrn = Mrn(
        year=year,
        post=CITIES[city],
        serial=serial,
        as_written=text,
        year_source="written" if written else "dtg" if year else "none",
        year_inferred=bool(year and not written),
        span=HERE,
    )
    remarks = draw(st.sampled_from([(), ("NOTAL",), ("EXDIS", "NOTAL"), ("AND PREVIOUS",), ("for the desk only",)]))
    return Reference(kind="cable", letter=letter, mrn=mrn, text=text, remarks=remarks, span=HERE)


# ---- the whole ----------------------------------------------------------------------------------------------------

signatures = st.builds(
    Signature,
    name=SURNAMES | st.sampled_from(["Merriwether", "O'QUILL-DOE", "VAN DER QUILL", "D’Ashcombe"]),
    span=st.just(HERE),
)


@st.composite
def cables(draw: st.DrawFn) -> Cable:
    """A cable of any layout."""
    layout = draw(st.sampled_from(["A", "B", "P", "D"]))
    mrn = draw(mrns(None, "none"))
    header = draw(headers(layout, mrn.serial))
    publication = None
    on = header.dtg.utc.date() if header.dtg and header.dtg.utc else None
    if on:
        mrn = mrn.model_copy(update={"year": on.year, "year_source": "dtg"})
    elif draw(st.booleans()):
        mrn = mrn.model_copy(update={"year": 2009, "year_source": "publication"})
        publication = Publication(
            reference_id=str(mrn),
            title=draw(titles(6)),
            date="Tue Feb 03 00:00:00 +0100 2009",
            classification="CONFIDENTIAL",
            origin="Embassy Freedonia",
            span=HERE,
        )
    level, caveats, captions = draw(_LEVELS), draw(_caveats), draw(_captions)
    tag_list = draw(tag_lists(mrn.year))
    # Directly above the subject PASS and ONLY are taken for TAGS whose label is lost.
    order = draw(optional(executive_orders) if tag_list else executive_orders)
    return Cable(
        mrn=mrn,
        layout=layout,
        header=header,
        classification=Classification(
            level=level,
            caveats=caveats,
            as_written="",
            banner=banner(level, caveats, (caption.name for caption in captions)),
            span=HERE,
        ),
        section=draw(optional(sections())),
        captions=captions,
        passing=draw(passings),
        executive_order=order,
        classified_by=draw(optional(classifiers())),
        tags=tag_list,
        # A text without number or mark is one behind a label only: with the labels lost it would be a passing line.
        subject=draw(subjects),
        references=draw(references(mrn, on)),
        body=draw(bodies()),
        signature=draw(optional(signatures)),
        publication=publication,
        coverage=1.0,
        source=Source(encoding="str", characters=0),
        nodes=(),
    )


__all__ = ["PortionMark", "Span", "cables"]
