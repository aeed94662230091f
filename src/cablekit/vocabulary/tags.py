"""TAGS, Traffic Analysis by Geography and Subject (``tags.csv``; FORMAT.md section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, get_args

from cablekit.model.labels import TagKind
from cablekit.vocabulary import teleprinter
from cablekit.vocabulary.table import load

_KINDS: dict[str, TagKind] = {kind: kind for kind in get_args(TagKind)}
_NAME_IN_1974 = "name in 1974: "


class TagEntry(NamedTuple):
    """A code in one of its meanings."""

    code: str
    kind: TagKind
    name: str | None
    """What the code stands for; none where no list names it."""
    in_1974: str | None
    """What the TAGS manual of 1974 called it, where that differs."""
    source: str


_LENGTH = 4
"""Letters of a subject or program code."""


def _build(record: Mapping[str, str]) -> TagEntry:
    kind = record["kind"] or "unknown"
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is no kind of TAG")
    if len(record["code"]) < 2:
        raise ValueError(f"the code {record['code']!r} is too short")
    return TagEntry(
        code=record["code"],
        kind=_KINDS[kind],
        name=record["name"] or None,
        in_1974=record["source"].partition(_NAME_IN_1974)[2] or None,
        source=record["source"],
    )


@cache
def all() -> tuple[TagEntry, ...]:
    """Return all codes, those with two meanings twice."""
    return load("tags.csv", _build)


def entries(code: str) -> tuple[TagEntry, ...]:
    """Return every meaning of a code, the geographic one first. Case and the width of blanks do not matter."""
    codes = _codes()
    return codes.get(code) or codes.get(_key(code), ())


def find(code: str) -> TagEntry | None:
    """Return the meaning of a code; the geographic one where it is an organization too (``EC``, ``VC``)."""
    found = entries(code)
    return found[0] if found else None


def split_glued(text: str) -> tuple[str, ...] | None:
    """Part codes that were written without a blank: ``EINDETRD`` is ``EIND`` and ``ETRD``.

    The longest code is taken first as long as everything is consumed. None unless that gives two or more codes, one of
    them a subject or a program: a misspelt subject is often two countries by chance (``ENIV``), glued codes never are.
    """
    text = text.upper()
    codes, lengths = _codes(), _lengths()
    end = len(text)
    # From the end backwards: how long the code at each place is, 0 where no code leads on to the end.
    taken = bytearray(end + 1)
    for start in range(end - 1, -1, -1):
        for length in lengths.get(text[start : start + 2], ()):
            stop = start + length
            if (stop == end or (stop < end and taken[stop])) and text[start:stop] in codes:
                taken[start] = length
                break
    if not taken[0] or taken[0] == end:
        return None
    parts = []
    start = 0
    while start < end:
        parts.append(text[start : start + taken[start]])
        start += taken[start]
    if any(codes[part][0].kind in ("subject", "program") for part in parts):
        return tuple(parts)
    return None


def garbled(code: str) -> TagEntry | None:
    """Return the only subject or program that a garbled code can be: Q for a letter, figures of a lost shift."""
    written = code.upper()
    if len(written) != _LENGTH or entries(written):
        return None
    meant = {word for word in teleprinter.letters(written) if word in _codes()}
    if "Q" in written:
        meant |= {known for known in _codes() if teleprinter.fits(written, known)}
    found = [entry for word in meant for entry in _codes()[word][:1] if entry.kind in ("subject", "program")]
    return found[0] if len(meant) == len(found) == 1 else None


def _key(code: str) -> str:
    return " ".join(code.upper().split())


@cache
def _codes() -> dict[str, tuple[TagEntry, ...]]:
    codes: dict[str, tuple[TagEntry, ...]] = {}
    for entry in sorted(all(), key=lambda entry: entry.kind != "geographic"):
        codes[_key(entry.code)] = (*codes.get(_key(entry.code), ()), entry)
    return codes


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long codes are that begin with two given characters, longest first."""
    lengths: dict[str, set[int]] = {}
    for code in _codes():
        lengths.setdefault(code[:2], set()).add(len(code))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
