"""A batch conversion against bare FTS5: time, and memory of all its processes.

    python benchmarks/convert.py 25000
    python benchmarks/convert.py 250000 --folder big    # also a tenth of that, for memory that does not grow

Cables are invented (`generate.py`, as CSV) and converted by the command, as users do it, with two workers. Then the
texts of the same cables are put into a bare, contentless FTS5 table, subject and body in a column each, by one process;
only that is timed. Memory is the sum over the command and its workers, looked at ten times a second. Exit status 1 when
the conversion takes more than `MOST_TIME` times as long as bare FTS5, its memory is above `MOST_MEMORY`, or differs by
more than a tenth between the two sizes.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cablekit.archive.archive import Archive
from cablekit.archive.rows import spoken

MOST_TIME = 4.0
MOST_MEMORY = 800
"""Megabytes."""
LAYOUTS = "ABDP"
"""Those that circulate as CSV."""
_PAGE = 1 << 12


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    cables: int
    megabytes: float
    seconds: float
    bare: float
    memory: float

    @property
    def ratio(self) -> float:
        """Of the times."""
        return self.seconds / self.bare


def measure(count: int, workers: int, folder: Path) -> Figures:
    """Generate, convert, and fill the bare table."""
    folder.mkdir(parents=True, exist_ok=True)
    dump, path = files(folder, count)
    if not dump.exists():
        generate = Path(__file__).with_name("generate.py")
        made = [sys.executable, str(generate), str(count), "--as", "csv", "--layouts", LAYOUTS, "-o", str(dump)]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "cablekit", "convert", str(dump), "-o", str(path), "--workers", str(workers)]
    start = time.perf_counter()
    memory = 0
    with subprocess.Popen([*command, "--quiet"]) as process:
        while process.poll() is None:
            memory = max(memory, resident(process.pid))
            time.sleep(0.1)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):
        sys.exit(f"cablekit convert ended with {process.returncode}")
    cables, bare = fill(path, folder / "bare.db")
    return Figures(cables, dump.stat().st_size / 1e6, seconds, bare, memory / 1e6)


def files(folder: Path, count: int) -> tuple[Path, Path]:
    """Return where dump and archive of so many cables are made."""
    return folder / f"{count}.csv", folder / f"{count}.db"


def resident(pid: int) -> int:
    """Bytes of memory of a process and those that it started."""
    total = 0
    with suppress(OSError):
        total = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(resident(int(child)) for child in (task / "children").read_text().split())
    return total


def fill(path: Path, bare_path: Path) -> tuple[int, float]:
    """Put the texts of an archive into a bare table; return how many there are, and the seconds for that alone."""
    bare_path.unlink(missing_ok=True)
    spent = 0.0
    count = 0
    with Archive.open(path) as archive, closing(sqlite3.connect(bare_path, isolation_level=None)) as bare:
        bare.execute("PRAGMA page_size = 32768")
        bare.execute(
            "CREATE VIRTUAL TABLE words USING"
            " fts5(subject, body, content = '', tokenize = 'unicode61 remove_diacritics 2')"
        )
        bare.execute("BEGIN")
        rows = archive.connection.execute("SELECT id, subject, data FROM cable JOIN reading USING (id) ORDER BY id")
        for number, subject, packed in rows:
            body = "\n".join(archive.codec.unpack_texts(packed, spoken(archive.record(number))))
            start = time.perf_counter()
            bare.execute("INSERT INTO words (rowid, subject, body) VALUES (?, ?, ?)", (number, subject, body))
            spent += time.perf_counter() - start
            count += 1
        start = time.perf_counter()
        bare.execute("INSERT INTO words (words) VALUES ('optimize')")
        bare.execute("COMMIT")
        spent += time.perf_counter() - start
    bare_path.unlink()
    return count, spent


def main() -> int:
    """Measure both sizes and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--workers", type=int, default=2, help="processes that parse (default 2)")
    options.add_argument("--folder", type=Path, default=Path("convert-benchmark"), help="where the files are made")
    options.add_argument("--keep", action="store_true", help="leave the files")
    options.add_argument("--once", action="store_true", help="only N, not a tenth of it too")
    given = options.parse_args()
    counts = [given.count] if given.once else [given.count // 10, given.count]
    table = Table("cables", "MB", "convert, s", "bare FTS5, s", "ratio", "cables/s", "MB/s", "peak RSS, MB")
    found = []
    for count in counts:
        one = measure(count, given.workers, given.folder)
        found.append(one)
        table.add_row(
            f"{one.cables:,}",
            f"{one.megabytes:,.0f}",
            f"{one.seconds:.1f}",
            f"{one.bare:.1f}",
            f"{one.ratio:.2f}",
            f"{one.cables / one.seconds:,.0f}",
            f"{one.megabytes / one.seconds:.1f}",
            f"{one.memory:.0f}",
        )
    Console().print(table)
    if not given.keep:
        for count in counts:
            for made in files(given.folder, count):
                made.unlink()
        with suppress(OSError):  # other files stand there
            given.folder.rmdir()
    grows = found[-1].memory > 1.1 * found[0].memory
    return int(grows or found[-1].ratio > MOST_TIME or found[-1].memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
