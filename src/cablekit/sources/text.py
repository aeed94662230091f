"""Plain text: one cable, or several one after the other (FORMAT.md section 18).

With or without the five-line head of the publication, as it came or as a program drew it from a PDF. A text is cut
where a message begins (see `cablekit.sources.messages`), and never held beyond the message that is being read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from cablekit.build.header import MONTHS
from cablekit.build.publication import read_head
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.limits import Limits
from cablekit.sources.messages import LOOK_AHEAD, Messages, Start, has_text, next_start, start_at_once
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.sources.streams import at_once
from cablekit.text import decode

NAME = "text"

_CHUNK = 1 << 20
_SAMPLE = 1 << 8
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""Byte order marks of the encodings in which text holds zero bytes."""
_CONTROLS = bytes({*range(0x20)} - set(b"\t\n\v\f\r\x1b"))


def recognises(head: bytes, _name: str) -> bool:
    """Take any text: what is neither empty nor binary."""
    if head.startswith(_WIDE_MARKS):
        return True
    sample = head[:_SAMPLE]
    return bool(head) and b"\0" not in head and len(sample.translate(None, _CONTROLS)) > len(sample) * 9 // 10


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give a record for each message; one that is larger than the limit is a failure, and the next a record again."""
    if type(stream) is io.BytesIO:  # all of it is at hand
        data = stream.read()
        first = next_start(data, 0, len(data))
        if 0 < len(data) <= limits.record and not (first and _another_can_begin(data, first)):
            yield Record(data, place, _metadata(data, first))
            return
        stream = io.BytesIO(data)
    for begin, end, message, whole in _Cutter(stream, limits.record):
        here = place if whole else replace(place, start=begin, end=end)
        if begin == end:
            yield failure("empty", here, "is empty")
        elif message is None:
            yield failure("too-large", here, f"a message is larger than {limits.record:,} bytes")
        else:
            yield Record(message, here, _metadata(message, start_at_once(message)))


def _another_can_begin(data: bytes, first: Start) -> bool:
    """Tell whether a text may be more than one message. Most are one, and for these there is little else to do."""
    return next_start(data, first.end, len(data), published=first.published) is not None


class _Message(NamedTuple):
    """A stretch of the stream: its first byte, the one behind its last, the bytes, whether it is all of the stream."""

    begin: int
    end: int
    data: bytes | None
    """None where it is too large."""
    whole: bool = False


class _Cutter:
    """Cuts a stream where messages begin, and holds no more of it than the message that is being read."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._read = at_once(stream)
        self._limit = limit
        self._messages = Messages()
        self._buffer = b""
        self._before = 0
        """Bytes of the stream before the buffer."""
        self._searched = 0
        """How far in the buffer starts of messages were looked for."""
        self._begin = 0
        """Where in the stream the message begins; before the buffer, when it has grown too large."""
        self._has_text = False

    def __iter__(self) -> Iterator[_Message]:
        """Give the messages; there is always one, or the stream's `StreamError` behind those that are whole."""
        lost: StreamError | None = None
        try:
            while more := self._read(_CHUNK):
                self._buffer += more
                # (What a message is known by stands behind its first line.)
                if len(self._buffer) - LOOK_AHEAD > self._searched:
                    while message := self._next(len(self._buffer) - LOOK_AHEAD):
                        yield message
                    self._look(len(self._buffer) - LOOK_AHEAD)
                    self._let_go()
        except StreamError as error:
            lost = error
        while message := self._next(len(self._buffer)):
            yield message
        if lost:
            raise lost
        yield self._message(len(self._buffer), whole=self._begin == 0)

    def _next(self, until: int) -> _Message | None:
        """Return the message that ends where another one begins; none when none ends before there."""
        while start := next_start(self._buffer, self._searched, until, published=self._messages.published):
            self._look(start.offset)
            self._searched = start.end
            if self._messages.begins_another(start, self._has_text):
                message = self._message(start.offset)
                self._begin = self._before + start.offset
                self._has_text = False
                return message
        return None

    def _look(self, until: int) -> None:
        """Find out whether the message has come to its text, in what was not yet searched."""
        if until > self._searched:
            # (In a publication it does not matter.)
            if not (self._has_text or self._messages.published):
                self._has_text = has_text(self._buffer, self._searched, until)
            self._searched = until

    def _message(self, end: int, whole: bool = False) -> _Message:
        begin = self._begin - self._before
        data = self._buffer[begin:end] if begin >= 0 and end - begin <= self._limit else None
        return _Message(self._begin, self._before + end, data, whole)

    def _let_go(self) -> None:
        """Keep the message that is read; of one that is too large only the sign before what is still to be searched."""
        keep = self._begin - self._before
        if self._searched - keep > self._limit:
            keep = self._searched - 1
        self._buffer = self._buffer[keep:]
        self._before += keep
        self._searched -= keep


_NOTHING = Metadata()


def _metadata(data: bytes, first: Start | None) -> Metadata:
    """Read the five-line head, where the text begins with one."""
    if not first or first.offset or not first.headed:
        return _NOTHING
    end = first.end
    for _ in range(2):  # classification and origin stand behind what the head is recognised by
        end = data.find(b"\n", end) + 1 or len(data)
    head = read_head(decode(data[:end])[0])
    stated = {name: value for name, value in head._asdict().items() if value}
    return Metadata(head.reference_id, head.title, _date(head.date), None, head.origin, head.classification, (), stated)


@lru_cache(maxsize=64)  # what lies together is of one day as a rule
def _date(written: str) -> datetime | None:
    """Read ``Mon Aug 28 00:00:00 +0200 2006``: the day only, at midnight of the publisher."""
    try:  # (`strptime` takes twenty times as long, and the names of months as they are where it runs)
        _, month, day, midnight, zone, year = written.split(" ")
        return datetime.fromisoformat(f"{year}-{MONTHS.index(month.upper()) + 1:02}-{day}T{midnight}{zone}")
    except ValueError:
        return None
