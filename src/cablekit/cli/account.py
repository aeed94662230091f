"""What `cablekit convert` says at its end."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from cablekit.cli.program import write
from cablekit.export.storage import is_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cablekit.conversion.summary import Summary

_WIDTH = 110
_MOST = 12
"""Diagnostics that are told."""


def account(summary: Summary) -> None:
    """Write what became of the records."""
    rate = summary.bytes / summary.seconds / 1e6 if summary.seconds else 0.0
    write(f"{summary.output}: {_records(summary.found)}, {summary.bytes / 1e6:,.1f} MB, {rate:,.1f} MB/s")
    _figure("archived", summary.archived, "layout ", summary.layouts)
    _figure("duplicates", summary.duplicates)
    _figure("rejected", summary.rejected, "", summary.reasons)
    _figure("skipped", summary.skipped)
    if summary.editions:
        write(f"  {summary.editions:,} of the archived are further editions or sections of messages")
    years = {str(year or "unknown"): count for year, count in summary.years.items()}
    _list("years", dict(sorted(years.items())))
    common = dict(summary.diagnostics.most_common(_MOST))
    _list("odd", common, f" and {len(summary.diagnostics) - _MOST} more" if len(summary.diagnostics) > _MOST else "")
    _slowest(summary)
    if summary.rejected:
        write(f"  {_where_rejected(str(summary.output))}")
    if not summary.complete:
        write("  interrupted: the same command goes on from here")


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _where_rejected(output: str) -> str:
    """Say where rejected records are to be seen."""
    path = Path(output)
    if path.suffix == ".jsonl":
        return f"see {path.stem}.rejected.jsonl"
    if is_url(output) or path.is_dir():
        return "they are the rows with a reason; see docs/parquet.md"
    return f"see them: cablekit rejected list {shlex.quote(output)}"


def preview_account(summary: Summary) -> None:
    """Write what there is to convert."""
    write(f"would convert {_records(summary.found)}, {summary.bytes / 1e6:,.1f} MB; nothing was written")
    names = dict.fromkeys(name for name, _ in summary.sources)
    for name in names:
        parts = Counter({part: count for (of, part), count in summary.sources.items() if of == name})
        read = {part: count for part, count in parts.items() if part in summary.layouts}
        rejected = {part: count for part, count in parts.items() if part not in summary.layouts}
        write(f"{name}: {_records(parts.total())}")
        _figure("cables", sum(read.values()), "layout ", read)
        _figure("rejected", sum(rejected.values()), "", rejected)
    _list("years", {str(year or "unknown"): count for year, count in sorted(summary.years.items(), key=str)})
    _slowest(summary)
    if not summary.complete:
        write("  interrupted: there may be more")


def _figure(name: str, count: int, label: str = "", parts: Mapping[str, int] | None = None) -> None:
    told = ", ".join(f"{label}{part} {number:,}" for part, number in sorted((parts or {}).items()))
    write(f"  {name:<11}{count:>11,}{f'  ({told})' if told else ''}")


def _list(name: str, parts: Mapping[str, int], more: str = "") -> None:
    if parts:
        # Lines are not broken at a no-break space.
        told = ", ".join(f"{part}\xa0{number:,}" for part, number in parts.items()) + more
        for line in wrap(told, _WIDTH, initial_indent=f"  {name:<11}", subsequent_indent=" " * 13):
            write(line.replace("\xa0", " "))


def _slowest(summary: Summary) -> None:
    from cablekit.rendering.facts import printable

    for at, (seconds, place) in enumerate(summary.slowest):
        write(printable(f"  {'slowest' if at == 0 else '':<11}{seconds:>11.3f} s  {place}"))
