"""Archives: every form gives the files that are in it, nested or not, and what is wrong with it is a failure."""

from __future__ import annotations

import gzip
import io
import random
import sys
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import cablekit
from cablekit.sources import containers
from cablekit.sources.failures import REASONS
from cablekit.sources.limits import MIB, Limits
from cablekit.sources.record import Record
from tests.archives import FILES, FORMS, SINGLE, failures, items, records, seven_zipped, tar, zipped


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("form", FORMS)
def test_an_archive_gives_its_files(form: str, pipe: bool) -> None:
    found = items(FORMS[form](FILES), pipe=pipe)
    inner = ("inner",) if " in " in form else ()
    given = sorted((item.provenance.members, item.data) for item in records(found))
    assert given == sorted(((*inner, name), data) for name, data in FILES.items())
    assert failures(found) == []
    assert {item.provenance.path for item in found} == {"-"}
    assert [item.provenance for item in items(FORMS[form](FILES), pipe=pipe)] == [item.provenance for item in found]


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("form", SINGLE)
def test_a_compressed_file_gives_its_content(form: str, pipe: bool) -> None:
    (data,) = {**FILES}.popitem()[1:]
    (record,) = records(items(SINGLE[form](data), pipe=pipe))
    assert (record.data, record.provenance.members) == (data, ())


def test_concatenated_files_are_read_to_the_end() -> None:
    first, second = gzip.compress(b"UNCLAS "), gzip.compress(b"SOFIA 000608\n")
    assert [record.data for record in records(items(first + second))] == [b"UNCLAS SOFIA 000608\n"]
    names = ["a.txt", "b.txt"]
    joined = items(tar({"a.txt": b"UNCLAS"}) + tar({"b.txt": b"UNCLAS"}))
    assert [record.provenance.members[-1] for record in records(joined)] == names


def test_a_zip_behind_something_else_is_found_by_its_end() -> None:
    before = zipped({"lost.txt": b"UNCLAS"})
    before = before[: before.index(b"PK\x01\x02")]
    found = items(before + zipped(FILES))
    assert [record.provenance.members[0] for record in records(found)] == list(FILES)


def test_a_zip_with_more_than_fits_into_the_old_fields() -> None:
    many = {f"{number}": b"UNCLAS" for number in range(0x10001)}
    assert len(records(items(zipped(many, zipfile.ZIP_STORED)))) == len(many)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open("large", "w", force_zip64=True) as member:
        member.write(b"UNCLAS")
    for pipe in (False, True):
        assert [record.data for record in records(items(packed.getvalue(), pipe=pipe))] == [b"UNCLAS"]


# ---- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["tar", "zip", "7z"])
@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "..\\evil.txt"])
def test_a_name_that_leads_out_of_the_archive(form: str, name: str) -> None:
    found = items(FORMS[form]({name: b"UNCLAS", "good.txt": b"UNCLAS"}))
    written = records(found)[0].provenance.members[0]
    assert failures(found) == [(f"-/{written}", "unsafe-name")]
    assert [record.data for record in records(found)] == [b"UNCLAS", b"UNCLAS"]


def test_hidden_members_are_passed_over_unless_asked_for() -> None:
    files = {"./a.txt": b"UNCLAS", "__MACOSX/._a.txt": b"\0\5\x16\7", ".git/config": b"x", ".hidden": b"UNCLAS"}
    assert [record.provenance.members for record in records(items(tar(files)))] == [("./a.txt",)]
    assert len(items(tar(files), hidden=True)) == 4


def test_only_members_that_match_are_given() -> None:
    packed = tar(
        {"1976/a.txt": b"UNCLAS", "1976/a.bin": b"\0\0", "1977/b.txt": b"UNCLAS", "c.tgz": gzip.compress(tar(FILES))}
    )
    names = [item.provenance.members for item in items(packed, glob="1976/*.txt")]
    assert names == [("1976/a.txt",), *(("c.tgz", name) for name in FILES)]
    assert len(items(packed, glob="*.txt")) == 5


def test_links_and_devices_are_failures() -> None:
    kinds = {tarfile.SYMTYPE: "link", tarfile.LNKTYPE: "link", tarfile.CHRTYPE: "special", tarfile.FIFOTYPE: "special"}
    others = []
    for number, kind in enumerate((*kinds, tarfile.DIRTYPE)):
        other = tarfile.TarInfo(f"{number}")
        other.type, other.linkname = kind, "/etc/passwd"
        others.append(other)
    found = items(tar({"good.txt": b"UNCLAS"}, *others))
    assert failures(found) == [(f"-/{number}", reason) for number, reason in enumerate(kinds.values())]
    assert len(records(found)) == 1


def test_bytes_that_are_no_name_can_be_printed() -> None:
    member = tarfile.TarInfo("caf\udce9.txt")
    (record,) = records(items(_tar_with(member)))
    assert record.provenance.members == ("caf\\xe9.txt",)
    assert record.parse().model_dump_json()


def _tar_with(member: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    data = FILES["1976/1.txt"]
    member.size = len(data)
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


# ---- limits -------------------------------------------------------------------------------------------------------

SAME = b"A" * (4 * MIB)


@pytest.mark.parametrize("form", ["tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip", "7z", "zip in zip"])
def test_a_bomb_ends_its_file(form: str) -> None:
    bomb = FORMS[form]({"a.txt": b"UNCLAS", "bomb": SAME, "behind.txt": b"UNCLAS"})
    found = items(bomb)
    assert [reason for _, reason in failures(found)].count("bomb") == 1
    assert len(records(found)) <= 1
    assert [reason for _, reason in failures(items(bomb, limits=Limits(ratio=10**6)))] == []


def test_a_bomb_of_members_that_overlap() -> None:
    """Many entries of the directory that all lead to one member: more comes out than the file's size allows for."""
    kernel = zipped({"a": b"UNCLAS SOFIA " * (MIB // 26)})
    end = kernel.rindex(b"PK\x05\x06")
    entry = kernel[kernel.index(b"PK\x01\x02") : end]
    count = 4000
    tail = bytearray(kernel[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    found = items(kernel[: kernel.index(b"PK\x01\x02")] + entry * count + bytes(tail))
    assert [reason for _, reason in failures(found)] == ["bomb"]
    assert len(records(found)) < count


def test_another_file_is_read_behind_a_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(SAME))
    (tmp_path / "b.txt").write_bytes(b"UNCLAS SOFIA 000608")
    found = list(cablekit.read(tmp_path))
    assert failures(found) == [("a.gz", "bomb")]
    assert len(records(found)) == 1


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("form", ["tar", "zip", "7z"])
def test_too_many_members(form: str, pipe: bool) -> None:
    found = items(FORMS[form](FILES), pipe=pipe, limits=Limits(members=2))
    assert (len(records(found)), failures(found)) == (2, [("-", "too-many")])


def test_too_deep() -> None:
    data = FILES["1976/1.txt"]
    for _ in range(4):
        data = zipped({"inner": data})
    assert len(records(items(data, limits=Limits(depth=4)))) == 1
    assert failures(items(data, limits=Limits(depth=3))) == [("-/inner/inner/inner", "too-deep")]


def test_a_record_that_is_too_large_harms_no_other() -> None:
    packed = tar({"a.txt": b"UNCLAS " * 1000, "b.txt": b"UNCLAS"})
    found = items(gzip.compress(packed), limits=Limits(record=1000))
    assert failures(found) == [("-/a.txt", "too-large")]
    assert [record.data for record in records(found)] == [b"UNCLAS"]


def test_an_archive_that_needs_jumping_about_and_is_too_large_to_hold() -> None:
    many = {f"{number}": random.Random(number).randbytes(1 << 14) for number in range(8)}
    found = items(seven_zipped(many), pipe=True, limits=Limits(buffer=1 << 16))
    assert failures(found) == [("-", "unseekable")]


def test_thousands_of_small_members_of_a_7z_are_not_held() -> None:
    count, size = 2_000, 1_000
    signs = random.Random(1)
    packed = seven_zipped({f"{number}.txt": signs.randbytes(size // 2).hex().encode() for number in range(count)})
    tracemalloc.start()
    found = sum(isinstance(item, Record) for item in cablekit.read(io.BytesIO(packed)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == count
    assert peak < count * size // 2


def test_a_7z_in_another_archive_that_is_too_large_to_hold() -> None:
    inner = seven_zipped({f"{number}": random.Random(number).randbytes(1 << 14) for number in range(8)})
    for outer in (tar, zipped):
        packed = outer({"inner": inner})
        assert failures(items(packed, pipe=True, limits=Limits(buffer=1 << 16))) == [("-/inner", "unseekable")]
        assert "unseekable" not in dict(failures(items(packed, pipe=True))).values()


# ---- what cannot be read ------------------------------------------------------------------------------------------


def test_an_encrypted_member_of_a_zip() -> None:
    packed = bytearray(zipped(FILES))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    for pipe in (False, True):
        found = items(bytes(packed), pipe=pipe)
        assert failures(found) == [("-/1976/1.txt", "encrypted")]
        assert len(records(found)) == 2


def test_a_wrong_checksum_harms_no_other_member() -> None:
    for sizes_behind in (False, True):
        packed = bytearray(zipped(FILES, zipfile.ZIP_DEFLATED, sizes_behind))
        entry = packed.index(b"PK\x01\x02")
        packed[entry + 16] ^= 1
        packed[packed.index(b"PK\x07\x08") + 4 if sizes_behind else 14] ^= 1
        for pipe in (False, True):
            found = items(bytes(packed), pipe=pipe)
            assert failures(found) == [("-/1976/1.txt", "checksum")]
            assert len(records(found)) == 2


def test_a_directory_that_leads_nowhere() -> None:
    packed = bytearray(zipped(FILES))
    packed[packed.index(b"PK\x01\x02") + 42] ^= 0xFF
    found = items(bytes(packed))
    assert failures(found) == [("-/1976/1.txt", "damaged")]
    assert len(records(found)) == 2


def test_a_zip_without_its_end_gives_what_is_there() -> None:
    packed = zipped(FILES)
    for pipe in (False, True):
        found = items(packed[: packed.index(b"PK\x01\x02") - 10], pipe=pipe)
        assert len(records(found)) == 2
        assert {reason for _, reason in failures(found)} == {"truncated"}


def test_a_damaged_header_in_a_tar_harms_no_other_member() -> None:
    packed = bytearray(tar(FILES))
    packed[0] ^= 1
    packed[tar(FILES).index(b"1976/2.txt")] ^= 1
    for pipe in (False, True):
        packed[0] ^= not pipe
        found = items(bytes(packed), pipe=pipe)
        assert "damaged" in {reason for _, reason in failures(found)}
        assert [record.provenance.members[-1] for record in records(found)] == ["1976/1.txt", "1976/3.txt"]


def test_a_tar_without_its_end() -> None:
    packed = tar(FILES)
    found = items(packed[: packed.index(b"1976/3.txt")])
    assert failures(found) == [("-", "truncated")]
    assert len(records(found)) == 2


@pytest.mark.parametrize(("form", "package"), [("7z", "libarchive"), ("tar.zst", "backports")])
def test_a_package_that_is_not_there_is_named(form: str, package: str) -> None:
    data = FORMS[form](FILES)
    with patch.dict(sys.modules, {package: None, "compression": None}):
        (failure,) = items(data)
    assert isinstance(failure, cablekit.Failure)
    assert (failure.reason, failure.advice) == (
        "extra",
        f"install cablekit[{form.removeprefix('tar.').replace('zst', 'zstd')}]",
    )


def test_documents_that_are_zip_archives_are_not_opened() -> None:
    (failure,) = items(zipped({"[Content_Types].xml": b"<xml/>", "word/document.xml": b"<xml/>"}))
    assert isinstance(failure, cablekit.Failure)
    assert (failure.reason, failure.message) == ("unknown", "is a document of an office program")


# ---- hostile bytes ------------------------------------------------------------------------------------------------

ARCHIVES = {form: make(FILES) for form, make in FORMS.items()} | {
    form: make(FILES["1976/1.txt"]) for form, make in SINGLE.items()
}


@given(form=st.sampled_from(sorted(ARCHIVES)), pipe=st.booleans(), data=st.data())
def test_an_archive_cut_anywhere(form: str, pipe: bool, data: st.DataObject) -> None:
    packed = ARCHIVES[form]
    cut = packed[: data.draw(st.integers(10, len(packed) - 1))]
    assume(containers.container_of(cut))  # ten bytes of a tar archive are a name
    found = items(cut, pipe=pipe)
    assert all(reason in REASONS and reason != "fault" for _, reason in failures(found))
    if len(records(found)) < len(records(items(packed, pipe=pipe))):
        assert failures(found)


@given(form=st.sampled_from(sorted(ARCHIVES)), pipe=st.booleans(), data=st.data())
def test_an_archive_with_other_bytes(form: str, pipe: bool, data: st.DataObject) -> None:
    packed = bytearray(ARCHIVES[form])
    changes = st.lists(st.tuples(st.integers(0, len(packed) - 1), st.integers(0, 255)), min_size=1, max_size=5)
    for place, value in data.draw(changes):
        packed[place] = value
    found = items(bytes(packed), pipe=pipe)
    assert all(reason in REASONS and reason != "fault" for _, reason in failures(found))


@given(
    st.sampled_from(
        [b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c"]
    ),
    st.binary(max_size=300),
)
def test_bytes_that_only_begin_like_an_archive(sign: bytes, rest: bytes) -> None:
    found = items(sign + rest)
    assert records(found) == []
    assert all(reason in REASONS and reason != "fault" for _, reason in failures(found))
    assert found or containers.container_of(sign + rest)
