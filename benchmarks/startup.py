"""How long ``cablekit parse`` takes for one cable, from its start to its end, against imports it cannot do without.

    python benchmarks/startup.py samples/layout-a-confidential.txt

Both are whole processes, started in turn; the best of many runs counts, since only other work on the machine makes one
slower. The first run of all is not counted: it builds the grammars, and Python compiles the modules of a checkout then
(pip compiles what it installs); later runs find both kept.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

IMPORTS = "import lark, pydantic, rich"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: list[str]) -> None:
    """Run a process whose output nobody wants."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)


def seconds(command: list[str]) -> float:
    """Processor time of a process and of what it started, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cable", type=Path)
    options.add_argument("--runs", type=int, default=20)
    given = options.parse_args()
    program = [sys.executable, "-m", "cablekit", "parse", str(given.cable)]
    imports = [sys.executable, "-c", IMPORTS]
    start = time.perf_counter()
    run(program)
    first = time.perf_counter() - start
    pairs = [(seconds(program), seconds(imports)) for _ in range(given.runs)]
    ours, theirs = (min(column) for column in zip(*pairs, strict=True))
    table = Table("what", "figure")
    table.add_row("cablekit parse, ms", f"{ours * 1e3:.0f}")
    table.add_row(f"{IMPORTS}, ms", f"{theirs * 1e3:.0f}")
    table.add_row("ratio", f"{ours / theirs:.2f}")
    table.add_row("the first run, ms (wall clock)", f"{first * 1e3:.0f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
