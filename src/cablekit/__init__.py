"""cablekit reads diplomatic cables: header, markings, TAGS, references and paragraphs, each with its place."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cablekit.archive.archive import Archive
    from cablekit.build.cable import parse
    from cablekit.conversion.convert import convert
    from cablekit.errors import ArchiveError, CablekitError, ConversionError, NotACableError, QueryError, SourceError
    from cablekit.model import Cable
    from cablekit.rendering.text import render
    from cablekit.sources.limits import Limits
    from cablekit.sources.read import read
    from cablekit.sources.record import Failure, Record

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "ArchiveError",
    "Cable",
    "CablekitError",
    "ConversionError",
    "Failure",
    "Limits",
    "NotACableError",
    "QueryError",
    "Record",
    "SourceError",
    "__version__",
    "convert",
    "parse",
    "read",
    "render",
]

_HOMES = {
    "Archive": "cablekit.archive.archive",
    "ArchiveError": "cablekit.errors",
    "Cable": "cablekit.model",
    "CablekitError": "cablekit.errors",
    "ConversionError": "cablekit.errors",
    "Failure": "cablekit.sources.record",
    "Limits": "cablekit.sources.limits",
    "NotACableError": "cablekit.errors",
    "QueryError": "cablekit.errors",
    "Record": "cablekit.sources.record",
    "SourceError": "cablekit.errors",
    "convert": "cablekit.conversion.convert",
    "parse": "cablekit.build.cable",
    "read": "cablekit.sources.read",
    "render": "cablekit.rendering.text",
}
"""Where the names above live. They are fetched when they are used: ``cablekit --help`` needs none of them."""


def __getattr__(name: str) -> Any:
    """Fetch a public name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return __all__
