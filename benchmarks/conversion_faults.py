"""Kills conversions at random moments, the whole process group, for real, and lets them go on.

    python benchmarks/conversion_faults.py --runs 20 --cables 3000

Each run begins anew and is killed a few times before it may end. Then the archive must verify as sound and have the
fingerprint of one that nobody disturbed. Exit status 1 when it does not.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cablekit.archive.archive import Archive
from cablekit.archive.verify import Condition, verify

KILLS = 3
"""In each run, at most; the last one may come too late."""
SMALL = "from cablekit.archive import store; store.BATCH = 1_000_000; from cablekit.cli import main; import sys; main()"
"""A conversion that commits often, so that a kill finds something to go on from."""


def convert(dump: Path, path: Path, seconds: float | None) -> bool:
    """Convert, and kill it after so many seconds; return whether it came to its end."""
    command = [sys.executable, "-c", SMALL, "convert", str(dump), "-o", str(path), "--workers", "2", "--quiet"]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode in (0, 1)


def fingerprint(path: Path) -> str:
    """Return the fingerprint of an archive."""
    with Archive.open(path) as archive:
        return archive.fingerprint


def main() -> int:
    """Print a line for each run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--cables", type=int, default=2000, help="in the dump (default 2000)")
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    chance = Random(given.seed)
    faults = kills = 0
    with TemporaryDirectory() as folder:
        dump, path = Path(folder, "dump.tar.gz"), Path(folder, "cables.db")
        generate = Path(__file__).with_name("generate.py")
        made = [sys.executable, str(generate), str(given.cables), "--as", "tar.gz", "-o", str(dump)]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        start = time.monotonic()
        convert(dump, path, None)
        took = time.monotonic() - start
        undisturbed = fingerprint(path)
        print(f"undisturbed: {took:.1f} s, {undisturbed}", flush=True)
        for run in range(1, given.runs + 1):
            for one in Path(folder).glob("cables.db*"):
                one.unlink()
            moments = []
            for _ in range(KILLS):
                moments.append(chance.uniform(0.3, took))
                if convert(dump, path, moments[-1]):
                    break
                kills += 1
            convert(dump, path, None)
            condition = verify(path, fast=True).condition
            fits = condition is Condition.SOUND and fingerprint(path) == undisturbed
            faults += not fits
            told = ", ".join(f"{moment:.2f}" for moment in moments)
            print(f"run {run}: killed after {told} s; {condition}, {'same' if fits else 'OTHER'}", flush=True)
    print(f"{given.runs} runs, {kills} kills, {faults} faults")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
