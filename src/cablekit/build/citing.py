"""Which telegram a reference means: its post, serial and year as the citing cable has them (FORMAT.md 9 and 9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cablekit.build.reading import Reading
from cablekit.model import Mrn, Reference
from cablekit.model.labels import ReferenceKind
from cablekit.vocabulary import documents, posts
from cablekit.vocabulary.table import squeeze

_DEPARTMENT = "STATE"
_LARGEST_SERIAL = 999_999
LONGEST_SERIAL = 6
"""Figures of it."""

_SHORTEST_NAME = 4
"""A post without a serial needs a name that is no abbreviation to be told from any other word."""

_SERIALS_A_DAY = {_DEPARTMENT: 400}
_BUSY = 15
"""What a busy post sends a day, and the Department. A higher serial cited in January has hardly been reached."""

_FIRST_YEAR = 1960
"""The earliest year that two digits stand for where the cable's own year is unknown."""


@dataclass(slots=True, eq=False)
class Item:
    """An item that remarks may still be added to. Positions are those of the text."""

    kind: ReferenceKind
    letter: str | None
    start: int
    text_start: int
    text_end: int
    end: int
    post: str | None = None
    serial: int | None = None
    year: int | None = None
    near: tuple[str, ...] | None = None
    """Posts with almost this name, where the post is in no list."""
    others: tuple[str, ...] = ()
    """Further posts that went by this name when the cable was sent."""
    remarks: list[str] = field(default_factory=list)


class Citing:
    """The cable that cites: what a name, a number and a year left out stand for in it."""

    def __init__(self, reading: Reading, year: int | None, on: date | None, post: str | None) -> None:
        """Take its year, day and post, as far as they are known."""
        self.reading = reading
        self.year = year
        self.on = on
        self.post = post

    def find_post(self, token: Any, offset: int) -> tuple[str | None, tuple[str, ...] | None, tuple[str, ...]]:
        """Return the key of a post, the posts with almost its name where it is in no list, and others of its name.

        ``offset`` is where the text begins that the token is of.
        """
        if token.type == "EMBTEL":
            return self.post, None, ()
        if token.type == "DEPTEL":
            return _DEPARTMENT, None, ()
        name, start = str(token), offset + token.start_pos
        if self.of_record_copies and (found_then := self._find_post_then(name, start)):
            return found_then[0], None, found_then[1:]
        if found := posts.find(name):
            return found.post, None, ()
        if meant := posts.garbled(name):
            self.reading.repair("post-letter", start, start + len(name), meant.post)
            return meant.post, None, ()
        return squeeze(name), tuple(post.post for post in posts.near(name)), ()

    @property
    def of_record_copies(self) -> bool:
        """Tell whether posts may be cut as document numbers cut them, or bear their names of that time."""
        return self.year is not None and self.year in documents.YEARS

    def _find_post_then(self, name: str, start: int) -> tuple[str, ...]:
        """Return the posts that a name of 1973-79 may stand for, one whose first letter is lost included."""
        if found := documents.find(name):
            # A post's full name is no cut one of another, but further missions may go by it.
            whole = squeeze(name)
            return tuple(dict.fromkeys((whole, *documents.namesakes(name)))) if whole in found else found
        restored = documents.with_first_letter(name)
        end = start + len(name)
        if len(restored) == 1:
            self.reading.repair("post-first-letter", start, end, restored[0])
        elif restored:
            self.reading.diagnose("CK105", start, end, f"{name} may be {' or '.join(restored)}")
        return restored

    def serial(self, written: str, end: int) -> int | None:
        """Return the serial that ends at a position; none where it is cut off, 0 or too long to be one."""
        if written.endswith("."):
            return None
        digits = "".join(written.split()).replace("O", "0")
        if digits != written:
            self.reading.repair("letter-in-serial", end - len(written), end, digits)
        serial = int(digits)
        return serial if 0 < serial <= _LARGEST_SERIAL else None

    def full_year(self, token: str) -> int:
        """Return the year that a token ends with; two digits stand for the year nearest to the cable's own."""
        digits = token.rstrip(")")[-4:]
        if len(digits) == 4 and digits.isdigit():
            return int(digits)
        latest = _FIRST_YEAR + 99 if self.year is None else self.year + 49
        return latest - (latest - int(digits[-2:])) % 100

    def parted(self, token: Any) -> tuple[str, str]:
        """Return a serial, and what stands behind the blank inside it where that may be a number of its own."""
        first, _, rest = token.partition(" ")
        six = rest[:1] in ("0", "O") and len(first + rest) == LONGEST_SERIAL
        one = token.type != "BROKEN_SERIAL" or not rest or six or self.of_record_copies
        return (str(token), "") if one else (first, rest)

    def reference(self, item: Item, for_all: Sequence[str]) -> Reference:
        """Build the model of an item; ``for_all`` are remarks on every one."""
        text = " ".join(self.reading.source.text[item.text_start : item.text_end].split())
        kind = item.kind
        mrn = None
        candidates: tuple[Mrn, ...] = ()
        if kind == "cable" and item.post and item.serial is not None:
            mrn, candidates = self._mrn(item, item.post, text)
        elif kind == "cable" or (kind == "text" and len(text) >= _SHORTEST_NAME and posts.find(text)):
            kind = "cable"
            self.reading.diagnose("CK104", item.start, item.end, f"{text} does not tell which telegram is meant")
        return Reference.model_construct(
            kind=kind,
            letter=item.letter,
            mrn=mrn,
            candidates=candidates,
            text=text,
            remarks=(*item.remarks, *(remark for remark in dict.fromkeys(for_all) if remark not in item.remarks)),
            span=self.reading.span(item.start, item.end),
        )

    def _mrn(self, item: Item, post: str, text: str) -> tuple[Mrn, tuple[Mrn, ...]]:
        """Build the message reference number of an item, and its other readings."""
        year = item.year or self.year
        fields: dict[str, Any] = {
            "serial": item.serial,
            "as_written": text,
            "year_source": "written" if item.year else "dtg" if year else "none",
            "year_inferred": bool(year and not item.year),
            "span": self.reading.span(item.text_start, item.text_end),
        }
        mrn = Mrn.model_construct(year=year, post=post, **fields)
        candidates = [
            Mrn.model_construct(year=year, post=near, **fields) for near in (*(item.near or ()), *item.others)
        ]
        if item.near is not None:
            likely = item.near[0] if len(item.near) == 1 else None
            self.reading.diagnose("CK105", item.text_start, item.text_end, f"the post {post} is in no list", likely)
        if (
            year
            and not item.year
            and self.on
            and self.on.month == 1
            and mrn.serial > self.on.day * _SERIALS_A_DAY.get(post, _BUSY)
        ):
            last_year = Mrn.model_construct(year=year - 1, post=post, **fields)
            candidates.append(last_year)
            self.reading.diagnose(
                "CK502", item.text_start, item.text_end, f"the year left out of {text} may be last year", str(last_year)
            )
        return mrn, tuple(candidates)
