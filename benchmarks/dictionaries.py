"""Writes the preset dictionaries of the archive from the invented cables: `python benchmarks/dictionaries.py`.

An archive holds the dictionaries that it was made with, so new ones change no archive that exists.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cablekit
from cablekit.archive.codec import WINDOW
from cablekit.archive.compact import shorten

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
FOLDER = ROOT / "src" / "cablekit" / "archive"
# Shows most of the fields in few words.
SKELETON = "embedded-record"


def text() -> bytes:
    """Words of cables, as many as zlib looks back on; samples of damage are all the same cable."""
    whole = [path for path in sorted(SAMPLES.glob("*.txt")) if not path.name.startswith("damage-")]
    return b"".join(path.read_bytes() for path in whole)[:WINDOW]


def skeleton() -> bytes:
    """Return the JSON of a cable without its running text: one block of each kind and mark, the first nodes."""
    fields: dict[str, Any] = json.loads(cablekit.parse((SAMPLES / f"{SKELETON}.txt").read_bytes()).model_dump_json())
    blocks: dict[tuple[Any, ...], dict[str, Any]] = {}
    for block in fields["body"]:
        kind = block["kind"], block.get("role"), (block.get("mark") or {}).get("as_written")
        blocks.setdefault(kind, {**block, "text": ""} | ({"sub_items": []} if "sub_items" in block else {}))
    fields["body"] = list(blocks.values())
    fields["nodes"] = fields["nodes"][:12]
    reading = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    return shorten(reading, (SAMPLES / f"{SKELETON}.txt").read_bytes())[0]


if __name__ == "__main__":
    (FOLDER / "text.dictionary").write_bytes(text())
    (FOLDER / "json.dictionary").write_bytes(skeleton())
