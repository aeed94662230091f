"""``cablekit archive build``."""

from __future__ import annotations

import click

from cablekit.cli.account import account
from cablekit.cli.inputs import Size
from cablekit.cli.program import Exit, complain
from cablekit.cli.progress import counted
from cablekit.cli.stopping import Stopping


@click.group()
def archive() -> None:
    """Make archives of what was parsed elsewhere.

    \b
    Example:
      cablekit archive build parts/ -o cables.db
    """


@archive.command()
@click.argument("parts", nargs=-1, required=True, metavar="PART...")
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False), help="The archive.")
@click.option("--reparse", is_flag=True, help="Parse what another cablekit read, or none.")
@click.option(
    "--partial", is_flag=True, help="Take folders that lack parts, or their end, and shards that lack others."
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Processes that make rows; 0 makes them in this one.  [default: one for each core]",
)
@click.option("--max-record", type=Size(), default=64 << 20, show_default="64M", metavar="SIZE", help="Of one record.")
@click.option("--quiet", is_flag=True, help="Write neither progress nor summary.")
def build(
    parts: tuple[str, ...],
    output: str,
    reparse: bool,
    partial: bool,
    workers: int | None,
    max_record: int,
    quiet: bool,
) -> Exit:
    """Make the searchable archive from Parquet parts.

    PART is a part, a folder of parts, a pattern or a URL of these; see `cablekit convert --to parquet`. What was read
    is put in as it is, in the order of the parts, so the archive is the one that converting the sources directly makes.
    The same command goes on after an interruption.

    \b
    Example:
      cablekit archive build parts/ -o cables.db
      cablekit archive build 's3://bucket/parts/part-00*.parquet' -o cables.db
      cablekit archive build records/ --reparse -o cables.db

    \b
    Exit codes: 0 all archived, or there already, 1 some rejected, 2 the command
    was not understood, 3 a part is missing, damaged or of another cablekit, 4
    the archive cannot be written, 130 interrupted.
    """
    from cablekit.conversion.build import build as run
    from cablekit.errors import ArchiveError, ConversionError
    from cablekit.sources.limits import Limits

    try:
        with Stopping() as stopping, counted("building") as progress:
            summary = run(
                parts,
                output,
                reparse=reparse,
                partial=partial,
                limits=Limits(record=max_record),
                workers=workers,
                progress=None if quiet else progress,
                stop=stopping.is_wanted,
            )
    except (ArchiveError, ConversionError) as error:
        complain(error.where, error.what, error.advice)
        return Exit.OUTPUT
    if not quiet:
        account(summary)
    if not summary.complete:
        return Exit.INTERRUPTED
    if not summary.rejected:
        return Exit.DONE
    return Exit.PARTLY if summary.found > summary.rejected else Exit.NOTHING
