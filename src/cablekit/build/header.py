"""Header tree to `Header` (header.lark; FORMAT.md sections 2, 3, 14.3)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cablekit import grammar
from cablekit.build.lines import visible_start
from cablekit.build.reading import LOOK_ALIKES, Part, Reading
from cablekit.model import (
    Addressee,
    DateTimeGroup,
    Distribution,
    Header,
    Level,
    OfficeCopies,
    Precedence,
    Routing,
    Security,
    Span,
    Station,
    TransmissionId,
)
from cablekit.vocabulary import collectives

if TYPE_CHECKING:
    from cablekit.grammar import Token, Tree

PRECEDENCES = {
    "Z": Precedence.FLASH,
    "Y": Precedence.EMERGENCY,
    "O": Precedence.IMMEDIATE,
    "P": Precedence.PRIORITY,
    "R": Precedence.ROUTINE,
}
PRECEDENCE_WORDS = {
    "FLASH": Precedence.FLASH,
    "IMMEDIATE": Precedence.IMMEDIATE,
    "IMMED": Precedence.IMMEDIATE,
    "NIACT": Precedence.NIACT_IMMEDIATE,
    "NIACT IMMEDIATE": Precedence.NIACT_IMMEDIATE,
    "PRIORITY": Precedence.PRIORITY,
    "ROUTINE": Precedence.ROUTINE,
}
_WARNINGS = {
    "U": Level.UNCLASSIFIED,
    "E": Level.UNCLASSIFIED,
    "R": Level.RESTRICTED,
    "C": Level.CONFIDENTIAL,
    "S": Level.SECRET,
    "T": Level.TOP_SECRET,
}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class HeaderPart(NamedTuple):
    """What a header yields: the model, and the rule that read each of its lines with the line's start."""

    header: Header
    lines: tuple[tuple[str, int], ...]


def build_header(part: Part, reading: Reading) -> HeaderPart:
    """Read the routing header. Lines that no rule knows are reported as ``unparsed`` lines and change nothing else."""
    text = part.text if part.text.endswith("\n") else part.text + "\n"
    return _HeaderBuilder(part, reading).build(grammar.read("header", text))


class _HeaderBuilder:
    """Holds what was read so far; the first of each line counts, address lists grow."""

    def __init__(self, part: Part, reading: Reading) -> None:
        self.part = part
        self.reading = reading
        self.junk: list[tuple[str, int]] = []
        """Lines of the address list read last that are no addressees, as ``lines`` has them."""

    def build(self, tree: Tree) -> HeaderPart:
        fields: dict[str, Any] = {}
        lists: dict[str, list[Addressee]] = {"action": [], "info": [], "exempt": []}
        offices: list[tuple[Span, tuple[OfficeCopies, ...], int | None]] = []
        lines: list[tuple[str, int]] = []
        last = "info"
        for line in grammar.rules(tree):
            rule = str(line.data)
            lines.append((_RULES.get(rule, rule), self.part.start + line.start_pos))
            if rule in ("to", "info", "exempt"):
                last = last if rule == "exempt" else "action" if rule == "to" else rule
                self.addressees(line, lists[last], lists["exempt"])
                lines += self.junk
            elif rule == "originator":
                fields.setdefault("originator", self.addressee(self.mended(grammar.tokens(line))))
            elif rule == "distribution":
                offices.append(self.offices(line))
            elif rule in _ONCE and rule not in fields:
                fields[rule] = getattr(self, rule)(line)
        station: Station | None = fields.get("station")
        if "dtg" in fields:
            fields["dtg"] = self.moment(fields["dtg"], station)
        if offices:
            fields["distribution"] = Distribution.model_construct(
                offices=tuple(office for _, pairs, _ in offices for office in pairs),
                total=offices[-1][2],
                span=Span(offices[0][0].start, offices[-1][0].end),
            )
        end = self.part.start + len(self.part.text.rstrip())
        header = Header.model_construct(
            span=self.reading.span(self.part.start, end),
            **fields,
            action=tuple(lists["action"]),
            info=tuple(lists["info"]),
            exempt=tuple(lists["exempt"]),
        )
        return HeaderPart(header, tuple(lines))

    def span(self, first: Token, last: Token | None = None) -> Span:
        """Return the span from a token to the visible end of the same or a later one."""
        last = first if last is None else last
        start = self.part.start + visible_start(first)
        return self.reading.span(start, self.part.start + last.start_pos + len(last.rstrip()))

    def transmission_id(self, line: Tree) -> TransmissionId:
        token = grammar.tokens(line)[0]
        text = token.rstrip()
        sign = text[5:8]
        channel = sign if len(sign) == 3 and sign.isalpha() else None
        digits = text[8:]
        return TransmissionId.model_construct(
            text=text, channel=channel, sequence=digits if digits.isdigit() else None, span=self.span(token)
        )

    def routing(self, line: Tree) -> Routing:
        digraph, indicators, *_ = grammar.tokens(line)
        return Routing.model_construct(
            precedence=PRECEDENCES[digraph[0]],
            indicators=tuple(indicators.split()),
            span=self.span(digraph, indicators),
        )

    def station(self, line: Tree) -> Station:
        tokens = {token.type: token for token in grammar.tokens(line)}
        filed = tokens["FILED"].strip().rstrip("Z") if "FILED" in tokens else ""
        day = int(filed[:3]) if filed else 0
        at = _time(filed[3:5], filed[5:7]) if filed else None
        section = tokens.get("STATION_SECTION")
        known = [token for token in grammar.tokens(line) if token.type != "REMARK"]
        return Station.model_construct(
            routing_indicator=tokens["STATION_RI"].strip(),
            serial=int("".join(sign for sign in tokens["STATION_SERIAL"] if sign.isdigit())),
            section=int(section.strip()[1:]) if section else None,
            day_of_year=day if 1 <= day <= 366 else None,
            time_filed=at,
            span=self.span(known[0], known[-1]),
        )

    def security(self, line: Tree) -> Security:
        children = grammar.tokens(line)
        tokens = {token.type: str(token) for token in children}
        group = tokens.get("SECURITY_GROUP", "").strip() or None
        return Security.model_construct(
            as_written=self.written(line),
            signal=tokens["SECURITY_SIGNAL"].strip(),
            group=group,
            level=_WARNINGS.get(group[0]) if group and len(set(group[:5])) == 1 else None,
            signals=tuple(tokens.get("SIGNALS", "").split()),
            span=self.span(children[0], children[-1]),
        )

    def written(self, line: Tree) -> str:
        return " ".join("".join(grammar.tokens(line)).split())

    def dtg(self, line: Tree) -> tuple[Tree, dict[str, str]]:
        return line, {token.type: token.strip() for token in grammar.tokens(line)}

    def moment(self, read: tuple[Tree, dict[str, str]], station: Station | None) -> DateTimeGroup:
        """Read line 5; an impossible day is rebuilt from line 3, which repeats it as day of the year (section 2.5)."""
        line, tokens = read
        children = grammar.tokens(line)
        span = self.span(children[0], children[-1])
        figures = tokens["DATE_TIME"].rstrip("Z ").translate(LOOK_ALIKES)
        month = tokens["MONTH"].upper().replace("0", "O")
        year = tokens.get("YEAR", "").translate(LOOK_ALIKES)
        utc = _moment(figures, month, year)
        start = self.part.start + line.start_pos
        end = start + len("".join(children).rstrip())
        group = [token for token in children if token.type in ("DATE_TIME", "MONTH", "YEAR")]
        written = "".join(group).upper().replace("Z", "").replace(" ", "")
        if utc and written != figures + month + year:
            self.reading.repair("dtg-letters", *self.regular(group, utc))
        if utc is None:
            utc = _from_station(year, station)
            if utc is None:
                self.reading.diagnose("CK102", start, end, f"no date in {self.written(line)!r}")
            else:
                self.reading.repair("dtg-from-station-line", *self.regular(group, utc))
        return DateTimeGroup.model_construct(
            as_written=self.written(line),
            utc=utc,
            precedences=tuple(PRECEDENCES[token[0]] for token in children if token.type == "PRECEDENCE_LETTER"),
            signals=tuple(tokens.get("SIGNALS", "").split()),
            span=span,
        )

    def regular(self, group: list[Token], utc: datetime) -> tuple[int, int, str]:
        """Return where day, time, month and year stand, and how they are written."""
        start, last = self.part.start + group[0].start_pos, group[-1]
        end = self.part.start + last.start_pos + len(last.rstrip())
        return start, end, f"{utc:%d%H%M}Z {MONTHS[utc.month - 1]} {utc:%y}"

    def addressees(self, line: Tree, found: list[Addressee], exempt: list[Addressee]) -> None:
        """Add the addressees of a list, and those that it exempts (section 2.9).

        The name behind XMT and bare names below it are exempted; a further name with a routing indicator, or a
        collective, goes on with the list before.
        """
        exempting = first = line.data == "exempt"
        self.junk = []
        one: list[Token] = []
        for token in [*self.mended(grammar.tokens(line)), None]:
            kind = token.type if token is not None else ""
            if one and kind not in _BEHIND_NAME:
                addressee = self.addressee(one)
                exempting = first or (exempting and not (addressee.routing_indicator or addressee.collective))
                first = False
                (exempt if exempting else found).append(addressee)
                one = []
            if token is None:
                break
            if kind == "XMT_NAME":
                exempt.append(self.exempted(token))
            elif kind == "JUNK":
                self.junk.append(("unparsed", self.part.start + token.start_pos))
            elif kind in _NAMES or (one and kind in _BEHIND_NAME):
                one.append(token)

    def mended(self, tokens: list[Token]) -> list[Token]:
        """Note that FM, TO or INFO lost its first letter, or was misread; return the tokens behind the word."""
        kind = tokens[0].type if tokens else ""
        if kind not in _LOST and kind not in _MISREAD:
            return tokens
        start = self.part.start + (tokens[0].start_pos or 0)
        end = start + len(tokens[0].rstrip())
        if kind in _LOST:
            self.reading.repair("header-word", start, end, _LOST[kind])
        else:
            self.reading.repair("address-label", start, end, _MISREAD[kind])
        return tokens[1:]

    def exempted(self, token: Token) -> Addressee:
        name = token.strip().rstrip(",")
        start = self.part.start + token.start_pos
        return Addressee.model_construct(
            routing_indicator=None,
            name=name,
            precedence=None,
            serial=None,
            collective=False,
            span=self.reading.span(start, start + len(name)),
        )

    def addressee(self, tokens: list[Token]) -> Addressee:
        routing = precedence = serial = None
        name = ""
        for token in tokens:
            kind = token.type
            if kind == "PLAD":
                name = token.rstrip().rstrip(",")
            elif kind == "ROUTED_PLAD":
                routing, _, name = token.rstrip().rstrip(",").partition("/")
            elif kind == "PRECEDENCE":
                precedence = self.precedence(token)
            else:
                written = token.strip()
                serial = "".join(written.split())
                if serial != written:
                    start = self.part.start + token.start_pos + token.index(written)
                    self.reading.repair("mcn-blanks", start, start + len(written), serial)
        return Addressee.model_construct(
            routing_indicator=routing,
            name=name,
            precedence=precedence,
            serial=serial,
            collective=collectives.holds(name),
            span=self.span(tokens[0], tokens[-1]),
        )

    def precedence(self, token: Token) -> Precedence:
        word = " ".join(token.split())
        if word in PRECEDENCE_WORDS:
            return PRECEDENCE_WORDS[word]
        meant = Precedence.PRIORITY if word[0] == "P" else Precedence.IMMEDIATE
        start = self.part.start + visible_start(token)
        self.reading.repair("precedence-letter", start, start + len(word), meant.value)
        return meant

    def offices(self, line: Tree) -> tuple[Span, tuple[OfficeCopies, ...], int | None]:
        role, *pairs = tokens = grammar.tokens(line)
        total = None
        if pairs[-1].type == "TOTAL":
            total = int("".join(sign for sign in pairs.pop() if sign.isdigit()))
        word = role.strip(" \t\n:")
        return self.span(role, tokens[-1]), tuple(_office(pair.strip(), word) for pair in pairs), total


@lru_cache(maxsize=4096)
def _office(pair: str, role: Any) -> OfficeCopies:
    """Read ``EUR-12``. (The same offices stand in most messages.)"""
    office, _, number = pair.rpartition("-")
    return OfficeCopies.model_construct(office=office.strip(), copies=int(number), role=role)


_MISREAD = {"DAMAGED_FM": "FM", "DAMAGED_TO": "TO"}
_NAMES = frozenset({"PLAD", "ROUTED_PLAD"})
_BEHIND_NAME = frozenset({"PRECEDENCE", "NUMBER"})
_LOST = {"LOST_F": "FM", "LOST_T": "TO", "LOST_I": "INFO"}
_ONCE = frozenset({"transmission_id", "routing", "station", "security", "dtg"})
_RULES = {"other": "unparsed", "to": "action"}


def _time(hour: str, minute: str) -> time | None:
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None


def year_of(digits: str) -> int | None:
    """Read a year of two or four digits: 66-99 is 19xx, 00-65 is 20xx (FORMAT.md section 2.5)."""
    if not digits.isdecimal():  # none, or a Q among them
        return None
    year = int(digits)
    if len(digits) == 4:
        return year
    return 1900 + year if year >= 66 else 2000 + year


def _moment(date_time: str, month: str, digits: str) -> datetime | None:
    year = year_of(digits)
    if year is None or month.upper() not in MONTHS or not date_time.isdecimal():
        return None
    at = _time(date_time[2:4], date_time[4:6])
    if at is None:
        return None
    try:
        return datetime(year, MONTHS.index(month.upper()) + 1, int(date_time[:2]), at.hour, at.minute, tzinfo=UTC)
    except ValueError:
        return None


def _from_station(digits: str, station: Station | None) -> datetime | None:
    year = year_of(digits)
    if year is None or station is None or station.day_of_year is None or station.time_filed is None:
        return None
    try:
        day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=station.day_of_year - 1)
    except (ValueError, OverflowError):
        return None
    if day.year != year:  # day 366 of a common year
        return None
    return day.replace(hour=station.time_filed.hour, minute=station.time_filed.minute)
