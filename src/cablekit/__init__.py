"""cablekit reads diplomatic cables: header, markings, TAGS, references and paragraphs, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cablekit.build.cable import parse
from cablekit.errors import CablekitError, NotACableError, SourceError
from cablekit.model import Cable

__version__ = "0.1.0"

if TYPE_CHECKING:
    from cablekit.sources.limits import Limits
    from cablekit.sources.read import read
    from cablekit.sources.record import Failure, Record

__all__ = [
    "Cable",
    "CablekitError",
    "Failure",
    "Limits",
    "NotACableError",
    "Record",
    "SourceError",
    "__version__",
    "parse",
    "read",
]

_LATER = {"Failure": "record", "Limits": "limits", "Record": "record", "read": "read"}
"""What one cable does not need is imported when it is asked for: its module in ``cablekit.sources``."""


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    globals()[name] = found = getattr(import_module(f"cablekit.sources.{_LATER[name]}"), name)
    return found
