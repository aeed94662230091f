"""Which parser this is: readings of the same one are alike."""

from __future__ import annotations

from functools import cache
from hashlib import sha256


@cache
def parser() -> tuple[str, str, str]:
    """Tell what parses: version of cablekit, version of the JSON, SHA-256 over the grammar files of cables."""
    import cablekit
    from cablekit.grammar import folder
    from cablekit.model.cable import SCHEMA_VERSION

    grammars = sha256()
    for path in sorted(folder().glob("*.lark")):
        if path.stem == "query":
            continue
        grammars.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return cablekit.__version__, SCHEMA_VERSION, grammars.hexdigest()
