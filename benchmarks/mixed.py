"""Speed of parsing by layout, over invented cables: is a mixed corpus read as quickly as layout A alone?

    python benchmarks/mixed.py 1500

Prints, for each layout and for all of them in the shares of `rates.LAYOUTS`, cables, mean size, cables and MB of text a
second, one process. All are measured in turns in the same run, so that what else the machine does strikes all
alike. Exit status 1 when the mixed corpus is slower a MB than layout A.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict

from rich.console import Console
from rich.table import Table

import cablekit
from invented.dump import text
from invented.rates import LAYOUTS
from invented.stream import cables


def measure(texts: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """CPU seconds of the texts of each layout, the quickest of several rounds."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for layout, several in texts.items():
            start = time.process_time()
            for one in several:
                cablekit.parse(one)
            seconds = time.process_time() - start
            best[layout] = min(seconds, best.get(layout, seconds))
    return best


def main(given: list[str] | None = None) -> int:
    """Print the table; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--floor", type=float, default=1.0, help="least speed of all over that of A (default 1)")
    chosen = options.parse_args(given)
    texts: dict[str, list[str]] = defaultdict(list)
    for made in cables(chosen.count, chosen.seed, "".join(LAYOUTS)):
        if not made.edition:
            texts[made.layout].append(text(made))
    measure(texts, 1)  # builds the parsers
    seconds = measure(texts, chosen.rounds)
    sizes = {layout: sum(len(one.encode()) for one in several) for layout, several in texts.items()}
    counts = {layout: len(several) for layout, several in texts.items()}
    for total in (sizes, seconds, counts):
        total["all"] = sum(total.values())
    table = Table("layout", "cables", "mean kB", "cables/s", "MB/s")
    for layout in (*sorted(texts), "all"):
        table.add_row(
            layout,
            str(counts[layout]),
            f"{sizes[layout] / counts[layout] / 1e3:.1f}",
            f"{counts[layout] / seconds[layout]:.0f}",
            f"{sizes[layout] / seconds[layout] / 1e6:.2f}",
            end_section=layout == max(texts),
        )
    bytes_, cables_ = ((done["all"] / seconds["all"]) / (done["A"] / seconds["A"]) for done in (sizes, counts))
    Console().print(table, f"all over A: {bytes_:.2f} in MB/s, {cables_:.2f} in cables/s")
    return int(bytes_ < chosen.floor)


if __name__ == "__main__":
    sys.exit(main())
