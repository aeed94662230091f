"""How bytes, texts and readings are kept: zlib (RFC 1950) with a preset dictionary.

A cable is short, so a compressor that starts from nothing spends much of it on learning what every cable has. It gets
words of cables as a preset dictionary; for a reading, most of whose words stand in the record itself, the end of the
record and the skeleton of the JSON. Both dictionaries lie in the file: `docs/archive-format.md` has the recipe.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WINDOW = 32_768
"""As far as zlib looks back."""
LEVEL = 6


class Damaged(ValueError):
    """Compressed bytes that do not unpack to what they should."""


@dataclass(frozen=True, slots=True)
class Codec:
    """The two dictionaries, and what is packed with them."""

    text: bytes
    json: bytes

    def pack(self, data: bytes) -> bytes:
        """Pack the bytes of a record, or its text in UTF-8."""
        return _pack(data, self.text)

    def unpack(self, packed: bytes) -> bytes:
        """Undo `pack`; raises `Damaged`."""
        return _unpack(packed, self.text)

    def pack_reading(self, reading: bytes, record: bytes) -> bytes:
        """Pack the JSON of a cable that was read from a record: from its text where it has one, else its bytes."""
        return _pack(reading, self._beside(record))

    def unpack_reading(self, packed: bytes, record: bytes) -> bytes:
        """Undo `pack_reading`; raises `Damaged`."""
        return _unpack(packed, self._beside(record))

    def _beside(self, record: bytes) -> bytes:
        return record[-(WINDOW - len(self.json)) :] + self.json


@cache
def standard() -> Codec:
    """Return the codec of new archives."""
    folder = Path(__file__).parent
    return Codec((folder / "text.dictionary").read_bytes(), (folder / "json.dictionary").read_bytes())


def _pack(data: bytes, dictionary: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zdict=dictionary)
    return packer.compress(data) + packer.flush()


def _unpack(packed: bytes, dictionary: bytes) -> bytes:
    unpacker = zlib.decompressobj(zdict=dictionary)
    try:
        data = unpacker.decompress(packed) + unpacker.flush()
    except zlib.error as error:
        raise Damaged(str(error)) from None
    if not unpacker.eof or unpacker.unused_data:
        raise Damaged("cut off, or something follows")
    return data
