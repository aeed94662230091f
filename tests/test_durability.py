"""An archive outlives its writer: killed, out of room, in each other's way."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.verify import Condition, verify
from tests.archive_files import add, left_beside, made, record, telegram
from tests.crash_writer import AT_ONCE

ROOT = Path(__file__).resolve().parents[1]


def writer(path: Path, first: int, *options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash_writer", str(path), str(first), *map(str, options)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def sound_count(path: Path) -> int:
    """Make sure that an archive is sound; return how many cables are in it."""
    report = verify(path)
    assert report.condition in (Condition.SOUND, Condition.NOTHING), report
    with Archive.open(path) as archive:
        return archive.count()


def test_a_killed_writer_leaves_a_sound_archive_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    made(path)
    chance = random.Random(7)
    safe = 0
    for _ in range(5):
        with writer(path, safe + 1) as process:
            assert process.stdout is not None
            told = [int(process.stdout.readline())]
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
            told += map(int, process.stdout.read().split())
        count = sound_count(path)
        assert count % AT_ONCE == 0
        assert told[-1] <= count <= told[-1] + AT_ONCE
        safe = count
    assert add(path, record(telegram(serial=safe + 1)))
    assert sound_count(path) == safe + 1
    assert left_beside(path) == []


def test_a_reader_takes_up_what_a_killed_writer_left_in_a_journal(archive_path: Path, tmp_path: Path) -> None:
    before, copy = sound_count(archive_path), tmp_path / "copy.db"
    with closing(sqlite3.connect(archive_path, isolation_level=None)) as writer:
        for statement in ("PRAGMA cache_size = 1", "BEGIN", "UPDATE cable SET subject = upper(subject) || 'x'"):
            writer.execute(statement)
        writer.execute("DELETE FROM reading")
        for suffix in ("", "-journal"):
            shutil.copy(f"{archive_path}{suffix}", f"{copy}{suffix}")
        writer.execute("ROLLBACK")
    assert copy.read_bytes() != archive_path.read_bytes()
    assert sound_count(copy) == before
    assert left_beside(copy) == []


def test_a_killed_writer_does_not_lock_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    made(path)
    with writer(path, 1) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(cablekit.ArchiveError) as caught:
            Archive.open(path, write=True)
        process.kill()
    assert f"is being written by process {process.pid} on " in str(caught.value)
    assert "wait until that has finished" in str(caught.value)
    Archive.open(path, write=True).close()


@pytest.fixture(params=["file system", "limit"])
def little_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, list[int]]]:
    """A folder with little room, and what a writer must be told to have little."""
    if request.param == "limit":
        yield tmp_path, [3_000_000]
        return
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    made_it = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True, check=False
    )
    if not made_it or made_it.returncode:
        pytest.skip("no small file system can be mounted here; the other test has a limit instead")
    yield folder, []
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_leaves_the_last_commit(little_room: tuple[Path, list[int]]) -> None:
    folder, limit = little_room
    path = folder / "a.db"
    made(path)
    with writer(path, 1, *limit) as process:
        told = process.communicate()[0].splitlines()
    assert process.returncode == 0
    assert "it is as of the last commit" in told[-1]
    assert "make room and run the command again" in told[-1]
    assert int(told[-2]) <= sound_count(path) <= int(told[-2]) + AT_ONCE


def test_a_full_disk_is_told_by_the_command(tmp_path: Path, sample_folder: Path) -> None:
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2_100_000, 2_100_000));"
        "from cablekit.cli import main; main()"
    )
    command = [sys.executable, "-c", program, "convert", str(sample_folder), "-o", str(tmp_path / "a.db")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "it is as of the last commit" in done.stderr
    assert "Traceback" not in done.stderr
    there = sound_count(tmp_path / "a.db")
    summary = cablekit.convert(sample_folder, tmp_path / "a.db")
    samples = list(sample_folder.iterdir())
    assert (summary.skipped, summary.archived) == (there, len(samples) - there)
    assert sound_count(tmp_path / "a.db") == len(samples)


def test_two_writers_in_one_process(archive_path: Path) -> None:
    with Archive.open(archive_path, write=True), pytest.raises(cablekit.ArchiveError) as caught:
        Archive.open(archive_path, write=True)
    assert f"process {os.getpid()} on" in str(caught.value)
    assert left_beside(archive_path) == []


def test_readers_see_what_was_committed_while_it_is_written(archive_path: Path) -> None:
    with Archive.open(archive_path, write=True) as archive:
        before = archive.count()
        archive.add(record(telegram()))
        with Archive.open(archive_path) as reader:
            assert reader.count() == before
            archive.commit()
            assert reader.count() == before + 1
    assert left_beside(archive_path) == []


def test_a_reader_may_outlive_the_writer(archive_path: Path) -> None:
    with Archive.open(archive_path) as reader:
        before = reader.count()
        assert add(archive_path, record(telegram()))
        assert reader.count() == before + 1
    add(archive_path)
    assert left_beside(archive_path) == []
    assert sound_count(archive_path) == before + 1


def test_many_readers_at_a_time(archive_path: Path) -> None:
    counts: list[int] = []

    def look() -> None:
        with Archive.open(archive_path) as archive:
            counts.append(archive.count())

    threads = [threading.Thread(target=look) for _ in range(8)]
    with Archive.open(archive_path, write=True) as archive:
        archive.add(record(telegram()))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [archive.count() - 1] * 8


def test_an_error_in_the_middle_leaves_whole_records(archive_path: Path) -> None:
    def fail() -> None:
        with Archive.open(archive_path, write=True) as archive:
            archive.add(record(telegram()))
            raise ValueError("thorn")

    before = sound_count(archive_path)
    with pytest.raises(ValueError, match="thorn"):
        fail()
    assert sound_count(archive_path) == before + 1


def test_a_record_is_there_whole_or_not_at_all(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(archive_path, write=True) as archive:
        before = archive.count()
        archive.add(record(telegram()))
        archive.commit()
        with monkeypatch.context() as patch:
            patch.setattr("cablekit.archive.store.of_parser", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                archive.add(record(telegram(serial=609), "b.txt"))
        archive.add(record(telegram(serial=610), "c.txt"))
    assert sound_count(archive_path) == before + 2
