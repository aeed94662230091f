"""Shards of a conversion: every record in one of them, and merged they are the undivided archive."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.rewrite import merge
from cablekit.archive.shards import notes
from cablekit.cli import main
from cablekit.conversion.build import build
from cablekit.conversion.shard import Shard
from cablekit.errors import ArchiveError, SourceError
from cablekit.sources.parquet import KEY
from cablekit.sources.record import Failure, Provenance
from tests.archive_files import record, telegram

COUNT = 20


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Cables, one of them three times, and places without one."""
    folder = tmp_path / "dump"
    folder.mkdir()
    for number in range(1, COUNT + 1):
        (folder / f"{number:03}.txt").write_text(telegram(serial=number), encoding="utf-8")
    for copy in ("050.txt", "051.txt"):
        (folder / copy).write_bytes((folder / "007.txt").read_bytes())
    for empty in ("060.txt", "061.txt", "062.txt"):
        (folder / empty).touch()
    (folder / "070.txt").write_bytes(b"\xff\xfe\x00\x01\x02")
    return folder


def shards(dump: Path, parts: int, folder: Path) -> list[Path]:
    made = []
    for number in range(1, parts + 1):
        path = folder / f"shard-{number}.db"
        cablekit.convert(dump, path, workers=0, shard=f"{number}/{parts}", collection="box")
        made.append(path)
    return made


def fingerprint(path: Path) -> str:
    with Archive.open(path) as archive:
        return archive.fingerprint


@given(st.binary(max_size=20) | st.text(max_size=10), st.integers(1, 9))
def test_every_record_is_in_one_shard(content: str | bytes, parts: int) -> None:
    for item in (record(content), Failure(Provenance(str(content)), "empty", "is empty", "get it again")):
        owners = [number for number in range(1, parts + 1) if Shard(number, parts).owns(item)]
        assert len(owners) == 1


def test_shards_as_they_are_written() -> None:
    assert Shard.of("3/16") == Shard(3, 16)
    assert str(Shard(3, 16)) == "3/16"
    for wrong in ("0/3", "4/3", "3", "a/b", "-1/3", ""):
        with pytest.raises(ValueError, match="shard"):
            Shard.of(wrong)


@pytest.mark.parametrize("parts", [1, 3])
def test_merged_shards_are_the_undivided_archive(dump: Path, tmp_path: Path, parts: int) -> None:
    whole = cablekit.convert(dump, tmp_path / "whole.db", workers=0, collection="box")
    paths = shards(dump, parts, tmp_path)
    outcomes = merge(paths[::-1], tmp_path / "merged.db")
    assert outcomes.total() == whole.found == COUNT + 6
    assert fingerprint(tmp_path / "merged.db") == fingerprint(tmp_path / "whole.db")
    said = []
    for path in paths:
        with Archive.open(path) as archive:
            said += notes(archive.connection)
    assert [(one.number, one.parts, one.found) for one in said] == [(n + 1, parts, COUNT + 6) for n in range(parts)]
    assert sum(one.own for one in said) == COUNT + 6


def test_a_shard_that_is_converted_again_says_the_same(dump: Path, tmp_path: Path) -> None:
    (path,) = shards(dump, 2, tmp_path)[:1]
    before = fingerprint(path)
    assert cablekit.convert(dump, path, workers=0, shard="1/2", collection="box").archived == 0
    assert fingerprint(path) == before
    with Archive.open(path) as archive:
        assert archive.connection.execute("SELECT count(*) FROM event WHERE what = 'shard'").fetchone() == (1,)


def refused(paths: list[Path], output: Path) -> str:
    with pytest.raises(ArchiveError) as error:
        merge(paths, output)
    assert not output.exists()
    return str(error.value)


def test_shards_that_are_not_all_there(dump: Path, tmp_path: Path) -> None:
    paths = shards(dump, 4, tmp_path)
    output = tmp_path / "merged.db"
    assert "is one of 4 shards; shard 3 is missing" in refused([*paths[:2], paths[3]], output)
    assert "shards 2, 3, 4 are missing" in refused(paths[:1], output)
    assert "is shard 2 of 4, as" in refused([*paths, paths[1]], output)
    assert sum(merge(paths[:2], output, partial=True).values()) < COUNT + 6


def test_a_shard_that_was_not_read_to_its_end_is_missing(dump: Path, tmp_path: Path) -> None:
    first, second = shards(dump, 2, tmp_path)
    second.unlink()
    cablekit.convert(dump, second, workers=0, shard="2/2", collection="box", stop=lambda: True)
    assert "shard 2 is missing" in refused([first, second], tmp_path / "merged.db")


def test_shards_of_sources_that_changed(dump: Path, tmp_path: Path) -> None:
    first, second = shards(dump, 2, tmp_path)
    (dump / "099.txt").write_text(telegram(serial=99), encoding="utf-8")
    second.unlink()
    cablekit.convert(dump, second, workers=0, shard="2/2", collection="box")
    assert "the sources have changed between them" in refused([first, second], tmp_path / "merged.db")


def test_shards_of_which_some_records_are_missing(dump: Path, tmp_path: Path) -> None:
    first, second = shards(dump, 2, tmp_path)
    with Archive.open(second, write=True) as archive:
        (note,) = notes(archive.connection)
        archive.note("shard", **{**{name: getattr(note, name) for name in note.__slots__}, "own": note.own - 1})
    assert f"have {COUNT + 5} records, and there were {COUNT + 6}" in refused([first, second], tmp_path / "merged.db")


def test_shards_that_share_a_record(dump: Path, tmp_path: Path) -> None:
    first, second = shards(dump, 2, tmp_path)
    with Archive.open(first) as one, Archive.open(second, write=True) as other:
        shared = next(iter(one.records()))
        other.add(shared, ("dump", "box", ""))
    assert "1 records are in several of the shards" in refused([first, second], tmp_path / "merged.db")


def test_shards_of_other_sources_are_not_mixed(dump: Path, tmp_path: Path) -> None:
    first, second = shards(dump, 2, tmp_path)
    second.unlink()
    cablekit.convert(dump, second, workers=0, shard="2/2", collection="another")
    assert "shard 2 is missing" in refused([first, second], tmp_path / "merged.db")


def test_merging_in_steps(dump: Path, tmp_path: Path) -> None:
    cablekit.convert(dump, tmp_path / "whole.db", workers=0, collection="box")
    paths = shards(dump, 4, tmp_path)
    merge(paths[:2], tmp_path / "left.db", partial=True)
    merge(paths[2:], tmp_path / "right.db", partial=True)
    merge([tmp_path / "left.db", tmp_path / "right.db"], tmp_path / "merged.db")
    assert fingerprint(tmp_path / "merged.db") == fingerprint(tmp_path / "whole.db")


def test_the_commands(dump: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, [*map(str, arguments)])
        return done.exit_code, done.output

    for number in (1, 2):
        run("convert", dump, "--shard", f"{number}/2", "-o", tmp_path / f"{number}.db", "--workers", "0")
    code, told = run("merge", tmp_path / "1.db", "-o", tmp_path / "m.db")
    assert (code, "shard 2 is missing" in told) == (4, True)
    assert run("merge", tmp_path / "1.db", tmp_path / "2.db", "-o", tmp_path / "m.db")[0] == 0
    assert run("merge", tmp_path / "1.db", "--partial", "-o", tmp_path / "p.db")[0] == 0


# ---- shards as Parquet parts ----------------------------------------------------------------------------------------


def shards_of_parts(dump: Path, parts: int, folder: Path) -> list[Path]:
    made = []
    for number in range(1, parts + 1):
        made.append(folder / f"parts-{number}")
        cablekit.convert(dump, made[-1], to="parquet", workers=0, shard=f"{number}/{parts}", collection="box")
    return made


def test_an_archive_of_the_parts_of_all_shards(dump: Path, tmp_path: Path) -> None:
    cablekit.convert(dump, tmp_path / "whole.db", workers=0, collection="box")
    folders = shards_of_parts(dump, 3, tmp_path)
    build(folders, tmp_path / "built.db", workers=0)
    for at, folder in enumerate(folders):
        build(folder, tmp_path / f"built-{at}.db", workers=0)
    built = [tmp_path / f"built-{at}.db" for at in range(3)]
    assert "is one of 3 shards; shard 2 is missing" in refused([built[0], built[2]], tmp_path / "merged.db")
    merge(built, tmp_path / "merged.db")
    assert (
        fingerprint(tmp_path / "whole.db") == fingerprint(tmp_path / "merged.db") == fingerprint(tmp_path / "built.db")
    )
    with Archive.open(tmp_path / "built.db") as archive:
        assert list(notes(archive.connection)) == []


def test_parts_of_shards_that_are_not_all_there(dump: Path, tmp_path: Path) -> None:
    first, _, third = shards_of_parts(dump, 3, tmp_path)
    with pytest.raises(SourceError, match="is one of 3 shards; shard 2 is missing"):
        build([first, third], tmp_path / "built.db", workers=0)
    build([first, third], tmp_path / "built.db", workers=0, partial=True)
    with Archive.open(tmp_path / "built.db") as archive:
        assert sorted(note.number for note in notes(archive.connection)) == [1, 3]
    built = CliRunner().invoke(main, ["archive", "build", str(first), str(third), "-o", str(tmp_path / "b.db")])
    assert built.exit_code == 3


@pytest.mark.parametrize(
    ("own", "told"), [({"own": 1}, "is of a shard of 1 records, of which"), ({"more": 1}, "does not say which shard")]
)
def test_parts_that_are_not_what_their_shard_says(dump: Path, tmp_path: Path, own: dict[str, int], told: str) -> None:
    (folder,) = shards_of_parts(dump, 1, tmp_path)
    part = next(folder.glob("*.parquet"))
    table = pq.read_table(part)
    said = json.loads(pq.read_metadata(part).metadata[KEY])
    with pq.ParquetWriter(part, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({KEY: json.dumps({**said, "shard": {**said["shard"], **own}})})
    with pytest.raises(SourceError, match=told):
        build(folder, tmp_path / "built.db", workers=0)
