"""Archives too large to be held whole, read from the front or by a library in C: what is wrong harms nothing else."""

from __future__ import annotations

import io
import os
import random
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import libarchive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cablekit
from cablekit.sources.failures import REASONS
from cablekit.sources.limits import Limits
from cablekit.sources.streams import HEAD
from tests.archives import FILES, failures, items, records, seven_zipped, tar, zipped

# (Smaller ones are held whole, and so are read as if they were files.)
LARGE = {name: data + random.Random(name).randbytes(45_000).hex(" ", 32).encode() for name, data in FILES.items()}
NAMES = list(LARGE)
SIGN = b"PK\x03\x04"


def second(packed: bytes) -> int:
    """Where the second member of a zip begins."""
    return packed.index(SIGN, 1)


def test_the_archives_are_too_large_to_be_held() -> None:
    assert min(len(zipped(LARGE)), len(seven_zipped(LARGE))) > HEAD


# ---- a zip from the front -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_out_of_a_pipe_with_sizes_in_the_extra_field(method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in LARGE.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.extra = method, struct.pack("<HHI", 0x5455, 4, 0)
            with archive.open(info, "w", force_zip64=True) as member:
                member.write(data)
    assert struct.unpack_from("<II", packed.getvalue(), 18) == (0xFFFF_FFFF, 0xFFFF_FFFF)
    found = items(packed.getvalue(), pipe=True)
    assert [record.data for record in records(found)] == [*LARGE.values()]
    assert failures(found) == []


@pytest.mark.parametrize("sizes_behind", [False, True])
def test_a_zip_out_of_a_pipe(sizes_behind: bool) -> None:
    found = items(zipped({"folder/": b"", **LARGE}, sizes_behind=sizes_behind), pipe=True)
    assert [(record.provenance.members, record.data) for record in records(found)] == [
        ((name,), data) for name, data in LARGE.items()
    ]
    assert failures(found) == []


def test_a_zip_whose_directory_is_missing() -> None:
    packed = zipped(LARGE)
    cut = packed[: packed.index(b"PK\x01\x02")]
    for pipe in (False, True):
        found = items(cut, pipe=pipe)
        assert len(records(found)) == len(LARGE)
        assert failures(found) == [("-", "truncated")]


@pytest.mark.parametrize(
    ("method", "sizes_behind"),
    [(zipfile.ZIP_STORED, False), (zipfile.ZIP_DEFLATED, False), (zipfile.ZIP_DEFLATED, True)],
)
def test_a_zip_cut_inside_a_member(method: int, sizes_behind: bool) -> None:
    packed = zipped(LARGE, method, sizes_behind)
    for pipe in (False, True):
        found = items(packed[: packed.rindex(SIGN) + 5_000], pipe=pipe)
        assert [record.data for record in records(found)] == [*LARGE.values()][:-1]
        assert {reason for _, reason in failures(found)} == {"truncated"}


@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_bytes_between_members(size: int) -> None:
    packed = zipped(LARGE)
    at = second(packed)
    found = items(packed[:at] + bytes(size) + packed[at:], pipe=True)
    assert len(records(found)) == len(LARGE)
    assert failures(found) == [("-", "damaged")]


def test_bytes_behind_the_last_member_to_the_end() -> None:
    packed = zipped(LARGE)
    found = items(packed[: packed.index(b"PK\x01\x02")] + bytes(100), pipe=True)
    assert len(records(found)) == len(LARGE)
    assert failures(found) == [("-", "damaged"), ("-", "truncated")]


@pytest.mark.parametrize("sizes_behind", [False, True])
def test_an_encrypted_member_out_of_a_pipe(sizes_behind: bool) -> None:
    packed = bytearray(zipped(LARGE, sizes_behind=sizes_behind))
    packed[second(packed) + 6] |= 1
    found = items(bytes(packed), pipe=True)
    assert failures(found) == [(f"-/{NAMES[1]}", "encrypted")]
    assert [record.data for record in records(found)] == [LARGE[NAMES[0]], LARGE[NAMES[2]]]


def test_a_method_that_is_not_read_out_of_a_pipe() -> None:
    found = items(zipped(LARGE, zipfile.ZIP_BZIP2), pipe=True)
    assert failures(found) == [(f"-/{name}", "unsupported") for name in NAMES]
    assert len(records(items(zipped(LARGE, zipfile.ZIP_BZIP2)))) == len(LARGE)


def test_a_stored_member_that_does_not_say_how_long_it_is() -> None:
    packed = bytearray(zipped(LARGE, zipfile.ZIP_STORED))
    packed[second(packed) + 6] |= 8
    found = items(bytes(packed), pipe=True)
    assert failures(found) == [(f"-/{NAMES[1]}", "unsupported")]
    assert len(records(found)) == len(LARGE) - 1


@pytest.mark.parametrize("sizes_behind", [False, True])
def test_a_wrong_checksum_out_of_a_pipe(sizes_behind: bool) -> None:
    packed = bytearray(zipped(LARGE, sizes_behind=sizes_behind))
    packed[packed.index(b"PK\x07\x08") + 4 if sizes_behind else 14] ^= 1
    found = items(bytes(packed), pipe=True)
    assert failures(found) == [(f"-/{NAMES[0]}", "checksum")]
    assert [record.data for record in records(found)] == [*LARGE.values()][1:]


@pytest.mark.parametrize("sizes_behind", [False, True])
def test_damage_in_deflated_data_out_of_a_pipe(sizes_behind: bool) -> None:
    packed = bytearray(zipped(LARGE, sizes_behind=sizes_behind))
    at = second(packed) + 30 + len(NAMES[1])
    packed[at] |= 6  # a kind of block that there is not
    found = items(bytes(packed), pipe=True)
    assert failures(found) == [(f"-/{NAMES[1]}", "damaged")]
    assert [record.data for record in records(found)] == [LARGE[NAMES[0]], LARGE[NAMES[2]]]


def test_deflated_data_that_do_not_end() -> None:
    packed = bytearray(zipped(LARGE))
    at = second(packed)
    shorter = struct.unpack_from("<I", packed, at + 18)[0] - 100
    struct.pack_into("<I", packed, at + 18, shorter)
    found = items(bytes(packed), pipe=True)
    assert (f"-/{NAMES[1]}", "damaged") in failures(found)
    assert [record.data for record in records(found)] == [LARGE[NAMES[0]], LARGE[NAMES[2]]]


def test_bombs_and_tricks_out_of_a_pipe() -> None:
    packed = zipped({"../up.txt": LARGE[NAMES[0]], "b.txt": LARGE[NAMES[1]], "bomb": b"UNCLAS SOFIA\n" * 1_000_000})
    found = items(packed, pipe=True, limits=Limits(ratio=20))
    assert failures(found) == [("-/../up.txt", "unsafe-name"), ("-/bomb", "bomb")]
    assert len(records(found)) == 2
    assert failures(items(zipped(LARGE), pipe=True, limits=Limits(members=2))) == [("-", "too-many")]


@given(st.integers(4, len(zipped(LARGE)) - 1), st.booleans())
@settings(max_examples=40)
def test_a_large_zip_cut_anywhere(at: int, in_tar: bool) -> None:
    cut = zipped(LARGE)[:at]
    found = items(tar({"inner": cut}), pipe=True) if in_tar else items(cut, pipe=True)
    assert all(reason in REASONS and reason != "fault" for _, reason in failures(found))
    assert failures(found)
    assert [record.data for record in records(found)] == [*LARGE.values()][: len(records(found))]


# ---- 7z -----------------------------------------------------------------------------------------------------------


def stored(files: dict[str, bytes]) -> bytes:
    """A 7z whose members are not compressed, so that one byte is one byte."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "packed.7z")
        with libarchive.file_writer(str(path), "7zip", options="compression=store") as archive:
            for name, data in files.items():
                archive.add_file_from_memory(name, len(data), data)
        return path.read_bytes()


def test_a_wrong_checksum_in_a_7z() -> None:
    packed = bytearray(stored(LARGE))
    packed[packed.index(LARGE[NAMES[1]]) + 100] ^= 1
    found = items(bytes(packed))
    assert (f"-/{NAMES[1]}", "checksum") in failures(found)
    assert [record.data for record in records(found)] == [LARGE[NAMES[0]], LARGE[NAMES[2]]]


def test_damage_in_compressed_data_of_a_7z() -> None:
    packed = bytearray(seven_zipped(LARGE))
    for at in range(32, len(packed) - 2_000, 500):
        packed[at] ^= 0xFF
    found = items(bytes(packed))
    assert records(found) == []
    assert {reason for _, reason in failures(found)} <= {"checksum", "damaged", "truncated"}
    assert failures(found)


@pytest.mark.parametrize("left", [33, 1_000, -10, -1])
def test_a_7z_without_its_end(left: int) -> None:
    for pipe in (False, True):
        ((_, reason),) = failures(items(seven_zipped(LARGE)[:left], pipe=pipe))
        assert reason in {"truncated", "damaged"}


def test_links_in_a_7z(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(LARGE[NAMES[0]])
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("a.txt")
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        with libarchive.file_writer("packed.7z", "7zip") as archive:
            archive.add_files("a.txt", "folder", "link")
    finally:
        os.chdir(here)
    found = items((tmp_path / "packed.7z").read_bytes())
    assert failures(found) == [("-/link", "link")]
    assert [record.data for record in records(found)] == [LARGE[NAMES[0]]]


class Failing(io.BytesIO):
    """A disk that fails behind some calls."""

    def __init__(self, data: bytes, call: str, after: int) -> None:
        super().__init__(data)
        self._call, self._after = call, after

    def _count(self, call: str) -> None:
        self._after -= call == self._call
        if self._after < 0:
            raise OSError(5, "Input/output error")

    def read1(self, size: int | None = -1, /) -> bytes:
        self._count("read")
        return super().read1(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._count("seek")
        return super().seek(offset, whence)


@pytest.mark.parametrize(("call", "after"), [("read", 1), ("read", 2), ("seek", 2), ("seek", 3)])
def test_a_disk_that_fails_under_a_7z(call: str, after: int) -> None:
    found = list(cablekit.read(Failing(seven_zipped(LARGE), call, after)))
    assert failures(found)[-1] == ("-", "unreadable")


@pytest.mark.parametrize("wrong", [OSError, TypeError, AttributeError])
def test_the_library_of_the_system_may_be_missing(wrong: type[Exception]) -> None:
    packed = seven_zipped(FILES)
    with patch("cablekit.sources.sevenzip.import_module", side_effect=wrong):
        (failure,) = items(packed)
    assert isinstance(failure, cablekit.Failure)
    assert failure.reason == "extra"
    assert "libarchive13" in failure.advice


def test_a_name_in_a_7z_that_is_no_text() -> None:
    from cablekit.sources import sevenzip

    names: Any = sevenzip
    assert names._name(b"\xff.txt") == "\udcff.txt"
