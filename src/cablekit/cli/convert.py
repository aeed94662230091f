"""``cablekit convert``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cablekit.cli.account import account, preview_account
from cablekit.cli.inputs import Inputs, Size, source_options
from cablekit.cli.program import Exit, complain
from cablekit.cli.progress import converted
from cablekit.cli.stopping import Stopping

if TYPE_CHECKING:
    from cablekit.conversion.summary import Summary


@click.command()
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="The archive; with --to, what is written.")
@click.option(
    "--to",
    type=click.Choice(["archive", "jsonl", "parquet", "records"]),
    default="archive",
    show_default=True,
    help="Form of the output. jsonl: a file of JSON Lines; where FILE is a folder, a file for each cable in it. "
    "parquet: a folder of Parquet parts, or a URL of one. records: the same, unparsed, for a cluster to parse.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what there is, by source and layout.")
@click.option("--collection", default="", metavar="NAME", help="Keep this name with where the records stood.")
@click.option("--note", default="", metavar="TEXT", help="Keep this note with where the records stood.")
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Processes that parse; 0 parses in this one.  [default: one for each core]",
)
@click.option("--dask", metavar="ADDRESS", help="Parse on this Dask cluster: tcp://HOST:8786.")
@click.option("--shard", metavar="I/N", help="Convert the I-th of N parts; cablekit merge joins the archives.")
@click.option(
    "--record-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    metavar="NUMBER",
    help="Seconds that one record may take before it is rejected.",
)
@click.option(
    "--record-memory",
    type=Size(),
    default=1 << 30,
    show_default="1024M",
    metavar="SIZE",
    help="Memory that one record may take before it is rejected.",
)
@click.option("--only-changed", is_flag=True, help="Leave files out whose size and time of change are as they were.")
@click.option("--retry-rejected", is_flag=True, help="Parse records again that were rejected.")
@click.option("--force", is_flag=True, help="Read everything again; add to an archive of other sources.")
@click.option("--quiet", is_flag=True, help="Write neither progress nor summary.")
@click.option("--log", type=click.Path(dir_okay=False), metavar="FILE", help="Add JSON Lines on what is done to FILE.")
@source_options
def convert(inputs: Inputs, **options: Any) -> Exit:
    """Put dumps into an archive.

    SOURCE is what `cablekit parse` takes, once or several times. The archive is one SQLite file with the original
    bytes, all fields and a full-text index; it is made if it is not there. What is no cable is kept too, with the
    reason: see `cablekit rejected`. Without -o nothing is written: what there is, is counted.

    After an interruption the same command goes on: files that were read to their end are skipped if their bytes are as
    they were, and so are records that are in the archive. Ctrl-C ends behind what is being parsed, once more at once.

    \b
    Example:
      cablekit convert cables/ -o cables.db
      cablekit convert 1976.tar.gz 1977.tar.gz --collection "record copies" -o cables.db
      cablekit convert dump.zip -o cables.db --log convert.jsonl --quiet
      cablekit convert dump.zip --to jsonl -o cables.jsonl
      cablekit convert dump.zip --to parquet -o parts/
      cablekit convert cables/ --exclude drafts --since 2024-05-01 -o cables.db
      cablekit convert dump.zip --shard 3/16 -o shard-3.db
      cablekit convert s3://bucket/records --to parquet --dask tcp://head:8786 -o s3://bucket/parts
      cablekit convert dump.zip --dry-run

    \b
    Exit codes: 0 all archived, or there already, 1 some rejected, 2 the command
    was not understood, 3 nothing archived, 4 the output cannot be written,
    130 interrupted.
    """
    from cablekit.conversion.convert import convert as run
    from cablekit.conversion.preview import preview
    from cablekit.conversion.work import Bounds
    from cablekit.errors import ArchiveError, ConversionError

    _check_options(inputs, options)
    output, dry_run, quiet = options.pop("output"), options.pop("dry_run"), options.pop("quiet")
    given = {
        **inputs.options,
        "workers": options.pop("workers"),
        "bounds": Bounds(options.pop("record_seconds"), options.pop("record_memory")),
    }
    try:
        with Stopping() as stopping, converted(inputs.names, quiet=quiet) as tell:
            if output is None or dry_run:
                summary = preview(list(inputs.names), **given, progress=tell, stop=stopping.is_wanted)
            else:
                summary = run(list(inputs.names), output, **given, **options, progress=tell, stop=stopping.is_wanted)
    except (ArchiveError, ConversionError) as error:
        complain(error.where, error.what, error.advice)
        return Exit.OUTPUT
    if not quiet:
        (preview_account if output is None or dry_run else account)(summary)
    if not summary.complete:
        return Exit.INTERRUPTED
    if not summary.found:
        complain("the sources", "hold nothing to read", inputs.advice)
    return _exit(summary)


def _check_options(inputs: Inputs, options: Mapping[str, Any]) -> None:
    """Raise `click.UsageError` for options that do not fit each other."""
    from cablekit.conversion.convert import idle_option, parts_to_parts
    from cablekit.conversion.shard import Shard

    is_alone = options["output"] is None or options["dry_run"]
    if options["dask"] and (options["workers"] is not None or is_alone or options["to"] == "records"):
        other = "--workers" if options["workers"] is not None else "a dry run" if is_alone else "--to records"
        raise click.UsageError(f"--dask has no effect with {other}. Leave one out.")
    if options["shard"]:
        try:
            Shard.of(options["shard"])
        except ValueError as error:
            raise click.BadParameter(f"{error}; write 3/16.", param_hint="--shard") from None
        if is_alone:
            raise click.UsageError("--shard has no effect with a dry run. Leave one out.")
    are_parts = bool(parts_to_parts(inputs.names, options["to"], options["dask"], options["shard"]))
    if idle := idle_option({**inputs.options, **options}, options["to"], are_parts=are_parts):
        name, other = idle
        raise click.UsageError(f"--{name.replace('_', '-')} has no effect with {other}. Leave it out.")


def _exit(summary: Summary) -> Exit:
    if summary.found and not summary.rejected:
        return Exit.DONE
    return Exit.PARTLY if summary.found > summary.rejected else Exit.NOTHING
