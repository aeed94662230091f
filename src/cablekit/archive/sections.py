"""Sections that are records of their own, put together again as the one message that they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cablekit.model import Cable

# What every section adds to; all else is that of the first one.
_ADDED = ("references", "body", "release", "page_breaks", "diagnostics", "repairs", "nodes")


def joined(readings: Sequence[str], lengths: Sequence[int]) -> Cable:
    """Return one cable of the readings of its sections, in order.

    ``lengths`` are the characters of the sections' texts. Spans count through all of these, one line end in between:
    the header is that of the first section, the text that of all, the signature the last one that there is.
    """
    message, *others = map(json.loads, readings)
    offset = lengths[0]
    for section, length in zip(others, lengths[1:], strict=True):
        message["nodes"][-1]["span"][1] += 1  # the line end in between
        _shift(section, offset + 1)
        for name in _ADDED:
            message[name] += section[name]
        message["signature"] = section["signature"] or message["signature"]
        share = (length + 1) / (offset + 1 + length)
        message["coverage"] = min(1.0, message["coverage"] * (1 - share) + section["coverage"] * share)
        offset += 1 + length
    message["source"] = {"encoding": "str", "characters": offset}
    return Cable.model_validate_json(json.dumps(message))


def _shift(value: Any, offset: int) -> None:
    """Move all spans of a reading."""
    if isinstance(value, dict):
        if value.get("span"):
            value["span"] = [position + offset for position in value["span"]]
        for inner in value.values():
            _shift(inner, offset)
    elif isinstance(value, list):
        for inner in value:
            _shift(inner, offset)
