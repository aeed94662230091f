"""What no suite can hold: memory and time for one endless line and for a solid 7z of very many small members.

    python benchmarks/large.py                  # a text of one line of 2 GB; a 7z of 300,000 members
    python benchmarks/large.py 7z --size 50000  # less, and only this one

Each is written to a temporary folder and read by a process of its own. The line is one failure (``too-large``), every
member of the 7z a record. Exit status 1 when it is otherwise, or when the peak of memory is above 200 MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import libarchive

from invented.dump import text
from invented.rates import LAYOUTS
from invented.stream import cables

MOST_MEMORY = 200
"""Megabytes."""
_PIECE = 1 << 20

MEASURE = """
import json, resource, sys, time
import cablekit
found = {}
started = time.perf_counter()
for item in cablekit.read(sys.argv[1]):
    name = item.reason if isinstance(item, cablekit.Failure) else "records"
    found[name] = found.get(name, 0) + 1
spent = time.perf_counter() - started
print(json.dumps([found, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


class Case(NamedTuple):
    """How to write something of a size, the size that is asked for, and what must be found in it."""

    write: Callable[[Path, int], None]
    size: int
    found: Callable[[int], dict[str, int]]


def write_line(path: Path, size: int) -> None:
    """Write a text without a single line end."""
    words = (b"UNCLAS SOFIA 000608 " * (_PIECE // 20 + 1))[:_PIECE]
    with path.open("wb") as file:
        for _ in range(size // _PIECE):
            file.write(words)


def write_7z(path: Path, size: int) -> None:
    """Write a solid archive of so many cables, each cut to a kilobyte or two."""
    with libarchive.file_writer(str(path), "7zip", options="compression-level=1") as archive:
        for at, cable in enumerate(cables(size, 1, "".join(LAYOUTS), damaged=False)):
            data = text(cable).encode()[:2000]
            archive.add_file_from_memory(f"1976/{at:06}.txt", len(data), data)


CASES = {
    "line": Case(write_line, 2_000_000_000, lambda _: {"too-large": 1}),
    "7z": Case(write_7z, 300_000, lambda size: {"records": size}),
}


def main() -> int:
    """Write and read what is asked for and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cases", nargs="*", default=list(CASES), metavar="CASE", help=", ".join(CASES))
    options.add_argument("--size", type=int, help="bytes of the line, members of the 7z")
    chosen = options.parse_args()
    if unknown := set(chosen.cases) - set(CASES):
        options.error(f"no such case: {', '.join(sorted(unknown))}; there is {', '.join(CASES)}")
    failed = False
    print(f"{'':6}{'MB':>7}{'seconds':>9}{'peak MB':>9}  found")
    for name in chosen.cases:
        case = CASES[name]
        size = chosen.size or case.size
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            case.write(path, size)
            run = subprocess.run([sys.executable, "-c", MEASURE, str(path)], check=True, capture_output=True)
            found, spent, peak = json.loads(run.stdout)
            failed |= peak > MOST_MEMORY or found != case.found(size)
            print(f"{name:6}{path.stat().st_size / 1e6:7.0f}{spent:9.1f}{peak:9.0f}  {found}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
