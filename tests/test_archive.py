"""What goes into an archive comes out of it: bytes, readings, editions, places."""

from __future__ import annotations

import json
import pickle
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cablekit
from cablekit.archive import contents
from cablekit.archive.archive import Archive
from cablekit.archive.rows import Reading, read_rows, tables_of
from cablekit.archive.store import Outcome
from cablekit.archive.verify import Condition, verify
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from tests.archive_files import add, left_beside, made, record, telegram
from tests.make import cable

# ---- all of it, and back ------------------------------------------------------------------------------------------


def test_every_sample_comes_out_as_it_went_in(sample_archive: Path, sample_folder: Path) -> None:
    with Archive.open(sample_archive) as archive:
        kept = {found.provenance.path: (found, archive.json(at)) for at, found in enumerate(archive.records(), 1)}
    files = sorted(sample_folder.iterdir())
    assert sorted(kept) == [path.name for path in files]
    for path in files:
        found, reading = kept[path.name]
        assert found.data == path.read_bytes()
        assert reading == found.parse().model_dump_json()


def test_the_whole_corpus_comes_out_as_it_went_in(corpus: Path, tmp_path: Path) -> None:
    files = {path: path.read_bytes() for path in sorted(corpus.rglob("*.txt"))}
    path = tmp_path / "corpus.db"
    summary = cablekit.convert(corpus, path)
    assert summary.found == summary.archived + summary.duplicates + summary.rejected + summary.skipped
    assert summary.archived > 250
    with Archive.open(path) as archive:
        places = list(contents.places(archive.connection))
        originals = {place.record_id: archive.record(place.record_id) for place in places if place.record_id}
        for record_id, found in originals.items():
            try:
                parsed = found.parse().model_dump_json()
            except cablekit.NotACableError:
                continue
            assert archive.json(record_id) == parsed
        assert archive.count() == summary.archived
    kept = {found.data for found in originals.values()}
    assert [name for name, data in files.items() if data not in kept and not split(name)] == []
    assert verify(path).condition is Condition.SOUND
    assert left_beside(path) == []


def split(path: Path) -> bool:
    """Whether a file of the corpus holds more than one record, or a cover that is none of the cable."""
    return path.parent.name not in ("cablegate-txt", "seed")


def test_the_text_of_a_container_is_kept_beside_its_bytes(tmp_path: Path) -> None:
    text = telegram("Grüße aus Sofia.")
    page = f"<pre>{text}</pre>".encode()
    one = record(page, text=text, metadata=Metadata(reference_id="09SOFIA608", date=datetime(2009, 10, 5, tzinfo=UTC)))
    made(tmp_path / "a.db", one)
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.record(1) == one
        assert archive.original("09SOFIA608") == page
        assert archive.json(1) == one.parse().model_dump_json()


def test_bytes_of_any_kind_are_kept(tmp_path: Path) -> None:
    texts = [telegram(words).encode(encoding) for words in ("Žluťoučký", "été") for encoding in ("utf-16", "utf-8-sig")]
    texts += [telegram("été").encode("latin-1"), b"\0\1\2\xff", b"", telegram("a\r\nb\rc").encode()]
    made(tmp_path / "a.db", *(record(text, f"{at}.txt") for at, text in enumerate(texts)))
    with Archive.open(tmp_path / "a.db") as archive:
        assert [one.data for one in archive.records()] == texts
    assert verify(tmp_path / "a.db").condition is Condition.SOUND


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(
    st.builds(
        Metadata,
        reference_id=st.none() | TEXTS.filter(bool),
        title=st.none() | TEXTS.filter(bool),
        date=st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
        released=st.none() | st.datetimes(),
        references=st.lists(TEXTS, max_size=3).map(tuple),
        stated=st.dictionaries(TEXTS, TEXTS, max_size=3),
    )
)
def test_what_a_container_says_comes_back(metadata: Metadata) -> None:
    written = metadata.as_json()
    assert Metadata.from_json(written) == metadata
    assert (written is None) == (metadata == Metadata())


# ---- what became of a record --------------------------------------------------------------------------------------


def test_the_same_bytes_twice_are_one_record_with_two_places(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    one, again = record(telegram()), record(telegram(), "b.txt")
    assert made(path, one, again, again) == [Outcome.ARCHIVED, Outcome.DUPLICATE, Outcome.SKIPPED]
    assert add(path, one, again) == [Outcome.SKIPPED, Outcome.SKIPPED]
    with Archive.open(path) as archive:
        assert [str(place.provenance) for place in archive.places(1)] == ["a.txt", "b.txt"]
        assert (archive.count(), archive.info().duplicates) == (1, 1)
    assert verify(path).condition is Condition.SOUND


def test_what_is_no_cable_is_kept_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    letter = record(b"Dear aunt, the weather is fine.\n")
    lost = Failure(Provenance("b.zip", ("c.txt",)), "encrypted", "is encrypted", "unpack it with its password")
    assert made(path, letter, lost, lost) == [Outcome.REJECTED, Outcome.REJECTED, Outcome.SKIPPED]
    with Archive.open(path) as archive:
        assert archive.record(1).data == letter.data
        rejected = list(archive.connection.execute("SELECT reason, path, members, original_id FROM rejections"))
        with pytest.raises(cablekit.ArchiveError, match="record 1: was rejected"):
            archive.json(1)
    assert rejected == [("not-a-cable", "a.txt", "[]", 1), ("encrypted", "b.zip", '["c.txt"]', None)]
    assert verify(path).condition is Condition.SOUND


def test_a_rejected_record_that_is_read_later_is_archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    one = record(telegram())

    def refuse(_: Record) -> None:
        raise cablekit.NotACableError("it is too early")

    with monkeypatch.context() as patch:
        patch.setattr(Record, "parse", refuse)
        assert made(path, one) == [Outcome.REJECTED]
    assert add(path, record(telegram(), "b.txt")) == [Outcome.DUPLICATE]  # a reading would name another place
    assert add(path, one) == [Outcome.ARCHIVED]
    with Archive.open(path) as archive:
        assert (archive.info().cables, archive.info().rejected, archive.info().duplicates) == (1, 0, 1)
    assert verify(path).condition is Condition.SOUND


def test_rows_travel_between_processes(tmp_path: Path) -> None:
    rows = read_rows(record(telegram()))
    with Archive.create(tmp_path / "a.db") as archive:
        assert archive.insert(pickle.loads(pickle.dumps(rows))) is Outcome.ARCHIVED
    assert verify(tmp_path / "a.db").condition is Condition.SOUND


# ---- editions and sections ----------------------------------------------------------------------------------------

LONG = telegram("The roses are late, and so is the oil that is made of them.")
SHORT = telegram("The roses are late.")
CORRECTED = telegram("The roses are early.").replace("OCT 09\n", "OCT 09 ZDS\n", 1)


@pytest.mark.parametrize(
    ("texts", "preferred"),
    [
        ((SHORT, LONG), LONG),
        ((LONG, CORRECTED, SHORT), CORRECTED),
    ],
)
def test_the_preferred_edition_does_not_hang_on_the_order(
    texts: tuple[str, ...], preferred: str, tmp_path: Path
) -> None:
    for number, order in enumerate((texts, texts[::-1])):
        path = tmp_path / f"{number}.db"
        outcomes = made(path, *(record(text, f"{at}.txt") for at, text in enumerate(order)))
        assert outcomes == [Outcome.ARCHIVED] + [Outcome.EDITION] * (len(texts) - 1)
        with Archive.open(path) as archive:
            editions = archive.editions("09SOFIA608")
            assert [one.preferred for one in editions] == [True] + [False] * (len(texts) - 1)
            assert archive.original("09SOFIA608") == preferred.encode()
            assert archive.info().editions == len(texts) - 1
        assert verify(path).condition is Condition.SOUND


def test_a_partial_extract_stands_behind_the_full_text(tmp_path: Path) -> None:
    sentence = (
        "This record is a partial extract of the original cable. The full text of the original cable is not available."
    )
    long = "The roses are late, and so is everything else in this long, long valley of roses."
    extract = cable(header=f"{sentence} available.\n", body=f"1. (U) {long}")
    metadata = Metadata(reference_id="09SOFIA608")
    outcomes = made(tmp_path / "a.db", record(extract, "p.txt", metadata=metadata), record(SHORT))
    assert outcomes == [Outcome.ARCHIVED, Outcome.EDITION]
    with Archive.open(tmp_path / "a.db") as archive:
        assert [(one.partial, one.preferred) for one in archive.editions("09SOFIA608")] == [
            (False, True),
            (True, False),
        ]


def section(number: int, words: str) -> str:
    return telegram(words, line_12=f"UNCLAS SECTION {number:02d} OF 02 SOFIA 000608")


def test_sections_in_separate_records_are_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    first, second = section(1, "The roses are late."), section(2, "The oil is later.").replace("1. (U)", "2. (U)")
    assert made(path, record(second, "2.txt"), record(first, "1.txt")) == [Outcome.ARCHIVED, Outcome.EDITION]
    with Archive.open(path) as archive:
        assert [(one.part, one.preferred) for one in archive.editions("09SOFIA608")] == [(1, True), (2, True)]
        cable = archive.get("09SOFIA608")
        assert cable is not None
        assert [(block.number, block.text) for block in cable.paragraphs] == [
            (1, "The roses are late."),
            (2, "The oil is later."),
        ]
        source = archive.source(archive.chosen("09SOFIA608"))
        assert [source[slice(*block.span)] for block in cable.paragraphs] == [
            "1. (U) The roses are late.",
            "2. (U) The oil is later.",
        ]
        assert "".join(source[slice(*node.span)] for node in cable.nodes) == source
        assert len(source) == cable.source.characters
        with pytest.raises(cablekit.ArchiveError, match=r"2 sections in records of their own; give one: 2, 1"):
            archive.original("09SOFIA608")
        assert archive.original("2") == first.encode()
    assert verify(path).condition is Condition.SOUND
    whole = section(1, "The roses are late.\n\nSOFIA 00000608  002 OF 002\n\n2. (U) The oil is later.")
    add(path, record(whole, "whole.txt"))
    with Archive.open(path) as archive:
        assert [(one.part, one.preferred) for one in archive.editions("09SOFIA608")] == [
            (0, True),
            (1, False),
            (2, False),
        ]
    assert verify(path).condition is Condition.SOUND


def test_numbers_of_the_seventies_are_on_many_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    one, other = (telegram(words, year=76, dtg=dtg) for words, dtg in (("Roses.", "051218Z"), ("Oil.", "061218Z")))
    copy = one.replace("Roses.", "Roses!")
    outcomes = made(path, *(record(text, f"{at}.txt") for at, text in enumerate((one, other, copy))))
    assert outcomes == [Outcome.ARCHIVED, Outcome.ARCHIVED, Outcome.EDITION]
    with Archive.open(path) as archive:
        with pytest.raises(cablekit.ArchiveError) as caught:
            archive.get("76SOFIA608")
        assert caught.value.what == "is the number of 2 messages"
        name = caught.value.advice.removeprefix("give one of: ").split("; ")[1]
        found = archive.get(name)
        assert found is not None
        assert [block.text for block in found.paragraphs] == ["Oil."]
    made(tmp_path / "b.db", record(one.replace("OCT 76", "OCT 06")), record(other.replace("OCT 76", "OCT 06"), "b.txt"))
    with Archive.open(tmp_path / "b.db") as archive:
        assert len(archive.editions("06SOFIA608")) == 2


@pytest.mark.parametrize("asked", ["09SOFIA608", "2009 Sofia 608", "09sofia00608", " 09 SOFIA 608 ", "1"])
def test_a_number_may_be_written_in_many_ways(asked: str, tmp_path: Path) -> None:
    made(tmp_path / "a.db", record(telegram()))
    with Archive.open(tmp_path / "a.db") as archive:
        found = archive.get(asked)
        assert str(found and found.mrn) == "09SOFIA608"


def test_a_cable_is_found_by_the_identifier_under_which_it_was_published(tmp_path: Path) -> None:
    made(tmp_path / "a.db", record(telegram(), metadata=Metadata(reference_id="09EFTOSOFIA608")))
    with Archive.open(tmp_path / "a.db") as archive:
        assert str((archive.get("09EFTOSOFIA608") or cablekit.parse("")).mrn) == "09SOFIA608"
        assert archive.get("09SOFIA609") is None
        with pytest.raises(cablekit.ArchiveError, match="is not in the archive"):
            archive.original("09SOFIA609")


def test_references_find_their_target_whether_it_comes_before_or_after(tmp_path: Path) -> None:
    citing = telegram(labels="E.O. 12958: N/A\nTAGS: ETRD, BU\nSUBJECT: ROSE OIL\nREF: A. SOFIA 607 B. SOFIA 599")
    made(tmp_path / "a.db", record(citing), record(telegram(serial=607), "b.txt"))
    with Archive.open(tmp_path / "a.db") as archive:
        found = list(archive.connection.execute('SELECT letter, target, target_id FROM "references" ORDER BY letter'))
    assert found == [("A", "09SOFIA607", 2), ("B", "09SOFIA599", None)]


@pytest.mark.parametrize(
    ("published", "stated", "expected"),
    [
        ("Fri Mar 03 00:00:00 +0100 2006", None, ("2006-03-03T00:00:00Z", "publication")),
        ("2006-03-03 10:15", None, ("2006-03-03T10:15:00Z", "publication")),
        ("March 3", None, (None, None)),
        ("nonsense", None, (None, None)),
        (None, datetime(2006, 3, 4, 5, 6), ("2006-03-04T05:06:00Z", "container")),
        (None, None, (None, None)),
    ],
)
def test_a_cable_without_date_time_group_has_the_date_of_its_publication(
    published: str | None, stated: datetime | None, expected: tuple[str | None, str | None]
) -> None:
    fields = json.loads(cablekit.parse(telegram()).model_dump_json())
    fields["header"]["dtg"] = None
    fields["publication"] = published and {"reference_id": None, "date": published}
    one = record(telegram(), metadata=Metadata(date=stated))
    row = tables_of(one, Reading.of_json(json.dumps(fields).encode())).cable
    assert row is not None
    moment = None if row.date is None else datetime.fromtimestamp(row.date, UTC).isoformat().replace("+00:00", "Z")
    assert (moment, row.date_source) == expected


# ---- the tables ---------------------------------------------------------------------------------------------------


def test_words_stand_in_the_column_of_their_mark() -> None:
    body = "1. (C) Summary: Roses are late. End summary.\n\n2. (C) Thorns.\n\n3. (U) Petals.\n\n4. Leaves.\n\nQUILL"
    text = cable(line_12="C O N F I D E N T I A L SOFIA 000608", body=body)
    one = record(text)
    rows = tables_of(one, Reading.of_json(one.parse().model_dump_json().encode()))
    columns = dict(zip(("body", "subject", "summary", "addressees", "unmarked", "u"), rows.words, strict=False))
    assert columns["summary"].strip() == "Roses are late."
    assert "Thorns." in columns["body"]
    assert columns["u"] == "Petals."
    assert columns["unmarked"] == "Leaves."
    assert columns["subject"] == "ROSE OIL"
    assert "AMEMBASSY ROME" in columns["addressees"]
    assert rows.cable is not None
    assert rows.cable.body_level == 4


def test_names_are_kept_once(tmp_path: Path) -> None:
    made(tmp_path / "a.db", *(record(telegram(serial=600 + at), f"{at}.txt") for at in range(5)))
    with Archive.open(tmp_path / "a.db") as archive:
        count = dict(archive.connection.execute("SELECT name, count(*) FROM addressees GROUP BY name").fetchall())
        assert set(count.values()) == {5}
        assert archive.connection.execute("SELECT count(*) FROM addressee").fetchone() == (len(count),)


# ---- what cannot be opened ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no such file; check the path"),
        (b"", "is empty; get the file again"),
        (b"Dear aunt", "is not an archive of cablekit; make one with cablekit convert"),
        (b"SQLite format 3\0" + bytes(84), "is not an archive of cablekit"),
    ],
)
def test_what_is_no_archive_is_refused(data: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(cablekit.ArchiveError) as caught:
        Archive.open(path)
    assert message in str(caught.value)
    with pytest.raises(cablekit.ArchiveError):
        Archive.open(path, write=True)
    assert left_beside(path) == []


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(cablekit.ArchiveError, match="is a folder"):
        Archive.open(tmp_path)


@pytest.mark.parametrize(
    ("version", "message"), [(2, "up to version 1; use a newer cablekit"), (0, "cablekit upgrade")]
)
def test_other_versions_are_refused_by_name(version: int, message: str, archive_path: Path) -> None:
    with sqlite3.connect(archive_path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(cablekit.ArchiveError) as caught:
        Archive.open(archive_path)
    assert f"format version {version}" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "hostile",
    [
        "CREATE TRIGGER t AFTER INSERT ON original BEGIN DELETE FROM cable; END",
        "DROP TABLE repair",
        "DROP VIEW cables; CREATE TABLE cables (id INTEGER)",
        "DROP TABLE reading; CREATE VIEW reading AS SELECT id, 1 AS parser_id, load_extension('x') AS data FROM cable",
    ],
)
def test_other_tables_are_refused(hostile: str, archive_path: Path) -> None:
    connection = sqlite3.connect(archive_path)
    connection.executescript(hostile)
    connection.close()
    with pytest.raises(cablekit.ArchiveError, match="has tables other than those of an archive"):
        Archive.open(archive_path)


def test_tables_of_ones_own_beside_them_do_no_harm(archive_path: Path) -> None:
    with sqlite3.connect(archive_path) as connection:
        connection.execute("CREATE TABLE my_notes (cable_id INTEGER, note TEXT)")
    with Archive.open(archive_path) as archive:
        assert archive.count() > 20


def test_what_is_there_is_not_made_again(archive_path: Path) -> None:
    with pytest.raises(cablekit.ArchiveError, match="is there already"):
        Archive.create(archive_path)


def test_an_archive_cannot_be_made_in_no_folder(tmp_path: Path) -> None:
    with pytest.raises(cablekit.ArchiveError, match="cannot be"):
        Archive.create(tmp_path / "none" / "a.db")


def test_a_reader_does_not_write(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        with pytest.raises(cablekit.ArchiveError, match="open for reading only"):
            archive.add(record(telegram()))
        with pytest.raises(sqlite3.OperationalError):
            archive.connection.execute("DELETE FROM event")


def test_paths_with_signs_of_all_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a? b#c%20 ü.db"
    made(path, record(telegram()))
    with Archive.open(path) as archive:
        assert archive.count() == 1


def test_info(sample_archive: Path, sample_folder: Path) -> None:
    samples = list(sample_folder.iterdir())
    with Archive.open(sample_archive) as archive:
        info = archive.info()
    assert (info.cables, info.rejected, info.format_version) == (len(samples), 0, 1)
    assert info.sources == ("samples",)
    assert info.bytes == sum(path.stat().st_size for path in samples)
    assert info.first is not None
    assert info.first.startswith("1966")


def test_the_fingerprint_does_not_hang_on_the_order(tmp_path: Path) -> None:
    records = [record(telegram(serial=600 + at), f"{at}.txt") for at in range(5)]
    prints = set()
    for number, order in enumerate((records, records[::-1])):
        made(tmp_path / f"{number}.db", *order)
        with Archive.open(tmp_path / f"{number}.db") as archive:
            prints.add(archive.fingerprint)
    made(tmp_path / "c.db", *records[1:])
    with Archive.open(tmp_path / "c.db") as archive:
        assert archive.fingerprint not in prints
    assert len(prints) == 1


def test_no_absolute_path_is_kept(archive_path: Path, root: Path) -> None:
    assert str(root).encode() not in archive_path.read_bytes()
    assert json.loads(Metadata(title="a").as_json() or "") == {"title": "a"}
