"""`cablekit.read`: folders, files and streams, and what is wrong with them."""

from __future__ import annotations

import io
import os
import pickle
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import cablekit
from cablekit.sources import kinds
from cablekit.sources.failures import REASONS, StreamError
from cablekit.sources.limits import Limits
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from tests.archives import Pipe, failures, records, zipped
from tests.make import cable

DATA = cable().encode()


def read(source: Any, **options: Any) -> list[Record | Failure]:
    return list(cablekit.read(source, **options))


def paths(found: list[Record | Failure]) -> list[str]:
    return [str(item.provenance) for item in found]


# ---- folders ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/2.tel", "a/1", "a.txt", "B.txt", ".hidden.txt", ".git/c.txt", "é.txt"):
        path = tmp_path / "dump" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(DATA)
    return tmp_path / "dump"


def test_a_folder_is_read_by_name_with_all_below_it(folder: Path) -> None:
    found = read(folder)
    assert paths(found) == ["B.txt", "a/1", "a/2.tel", "a.txt", "b.txt", "é.txt"]
    assert all(isinstance(item, Record) and item.data == DATA for item in found)
    assert paths(read(str(folder))) == paths(found)


def test_hidden_files_and_patterns(folder: Path) -> None:
    assert paths(read(folder, hidden=True))[:2] == [".git/c.txt", ".hidden.txt"]
    assert paths(read(folder, glob="*.txt")) == ["B.txt", "a.txt", "b.txt", "é.txt"]
    assert paths(read(folder, glob="a/*")) == ["a/1", "a/2.tel"]
    assert paths(read(folder, glob="*.pdf")) == []


@pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and sockets")
def test_links_are_not_followed_and_what_is_no_file_is_not_opened(folder: Path, monkeypatch: Any) -> None:
    before = paths(read(folder))
    (folder / "c-link").symlink_to(folder / "a")
    (folder / "d-link.txt").symlink_to(folder / "a.txt")
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)  # (names of sockets are short)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        found = read(folder)
    assert failures(found) == [("pipe", "special"), ("socket", "special")]
    assert paths(list(records(found))) == before
    (record,) = records(read(folder / "d-link.txt"))
    assert record.data == DATA


def test_more_files_than_the_limit(folder: Path) -> None:
    found = read(folder, limits=Limits(members=2))
    assert (len(records(found)), failures(found)) == (2, [(".", "too-many")])


def test_folders_inside_each_other_without_end(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.txt").write_bytes(DATA)
    assert len(records(read(tmp_path))) == 1


def test_a_folder_that_changes_while_it_is_read(folder: Path) -> None:
    walk = cablekit.read(folder)
    first = next(walk)
    (folder / "a.txt").unlink()
    (folder / "a" / "2.tel").unlink()
    (folder / "a" / "2.tel").mkdir()
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to(folder / "é.txt")
    found = [first, *walk]
    assert paths(list(records(found))) == ["B.txt", "a/1", "é.txt"]
    assert failures(found) == [("a.txt", "changed")]


def test_a_file_that_is_written_to_while_it_is_read(folder: Path) -> None:
    (folder / "a.txt").write_bytes(zipped({"1": DATA, "2": DATA}))
    found = []
    for item in cablekit.read(folder / "a.txt"):
        found.append(item)
        (folder / "a.txt").write_bytes(b"")
    assert ("a.txt", "changed") in failures(found)


def test_what_the_system_refuses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, listed = os.open, os.scandir

    def refuse(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    def refuse_listing(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("a"):
            raise OSError(5, "Input/output error")
        return listed(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_listing)
    found = read(folder)
    assert failures(found) == [("a", "unreadable"), ("a.txt", "unreadable")]
    assert [item.message for item in found if isinstance(item, Failure)] == [
        "cannot be read (Input/output error)",
        "may not be read",
    ]
    assert paths(list(records(found))) == ["B.txt", "b.txt", "é.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names of bytes")
def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(DATA)
    (record,) = records(read(tmp_path))
    assert record.provenance.path == "caf\\xe9.txt"
    assert record.parse().model_dump_json()


# ---- files and streams --------------------------------------------------------------------------------------------


def test_a_file_is_called_by_its_own_name(folder: Path) -> None:
    assert paths(read(folder / "a" / "2.tel")) == ["2.tel"]
    with (folder / "b.txt").open("rb") as stream:
        assert paths(read(stream)) == ["b.txt"]
    assert paths(read(io.BytesIO(DATA))) == ["-"]


def test_a_stream_is_read_from_where_it_is() -> None:
    stream = io.BytesIO(b"something else" + DATA)
    stream.seek(14)
    assert [record.data for record in records(read(stream))] == [DATA]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(zipped({"a.txt": DATA})))))
    (record,) = read("-")
    assert isinstance(record, Record)
    assert (record.data, str(record.provenance)) == (DATA, "-/a.txt")


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe with a name")
def test_a_pipe_that_is_given_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(DATA,))
    writer.start()
    (record,) = records(read(tmp_path / "pipe"))
    writer.join()
    assert record.data == DATA


def test_sources_that_are_not_there_or_none() -> None:
    assert failures(read("no/such/file")) == [("file", "missing")]
    assert failures(read("a\0b")) == [("a\0b", "unreadable")]
    assert failures(read(io.BytesIO())) == [("-", "empty")]
    if os.name == "posix":
        assert failures(read("/dev/null")) == [("null", "special")]
    nothing: Any
    for nothing in (b"UNCLAS", 7, None):
        with pytest.raises(TypeError, match="a source is a path or a binary stream, not "):
            cablekit.read(nothing)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"Rar!\x1a\x07\x01\0", "is a RAR archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "is a document of an old Microsoft Office"),
        (b"\x89PNG\r\n\x1a\n\0", "is an image"),
        (b"\x7fELF\0", "is binary"),
        (bytes(10240), "holds zeros only: it is an empty tar archive, or what was in it is lost"),
    ],
)
def test_what_no_kind_reads_is_named(head: bytes, message: str) -> None:
    (failure,) = read(io.BytesIO(head))
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.message) == ("unknown", message)
    with pytest.raises(cablekit.SourceError, match=message):
        failure.parse()


class Endless(io.RawIOBase):
    """One line without end."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = b"A" * len(buffer)
        self.given += len(buffer)
        return len(buffer) if self.given < 1 << 27 else 0


def test_a_line_without_end_is_too_large() -> None:
    assert failures(read(Endless(), limits=Limits(record=1 << 20))) == [("-", "too-large")]


class Failing(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise OSError(5, "Input/output error")


def test_a_stream_that_fails() -> None:
    (failure,) = read(Failing())
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.message) == ("unreadable", "cannot be read (Input/output error)")


# ---- reasons and kinds --------------------------------------------------------------------------------------------


def test_every_reason_is_in_the_documentation(root: Path) -> None:
    page = (root / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"| `{reason}` |" not in page] == []


def test_every_reason_in_the_code_is_in_the_list(root: Path) -> None:
    import re

    code = "".join(path.read_text(encoding="utf-8") for path in (root / "src" / "cablekit" / "sources").glob("*.py"))
    used = set(re.findall(r'(?:failure|StreamError|_BrokenRowError)\(\s*"([a-z-]+)"', code))
    assert used <= set(REASONS)
    assert len(used) > 12


class Broken:
    NAME = "broken"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def recognises(self, head: bytes, _name: str) -> bool:
        return head.startswith(b"BROKEN")

    def read(self, _stream: BinaryIO, place: Provenance, _limits: Limits) -> Iterator[Record | Failure]:
        yield Record(b"first", place)
        raise self._error


@pytest.mark.parametrize(
    ("error", "reason"), [(ZeroDivisionError("oh"), "fault"), (StreamError("malformed", "has no end"), "malformed")]
)
def test_a_kind_that_fails_harms_no_other_file(
    error: Exception, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cablekit.sources.kinds.added", lambda: (Broken(error),))
    (tmp_path / "a").write_bytes(b"BROKEN")
    (tmp_path / "b").write_bytes(DATA)
    found = read(tmp_path)
    assert failures(found) == [("a", reason)]
    assert [record.provenance.kind for record in records(found)] == ["broken", "text"]


def test_every_kind_has_what_a_kind_has() -> None:
    assert [kinds.own(name).NAME for name in kinds._MODULES] == [*kinds._MODULES]
    assert [*kinds._MODULES][-1] == "text"


def test_a_package_adds_a_kind(root: Path, tmp_path: Path) -> None:
    """The module and the entry point of the documentation are packed, installed by pip, and used."""
    page = (root / "docs" / "sources.md").read_text(encoding="utf-8")
    module = page.partition("A kind is a module")[2].partition("```python\n")[2].partition("```")[0]
    entry = page.partition("```toml\n")[2].partition("```")[0]
    assert tomllib.loads(entry)["project"]["entry-points"]["cablekit.sources"] == {"boxes": "boxes_for_cablekit"}
    package, target = tmp_path / "package", tmp_path / "target"
    package.mkdir()
    (package / "boxes_for_cablekit.py").write_text(module, encoding="utf-8")
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "boxes-for-cablekit"\nversion = "1"\n' + entry,
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", target, package], check=True, capture_output=True)
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.txt").write_text("BOX 7 " + cable().replace("\n", "|") + "\nBOX 8 nothing\n")
    program = (
        "import sys, cablekit\n"
        "for record in cablekit.read(sys.argv[1]):\n"
        "    print(record.provenance, record.provenance.kind, record.metadata.stated['box'], record.parse().layout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "dump")],
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["a.txt, row 1 boxes 7 A", "a.txt, row 2 boxes 8 T"]


# ---- what a container says ----------------------------------------------------------------------------------------


def parsed(text: str, **said: Any) -> cablekit.Cable:
    return Record(text.encode(), Provenance("a.csv", kind="csv", row=7), Metadata(**said)).parse()


def codes(made: cablekit.Cable) -> dict[str, tuple[str, str | None]]:
    return {one.code: (one.message, one.likely) for one in made.diagnostics}


def test_a_container_never_overrides_the_cable() -> None:
    from datetime import datetime

    said = {
        "reference_id": "08SOFIA609",
        "date": datetime(2009, 10, 6, 12, 18),
        "origin": "Embassy Rome",
        "classification": "SECRET",
        "title": "ROSES",
    }
    made, alone = parsed(cable(), **said), cablekit.parse(cable())
    assert made.model_dump(exclude={"publication", "diagnostics", "source"}) == alone.model_dump(
        exclude={"publication", "diagnostics", "source"}
    )
    found = codes(made)
    assert found["CK302"] == ("the publisher's 08SOFIA609 is not of 2009", "09SOFIA608")
    assert found["CK314"] == ("the publisher says 08SOFIA609, line 12 says 09SOFIA608", "09SOFIA608")
    assert found["CK315"][0] == "the publisher says Embassy Rome, the cable AMEMBASSY SOFIA and SOFIA"
    assert found["CK312"] == ("the publisher says SECRET, the cable UNCLASSIFIED", "UNCLASSIFIED")
    assert found["CK313"][0] == "the publisher's date is 2009-10-06, the date-time group says 2009-10-05"
    assert made.publication
    assert (made.publication.stated_in, made.publication.title) == ("container", "ROSES")
    assert made.source.provenance == Provenance("a.csv", kind="csv", row=7)


def test_a_container_that_agrees_changes_nothing() -> None:
    made = parsed(cable(), reference_id="09SOFIA608", origin="Embassy Sofia", classification="UNCLASSIFIED")
    assert codes(made) == codes(cablekit.parse(cable()))


def test_the_year_of_a_container_is_marked_as_such() -> None:
    made = parsed(cable(header=""), reference_id="05SOFIA608")
    assert made.mrn
    assert (str(made.mrn), made.mrn.year_source) == ("05SOFIA608", "publication")


@pytest.mark.parametrize("text", ["Dear aunt, the weather is fine.\n", "", " \n", "\x00\x01\x02"])
def test_what_a_container_vouches_for_is_text_at_least(text: str) -> None:
    made = parsed(text, title="WEATHER")
    assert (made.layout, made.mrn) == ("T", None)
    assert "CK208" in codes(made)
    assert cablekit.Cable.model_validate_json(made.model_dump_json()) == made
    with pytest.raises(cablekit.NotACableError):
        parsed(text)


def test_the_cable_of_a_record_comes_back_from_json() -> None:
    made = parsed(cable(), reference_id="09SOFIA608")
    assert cablekit.Cable.model_validate_json(made.model_dump_json()) == made
    assert hash(made) == hash(cablekit.Cable.model_validate_json(made.model_dump_json()))


def test_records_and_failures_travel_between_processes(tmp_path: Path) -> None:
    head = b"09HARBOR1\nROPE\nFri Jan 02 00:00:00 +0100 2009\nUNCLASSIFIED\nEmbassy Harbor\n"
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": head + DATA, "b.bin": b"\0"}))
    (tmp_path / "c.jsonl").write_text(cablekit.parse(DATA).model_dump_json() + "\n{", encoding="utf-8")
    found = read(tmp_path)
    assert [type(item).__name__ for item in found] == ["Record", "Failure", "ReadRecord", "Failure"]
    travelled = pickle.loads(pickle.dumps(found))
    assert travelled == found
    assert [hash(item) for item in travelled] == [hash(item) for item in found]
    assert [repr(item) for item in travelled] == [repr(item) for item in found]
    with pytest.raises(FrozenInstanceError):
        travelled[0].data = b""
