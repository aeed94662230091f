"""``cablekit sources``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import click

from cablekit.cli.inputs import Inputs, source_options
from cablekit.cli.program import Exit, complain, show, write_utf8

if TYPE_CHECKING:
    from cablekit.sources.record import Failure, Record


@dataclass
class _Found:
    """What there is of one kind."""

    records: int = 0
    bytes: int = 0
    largest: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    """By their reasons."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, with the failures in it.")
@source_options
def sources(inputs: Inputs, as_json: bool) -> Exit:
    """List what is in dumps, without parsing it.

    SOURCE is what `cablekit parse` takes: a file, a folder or an archive; - or nothing is standard input. The table has
    a row for each kind of source: records, their bytes, the largest one, failures by their reasons. Each failure is
    reported on standard error too.

    \b
    Example:
      cablekit sources dump.zip
      cablekit sources --json cables/ > inventory.json

    \b
    Exit codes: 0 all read, 1 something could not be read, 2 the command was
    not understood, 3 nothing could be read, 4 the output cannot be written.
    """
    kinds: dict[str, _Found] = {}
    if as_json:
        _write_document(inputs, kinds)
    else:
        for name, item in inputs.items():
            if failure := _add(item, kinds):
                complain(name, failure.message, failure.advice)
        _show(kinds)
    return inputs.exit_code


def _add(item: Record | Failure, kinds: dict[str, _Found]) -> Failure | None:
    """Count a record or a failure, and return the latter."""
    from cablekit.sources.record import Record

    found = kinds.setdefault(item.provenance.kind, _Found())
    if not isinstance(item, Record):
        found.failures[item.reason] = found.failures.get(item.reason, 0) + 1
        return item
    size = len(item.data)
    found.records += 1
    found.bytes += size
    found.largest = max(found.largest, size)
    return None


def _write_document(inputs: Inputs, kinds: dict[str, _Found]) -> None:
    """Write the failures as they come, however many, then the kinds."""
    write_utf8('{\n  "failures": [', end="")
    before = "\n    "
    for _, item in inputs.items():
        if failure := _add(item, kinds):
            write_utf8(before + json.dumps(asdict(failure), ensure_ascii=False), end="")
            before = ",\n    "
    rows = ",\n    ".join(json.dumps({"kind": kind, **asdict(found)}) for kind, found in sorted(kinds.items()))
    write_utf8(f'\n  ],\n  "kinds": [\n    {rows}\n  ]\n}}')


def _show(kinds: dict[str, _Found]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("kind", style="bold")
    for heading in ("records", "bytes", "largest"):
        table.add_column(heading, justify="right")
    table.add_column("failures")
    for kind, found in sorted(kinds.items()):
        failures = ", ".join(f"{count} {reason}" for reason, count in sorted(found.failures.items()))
        table.add_row(kind, f"{found.records:,}", f"{found.bytes:,}", f"{found.largest:,}", failures)
    show(table)
