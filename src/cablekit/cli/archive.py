"""``cablekit info``, ``verify``, ``reparse``, ``merge`` and ``upgrade``: commands for a whole archive."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cablekit.cli.program import Exit, complain, show, write, write_utf8
from cablekit.cli.progress import counted
from cablekit.errors import ArchiveError

if TYPE_CHECKING:
    from cablekit.archive.rewrite import Change
    from cablekit.archive.verify import Report

ARCHIVE = click.argument("path", metavar="ARCHIVE", type=click.Path(path_type=Path))


@click.command()
@ARCHIVE
@click.option("--fingerprint", "only_fingerprint", is_flag=True, help="Write nothing but the fingerprint.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def info(path: Path, only_fingerprint: bool, as_json: bool) -> Exit:
    """Tell what is in an archive.

    The fingerprint is the same for archives with the same records, readings and places, in whatever order they came.

    \b
    Example:
      cablekit info cables.db
      cablekit info --fingerprint cables.db
    """
    from cablekit.archive.archive import Archive

    if only_fingerprint and as_json:
        raise click.UsageError("--fingerprint and --json cannot be combined. Give one of them.")
    with Archive.open(path) as archive:
        if only_fingerprint:
            write(archive.fingerprint)
            return Exit.DONE
        found = archive.info()
    if as_json:
        write_utf8(json.dumps(asdict(found), indent=2, ensure_ascii=False))
        return Exit.DONE
    _show_pairs(
        {
            "format": found.format_version,
            "created": found.created,
            "cables": f"{found.cables:,} of {found.messages:,} messages",
            "editions": f"{found.editions:,} behind the preferred ones",
            "duplicates": f"{found.duplicates:,}",
            "rejected": f"{found.rejected:,}",
            "dates": f"{found.first} to {found.last}" if found.first else "none",
            "originals": f"{found.bytes / 1e6:,.1f} MB",
            "file": f"{found.size / 1e6:,.1f} MB",
            "sources": _some(found.sources),
            "parsed by": ", ".join(f"cablekit {one}" for one in found.parsers) or "nothing",
            "fingerprint": found.fingerprint,
        }
    )
    return Exit.DONE


_NAMED = 5


def _some(names: tuple[str, ...]) -> str:
    """Name the first few of many."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more if names else "none named"


@click.command()
@ARCHIVE
@click.option("--fast", is_flag=True, help="Leave out parsing again, the tables and the index.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def verify(path: Path, fast: bool, as_json: bool) -> Exit:
    """Check whether an archive is what it was.

    Every original is compared with its SHA-256 and parsed again; tables and index are compared with what was read.
    There are four answers: sound, damaged, nothing to check, not checked.

    \b
    Example:
      cablekit verify cables.db
      cablekit verify --fast cables.db

    \b
    Exit codes: 0 sound, 1 damaged, 2 the command was not understood, 3 nothing
    to check, or no archive, 4 not checked: the file cannot be read now.
    """
    from cablekit.archive.verify import Condition
    from cablekit.archive.verify import verify as check

    with counted("checking") as progress:
        report = check(path, fast=fast, progress=progress)
    if as_json:
        write_utf8(json.dumps(_as_json(report), indent=2, ensure_ascii=False))
    else:
        _show_report(report)
    return {
        Condition.SOUND: Exit.DONE,
        Condition.DAMAGED: Exit.PARTLY,
        Condition.NOTHING: Exit.NOTHING,
        Condition.UNCHECKED: Exit.OUTPUT,
    }[report.condition]


def _as_json(report: Report) -> dict[str, Any]:
    checks = [asdict(one) for one in report.checks]
    return {"archive": str(report.path), "condition": report.condition, "checks": checks}


def _show_report(report: Report) -> None:
    from rich.table import Table
    from rich.text import Text

    from cablekit.rendering.facts import printable

    grid = Table.grid(padding=(0, 2))
    for check in report.checks:
        told = "; ".join(check.findings) or f"{check.checked:,}"
        grid.add_row(check.name, Text(check.condition), Text(printable(told)))
    show(grid)
    write(f"{report.path}: {report.condition}")


@click.command()
@ARCHIVE
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Write a JSON object for each cable that is read otherwise.")
def reparse(path: Path, as_jsonl: bool) -> Exit:
    """Parse all records of an archive again, with this cablekit.

    What is read otherwise is told field by field. The archive is written anew beside itself and then replaced, if
    anything is new.

    \b
    Example:
      cablekit reparse cables.db
      cablekit reparse --jsonl cables.db > changes.jsonl

    \b
    Exit codes: 0 done, 2 the command was not understood, 3 no archive, 4 it
    cannot be written.
    """
    from cablekit.archive.rewrite import reparse as run

    def tell(change: Change) -> None:
        if as_jsonl:
            fields = [{"field": one.field, **one.values()} for one in change.differences]
            told = {"record": change.record_id, "name": change.name, "what": change.verdict, "fields": fields}
            write_utf8(json.dumps(told, ensure_ascii=False))
        else:
            write(f"{change.name}: {change.verdict}")
            for one in change.differences:
                write(f"  {one}")

    connect_first(path)
    try:
        with counted("parsing") as progress:
            result = run(path, tell, progress)
    except ArchiveError as error:
        complain(error.where, error.what, error.advice)
        return Exit.OUTPUT
    if not as_jsonl:
        what = "written anew" if result.is_replaced else "left as it was"
        write(f"{path}: {result.changed:,} read otherwise, {result.unchanged:,} as before; {what}")
    return Exit.DONE


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="ARCHIVE...", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The new archive.")
@click.option("--partial", is_flag=True, help="Merge shards though some are missing, or their counts differ.")
def merge(paths: tuple[Path, ...], output: Path, partial: bool) -> Exit:
    """Make one archive of several.

    Of shards, which cablekit convert --shard makes, all must be there, none twice and of the same sources; then the
    archive is the one that a single conversion makes.

    \b
    Example:
      cablekit merge 1976.db 1977.db -o both.db
      cablekit merge shard-*.db -o cables.db

    \b
    Exit codes: 0 done, 2 the command was not understood, 3 one is no archive,
    4 the new one cannot be written, or shards are missing.
    """
    from cablekit.archive.rewrite import merge as run

    for path in paths:
        connect_first(path)
    try:
        with counted("merging") as progress:
            outcomes = run(paths, output, progress, partial=partial)
    except ArchiveError as error:
        complain(error.where, error.what, error.advice)
        return Exit.OUTPUT
    write(f"{output}: " + ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items())))
    return Exit.DONE


@click.command()
@ARCHIVE
def upgrade(path: Path) -> Exit:
    """Bring an archive of an older cablekit to the present format.

    \b
    Example:
      cablekit upgrade cables.db

    \b
    Exit codes: 0 done, or not needed, 2 the command was not understood, 3 no
    archive, or of a newer format.
    """
    from cablekit.archive.rewrite import upgrade as run

    before, after = run(path)
    what = f"is of format version {after} already" if before == after else f"format version {before} became {after}"
    write(f"{path}: {what}")
    return Exit.DONE


def connect_first(path: Path) -> None:
    """Make sure that there is an archive to work with; raises `ArchiveError`."""
    from cablekit.archive.archive import Archive

    Archive.open(path).close()


def _show_pairs(pairs: dict[str, object]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    for name, value in pairs.items():
        grid.add_row(name, Text(str(value)))
    show(grid)
