"""Line 12 and portion marks: trees to models (FORMAT.md sections 4, 11.1, 19.5 to 19.9)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cablekit import grammar
from cablekit.build.reading import LOOK_ALIKES, Part, Reading, nearest
from cablekit.model import Level, Mrn, PortionMark, Section, Span
from cablekit.vocabulary import documents, posts

if TYPE_CHECKING:
    from cablekit.grammar import Tree
    from cablekit.vocabulary.posts import Post

FOR_OFFICIAL_USE_ONLY = "FOR OFFICIAL USE ONLY"

# Whoever handles an unclassified cable with one of these shows it as for official use only (classification.csv).
_SENSITIVE = {"SENSITIVE", "SENSITIVE BUT UNCLASSIFIED", "SBU DELIBERATIVE PROCESS", "FOUO", FOR_OFFICIAL_USE_ONLY}
_NOT_FOR_FOREIGNERS = {"NOFORN", "NF"}

_MARKS = {
    "UNCLAS": Level.UNCLASSIFIED,
    "UNCLASSIFIED": Level.UNCLASSIFIED,
    "LIMITEDOFFICIALUSE": Level.LIMITED_OFFICIAL_USE,
    "RESTRICTED": Level.RESTRICTED,
    "CONFIDENTIAL": Level.CONFIDENTIAL,
    "SECRET": Level.SECRET,
    "TOPSECRET": Level.TOP_SECRET,
}
_PORTION_LEVELS = {name: level for level in Level for name in (level.abbreviation, level.value)}
_PORTION_CONTROLS = {"NOFORN": "NF", "N": "NF"}
_LONGEST_PORTION_MARK = 120


class ClassificationLine(NamedTuple):
    """What line 12 says. The year of the MRN is not on it and left open."""

    level: Level | None
    """None where the mark cannot be read; line 4 has it too."""
    caveats: tuple[str, ...]
    as_written: str
    span: Span
    section: Section | None
    mrn: Mrn | None
    mark: Span
    """Where the mark stands; empty where none does."""


def build_classification(
    part: Part,
    reading: Reading,
    station: str | None,
    station_serial: int | None = None,
    originator: str | None = None,
) -> ClassificationLine:
    """Read line 12 (FORMAT.md section 4).

    ``station`` and ``station_serial`` are routing indicator and serial of line 3, ``originator`` is the name of line 6.
    They decide which post a name with a wrong letter stands for, and which figures stand behind letters in a serial.
    Never fails: an unreadable mark, section or serial is none and has a diagnostic.
    """
    written = part.text.strip()
    start = part.start + part.text.find(written)
    level: Level | None = None
    caveats: list[str] = []
    section: Section | None = None
    mrn: Mrn | None = None
    mark = reading.span(start, start)
    children: list[Any] = grammar.read("markings", part.text, "classification").children
    for child in children:
        if hasattr(child, "data"):
            if child.data == "station":
                mrn = _mrn(child, part, reading, _Sender(station, station_serial, originator))
            else:
                section = section or _section(child, part, reading)
        elif child.type == "CAVEAT":
            caveats.append(_caveat(child))
        elif child.type == "GLUED_CAVEAT":
            caveats.append(_caveat(child))
            reading.repair("word-in-number", part.start + child.start_pos, part.start + child.end_pos, f"{child} ")
        elif child.type == "DAMAGED_MARK":
            mark = reading.span(part.start + child.start_pos, part.start + child.end_pos)
            level = _mend_mark(child, part, reading)
        elif child.type in Level.__members__:
            level = Level[child.type]
            letters = [len(word) for word in child.split()]
            if min(letters) == 1 < max(letters):  # SE C R E T, C ONFIDENTIAL
                reading.repair(
                    "classification-letters", part.start + child.start_pos, part.start + child.end_pos, level.value
                )
    if level is None:
        reading.diagnose("CK101", start, start + len(written), "the classification cannot be read")
    span = reading.span(start, start + len(written))
    return ClassificationLine(level, tuple(caveats), written, span, section, mrn, mark)


def banner(level: Level, caveats: Iterable[str], captions: Iterable[str]) -> str:
    """Return the usual one-line form of a classification, ``SECRET//NOFORN`` (``classification.csv``).

    Captions of distribution such as NODIS are no part of it.
    """
    words = {*caveats, *captions}
    if level is Level.SBU or (level is Level.UNCLASSIFIED and words & _SENSITIVE):
        return f"{Level.UNCLASSIFIED}//{FOR_OFFICIAL_USE_ONLY}"
    if words & _NOT_FOR_FOREIGNERS:
        return f"{level}//NOFORN"
    return level.value


def build_portion_mark(part: Part, reading: Reading) -> PortionMark | None:
    """Read a mark in parentheses, one of which may be lost (FORMAT.md section 11.1); none where it is no mark.

    Small letters are marks here, ``(c)`` too: whoever asks has seen that it stands where a mark stands.
    """
    written = part.text.strip()
    if len(written) > _LONGEST_PORTION_MARK or (mark := _read_mark(written)) is None:
        return None
    start = part.start + part.text.find(written)
    if mark.mended:
        reading.repair("portion-mark", start, start + len(written), f"({'//'.join(mark.signs)})")
    return PortionMark.model_construct(
        level=mark.level,
        controls=mark.signs[1:],
        entire_text=mark.entire_text,
        as_written=written,
        span=reading.span(start, start + len(written)),
    )


class _Sender(NamedTuple):
    """Who sent the cable, by its header."""

    station: str | None
    serial: int | None
    originator: str | None


class _Mark(NamedTuple):
    level: Level
    signs: tuple[str, ...]
    """Abbreviation of the level, then the controls."""
    entire_text: bool
    mended: bool


@lru_cache(maxsize=4096)
def _read_mark(written: str) -> _Mark | None:
    """Read the text of a mark. The same few stand thousands of times."""
    try:
        tree = grammar.read("markings", " ".join(written.split()), "portion_mark")
    except grammar.Unreadable:
        return None
    level = Level.UNCLASSIFIED
    controls: list[str] = []
    entire_text = False
    mended = tree.data == "damaged_mark"
    tokens: list[Any] = tree.children
    for token in tokens:
        sign = token.upper()
        if token.type == "PORTION_LEVEL":
            level = _PORTION_LEVELS[sign]
        elif token.type == "PERMUTED":
            level = Level.SECRET if "S" in sign else Level.CONFIDENTIAL
            controls.append("NF")
            mended = True
        elif token.type == "ENTIRE_TEXT":
            entire_text = True
        else:
            controls.append(_PORTION_CONTROLS.get(sign, sign.strip()))
    return _Mark(level, (level.abbreviation, *controls), entire_text, mended)


def _caveat(token: str) -> str:
    """Return a caveat in its regular form: ``E F T O`` is EFTO."""
    words = token.upper().split()
    return "".join(words) if max(map(len, words)) == 1 else " ".join(words)


def _mend_mark(token: Any, part: Part, reading: Reading) -> Level | None:
    """Find the mark that damaged letters were (FORMAT.md section 19.5); none where no single mark is near."""
    letters = "".join(token.upper().split())
    near = nearest(letters, _MARKS)
    if len(near) != 1:
        return None
    reading.repair("classification-letters", part.start + token.start_pos, part.start + token.end_pos, near[0])
    return _MARKS[near[0]]


def _section(tree: Tree, part: Part, reading: Reading) -> Section | None:
    """Read ``SECTION 01 OF 02``; the last one may be ``FINAL SECTION OF 02``."""
    children: list[Any] = tree.children
    tokens = {token.type: token for token in children}
    of = _figures(tokens.get("TOTAL") or tokens.get("GARBLED_TOTAL"))
    number = _figures(tokens.get("SECTION_NUMBER") or tokens.get("GARBLED_NUMBER")) or (
        of if "FINAL" in tokens else None
    )
    start, end = part.start + int(tree.start_pos), part.start + int(tree.end_pos)
    if number is None:
        reading.diagnose("CK101", start, end, "the section number cannot be read")
        return None
    glued = "FINAL" not in tokens and not children[0].endswith(" ")
    if glued or any(name.startswith("GARBLED") for name in tokens):
        reading.repair("section-word", start, end, f"SECTION {number:02d}" + (f" OF {of:02d}" if of else ""))
    return Section.model_construct(number=number, of=of, span=reading.span(start, end))


def _figures(written: str | None) -> int | None:
    """Return figures as a number, the letters that look like 0 and 1 among them; none where another sign is."""
    figures = (written or "").translate(LOOK_ALIKES)
    return int(figures) if figures.isdecimal() else None


def _mrn(tree: Tree, part: Part, reading: Reading, sender: _Sender) -> Mrn | None:
    """Read post and serial; none where one of them cannot be read."""
    tokens: list[Any] = tree.children
    words = [token for token in tokens if token.type == "POST_WORD"]
    last = tokens[-1]
    for token in tokens:
        if token.type == "STRAY_WORD":
            reading.repair(
                "word-in-number", part.start + token.start_pos, part.start + token.start_pos + len(token.strip()), ""
            )
    first = words[0].start_pos if words else tokens[0].start_pos
    start, end = part.start + first, part.start + last.end_pos
    if any(token.type == "REDACTED_POST" for token in tokens):
        reading.diagnose("CK105", start, end, "the post is redacted")
        return None
    if last.type == "POST_WORD":
        reading.diagnose("CK101", start, end, "no serial stands behind the post")
        return None
    serial = int(last) if last.type == "SERIAL" else _mend_serial(last, sender.serial)
    if serial is None:
        reading.diagnose("CK101", part.start + last.start_pos, end, f"the serial {last} is not all figures")
        return None
    if last.type != "SERIAL":
        reading.repair("serial-letter", part.start + last.start_pos, end, f"{serial:0{len(last)}d}")
    return Mrn.model_construct(
        year=None,
        year_source="none",
        post=_post(" ".join(words), start, part.start + words[-1].end_pos, reading, sender),
        serial=serial,
        as_written=part.text[first : last.end_pos],
        span=reading.span(start, end),
    )


def _mend_serial(written: str, station_serial: int | None) -> int | None:
    """Take the figures for letters from line 3, which has the last four of the serial (FORMAT.md section 2.3)."""
    if station_serial is None:
        return None
    front, back = written[:-4].translate(LOOK_ALIKES), written[-4:]
    figures = f"{station_serial:04d}"[-len(back) :]
    agree = all(sign == figure or sign.isalpha() for sign, figure in zip(back, figures, strict=True))
    return int(front + figures) if agree and (front.isdecimal() or not front) else None


def _post(name: str, start: int, end: int, reading: Reading, sender: _Sender) -> str:
    """Return the key of a post; one with a wrong letter is the near one that line 3 or 6 names (FORMAT.md 19.7)."""
    if post := posts.find(name):
        return post.post
    if then := documents.find(name):
        return then[0]
    near: tuple[Post, ...] = posts.near(name)
    named = [post for post in near if sender.station and post.routing_indicator == sender.station]
    if not named and sender.originator and (post := posts.find(sender.originator)) in near:
        named = [post]
    if len(named) == 1:
        reading.repair("post-letter", start, end, named[0].post)
        return named[0].post
    likely = near[0].post if len(near) == 1 else None
    reading.diagnose("CK105", start, end, f"{name} is in no list of posts", likely)
    return "".join(filter(str.isalnum, name.upper()))
