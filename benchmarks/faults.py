"""Kills a writer of an archive at random moments, for real, and looks at what is left.

    python benchmarks/faults.py --kills 50

After each kill the archive must verify as sound, hold a number of cables that was committed, none less than the writer
said were safe, and take more. Exit status 1 when it does not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cablekit.archive.archive import Archive
from cablekit.archive.verify import Condition, verify

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 20
"""Cables that the writer (`tests/crash_writer.py`) commits together."""


def killed(path: Path, first: int, seconds: float) -> list[int]:
    """Let a writer go on from a serial and kill it so long after its first commit; return what it said was safe."""
    command = [sys.executable, "-m", "tests.crash_writer", str(path), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline()]
        time.sleep(seconds)
        process.kill()
        told += process.stdout.readlines()
    return [int(line) for line in told if line.endswith("\n")]


def main() -> int:
    """Print a line for each kill."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    chance = Random(given.seed)
    faults = 0
    with TemporaryDirectory() as folder:
        path = Path(folder, "cables.db")
        Archive.create(path).close()
        count = 0
        for number in range(1, given.kills + 1):
            told = killed(path, count + 1, chance.uniform(0, 0.4))
            left = sorted(one.name.removeprefix(path.name) for one in path.parent.iterdir() if one != path)
            condition = verify(path).condition
            with Archive.open(path) as archive:
                count = archive.count()
            fits = condition is Condition.SOUND and count % AT_ONCE == 0 and told[-1] <= count <= told[-1] + AT_ONCE
            faults += not fits
            print(f"kill {number}: said safe {told[-1]}, found {count}, {condition}; left beside: {left}", flush=True)
    print(f"{given.kills} kills, {faults} faults")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
