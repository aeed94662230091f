"""A record to a `Cable`: the text is read as any other, what the container says is compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablekit.build.cable import parse_source
from cablekit.model import Publication, Span
from cablekit.sources.kinds import CABLES
from cablekit.sources.record import Metadata
from cablekit.text import read_text

if TYPE_CHECKING:
    from cablekit.model import Cable
    from cablekit.sources.record import Record


def parse_record(record: Record) -> Cable:
    """Read the cable of a record.

    Where the container says anything of it, it is a cable, whatever its form; else raises `NotACableError`. A line of
    JSON Lines is a cable that was read before.
    """
    if record.provenance.kind == CABLES:
        from cablekit.sources import jsonl

        return jsonl.cable(record.data)
    return parse_source(
        read_text(record.data if record.text is None else record.text),
        record.sha256,
        certain=record.metadata != Metadata(),
        publication=_publication(record.metadata),
        provenance=record.provenance,
    )


def _publication(metadata: Metadata) -> Publication | None:
    """Return what the container says as what a publisher says, with which the cable's own words are compared."""
    stated = {
        "reference_id": metadata.reference_id,
        "title": metadata.title,
        "date": metadata.date.isoformat(" ", "minutes") if metadata.date else None,
        "classification": metadata.classification,
        "origin": metadata.origin,
    }
    if all(value is None for value in stated.values()):
        return None
    return Publication(**stated, stated_in="container", span=Span(0, 0))
