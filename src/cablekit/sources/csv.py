"""The CSV of the Cablegate release (FORMAT.md section 18.1): one cable a row, in eight columns.

Number, date, reference id, origin, classification, references parted by bars, header, body; quote ``"``, escape ``\\``,
no doubled quotes, line breaks inside fields. The standard reader does the reading. It is not fed with lines, of which
a cable has a hundred, but with stretches that end where a row can end, so that a row and its bytes are had together, at
the reader's own speed. Where a quote is missing or too many, reading begins anew at the next line that has the form of
a row, and the bytes up to there are one failure.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, NamedTuple

from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.sources.streams import at_once
from cablekit.text import decode

NAME = "csv"

_COLUMNS = ("number", "date", "id", "origin", "classification", "references")
"""What stands before the two columns with the text; FORMAT.md has these words, the file has none."""

# The first three columns of a row: 12,"8/28/2006 18:06","06REYKJAVIK308",...
_BEGINNING = rb'["\d]\d{0,8}"?,"?(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})"?,"?\d{2}[A-Z]'
_BEGINNING_LENGTH = 48
"""No beginning of a row is longer."""
_ROW = re.compile(rb"(?:\xef\xbb\xbf)?" + _BEGINNING)
# Both begin with a fixed sign, which the search jumps to.
_NEXT_ROW = re.compile(rb"\n" + _BEGINNING)
_CLOSING_QUOTE = re.compile(rb'"\r?\n')
_CHUNK = 1 << 18
_MOST_QUOTED = 16
"""Rows without quotes that a field may quote."""


class _BrokenRowError(Exception):
    """The stretches from here on are no row: the reason of the failure, and what is wrong."""

    def __init__(self, message: str, reason: str = "malformed", is_rest: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.is_rest = is_rest
        """Whether it must be the rest of the row before: it has not even some of the columns of a row."""


class _Row(NamedTuple):
    """A row, its bytes, where they begin, and the match of its beginning."""

    fields: list[str]
    data: bytes
    start: int
    form: re.Match[bytes]


class _Stretches:
    """The stream in stretches that end where a row can end; what belongs to the current row is kept."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._read = at_once(stream)
        self._limit = limit
        self._buffer = b""
        self._from = 0
        """Where in the buffer the current row begins."""
        self._to = 0
        """Where the stretches of it that were given end."""
        self._ends: list[int] = []
        self._before = 0
        """Bytes of the stream before the buffer."""
        self._quoted = 0
        """How many stretches of the current row have the form of a row themselves."""

    def __iter__(self) -> Iterator[str]:
        """Give stretch after stretch, each decoded by itself; raises `_BrokenRowError` where a row grows too large."""
        while True:
            for index in range(bisect_right(self._ends, self._to), len(self._ends)):
                yield self._give(self._ends[index])
            if not self._fill():
                break
        if self._to < len(self._buffer):
            yield self._give(len(self._buffer))

    @property
    def start(self) -> int:
        """Where in the stream the current row begins."""
        return self._before + self._from

    @property
    def row(self) -> bytes:
        """The bytes of the current row."""
        return self._buffer[self._from : self._to]

    def finish_row(self) -> None:
        """Let the next row begin behind the current one."""
        self._from = self._to
        self._quoted = 0

    def skip_to_next(self) -> bool:
        """Give up the current row and go to the next line that has the form of one; tell whether there is any."""
        self._quoted = 0
        while not (found := _NEXT_ROW.search(self._buffer, self._from)):
            self._from = self._to = max(self._from, len(self._buffer) - _BEGINNING_LENGTH)
            if not self._fill():
                self._from = self._to = len(self._buffer)
                return False
        self._from = self._to = found.start() + 1
        return True

    def _give(self, end: int) -> str:
        if self._to > self._from and _ROW.match(self._buffer, self._to):
            # Inside a field its quotes would be escaped. Without quotes it can be quoted there, but not many times.
            self._quoted += 1
            if self._quoted > _MOST_QUOTED or self._buffer.startswith(b'"', self._to):
                raise _BrokenRowError("a quote is missing or too many")
        stretch = self._buffer[self._to : end]
        self._to = end
        if end - self._from > self._limit:
            raise self._too_large()
        try:
            return stretch.decode() if self._before or self._from else decode(stretch)[0]
        except UnicodeDecodeError:
            return decode(stretch)[0]

    def _fill(self) -> bool:
        """Let go what was before the current row and read on; tell whether there was anything."""
        known = len(self._buffer) - self._from
        if known > self._limit + _CHUNK:
            raise self._too_large()
        # (As much again as is held already: what is copied and searched anew stays in proportion.)
        more = self._read(max(_CHUNK, known))
        self._buffer = self._buffer[self._from :] + more
        self._before += self._from
        self._to -= self._from
        self._from = 0
        ends = {found.end() for found in _CLOSING_QUOTE.finditer(self._buffer)}
        ends.update(found.start() + 1 for found in _NEXT_ROW.finditer(self._buffer))
        self._ends = sorted(ends)
        return bool(more)

    def _too_large(self) -> _BrokenRowError:
        return _BrokenRowError(f"the row is larger than {self._limit:,} bytes", "too-large")


def recognises(head: bytes, name: str) -> bool:
    """Tell by the form of the first rows; any other table is taken by its name, to be refused with what it lacks."""
    if _ROW.match(head):
        return True
    end = head.find(b"\n")
    if head.count(b",", 0, end if end >= 0 else len(head)) < 2 or b"\0" in head:
        return False
    return (end >= 0 and bool(_ROW.match(head, end + 1))) or name.lower().endswith(".csv")


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give a record for each row, and one failure for each run of bytes in which there is none."""
    # (The reader knows one limit for all that use it; it is only ever raised, so nobody loses by it.)
    csv.field_size_limit(max(csv.field_size_limit(), limits.record))
    stretches = _Stretches(stream, limits.record)
    reader = _reader(stretches)
    lost: Failure | None = None
    held: Record | None = None  # the row before, behind what was lost; it is given when what follows is a row too
    number, is_table = 0, False
    while True:
        try:
            row = _next_row(reader, stretches)
        except _BrokenRowError as error:
            if held and error.is_rest:  # an unescaped quote at the end of a line looked like the end of the row
                here = held.provenance
            else:
                yield from _settled(lost, held)
                lost, number = (None if held else lost), number + 1
                here = replace(place, row=number, start=stretches.start)
            held = None
            lost = lost or failure(error.reason, here, error.message)
            is_table = is_table or _ROW.match(stretches.row) is not None
            if not stretches.skip_to_next():
                break
            reader = _reader(stretches)
            continue
        except StreamError:
            yield from _settled(lost, held)
            raise
        if lost and held:
            yield from _settled(lost, held)
            lost = None
        elif held:
            yield held
        if row is None:
            break
        number, is_table = number + 1, True
        # (`replace` would take a seventh of the whole time.)
        end = row.start + len(row.data)
        held = _record(row, Provenance(place.path, place.members, place.kind, number, None, row.start, end))
    if lost and not is_table:
        wrong = "is no table of the Cablegate form: no line begins with number, date (month/day/year) and reference id"
        yield failure(lost.reason, place, wrong, "convert it to eight columns in that order, or to one file a cable")
    elif lost:
        yield _until(stretches.start, lost)
    elif not is_table:
        yield failure("empty", place, "has no rows")


def _settled(lost: Failure | None, held: Record | None) -> Iterator[Record | Failure]:
    """Give the row before, and what was lost before that."""
    if held and lost:
        yield _until(held.provenance.start or 0, lost)
    if held:
        yield held


def _reader(stretches: _Stretches) -> Iterator[list[str]]:
    return csv.reader(iter(stretches), escapechar="\\", doublequote=False, strict=True)


def _next_row(reader: Iterator[list[str]], stretches: _Stretches) -> _Row | None:
    """Read the next row; none at the end. Raises `_BrokenRowError`, and then the bytes are still to be skipped."""
    while True:
        try:
            fields = next(reader, None)
        except csv.Error:
            wrong = "a quote is missing or too many"
            raise _BrokenRowError(wrong, is_rest=_is_rest(stretches.row)) from None
        if fields is None:
            return None
        if not fields:  # an empty line
            stretches.finish_row()
            continue
        start, data = stretches.start, stretches.row
        form = _ROW.match(data)
        if form and len(fields) == 8:
            stretches.finish_row()
            return _Row(fields, data.removesuffix(b"\n").removesuffix(b"\r"), start, form)
        if start > 0 or len(fields) != 8 or "\n" in data.rstrip(b"\r\n").decode("latin-1"):
            raise _BrokenRowError(_what_is_wrong(fields), is_rest=_is_rest(data))
        stretches.finish_row()  # names of columns


def _is_rest(data: bytes) -> bool:
    """Tell what follows a false end of a row from a row that is broken itself."""
    return _ROW.match(data) is None and data.partition(b"\n")[0].count(b'","') < 3


def _what_is_wrong(fields: list[str]) -> str:
    if len(fields) != 8:
        return f"the row has {len(fields)} columns, not 8"
    return "the row does not begin with number, date (month/day/year hour:minute) and reference id"


def _until(end: int, lost: Failure) -> Failure:
    """Let what was lost end somewhere."""
    return replace(lost, provenance=replace(lost.provenance, end=end))


def _record(row: _Row, place: Provenance) -> Record:
    *stated, header, body = row.fields
    _, _, reference_id, origin, classification, references = stated
    metadata = Metadata(
        reference_id=reference_id or None,
        date=_date(row.form),
        origin=origin or None,
        classification=classification or None,
        references=tuple(filter(None, references.split("|"))) if references else (),
        stated=dict(zip(_COLUMNS, stated, strict=True)),
    )
    return Record(row.data, place, metadata, f"{header}\n{body}" if header else body)


def _date(form: re.Match[bytes]) -> datetime | None:
    """Read the date of a row; it names no zone."""
    month, day, year, hour, minute = map(int, form.groups())
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None
