"""JSON Lines of cables, as ``cablekit parse --jsonl`` writes them: one `Cable` a line, of any schema version 1.x."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from pydantic import ValidationError

from cablekit.model import Cable
from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Provenance, Record

NAME = "jsonl"

_MARK = b"\xef\xbb\xbf"
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[ \t]*\"schema_version\"[ \t]*:")


@dataclass(frozen=True)
class ReadRecord(Record):
    """A record whose cable has been read before: nothing is parsed again."""

    cable: Cable = field(kw_only=True, repr=False)

    def parse(self) -> Cable:
        """Return the cable as it was written."""
        return self.cable


def recognises(head: bytes, _name: str) -> bool:
    """Tell by the first field of a cable; an object that goes over several lines begins otherwise."""
    return _BEGINNING.match(head) is not None


def read(stream: BinaryIO, place: Provenance, limits: Limits) -> Iterator[Record | Failure]:
    """Give a record for each line that is a cable, a failure for each other one; blank lines are passed over."""
    row = end = 0
    while line := stream.readline(limits.record + 1):
        row, start, end = row + 1, end, end + len(line)
        too_large = len(line) > limits.record and not line.endswith(b"\n")
        while too_large and line and not line.endswith(b"\n"):
            line = stream.readline(limits.record + 1)
            end += len(line)
        data = line.rstrip(b"\r\n")
        here = replace(place, row=row, start=start, end=end if too_large else start + len(data))
        if too_large:
            yield failure("too-large", here, f"the line is larger than {limits.record:,} bytes")
        elif data.strip():
            yield _item(data, here)


def cable(line: bytes) -> Cable:
    """Return the cable of a line; raises `ValidationError`."""
    return Cable.model_validate_json(line.removeprefix(_MARK))


def _item(data: bytes, place: Provenance) -> Record | Failure:
    try:
        return ReadRecord(data, place, cable=cable(data))
    except ValidationError as error:
        return failure(
            "malformed",
            place,
            _what_is_wrong(data.removeprefix(_MARK), error),
            "write the line anew with cablekit parse --jsonl",
        )


def _what_is_wrong(text: bytes, error: ValidationError) -> str:
    """Say at which column a line is no JSON, or which of its fields is wrong."""
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        return f"column {wrong.colno}: is no JSON ({wrong.msg})"
    except (ValueError, RecursionError) as wrong:
        return f"is no JSON ({wrong})"
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"is no cable: {f'field {where}: ' if where else ''}{first['msg']}"
