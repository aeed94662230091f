"""A record to a `Cable`: the text is read as any other, what the container says is compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablekit.build.cable import parse_source
from cablekit.text import read_text

if TYPE_CHECKING:
    from cablekit.model import Cable
    from cablekit.sources.record import Record


def parse_record(record: Record) -> Cable:
    """Read the cable of a record; raises `NotACableError`."""
    return parse_source(read_text(record.data if record.text is None else record.text), record.sha256)
