"""`cablekit convert` in a process of its own, with small batches, so that something is to be interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]

_PROGRAM = """
from cablekit.archive import store
from cablekit.conversion import batches
store.BATCH = 30_000
batches.RECORDS = 10
from cablekit.cli import main
main()
"""


@contextmanager
def converting(*arguments: str | Path, stdin: int | IO[bytes] = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """Start it as the leader of a process group; what is left of that is killed at the end."""
    command = [sys.executable, "-c", _PROGRAM, "convert", *map(str, arguments)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[str]) -> None:
    """Kill a process and its workers, as the system does when the power fails."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for(path: Path, count: int, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until so many lines are in a log, or the process has ended."""
    end = time.monotonic() + seconds
    while process.poll() is None and (not path.exists() or path.read_bytes().count(b"\n") < count):
        assert time.monotonic() < end, f"{path} has not {count} lines"
        time.sleep(0.005)


def group_members(leader: int) -> list[str]:
    """Return the commands of the living processes of a group."""
    listed = subprocess.run(["ps", "-eo", "pgid,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()[1:]]
    return [command for group, state, command in rows if int(group) == leader and not state.startswith("Z")]
