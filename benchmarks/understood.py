"""Share of the source that a rule understood, over folders of cables.

    python benchmarks/understood.py ../shared/corpus/cablegate-{txt,html,pdftext}

Prints for each folder the number of files, the mean and the lowest coverage, and the share of cables without a
diagnostic of level error. Of a web page the cable in it is read. Files that hold no cable are listed. Exit status 1
when any file ends in an exception other than `NotACableError`, or when the mean is under the floor.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

import cablekit
from texts import texts


def main() -> int:
    """Print the table; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--floor", type=float, default=0.985)
    given = options.parse_args()
    table = Table("folder", "cables", "mean", "lowest", "in", "no error", "not a cable")
    failed = False
    for folder in given.folders:
        covered: dict[str, float] = {}
        clean = refused = 0
        for name, text in texts(folder):
            try:
                cable = cablekit.parse(text)
            except cablekit.NotACableError as error:
                refused += 1
                print(f"{name}: {error}")
                continue
            except Exception as error:  # the benchmark reports every fault and goes on
                failed = True
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                continue
            covered[name] = cable.coverage
            clean += not any(one.severity == "error" for one in cable.diagnostics)
        if not covered:
            continue
        average, lowest = mean(covered.values()), min(covered, key=covered.__getitem__)
        failed = failed or average < given.floor
        table.add_row(
            folder.name,
            str(len(covered)),
            f"{average:.4f}",
            f"{covered[lowest]:.4f}",
            lowest,
            f"{clean / len(covered):.1%}",
            str(refused),
        )
    Console().print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
