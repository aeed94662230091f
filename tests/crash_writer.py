"""Writes into an archive until it is stopped: ``python -m tests.crash_writer ARCHIVE FIRST [BYTES]``.

Commits every `AT_ONCE` cables and tells the number of those that are safe. With BYTES, no file may grow larger.
"""

from __future__ import annotations

import resource
import sys
from itertools import count
from pathlib import Path

from cablekit.archive.archive import Archive
from cablekit.errors import ArchiveError
from tests.archive_files import record, telegram

AT_ONCE = 20


def main(path: Path, first: int, size: int | None) -> None:
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        for serial in count(first, AT_ONCE):
            with Archive.open(path, write=True) as archive:
                for at in range(serial, serial + AT_ONCE):
                    words = " ".join(f"rose{at * 7919 % 997 + word * word}" for word in range(400))
                    archive.add(record(telegram(words, serial=at), f"{at}.txt"))
                archive.commit()
                print(archive.count(), flush=True)
                if serial // AT_ONCE % 5 == 0:
                    archive.optimise()
    except ArchiveError as error:
        print(error, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
