"""Folders of parts: written by a conversion, gone on with, and built into an archive that is the direct one."""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.lock import WriterLock
from cablekit.cli import main
from cablekit.conversion import batches, parts
from cablekit.conversion.build import build
from cablekit.conversion.convert import Form
from cablekit.conversion.parts import open_part
from cablekit.conversion.summary import Summary
from cablekit.errors import ArchiveError, CablekitError, ConversionError, SourceError
from cablekit.export import storage
from cablekit.export.parquet import new_part
from cablekit.sources.record import Record
from tests.archive_files import telegram

COUNT = 24


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few records."""
    monkeypatch.setattr(parts, "PART", 3_000)
    monkeypatch.setattr(batches, "RECORDS", 3)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """A folder of cables, one of them twice, and of what is none."""
    folder = tmp_path / "dump"
    folder.mkdir()
    for number in range(1, COUNT + 1):
        (folder / f"{number:03}.txt").write_text(telegram(serial=number), encoding="utf-8")
    (folder / "050.txt").write_bytes((folder / "007.txt").read_bytes())
    (folder / "060.txt").write_text("", encoding="utf-8")
    (folder / "070.jsonl").write_text(cablekit.parse(telegram(serial=99)).model_dump_json() + "\n", encoding="utf-8")
    (folder / "080.txt").write_bytes(b"\xff\xfe\x00\x01\x02")
    return folder


@pytest.fixture
def direct(dump: Path, tmp_path: Path) -> str:
    """Fingerprint of a direct conversion."""
    cablekit.convert(dump, tmp_path / "direct.db", workers=0, collection="box", note="seven")
    return fingerprint(tmp_path / "direct.db")


def fingerprint(path: Path) -> str:
    with Archive.open(path) as archive:
        return archive.fingerprint


def to_parts(dump: Path, folder: Path | str, to: Form = "parquet", **options: Any) -> Summary:
    return cablekit.convert(dump, folder, to=to, workers=0, collection="box", note="seven", **options)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("to", ["parquet", "records"])
def test_an_archive_of_parts_is_the_direct_one(dump: Path, direct: str, tmp_path: Path, to: Form) -> None:
    summary = to_parts(dump, tmp_path / "parts", to)
    assert summary.found == COUNT + 4
    assert len(names(tmp_path / "parts")) > 3
    built = build(tmp_path / "parts", tmp_path / "built.db", workers=0, reparse=to == "records")
    assert (built.found, built.duplicates, built.rejected) == (COUNT + 4, 1, 2)
    assert fingerprint(tmp_path / "built.db") == direct
    assert build(tmp_path / "parts", tmp_path / "built.db", workers=2, reparse=to == "records").skipped == COUNT + 4


def test_an_archive_is_built_by_workers_without_parsing(dump: Path, direct: str, tmp_path: Path) -> None:
    to_parts(dump, tmp_path / "parts")
    told: list[tuple[int, int]] = []
    build(tmp_path / "parts", tmp_path / "built.db", workers=2, progress=lambda *far: told.append(far))
    assert fingerprint(tmp_path / "built.db") == direct
    assert told[-1] == (COUNT + 4, COUNT + 4)


def test_parts_are_a_source(dump: Path, tmp_path: Path) -> None:
    to_parts(dump, tmp_path / "parts", "records")
    given = [item for item in cablekit.read(dump) if isinstance(item, Record)]
    read = [item for item in cablekit.read(tmp_path / "parts") if isinstance(item, Record)]
    assert [(one.data, one.provenance, one.metadata) for one in read] == [
        (one.data, one.provenance, one.metadata) for one in given
    ]
    (line,) = (one for one in read if one.provenance.kind == "jsonl")
    assert str(line.parse().mrn) == "09SOFIA99"


def test_what_is_there_is_not_made_again(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    stopped: list[Summary] = []
    summary = to_parts(dump, folder, progress=stopped.append, stop=lambda: len(stopped) >= 4)
    assert not summary.complete
    before = {name: (folder / name).stat().st_mtime_ns for name in names(folder)}
    assert 0 < summary.found < COUNT
    again = to_parts(dump, folder)
    assert (again.complete, again.skipped) == (True, summary.found)
    assert {name: (folder / name).stat().st_mtime_ns for name in before} == before
    with open_part(str(folder / names(folder)[-1])) as part:
        assert part.facts.last
    rows = [row for name in names(folder) for row in pq.read_table(folder / name, columns=["path"]).to_pylist()]
    assert [row["path"] for row in rows] == [item.provenance.path for item in cablekit.read(dump)]
    nothing = to_parts(dump, folder)
    assert (nothing.skipped, nothing.archived) == (COUNT + 4, 0)


def test_a_conversion_that_was_stopped_behind_the_last_record_gets_its_end(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    to_parts(dump, folder, stop=lambda: len(list(folder.glob("part-*"))) > 20, exclude=["0[1-9]*.txt", "*.jsonl"])
    last = parts.PartsTarget(str(folder), parsed=True)
    last.close()
    target = parts.PartsTarget(str(tmp_path / "empty"), parsed=True)
    target.finish([], {}, None, complete=True)
    target.close()
    assert names(tmp_path / "empty") == ["part-000001.parquet"]
    assert build(tmp_path / "empty", tmp_path / "empty.db", workers=0).found == 0


def test_force_makes_all_anew(dump: Path, tmp_path: Path) -> None:
    to_parts(dump, tmp_path / "parts", "records")
    assert to_parts(dump, tmp_path / "parts", force=True).archived == COUNT + 2


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(CablekitError) as error:
        action()
    return str(error.value)


def test_parts_of_something_else_are_left_alone(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "parts"
    to_parts(dump, folder)
    (dump / "003.txt").write_text(telegram(serial=333), encoding="utf-8")
    assert "other records" in refused(lambda: to_parts(dump, folder))
    (dump / "003.txt").write_text(telegram(serial=3), encoding="utf-8")
    assert "holds readings, not records" in refused(lambda: to_parts(dump, folder, "records"))
    for path in sorted(dump.iterdir())[5:]:
        path.unlink()
    assert "other records" in refused(lambda: to_parts(dump, folder))
    assert "holds records, not readings" in refused(
        lambda: (to_parts(dump, tmp_path / "r", "records"), to_parts(dump, tmp_path / "r"))
    )
    monkeypatch.setattr(parts, "parser", lambda: ("0.0.9", "1.0", "old"))
    assert "another cablekit" in refused(lambda: to_parts(dump, folder))
    (folder / "part-000002.parquet").unlink()
    assert "lacks some of its parts" in refused(lambda: to_parts(dump, folder))


def test_one_writer_at_a_time(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    lock = WriterLock(folder / "parts")
    assert "is being written by" in refused(lambda: to_parts(dump, folder))
    lock.release()
    (tmp_path / "file").touch()
    assert "cannot be made" in refused(lambda: to_parts(dump, tmp_path / "file"))


def test_a_damaged_part_ends_a_resumed_conversion(dump: Path, tmp_path: Path) -> None:
    to_parts(dump, tmp_path / "parts")
    (tmp_path / "parts" / "part-000001.parquet").write_bytes(b"PAR1 is all that is left")
    assert "without its end" in refused(lambda: to_parts(dump, tmp_path / "parts"))


# ---- building ------------------------------------------------------------------------------------------------------


def test_building_refuses_what_would_have_to_be_parsed(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_parts(dump, tmp_path / "records", "records")
    assert "were not parsed; parse them with --reparse" in refused(
        lambda: build(tmp_path / "records", tmp_path / "a.db")
    )
    to_parts(dump, tmp_path / "parts")
    monkeypatch.setattr("cablekit.conversion.build.parser", lambda: ("0.0.9", "1.0", "old"))
    assert "was read by another cablekit" in refused(lambda: build(tmp_path / "parts", tmp_path / "a.db"))
    assert not (tmp_path / "a.db").exists()


def test_building_refuses_folders_that_are_not_whole(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    to_parts(dump, folder)
    last = folder / names(folder)[-1]
    kept = last.read_bytes()
    last.unlink()
    assert "lacks its end" in refused(lambda: build(folder, tmp_path / "a.db"))
    last.write_bytes(kept)
    (folder / "part-000002.parquet").rename(tmp_path / "elsewhere")
    assert "lacks part 2" in refused(lambda: build(folder, tmp_path / "a.db"))
    found = build(folder, tmp_path / "a.db", partial=True, workers=0).found
    assert 0 < found < COUNT + 4


def test_building_rejects_damaged_rows_and_refuses_half_a_part(dump: Path, direct: str, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    to_parts(dump, folder)
    part = folder / "part-000002.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    assert "part-000002.parquet: is a Parquet file without its end" in refused(lambda: build(folder, tmp_path / "a.db"))
    group = pq.ParquetFile(io.BytesIO(whole)).metadata.row_group(0)
    data = next(group.column(at) for at in range(20) if group.column(at).path_in_schema == "data")
    damaged = bytearray(whole)
    damaged[data.data_page_offset + data.total_compressed_size - 2] ^= 0xFF
    part.write_bytes(damaged)
    path = tmp_path / "b.db"
    for _ in range(2):
        summary = build(folder, path, workers=0)
        assert summary.found == summary.archived + summary.duplicates + summary.rejected + summary.skipped
        with Archive.open(path) as archive:
            lost = [place for place in archive.rejected() if place.provenance.kind == "parquet"]
        assert [place.provenance.row for place in lost] == list(range(1, group.num_rows + 1))
        assert {place.provenance.path for place in lost} == {"parts/part-000002.parquet"}
    part.write_bytes(whole)
    build(folder, path, workers=0)
    assert fingerprint(path) == direct


def test_parts_are_named_by_files_patterns_and_folders(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    to_parts(dump, folder)
    every = [str(folder / name) for name in names(folder)]
    assert storage.parts_of([str(folder)]) == every
    assert storage.parts_of([f"{folder}/part-*.parquet"]) == every
    assert storage.parts_of(every[::-1]) == every[::-1]
    assert "names no part" in refused(lambda: storage.parts_of([str(tmp_path / "nowhere")]))
    assert "is given twice" in refused(lambda: storage.parts_of([every[0], str(folder)]))


# ---- places --------------------------------------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[str]:
    """The URL of a folder in memory."""
    yield "memory://there/parts"
    fsspec.filesystem("memory").rm("/there", recursive=True)


def test_parts_at_a_url(dump: Path, direct: str, memory: str, tmp_path: Path) -> None:
    assert str(to_parts(dump, memory).output) == memory
    assert storage.parts_in(memory)[0].endswith("/there/parts/part-000001.parquet")
    assert to_parts(dump, memory).skipped == COUNT + 4
    build(memory, tmp_path / "built.db", workers=0)
    assert fingerprint(tmp_path / "built.db") == direct
    build(f"{memory}/part-0*", tmp_path / "globbed.db", workers=0)
    assert fingerprint(tmp_path / "globbed.db") == direct
    assert to_parts(dump, f"file://{tmp_path}/by-url").archived == COUNT + 2
    assert names(tmp_path / "by-url")[0] == "part-000001.parquet"


def test_places_that_cannot_be_reached(tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no place that can be reached" in refused(lambda: storage.parts_in("nonsense://a/b"))
    assert "is not there" in refused(lambda: open_part(str(tmp_path / "part-000001.parquet")).__enter__())
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert "pip install 'cablekit[parquet]'" in refused(lambda: to_parts(dump, tmp_path / "parts"))


class Unwilling:
    """A file system that answers nothing."""

    protocol = "unwilling"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> object:
        def refuse(*_: object, **__: object) -> object:
            raise self.error

        return refuse


class EndpointError(Exception):
    """As object stores raise: no `OSError`."""


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (EndpointError("no answer"), "EndpointError: no answer"),
    ],
)
def test_places_that_refuse(monkeypatch: pytest.MonkeyPatch, error: Exception, why: str) -> None:
    monkeypatch.setattr(storage, "_system", lambda place: (Unwilling(error), place))
    place = "s3://bucket/parts"
    for action in (storage.exists, storage.is_folder, storage.parts_in, lambda one: storage.parts_of([one + "/*"])):
        assert f"cannot be read ({why})" in refused(partial(action, place))
    for action in (storage.sweep, storage.remove, lambda one: storage.written(one).__enter__()):
        assert f"cannot be written ({why})" in refused(partial(action, place))


def test_a_store_that_takes_a_part_and_loses_it(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = storage.part_url(memory, 1)
    system, _ = storage._system(url)

    def lose(*_: object) -> None:
        raise EndpointError("no answer")

    def write() -> None:
        with storage.written(url) as stream:
            stream.write(b"whole")

    monkeypatch.setattr(type(system), "mv", lose)
    assert "cannot be written (EndpointError: no answer)" in refused(write)
    assert not system.find(memory)


def test_a_kind_of_place_that_needs_one_more_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    assert "needs one more package" in refused(lambda: storage.parts_in("s3://bucket/parts"))


def test_a_writer_that_fails_gives_the_part_up(tmp_path: Path) -> None:
    def fail() -> None:
        with new_part(str(tmp_path / "part-000001.parquet"), parsed=False):
            raise ConversionError("here", "breaks", "mend it")

    assert "breaks" in refused(fail)
    assert names(tmp_path) == []


def test_what_fails_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with storage.written(str(tmp_path / "parts" / "part-000001.parquet")) as stream:
            stream.write(b"half")
            raise OSError(28, "No space left on device")

    assert "cannot be written (No space left on device)" in refused(fail)
    assert names(tmp_path / "parts") == []


def test_what_killed_writers_left_is_removed(dump: Path, tmp_path: Path) -> None:
    left = tmp_path / "parts" / f".part-000001.parquet.{'0' * 32}.new"
    left.parent.mkdir()
    left.touch()
    to_parts(dump, tmp_path / "parts")
    assert not left.exists()


def test_errors_travel_between_machines() -> None:
    for kind in (SourceError, ArchiveError, ConversionError):
        error = pickle.loads(pickle.dumps(kind("a", "b", "c")))
        assert (type(error), error.where, error.what, error.advice) == (kind, "a", "b", "c")


# ---- commands ------------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    return done.exit_code, done.output


def test_the_commands(dump: Path, direct: str, tmp_path: Path) -> None:
    given = ("--collection", "box", "--note", "seven", "--workers", "0")
    code, told = run("convert", dump, "--to", "parquet", "-o", tmp_path / "parts", *given)
    assert code == 1
    assert "the rows with a reason" in told
    code, told = run("archive", "build", tmp_path / "parts", "-o", tmp_path / "built.db", "--workers", "0")
    assert (code, fingerprint(tmp_path / "built.db")) == (1, direct)
    assert f"{COUNT + 4} records" in told
    code, told = run(
        "archive", "build", tmp_path / "parts" / "part-000001.parquet", "-o", tmp_path / "one.db", "--quiet"
    )
    assert (code, told) == (0, "")
    code, told = run("archive", "build", tmp_path / "nothing", "-o", tmp_path / "a.db")
    assert code == 3
    assert "names no part" in told
    code, told = run("archive", "build", tmp_path / "parts", "-o", dump / "001.txt")
    assert code == 4
    assert "is not an archive" in told
    code, told = run("convert", dump, "--to", "records", "-o", tmp_path / "records", "--quiet")
    assert code == 1
    code, told = run("archive", "build", tmp_path / "records", "-o", tmp_path / "r.db")
    assert (code, "--reparse" in told) == (3, True)


def test_options_that_do_not_fit(dump: Path) -> None:
    for wrong in (
        ("--dask", "tcp://h:1"),
        ("--dask", "tcp://h:1", "--to", "records", "-o", "a"),
        ("--dask", "tcp://h:1", "--workers", "2", "-o", "a"),
        ("--shard", "3/2", "-o", "a"),
        ("--shard", "three", "-o", "a"),
        ("--shard", "1/2"),
        ("--since", "yesterday", "-o", "a"),
        ("--retry-rejected", "--to", "parquet", "-o", "a"),
        ("--only-changed", "--to", "records", "-o", "a"),
        ("--only-changed", "--to", "jsonl", "-o", "a"),
    ):
        code, told = run("convert", dump, *wrong)
        assert (code, wrong[0] in told) == (2, True)


@pytest.mark.parametrize("option", [("--log", "log"), ("--only-changed",), ("--glob", "*.txt"), ("--note", "a")])
def test_a_cluster_that_reads_parts_by_itself_heeds_no_such_option(
    dump: Path, tmp_path: Path, option: tuple[str, ...]
) -> None:
    cablekit.convert(dump, tmp_path / "records", to="records", workers=0)
    to_parts = ("--dask", "tcp://h:1", "--to", "parquet", "-o", tmp_path / "parts")
    code, told = run("convert", tmp_path / "records", *to_parts, *option)
    assert code == 2
    assert f"{option[0]} has no effect with parts that a cluster parses" in told
    name, value = option[0][2:].replace("-", "_"), (option[1] if option[1:] else True)
    with pytest.raises(ValueError, match=f"{name} has no effect"):
        cablekit.convert(tmp_path / "records", tmp_path / "parts", to="parquet", dask="tcp://h:1", **{name: value})
    assert not (tmp_path / "parts").exists()
