"""``cablekit rejected``: the records of an archive that are no cable, or could not be had."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cablekit.cli.archive import ARCHIVE
from cablekit.cli.program import Exit, complain, write, write_utf8
from cablekit.rendering.facts import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cablekit.archive.archive import Archive
    from cablekit.archive.contents import Place

MANIFEST = "manifest.jsonl"
_SHOWN = 100_000
"""Characters of a record that are shown."""
_REASON = click.option("--reason", metavar="WORD", help="Only those with this reason.")


@click.group()
def rejected() -> None:
    """Look at the records of an archive that were rejected.

    What is no cable, or asked for too much time or memory, is kept in the archive with its bytes and the reason. Of
    what could not be had at all, the place and the reason are kept. Each has a number.

    \b
    Example:
      cablekit rejected list cables.db
      cablekit rejected show cables.db 17
      cablekit rejected export cables.db -o rejected/
    """


@rejected.command("list")
@ARCHIVE
@_REASON
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
def list_(path: Path, reason: str | None, as_json: bool) -> Exit:
    """List rejected records: number, reason, place, what is wrong.

    \b
    Example:
      cablekit rejected list cables.db --reason not-a-cable

    \b
    Exit codes: 0 done, 2 the command was not understood, 3 no archive.
    """
    from cablekit.archive.archive import Archive

    with Archive.open(path) as archive:
        before = "[\n  "
        for place in _places(archive, reason):
            if as_json:
                write_utf8(before + json.dumps(_told(archive, place), ensure_ascii=False), end="")
                before = ",\n  "
            else:
                why, message, _ = _rejection(place)
                write(printable(f"{place.id}  {why}  {_where(place)}  {message}".replace("\n", " ")))
        if as_json:
            write_utf8("[]" if before.startswith("[") else "\n]")
    return Exit.DONE


@rejected.command()
@ARCHIVE
@click.argument("number", type=int)
def show(path: Path, number: int) -> Exit:
    """Show a rejected record: the reason, where it stood, and its bytes as text.

    NUMBER is what `cablekit rejected list` says.

    \b
    Example:
      cablekit rejected show cables.db 17

    \b
    Exit codes: 0 shown, 1 there is none of this number, 2 the command was not
    understood, 3 no archive.
    """
    from cablekit.archive.archive import Archive
    from cablekit.text import read_text

    with Archive.open(path) as archive:
        place = next(archive.rejected(number), None)
        if place is None:
            complain(f"number {number}", "is not rejected", f"see which are: cablekit rejected list {path}")
            return Exit.PARTLY
        told = _told(archive, place)
        for name, value in told.items():
            write(printable(f"{name:<12}{value}".replace("\n", " ")))
        if place.record_id is not None:
            record = archive.record(place.record_id)
            text = read_text(record.data if record.text is None else record.text).source
            write("")
            write("\n".join(map(printable, text[:_SHOWN].splitlines())))
            if len(text) > _SHOWN:
                write(f"… {len(text) - _SHOWN:,} more characters: cablekit rejected export")
    return Exit.DONE


@rejected.command()
@ARCHIVE
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files are put; it is made if it is not there.",
)
@_REASON
def export(path: Path, output: Path, reason: str | None) -> Exit:
    """Write the bytes of rejected records into a folder, a file for each.

    Names begin with the number; manifest.jsonl says of each number where the record stood and why it was rejected.

    \b
    Example:
      cablekit rejected export cables.db -o rejected/

    \b
    Exit codes: 0 done, 2 the command was not understood, 3 no archive, 4 the
    folder has a manifest already, or cannot be written.
    """
    from cablekit.archive.archive import Archive

    with Archive.open(path) as archive:
        manifest = output / MANIFEST
        if manifest.exists():
            complain(str(manifest), "is there already", "give another folder")
            return Exit.OUTPUT
        output.mkdir(parents=True, exist_ok=True)
        count = 0
        beside = manifest.with_name(f"{MANIFEST}.part")
        with beside.open("w", encoding="utf-8", errors="backslashreplace") as lines:
            for place in _places(archive, reason):
                name = None
                if place.record_id is not None:
                    name = _file_name(place)
                    (output / name).write_bytes(archive.record(place.record_id).data)
                count += 1
                lines.write(json.dumps({"file": name, **_told(archive, place)}, ensure_ascii=False) + "\n")
        beside.replace(manifest)
    write(f"{output}: {count:,} rejected records, see {MANIFEST}")
    return Exit.DONE


def _places(archive: Archive, reason: str | None) -> Iterator[Place]:
    return (place for place in archive.rejected() if reason in (None, _rejection(place)[0]))


def _rejection(place: Place) -> tuple[str, str, str]:
    assert place.rejection is not None
    return place.rejection


def _where(place: Place) -> str:
    name = place.source[0]
    return f"{name}: {place.provenance}" if name and name != place.provenance.path else str(place.provenance)


def _told(archive: Archive, place: Place) -> dict[str, Any]:
    """Return what is told of a rejected record, without what is absent."""
    reason, message, advice = _rejection(place)
    size, sha256 = (None, None) if place.record_id is None else archive.size_of(place.record_id)
    told = {
        "number": place.id,
        "reason": reason,
        "message": message,
        "advice": advice,
        **dict(zip(("source", "collection", "note"), place.source, strict=True)),
        **asdict(place.provenance),
        "bytes": size,
        "sha256": sha256,
    }
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def _file_name(place: Place) -> str:
    """Return a name that leads nowhere else, whatever stands in the dump: number and the end of the path."""
    last = (place.provenance.path, *place.provenance.members)[-1].replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, ending = last.rpartition(".")
    stem, ending = (_plain(stem), _plain(ending)) if dot else (_plain(last), "bin")
    return f"{place.id:06}-{stem[:60] or 'record'}.{ending[:10] or 'bin'}"


def _plain(name: str) -> str:
    return "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "_" for one in name)
