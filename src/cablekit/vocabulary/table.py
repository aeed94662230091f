"""Reads the CSV tables beside this module. Each row must name the source of its facts."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from cablekit.errors import CablekitError

Row = TypeVar("Row")


class TableError(CablekitError, ValueError):
    """A row of a table is malformed. The message names the file and the line."""


class Alias(NamedTuple):
    """Another written form; the remark says what is special about it: ``THEHA`` is how 1973-79 files cut it."""

    name: str
    remark: str | None = None


class Keyed(Generic[Row]):
    """A table whose rows are found by one word; read when it is first asked."""

    def __init__(self, name: str, build: Callable[[Mapping[str, str]], Row], key: Callable[[Row], str]) -> None:
        """Take the file, what builds a row, and what gives its key."""
        self._name, self._build, self._key = name, build, key

    def all(self) -> tuple[Row, ...]:
        """Return the rows in order."""
        return tuple(self._rows.values())

    def find(self, word: str) -> Row | None:
        """Return the row of a key; case does not matter."""
        return self._rows.get(word.casefold())

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {self._key(row).casefold(): row for row in load(self._name, self._build)}


def load(name: str, build: Callable[[Mapping[str, str]], Row]) -> tuple[Row, ...]:
    """Read a table of the package, each row through ``build``; raises `TableError` as `rows` does."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return rows(name, text.splitlines(keepends=True), build)


def rows(name: str, lines: Iterable[str], build: Callable[[Mapping[str, str]], Row]) -> tuple[Row, ...]:
    """Build a row from each record of a CSV table.

    Raises `TableError` on a record with too few or too many fields, without source, or that ``build`` refuses with
    `ValueError`.
    """
    reader = csv.reader(lines, strict=True)
    built = []
    try:
        columns = next(reader, [])
        for fields in filter(None, reader):
            if len(fields) != len(columns):
                raise ValueError(f"not {len(columns)} fields")
            record = dict(zip(columns, fields, strict=True))
            if not record["source"]:
                raise ValueError("no source")
            built.append(build(record))
    except (KeyError, ValueError, csv.Error) as error:
        fault = f"no column {error}" if isinstance(error, KeyError) else error
        raise TableError(f"{name}, line {reader.line_num}: {fault}") from error
    return tuple(built)


def alias(written: str) -> Alias:
    """Part a form from its remark: ``THEHA (1973-79)``."""
    name, _, remark = written.partition(" (")
    return Alias(name, remark.rstrip(")") or None)


def squeeze(name: str) -> str:
    """Reduce a name to what look-ups compare: capital letters and digits; no accents, blanks or punctuation."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    return (name if name.isalnum() else "".join(filter(str.isalnum, name))).upper()
