"""`cablekit.read`: any dump, a folder, an archive, a file or a stream, to records and failures, in a fixed order."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, TypeAlias, cast

from cablekit.sources.containers import Container, Member, container_of, is_hidden, is_unsafe
from cablekit.sources.failures import StreamError, failure
from cablekit.sources.kinds import Kind, first_added, first_own
from cablekit.sources.known import is_document, unknown
from cablekit.sources.limits import DEFAULT, Limits
from cablekit.sources.record import Failure, Provenance, Record
from cablekit.sources.streams import HEAD, Budget, Measured, explain

STDIN = "-"

_Where: TypeAlias = tuple[str, ...]
"""Path of a file, member of it, member of that member, and so on."""

_WAIT_FOR_NOBODY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""A file of a folder may have become a pipe or a link since it was looked at."""


class Follower(Protocol):
    """Is told of each file of the file system that a source is, or that lies in it."""

    def begins(self, name: str, file: io.FileIO, status: os.stat_result, budget: Budget) -> bool:
        """Tell whether a file is to be read; it may be read from, and is to be left at its beginning.

        ``name`` is what `Provenance.path` says; ``budget`` tells how much of the file was read, while it is.
        """
        ...

    def ends(self, *, unchanged: bool) -> None:
        """Learn that all records of the file were given, and whether it stayed as it was while it was read."""
        ...


def read(
    source: str | os.PathLike[str] | BinaryIO,
    *,
    glob: str | None = None,
    hidden: bool = False,
    exclude: Iterable[str] = (),
    since: datetime | None = None,
    limits: Limits = DEFAULT,
    follower: Follower | None = None,
) -> Iterator[Record | Failure]:
    """Read the cables of a dump one after the other, never holding more than one.

    The source is a file, a folder, an archive or a binary stream; ``-`` is standard input. What each thing is, is told
    by its content. A folder is read with all that lies below it, by name; symbolic links in it are not followed.

    ``glob`` takes only files and members whose path matches, counted from its end: ``*.txt``, ``1976/*``. ``hidden``
    takes those too whose name begins with a stop. ``exclude`` leaves out what matches one of these patterns: files,
    members, and folders and archives with all that lies in them. ``since`` leaves out files, of a folder or given by
    name, that were last written to before it; an archive counts as one file, and a date without a zone is of this
    machine's. ``limits`` says how much is too much. ``follower`` is told of each file and may leave it out.

    What cannot be read is a `Failure` in its place; nothing is raised but `TypeError` for a source that is none of
    these. ``docs/sources.md`` lists kinds and failures.
    """
    walk = _Walk(glob, hidden, tuple(exclude), since, limits, follower)
    if source == STDIN:
        return walk.handed(sys.stdin.buffer)
    if isinstance(source, (str, os.PathLike)):
        return walk.named(os.fspath(source))
    if callable(getattr(source, "read", None)):
        return walk.handed(source)
    raise TypeError(f"a source is a path or a binary stream, not {type(source).__name__}")


class _Walk:
    """One reading of a source."""

    def __init__(
        self,
        glob: str | None,
        hidden: bool,
        exclude: tuple[str, ...],
        since: datetime | None,
        limits: Limits,
        follower: Follower | None,
    ) -> None:
        self._glob = glob
        self._hidden = hidden
        self._exclude = exclude
        self._since = None if since is None else since.timestamp()
        self._limits = limits
        self._follower = follower

    # ---- files, folders and streams ---------------------------------------------------------------------------------

    def named(self, path: str) -> Iterator[Record | Failure]:
        """Read a file or a folder by its path."""
        where = (_printable(Path(path).name or path),)
        try:
            mode = Path(path).stat().st_mode
        except FileNotFoundError:
            yield failure("missing", _place(where), "no such file")
        except (OSError, ValueError) as error:
            yield _unreadable(error, _place(where))
        else:
            if stat.S_ISDIR(mode):
                yield from self._folder(path)
            elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
                if not self._excludes(where[0]):
                    yield from self._file(path, where)
            else:
                yield failure("special", _place(where), "is a device or a socket")

    def handed(self, stream: BinaryIO) -> Iterator[Record | Failure]:
        """Read a stream."""
        name = getattr(stream, "name", None)
        named = isinstance(name, str) and not name.startswith("<")
        where = (_printable(Path(cast("str", name)).name) if named else STDIN,)
        yield from self._root(stream, where, Budget(self._limits))

    def _folder(self, top: str) -> Iterator[Record | Failure]:
        """Read a folder; no more than the names of those folders are held in which it stands."""
        count = 0
        folders = [(top, "", self._names(top))]
        while folders:
            path, below, names = folders[-1]
            name = next(names, None)
            if name is None:
                folders.pop()
                continue
            if isinstance(name, OSError):
                yield _unreadable(name, Provenance(below.rstrip("/") or ".", kind="folder"))
                continue
            where = (below + _printable(name),)
            inner = f"{path}{os.sep}{name}"  # (`Path` is slow for millions)
            try:
                mode = os.lstat(inner).st_mode
            except OSError as error:
                yield _unreadable(error, _place(where))
                continue
            if self._excludes(where[0]):
                continue
            if stat.S_ISDIR(mode):
                folders.append((inner, where[0] + "/", self._names(inner)))
                continue
            count += 1
            if count > self._limits.members:
                message = f"has more than {self._limits.members:,} files; the rest is not read"
                yield failure("too-many", Provenance(".", kind="folder"), message)
                return
            if stat.S_ISREG(mode):
                yield from self._file(inner, where, _WAIT_FOR_NOBODY)
            elif not stat.S_ISLNK(mode) and self._takes(where):
                yield failure("special", _place(where), "is a device, a pipe or a socket")

    def _names(self, folder: str) -> Iterator[str | OSError]:
        """Give the names in a folder in order, or why it cannot be read."""
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            yield error
        else:
            yield from (name for name in names if self._hidden or not name.startswith("."))

    def _file(self, path: str, where: _Where, flags: int = 0) -> Iterator[Record | Failure]:
        """Read a file."""
        try:
            stream = io.FileIO(path, opener=lambda name, mode: os.open(name, mode | flags))
        except (OSError, ValueError) as error:
            yield _unreadable(error, _place(where))
            return
        with stream:
            before = os.fstat(stream.fileno())
            if flags and not stat.S_ISREG(before.st_mode):
                yield failure("changed", _place(where), "is no longer a file")
                return
            regular = stat.S_ISREG(before.st_mode)
            if regular and self._since is not None and before.st_mtime < self._since:
                return
            budget = Budget(self._limits, size=before.st_size if regular else None)
            follower = self._follower if regular else None
            try:
                if follower and not self._is_wanted(stream, where):
                    return
                if follower and not follower.begins(where[0], stream, before, budget):
                    return
            except OSError as error:
                yield _unreadable(error, _place(where))
                return
            yield from self._root(cast("BinaryIO", stream), where, budget)
            after = os.fstat(stream.fileno())
            changed = regular and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
            if changed:
                yield failure("changed", _place(where), "was written to while it was read; its records may be wrong")
            if follower:
                follower.ends(unchanged=not changed)

    def _is_wanted(self, stream: io.FileIO, where: _Where) -> bool:
        """Tell whether the glob takes a file, or may take something in it; the stream is left at its beginning."""
        if self._takes(where):
            return True
        head = stream.read(HEAD)
        stream.seek(0)
        return not first_added(head, where[-1]) and _container_of(head) is not None

    def _root(self, stream: BinaryIO, where: _Where, budget: Budget) -> Iterator[Record | Failure]:
        try:
            seekable = stream.seekable()
            if seekable and budget.size is None:
                at = stream.tell()
                budget.size = stream.seek(0, os.SEEK_END) - at
                stream.seek(at)
        except (AttributeError, OSError, ValueError):
            seekable = False
        yield from self._stream(Measured(stream, budget, 0, seekable), where, budget, 0)

    # ---- what a stream is -------------------------------------------------------------------------------------------

    def _stream(
        self, unread: Measured | bytes, where: _Where, budget: Budget, depth: int
    ) -> Iterable[Record | Failure]:
        """Return what a stream, or all that it would give, holds, whatever it is."""
        try:
            if isinstance(unread, bytes):
                budget.take(depth, len(unread))
                head, stream = unread, cast("BinaryIO", io.BytesIO(unread))
            else:
                head, stream = unread.begin()
        except StreamError as error:
            return _report(error, _place(where), budget)
        name = where[-1]
        if kind := first_added(head, name):
            return self._records(kind, stream, where, budget) if self._takes(where) else ()
        if container := _container_of(head):
            return self._archive(container, stream, head, where, budget, depth)
        if not self._takes(where):
            return ()
        if not head:
            return (failure("empty", _place(where), "is empty"),)
        if kind := first_own(head, name):
            return self._records(kind, stream, where, budget)
        return (unknown(head, _place(where)),)

    def _records(self, kind: Kind, stream: BinaryIO, where: _Where, budget: Budget) -> Iterator[Record | Failure]:
        """Give what a kind reads from a stream."""
        place = _place(where, kind.NAME)
        try:
            yield from kind.read(stream, place, self._limits)
        except StreamError as error:
            yield from _report(error, place, budget)
        except Exception as error:
            # One that fails must not end the reading of a million others.
            yield failure("fault", place, f"cannot be read: {kind.NAME} raised {type(error).__name__}: {error}")

    def _archive(
        self, container: Container, stream: BinaryIO, head: bytes, where: _Where, budget: Budget, depth: int
    ) -> Iterator[Record | Failure]:
        """Give what lies in an archive."""
        place = _place(where, container.NAME)
        if depth == self._limits.depth:
            yield failure("too-deep", place, f"lies in {depth} other archives and is not opened")
            return
        try:
            for found in container.members(stream, head, place, self._limits):
                if isinstance(found, Failure):
                    yield found
                else:
                    yield from self._member(found, where, budget, depth + 1)
                if budget.spent:
                    return
        except Exception as error:  # whatever a library makes of hostile bytes
            yield from _report(explain(error), place, budget)

    def _member(self, member: Member, where: _Where, budget: Budget, depth: int) -> Iterable[Record | Failure]:
        """Return what lies in a member of an archive."""
        name = member.name
        if name is not None:
            if (not self._hidden and is_hidden(name)) or self._excludes(name):
                return ()
            where = (*where, _printable(name))
        content = member.stream
        unread = content if isinstance(content, bytes) else Measured(content, budget, depth, member.seekable)
        found = self._stream(unread, where, budget, depth)
        if name is None or not is_unsafe(name) or not self._takes(where):
            return found
        message = "has a name that leads out of the archive; it is read all the same"
        return chain((failure("unsafe-name", _place(where), message),), found)

    def _excludes(self, name: str) -> bool:
        """Tell whether a file or folder is left out, or a member of an archive or a folder in which it lies."""
        if not self._exclude:
            return False
        path = PurePosixPath(name)
        return any(one.match(pattern) for one in (path, *path.parents) if one.name for pattern in self._exclude)

    def _takes(self, where: _Where) -> bool:
        """Tell whether the glob takes a file or member."""
        return self._glob is None or PurePosixPath(*where).match(self._glob)


def _container_of(head: bytes) -> Container | None:
    """Return what reads the members of an archive; none where the first bytes are of anything else."""
    return None if is_document(head) else container_of(head)


def _place(where: _Where, kind: str = "unknown") -> Provenance:
    """Return the place of what a kind of source, or none yet, reads."""
    return Provenance(where[0], where[1:], kind)


def _report(error: StreamError, place: Provenance, budget: Budget) -> tuple[Failure, ...]:
    """Return the failure for an error; none when it has come up from an archive inside this one, which gave it."""
    if error is budget.reported:
        return ()
    budget.reported = error
    return (error.at(place),)


def _unreadable(error: Exception, place: Provenance) -> Failure:
    """Return the failure for a file that the system does not give."""
    if isinstance(error, FileNotFoundError):
        return failure("changed", place, "went away while the folder was read")
    if isinstance(error, PermissionError):
        return failure("unreadable", place, "may not be read", "check its permissions")
    return failure("unreadable", place, f"cannot be read ({getattr(error, 'strerror', None) or error})")


def _printable(name: str) -> str:
    """Write bytes of a name that decode to nothing as ``\\x..``, so that it can be printed."""
    if name.isascii():
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return name
