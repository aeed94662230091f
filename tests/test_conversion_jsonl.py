"""Conversion to JSON: whole files or none, and going on."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import cablekit
from cablekit.conversion import batches as batching
from cablekit.conversion.summary import Summary
from tests.archive_files import telegram
from tests.converting import converting, kill_group, wait_for
from tests.test_conversion import dump, telegrams

LETTER = "Dear aunt, the weather is fine.\n"


def lines(source: Path, path: Path, **options: Any) -> Summary:
    return cablekit.convert(source, path, to="jsonl", **{"workers": 0, **options})


def test_a_line_for_each_cable(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", *telegrams(2), LETTER, telegram(serial=3))
    (source / "empty.txt").touch()
    summary = lines(source, tmp_path / "a.jsonl", workers=2)
    assert (summary.archived, summary.reasons) == (3, {"not-a-cable": 1, "empty": 1})
    cables = [cablekit.Cable.model_validate_json(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [cable.mrn and cable.mrn.serial for cable in cables] == [1, 2, 3]
    assert cables[0] == cablekit.Record.parse(next(cablekit.read(source)))  # type: ignore[arg-type]
    letter, empty = map(json.loads, (tmp_path / "a.rejected.jsonl").read_text().splitlines())
    assert base64.b64decode(letter["data"]) == LETTER.encode()
    assert letter["provenance"] == {"path": "0002.txt", "kind": "text"}
    assert (letter["source"], letter["reason"]) == ("dump", "not-a-cable")
    assert (empty["reason"], "data" in empty) == ("empty", False)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.jsonl", "a.rejected.jsonl", "dump"]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    source, path = dump(tmp_path / "dump", telegram()), tmp_path / "a.jsonl"
    path.write_text("roses\n")
    with pytest.raises(cablekit.ConversionError, match="is there already"):
        lines(source, path)
    assert path.read_text() == "roses\n"
    lines(source, path, force=True)
    assert cablekit.Cable.model_validate_json(path.read_text())


def test_no_cables_give_an_empty_file(tmp_path: Path) -> None:
    assert lines(dump(tmp_path / "dump"), tmp_path / "a.jsonl").found == 0
    assert (tmp_path / "a.jsonl").read_bytes() == b""


@pytest.fixture
def interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, bytes]:
    """A dump, an output that was begun, and what it is to be."""
    monkeypatch.setattr(batching, "RECORDS", 3)
    source = dump(tmp_path / "dump", *telegrams(5), LETTER, *telegrams(5, 6))
    lines(source, tmp_path / "whole.jsonl")
    path = tmp_path / "a.jsonl"
    summary = lines(source, path, stop=iter([False] * 4 + [True] * 99).__next__)
    assert not summary.complete
    assert 0 < summary.found < 11
    assert sorted(one.name for one in tmp_path.glob("a.*")) == [
        "a.jsonl.part",
        "a.jsonl.state",
        *(["a.rejected.jsonl.part"] if summary.rejected else []),
    ]
    return source, path, (tmp_path / "whole.jsonl").read_bytes()


def test_it_goes_on(interrupted: tuple[Path, Path, bytes], tmp_path: Path) -> None:
    source, path, whole = interrupted
    with Path(f"{path}.part").open("ab") as part:
        part.write(b'{"half": ')  # what a kill leaves
    summary = lines(source, path)
    assert summary.skipped > 0
    assert summary.found == 11
    assert path.read_bytes() == whole
    assert (tmp_path / "a.rejected.jsonl").read_bytes() == (tmp_path / "whole.rejected.jsonl").read_bytes()
    assert list(tmp_path.glob("a.*.*.*")) + list(tmp_path.glob("a.jsonl.*")) == []


@pytest.mark.parametrize("change", ["other", "fewer"])
def test_it_does_not_go_on_with_other_records(change: str, interrupted: tuple[Path, Path, bytes]) -> None:
    source, path, whole = interrupted
    if change == "other":
        (source / "0000.txt").write_text(telegram("The rises are late.", serial=1))
    else:
        for one in sorted(source.iterdir())[1:]:
            one.unlink()
    with pytest.raises(cablekit.ConversionError, match="was begun with other records"):
        lines(source, path)
    assert not path.exists()
    if change == "other":
        assert lines(source, path, force=True).archived == 10
        assert path.read_bytes() != whole


def test_a_part_that_is_cut_begins_anew(interrupted: tuple[Path, Path, bytes]) -> None:
    source, path, whole = interrupted
    Path(f"{path}.part").write_bytes(b"")
    assert lines(source, path).skipped == 0
    assert path.read_bytes() == whole


def test_killed_it_goes_on(tmp_path: Path) -> None:
    source, path, log = dump(tmp_path / "dump", *telegrams(150)), tmp_path / "a.jsonl", tmp_path / "log"
    with converting(source, "--to", "jsonl", "-o", path, "--log", log) as process:
        wait_for(log, 4, process)
        kill_group(process)
        process.wait()
    assert not path.exists()
    assert lines(source, path).skipped > 0
    assert len(path.read_text().splitlines()) == 150


def test_a_file_for_each_cable(tmp_path: Path) -> None:
    source = dump(tmp_path / "dump", telegram(year=8), telegram(), LETTER)
    folder = tmp_path / "out"
    summary = cablekit.convert(source, f"{folder}/", to="jsonl", workers=0)
    assert (summary.archived, summary.rejected) == (2, 1)
    names = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
    assert [name.split(".")[0] for name in names] == ["2008/08SOFIA608", "2009/09SOFIA608", "rejected"]
    assert cablekit.Cable.model_validate_json((folder / names[0]).read_text()).mrn
    again = lines(source, folder)
    assert (again.skipped, again.rejected) == (2, 1)
