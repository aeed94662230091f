"""Folders of parts: at a path or at any URL that fsspec knows, such as ``s3://bucket/parts`` or ``memory://parts``."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from cablekit.errors import ConversionError, SourceError
from cablekit.sources.failures import StreamError

_NAME = re.compile(r"part-(\d{6,})\.parquet$")
_UNFINISHED = re.compile(r"/\.part-\d+\.parquet\.[0-9a-f]{32}\.new$")
_GLOB = re.compile(r"[*?\[]")
_EXTRA = "install what reads and writes parts: pip install 'cablekit[parquet]'"


def part_url(folder: str, number: int) -> str:
    """Return the place of a part: ``FOLDER/part-000001.parquet``."""
    return f"{folder.rstrip('/')}/part-{number:06d}.parquet"


def number_of(url: str) -> int | None:
    """Return the number of a part by its name; none where it has another name."""
    found = _NAME.search(url)
    return int(found[1]) if found else None


def is_url(place: str) -> bool:
    """Tell a URL from a path."""
    return "://" in place


def absolute(place: str) -> str:
    """Return a place as it is called on other machines, and from other folders."""
    return place if is_url(place) else str(Path(place).absolute())


def exists(url: str) -> bool:
    """Tell whether there is a part; raises `SourceError` when the place cannot be reached."""
    system, path = _system(url)
    try:
        return bool(system.exists(path))
    except Exception as error:
        raise _unreadable(url, error) from None


def is_folder(place: str) -> bool:
    """Tell a folder; raises `SourceError` when it cannot be reached."""
    system, path = _system(place)
    try:
        return bool(system.isdir(path))
    except Exception as error:
        raise _unreadable(place, error) from None


def parts_in(folder: str) -> list[str]:
    """Return the parts in a folder in the order of their numbers; none where there is no folder."""
    system, path = _system(folder)
    try:
        found = [name for name in system.ls(path, detail=False) if number_of(name) is not None]
    except FileNotFoundError:
        return []
    except Exception as error:
        raise _unreadable(folder, error) from None
    return [_url(system, folder, name) for name in sorted(found, key=lambda name: (number_of(name), name))]


def parts_of(places: Iterable[str]) -> list[str]:
    """Return the parts that files, folders, patterns (``parts/part-00001*``) and URLs name, in the order given.

    Raises `SourceError` for one that names none, and when a part is named twice.
    """
    found: list[str] = []
    for place in places:
        system, path = _system(place)
        try:
            if _GLOB.search(path):
                names = sorted(system.glob(path), key=lambda name: (number_of(name) or 0, name))
                here = [_url(system, place, name) for name in names]
            elif is_folder(place):
                here = parts_in(place)
            else:
                here = [place] if system.exists(path) else []
        except SourceError:
            raise
        except Exception as error:
            raise _unreadable(place, error) from None
        if not here:
            raise SourceError(place, "names no part", "give parts, or a folder that cablekit convert --to parquet made")
        found += here
    twice = next((one for one in found if found.count(one) > 1), None) if len({*found}) < len(found) else None
    if twice:
        raise SourceError(twice, "is given twice", "name each part once")
    return found


@contextmanager
def opened(url: str) -> Iterator[BinaryIO]:
    """Open a part for reading; raises `SourceError` where that is not possible."""
    system, path = _system(url)
    try:
        stream = system.open(path, "rb")
    except Exception as error:
        raise _unreadable(url, error) from None
    with stream:
        yield stream


@contextmanager
def written(url: str) -> Iterator[BinaryIO]:
    """Give a stream to write a file to, which gets its name when it is whole; an error leaves nothing.

    Raises `ConversionError` when it cannot be written.
    """
    system, path = _system(url)
    parent, _, name = path.rpartition("/")
    beside = f"{parent}/.{name}.{uuid.uuid4().hex}.new"
    try:
        with _writing(url):
            system.makedirs(parent, exist_ok=True)
            stream = system.open(beside, "wb")
        with closing(stream):
            yield stream
            with _writing(url):
                stream.flush()
                if hasattr(stream, "fileno"):
                    with suppress(OSError):
                        os.fsync(stream.fileno())
                stream.close()  # here an object store takes it
                if "file" in _protocols(system):
                    Path(beside).replace(path)
                else:
                    system.mv(beside, path)
    except StreamError:  # of what is read meanwhile
        raise
    except OSError as error:
        raise _unwritable(url, error) from None
    finally:
        with suppress(Exception):
            if system.exists(beside):
                system.rm(beside)


def sweep(folder: str) -> None:
    """Remove what was left in a folder of parts by writers that were killed."""
    system, path = _system(folder)
    with _writing(folder), suppress(FileNotFoundError):
        for name in system.ls(path, detail=False):
            if _UNFINISHED.search(name):
                system.rm(name)


def remove(url: str) -> None:
    """Remove a part."""
    system, path = _system(url)
    with _writing(url):
        system.rm(path)


@contextmanager
def _writing(place: str) -> Iterator[None]:
    """Turn whatever a file system raises into a `ConversionError`: each kind has exceptions of its own."""
    try:
        yield
    except Exception as error:
        raise _unwritable(place, error) from None


def _system(place: str) -> tuple[Any, str]:
    """Return the file system of a place and the path there; raises `SourceError`."""
    try:
        fsspec = import_module("fsspec.core")
    except ImportError:
        raise SourceError(place, "cannot be reached", _EXTRA) from None
    try:
        system, path = fsspec.url_to_fs(os.fspath(place))
    except ImportError as error:
        raise SourceError(place, "is of a kind that needs one more package", str(error)) from None
    except Exception as error:
        raise SourceError(place, f"is no place that can be reached ({error})", "check the URL") from None
    return system, path


def _protocols(system: Any) -> tuple[str, ...]:
    return (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)


def _url(system: Any, like: str, path: str) -> str:
    """Write a path of a file system as the user wrote a place there."""
    return str(system.unstrip_protocol(path)) if is_url(like) else path


def _unreadable(place: str, error: Exception) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError(place, "is not there", "check the path")
    return SourceError(place, f"cannot be read ({_why(error)})", "check the place and its permissions")


def _unwritable(place: str, error: Exception) -> ConversionError:
    return ConversionError(place, f"cannot be written ({_why(error)})", "check the place, or make room")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}".rstrip(": ")
