"""What the reader has to say about its own work: diagnostics (what is odd) and repairs (what was mended)."""

from __future__ import annotations

from typing import Literal

from cablekit.model.base import Located

Severity = Literal["info", "warning", "error"]


class Diagnostic(Located):
    """Something odd in the cable. Nothing was changed because of it."""

    code: str
    """Stable code, ``CK`` and three digits; the list is in ``docs/diagnostics.md``."""
    severity: Severity
    message: str
    likely: str | None = None
    """The likely reading, where there is one."""


class Repair(Located):
    """Something that was read otherwise than it stands. The source keeps what stood there."""

    rule: str
    """Name of the repair, such as ``pilcrow-read-as-1``; the list is in ``docs/repairs.md``."""
    as_written: str
    as_read: str
