"""cablekit reads diplomatic cables: header, markings, TAGS, references and paragraphs, each with its place."""

from __future__ import annotations

from cablekit.build.cable import parse
from cablekit.errors import CablekitError, NotACableError
from cablekit.model import Cable

__version__ = "0.1.0"

__all__ = ["Cable", "CablekitError", "NotACableError", "__version__", "parse"]
