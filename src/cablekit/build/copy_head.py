"""Lines in the head of a copy: a damaged line 5, the dashes line, the drafting block (copy_head.lark)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from cablekit import grammar
from cablekit.build.header import MONTHS, PRECEDENCES, year_of
from cablekit.build.reading import Part, Reading
from cablekit.model import DateTimeGroup, Drafting, Officer, Relay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cablekit.grammar import Token

_FIGURES = str.maketrans("OILUSBQD", "01105800")
_LETTERS = {"₽": "P", "0": "O"}
_LIKE_Z = "27"
"""Figures that the Z behind the time is misread for."""
_CORE = frozenset({"FIGURES", "ZULU", "MONTH_NAME", "YEAR_FIGURES"})
_LABELS = {"DRAFTED": "DRAFTED BY", "APPROVED": "APPROVED BY"}
_OF_A_MOMENT = 6
"""Figures of day, hour and minute. One more or one less cannot be mended safely (FORMAT.md section 14.6)."""


def build_loose_dtg(part: Part, reading: Reading, years: range, *, of_image: bool = False) -> DateTimeGroup:
    """Read line 5 with blanks in any part, a month in full, no Z, letters for figures (FORMAT.md sections 14.6, 19.23).

    ``years`` are those the group can be of; in text read from page images, ``of_image``, a seventh figure may be the Z.
    Whatever else stands there gives no date, and diagnostic CK102.
    """
    written = " ".join(part.text.split())
    start = part.start + len(part.text) - len(part.text.lstrip())
    end = part.start + len(part.text.rstrip())
    tokens: list[Token] = []
    try:
        tokens = grammar.tokens(grammar.read("copy_head", part.text.strip(), "loose_dtg"))
    except grammar.Unreadable:
        reading.diagnose("CK102", start, end, f"no date in {written!r}")
    found = {token.type: token.strip() for token in tokens}
    utc = None
    if tokens:
        utc = _moment(found, years, of_image)
        if utc is None:
            year = _year(found, years)
            outside = f": {year} is not of {years[0]}-{years[-1]}" if year is not None and year not in years else ""
            reading.diagnose("CK102", start, end, f"no date in {written!r}{outside}")
        else:
            core = [token for token in tokens if token.type in _CORE]
            first, last = core[0].start_pos, core[-1].start_pos + len(core[-1].rstrip())
            _mend(found, utc, start, Part(part.text.strip()[first:last], start + first), reading)
    return DateTimeGroup.model_construct(
        as_written=" ".join(reading.source.source[slice(*reading.span(start, end))].split()),
        utc=utc,
        precedences=tuple(
            PRECEDENCES[_LETTERS.get(token[0], token[0])]
            for token in tokens
            if token.type in ("PRECEDENCE_LETTER", "MISREAD_LETTER")
        ),
        signals=tuple(token.strip() for token in tokens if token.type == "SIGNAL"),
        span=reading.span(start, end),
    )


def _mend(found: dict[str, str], utc: datetime, start: int, part: Part, reading: Reading) -> None:
    """Note how a date-time group was mended; ``part`` goes from its figures to its year, line 5 begins at ``start``."""
    figures, year, month = found["FIGURES"], found["YEAR_FIGURES"], found["MONTH_NAME"]
    misread = found.get("MISREAD_LETTER")
    plain = figures.isdecimal() and len(figures) == _OF_A_MOMENT and year.isdecimal()
    if plain and "ZULU" in found and not misread and " " not in month and " Z" not in part.text:
        return  # as it should be
    as_read = f"{utc:%d%H%MZ %b %y}".upper()
    if misread:
        reading.repair("dtg-misread", start, part.end, f"{_LETTERS[misread]} {as_read}")
    elif "Z" not in part.text and len("".join(figures.split())) > _OF_A_MOMENT:
        reading.repair("dtg-misread", part.start, part.end, as_read)
    elif any(map(str.isalpha, figures + year)):
        reading.repair("dtg-letters", part.start, part.end, as_read)
    elif " " in figures + year + month or " Z" in part.text:
        reading.repair("dtg-blanks", part.start, part.end, as_read)
    elif "ZULU" not in found:
        reading.repair("dtg-zulu", part.start, part.end, as_read)


def _moment(found: dict[str, str], years: range, of_image: bool) -> datetime | None:
    figures = "".join(found["FIGURES"].split()).translate(_FIGURES)
    if of_image and len(figures) == _OF_A_MOMENT + 1 and "ZULU" not in found and figures[-1] in _LIKE_Z:
        figures = figures[:-1]
    month = "".join(found.get("MONTH_NAME", "").split())[:3].upper().replace("0CT", "OCT")
    year = _year(found, years)
    if len(figures) != _OF_A_MOMENT or month not in MONTHS or year is None or year not in years:
        return None
    day, hour, minute = int(figures[:2]), int(figures[2:4]), int(figures[4:])
    try:
        return datetime(year, MONTHS.index(month) + 1, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _year(found: dict[str, str], years: range) -> int | None:
    """Return the year, of the century that the group can be of."""
    year = year_of("".join(found.get("YEAR_FIGURES", "").split()).translate(_FIGURES))
    return year - 100 if year is not None and year not in years and year - 100 in years else year


def build_relay(part: Part, reading: Reading) -> Relay:
    """Read the dashes line (FORMAT.md section 14.4)."""
    written = part.text.strip()
    start = part.start + part.text.index(written)
    tokens = {token.type: token.strip(" /") for token in grammar.tokens(grammar.read("copy_head", written, "dashes"))}
    filed = tokens.get("FILED", "")
    day, hour, minute = (int(filed[at : at + 2] or 0) for at in (0, 2, 4))
    return Relay.model_construct(
        count=tokens["COUNT"].replace(" ", "") if "COUNT" in tokens else None,
        day=day if 1 <= day <= 31 else None,
        time_filed=time(hour, minute) if filed and hour < 24 and minute < 60 else None,
        copies=int(tokens["COPIES"]) if "COPIES" in tokens else None,
        span=reading.span(start, start + len(written)),
    )


class DraftingBuilder:
    """Collects the lines of a drafting block; behind the first label come those that it goes on for."""

    def __init__(self, reading: Reading) -> None:
        """Start empty."""
        self.reading = reading
        self.groups: dict[str, list[Officer]] = {"drafted_by": [], "approved_by": [], "cleared_by": []}
        self.desired: list[str] = []
        self.wanted = False
        self.ends: list[int] = []

    def take(self, token: Token) -> None:
        """Take one line."""
        kind, part = token.type, Part(str(token), token.start_pos)
        self.ends += (part.start + len(part.text) - len(part.text.lstrip()), part.start + len(part.text.rstrip()))
        if kind == "DESIRED_DISTRIBUTION":
            self.wanted = True
            self.desired += _offices(part.text.partition("DISTRIB")[2].removeprefix("UTION"))
            return
        if kind == "CLEARANCE" and self.wanted:
            self.desired += _offices(part.text)
            return
        group = {"DRAFTED_BY": "drafted_by", "APPROVED_BY": "approved_by"}.get(kind, "cleared_by")
        if kind != "CLEARANCE":
            self.wanted = False
        if part.text.strip(" \t\n:=-"):
            self.groups[group] += build_officers(part, self.reading)

    def finish(self) -> Drafting | None:
        """Build the model; none where no line was taken."""
        if not self.ends:
            return None
        return Drafting.model_construct(
            drafted_by=tuple(self.groups["drafted_by"]),
            approved_by=tuple(self.groups["approved_by"]),
            cleared_by=tuple(self.groups["cleared_by"]),
            desired_distribution=tuple(self.desired),
            span=self.reading.span(self.ends[0], self.ends[-1]),
        )


def _offices(words: str) -> Sequence[str]:
    return [word.strip(" .:") for word in words.replace(",", " ").split() if word.strip(" .:=-")]


def build_officers(part: Part, reading: Reading) -> list[Officer]:
    """Read one line of a drafting block; what names nobody gives nobody."""
    written = part.text.strip()
    start = part.start + part.text.index(written)
    try:
        tree: Any = grammar.read("copy_head", written, "officer")
    except grammar.Unreadable:
        return [Officer.model_construct(office=None, name=written, span=reading.span(start, start + len(written)))]
    tokens = grammar.tokens(tree)
    for token in tokens:
        if (label := _LABELS.get(token.type)) and token.rstrip(" :=-") != label:
            reading.repair("drafting-label", start + token.start_pos, start + len(token.rstrip(" :=-")), label)
    office = next((token.strip() for token in tokens if token.type == "OFFICE"), None)
    names = [token.strip(" .") for token in tokens if token.type == "NAME"]
    remark = next((token.strip("() ") for token in tokens if token.type == "REMARK"), None)
    if len(names) > 1 and remark is None:
        remark = names[-1]
    if office is None and not names:
        return []
    first = min(token.start_pos for token in tokens if token.type not in _LABELS)
    return [
        Officer.model_construct(
            office=office,
            name=names[0] if names else None,
            remark=remark or None,
            span=reading.span(start + first, start + len(written)),
        )
    ]
