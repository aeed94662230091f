"""Cables of the web release: transmitted telegrams (A), without routing lines (B), before 1973 (D), extracts (P)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from invented.paragraphs import page_lines, write_text
from invented.parts import MONTHS, STATE, WIDTH, Invented, Mrn, Place, Source, lines_of, wrap
from invented.words import common

PARTIAL = (
    "This record is a partial extract of the original cable. The full text of the original cable is not available."
)
SPACED = {"CONFIDENTIAL": "C O N F I D E N T I A L", "SECRET": "S E C R E T", "UNCLASSIFIED": "UNCLAS"}
WARNINGS = {"CONFIDENTIAL": "ZNY CCCCC ZZH", "SECRET": "ZNY SSSSS ZZH", "UNCLASSIFIED": "ZNR UUUUU ZZH"}
WORDS = {"O": "IMMEDIATE", "P": "PRIORITY", "R": ""}
COLLECTIVES = (
    ("RUEHZL", "EUROPEAN POLITICAL COLLECTIVE"),
    ("RUCNIRA", "IRAN COLLECTIVE"),
    ("RUCNMEM", "EU MEMBER STATES COLLECTIVE"),
    ("RUCNCIS", "CIS COLLECTIVE"),
    ("RUCNAFG", "AFGHANISTAN COLLECTIVE"),
    ("RUEHXK", "ARAB ISRAELI COLLECTIVE"),
    ("RUEHZM", "GULF COOPERATION COUNCIL COLLECTIVE"),
    ("RUEHOO", "CHINA POSTS COLLECTIVE"),
    ("RUCNRAQ", "IRAQ COLLECTIVE"),
    ("RUEHEE", "ARAB LEAGUE COLLECTIVE"),
)
AGENCIES = (
    ("RUEKJCS", "SECDEF WASHINGTON DC"),
    ("RUEKJCS", "JOINT STAFF WASHINGTON DC"),
    ("RHEHNSC", "NSC WASHINGTON DC"),
    ("RUEAIIA", "CIA WASHINGTON DC"),
    ("RUEATRS", "DEPT OF TREASURY WASHINGTON DC"),
    ("RUCPDOC", "DEPT OF COMMERCE WASHINGTON DC"),
    ("RUEHRC", "DEPT OF AGRICULTURE WASHINGTON DC"),
    ("RHMFISS", "HQ USEUCOM VAIHINGEN GE"),
    ("RHEFDIA", "DIA WASHINGTON DC"),
)
ORDERS = (
    (11652, datetime(1972, 6, 1)),
    (12065, datetime(1978, 12, 1)),
    (12356, datetime(1982, 8, 1)),
    (12958, datetime(1995, 10, 14)),
    (13526, datetime(2010, 6, 25)),
)
"""Orders and the days from which they stand on cables (FORMAT.md 6)."""
OFFICES = common("symbol")
POSITIONS = (
    "DCM",
    "Ambassador",
    "Political Counselor",
    "Economic Counselor",
    "A/DCM",
    "Charge d'Affaires a.i.",
    "Acting Econ Chief",
    "Consul General",
    "Deputy Political Counselor",
)


class Addressee(NamedTuple):
    """An addressee as its line has it; what it has not is empty."""

    routing: str
    name: str
    precedence: str
    number: str

    def __str__(self) -> str:
        """Write the line."""
        words = " ".join(filter(None, self[1:]))
        return f"{self.routing}/{words}" if self.routing else words

    def fields(self) -> dict[str, str | None]:
        """Return it as JSON has it."""
        return {name: value or None for name, value in self._asdict().items()}


def make(source: Source, layout: str, when: datetime) -> Invented:
    """Make a cable without damage."""
    family = "hard" if layout == "D" else source.form("family")
    place = STATE if source.has(f"Department in {layout}") else source.place()
    mrn = source.number(when.year, place)
    level = "UNCLASSIFIED" if layout == "D" else source.form("level")
    size = source.length(layout)
    sections = 1 if size < 5000 or layout in "DP" or source.has("long in one section") else 1 + size // 4300
    truth: dict[str, Any] = {"layout": layout, "mrn": str(mrn), "classification": level, "family": family}
    header = _header(source, layout, when, mrn, level, sections, family, truth)
    labels: dict[str, str] = {"12": _line_12(source, layout, mrn, level, sections, truth)}
    _captions(source, layout, level, labels, truth)
    _order(source, layout, when, level, family, labels, truth)
    _tags(source, place, family, labels, truth)
    _subject(source, level, family, labels, truth)
    truth["refs"] = []
    if source.has("REF"):
        _references(source, when, place, family, labels, truth)
    if level != "UNCLASSIFIED" and source.has("Classified By"):
        _classified_by(source, family, labels, truth)
    else:
        truth["classified_by"] = None
    cable = Invented(layout, mrn, when, header, labels, [], truth, family)
    if layout != "P" and sections > 1:
        cable.page_lines = page_lines(source, mrn, sections)
    write_text(source, cable, size, level)
    return cable


# ---- lines 1 to 9 -------------------------------------------------------------------------------------------------


def group(when: datetime) -> str:
    """Write a date-time group."""
    return f"{when:%d%H%M}Z {MONTHS[when.month - 1]} {when:%y}"


def _header(
    source: Source, layout: str, when: datetime, mrn: Mrn, level: str, sections: int, family: str, truth: dict[str, Any]
) -> dict[str, str]:
    if layout == "P":
        truth.update(dtg=None, precedences=[], originator=None, action=[], info=[], exempt=[])
        return {"partial": PARTIAL}
    letters = "P R" if layout == "D" and source.has("two precedences before 1973") else source.form("precedence")
    truth["dtg"] = f"{when:%Y-%m-%dT%H:%M:00Z}"
    truth["precedences"] = letters.split()
    lines: dict[str, str] = {}
    action, info = _addressees(source, layout, mrn.place, letters)
    if layout == "A":
        ri = mrn.place.routing_indicator
        channel = source.form("channel")
        relays = ["RUEHWEB"] if channel == "XYZ" else [one.routing for one in info][:25] or ["RUEHC"]
        late = source.form("filed later")
        filed = when + timedelta(minutes=0 if late == "0" else 1 + int(source.random() * int(late.split("-")[1])))
        numbered = sections > 1 or (channel == "XYZ" and source.has("section on one section"))
        lines["1"] = f"VZCZC{channel}{int(source.random() * 10_000):04d}"
        lines["2"] = lines_of([letters[0] * 2, *dict.fromkeys(relays)], 69)
        if channel == "XYZ":
            lines["2"] += "\n"
        lines["3"] = f"DE {ri} #{mrn.serial % 10_000:04d}{'/01' if numbered else ''} {filed:%j%H%M}"
        lines["4"] = WARNINGS[level]
    elif layout == "B" and source.form("distribution") == "yes":
        lines["distribution"] = _distribution(source, when, mrn.place)
    elif layout == "B" and mrn.place is STATE and source.has("line above the header"):
        lines["above"] = f"{level}   STATE   {mrn.serial:08d}"
    signal = source.form("signal")
    lines["5"] = f"{letters} {group(when)}{' ' + signal if signal else ''}"
    lines["6"] = f"FM {mrn.place.designator}"
    truth["originator"] = mrn.place.designator
    for label, several in (("TO", action), ("INFO", info)):
        if several:
            lines[label] = f"{label} " + "\n".join(map(str, several))
    truth["exempt"] = []
    if info and info[0].name.endswith("COLLECTIVE") and len(info) == 1 and source.form("exempt") == "yes":
        truth["exempt"] = [source.place().designator]
        lines["XMT"] = f"XMT {truth['exempt'][0]}"
    if layout == "D" and source.form("group count") == "yes":
        lines["GRNC"] = "STATE GRNC"
    if layout in "AB" and family != "hard" and source.form("weekday") == "yes":
        lines["weekday"] = f"{when:%A}, {when.day} {when:%B %Y, %H:%M}"
    truth["action"], truth["info"] = [one.fields() for one in action], [one.fields() for one in info]
    return lines


def _distribution(source: Source, when: datetime, place: Place) -> str:
    """Write the distribution of a late archive copy: pairs, their total, the dashes line (FORMAT.md 3, 14.3, 14.4)."""
    pairs = [(name, int(source.random() * 3)) for name in source.draw.sample(common("bureau"), 20)]
    (first, copies), *rest = pairs
    cells = [f"{f'{name}-{count:02d}':<8}" for name, count in rest]
    rows = [" ".join(cells[at : at + 6]).rstrip() for at in range(0, len(cells), 6)]
    total = sum(count for _, count in pairs)
    number = int(source.random() * 0xFFFFFF)
    return (
        f"{'ORIGIN' if place is STATE else 'ACTION'} {first}-{copies:02d}\n\nINFO  "
        + "\n      ".join(rows)
        + f"     /{total:03d}W\n{' ' * 18}------------------{number:06X}  {when:%d%H%M}Z /38"
    )


def _addressees(source: Source, layout: str, place: Place, letters: str) -> tuple[list[Addressee], list[Addressee]]:
    """Draw action and information addressees."""
    random = source.random
    routed = layout == "A"
    first = WORDS[letters[0]]
    posts = source.several(1 + int(random() * random() * 22))

    def numbered(routing: str, name: str, word: str) -> Addressee:
        number = "" if name.endswith("COLLECTIVE") or layout == "D" else f"{int(random() * 10_000):04d}"
        return Addressee(routing if routed else "", name, word, number)

    if place is STATE:
        cut = 1 + int(random() * len(posts))
        action = [numbered(one.routing_indicator, one.designator, first) for one in posts[:cut]]
        rest = posts[cut:]
    else:
        action = [numbered("RUEHC", "SECSTATE WASHDC", first)]
        rest = [one for one in posts if one is not place]
    words = [WORDS[letters[-1]]] if " " in letters else [first, "PRIORITY", ""] if letters == "O" else [first, ""]
    info = [numbered(one.routing_indicator, one.designator, words[int(random() * len(words))]) for one in rest]
    if layout != "D" and source.has("collective"):
        routing, name = source.pick(COLLECTIVES)
        info.insert(0, numbered(routing, name, words[0]))
    if source.has("agency"):
        info += [numbered(*one, words[-1]) for one in dict.fromkeys(source.pick(AGENCIES) for _ in range(3))]
    return action, info


# ---- line 12 to the labels ----------------------------------------------------------------------------------------


def _line_12(source: Source, layout: str, mrn: Mrn, level: str, sections: int, truth: dict[str, Any]) -> str:
    word = SPACED[level]
    if layout == "D":
        truth["section"] = None
        return f"UNCLASSIFIED {mrn.place.city} {mrn.serial}"
    if word[1] == " " and source.form("line 12") == "solid":
        word = level
    truth["section"] = [1, sections] if sections > 1 else None
    part = f" SECTION 01 OF {sections:02d}" if sections > 1 else ""
    return f"{word}{part} {mrn.place.city} {mrn.serial:0{source.form('serial figures')}d}"


def _captions(source: Source, layout: str, level: str, labels: dict[str, str], truth: dict[str, Any]) -> None:
    if layout == "D":
        truth["captions"] = []
        return
    pattern = source.form("SIPDIS")
    lines = [] if pattern == "never" else ["SIPDIS"]
    if level == "UNCLASSIFIED":
        if source.form("SENSITIVE") == "yes":
            lines.append("SENSITIVE")
    elif source.form("NOFORN") == "yes":
        lines.append("NOFORN")
    truth["captions"] = list(lines)
    lines += {"twice": ["SIPDIS"], "thrice": ["SIPDIS", "SIPDIS"]}.get(pattern, [])
    labels["captions"] = "\n".join(lines)
    form = source.form("passing")
    if form != "none":
        offices = source.draw.sample(OFFICES, 1 + int(source.random() * 2))
        labels["passing"] = f"{form} " + ("USAID" if form.endswith("TO") else ", ".join(offices))


def _order(
    source: Source, layout: str, when: datetime, level: str, family: str, labels: dict[str, str], truth: dict[str, Any]
) -> None:
    number = 12958 if layout == "D" else next(n for n, first in reversed(ORDERS) if when >= first)
    label = f"EO {number}" if family == "reflowed" else f"E.O. {number}:"
    day: str | None = None
    if layout == "D":
        value, day = "DECL: DECLASSIFIED BY NARA 09/02/2009", "2009-09-02"
    elif level == "UNCLASSIFIED":
        value = "N/A"
    else:
        form, years = source.form("E.O."), int(source.form("years"))
        until = when.replace(year=when.year + years, day=min(when.day, 28))
        y, m, d = until.year, until.month, until.day
        value = "DECL: " + {
            "MM/DD/YYYY": f"{m:02d}/{d:02d}/{y}",
            "YYYY/MM/DD": f"{y}/{m:02d}/{d:02d}",
            "M/DD/YYYY": f"{m}/{d:02d}/{y}",
            "M/D/YYYY": f"{m}/{d}/{y}",
            "two figures": f"{m:02d}/{d:02d}/{y % 100:02d}",
        }.get(form, form)
        day = None if form in ("OADR", "MR") else f"{y}-{m:02d}-{d:02d}"
    labels["eo"] = f"{label} {value}"
    truth["eo"] = {"number": number, "declassify_on": day}


def _tags(source: Source, place: Place, family: str, labels: dict[str, str], truth: dict[str, Any]) -> None:
    codes = source.tags(place)
    reflowed = family == "reflowed"
    between = ", " if reflowed else source.form("TAGS between")
    written = list(codes)
    if source.form("person") == "yes":
        codes.append("OVIP")
        written.append(f"OVIP ({source.pick(source.prose.surnames).upper()}, ANNA B.)")
    labels["tags"] = "\n".join(wrap(("TAGS " if reflowed else "TAGS: ") + between.join(written), WIDTH))
    truth["tags"] = codes


def _subject(source: Source, level: str, family: str, labels: dict[str, str], truth: dict[str, Any]) -> None:
    title = source.prose.title()
    mark = source.form("subject mark") if level != "UNCLASSIFIED" else ""
    if mark[:1] == "S" and mark != "SBU" and level != "SECRET":
        mark = "C"
    text = f"SUBJECT: ({mark}) {title}" if mark else f"SUBJECT: {title}"
    labels["subject"] = text if family != "hard" else "\n".join(wrap(text))
    truth["subject"] = title


def _references(
    source: Source, when: datetime, place: Place, family: str, labels: dict[str, str], truth: dict[str, Any]
) -> None:
    count = int(source.form("references")) or 1
    letters = source.form("letters")
    behind = source.form("other lines")
    items = []
    for at in range(count):
        letter = chr(65 + at) if count > 1 else None
        text, mrn, kind = _reference(source, when, place)
        remark = source.form("remark") if kind == "cable" else ""
        truth["refs"].append({"letter": letter, "kind": kind, "text": text, "mrn": mrn, "remark": remark or None})
        if mrn and source.form("two serials") == "yes":
            second = str(1 + int(source.random() * 2000))
            same = truth["refs"][-1] | {"text": second, "mrn": mrn.rstrip("0123456789") + second}
            truth["refs"].append(same)
            text += f" AND {second}"
        item = f"{text} ({remark})" if remark == "NOTAL" else f"{text} {remark}".rstrip()
        if letter is None:
            items.append(item)
        elif at and letters == "A. " and family == "hard":
            items.append(f"{behind.replace('B', letter)}{item}")
        else:
            items.append(letters.replace("A", letter) + item)
    labels["ref"] = source.form("REF") + ("\n     " if family == "hard" else " ").join(items)


def _reference(source: Source, when: datetime, place: Place) -> tuple[str, str | None, str]:
    form = source.form("no cable")
    if form:
        pick, surnames = source.pick, source.prose.surnames
        two = f"{pick(surnames)}-{pick(surnames)}".upper()
        day = f"{1 + int(source.random() * 28)}"
        month = source.pick(MONTHS)
        return (
            {
                "email": f"{two} EMAIL OF {month} {day}",
                "telcon": f"{two} TELCON {day} {month} {when.year}",
                "report": f"IIR 6 {100 + int(source.random() * 899)} 0{100 + int(source.random() * 899)} {when:%y}",
                "airgram": f"{place.city} A-{1 + int(source.random() * 300)}",
            }[form],
            None,
            form,
        )
    mrn = source.target(when.year, place)
    text = f"{mrn.place.city} {mrn.serial}"
    # In January the year is written where it is not plain (FORMAT.md 9).
    if mrn.year != when.year or when.month == 1:
        four = source.form("year") == "four"
        text = f"{mrn.year if four else f'{mrn.year % 100:02d}'} {text}"
    return text, str(mrn), "cable"


def _classified_by(source: Source, family: str, labels: dict[str, str], truth: dict[str, Any]) -> None:
    person = source.pick(source.prose.names)
    position = source.pick(POSITIONS)
    reasons = source.form("reasons")
    label = source.form("Classified By")
    form = source.random()
    if form < 0.7:
        text = f"{label}{position} {person}"
        end = f" for reasons {reasons}." if reasons else "."
    elif form < 0.9:
        text = f"{label}{person}, {position}"
        end = f", for reasons {reasons}." if reasons else "."
    else:
        text = f"{label}{position} {person}"
        end = f". Reasons: {reasons}." if reasons else "."
    labels["classified"] = text + end if family != "hard" else "\n".join(wrap(text + end))
    number, *rest = reasons.split("(", 1) if reasons else ("", "")
    found = (
        [
            f"{number.strip()}({sign})"
            for sign in "abcdefgh"
            if f"{sign})" in reasons.lower() or f"({sign}" in reasons.lower()
        ]
        if rest
        else []
    )
    truth["classified_by"] = {"name": person, "position": position, "reasons": found}
