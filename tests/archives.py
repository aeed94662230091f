"""Archives made of invented files, in every form that is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import libarchive

from cablekit.sources.read import read
from cablekit.sources.record import Failure, Record
from tests.make import cable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FILES = {f"1976/{number}.txt": cable(line_12=f"UNCLAS SOFIA {number:06d}").encode() for number in (1, 2, 3)}


class Pipe(io.RawIOBase):
    """A stream in which one cannot jump about, and that gives little at a time."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), 999))
        buffer[: len(data)] = data
        return len(data)


class _Forward(io.BytesIO):
    """What is written here cannot be gone back to."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation("seek")


def tar(files: Mapping[str, bytes], *others: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for other in others:
            archive.addfile(other)
    return packed.getvalue()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, sizes_behind: bool = False) -> bytes:
    packed = _Forward() if sizes_behind else io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def seven_zipped(files: Mapping[str, bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "packed.7z"
        with libarchive.file_writer(str(path), "7zip") as archive:
            for name, data in files.items():
                archive.add_file_from_memory(name, len(data), data)
        return path.read_bytes()


FORMS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "tar": tar,
    "tar.gz": lambda files: gzip.compress(tar(files)),
    "tar.bz2": lambda files: bz2.compress(tar(files)),
    "tar.xz": lambda files: lzma.compress(tar(files)),
    "tar.zst": lambda files: zstd.compress(tar(files)),
    "zip": zipped,
    "zip, stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip, bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "zip, sizes behind": lambda files: zipped(files, sizes_behind=True),
    "zip in tar.gz": lambda files: gzip.compress(tar({"inner": zipped(files)})),
    "tar.gz in zip": lambda files: zipped({"inner": gzip.compress(tar(files))}),
    "zip in zip": lambda files: zipped({"inner": zipped(files)}),
    "7z": seven_zipped,
    "7z in zip": lambda files: zipped({"inner": seven_zipped(files)}),
    "7z in tar": lambda files: tar({"inner": seven_zipped(files)}),
}

SINGLE: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


def items(data: bytes, *, pipe: bool = False, **options: object) -> list[Record | Failure]:
    """Read bytes to the end."""
    stream = io.BufferedReader(Pipe(data)) if pipe else io.BytesIO(data)
    return list(read(stream, **options))  # type: ignore[arg-type]


def records(found: list[Record | Failure]) -> list[Record]:
    return [item for item in found if isinstance(item, Record)]


def failures(found: list[Record | Failure]) -> list[tuple[str, str]]:
    """What failed, and why."""
    return [(str(item.provenance), item.reason) for item in found if isinstance(item, Failure)]
