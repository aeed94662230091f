"""The commands of the archive: what they write, and with which exit code."""

from __future__ import annotations

import io
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import cablekit
from cablekit.archive.archive import Archive
from cablekit.archive.store import Outcome
from cablekit.cli.progress import converted, counted
from cablekit.conversion.summary import Summary
from cablekit.sources.record import Record
from tests.archive_files import made, record, telegram
from tests.test_cli import run

if TYPE_CHECKING:
    import pytest

# ---- convert ------------------------------------------------------------------------------------------------------


def test_convert_gives_an_account(sample_folder: Path, tmp_path: Path) -> None:
    samples = list(sample_folder.iterdir())
    path = tmp_path / "a.db"
    result = run("convert", sample_folder, "--glob", "*.txt", "-o", path)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{path}: {len(samples)} records, ")
    figures = {line.split()[0]: int(line.split()[1]) for line in lines[1:5]}
    assert figures == {"archived": len(samples), "duplicates": 0, "rejected": 0, "skipped": 0}
    assert "(layout A " in lines[1]
    assert result.stderr == ""
    again = run("convert", sample_folder, "--glob", "*.txt", "-o", path)
    assert again.stdout.splitlines()[4].split() == ["skipped", str(len(samples))]
    assert again.exit_code == 0


def test_convert_keeps_collection_and_note(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.txt").write_text(telegram())
    (tmp_path / "dump" / "b.txt").write_text(telegram("Roses!"))
    result = run(
        "convert", tmp_path / "dump", "-o", tmp_path / "a.db", "--collection", "roses", "--note", "from the attic"
    )
    assert result.exit_code == 0
    assert "1 of the archived are further editions or sections" in result.stdout
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.places(1)[0].source == ("dump", "roses", "from the attic")


def test_convert_rejects_what_is_no_cable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(telegram())
    (tmp_path / "b.txt").write_text("Dear aunt, the weather is fine.\n")
    some = run("convert", tmp_path / "a.txt", tmp_path / "b.txt", "-o", tmp_path / "a.db")
    assert some.exit_code == 1
    assert "(not-a-cable 1)" in some.stdout
    assert run("convert", tmp_path / "b.txt", "-o", tmp_path / "b.db").exit_code == 3


def test_convert_needs_a_source_that_is_there_and_an_archive(tmp_path: Path) -> None:
    missing = run("convert", tmp_path / "none", "-o", tmp_path / "a.db")
    assert missing.exit_code == 3
    assert "is not there; check the path" in missing.stderr
    assert not (tmp_path / "a.db").exists()
    (tmp_path / "a.txt").write_text(telegram())
    other = run("convert", tmp_path / "a.txt", "-o", tmp_path / "a.txt")
    assert other.exit_code == 4
    assert "is not an archive of cablekit" in other.stderr
    assert (tmp_path / "a.txt").read_text() == telegram()


def test_convert_is_a_function(sample_folder: Path, tmp_path: Path) -> None:
    samples = sorted(sample_folder.iterdir())
    told: list[int] = []
    with samples[0].open("rb") as stream:
        summary = cablekit.convert(
            [stream, sample_folder],
            tmp_path / "a.db",
            glob="*.txt",
            progress=lambda so_far: told.append(so_far.found),
        )
    assert told == [1, len(samples) + 1]
    assert (summary.archived, summary.duplicates, summary.skipped) == (len(samples), 1, 0)
    assert summary.found == summary.archived + summary.duplicates + summary.rejected + summary.skipped
    assert summary.layouts.total() == summary.archived


# ---- show and diff ------------------------------------------------------------------------------------------------


def test_show(archive_path: Path, root: Path) -> None:
    sample = root / "samples" / "seed-quirks.txt"
    view = run("show", "08DUSHANBE277", "-a", archive_path)
    assert view.exit_code == 0
    assert "Tajik Villages Share the Key" in view.stdout
    assert run("show", "08DUSHANBE277", "--original", "-a", archive_path).stdout_bytes == sample.read_bytes()
    reading = json.loads(run("show", "08DUSHANBE277", "--json", "-a", archive_path).stdout)
    assert reading["source"]["provenance"]["path"] == "seed-quirks.txt"
    listed = run("show", "2008 dushanbe 277", "--editions", "-a", archive_path).stdout
    assert "preferred; SHA-256 " in listed
    assert "samples/seed-quirks.txt" in listed


def test_show_says_what_is_not_there(archive_path: Path, tmp_path: Path) -> None:
    absent = run("show", "08DUSHANBE1", "-a", archive_path)
    assert absent.exit_code == 1
    assert "08DUSHANBE1: is not in the archive" in absent.stderr
    assert run("show", "9999", "-a", archive_path).exit_code == 1
    assert run("show", "08DUSHANBE277", "-a", tmp_path / "none.db").exit_code == 3
    both = run("show", "08DUSHANBE277", "--json", "--original", "-a", archive_path)
    assert both.exit_code == 2
    assert "--json and --original cannot be combined" in both.stderr


def test_show_puts_sections_together(tmp_path: Path) -> None:
    texts = [telegram(f"Section {at}.", line_12=f"UNCLAS SECTION 0{at} OF 02 SOFIA 000608") for at in (1, 2)]
    made(tmp_path / "a.db", *(record(text, f"{at}.txt") for at, text in enumerate(texts)))
    view = run("show", "09SOFIA608", "-a", tmp_path / "a.db").stdout
    assert "Section 1." in view
    assert "Section 2." in view
    assert len(json.loads(run("show", "09SOFIA608", "--json", "-a", tmp_path / "a.db").stdout)["body"]) == 2


def test_diff(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    corrected = telegram("The roses are early this year.").replace("OCT 09\n", "OCT 09 ZDS\n", 1)
    made(
        path,
        record(telegram("The roses are late this year.")),
        record(corrected, "b.txt"),
        record(telegram(serial=609), "c.txt"),
    )
    result = run("diff", "09SOFIA608", "-a", path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "record 2 → record 1"
    assert "  1. (U) The roses are [-early-] {+late+} this year." in result.stdout
    assert "header.dtg.signals.0: " in result.stdout
    (compared,) = json.loads(run("diff", "09SOFIA608", "--json", "-a", path).stdout)
    assert compared["records"] == [2, 1]
    assert compared["paragraphs"][0]["kind"] == "changed"
    single = run("diff", "09SOFIA609", "-a", path)
    assert (single.exit_code, single.stdout) == (0, "09SOFIA609: one edition only\n")
    assert run("diff", "09SOFIA609", "--with", "1", "-a", path).exit_code == 1
    assert run("diff", "09SOFIA1", "-a", path).exit_code == 1


def test_diff_of_editions_with_the_same_words(tmp_path: Path) -> None:
    made(tmp_path / "a.db", record(telegram()), record(telegram() + "\n", "b.txt"))
    result = run("diff", "09SOFIA608", "-a", tmp_path / "a.db")
    assert result.exit_code == 0
    assert "the paragraphs are alike" in result.stdout


# ---- the whole archive --------------------------------------------------------------------------------------------


def test_info(archive_path: Path, sample_folder: Path) -> None:
    samples = list(sample_folder.iterdir())
    text = run("info", archive_path).stdout
    told = json.loads(run("info", "--json", archive_path).stdout)
    assert told["cables"] == len(samples) == told["messages"] + told["editions"]
    assert f"cables       {len(samples)} of {told['messages']} messages" in text
    assert run("info", "--fingerprint", archive_path).stdout == f"{told['fingerprint']}\n"
    assert run("info", "--json", "--fingerprint", archive_path).exit_code == 2
    assert run("info", archive_path.with_name("none.db")).exit_code == 3


def test_verify(archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = run("verify", archive_path)
    assert (sound.exit_code, sound.stdout.splitlines()[-1]) == (0, f"{archive_path}: sound")
    fast = run("verify", "--fast", archive_path)
    assert fast.exit_code == 0
    assert "not checked" in fast.stdout
    assert json.loads(run("verify", "--json", "--fast", archive_path).stdout)["condition"] == "sound"
    made(tmp_path / "empty.db")
    assert run("verify", tmp_path / "empty.db").exit_code == 3
    with closing(sqlite3.connect(archive_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr("cablekit.archive.connect._WAIT", 0.0)
        assert run("verify", archive_path).exit_code == 4
        other.execute("ROLLBACK")
        other.execute("UPDATE cable SET subject = 'x' WHERE id = 3")
    damaged = run("verify", archive_path)
    assert damaged.exit_code == 1
    assert "record 3: its rows are not those of its reading" in damaged.stdout
    assert run("verify", tmp_path / "none.db").exit_code == 3


def test_reparse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    made(path, record(telegram()), record(telegram(serial=609), "b.txt"))
    assert run("reparse", path).stdout == f"{path}: 0 read otherwise, 2 as before; left as it was\n"
    parse = Record.parse

    def other(one: Record) -> cablekit.Cable:
        cable = parse(one)
        return cable if "b" in one.provenance.path else cable.model_copy(update={"signature": None})

    monkeypatch.setattr(Record, "parse", other)
    with Archive.open(path, write=True):
        busy = run("reparse", path)
    assert busy.exit_code == 4
    assert "is being written by process" in busy.stderr
    lines = run("reparse", path).stdout.splitlines()
    assert lines[0] == "09SOFIA608: changed"
    assert lines[1].startswith("  signature: {")
    assert lines[-1] == f"{path}: 1 read otherwise, 1 as before; written anew"
    monkeypatch.setattr(Record, "parse", parse)
    change = json.loads(run("reparse", "--jsonl", path).stdout)
    assert change["name"] == "09SOFIA608"
    assert change["fields"][0]["field"] == "signature"
    assert run("reparse", tmp_path / "none.db").exit_code == 3


def test_merge(tmp_path: Path) -> None:
    made(tmp_path / "a.db", record(telegram()))
    made(tmp_path / "b.db", record(telegram()), record(telegram(serial=609), "b.txt"))
    result = run("merge", tmp_path / "a.db", tmp_path / "b.db", "-o", tmp_path / "c.db")
    assert result.stdout == f"{tmp_path / 'c.db'}: 2 archived, 1 skipped\n"
    assert run("merge", tmp_path / "a.db", "-o", tmp_path / "c.db").exit_code == 4
    assert run("merge", tmp_path / "a.db", tmp_path / "none.db", "-o", tmp_path / "d.db").exit_code == 3
    assert not (tmp_path / "d.db").exists()


def test_upgrade(archive_path: Path, tmp_path: Path) -> None:
    result = run("upgrade", archive_path)
    assert (result.exit_code, result.stdout) == (0, f"{archive_path}: is of format version 1 already\n")
    assert run("upgrade", tmp_path / "none.db").exit_code == 3


# ---- progress -----------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, shows in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        with counted("counting roses") as tell:
            assert (tell is not None) == shows
            if tell:
                tell(1, 2)
        assert ("counting roses" in stream.getvalue()) == shows


def progress_of(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, folder: Path, *, quiet: bool = False, interval: float = 0.0
) -> str:
    """What is written to standard error while a conversion of a folder is half done."""
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("cablekit.cli.progress._INTERVAL", interval)
    monkeypatch.setattr("cablekit.conversion.batches.size_of", lambda _: 2_000)
    summary = Summary(Path("a.db"), bytes=1_500_000, seconds=120.0, position=1_000, workers=2)
    summary.outcomes.update({Outcome.ARCHIVED: 5_000, Outcome.REJECTED: 1_000, Outcome.SKIPPED: 7})
    with converted([str(folder)], quiet=quiet) as tell:
        if tell:
            time.sleep(0.1)
            tell(summary)
            tell(summary)
    return stream.getvalue()


def test_convert_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "6,007 records, 1.5 MB, 50 a second, 1,000 rejected, 7 skipped, 2 workers"
    plain = progress_of(io.StringIO(), monkeypatch, tmp_path)
    assert plain == f"cablekit: {told}, 50%, about 2 min left\n" * 2
    assert progress_of(io.StringIO(), monkeypatch, tmp_path, interval=30) == ""
    assert progress_of(Terminal(), monkeypatch, tmp_path, quiet=True) == ""
    shown = progress_of(Terminal(), monkeypatch, tmp_path)
    assert "6,007 records" in " ".join(shown.split())
    assert "50%" in shown
