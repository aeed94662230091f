"""Batch conversion: the same archive whoever parses, and bounds for single records."""

from __future__ import annotations

import csv
import gzip
import io
import os
import resource
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.verify import Condition, verify
from cablekit.conversion import batches as batching
from cablekit.conversion.convert import convert_to, named
from cablekit.conversion.summary import Summary
from cablekit.conversion.work import Bounds
from cablekit.conversion.worker import receive, send, serve
from tests.archive_files import telegram
from tests.poison import poisoned


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few records make many batches."""
    monkeypatch.setattr(batching, "RECORDS", 7)


def fingerprint(path: Path) -> str:
    with Archive.open(path) as archive:
        return archive.fingerprint


def dump(folder: Path, *texts: str) -> Path:
    """A folder of files with these texts, in their order."""
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number:04}.txt").write_text(text)
    return folder


def telegrams(count: int, first: int = 1) -> list[str]:
    return [telegram(serial=serial) for serial in range(first, first + count)]


def reconciles(summary: Summary) -> bool:
    parts = summary.archived + summary.duplicates + summary.rejected + summary.skipped
    return summary.found == parts


# ---- the same archive, whoever parses -----------------------------------------------------------------------------


def test_any_number_of_workers_and_any_executor_give_the_same(sample_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "copy.txt").write_bytes(sorted(sample_folder.iterdir())[0].read_bytes())
    (tmp_path / "second" / "letter.txt").write_text("Dear aunt, the weather is fine.\n")
    sources = [sample_folder, tmp_path / "second"]
    prints = {}
    for workers in (0, 1, 2, 5):
        path = tmp_path / f"{workers}.db"
        summary = cablekit.convert(sources, path, workers=workers)
        assert reconciles(summary)
        assert (summary.duplicates, summary.rejected, summary.workers) == (1, 1, workers)
        assert summary.complete
        prints[workers] = fingerprint(path)
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        with kind(2) as executor:
            path = tmp_path / f"{kind.__name__}.db"
            cablekit.convert(sources, path, executor=executor)
            prints[kind] = fingerprint(path)
    assert len(set(prints.values())) == 1


def test_the_corpus_reconciles_with_its_manifest(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    summary = cablekit.convert(corpus, tmp_path / "folders.db", workers=2)
    assert reconciles(summary)
    with Archive.open(tmp_path / "folders.db") as archive:
        rows = archive.connection.execute("SELECT path FROM provenances").fetchall()
    given = Counter(path for (path,) in rows)
    assert set(given) - set(listed) == {"GOLD.jsonl", "MANIFEST.csv", "README.md"}
    assert set(listed) <= set(given)
    assert given["cablegate-csv/reencoded.csv"] == 43
    assert summary.found == given.total()
    assert summary.reasons == {"not-a-cable": 2, "malformed": 1}

    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        for path in sorted(corpus.rglob("*")):
            if path.is_file():
                tar.add(path, path.relative_to(corpus).as_posix())
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as packed:
        packed.writestr("corpus.tar.gz", gzip.compress(inner.getvalue(), 1))
    zipped = cablekit.convert(tmp_path / "corpus.zip", tmp_path / "zip.db", workers=2)
    assert zipped.outcomes == summary.outcomes
    assert (zipped.layouts, zipped.years, zipped.reasons) == (summary.layouts, summary.years, summary.reasons)


def test_a_summary_tells_what_there_is(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", telegram(year=7), telegram(year=8), "Dear aunt, the weather is fine.\n")
    summary = cablekit.convert(source, tmp_path / "a.db", workers=0)
    assert summary.years == {2007: 1, 2008: 1}
    assert summary.sources == {("dump", "A"): 2, ("dump", "not-a-cable"): 1}
    assert [place for _, place in summary.slowest] != []
    assert summary.slowest == sorted(summary.slowest, reverse=True)
    assert summary.position == sum(path.stat().st_size for path in source.iterdir())


# ---- records that are poison --------------------------------------------------------------------------------------

BOUNDS = Bounds(seconds=1.0, memory=100_000_000)


def converted(path: Path, source: Path, **options: Any) -> Summary:
    """Convert with work that goes wrong."""
    summary = Summary(path)
    target = poisoned(path)
    convert_to(target, named(source), summary, bounds=BOUNDS, **{"workers": 2, **options})
    target.close()
    return summary


def rejections(path: Path) -> dict[str, str]:
    """Reason and message of what was rejected, by path."""
    with Archive.open(path) as archive:
        rows = archive.connection.execute("SELECT path, reason || ': ' || message FROM rejections").fetchall()
    return dict(rows)


def test_poison_is_rejected_and_everything_else_archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cablekit.conversion.workers._GRACE", 1.0)
    texts = telegrams(30)
    poison = {3: "hang", 8: "memory", 9: "crash", 15: "killed", 20: "leave", 25: "hang_in_c", 28: "fault"}
    for at, what in poison.items():
        texts[at] = f"POISON {what}"
    source = dump(tmp_path / "dump", *texts)
    summary = converted(tmp_path / "a.db", source)
    assert (summary.archived, summary.rejected) == (30 - len(poison), len(poison))
    found = {path.removesuffix(".txt")[-2:]: told for path, told in rejections(tmp_path / "a.db").items()}
    assert found == {
        "03": "time: takes longer than 1 seconds",
        "08": "memory: needs more memory than one record may take",
        "09": "crash: ends the process that parses it (SIGSEGV)",
        "15": "crash: ends the process that parses it (SIGKILL, perhaps for want of memory)",
        "20": "crash: ends the process that parses it (exit status 7)",
        "25": "time: takes longer than 1 seconds",
        "28": "fault: cannot be parsed: ValueError: thorn",
    }
    assert verify(tmp_path / "a.db").condition is Condition.SOUND
    with Archive.open(tmp_path / "a.db") as archive:
        kept = {record.data for record in archive.records()}
    assert {text.encode() for text in texts} == kept
    assert {place for _, place in summary.slowest[:2]} == {"0003.txt", "0025.txt"}


def test_rejected_records_are_parsed_again_when_asked(tmp_path: Path) -> None:
    texts = telegrams(10)
    source = dump(tmp_path / "dump", *texts[:4], "POISON crash", *texts[5:], "Dear aunt, the weather is fine.\n")
    path = tmp_path / "a.db"
    assert converted(path, source).rejected == 2
    again = cablekit.convert(source, path)
    assert (again.skipped, again.found) == (11, 11)
    (source / "0004.txt").write_text(telegram(serial=5))  # the file is another now
    retried = cablekit.convert(source, path, retry_rejected=True)
    assert (retried.archived, retried.rejected, retried.skipped) == (1, 1, 9)
    assert cablekit.convert(source, path, only_changed=True).skipped == 11


def test_a_worker_that_the_system_ends_costs_no_record(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    source = dump(tmp_path / "dump", *telegrams(10), f"POISON once {flag}\n{telegram(serial=99)}")
    summary = converted(tmp_path / "a.db", source)
    assert flag.exists()
    assert (summary.archived, summary.rejected) == (11, 0)


def test_a_worker_that_broke_its_bounds_is_replaced(tmp_path: Path) -> None:
    signed = tmp_path / "signed"
    sign = f"POISON sign {signed}\n"
    converted(tmp_path / "a.db", dump(tmp_path / "dump", sign, f"{sign} again", "POISON hang", sign + "!"), workers=1)
    first, second, third = signed.read_text().split()
    assert first == second
    assert first != third


def test_what_is_printed_does_no_harm(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = dump(tmp_path / "dump", f"POISON talk\n{telegram()}")
    assert converted(tmp_path / "a.db", source, workers=1).archived == 1
    assert capfd.readouterr() == ("", "a library says something\n")


def test_an_executor_whose_tasks_fail(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", *telegrams(5), "POISON hang", "POISON fault")
    with ProcessPoolExecutor(1) as executor:
        summary = converted(tmp_path / "a.db", source, executor=executor)
    assert (summary.archived, summary.rejected) == (5, 2)
    assert summary.reasons == {"time": 1, "fault": 1}

    class Failing(ThreadPoolExecutor):
        """Loses tasks whose records are poison."""

        def submit(self, task: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
            def lose() -> Any:
                if any(item.data.startswith(b"POISON") for item in arguments[1]):
                    raise RuntimeError("lost")
                return task(*arguments)

            return super().submit(lose)

    with Failing(1) as executor:
        summary = converted(tmp_path / "b.db", source, executor=executor)
    assert (summary.archived, summary.reasons) == (5, {"crash": 2})


def test_what_nobody_has_begun_with_is_left_out(tmp_path: Path) -> None:
    wanted = False

    def progress(_: Summary) -> None:
        nonlocal wanted
        wanted = True

    source = dump(tmp_path / "dump", *telegrams(50))
    with ThreadPoolExecutor(1) as executor:
        summary = cablekit.convert(
            source, tmp_path / "a.db", executor=executor, workers=3, progress=progress, stop=lambda: wanted
        )
    assert not summary.complete
    assert 7 <= summary.found < 50
    assert cablekit.convert(source, tmp_path / "a.db").found == 50


def test_an_executor_that_breaks_ends_the_conversion_and_loses_nothing(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", *telegrams(9), "POISON killed")
    with ProcessPoolExecutor(1) as executor, pytest.raises(cablekit.ConversionError) as caught:
        converted(tmp_path / "a.db", source, executor=executor)
    assert "takes no more work (BrokenProcessPool" in str(caught.value)


def test_workers_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(cablekit.ConversionError) as caught:
        cablekit.convert(dump(tmp_path / "dump", telegram()), tmp_path / "a.db")
    assert str(caught.value) == "worker: cannot be started (exit status 1); work without: --workers 0"


def test_a_worker_serves_until_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, for what a process of its own does not show."""
    monkeypatch.setattr("cablekit.conversion.worker._SIGN_OF_LIFE", 0.0)
    monkeypatch.setattr("gc.freeze", lambda: None)
    target = poisoned(tmp_path / "a.db")
    records = list(cablekit.read(dump(tmp_path / "dump", telegram(), "POISON fault", "POISON memory", telegram())))
    asked, answers = io.BytesIO(), io.BytesIO()
    send(asked, (sys.path[:], 5.0, 200_000_000))
    send(asked, (target.work, records[:2]))
    send(asked, (target.work, records[1:]))
    asked.seek(0)
    with pytest.raises(EOFError):
        serve(asked, answers)
    target.close()
    answers.seek(0)
    told = [receive(answers) for _ in range(6)]
    assert [one is None for one in told] == [True, True, True, False, True, False]
    reasons = [[result.rejection and result.rejection[0] for result in one] for one in told if one]
    assert reasons == [[None, "fault"], ["fault", "memory"]]
    with pytest.raises(EOFError):
        receive(io.BytesIO(b"\0" * 7))
    with pytest.raises(EOFError):
        receive(io.BytesIO(b"\0" * 7 + b"\x09abc"))


def test_a_worker_whose_parent_is_another_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("os.getppid", iter([1, 2]).__next__)
    target = poisoned(tmp_path / "a.db")
    asked, answers = io.BytesIO(), io.BytesIO()
    send(asked, (sys.path[:], 5.0, 200_000_000))
    send(asked, (target.work, list(cablekit.read(dump(tmp_path / "dump", telegram())))))
    asked.seek(0)
    with pytest.raises(EOFError):
        serve(asked, answers)
    target.close()
    answers.seek(0)
    assert receive(answers) is None
    assert answers.read() == b""
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_in_one_process_time_is_bounded_too(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGALRM)
    source = dump(tmp_path / "dump", telegram(), "POISON hang", "POISON fault")
    summary = converted(tmp_path / "a.db", source, workers=0)
    assert (summary.archived, summary.reasons) == (1, {"time": 1, "fault": 1})
    assert signal.getsignal(signal.SIGALRM) is before


def test_no_worker_is_left(tmp_path: Path) -> None:
    cablekit.convert(dump(tmp_path / "dump", *telegrams(20)), tmp_path / "a.db", workers=2)
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    lines = [line.split(maxsplit=1) for line in listed.splitlines()]
    assert [line for parent, line in lines if parent == str(os.getpid()) and "cablekit.conversion" in line] == []
