"""What is left out of a source when it is read: patterns, and files that are older."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

import cablekit
from cablekit.cli import main
from cablekit.sources.record import Failure, Record
from tests.archive_files import telegram
from tests.archives import zipped


def paths(found: Iterable[Record | Failure]) -> list[str]:
    return ["/".join((item.provenance.path, *item.provenance.members)) for item in found]


def test_exclude_leaves_out_files_folders_and_members(tmp_path: Path) -> None:
    text = telegram()
    for name in ("a.txt", "drafts/b.txt", "drafts/c/d.txt", "e/drafts/f.txt", "e/g.pdf.txt"):
        (tmp_path / "dump" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dump" / name).write_text(text, encoding="utf-8")
    (tmp_path / "dump" / "z.zip").write_bytes(zipped({"drafts/x.txt": text.encode(), "y.txt": text.encode()}))
    every = paths(cablekit.read(tmp_path / "dump"))
    assert len(every) == 7
    assert paths(cablekit.read(tmp_path / "dump", exclude=["drafts"])) == ["a.txt", "e/g.pdf.txt", "z.zip/y.txt"]
    assert paths(cablekit.read(tmp_path / "dump", exclude=["e/*", "*.zip"])) == every[:3]
    kept = [one for one in every if "g.pdf" not in one and "b.txt" not in one]
    assert paths(cablekit.read(tmp_path / "dump", exclude=["g.*", "b.txt"], glob="*.txt")) == kept
    assert paths(cablekit.read(tmp_path / "dump" / "a.txt", exclude=["a.*"])) == []


def test_since_leaves_out_files_that_are_older(tmp_path: Path) -> None:
    for name, year in (("old.txt", 2020), ("new.txt", 2024)):
        (tmp_path / name).write_text(telegram(), encoding="utf-8")
        moment = datetime(year, 5, 1, tzinfo=UTC).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert paths(cablekit.read(tmp_path, since=datetime(2022, 1, 1))) == ["new.txt"]
    assert paths(cablekit.read(tmp_path, since=datetime(2024, 5, 1, tzinfo=UTC))) == ["new.txt"]
    assert paths(cablekit.read(tmp_path, since=datetime(2024, 5, 1, 0, 0, 1, tzinfo=UTC))) == []


def test_the_options(tmp_path: Path) -> None:
    def cables(*options: str) -> int:
        done = CliRunner().invoke(main, ["parse", "--jsonl", *options, str(tmp_path)])
        return done.output.count("schema_version")

    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(telegram(), encoding="utf-8")
    os.utime(tmp_path / "old.txt", (0, 0))
    assert cables() == 2
    assert cables("--since", "2022-01-01") == 1
    assert cables("--exclude", "o*") == 1
    assert cables("--exclude", "o*", "--exclude", "n*") == 0
    assert cablekit.convert(tmp_path, tmp_path.parent / "a.db", workers=0, exclude=["o*"]).found == 1
