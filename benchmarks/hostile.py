"""Time and memory for hostile input of a size, of half and of a quarter of it: both must grow no faster than the input.

    python benchmarks/hostile.py             # the real sizes: 50 MB in one line, a million REF A. ...
    python benchmarks/hostile.py --share 0.1 # a tenth of them

Each text is parsed in a process of its own. Prints CPU seconds, peak memory above that of a process that has parsed a
short cable, per character of the input, and how both grew. Exit status 1 when time grew by more than `--growth` for
twice the input.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Callable
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

import cablekit

HEAD = "R 051218Z OCT 09\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC 6317\n\nUNCLAS SOFIA 000608\n\n"
LABELS = "E.O. 12958: N/A\nTAGS: ETRD, BU\nSUBJECT: ROSE OIL\n\n"
MILLION = 1_000_000

# What it is, the whole size (units), and the text of so many units.
CASES: dict[str, tuple[int, Callable[[int], str]]] = {
    "50 MB in one line": (50 * MILLION, lambda n: HEAD + LABELS + "1. (U) " + "The roses are late. " * (n // 20)),
    "50 MB without a blank": (50 * MILLION, lambda n: HEAD + LABELS + "1. (U) " + "a" * n),
    "a million blank lines": (MILLION, lambda n: HEAD + LABELS + "1. (U) The roses\n" + "\n" * n + "are late."),
    "a million lines of a blank": (MILLION, lambda n: HEAD + LABELS + "1. (U) The roses\n" + " \n" * n + "are late."),
    "100,000 opened brackets": (MILLION // 10, lambda n: HEAD + LABELS + "1. (U) The " + "(" * n),
    "100,000 of all brackets": (MILLION // 10, lambda n: HEAD + LABELS + "1. (U) The " + "([{<)" * (n // 5)),
    "a million REF A.": (MILLION, lambda n: HEAD + LABELS + "REF: " + "REF A. " * n),
    "a million lines REF A.": (MILLION, lambda n: HEAD + LABELS + "REF A.\n" * n),
    "a million REF A. in the text": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "REF A. " * n),
    "TAGS of 10 MB": (10 * MILLION, lambda n: HEAD + "E.O. 12958: N/A\nTAGS: " + "ETRD, " * (n // 6)),
    "TAGS of 10 MB in one word": (10 * MILLION, lambda n: HEAD + "E.O. 12958: N/A\nTAGS: " + "ETRD" * (n // 4)),
    "a million lone surrogates": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "\ud800" * n),
    "a million apostrophes lost": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "Ann,s " * n),
    "a million hyphens joined": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "so- called " * n),
    "a million SIPDIS in a sentence": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "roses SIPDIS are " * n),
    "a million E": (MILLION, lambda n: HEAD + LABELS + "1. (U) " + "E " * n),
    "100,000 paragraphs": (MILLION // 10, lambda n: HEAD + LABELS + "1. (U) The roses are late.\n\n" * n),
    "100,000 garbled numbers": (MILLION // 10, lambda n: HEAD + LABELS + "Q. (U) The roses are late.\n\n" * n),
    "100,000 addressees": (
        MILLION // 10,
        lambda n: HEAD.replace("\n\n", "\n" + "RUEHRO/AMEMBASSY ROME PRIORITX\n" * n, 1),
    ),
}


class Cost(NamedTuple):
    """What parsing took."""

    seconds: float
    megabytes: float


def cost(text: str) -> Cost:
    """Parse in a process of its own."""
    process = os.fork()
    if not process:
        cablekit.parse(text)
        os._exit(0)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"parsing ended with status {status}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> int:
    """Print the table; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--share", type=float, default=1.0, help="share of the real sizes")
    options.add_argument("--growth", type=float, default=2.6, help="what time may grow by for twice the input")
    options.add_argument("--only", default="", help="cases whose names hold this")
    given = options.parse_args()
    for _, text in CASES.values():  # builds the parsers, which are then there in every process
        cablekit.parse(text(40))
    table = Table("input", "MB", "s, 1/4", "s, 1/2", "s, all", "growth", "MB/s", "peak MB", "bytes a character")
    failed = False
    for name, (size, text) in CASES.items():
        if given.only not in name:
            continue
        idle = cost(text(40))
        sizes = [int(size * given.share / part) for part in (4, 2, 1)]
        costs = [cost(text(number)) for number in sizes]
        characters = len(text(sizes[-1]))
        growth = [after.seconds / max(before.seconds, 0.02) for before, after in itertools.pairwise(costs)]
        failed = failed or max(growth) > given.growth
        whole = costs[-1]
        table.add_row(
            name,
            f"{characters / 1e6:.1f}",
            *(f"{one.seconds:.2f}" for one in costs),
            " ".join(f"{one:.1f}" for one in growth),
            f"{characters / 1e6 / max(whole.seconds, 0.001):.1f}",
            f"{whole.megabytes - idle.megabytes:.0f}",
            f"{(whole.megabytes - idle.megabytes) * 1024 * 1024 / characters:.1f}",
        )
    Console(width=160).print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
