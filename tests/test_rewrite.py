"""Archives from archives: merged, parsed again, brought up to date."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import cablekit
from cablekit.archive import connect, rewrite
from cablekit.archive.archive import Archive
from cablekit.archive.rewrite import Change, merge, reparse, upgrade
from cablekit.archive.store import Outcome
from cablekit.archive.verify import Condition, verify
from cablekit.model import Cable
from cablekit.sources.record import Failure, Provenance, Record
from tests.archive_files import left_beside, made, record, telegram

PARSE = Record.parse


def fingerprint(path: Path) -> str:
    with Archive.open(path) as archive:
        return archive.fingerprint


# ---- merge --------------------------------------------------------------------------------------------------------


def test_merged_archives_are_as_one_made_of_all(tmp_path: Path) -> None:
    letter = record(b"Dear aunt, the weather is fine.\n", "letter.txt")
    lost = Failure(Provenance("b.zip"), "encrypted", "is encrypted", "unpack it")
    first = [record(telegram(serial=at), f"{at}.txt") for at in range(601, 605)]
    second = [record(telegram("Roses!", serial=604), "c.txt"), record(telegram(serial=601), "d.txt"), first[1]]
    made(tmp_path / "a.db", *first, letter)
    made(tmp_path / "b.db", *second, lost)  # type: ignore[arg-type]
    made(tmp_path / "all.db", *first, letter, *second, lost)  # type: ignore[arg-type]
    outcomes = merge([tmp_path / "a.db", tmp_path / "b.db"], tmp_path / "c.db")
    assert outcomes == {
        Outcome.ARCHIVED: 4,
        Outcome.EDITION: 1,
        Outcome.DUPLICATE: 1,
        Outcome.SKIPPED: 1,
        Outcome.REJECTED: 2,
    }
    assert fingerprint(tmp_path / "c.db") == fingerprint(tmp_path / "all.db")
    assert verify(tmp_path / "c.db").condition is Condition.SOUND
    assert left_beside(tmp_path / "c.db") == []


def test_a_merged_archive_keeps_what_parsed_its_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cablekit.archive.store.parser", lambda: ("0.0.9", "1.0", "old"))
        made(tmp_path / "a.db", record(telegram()))
    made(tmp_path / "b.db", record(telegram(serial=609), "b.txt"))
    merge([tmp_path / "a.db", tmp_path / "b.db"], tmp_path / "c.db")
    with Archive.open(tmp_path / "c.db") as archive:
        assert [one.split()[0] for one in archive.info().parsers] == ["0.0.9", cablekit.__version__]
        assert [what for (what,) in archive.connection.execute("SELECT what FROM event")] == ["merged"]
    assert verify(tmp_path / "c.db").condition is Condition.SOUND


def test_nothing_is_left_of_a_merge_that_fails(tmp_path: Path, archive_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(archive_path.read_bytes())
    with closing(sqlite3.connect(damaged)) as connection:
        connection.execute("UPDATE original SET data = x'00' WHERE id = 9")
        connection.commit()
    with pytest.raises(cablekit.ArchiveError, match="is damaged"):
        merge([archive_path, damaged], tmp_path / "c.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cables.db", "damaged.db"]
    with pytest.raises(cablekit.ArchiveError, match="is there already"):
        merge([archive_path], damaged)


# ---- reparse ------------------------------------------------------------------------------------------------------


def other_subject(one: Record) -> Cable:
    """Parse as a newer grammar might: subjects in small letters."""
    cable = PARSE(one)
    if cable.subject is None:
        return cable
    return cable.model_copy(update={"subject": cable.subject.model_copy(update={"text": cable.subject.text.lower()})})


def test_what_is_read_as_before_is_left_alone(archive_path: Path) -> None:
    before = archive_path.read_bytes()
    changes: list[Change] = []
    result = reparse(archive_path, changes.append)
    assert (result.changed, result.is_replaced, changes) == (0, False, [])
    assert result.unchanged > 20
    assert archive_path.read_bytes() == before
    assert left_beside(archive_path) == []


def test_what_is_read_otherwise_is_told_and_written(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Record, "parse", other_subject)
    changes: list[Change] = []
    result = reparse(archive_path, changes.append)
    assert result.is_replaced
    assert result.changed == len(changes) > 10
    for change in changes:
        (difference,) = change.differences
        assert difference.field == "subject.text"
        assert difference.after == difference.before.lower() != difference.before
    assert verify(archive_path).condition is Condition.SOUND
    with Archive.open(archive_path) as archive:
        subjects = archive.connection.execute("SELECT subject FROM cable WHERE subject IS NOT NULL").fetchall()
        assert all(subject == subject.lower() for (subject,) in subjects)
        assert [what for (what,) in archive.connection.execute("SELECT what FROM event")] == [
            "converted",
            "parsed again",
        ]
    assert not reparse(archive_path).is_replaced


def test_a_newer_cablekit_is_noted_even_where_it_reads_alike(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = ("9.9.9", "1.0", "new")
    for module in ("store", "rewrite", "verify"):
        monkeypatch.setattr(f"cablekit.archive.{module}.parser", lambda: newer)
    result = reparse(archive_path)
    assert (result.changed, result.is_replaced) == (0, True)
    assert verify(archive_path).condition is Condition.SOUND


def test_a_record_may_become_a_cable_or_cease_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    letter = record(b"Dear aunt, the weather is fine.\n", "letter.txt")
    made(path, letter, record(telegram()))

    def the_other_way(one: Record) -> Cable:
        if one.data == letter.data:
            return cablekit.parse(telegram("A letter."))
        raise cablekit.NotACableError("it is none")

    monkeypatch.setattr(Record, "parse", the_other_way)
    changes: list[Change] = []
    reparse(path, changes.append)
    assert [(change.name, change.verdict) for change in changes] == [
        ("letter.txt", "now read"),
        ("a.txt", "now rejected"),
    ]
    assert verify(path).condition is Condition.SOUND
    with Archive.open(path) as archive:
        assert [one.data for one in archive.records()] == [letter.data, telegram().encode()]


def test_an_interrupted_reparse_leaves_the_archive_as_it_was(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive_path.read_bytes()
    parsed = 0

    def stop(one: Record) -> Cable:
        nonlocal parsed
        parsed += 1
        if parsed > 5:
            raise KeyboardInterrupt
        return other_subject(one)

    monkeypatch.setattr(Record, "parse", stop)
    with pytest.raises(KeyboardInterrupt):
        reparse(archive_path)
    assert archive_path.read_bytes() == before
    assert left_beside(archive_path) == []


def test_an_archive_that_is_being_written_is_not_parsed_again(archive_path: Path) -> None:
    with Archive.open(archive_path, write=True), pytest.raises(cablekit.ArchiveError, match="is being written by"):
        reparse(archive_path)


# ---- upgrade ------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of a format version before this one, without an index; and the step that leads from it."""
    (index,) = (sql for name, (_, _, sql) in connect.objects().items() if name == "cable_date")
    monkeypatch.setattr(rewrite, "STEPS", {0: f"{index};"})
    with closing(sqlite3.connect(archive_path)) as connection:
        connection.executescript("DROP INDEX cable_date; PRAGMA user_version = 0")
        connection.execute("UPDATE meta SET value = '0' WHERE key = 'format_version'")
        connection.commit()
    return archive_path


def test_an_older_archive_is_brought_up_to_date(older: Path) -> None:
    with pytest.raises(cablekit.ArchiveError, match="bring it up to date: cablekit upgrade"):
        Archive.open(older)
    assert upgrade(older) == (0, 1)
    assert verify(older).condition is Condition.SOUND
    assert upgrade(older) == (1, 1)
    assert left_beside(older) == []


def test_an_upgrade_that_fails_leaves_the_archive_as_it_was(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = older.read_bytes()
    for steps in ({0: "CREATE TABLE nonsense (id INTEGER);"}, {0: "NONSENSE;"}, {}):
        monkeypatch.setattr(rewrite, "STEPS", steps)
        with pytest.raises(cablekit.ArchiveError):
            upgrade(older)
        assert older.read_bytes() == before
        assert left_beside(older) == []


@pytest.mark.parametrize("version", [2, 9])
def test_a_newer_archive_is_not_brought_back(version: int, archive_path: Path) -> None:
    with closing(sqlite3.connect(archive_path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(cablekit.ArchiveError, match=f"is of format version {version}, this cablekit reads up to"):
        upgrade(archive_path)


def test_events_are_kept_with_their_time(archive_path: Path, tmp_path: Path) -> None:
    def events(path: Path) -> list[Any]:
        with Archive.open(path) as archive:
            return archive.connection.execute("SELECT at, what, detail FROM event ORDER BY id").fetchall()

    merge([archive_path], tmp_path / "b.db")
    assert events(tmp_path / "b.db")[:-1] == events(archive_path)
    assert json.loads(events(tmp_path / "b.db")[-1][2])["archives"] == ["cables.db"]
