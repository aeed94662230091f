"""How bytes, texts and readings are kept: zlib (RFC 1950) with a preset dictionary.

A cable is short, so a compressor that starts from nothing spends much of it on learning what every cable has. It gets
parts of cables as a preset dictionary. A reading, most of whose words stand in the record itself, gets the record
instead; see `compact`. The dictionaries lie in the file: `docs/archive-format.md` has the recipe.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cablekit.archive import compact

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = 32_768
"""As far as zlib looks back."""
WINDOW_BITS = 15
LEVEL = 4
LEVEL_BESIDE = 3
"""Where most stands in the dictionary; more gains nothing."""
_HEADER = zlib.compressobj(LEVEL, zdict=b"any").flush()[:2]
"""What a zlib stream with a preset dictionary begins with."""
_SLICES = 8


class Damaged(ValueError):
    """Packed bytes that do not unpack to what they should."""


@dataclass(frozen=True, slots=True)
class Codec:
    """The two dictionaries, and what is packed with them."""

    text: bytes
    json: bytes

    def pack(self, data: bytes) -> bytes:
        """Pack the bytes of a record."""
        packer = _ready(self.text).copy()
        return packer.compress(data) + packer.flush()

    def unpack(self, packed: bytes) -> bytes:
        """Undo `pack`; raises `Damaged`."""
        data, rest = _unpack(packed, self.text)
        if rest:
            raise Damaged("something follows the packed bytes")
        return data

    def pack_text(self, text: bytes, data: bytes) -> bytes:
        """Pack the text of a record beside its bytes, in which most of it stands."""
        return _pack(text, self._beside_data(data), len(data))

    def unpack_text(self, packed: bytes, data: bytes) -> bytes:
        """Undo `pack_text`; raises `Damaged`."""
        text, rest = _unpack(packed, self._beside_data(data))
        if rest:
            raise Damaged("something follows the packed text")
        return text

    def pack_reading(self, reading: bytes, record: bytes, fields: dict[str, Any] | None = None) -> bytes:
        """Pack the JSON of a cable that was read from a record: from its text where it has one, else its bytes.

        ``fields`` is what the JSON says, where somebody has taken it apart already; it is used up.
        """
        short, places = compact.shorten(reading, record, fields)
        return _pack(short, self._beside(record)) + places

    def unpack_reading(self, packed: bytes, record: bytes) -> bytes:
        """Undo `pack_reading`; raises `Damaged`."""
        try:
            return compact.lengthen(*_unpack(packed, self._beside(record)), record)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Damaged(f"no reading: {error}") from None

    def unpack_texts(self, packed: bytes, record: bytes) -> list[str]:
        """Return the texts of the blocks of a reading, for a fraction of its time; raises `Damaged`."""
        try:
            return compact.texts(*_unpack(packed, self._beside(record)), record)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Damaged(f"no reading: {error}") from None

    def _beside_data(self, data: bytes) -> bytes:
        return (self.text + data)[-WINDOW:]

    def _beside(self, record: bytes) -> bytes:
        return record[-(WINDOW - len(self.json)) :] + self.json


@cache
def standard() -> Codec:
    """Return the codec of archives that are made for no dump in particular."""
    folder = Path(__file__).parent
    return Codec((folder / "text.dictionary").read_bytes(), (folder / "json.dictionary").read_bytes())


def made_for(sample: Iterable[bytes]) -> Codec:
    """Return a codec for records like these: its dictionary is of the beginnings and ends of some of them."""
    records = [data for data in sample if data]
    if len(records) < _SLICES:
        return standard()
    size = WINDOW // _SLICES
    chosen = records[:: len(records) // _SLICES][:_SLICES]
    return Codec(b"".join(data[-size:] if at % 2 else data[:size] for at, data in enumerate(chosen)), standard().json)


@lru_cache(maxsize=2)
def _ready(dictionary: bytes) -> zlib._Compress:
    """Return a packer that has looked through its dictionary, to be copied: looking through it takes long."""
    return zlib.compressobj(LEVEL, zdict=dictionary)


def _pack(data: bytes, dictionary: bytes, used: int = WINDOW) -> bytes:
    """Pack beside bytes that have much of the data; ``used`` says that only so many at their end need be looked at."""
    packer = zlib.compressobj(LEVEL_BESIDE, wbits=-WINDOW_BITS, zdict=dictionary[-used:] if used else b"")
    # A zlib stream is this around what the packer gives (RFC 1950).
    return b"".join(
        (
            _HEADER,
            zlib.adler32(dictionary).to_bytes(4),
            packer.compress(data),
            packer.flush(),
            zlib.adler32(data).to_bytes(4),
        )
    )


def _unpack(packed: bytes, dictionary: bytes) -> tuple[bytes, bytes]:
    """Return what was packed, and the bytes that follow it."""
    unpacker = zlib.decompressobj(zdict=dictionary)
    try:
        data = unpacker.decompress(packed)
    except zlib.error as error:
        raise Damaged(str(error)) from None
    if not unpacker.eof:
        raise Damaged("packed bytes are cut off")
    return data, unpacker.unused_data
