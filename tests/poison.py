"""Work that goes wrong at certain records: what a real cable might do to a parser."""

from __future__ import annotations

import os
import signal
import sys
import time
from ctypes import PyDLL
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cablekit.archive.archive import Archive
from cablekit.archive.codec import Codec
from cablekit.conversion.archive import ArchiveTarget, ArchiveWork
from cablekit.sources.record import Failure, Record

if TYPE_CHECKING:
    from cablekit.conversion.target import Rejection, Result


@dataclass(frozen=True)
class PoisonWork:
    """Parses, but does what a record says that begins with POISON."""

    codec: Codec

    def __call__(self, item: Record | Failure) -> Result:
        if isinstance(item, Record) and item.data.startswith(b"POISON"):
            getattr(self, item.data.split()[1].decode())(item)
        return ArchiveWork(self.codec)(item)

    def reject(self, record: Record, rejection: Rejection) -> Result:
        return ArchiveWork(self.codec).reject(record, rejection)

    def hang(self, _: Record) -> None:
        """Not to be stopped by ``except Exception``."""
        while True:
            try:
                time.sleep(1)
            except Exception:
                continue

    def hang_in_c(self, _: Record) -> None:
        """No signal handler of Python runs, and no other thread."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        PyDLL(None).sleep(600)

    def memory(self, _: Record) -> None:
        held = []
        while True:
            held.append(b"x" * 10_000_000)

    def crash(self, _: Record) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    def killed(self, _: Record) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def leave(self, _: Record) -> None:
        os._exit(7)

    def fault(self, _: Record) -> None:
        raise ValueError("thorn")

    def once(self, record: Record) -> None:
        """Ends its worker the first time: as the system may at any record."""
        flag = Path(record.data.split()[2].decode())
        if not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def sign(self, record: Record) -> None:
        """Writes down which process this is."""
        with Path(record.data.split()[2].decode()).open("a") as file:
            file.write(f"{os.getpid()}\n")

    def talk(self, _: Record) -> None:
        """What is printed must not come between the messages of worker and parent."""
        print("a library says something")
        sys.stdout.flush()

    def slow(self, _: Record) -> None:
        time.sleep(0.3)


def poisoned(path: Path) -> ArchiveTarget:
    """A target whose work goes wrong."""
    target = ArchiveTarget(Archive.open(path, write=True) if path.exists() else Archive.create(path))
    target.work = PoisonWork(target.archive.codec)  # type: ignore[assignment]
    return target
