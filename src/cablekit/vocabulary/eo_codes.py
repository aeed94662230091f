"""What the attribute Executive Order of 1973-79 records stands for (``eo_codes.csv``; FORMAT.md section 14.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cablekit.vocabulary.table import Keyed


class EoCode(NamedTuple):
    """A code and the schedule that it stands for."""

    code: str
    schedule: str
    source: str


def _build(record: Mapping[str, str]) -> EoCode:
    return EoCode(record["code"], record["schedule"], record["source"])


_TABLE = Keyed("eo_codes.csv", _build, lambda entry: entry.code)
all = _TABLE.all
find = _TABLE.find
