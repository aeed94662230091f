"""``cablekit show`` and ``cablekit diff``: one message of an archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cablekit.cli.program import Exit, complain, write, write_utf8
from cablekit.cli.program import show as view

if TYPE_CHECKING:
    from cablekit.archive.archive import Archive
    from cablekit.archive.contents import Edition

ARCHIVE = click.option(
    "-a",
    "--archive",
    "path",
    default="cables.db",
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The archive.",
)


@click.command()
@click.argument("mrn")
@ARCHIVE
@click.option("--json", "as_json", is_flag=True, help="Write the JSON of the cable.")
@click.option("--original", is_flag=True, help="Write the original bytes.")
@click.option("--editions", "listed", is_flag=True, help="List all editions and sections, and where they stood.")
def show(mrn: str, path: Path, as_json: bool, original: bool, listed: bool) -> Exit:
    """Show a cable of an archive.

    MRN is its number, the identifier under which it was published, or the number of a record. Of several editions the
    preferred one is shown; sections that are records of their own are shown as one message.

    \b
    Example:
      cablekit show 08BISHKEK94 -a cables.db
      cablekit show --editions 08BISHKEK94
      cablekit show --original 08BISHKEK94 > 08BISHKEK94.txt

    \b
    Exit codes: 0 shown, 1 not in the archive, 2 the command was not understood,
    3 no archive.
    """
    from cablekit.archive.archive import Archive
    from cablekit.rendering.terminal import terminal

    chosen = [name for name, given in (("--json", as_json), ("--original", original), ("--editions", listed)) if given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} cannot be combined. Give one of them.")
    with Archive.open(path) as archive:
        chosen_records = archive.chosen(mrn)
        if not chosen_records:
            complain(mrn, "is not in the archive", "search for it: cablekit search")
            return Exit.PARTLY
        if listed:
            _list(archive, mrn)
        elif original:
            sys.stdout.flush()
            sys.stdout.buffer.write(archive.original(mrn))
        elif as_json and len(chosen_records) == 1:
            write_utf8(archive.json(chosen_records[0]))
        elif (cable := archive.get(mrn)) is not None:
            if as_json:
                write_utf8(cable.model_dump_json())
            else:
                view(terminal(cable, archive.source(chosen_records)))
    return Exit.DONE


def _list(archive: Archive, mrn: str) -> None:
    """List the records of a message and where each stood."""
    from cablekit.rendering.facts import printable

    for edition in archive.editions(mrn):
        write(printable(f"{edition}; SHA-256 {edition.sha256}"))
        for place in archive.places(edition.id):
            write(printable(f"  {'/'.join(filter(None, (place.source[0], str(place.provenance))))}"))


@click.command()
@click.argument("mrn")
@ARCHIVE
@click.option("--with", "other", metavar="RECORD", type=int, help="The record to compare with, by its number.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def diff(mrn: str, path: Path, other: int | None, as_json: bool) -> Exit:
    """Compare the editions of a message, paragraph by paragraph.

    The preferred edition is compared with each other one of the same section, or with one record alone. What only the
    preferred one has stands in [-…-], what only the other one has in {+…+}.

    \b
    Example:
      cablekit diff 09LONDON2712 -a cables.db
      cablekit diff 09LONDON2712 --with 814

    \b
    Exit codes: 0 alike, or nothing to compare with, 1 different, or not in the
    archive, 2 the command was not understood, 3 no archive.
    """
    from cablekit.archive.archive import Archive

    with Archive.open(path) as archive:
        found = archive.editions(mrn)
        if not found:
            complain(mrn, "is not in the archive", "search for it: cablekit search")
            return Exit.PARTLY
        pairs = _pairs(found, other, archive.chosen(mrn))
        compared = [_compare(archive, first, second) for first, second in pairs]
    if as_json:
        write_utf8(json.dumps(compared, indent=2, ensure_ascii=False))
    elif not compared:
        write(f"{mrn}: one edition only")
    else:
        for one in compared:
            _show(one)
    return Exit.PARTLY if any(one["fields"] or one["paragraphs"] for one in compared) else Exit.DONE


def _pairs(found: tuple[Edition, ...], other: int | None, chosen: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return which records are to be compared with which."""
    if other is not None:
        return [(chosen[0], other)]
    by_part = {edition.part: edition.id for edition in reversed(found)}
    first = {edition.id: by_part[edition.part] for edition in found}
    return [(first[edition.id], edition.id) for edition in found if first[edition.id] != edition.id]


def _compare(archive: Archive, first: int, second: int) -> dict[str, Any]:
    """Return what differs between two records."""
    from cablekit.archive import differences
    from cablekit.model import Cable

    before, after = archive.json(first), archive.json(second)
    old, new = (
        {name: value for name, value in json.loads(reading).items() if name not in _OF_THE_COPY}
        for reading in (before, after)
    )
    fields = [{"field": one.field, **one.values()} for one in differences.fields(old, new) if one.field != "span"]
    aligned = differences.paragraphs(Cable.model_validate_json(before), Cable.model_validate_json(after))
    paragraphs = [one._asdict() for one in aligned if one.kind != "same"]
    return {"records": [first, second], "fields": fields, "paragraphs": paragraphs}


_OF_THE_COPY = {"body", "nodes", "source", "page_breaks", "coverage", "diagnostics", "repairs", "publication"}
"""What a copy has in its own way, and the body, which is compared by paragraphs."""


def _show(compared: dict[str, Any]) -> None:
    from cablekit.archive.differences import words
    from cablekit.rendering.facts import printable

    first, second = compared["records"]
    write(f"record {first} → record {second}")
    for one in compared["fields"]:
        before, after = (json.dumps(one.get(side), ensure_ascii=False) for side in ("before", "after"))
        write(printable(f"  {one['field']}: {before} → {after}"))
    if not compared["paragraphs"]:
        write("  the paragraphs are alike")
    brackets = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    for one in compared["paragraphs"]:
        pieces = words(one["before"] or "", one["after"] or "")
        write(printable("  " + " ".join(brackets[kind].format(text) for kind, text in pieces)))
