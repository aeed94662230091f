"""What the attribute Executive Order of 1973-79 records stands for (``eo_codes.csv``; FORMAT.md section 14.12)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load


class EoCode(NamedTuple):
    """A code and the schedule that it stands for."""

    code: str
    schedule: str
    source: str


def _build(record: Mapping[str, str]) -> EoCode:
    return EoCode(record["code"], record["schedule"], record["source"])


@cache
def all() -> tuple[EoCode, ...]:
    """Return all codes whose meaning is known."""
    return load("eo_codes.csv", _build)


def find(code: str) -> EoCode | None:
    """Return a code; case does not matter."""
    return _by_code().get(code.upper())


@cache
def _by_code() -> dict[str, EoCode]:
    return {entry.code: entry for entry in all()}
