"""Speed and memory of parsing, one process, all fields, spans and models built.

    python benchmarks/parse.py ../shared/corpus/cablegate-txt

Prints MB of cable text and cables a second, median and 99th percentile of the time of one cable, peak memory, and, for
comparison on the same machine in the same run, the speed of decoding the bytes and counting their lines.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

import cablekit


def timed(texts: list[bytes], rounds: int) -> list[list[float]]:
    """CPU seconds of each cable, for each round."""
    found: list[list[float]] = []
    for _ in range(rounds):
        seconds: list[float] = []
        for text in texts:
            start = time.process_time()
            cablekit.parse(text)
            seconds.append(time.process_time() - start)
        found.append(seconds)
    return found


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    texts = [path.read_bytes() for path in sorted(given.folder.iterdir()) if path.is_file()]
    size = sum(map(len, texts))
    timed(texts, 1)  # builds the parsers
    best = min(timed(texts, given.rounds), key=sum)
    start = time.process_time()
    for _ in range(100):
        for text in texts:
            text.decode("utf-8").count("\n")
    plain = (time.process_time() - start) / 100
    table = Table("what", "figure")
    table.add_row("cables", str(len(texts)))
    table.add_row("MB/s", f"{size / sum(best) / 1e6:.2f}")
    table.add_row("cables/s", f"{len(texts) / sum(best):.0f}")
    table.add_row("median ms", f"{median(best) * 1e3:.2f}")
    table.add_row("99th percentile ms", f"{quantiles(best, n=100)[98] * 1e3:.2f}")
    table.add_row("time over decoding and counting lines", f"{sum(best) / plain:.0f}")
    table.add_row("peak RSS, MB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
