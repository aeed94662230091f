"""Conversions by a Dask cluster of real processes on loopback, workers killed among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cablekit
from cablekit.archive.archive import Archive
from cablekit.build.parser import parser
from cablekit.cli import main
from cablekit.conversion import batches, cluster, parts
from cablekit.conversion.build import build
from cablekit.conversion.cluster import Cluster, ClusterCrew, convert_parts
from cablekit.conversion.parts import PartWork
from cablekit.conversion.pipeline import Alone
from cablekit.conversion.summary import Summary
from cablekit.conversion.target import Result
from cablekit.conversion.work import DEFAULT as BOUNDS
from cablekit.errors import ConversionError, SourceError
from cablekit.sources.limits import DEFAULT
from cablekit.sources.record import Failure, Record
from tests.archive_files import record, telegram
from tests.dask_cluster import LocalCluster, free_port, running

pytest.importorskip("distributed", reason="needs the extra dask")
pytestmark = pytest.mark.xdist_group("dask")

COUNT = 60


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts and batches of a few records."""
    monkeypatch.setattr(parts, "PART", 1_000)
    monkeypatch.setattr(batches, "RECORDS", 3)


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cables, one of them twice, and files that are none."""
    folder = tmp_path_factory.mktemp("given") / "dump"
    folder.mkdir()
    for number in range(1, COUNT + 1):
        (folder / f"{number:03}.txt").write_text(telegram(serial=number), encoding="utf-8")
    (folder / "080.txt").write_bytes((folder / "007.txt").read_bytes())
    (folder / "090.txt").touch()
    (folder / "095.txt").write_bytes(b"\xff\xfe\x00\x01\x02")
    return folder


@pytest.fixture(scope="module")
def direct(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fingerprint of an undisturbed direct conversion."""
    path = tmp_path_factory.mktemp("direct") / "direct.db"
    cablekit.convert(dump, path, workers=0)
    return fingerprint(path)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A cluster of two workers, which nobody kills."""
    with running(tmp_path_factory.mktemp("pair"), 2) as started:
        yield started


def fingerprint(path: Path) -> str:
    with Archive.open(path) as archive:
        return archive.fingerprint


def records_of(dump: Path, folder: Path) -> Path:
    cablekit.convert(dump, folder / "records", to="records")
    return folder / "records"


def at_first(act: Callable[[], object]) -> Callable[[Summary], None]:
    """Do something when the first progress is told."""
    waiting = [act]
    return lambda _: waiting.pop()() and None if waiting else None


# ---- parts, which the workers read and write themselves ------------------------------------------------------------


def test_a_worker_is_killed_while_parts_are_parsed(dump: Path, direct: str, tmp_path: Path) -> None:
    given = records_of(dump, tmp_path)
    count = len(list(given.glob("part-*")))
    assert count > 10
    with running(tmp_path, 2) as started:
        summary = cablekit.convert(
            given,
            tmp_path / "parts",
            to="parquet",
            dask=started.address,
            progress=at_first(lambda: started.kill(started.workers[0])),
        )
        assert started.workers[0].returncode == -9
        assert "Removing worker" in started.log or "Remove worker" in started.log
    assert (summary.complete, summary.found, summary.rejected) == (True, COUNT + 3, 2)
    assert len(list((tmp_path / "parts").glob("part-*"))) == count
    assert not list((tmp_path / "parts").glob(".*"))
    build(tmp_path / "parts", tmp_path / "built.db", workers=0)
    assert fingerprint(tmp_path / "built.db") == direct


def test_parts_that_are_there_are_not_made_again(dump: Path, pair: LocalCluster, tmp_path: Path) -> None:
    given = records_of(dump, tmp_path)
    told: list[Summary] = []
    with Cluster(pair.address) as connected:
        assert connected.threads == 2
        first = convert_parts(
            [str(given)], str(tmp_path / "parts"), connected, progress=told.append, stop=lambda: len(told) > 2
        )
        assert not first.complete
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "parts").glob("part-*")}
        second = convert_parts([str(given)], str(tmp_path / "parts"), connected)
        assert (second.complete, second.found, second.skipped) == (True, COUNT + 3, first.found)
        assert all(path.stat().st_mtime_ns == changed for path, changed in before.items())
        again = convert_parts([str(given)], str(tmp_path / "parts"), connected, force=True)
        assert again.skipped == 0


def test_parts_of_something_else_are_left_alone(dump: Path, pair: LocalCluster, tmp_path: Path) -> None:
    given = records_of(dump, tmp_path)
    output = tmp_path / "parts"
    cablekit.convert(given, output, to="parquet", dask=pair.address)

    def refused(*places: Path) -> str:
        with Cluster(pair.address) as connected, pytest.raises((ConversionError, SourceError)) as error:
            convert_parts([str(place) for place in places], str(output), connected, partial=True)
        return str(error.value)

    assert "is of other parts than those given" in refused(given / "part-000001.parquet")
    assert "is of other records" in refused(given / "part-000002.parquet")
    (output / "part-000001.parquet").write_bytes(b"PAR1")
    assert "without its end" in refused(given)
    (given / "part-000002.parquet").unlink()
    with Cluster(pair.address) as connected, pytest.raises(SourceError, match="lacks part 2"):
        convert_parts([str(given)], str(tmp_path / "new"), connected)


def test_what_is_wrong_with_a_part_comes_back_from_the_worker(dump: Path, pair: LocalCluster, tmp_path: Path) -> None:
    given = records_of(dump, tmp_path)
    part = bytearray((given / "part-000003.parquet").read_bytes())
    part[40] ^= 0xFF
    (given / "part-000003.parquet").write_bytes(part)
    with pytest.raises(ConversionError, match=r"part-000003.parquet: rows? 1"):
        cablekit.convert(given, tmp_path / "parts", to="parquet", dask=pair.address)
    assert not list((tmp_path / "parts").glob("*part-000003*"))


# ---- batches, which the client sends -------------------------------------------------------------------------------


def test_a_worker_is_killed_while_batches_are_parsed(dump: Path, direct: str, tmp_path: Path) -> None:
    with running(tmp_path, 2) as started:
        summary = cablekit.convert(
            dump,
            tmp_path / "cables.db",
            dask=started.address,
            progress=at_first(lambda: started.kill(started.workers[1])),
        )
        assert started.workers[1].returncode == -9
    assert (summary.complete, summary.found, summary.workers) == (True, COUNT + 3, 2)
    assert fingerprint(tmp_path / "cables.db") == direct


def test_the_command(dump: Path, direct: str, pair: LocalCluster, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["convert", str(dump), "--to", "parquet", "--dask", pair.address, "-o", str(tmp_path / "parts")]
    )
    assert done.exit_code == 1, done.output
    build(tmp_path / "parts", tmp_path / "built.db", workers=0)
    assert fingerprint(tmp_path / "built.db") == direct


# ---- clusters that will not do -------------------------------------------------------------------------------------


def test_nobody_answers(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "TIMEOUT", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ConversionError, match="no Dask scheduler answers"):
        Cluster(address, timeout=0.5)
    with pytest.raises(ConversionError, match="no Dask scheduler answers"):
        Cluster("nonsense://here", timeout=0.5)
    output = tmp_path / "cables.db"
    done = CliRunner().invoke(main, ["convert", str(dump), "--dask", address, "-o", str(output)])
    assert (done.exit_code, output.exists()) == (4, False)
    assert "no Dask scheduler answers" in done.output


def test_a_cluster_without_workers(tmp_path: Path) -> None:
    with running(tmp_path, 0) as started, pytest.raises(ConversionError, match="has no workers"):
        Cluster(started.address, timeout=1)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import cablekit; cablekit.__version__ = '0.0.1'", r"cablekit 0.0.1 instead of"),
        (
            "import importlib.metadata as m\nold = m.version\n"
            "m.version = lambda name: '2001.1.0' if name == 'distributed' else old(name)",
            r"distributed 2001.1.0 on Python",
        ),
        ("import sys; sys.modules['cablekit'] = None", "has workers that cannot run cablekit"),
    ],
    ids=["cablekit", "distributed", "none"],
)
def test_workers_of_another_version(tmp_path: Path, program: str, told: str) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text(program, encoding="utf-8")
    with running(tmp_path, 0) as started:
        started.start_worker(tmp_path / "path")
        started.wait(1)
        with pytest.raises(ConversionError, match=told):
            Cluster(started.address)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConversionError, match=r"cablekit\[dask\]"):
        Cluster("tcp://127.0.0.1:1")


# ---- what is decided when workers are lost, without a cluster ------------------------------------------------------


class Lost(Exception):
    """Stands for the scheduler's word that all workers that were at a task are gone."""


@dataclass
class Fake(Cluster):
    """Does tasks here; ``fails`` may raise instead."""

    fails: Callable[..., object]

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            self.fails(*arguments)
            future.set_result(task(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def is_loss(self, error: Exception) -> bool:
        return isinstance(error, Lost)

    @property
    def threads(self) -> int:
        return 1

    address = "tcp://here"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks parse in this process."""
    monkeypatch.setattr(cluster, "_crew", Alone)


@pytest.mark.usefixtures("here")
def test_a_record_at_which_all_workers_are_lost_is_rejected() -> None:
    def fails(_: object, items: Sequence[Record | Failure], *__: object) -> None:
        if any(isinstance(item, Record) and b"000003" in item.data for item in items):
            raise Lost

    items = [record(telegram(serial=number), f"{number}.txt") for number in range(1, 6)]
    results: list[Result] = ClusterCrew(Fake(fails), BOUNDS).submit(PartWork(True), items).result()
    assert [result.rejection and result.rejection[0] for result in results] == [None, None, "crash", None, None]


@pytest.mark.usefixtures("here")
def test_a_cluster_that_is_gone_rejects_nothing() -> None:
    def fails(*_: object) -> None:
        raise OSError("Timed out trying to connect")

    with pytest.raises(ConversionError, match="has not done a task"):
        ClusterCrew(Fake(fails), BOUNDS).submit(PartWork(True), [record(telegram())]).result()


@pytest.mark.usefixtures("here")
def test_a_part_at_which_workers_are_lost_is_done_again_so_often(dump: Path, tmp_path: Path) -> None:
    given = records_of(dump, tmp_path)
    losses: list[str] = []

    def fails(source: str, *_: object) -> None:
        if "000002" in source and len(losses) < most:
            losses.append(source)
            raise Lost

    most = cluster.LOSSES
    summary = convert_parts([str(given)], str(tmp_path / "parts"), Fake(fails))
    assert (summary.found, len(losses)) == (COUNT + 3, most)
    losses.clear()
    most = 99
    with pytest.raises(ConversionError, match="has not done a task"):
        convert_parts([str(given)], str(tmp_path / "other"), Fake(fails))


@pytest.mark.usefixtures("here")
def test_a_worker_that_came_later_is_asked_too() -> None:
    assert cluster._Checked(len, parser())("abc") == 3
    with pytest.raises(ConversionError, match="has another parser: cablekit"):
        cluster._Checked(len, ("9.9.9", *parser()[1:]))("abc")
    assert cluster._results(PartWork(True), [record(telegram())], BOUNDS)[0].layout == "A"
    assert DEFAULT.record
