"""What takes long to make and is kept between runs: tables, and compiled expressions, in the user's cache folder.

Everything here may be missing, stale, damaged or not writable: then it is made again. A file is only believed when its
first line is the checksum of the rest, and its folder's name is the hash of all that it was made from.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import re
import sys
import time
from array import array
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, AnyStr
from zlib import crc32

OFF = "off"
_NAME = 32
"""Length of the names of folders, hexadecimal digits."""
_CHECKSUM = len("01234567\n")
_OLD = 90 * 24 * 3600
"""Seconds after which the folder of another version may go."""


def root() -> Path | None:
    """Return the folder for what is kept: ``CABLEKIT_CACHE`` (``off``: none), else the system's place for caches."""
    chosen = os.environ.get("CABLEKIT_CACHE")
    if chosen:
        return None if chosen == OFF else Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    with contextlib.suppress(RuntimeError):  # nobody's home
        return Path(base).expanduser() / "cablekit" if base else None
    return None


@cache
def folder(grammars: Path) -> Path | None:
    """Return the folder for what was made from these grammars by this Python and this cablekit."""
    above = root()
    if above is None:
        return None
    made_from = hashlib.sha256(repr((sys.version, sys.implementation.cache_tag)).encode())
    for path in (*sorted(grammars.glob("*.lark")), *sorted(Path(__file__).parent.glob("*.py"))):
        made_from.update(hashlib.sha256(path.read_bytes()).digest())
    return above / made_from.hexdigest()[:_NAME]


def load(grammars: Path, name: str) -> memoryview | None:
    """Return what was kept under a name; none if there is nothing sound."""
    place = folder(grammars)
    if place is None:
        return None
    try:
        kept = (place / name).read_bytes()
    except OSError:
        return None
    data = memoryview(kept)[_CHECKSUM:]  # one cable needs three megabytes: no copy
    return data if kept[:_CHECKSUM] == _checksum(data) else None


def save(grammars: Path, name: str, data: bytes) -> None:
    """Keep something under a name, whole or not at all. Where that cannot be done nothing is lost but time."""
    import tempfile

    place = folder(grammars)
    if place is None:
        return
    with contextlib.suppress(OSError):
        if not place.is_dir():
            _forget_the_old(place.parent)
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
            file.write(_checksum(data) + data)
        Path(file.name).replace(place / name)


def _checksum(data: bytes | memoryview) -> bytes:
    return f"{crc32(data):08x}\n".encode()


def _forget_the_old(above: Path) -> None:
    """Remove what other versions kept here and nobody has added to for a long time."""
    import shutil

    for place in above.glob("[0-9a-f]" * _NAME):
        if time.time() - place.stat().st_mtime > _OLD:
            shutil.rmtree(place, ignore_errors=True)


def compiled(grammars: Path, pattern: AnyStr, flags: int) -> re.Pattern[AnyStr]:
    """Return a regular expression, from its code where that was kept.

    Compiling the expressions of a grammar takes a hundred times as long as reading a cable. The standard library has no
    way of keeping a compiled expression, so this uses its inner parts, where they are as they are known to be.
    """
    written = pattern.encode() if isinstance(pattern, str) else pattern
    name = hashlib.sha256(f"{type(pattern).__name__} {flags} ".encode() + written).hexdigest()[:_NAME]
    data = load(grammars, name)
    if data is not None:
        with contextlib.suppress(Exception):
            return _restore(data, pattern)
    expression = re.compile(pattern, flags)
    with contextlib.suppress(Exception):
        save(grammars, name, _code(expression))
    return expression


def _code(expression: re.Pattern[AnyStr]) -> bytes:
    """Return what an expression is made from again: flags, number and names of its groups, code."""
    parser, compiler = import_module("re._parser"), import_module("re._compiler")
    words = array("I", compiler._code(parser.parse(expression.pattern, expression.flags), expression.flags))
    return marshal.dumps((expression.flags, expression.groups, dict(expression.groupindex), words.tobytes()))


def _restore(data: memoryview, pattern: AnyStr) -> re.Pattern[AnyStr]:
    """Take back what `_code` gave. Python checks the code, so that damage is an exception, not a crash."""
    flags, groups, names, code = marshal.loads(data)
    order: list[str | None] = [None] * (groups + 1)
    for group, index in names.items():
        order[index] = group
    inner: Any = import_module("_sre")
    words = memoryview(code).cast("I").tolist()
    expression: re.Pattern[AnyStr] = inner.compile(pattern, flags, words, groups, names, tuple(order))
    return expression
