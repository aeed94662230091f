"""A Dask cluster of real processes on this machine, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class LocalCluster:
    """A scheduler and workers, each a process of its own, on loopback; no dashboards, no nannies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        port = self.address.rpartition(":")[2]
        self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show")

    def _start(self, *command: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a part of the cluster; modules in ``path`` come before all others."""
        environment = {
            **os.environ,
            "DASK_TEMPORARY_DIRECTORY": str(self.folder),
            # The first loss of a worker gives its tasks up, which the scheduler otherwise does at the fourth.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
            **({"PYTHONPATH": str(path)} if path else {}),
        }
        with (self.folder / "cluster.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command], env=environment, stdout=log, stderr=log, cwd=self.folder
            )
        self._processes.append(process)
        return process

    def start_worker(self, path: Path | None = None) -> subprocess.Popen[bytes]:
        options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1", "--memory-limit", "1GB")
        worker = self._start("worker", self.address, *options, "--local-directory", str(self.folder), path=path)
        self.workers.append(worker)
        return worker

    def wait(self, workers: int) -> None:
        """Wait until so many workers have come."""
        import distributed

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with distributed.Client(self.address, timeout=60, set_as_default=False) as client:
                if workers:
                    client.wait_for_workers(workers, 60)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker at once, as a machine that goes away would."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def close(self) -> None:
        for process in self._processes[::-1]:
            process.kill()
        for process in self._processes:
            process.wait()

    @property
    def log(self) -> str:
        return (self.folder / "cluster.log").read_text(errors="replace")


@contextmanager
def running(folder: Path, workers: int) -> Iterator[LocalCluster]:
    """Give a cluster with so many workers; it ends with the block."""
    started = LocalCluster(folder)
    try:
        for _ in range(workers):
            started.start_worker()
        started.wait(workers)
        yield started
    finally:
        started.close()
