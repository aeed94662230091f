"""How fast and in how much memory dumps are read, measured against the bare readers of the standard library.

    python benchmarks/read.py                       # 1 GB of cables as csv, tar.gz and zip
    python benchmarks/read.py --megabytes 100 csv   # less, and only this form

Each dump is generated anew (``benchmarks/generate.py``). Speed: `cablekit.read` without parsing against ``csv``,
``tarfile`` or ``zipfile`` over the same bytes, in processor time, each in a process of its own, the best of
``--repeat`` runs. Memory: the peak of the process that reads. Exit status 1 when a speed is below 60 % or a peak above
200 MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

MEAN = 7_000
"""Bytes of a generated cable, about."""
LEAST_SPEED = 0.6
MOST_MEMORY = 200
"""Megabytes."""

MEASURE = """
import json, resource, sys, time
started = time.process_time()
count = read(sys.argv[1])
spent = time.process_time() - started
print(json.dumps([count, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
CABLEKIT = """
import cablekit
def read(path):
    return sum(isinstance(item, cablekit.Record) for item in cablekit.read(path))
"""
BARE = {
    "csv": """
import csv
def read(path):
    csv.field_size_limit(1 << 30)
    with open(path, encoding="utf-8", newline="") as file:
        return sum(1 for row in csv.reader(file, escapechar="\\\\", doublequote=False))
""",
    "tar.gz": """
import tarfile
def read(path):
    count = 0
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile():
                archive.extractfile(member).read()
                count += 1
    return count
""",
    "zip": """
import zipfile
def read(path):
    with zipfile.ZipFile(path) as archive:
        return sum(1 for member in archive.infolist() if archive.read(member))
""",
}


def measured(reader: str, dump: Path, repeat: int) -> tuple[int, float, float]:
    """Return records, best processor time in seconds, highest peak of memory in megabytes."""
    command = [sys.executable, "-c", reader + MEASURE, str(dump)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(repeat)]
    return runs[0][0], min(run[1] for run in runs), max(run[2] for run in runs)


def main() -> int:
    """Measure the forms asked for and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("forms", nargs="*", default=sorted(BARE), metavar="FORM", help="csv, tar.gz, zip")
    options.add_argument("--megabytes", type=int, default=1000, help="of cables in each dump (default 1000)")
    options.add_argument("--repeat", type=int, default=2, help="runs of each reader (default 2)")
    chosen = options.parse_args()
    if unknown := set(chosen.forms) - set(BARE):
        options.error(f"no such form: {', '.join(sorted(unknown))}; there is {', '.join(sorted(BARE))}")
    failed = False
    print(f"{'':8}{'MB':>7}{'records':>9}{'bare s':>9}{'cablekit s':>12}{'speed':>7}{'peak MB':>9}")
    for form in chosen.forms:
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / f"dump.{form}"
            generate = Path(__file__).with_name("generate.py")
            number = str(max(1, chosen.megabytes * 1_000_000 // MEAN))
            subprocess.run(
                [sys.executable, str(generate), number, "--as", form, "-o", str(dump)], check=True, capture_output=True
            )
            size = dump.stat().st_size / 1e6
            _, bare, _ = measured(BARE[form], dump, chosen.repeat)
            records, ours, peak = measured(CABLEKIT, dump, chosen.repeat)
        speed = bare / ours
        failed |= speed < LEAST_SPEED or peak > MOST_MEMORY
        print(f"{form:8}{size:7.0f}{records:9,}{bare:9.1f}{ours:12.1f}{speed:7.0%}{peak:9.0f}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
