"""An archive as its users see it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cablekit.archive import connect
from cablekit.archive.rows import read_rows
from cablekit.archive.store import Outcome, Store

if TYPE_CHECKING:
    from types import TracebackType

    from cablekit.sources.record import Failure, Record


class Archive:
    """An open archive file. Use it in a ``with`` statement, or call `close`."""

    def __init__(self, path: Path, *, write: bool) -> None:
        """Open a file that is an archive; `open` and `create` are the ways to call this."""
        self.path = path
        self.connection = connect.connect(path, write=write)
        self._store = Store(self.connection) if write else None

    @classmethod
    def create(cls, path: str | os.PathLike[str]) -> Self:
        """Make an empty archive and open it for writing."""
        import cablekit

        connect.create(Path(path), cablekit.__version__)
        return cls(Path(path), write=True)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, write: bool = False) -> Self:
        """Open an archive, for reading unless told otherwise."""
        return cls(Path(path), write=write)

    def add(self, record: Record | Failure) -> Outcome:
        """Parse a record and put it into the archive."""
        assert self._store is not None
        return self._store.insert(read_rows(record, self._store.codec))

    def close(self) -> None:
        """Write what is not yet written, and leave one file."""
        if self._store is not None:
            self._store.commit()
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.execute("PRAGMA journal_mode = DELETE")
        self.connection.close()

    def __enter__(self) -> Self:
        """Give the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
