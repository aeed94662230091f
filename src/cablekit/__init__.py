"""cablekit reads diplomatic cables: header, markings, TAGS, references and paragraphs, each with its place."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cablekit.build.cable import parse
    from cablekit.errors import CablekitError, NotACableError
    from cablekit.model import Cable
    from cablekit.rendering.text import render

__version__ = "0.1.0"

__all__ = ["Cable", "CablekitError", "NotACableError", "__version__", "parse", "render"]

_HOMES = {
    "Cable": "cablekit.model",
    "CablekitError": "cablekit.errors",
    "NotACableError": "cablekit.errors",
    "parse": "cablekit.build.cable",
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
