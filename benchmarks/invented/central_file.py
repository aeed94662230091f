"""Record copies of 1973-79 from the central file: message text and message attributes (layout C; FORMAT.md 14)."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from invented.parts import MONTHS, STATE, Invented, Mrn, Place, Source, lines_of, wrap
from invented.wire import SPACED, WORDS, Addressee, group
from invented.words import TIED, common

STAMPS = {
    1973: ("", "30 JUN 2005"),
    1974: ("", "30 JUN 2005"),
    1975: ("Margaret P. Grafeld ", "05 JUL 2006"),
    1976: ("Margaret P. Grafeld ", "04 MAY 2006"),
    1977: ("Margaret P. Grafeld ", "22 May 2009"),
    1978: ("Sheryl P. Walter ", "20 Mar 2014"),
    1979: ("Sheryl P. Walter ", "20 Mar 2014"),
}
"""Name and date of the stamp by year (FORMAT.md 14.1, 14.5)."""
OFFICES = common("bureau")
WIDTH = 66
_LINES = 46
"""Lines of a page."""


def stamp(year: int) -> str:
    """Return the stamp of the records of a year."""
    name, day = STAMPS[year]
    return f"{name}Declassified/Released US Department of State EO Systematic Review {day}"


def document_number(mrn: Mrn) -> str:
    """Return year, cut post and serial (FORMAT.md 14.7)."""
    return f"{mrn.year}{mrn.place.cut}{mrn.serial:0{6 if mrn.place is STATE else 5}d}"


def page_name(place: Place) -> str:
    """Return the name of a post in a page head: the first six signs, blanks kept."""
    return place.city[:6].rstrip()


def make(source: Source, layout: str, when: datetime) -> Invented:
    """Make a record without damage."""
    place = STATE if source.has("Department in C") else source.place()
    mrn = source.number(when.year, place)
    level = source.form("level C")
    truth: dict[str, Any] = {
        "layout": layout,
        "mrn": str(mrn),
        "classification": level,
        "family": "record",
        "document": document_number(mrn),
        "dtg": f"{when:%Y-%m-%dT%H:%M:00Z}",
        "section": None,
        "classified_by": None,
    }
    filed = when + timedelta(minutes=int(source.random() * 300))
    header = _header(source, when, filed, mrn, level, truth)
    labels = _labels(source, when, mrn, level, truth)
    blocks = _text(source, place, level, truth)
    cable = Invented(layout, mrn, when, header, labels, blocks, truth, "record")
    cable.finish = finish
    cable.page_lines = _page_change(source, mrn, level, filed)
    cable.tail = _attributes(source, cable, place, level)
    return cable


def _header(
    source: Source, when: datetime, filed: datetime, mrn: Mrn, level: str, truth: dict[str, Any]
) -> dict[str, str]:
    random, place = source.random, mrn.place
    letters = source.form("precedence")
    first = WORDS[letters[0]]
    truth["precedences"] = letters.split()
    lines = {"head": f"{stamp(when.year)}\n\n{' ' * 29}Message Text\n\n{level}"}
    lines["page"] = _page_line(mrn, 1, filed)
    if when.year < 1977:
        lines["copy"] = f"{10 + int(random() * 90)}"
    names = source.draw.sample(OFFICES, 4 + int(random() * 14))
    pairs = [(name, int(random() * random() * 20)) for name in names]
    role = "ORIGIN" if place is STATE else "ACTION"
    (first_office, copies), rest = pairs[0], pairs[1:]
    total = sum(count for _, count in pairs)
    offices = lines_of(["INFO", *(f"{name}-{count:02d}" for name, count in rest)], 66)
    lines["distribution"] = f"{role} {first_office}-{copies:02d}\n" + offices + f" /{total:03d} {source.pick('RW')}"
    truth["distribution"] = {"total": total, "offices": [[name, count] for name, count in pairs]}
    if place is STATE:
        person = source.pick(source.prose.surnames).upper()
        other = source.pick(source.prose.surnames).upper()
        lines["drafting"] = (
            f"\nDRAFTED BY {first_office}:{person[0]}{person}:{other[:3]}\nAPPROVED BY {first_office}:{other}"
        )
        truth["drafter"] = f"{first_office}:{person[0]}{person}:{other[:3]}"
    number = int(random() * 130_000)
    if when.year < 1977:
        lines["dashes"] = f"{' ' * 21}--------------------- {number:06d}"
    else:
        lines["dashes"] = f"{' ' * 21}------------------{number:06d} {filed:%d%H%M}Z /{1 + int(random() * 60):02d}"
    lines["5"] = f"{letters} {group(when)}"
    lines["6"] = f"FM {place.designator}"
    truth["originator"] = place.designator
    posts = source.several(1 + int(random() * random() * 10))
    lower = WORDS[letters[-1]]
    if place is STATE:
        action = [Addressee("", posts[0].designator, first, "")]
    else:
        action = [Addressee("", "SECSTATE WASHDC", first, f"{int(random() * 10_000)}")]
    others = posts[1:] if place is STATE else [one for one in posts if one is not place]
    info = [Addressee("", one.designator, lower, "") for one in others]
    lines["TO"] = f"TO {action[0]}"
    if info:
        lines["INFO"] = "INFO " + "\n".join(map(str, info))
    truth["action"], truth["info"] = [one.fields() for one in action], [one.fields() for one in info]
    return lines


def _page_line(mrn: Mrn, page: int, filed: datetime) -> str:
    figures = 6 if mrn.place is STATE else 5
    place = f"{page_name(mrn.place)}  {mrn.serial:0{figures}d}"
    if filed.year >= 1978:
        return f"PAGE {page:02d}\n\n{place}  {filed:%d%H%M}Z\n"
    return f"PAGE {page:02d}  {place}  01 OF 01  {filed:%d%H%M}Z"


def _labels(source: Source, when: datetime, mrn: Mrn, level: str, truth: dict[str, Any]) -> dict[str, str]:
    place = mrn.place
    word = SPACED.get(level, level) if level != "UNCLASSIFIED" or source.chance(0.9) else level
    labels = {"12": f"{word} {place.city} {mrn.serial}"}
    caption = source.form("caption C")
    truth["captions"] = caption.split()
    if caption:
        labels["captions"] = caption
    number = 12065 if when >= datetime(1978, 12, 1) else 11652
    until: str | None = None
    if level in ("UNCLASSIFIED", "LIMITED OFFICIAL USE"):
        value = "N/A"
    elif number == 12065:
        day = when + timedelta(days=365 * 6)
        name = source.pick(source.prose.surnames).upper()
        value = f"GDS {day.month}/{day.day}/{day.year % 100:02d} ({name}, ANNA B.) OR-P"
        until = f"{day:%Y-%m-%d}"
    else:
        value = source.form("E.O. C")
    labels["eo"] = f"E.O. {number}: {value}"
    truth["eo"] = {"number": number, "declassify_on": until}
    codes = source.tags(place)
    name = ""
    truth["tags"], truth["persons"] = codes, []
    if source.has("person in C"):
        first = source.pick(("ANNA B", "JOHN", "MAREK T JR", "ILONA"))
        name = f", ({source.pick(source.prose.surnames).upper()}, {first})"
        truth["persons"].append(name[3:-1])
    truth["tags line"] = ", ".join(codes) + name
    labels["tags"] = "\n".join(wrap(f"TAGS: {truth['tags line']}", WIDTH))
    title = source.prose.title()
    truth["subject"] = title
    labels["subject"] = "\n".join(wrap(f"{source.pick(('SUBJECT', 'SUBJ'))}: {title}", WIDTH))
    truth["refs"] = []
    if source.has("REF in C"):
        labels["ref"] = "\n".join(wrap(_references(source, when, place, truth), WIDTH))
    return labels


def _references(source: Source, when: datetime, place: Place, truth: dict[str, Any]) -> str:
    """Write the REF line in one of the forms of FORMAT.md 9.1."""
    count = 1 + int(source.random() * source.random() * 5)
    items = []
    for _ in range(count):
        mrn = source.target(when.year, place)
        text = f"{mrn.place.city} {mrn.serial}"
        if mrn.year != when.year:
            text = f"{mrn.year % 100:02d} {text}"
        kind = "cable"
        if source.has("airgram in C"):
            text, kind = f"{place.city} A-{1 + int(source.random() * 200)}", "airgram"
        items.append(text)
        letter = chr(64 + len(items)) if count > 1 else None
        truth["refs"].append(
            {"letter": letter, "kind": kind, "text": text, "remark": None, "mrn": str(mrn) if kind == "cable" else None}
        )
    label = source.form("REF C")
    if count == 1:
        return label + items[0]
    form = source.random()
    if form < 0.4:
        return label + "; ".join(f"({chr(65 + at)}) {item}" for at, item in enumerate(items))
    if form < 0.7:
        return label + ", ".join(f"{chr(65 + at)}. {item}" for at, item in enumerate(items))
    if form < 0.85:
        return label + ", ".join(f"{chr(65 + at)}) {item}" for at, item in enumerate(items))
    for one in truth["refs"]:
        one["letter"] = None
    return label + "; ".join(items)


def _text(source: Source, place: Place, level: str, truth: dict[str, Any]) -> list[str]:
    prose, random = source.prose, source.random
    left = source.length("C")
    paragraphs: list[list[Any]] = []
    blocks = []
    entire = level in ("CONFIDENTIAL", "SECRET") and source.has("entire text")
    while left > 0:
        sentences = prose.sentences(min(left, 120 + int(random() * 700)))
        number = len(paragraphs) + 1
        if number == 1 and left > 1500 and source.chance(0.4):
            sentences[0] = "SUMMARY. " + sentences[0]
            sentences[-1] += " END SUMMARY."
        text = " ".join(sentences).upper()
        mark = f"{level[0]} - ENTIRE TEXT" if entire and number == 1 else None
        left -= len(text)
        blocks.append("\n".join(wrap(f"{number}. " + (f"({mark}) " if mark else "") + text, WIDTH)).replace(TIED, " "))
        paragraphs.append([number, level[0] if mark else None, text.replace(TIED, " ")])
    truth["paragraphs"] = paragraphs
    truth["signature"] = "KISSINGTON" if place is STATE else source.pick(prose.surnames).upper()
    blocks.append(truth["signature"])
    return blocks


def _page_change(source: Source, mrn: Mrn, level: str, filed: datetime) -> list[str]:
    """Give the pattern of a page change, its page number left open (FORMAT.md 14.5)."""
    line = _page_line(mrn, 99, filed).replace("PAGE 99", "PAGE {page:02d}")
    between = source.pick(("", f"{stamp(filed.year if filed.year in STAMPS else mrn.year)}\n\n", "\n"))
    return [f"{level}\n{between}{level}\n{line}"]


def finish(cable: Invented) -> str:
    """Write line 12 and the text with its page changes, end signs and attributes."""
    lines = [line for part in cable.labels.values() for line in part.split("\n")]
    lines += [line for block in cable.blocks for line in block.split("\n")]
    page = 1
    out: list[str] = []
    level = cable.truth["classification"]
    for first in range(0, len(lines), _LINES):
        if first:
            page += 1
            out.append(cable.page_lines[0].replace("{page:02d}", f"{page:02d}"))
        out += lines[first : first + _LINES]
    return "\n".join((*out, "", level, "NNN", "", stamp(cable.mrn.year)))


def _attributes(source: Source, cable: Invented, place: Place, level: str) -> str:
    """Write the attributes (FORMAT.md 14.12)."""
    truth, when, mrn = cable.truth, cable.when, cable.mrn
    captions = ", ".join(truth["captions"])
    mark = stamp(mrn.year)
    dated = f"{when.day:02d} {MONTHS[when.month - 1]} {when.year}"
    if mrn.year in (1975, 1976):
        dated = dated.lower()
    elif mrn.year >= 1978:
        dated = f"{when.day:02d}-{MONTHS[when.month - 1].capitalize()}-{when.year} 12:00:00 am"
    references = ", ".join(
        f"{one['mrn'][:2]} {one['text'].removeprefix(one['mrn'][:2]).strip()}" for one in truth["refs"] if one["mrn"]
    )
    lines = sum(part.count("\n") + 1 for part in (*cable.labels.values(), *cable.blocks))
    order = {"N/A": "N/A", "GDS": "GS"}.get(cable.labels["eo"].split(": ")[1].split()[0], "X1")
    to = truth["action"][0]["name"].replace("AMEMBASSY ", "").replace("SECSTATE WASHDC", "STATE")
    values = (
        ("Automatic Decaptioning", "Z" if captions else "X"),
        ("Capture Date", "01 JAN 1994"),
        ("Channel Indicators", "n/a"),
        ("Current Classification", "UNCLASSIFIED"),
        ("Concepts", ", ".join(word.upper() for word in source.draw.sample(source.prose.nouns[:500], 3))),
        ("Control Number", "n/a"),
        ("Copy", "SINGLE"),
        ("Sent Date" if mrn.year == 1977 else "Draft Date", dated),
        ("Decaption Date", "28 MAY 2004" if captions else "01 JAN 1960"),
        ("Decaption Note", "25 YEAR REVIEW" if captions else ""),
        ("Disposition Action", "n/a"),
        ("Disposition Approved on Date", ""),
        ("Disposition Authority", "n/a"),
        ("Disposition Case Number", "n/a"),
        ("Disposition Comment", "25 YEAR REVIEW" if captions else ""),
        ("Disposition Date", "01 JAN 1960"),
        ("Disposition Event", ""),
        ("Disposition History", "n/a"),
        ("Disposition Reason", ""),
        ("Disposition Remarks", ""),
        ("Document Number", truth["document"]),
        ("Document Source", "CORE"),
        ("Document Unique ID", "00"),
        ("Drafter", truth.get("drafter", "n/a")),
        ("Enclosure", "n/a"),
        ("Executive Order", order),
        ("Errors", "N/A"),
        ("Film Number", f"D{mrn.year % 100}{int(source.random() * 9999):04d}-{int(source.random() * 1200):04d}"),
        ("From", place.city),
        ("Handling Restrictions", "n/a"),
        ("Image Path", ""),
        ("ISecure", "1"),
        ("Legacy Key", f"link{mrn.year}/newtext/t{when:%Y%m%d}/aaaa{int(source.random() * 10_000):04d}.tel"),
        ("Line Count", str(lines + 20)),
        ("Locator", "TEXT ON-LINE, ON MICROFILM"),
        ("Office", " ".join(cable.header["distribution"].split("-")[0].split())),
        ("Original Classification", level),
        ("Original Handling Restrictions", captions or "n/a"),
        ("Original Previous Classification", "n/a"),
        ("Original Previous Handling Restrictions", "n/a"),
        ("Page Count", str(ceil(lines / _LINES))),
        ("Previous Channel Indicators", ""),
        ("Previous Handling Restrictions", captions or "n/a"),
        ("Reference", references or "n/a"),
        ("Review Action", "RELEASED, APPROVED"),
        ("Review Authority", "doejx"),
        ("Review Comment", "n/a"),
        ("Review Content Flags", ""),
        ("Review Date", "05 MAR 2003"),
        ("Review Event", ""),
        ("Review History", "RELEASED <05 MAR 2003 by DoeJX>; APPROVED <12 AUG 2003 by RoeAX>"),
        ("Review Markings", "n/a"),
        ("Review Media Identifier", ""),
        ("Review Release Date", "N/A"),
        ("Review Release Event", "n/a"),
        ("Review Transfer Date", ""),
        ("Secure", "OPEN"),
        ("Status", "NATIVE"),
        ("Subject", truth["subject"]),
        ("TAGS", truth["tags line"]),
        ("To", to),
        ("Type", "TE"),
        ("Markings", mark),
    )
    rows = (line for name, value in values for line in wrap(f"{name}: {value}", 110))
    return f"\n\n{' ' * 26}Message Attributes\n\n" + "\n".join(rows) + f"\n\n{mark}\n"
