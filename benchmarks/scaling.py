"""Each step of a conversion that is shared out, for the plans in docs/scaling.md.

    python benchmarks/scaling.py 10000

Cables are invented (`generate.py`, as CSV). Steps run one after the other by the command, as users run them: time of
the clock, time that all processes of the step work (which hangs less on what else the machine does), and bytes written.
The direct conversion is what the others are compared with.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

_CABLEKIT = (sys.executable, "-m", "cablekit")


def size(path: Path) -> int:
    """Bytes of a file, or of the files in a folder."""
    return sum(one.stat().st_size for one in path.iterdir()) if path.is_dir() else path.stat().st_size


def timed(*arguments: str | Path) -> tuple[float, float]:
    """Run a command of cablekit; return the seconds it takes, and those that all its processes work."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*_CABLEKIT, *map(str, arguments)], stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"cablekit {arguments[0]} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--workers", type=int, default=2, help="processes that parse (default 2)")
    options.add_argument("--folder", type=Path, default=Path("scaling-benchmark"), help="where the files are made")
    options.add_argument("--keep", action="store_true", help="leave the files")
    given = options.parse_args()
    folder: Path = given.folder
    if folder.is_dir() and any(folder.iterdir()):
        options.error(f"{folder} holds other files; name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    dump = folder / "dump.csv"
    generate = Path(__file__).with_name("generate.py")
    made = [sys.executable, str(generate), str(given.count), "--as", "csv", "--layouts", "ABDP", "-o", str(dump)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = ("--workers", str(given.workers))
    paths = {name: folder / name for name in ("direct.db", "records", "parts", "built.db", "1.db", "2.db", "merged.db")}
    whole = size(dump)
    table = Table("step", "s", "cables/s", "CPU, s", "CPU, ms each", "written, MB", "written / dump")

    def step(name: str, written: Path | None, *arguments: str | Path) -> None:
        seconds, worked = timed(*arguments)
        size_then = size(written) if written else 0
        rate = f"{given.count / seconds:,.0f}"
        each = f"{worked / given.count * 1000:.2f}"
        table.add_row(
            name, f"{seconds:.1f}", rate, f"{worked:.1f}", each, f"{size_then / 1e6:.1f}", f"{size_then / whole:.2f}"
        )

    step("read, without parsing", None, "sources", dump)
    step("convert to an archive", paths["direct.db"], "convert", dump, "-o", paths["direct.db"], *workers)
    step("convert to records", paths["records"], "convert", dump, "--to", "records", "-o", paths["records"])
    step("convert to parts", paths["parts"], "convert", dump, "--to", "parquet", "-o", paths["parts"], *workers)
    step("archive build", paths["built.db"], "archive", "build", paths["parts"], "-o", paths["built.db"], *workers)
    for number in (1, 2):
        output = paths[f"{number}.db"]
        step(f"shard {number} of 2", output, "convert", dump, "--shard", f"{number}/2", "-o", output, *workers)
    step("merge", paths["merged.db"], "merge", paths["1.db"], paths["2.db"], "-o", paths["merged.db"])
    Console().print(f"{given.count:,} cables, {whole / 1e6:,.1f} MB, {given.workers} workers")
    Console().print(table)
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
