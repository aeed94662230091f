"""Conversions that are interrupted, and go on: by signals, by kills, and by changes of the sources meanwhile."""

from __future__ import annotations

import json
import os
import signal
import time
import zipfile
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.rewrite import merge, reparse
from cablekit.archive.verify import Condition, verify
from cablekit.conversion import batches
from cablekit.conversion.summary import Summary
from cablekit.sources.read import _Walk
from cablekit.sources.record import Record
from tests.archive_files import left_beside, telegram
from tests.archives import zipped
from tests.converting import converting, group_members, kill_group, wait_for
from tests.test_conversion import dump, fingerprint, telegrams

COUNT = 200


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump: a folder with a zip archive of cables, and cables beside it."""
    folder = dump(tmp_path_factory.mktemp("many") / "dump", *telegrams(COUNT // 2))
    with zipfile.ZipFile(folder / "0050.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for number, text in enumerate(telegrams(COUNT // 2, 1000)):
            packed.writestr(f"{number:04}.txt", text * (1 + number % 3 // 2))
    return folder


@pytest.fixture(scope="session")
def undisturbed(many: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """Fingerprint of its archive, and how many records it has."""
    path = tmp_path_factory.mktemp("undisturbed") / "a.db"
    summary = cablekit.convert(many, path)
    return fingerprint(path), summary.found


def is_sound(path: Path) -> bool:
    return verify(path).condition in (Condition.SOUND, Condition.NOTHING)


# ---- kills ----------------------------------------------------------------------------------------------------------


def test_killed_at_random_moments_it_goes_on_to_the_same_end(
    many: Path, undisturbed: tuple[str, int], tmp_path: Path
) -> None:
    chance = Random(5)
    path, log = tmp_path / "a.db", tmp_path / "log"
    counts = [0]
    for _ in range(5):
        log.unlink(missing_ok=True)
        with converting(many, "-o", path, "--workers", "2", "--log", log) as process:
            wait_for(log, chance.randint(5, 12), process)
            time.sleep(chance.uniform(0, 0.1))
            kill_group(process)
            process.wait()
        assert is_sound(path)
        with Archive.open(path) as archive:
            counts.append(archive.count())
    assert counts == sorted(counts)
    assert counts[-1] > 0
    with converting(many, "-o", path, "--workers", "2") as process:
        process.communicate()
    assert process.returncode == 0
    assert fingerprint(path) == undisturbed[0]
    assert is_sound(path)
    assert left_beside(path) == []


def test_at_most_one_batch_is_done_again(many: Path, tmp_path: Path) -> None:
    path, log = tmp_path / "a.db", tmp_path / "log"
    with converting(many, "-o", path, "--log", log) as process:
        wait_for(log, 12, process)
        kill_group(process)
        process.wait()
    told = [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]
    written = [line["bytes"] for line in told if line["what"] == "batch"]
    with Archive.open(path) as archive:
        kept = archive.info().bytes
    assert sum(written) - kept <= 30_000 + max(written)


def test_no_worker_outlives_its_parent(many: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with converting(many, "-o", tmp_path / "a.db", "--workers", "2", "--log", log) as process:
        wait_for(log, 3, process)
        assert sum("cablekit.conversion.worker" in command for command in group_members(process.pid)) == 2
        process.kill()
        process.wait()
        end = time.monotonic() + 20
        while group_members(process.pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert group_members(process.pid) == []


# ---- signals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_cleanly(
    number: signal.Signals, many: Path, undisturbed: tuple[str, int], tmp_path: Path
) -> None:
    path, log = tmp_path / "a.db", tmp_path / "log"
    with converting(many, "-o", path, "--workers", "2", "--log", log) as process:
        wait_for(log, 4, process)
        os.killpg(process.pid, number)  # as a terminal does: to the workers too
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "cablekit: ends behind what is being parsed; Ctrl-C again ends at once\n"
    assert out.endswith("  interrupted: the same command goes on from here\n")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert (lines[-1]["what"], lines[-1]["complete"]) == ("end", False)
    with Archive.open(path) as archive:
        assert archive.count() == lines[-1]["archived"]
        assert 0 < archive.count() < undisturbed[1]
        ((detail,),) = archive.connection.execute("SELECT detail FROM events").fetchall()
        assert json.loads(detail)["complete"] is False
    assert is_sound(path)
    assert left_beside(path) == []
    summary = cablekit.convert(many, path)
    assert (summary.skipped, summary.found) == (lines[-1]["archived"], undisturbed[1])
    assert fingerprint(path) == undisturbed[0]


def test_two_signals_end_at_once(many: Path, undisturbed: tuple[str, int], tmp_path: Path) -> None:
    path, log = tmp_path / "a.db", tmp_path / "log"
    with converting(many, "-o", path, "--workers", "2", "--log", log) as process:
        wait_for(log, 4, process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert group_members(process.pid) == []
    assert process.returncode == 130
    assert "Traceback" not in err
    assert is_sound(path)
    cablekit.convert(many, path)
    assert fingerprint(path) == undisturbed[0]


# ---- what is known ------------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the records stood that were parsed, in this process."""
    places: list[str] = []
    parse = Record.parse

    def listening(record: Record) -> cablekit.Cable:
        places.append(str(record.provenance))
        return parse(record)

    monkeypatch.setattr(Record, "parse", listening)
    return places


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files from which records were read."""
    names: list[str] = []
    root = _Walk._root

    def listening(walk: _Walk, stream: Any, where: tuple[str, ...], budget: Any) -> Any:
        names.append(where[0])
        return root(walk, stream, where, budget)

    monkeypatch.setattr(_Walk, "_root", listening)
    return names


def again(source: Path, path: Path, **options: Any) -> Summary:
    return cablekit.convert(source, path, workers=0, **options)


def test_what_was_finished_is_not_even_read(tmp_path: Path, parsed: list[str], opened: list[str]) -> None:
    source, path = dump(tmp_path / "dump", *telegrams(3), "Dear aunt\n"), tmp_path / "a.db"
    first = again(source, path)
    assert (len(parsed), first.position) == (4, sum(one.stat().st_size for one in source.iterdir()))
    before = fingerprint(path)
    parsed.clear(), opened.clear()
    second = again(source, path)
    assert (parsed, opened) == ([], [])
    assert (second.found, second.skipped, second.position) == (4, 4, first.position)
    third = again(source, path, retry_rejected=True)
    assert (parsed, opened) == (["0003.txt"], ["0003.txt"])
    assert (third.rejected, third.skipped) == (1, 3)
    parsed.clear(), opened.clear()
    again(source, path, force=True)
    assert (parsed, sorted(set(opened))) == (["0003.txt"], [f"000{at}.txt" for at in range(4)])
    assert fingerprint(path) == before
    assert is_sound(path)


def test_a_changed_file_is_known_by_its_bytes(tmp_path: Path, parsed: list[str], opened: list[str]) -> None:
    source, path = dump(tmp_path / "dump", *telegrams(3)), tmp_path / "a.db"
    again(source, path)
    changed = source / "0001.txt"
    status = changed.stat()
    changed.write_text(telegram("The rises are late.", serial=2))
    os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.utime(source / "0002.txt")
    parsed.clear(), opened.clear()
    blind = again(source, path, only_changed=True)
    assert (parsed, opened, blind.skipped) == ([], [], 3)
    summary = again(source, path)
    assert (parsed, opened) == (["0001.txt"], ["0001.txt"])
    assert (summary.archived, summary.skipped) == (1, 2)
    assert again(source, path).skipped == 3
    assert is_sound(path)


def test_other_options_read_again(tmp_path: Path, opened: list[str]) -> None:
    source, path = dump(tmp_path / "dump", *telegrams(2)), tmp_path / "a.db"
    cablekit.convert(source, path, glob="0000*", workers=0)
    opened.clear()
    assert (again(source, path).archived, sorted(set(opened))) == (1, ["0000.txt", "0001.txt"])


def test_records_of_an_unfinished_file_are_not_parsed_again(tmp_path: Path, parsed: list[str]) -> None:
    zipped, path = tmp_path / "dump.zip", tmp_path / "a.db"
    with zipfile.ZipFile(zipped, "w") as packed:
        for number, text in enumerate(telegrams(5)):
            packed.writestr(f"{number}.txt", text)
        packed.writestr("5.txt", "Dear aunt, the weather is fine.\n")
    again(zipped, path)
    with zipfile.ZipFile(zipped, "a") as packed:
        packed.writestr("6.txt", telegram(serial=7))
    parsed.clear()
    summary = again(zipped, path)
    assert parsed == ["dump.zip/6.txt"]
    assert (summary.archived, summary.skipped, summary.found) == (1, 6, 7)
    assert again(zipped, path, retry_rejected=True).rejected == 1


def test_what_was_finished_stays_known(tmp_path: Path, opened: list[str]) -> None:
    sources = [dump(tmp_path / name, *telegrams(3, first)) for name, first in (("one", 1), ("two", 11))]
    paths = [tmp_path / f"{source.name}.db" for source in sources]
    for source, path in zip(sources, paths, strict=True):
        again(source, path)
    merge(paths, tmp_path / "both.db")
    reparse(tmp_path / "both.db")
    opened.clear()
    assert cablekit.convert(sources, tmp_path / "both.db", workers=0).skipped == 6
    assert opened == []
    assert is_sound(tmp_path / "both.db")


def test_a_file_that_changes_while_it_is_read_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    source, path = dump(tmp_path / "dump", *telegrams(2)), tmp_path / "a.db"
    root, moments = _Walk._root, count(1)

    def touching(walk: _Walk, stream: Any, where: tuple[str, ...], budget: Any) -> Any:
        yield from root(walk, stream, where, budget)
        if where[0] == "0001.txt":
            os.utime(source / "0001.txt", (1, next(moments)))

    with monkeypatch.context() as patch:
        patch.setattr(_Walk, "_root", touching)
        assert again(source, path).reasons == {"changed": 1}
    opened.clear()
    assert again(source, path).skipped == 2
    assert opened == ["0001.txt"]


# ---- what the output is -------------------------------------------------------------------------------------------


def test_an_archive_of_other_sources_is_not_added_to_by_mistake(tmp_path: Path) -> None:
    one, two = (dump(tmp_path / name, telegram(serial=serial)) for name, serial in (("one", 1), ("two", 2)))
    path = tmp_path / "a.db"
    again(one, path)
    with pytest.raises(cablekit.ConversionError) as caught:
        again(two, path)
    assert "is an archive of other sources (one); give another name, or add to it with --force" in str(caught.value)
    assert cablekit.convert([one, two], path).archived == 1
    with pytest.raises(cablekit.ConversionError, match="other sources"):
        cablekit.convert(one, path, note="from the attic")
    assert cablekit.convert(one, path, note="from the attic", force=True).duplicates == 1


def test_the_output_does_not_lie_in_a_source(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", telegram())
    with pytest.raises(cablekit.ConversionError, match="lies in the source"):
        again(source, source / "a.db")
    assert sorted(one.name for one in source.iterdir()) == ["0000.txt"]


def test_events_never_go_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, path = dump(tmp_path / "dump", telegram()), tmp_path / "a.db"
    again(source, path)
    (source / "0001.txt").write_text(telegram(serial=7))
    monkeypatch.setattr("cablekit.archive.store.time.time", lambda: 1.0)
    again(source, path)
    with Archive.open(path) as archive:
        moments = [at for (at,) in archive.connection.execute("SELECT at FROM event ORDER BY id")]
    assert moments == sorted(moments)
    assert len(moments) == 2


def test_files_that_the_glob_does_not_take_are_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = dump(tmp_path / "dump", telegram())
    (source / "large.bin").write_bytes(bytes(range(256)) * 4096)
    (source / "more.zip").write_bytes(zipped({"a.txt": telegram(serial=1).encode()}))
    hashed: list[str] = []
    digest = batches.file_digest
    monkeypatch.setattr(
        batches, "file_digest", lambda file, way: hashed.append(Path(file.name).name) or digest(file, way)
    )
    assert cablekit.convert(source, tmp_path / "a.db", glob="*.txt", workers=0).archived == 2
    assert hashed == ["0000.txt", "more.zip"]


def test_failures_of_a_file_that_was_replaced_are_forgotten(tmp_path: Path) -> None:
    source, path = tmp_path / "dump", tmp_path / "a.db"
    source.mkdir()
    texts = telegrams(8)
    whole = {
        name: zipped({f"{at}.txt": text.encode() for at, text in enumerate(part)})
        for name, part in (("a.zip", texts[:4]), ("b.zip", texts[4:]))
    }
    for name, data in whole.items():
        (source / name).write_bytes(data[: len(data) // 2])

    def failures() -> list[str]:
        with Archive.open(path) as archive:
            return list(dict.fromkeys(place.provenance.path for place in archive.rejected()))

    cablekit.convert(source, path, workers=0)
    assert failures() == ["a.zip", "b.zip"]
    cablekit.convert(source, path, workers=0, glob="0.txt")  # read again in another way, and nothing has changed
    cablekit.convert(source, path, workers=0, force=True)
    assert failures() == ["a.zip", "b.zip"]
    (source / "b.zip").write_bytes(whole["b.zip"])
    cablekit.convert(source, path, workers=0)
    assert failures() == ["a.zip"]
    (source / "a.zip").write_bytes(whole["a.zip"])
    cablekit.convert(source, path, workers=0)
    assert failures() == []
    assert is_sound(path)
    direct = tmp_path / "b.db"
    cablekit.convert(source, direct, workers=0)
    assert fingerprint(path) == fingerprint(direct)
    with Archive.open(path) as archive:
        told = archive.connection.execute("SELECT detail FROM events WHERE what = 'replaced'").fetchall()
        assert [json.loads(detail)["path"] for (detail,) in told] == ["b.zip", "a.zip"]
