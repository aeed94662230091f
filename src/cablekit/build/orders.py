"""The E.O. line and Classified By: trees to models (FORMAT.md sections 6, 10, 14.9, 19.10, 19.11)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cablekit import grammar
from cablekit.build.header import MONTHS
from cablekit.build.reading import LOOK_ALIKES, Part, Reading
from cablekit.model import ClassifiedBy, ExecutiveOrder
from cablekit.vocabulary import orders

if TYPE_CHECKING:
    from cablekit.grammar import Tree

_FIRST_YEAR_OF_CENTURY = 66
"""Two-digit years from here on are of the 1900s, lower ones of the 2000s (FORMAT.md section 2.5)."""
_GARBLED = {"GARBLED_NOT_APPLICABLE": "N/A", "GARBLED_SCHEDULE": "GDS", "GARBLED_DECLASSIFY": "DECL"}
_LONGEST_NAME = 5
"""Words. More are a position whose end cannot be told from the name."""


def build_executive_order(part: Part, reading: Reading, on: date | None) -> ExecutiveOrder:
    """Read the E.O. line (FORMAT.md sections 6, 14.9).

    ``on`` is the date of the cable; it decides which order a damaged number stands for. Never fails: a date that cannot
    be read is none and has a diagnostic.
    """
    written = part.text.strip()
    start = part.start + part.text.find(written)
    end = start + len(written)
    number: int | None = None
    dates: dict[str, date] = {}
    schedules: list[str] = []
    event: str | None = None
    unread = False
    children: list[Any] = grammar.read("markings", part.text, "executive_order").children
    for child in children:
        if hasattr(child, "data"):
            if (day := _date(child.children[-1])) is None:
                unread = True
            else:
                dates.setdefault("downgrade_on", day)
        elif child.type in ("EO_NUMBER", "GARBLED_EO_NUMBER"):
            number = _number(child, part, reading, on)
        elif child.type in ("DATE", "GARBLED_DATE", "SPELLED_DATE"):
            if child.type == "GARBLED_DATE":
                read = child.translate(LOOK_ALIKES)
                reading.repair("date-letter", part.start + child.start_pos, part.start + child.end_pos, read)
            if schedules and schedules[0].startswith("RDS"):
                event = event or str(child)  # the day of a review, not of declassification
            elif (day := _date(child)) is None:
                unread = True
            else:
                dates.setdefault("declassify_on", day)
        elif child.type in ("NOT_APPLICABLE", "SCHEDULE", "EXEMPTION"):
            schedules.append(_schedule(child))
        elif child.type == "GARBLED_EO_LABEL":
            reading.repair(
                "eo-label",
                part.start + child.start_pos,
                part.start + child.start_pos + len(child.rstrip(" :;")),
                "E.O.",
            )
        elif child.type in _GARBLED:
            read = _GARBLED[child.type]
            reading.repair("eo-value", part.start + child.start_pos, part.start + child.end_pos, read)
            if read != "DECL":
                schedules.append(read)
        elif child.type == "REST" and not dates and not schedules and any(map(str.isalpha, child)):
            event = " ".join(child.split())
    if unread or not (dates or schedules or event):
        reading.diagnose("CK103", start, end, "no date, schedule or event can be read")
    return ExecutiveOrder.model_construct(
        number=number,
        declassify_on=dates.get("declassify_on"),
        downgrade_on=dates.get("downgrade_on"),
        schedule=", ".join(schedules) or None,
        event=event,
        as_written=written,
        span=reading.span(start, end),
    )


def build_classified_by(part: Part, reading: Reading) -> ClassifiedBy:
    """Read the Classified By paragraph (FORMAT.md section 10).

    Never fails: name and position are none where they cannot be told apart, reasons are those that can be read.
    """
    written = part.text.strip()
    start = part.start + part.text.find(written)
    phrases: list[Tree] = []
    reasons: tuple[str, ...] = ()
    label = ""
    children: list[Any] = grammar.read("markings", part.text, "classified_by").children
    for child in children:
        if not hasattr(child, "data"):
            label = label or child.type
            if child.type == "DAMAGED_CLASSIFIED_BY":
                label = "CLASSIFIED_BY"
                end = part.start + child.start_pos + len(child.rstrip())
                reading.repair("classified-by-label", part.start + child.start_pos, end, "Classified By:")
        elif child.data == "reasons":
            reasons = _reasons(child)
            for token in grammar.tokens(child):
                if token.type in ("BROKEN_REASON", "BROKEN_AND"):
                    first = part.start + token.start_pos
                    reading.repair("wrap-blank", first, first + len(token), "".join(token.split()))
        else:
            phrases.append(child)
    # Derived from: a guide or another document. Without the label nothing says that this is a person.
    name, position = _who(phrases, part.text) if label == "CLASSIFIED_BY" else (None, None)
    return ClassifiedBy.model_construct(
        name=name,
        position=position,
        reasons=reasons,
        derived_from=label == "DERIVED",
        as_written=" ".join(written.split()),
        span=reading.span(start, start + len(written)),
    )


def _number(token: Any, part: Part, reading: Reading, on: date | None) -> int | None:
    """Return the number of the order; damaged figures are those of the order that they must have been."""
    figures = token.rstrip(" :;")
    if figures.isdecimal() and orders.find(int(figures)):
        return int(figures)
    start = part.start + token.start_pos
    end = start + len(figures)
    meant = _order_meant(figures.translate(LOOK_ALIKES), on)
    if meant is None:
        reading.diagnose("CK503", start, end, f"executive order {figures} is in no list")
        return int(figures) if figures.isdecimal() else None
    reading.repair("eo-digits", start, end, str(meant))
    return meant


def _order_meant(figures: str, on: date | None) -> int | None:
    """Find the one order whose figures these are, in another order or one of them wrong.

    One slip of either kind tells the order by itself; where it leaves several, or both slips came together, the order
    must be the one of the cable's date.
    """
    of_the_day = orders.on(on) if on else None
    known = [(order.number, str(order.number)) for order in orders.all()]
    slips = [number for number, right in known if _wrong(figures, right) <= 1 or sorted(figures) == sorted(right)]
    if len(slips) == 1:
        return slips[0]
    if of_the_day and (of_the_day.number in slips or (not slips and _lost(figures, str(of_the_day.number)) == 1)):
        return of_the_day.number
    return None


def _wrong(figures: str, right: str) -> int:
    """Count the figures that are not the right ones in their places."""
    return sum(a != b for a, b in zip(figures, right, strict=True)) if len(figures) == len(right) else len(right)


def _lost(figures: str, right: str) -> int:
    """Count the right figures that are nowhere among these."""
    return sum(max(0, right.count(figure) - figures.count(figure)) for figure in set(right))


def _date(token: Any) -> date | None:
    """Return the day of a date token; none where there is no such day.

    Month first, but year first where the first part has four digits, day first where it is above 12 (FORMAT.md 19.11).
    """
    if token.type == "SPELLED_DATE":
        parts = token.replace(",", " ").replace(".", " ").split()
        month_at = 1 if parts[0].isdecimal() else 0
        month, day, year = MONTHS.index(parts[month_at][:3].upper()) + 1, int(parts[1 - month_at]), parts[2]
    else:
        first, second, third = (
            token.translate(LOOK_ALIKES).replace("-", "/").replace(".", "/").replace(" ", "").split("/")
        )
        if len(first) == len("2018"):
            first, second, third = second, third, first
        month, day, year = int(first), int(second), third
        if month > 12:
            month, day = day, month
    try:
        return date(_year(year), month, day)
    except ValueError:
        return None


def _year(written: str) -> int:
    """Return the year; raises `ValueError` unless two or four figures are written."""
    if len(written) == len("18"):
        return int(written) + (1900 if int(written) >= _FIRST_YEAR_OF_CENTURY else 2000)
    if len(written) == len("2018"):
        return int(written)
    raise ValueError(written)


def _schedule(token: Any) -> str:
    """Return the regular form: ``N/A``, ``XGDS-3``, ``X1``, ``25X1``."""
    if token.type == "NOT_APPLICABLE":
        return "N/A"
    code: str = token.upper().replace(" ", "")
    if token.type == "EXEMPTION":
        return code.removeprefix("1.5").removeprefix("1.6").strip("()").replace("X-", "X")
    letters = code.rstrip("1234-")
    return letters if letters == code else f"{letters}-{code[-1]}"


def _reasons(tree: Tree) -> tuple[str, ...]:
    """Return ``1.4(b)`` for each letter behind a number, ``1.4`` for a number without letters."""
    reasons: dict[str, list[str]] = {}
    number = ""
    tokens: list[Any] = tree.children
    for token in tokens:
        if token.type == "REASON_NUMBER":
            number = f"1.{token[-1]}"
            reasons.setdefault(number, [])
        elif number and token.type == "REASON_LETTER":
            reasons[number].append(f"{number}({token.lower()})")
    return tuple(dict.fromkeys(reason for number, letters in reasons.items() for reason in letters or [number]))


def _who(phrases: list[Tree], text: str) -> tuple[str | None, str | None]:
    """Tell name and position apart; what cannot be told is none.

    Certain are: a position and the name behind it (*DCM Anna Sample*), a name and the position behind a comma, a
    position and the name behind a comma, one of them alone.
    """

    def words(*trees: Tree) -> str:
        return " ".join(text[trees[0].start_pos : trees[-1].end_pos].split())

    def name(*trees: Tree) -> str | None:
        return words(*trees) if words(*trees).strip("Xx") else None  # a run of X is the publisher's redaction

    def is_name(tree: Tree) -> bool:
        return tree.data == "person" and len(tree.children) <= _LONGEST_NAME

    if not phrases:
        return None, None
    first, rest = phrases[0], phrases[1:]
    if first.data == "titled":
        position, person = first.children
        return (name(person), words(position)) if is_name(person) else (None, None)
    if is_name(first):
        surname_first = len(first.children) == 1 and bool(rest) and is_name(rest[0])  # SAMPLE, ANNA; DCM
        names = (first, rest.pop(0)) if surname_first else (first,)
        return name(*names), words(rest[0]) if rest and rest[0].data != "person" else None
    if first.data == "position":
        positions = [first]
        while rest and rest[0].data == "position":  # Charge d'Affaires, a.i.
            positions.append(rest.pop(0))
        return name(rest[0]) if rest and is_name(rest[0]) else None, words(*positions)
    return None, None
