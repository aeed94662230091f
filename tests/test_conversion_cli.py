"""`cablekit convert` and `cablekit rejected`: what they write, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from cablekit.archive.archive import Archive
from cablekit.archive.rows import rejected_rows
from cablekit.cli.account import account
from cablekit.cli.stopping import Stopping
from cablekit.conversion.summary import Summary
from cablekit.sources.record import Provenance, Record
from tests.archive_files import made, record, telegram
from tests.archives import zipped
from tests.converting import converting
from tests.test_cli import run
from tests.test_conversion import dump, telegrams

LETTER = "Dear aunt, the weather is fine.\n"


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two cables and a letter."""
    return dump(tmp_path / "dump", telegram(year=8), telegram(), LETTER)


# ---- convert ------------------------------------------------------------------------------------------------------


def test_the_account(mixed: Path, tmp_path: Path) -> None:
    path = tmp_path / "a b.db"
    result = run("convert", mixed, "-o", path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[1].split() == ["archived", "2", "(layout", "A", "2)"]
    assert lines[3].split() == ["rejected", "1", "(not-a-cable", "1)"]
    assert "  years      2008 1, 2009 1" in lines
    assert any(line.startswith("  slowest ") and " s  00" in line for line in lines)
    assert lines[-1] == f"  see them: cablekit rejected list '{path}'"
    assert run("convert", mixed, "-o", path).exit_code == 0


def test_without_output_it_says_what_there_is(mixed: Path, tmp_path: Path) -> None:
    zip_path = tmp_path / "more.zip"
    zip_path.write_bytes(zipped({"a.txt": telegram(serial=1).encode(), "b.txt": telegram(serial=2).encode()}))
    result = run("convert", mixed, zip_path)
    assert result.exit_code == 1
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0][:4] == ["would", "convert", "5", "records,"]
    assert lines[1:7] == [
        ["dump:", "3", "records"],
        ["cables", "2", "(layout", "A", "2)"],
        ["rejected", "1", "(not-a-cable", "1)"],
        ["more.zip:", "2", "records"],
        ["cables", "2", "(layout", "A", "2)"],
        ["rejected", "0"],
    ]
    assert run("convert", zip_path, "--dry-run", "-o", tmp_path / "a.db").exit_code == 0
    one = run("convert", mixed / "0000.txt").stdout.splitlines()
    assert one[0].startswith("would convert 1 record, ")
    assert one[1] == "0000.txt: 1 record"
    assert not (tmp_path / "a.db").exists()


def test_quiet_writes_nothing(mixed: Path, tmp_path: Path) -> None:
    result = run("convert", mixed, "-o", tmp_path / "a.db", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


def test_the_log(mixed: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run("convert", mixed, "-o", tmp_path / "a.db", "--log", log, "--note", "from the attic")
    run("convert", mixed, "-o", tmp_path / "a.db", "--log", log, "--note", "from the attic")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["what"] for line in lines] == ["start", "rejected", "batch", "end", "start", "batch", "end"]
    start, rejected, batch, end, *_, last = lines
    assert start["sources"] == [{"name": "dump", "collection": "", "note": "from the attic"}]
    assert (rejected["place"], rejected["reason"]) == ("0002.txt", "not-a-cable")
    assert (batch["archived"], batch["rejected"], batch["number"]) == (2, 1, 1)
    assert (end["found"], end["archived"], end["rejected"], end["complete"]) == (3, 2, 1, True)
    assert (last["found"], last["skipped"]) == (3, 3)
    assert run("convert", mixed, "-o", tmp_path / "b.db", "--log", tmp_path / "none" / "log").exit_code == 4


def test_exit_codes(mixed: Path, tmp_path: Path) -> None:
    letters, nothing = dump(tmp_path / "letters", LETTER), dump(tmp_path / "nothing")
    assert run("convert", letters, "-o", tmp_path / "letters.db").exit_code == 3
    empty = run("convert", nothing, "-o", tmp_path / "nothing.db")
    assert empty.exit_code == 3
    assert "hold nothing to read; check the path and --hidden\n" in empty.stderr
    none = run(
        "convert", mixed, "-o", tmp_path / "nothing.db", "--glob", "*.csv", "--exclude", "a", "--hidden", "--force"
    )
    assert "hold nothing to read; check the path, --glob and --exclude\n" in none.stderr
    assert run("convert", tmp_path / "none", "-o", tmp_path / "none.db").exit_code == 3
    assert run("convert", mixed, "-o", tmp_path / "a.db", "--workers", "-1").exit_code == 2
    assert run("convert", mixed, "-o", mixed / "a.db").exit_code == 4
    run("convert", mixed, "-o", tmp_path / "a.db")
    other = run("convert", letters, "-o", tmp_path / "a.db")
    assert other.exit_code == 4
    assert "is an archive of other sources (dump)" in other.stderr
    assert run("convert", letters, "-o", tmp_path / "a.db", "--force").exit_code == 3


def test_a_file_that_is_damaged_in_parts(tmp_path: Path) -> None:
    data = zipped({f"{at}.txt": text.encode() for at, text in enumerate(telegrams(5))})
    (tmp_path / "dump.zip").write_bytes(data[: len(data) // 2])
    result = run("convert", tmp_path / "dump.zip", "-o", tmp_path / "a.db")
    assert result.exit_code == 1
    with Archive.open(tmp_path / "a.db") as archive:
        assert 0 < archive.count() < 5
        assert [place.rejection and place.rejection[0] for place in archive.rejected()] == ["truncated"]


def test_standard_input_in_a_process(tmp_path: Path) -> None:
    (tmp_path / "dump.zip").write_bytes(zipped({"a.txt": telegram().encode()}))
    with (tmp_path / "dump.zip").open("rb") as file, converting("-", "-o", tmp_path / "a.db", stdin=file) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "archived             1" in out


def test_a_signal_asks_and_a_second_one_ends(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Stopping() as stopping:
        assert not stopping.is_wanted()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.is_wanted()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert capsys.readouterr().err.count("ends behind what is being parsed") == 1


def test_an_interrupted_preview_says_so(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stopping, "is_wanted", lambda _: True)
    result = run("convert", mixed)
    assert result.exit_code == 130
    assert result.stdout.endswith("  interrupted: there may be more\n")


def test_what_is_poison_is_poison_in_a_preview(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Record, "parse", lambda _: 1 / 0)
    result = run("convert", mixed, "--workers", "0")
    assert result.exit_code == 3
    assert "rejected             3  (fault 3)" in result.stdout


def test_many_diagnostics_are_told_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    account(Summary(Path("cables.db"), diagnostics=Counter({f"CK{at}": 1000 + at for at in range(100, 130)})))
    told = capsys.readouterr().out
    assert "  odd        CK129 1,129, CK128 1,128, " in told
    assert " and 18 more\n" in told
    assert all(len(line) <= 110 for line in told.splitlines())


# ---- rejected -----------------------------------------------------------------------------------------------------


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    """An archive with four rejected records, one without bytes, one with a name that leads elsewhere."""
    source = dump(tmp_path / "dump", telegram(), LETTER, "\x1b[31m no cable\n")
    (source / "empty.txt").touch()
    path = tmp_path / "a.db"
    run("convert", source, "-o", path)
    evil = Record(b"\x00bytes", Provenance("dump.zip", ("../../etc/..\\passwd.$(x)",), "text"))
    with Archive.open(path, write=True) as archive:
        archive.insert(rejected_rows(evil, "crash", "ends its process", "report it"))
    return path


def test_rejected_are_listed(rejects: Path) -> None:
    result = run("rejected", "list", rejects)
    assert result.exit_code == 0
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["not-a-cable", "not-a-cable", "empty", "crash"]
    listed = json.loads(run("rejected", "list", rejects, "--json").stdout)
    assert [one["reason"] for one in listed] == ["not-a-cable", "not-a-cable", "empty", "crash"]
    assert (listed[0]["path"], listed[0]["source"], listed[0]["bytes"]) == ("0001.txt", "dump", len(LETTER))
    assert "sha256" not in listed[2]
    only = run("rejected", "list", rejects, "--reason", "empty").stdout
    assert only.split()[1:4] == ["empty", "dump:", "empty.txt"]
    assert run("rejected", "list", rejects, "--json", "--reason", "none").stdout == "[]\n"


def test_a_rejected_record_is_shown(rejects: Path) -> None:
    first, second, empty, _ = (one["number"] for one in json.loads(run("rejected", "list", rejects, "--json").stdout))
    shown = run("rejected", "show", rejects, str(first))
    assert shown.exit_code == 0
    assert shown.stdout.endswith("\n\nDear aunt, the weather is fine.\n")
    assert "reason      not-a-cable\n" in shown.stdout
    assert "\x1b" not in run("rejected", "show", rejects, str(second)).stdout
    assert "reason      empty\n" in run("rejected", "show", rejects, str(empty)).stdout
    absent = run("rejected", "show", rejects, "1")
    assert absent.exit_code == 1
    assert "number 1: is not rejected; see which are: cablekit rejected list" in absent.stderr


def test_a_long_record_is_cut_when_it_is_shown(tmp_path: Path) -> None:
    made(tmp_path / "a.db", record("roses " * 20_000))
    result = run("rejected", "show", tmp_path / "a.db", "1")
    assert result.stdout.splitlines()[-1] == "… 20,000 more characters: cablekit rejected export"


def test_rejected_records_are_exported(rejects: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    result = run("rejected", "export", rejects, "-o", folder)
    assert result.exit_code == 0
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    files = [one["file"] for one in manifest]
    assert sorted(filter(None, files)) == sorted(one.name for one in folder.iterdir() if one.suffix != ".jsonl")
    assert [one and one.split("-", 1)[1] for one in files] == ["0001.txt", "0002.txt", None, "passwd.__x_"]
    assert (folder / str(files[0])).read_text() == LETTER
    assert (folder / str(files[3])).read_bytes() == b"\x00bytes"
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["out"]
    again = run("rejected", "export", rejects, "-o", folder)
    assert again.exit_code == 4
    assert "is there already" in again.stderr
    assert run("rejected", "export", tmp_path / "none.db", "-o", folder).exit_code == 3
