"""``cablekit convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cablekit.cli.inputs import Inputs, source_options
from cablekit.cli.program import Exit, complain, write
from cablekit.cli.progress import described

if TYPE_CHECKING:
    from cablekit.conversion.summary import Summary


@click.command()
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(), help="The archive.")
@click.option("--collection", default="", metavar="NAME", help="Keep this name with where the records stood.")
@click.option("--note", default="", metavar="TEXT", help="Keep this note with where the records stood.")
@source_options
def convert(inputs: Inputs, output: str, collection: str, note: str) -> Exit:
    """Put dumps into an archive.

    SOURCE is what `cablekit parse` takes. The archive is one SQLite file with the original bytes, all fields and a
    full-text index; it is made if it is not there, and added to if it is. What is in it from the same place is skipped,
    so the same command goes on after an interruption. What is no cable is kept too, with the reason.

    \b
    Example:
      cablekit convert cables/ -o cables.db
      cablekit convert 1976.tar.gz 1977.tar.gz --collection "record copies" -o cables.db

    \b
    Exit codes: 0 all archived, or there already, 1 some rejected, 2 the command
    was not understood, 3 nothing archived, 4 the archive cannot be written.
    """
    from cablekit.conversion.convert import convert as run
    from cablekit.errors import ArchiveError

    try:
        with described() as tell:
            summary = run(
                list(inputs.names),
                output,
                glob=inputs.glob,
                hidden=inputs.hidden,
                limits=inputs.limits,
                collection=collection,
                note=note,
                progress=tell and (lambda so_far: tell(_so_far(so_far))),
            )
    except ArchiveError as error:
        complain(error.where, error.what, error.advice)
        return Exit.OUTPUT
    _account(summary)
    if not summary.rejected and summary.found:
        return Exit.DONE
    return Exit.PARTLY if summary.archived or summary.duplicates or summary.skipped else Exit.NOTHING


def _so_far(summary: Summary) -> str:
    rate = summary.found / summary.seconds if summary.seconds else 0.0
    told = f"{summary.found:,} records, {summary.bytes / 1e6:,.1f} MB, {rate:,.0f} a second"
    return f"{told}, {summary.rejected:,} rejected"


def _account(summary: Summary) -> None:
    """Write the summary."""
    rate = summary.bytes / summary.seconds / 1e6 if summary.seconds else 0.0
    of = {
        "archived": ("layout", summary.layouts),
        "rejected": ("", summary.reasons),
    }
    write(f"{summary.output}: {summary.found:,} records, {summary.bytes / 1e6:,.1f} MB, {rate:,.1f} MB/s")
    figures = {
        "archived": summary.archived,
        "duplicates": summary.duplicates,
        "rejected": summary.rejected,
        "skipped": summary.skipped,
    }
    for name, count in figures.items():
        label, parts = of.get(name, ("", {}))
        told = ", ".join(" ".join(filter(None, (label, part, f"{number:,}"))) for part, number in sorted(parts.items()))
        write(f"  {name:<11}{count:>11,}{f'  ({told})' if told else ''}")
    if summary.editions:
        write(f"  {summary.editions:,} of the archived are further editions or sections of messages")
