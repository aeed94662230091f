"""Load data: invented cables of all layouts, with the damage that real ones have.

    python benchmarks/generate.py 10000 --as csv                        # generated.csv, the dialect of the web release
    python benchmarks/generate.py 250000 --seed 7 --as tar.gz -o big.tar.gz
    python benchmarks/generate.py 1000 --as txt --truth truth.jsonl     # and what each cable was made from

The same arguments give the same bytes. Memory does not grow with the number, except for the list of members that a zip
must have at its end. Layouts C, E and F did not circulate as CSV or web pages, so those two hold A, B, D and P only.
Rates and their sources are in ``benchmarks/invented/rates.py``. Exit status 2 for wrong arguments, 4 when a file cannot
be written; then none is left.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
import sys
import time
from pathlib import Path

from invented.dump import CABLEGATE, FORMS, with_truth
from invented.rates import LAYOUTS
from invented.stream import cables

FOLDERS = ("txt", "html")
"""Containers that are a folder of files."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; wrong arguments end the program with status 2."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--seed", type=int, default=1, help="another seed gives other cables (default 1)")
    options.add_argument("--as", dest="form", choices=FORMS, required=True, help="the container")
    options.add_argument("-o", "--output", type=Path, metavar="OUT", help="file, or folder for txt and html")
    options.add_argument("--truth", type=Path, metavar="FILE", help="write what each cable was made from, JSON Lines")
    options.add_argument("--layouts", metavar="LETTERS", help=f"only these of {''.join(sorted(LAYOUTS))}")
    options.add_argument("--undamaged", action="store_true", help="without damage")
    chosen = options.parse_args(given)
    fit = sorted(LAYOUTS if chosen.form not in ("csv", "html") else CABLEGATE)
    chosen.layouts = "".join(fit) if chosen.layouts is None else chosen.layouts.upper()
    if chosen.count < 1:
        options.error(f"N is {chosen.count}, and must be 1 or more")
    if not chosen.layouts or set(chosen.layouts) - set(fit):
        options.error(f"--layouts {chosen.layouts!r}: --as {chosen.form} holds {', '.join(fit)}")
    folder = chosen.form in FOLDERS
    chosen.output = chosen.output or Path("generated" if folder else f"generated.{chosen.form}")
    if folder and chosen.output.exists() and (not chosen.output.is_dir() or any(chosen.output.iterdir())):
        options.error(f"{chosen.output} is there and is no empty folder; name another with -o")
    if not folder and chosen.output.is_dir():
        options.error(f"{chosen.output} is a folder; name a file with -o")
    return chosen


def write(chosen: argparse.Namespace) -> None:
    """Write dump and truth beside their places and move them there when they are whole."""
    moves = {out: out.with_name(f"{out.name}.part") for out in (chosen.output, chosen.truth) if out}
    made = cables(chosen.count, chosen.seed, chosen.layouts, damaged=not chosen.undamaged)
    try:
        if chosen.truth:
            made = with_truth(made, moves[chosen.truth])
        FORMS[chosen.form](made, moves[chosen.output])
        if chosen.output.is_dir():
            chosen.output.rmdir()
        for out, part in moves.items():
            part.replace(out)
    finally:
        for part in moves.values():
            if part.is_dir():
                shutil.rmtree(part)
            part.unlink(missing_ok=True)


def main(given: list[str] | None = None) -> int:
    """Write the dump; return the exit status."""
    chosen = arguments(given)
    start, busy = time.perf_counter(), time.process_time()
    try:
        write(chosen)
    except OSError as error:
        print(f"{error.filename or chosen.output}: cannot be written: {error.strerror or error}", file=sys.stderr)
        return 4
    speed, alone = chosen.count / (time.perf_counter() - start), chosen.count / (time.process_time() - busy)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{chosen.output}: {chosen.count:,} cables, {speed:,.0f} a second, {alone:,.0f} a second of processor time, "
        f"peak memory {peak:.0f} MB"
    )
    return 0


if __name__ == "__main__":
    gc.disable()  # it looks for cycles, of which there are none, for a twentieth of the time
    sys.exit(main())
