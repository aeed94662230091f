"""Days on which the systematic review released the telegrams of a year (``stamps.csv``; FORMAT.md section 14.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load


class Stamp(NamedTuple):
    """A year of telegrams and the day that is stamped on them."""

    year: int
    day: date
    source: str


def _build(record: Mapping[str, str]) -> Stamp:
    day = datetime.strptime(record["date"], "%d %b %Y").date()
    return Stamp(int(record["year"]), day, record["source"])


@cache
def all() -> tuple[Stamp, ...]:
    """Return all stamps."""
    return load("stamps.csv", _build)


def days(year: int) -> tuple[date, ...]:
    """Return the days that the telegrams of a year were released on; empty for a year outside 1973-79."""
    return tuple(stamp.day for stamp in all() if stamp.year == year)
