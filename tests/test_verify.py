"""`verify` tells sound from damaged, whatever is damaged, and says when it could not look."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import cablekit
from cablekit.archive import contents
from cablekit.archive.archive import Archive
from cablekit.archive.verify import Condition, Report, verify
from cablekit.build.parser import parser
from cablekit.sources.record import Failure, Provenance
from tests.archive_files import made, record, telegram


def conditions(report: Report) -> dict[str, Condition]:
    return {check.name: check.condition for check in report.checks}


def findings(report: Report) -> str:
    return "; ".join(finding for check in report.checks for finding in check.findings)


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(";".join(statements))


def test_an_archive_as_it_was_made_is_sound_and_is_not_changed(archive_path: Path) -> None:
    before = archive_path.read_bytes()
    told: list[tuple[int, int]] = []
    report = verify(archive_path, progress=lambda done, total: told.append((done, total)))
    assert report.condition is Condition.SOUND
    assert set(conditions(report).values()) == {Condition.SOUND}
    assert findings(report) == ""
    assert archive_path.read_bytes() == before
    assert [done for done, _ in told] == list(range(told[0][1]))


def test_a_fast_check_says_what_it_left_out(archive_path: Path) -> None:
    report = verify(archive_path, fast=True)
    assert report.condition is Condition.SOUND
    left_out = {name for name, condition in conditions(report).items() if condition is Condition.UNCHECKED}
    assert left_out == {"readings", "tables", "index"}
    assert "was to be fast" in findings(report)


def test_an_archive_without_records_has_nothing_to_check(tmp_path: Path) -> None:
    made(tmp_path / "a.db")
    assert verify(tmp_path / "a.db").condition is Condition.NOTHING


def test_an_archive_that_is_locked_is_not_checked(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cablekit.archive.connect._WAIT", 0.0)
    with closing(sqlite3.connect(archive_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        report = verify(archive_path)
    assert report.condition is Condition.UNCHECKED
    assert "is in use by another program" in findings(report)


def test_an_archive_that_may_not_be_written_is_checked_as_far_as_it_can(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cablekit.archive.verify.structure", lambda _: ("attempt to write a readonly database", False))
    report = verify(archive_path)
    assert report.condition is Condition.SOUND
    assert "its structure: attempt to write" in findings(report)


def test_readings_of_another_cablekit_are_not_parsed_again(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cablekit.archive.verify.parser", lambda: (*parser()[:2], "another grammar"))
    report = verify(archive_path)
    assert report.condition is Condition.SOUND
    assert conditions(report)["readings"] is Condition.UNCHECKED
    assert "cablekit reparse brings the archive up to date" in findings(report)


def test_no_archive_at_all_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"Dear aunt")
    with pytest.raises(cablekit.ArchiveError, match="is not an archive"):
        verify(tmp_path / "a.db")


def test_another_format_is_an_error_and_a_damaged_version_is_damage(archive_path: Path) -> None:
    change(archive_path, "PRAGMA user_version = 7")
    assert verify(archive_path).condition is Condition.DAMAGED
    change(archive_path, "UPDATE meta SET value = '7' WHERE key = 'format_version'")
    with pytest.raises(cablekit.ArchiveError, match="is of format version 7"):
        verify(archive_path)


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("keys", "PRAGMA foreign_keys = OFF; DELETE FROM message WHERE id = 3"),
        ("originals", "UPDATE original SET sha256 = randomblob(32) WHERE id = 2"),
        ("originals", "UPDATE original SET size = size + 1 WHERE id = 2"),
        ("originals", "UPDATE original SET data = x'00' WHERE id = 2"),
        ("originals", "DELETE FROM provenance WHERE id = 2"),
        ("seals", "UPDATE file SET path = 'other.txt' WHERE id = 2"),
        ("seals", "UPDATE source SET note = 'other'"),
        ("seals", "UPDATE meta SET value = '2001-01-01T00:00:00Z' WHERE key = 'created'"),
        ("seals", "UPDATE event SET at = at + 1"),
        ("seals", "DELETE FROM event"),
        ("seals", "UPDATE seal SET rows = rows + 1 WHERE name = 'event'"),
        ("seals", "INSERT INTO seal VALUES ('more', 0, '')"),
        ("seals", "UPDATE parser SET cablekit_version = '0.0.9'"),
        ("seals", "UPDATE level SET name = 'MOST SECRET' WHERE id = 6"),
        ("seals", "UPDATE rejected SET place = x'00'"),
        ("tables", "UPDATE cable SET subject = 'ROSE WATER' WHERE id = 4"),
        ("tables", "UPDATE cable SET level = 0 WHERE id = 4; UPDATE cable SET level = 5 WHERE id = 5"),
        ("tables", "UPDATE post SET name = 'NOWHERE' WHERE id = 2"),
        ("tables", "DELETE FROM paragraph WHERE cable_id = 4 AND position = 0"),
        ("tables", "DELETE FROM cable_tag WHERE cable_id = (SELECT min(cable_id) FROM cable_tag)"),
        ("tables", "UPDATE reference SET number_id = NULL"),
        ("tables", "UPDATE diagnostic SET code = 'CK999'"),
        ("tables", "DELETE FROM reading WHERE id = 4"),
        ("index", "INSERT INTO words (words) VALUES ('delete-all')"),
        ("index", "INSERT INTO words (rowid, body) VALUES (3, 'thorn')"),
        ("index", "INSERT INTO words (rowid, body) VALUES (9999, 'thorn')"),
        ("index", "UPDATE words_docsize SET sz = x'000000000000000000000000' WHERE id = 3"),
        ("index", "UPDATE words_data SET block = x'0100' WHERE id = 1"),
        ("editions", "UPDATE cable SET preferred = 0 WHERE id = (SELECT max(id) FROM cable WHERE preferred)"),
        ("file", "DROP TABLE repair"),
        ("file", "DROP INDEX cable_date"),
    ],
)
def test_what_is_changed_is_found(check: str, statement: str, archive_path: Path) -> None:
    lost = Failure(Provenance("b.zip"), "encrypted", "is encrypted", "unpack it")
    with Archive.open(archive_path, write=True) as archive:
        archive.add(lost)
    change(archive_path, statement)
    report = verify(archive_path)
    assert report.condition is Condition.DAMAGED
    assert conditions(report)[check] is Condition.DAMAGED, findings(report)


def test_another_reading_is_found(archive_path: Path) -> None:
    with closing(sqlite3.connect(archive_path)) as connection, Archive.open(archive_path) as archive:
        reading = json.dumps({**json.loads(archive.json(3)), "coverage": 0.5})
        packed = archive.codec.pack_reading(reading.encode(), archive.record(3).data)
        connection.execute("UPDATE reading SET data = ? WHERE id = 3", (packed,))
        connection.commit()
    report = verify(archive_path)
    assert conditions(report)["readings"] is Condition.DAMAGED
    assert conditions(report)["seals"] is Condition.DAMAGED
    assert conditions(verify(archive_path, fast=True))["seals"] is Condition.DAMAGED


def test_another_edition_to_show_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    made(path, record(telegram("Roses are late.")), record(telegram("Roses are later."), "b.txt"))
    change(path, "UPDATE cable SET preferred = NOT preferred")
    assert conditions(verify(path))["editions"] is Condition.DAMAGED


@pytest.mark.parametrize("cut", [50, 99, 20_000, 400_000, -1, -40_000])
def test_a_cut_off_file_is_damaged(cut: int, archive_path: Path) -> None:
    archive_path.write_bytes(archive_path.read_bytes()[:cut])
    assert verify(archive_path).condition is Condition.DAMAGED


# ---- any byte -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, dict[str, object]]:
    """A small archive, its bytes, and what is in it."""
    path = tmp_path_factory.mktemp("small") / "a.db"
    letter = record(b"Dear aunt, the weather is fine.\n", "letter.txt")
    twin = record(telegram("The roses are late."), "twin.txt")
    made(path, twin, record(telegram("The roses are later.")), letter, record(telegram(), "b.txt"))
    return path, path.read_bytes(), content(path)


def content(path: Path) -> dict[str, object]:
    """Everything that an archive tells."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        told: dict[str, object] = {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in tables
            if not name.startswith("words_")
        }
        told["schema"] = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab (main, words, instance)")
        told["instances"] = connection.execute("SELECT * FROM temp.instances").fetchall()
    return told


def used(data: bytes) -> st.SearchStrategy[int]:
    """Places in a file, most of them where there is something."""
    filled = [at for at, byte in enumerate(data) if byte]
    return st.sampled_from(filled) | st.sampled_from(range(200)) | st.integers(0, len(data) - 1)


def sound_or_equal(path: Path, before: dict[str, object]) -> None:
    """`verify` says damaged, or what is told is what was told."""
    try:
        report = verify(path)
    except cablekit.ArchiveError as error:
        pytest.fail(f"one byte made something else of it: {error}")
    if report.condition is not Condition.DAMAGED:
        assert content(path) == before


@given(st.data(), st.integers(1, 255))
@settings(max_examples=100, phases=[Phase.explicit, Phase.generate])  # there is nothing to shrink
def test_any_flipped_byte_is_found_or_does_no_harm(
    small: tuple[Path, bytes, dict[str, object]], data: st.DataObject, flip: int
) -> None:
    path, whole, before = small
    at = data.draw(used(whole))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
    sound_or_equal(path, before)


def test_readers_of_damaged_files_give_errors_of_ours(small: tuple[Path, bytes, dict[str, object]]) -> None:
    path, whole, _ = small
    filled = [at for at, byte in enumerate(whole) if byte][:: max(1, len(whole) // 40_000)]
    looks: list[Callable[[Archive], object]] = [
        lambda archive: archive.get("09SOFIA608"),
        lambda archive: archive.original("1"),
        lambda archive: archive.info(),
        lambda archive: list(contents.places(archive.connection)),
    ]
    for at in filled[::40]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        for look in looks:
            try:
                with Archive.open(path) as archive:
                    look(archive)
            except (cablekit.ArchiveError, sqlite3.DatabaseError):
                continue
