"""A worker process, ``python -m cablekit.conversion.worker``: takes batches from standard input until it ends.

It is a program of its own, not a fork: so nothing of the parent comes along, no thread, no lock and no open database,
and the parent's main module need not be importable.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

_LENGTH = struct.Struct(">Q")
_SIGN_OF_LIFE = 0.2
"""Seconds between two, at least; no record of usual length takes that long."""


def send(stream: BinaryIO, message: Any) -> None:
    """Write a message."""
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read a message; raises `EOFError` when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    packed = stream.read(length)
    if len(packed) < length:
        raise EOFError
    return pickle.loads(packed)


def main() -> None:
    """Serve whoever started this process."""
    for request in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request, signal.SIG_IGN)  # the parent decides
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints must not come between the messages
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with suppress(EOFError, BrokenPipeError):
        serve(sys.stdin.buffer, answers)
    os._exit(0)


def serve(source: BinaryIO, answers: BinaryIO) -> NoReturn:
    """Answer each batch with a list of results, after signs of life (none) while that takes longer.

    A record that breaks its bounds is the last of its list, and this process is not to be asked again. Raises
    `EOFError` or `BrokenPipeError` when nobody asks any more.
    """
    sys.path[:], seconds, memory = receive(source)
    from cablekit.conversion.work import is_spent, seldom_collected, work_through

    parent = os.getppid()
    send(answers, None)
    gc.freeze()
    told = time.monotonic()
    with seldom_collected():
        while True:
            work, items = receive(source)
            results = []
            _limit(memory)
            try:
                for result in work_through(work, items, seconds):
                    results.append(result)
                    if is_spent(result):
                        break
                    if os.getppid() != parent:
                        raise EOFError
                    if time.monotonic() - told > _SIGN_OF_LIFE:
                        told = time.monotonic()
                        send(answers, None)
            finally:
                _limit(None)
            send(answers, results)


def _limit(memory: int | None) -> None:
    """Let this process grow by so many bytes and no more, where the system can; none: as far as it will."""
    if sys.platform != "linux":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = resource.RLIM_INFINITY
    if memory is not None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
    if most != resource.RLIM_INFINITY and not 0 <= limit <= most:
        limit = most
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


if __name__ == "__main__":
    main()
