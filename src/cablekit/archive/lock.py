"""One writer at a time: a lock file beside the archive, freed by the system when its process ends."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from cablekit.errors import ArchiveError


class WriterLock:
    """Held from making it to `release`. Raises `ArchiveError` at once when somebody else holds it."""

    def __init__(self, archive: Path) -> None:
        """Take the lock of an archive."""
        self._path = archive.with_name(archive.name + ".lock")
        while True:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise ArchiveError(
                    str(archive),
                    f"cannot be locked for writing ({error.strerror})",
                    "check the permissions of its folder",
                ) from None
            if not _lock(self._file):
                holder = os.read(self._file, 500).decode(errors="replace").strip()
                os.close(self._file)
                raise ArchiveError(
                    str(archive),
                    f"is being written by {holder or 'another process'}",
                    "wait until that has finished, or stop it",
                )
            # Whoever held it before may have removed the file between our opening and our locking it.
            if self._path.exists() and os.path.samestat(os.fstat(self._file), self._path.stat()):
                break
            os.close(self._file)
        os.ftruncate(self._file, 0)
        since = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        os.write(self._file, f"process {os.getpid()} on {socket.gethostname()} since {since}\n".encode())

    def release(self) -> None:
        """Let others write."""
        with suppress(PermissionError):  # Windows removes no open file; an unlocked one does no harm
            self._path.unlink(missing_ok=True)
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        # A byte far behind the text, which others may read meanwhile.
        os.lseek(file, 1_000_000, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
