"""Bytes to characters, and the characters that the grammar reads, with the way back.

Two texts are kept. ``source`` is what was given, decoded and otherwise untouched: spans count its characters. ``text``
is what the grammar reads: line ends are ``\\n``, entities and mark-up left-overs of exports are undone (FORMAT.md
sections 18.2, 18.3, 19.19), control characters are blanks, and the last line has its end. Whatever changed the length
is remembered, so that every position in ``text`` leads back to ``source`` and from there to the bytes.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cablekit.model import Decision, Span

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# One character for one character: nothing moves, so no way back is needed.
_BLANKS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA1), 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_BREAKS = {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_SAME_LENGTH = {code: char for code, char in {**_BLANKS, **_BREAKS}.items() if code not in (0x09, 0x0A, 0x0D)}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_REPLACED = re.compile("[" + "".join(re.escape(chr(code)) for code in _SAME_LENGTH) + "]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What shortens the text. Each alternative is one kind of residue; the group's name is the decision recorded.
_SIGNS = r"[\r&<\[\\\u00ad\u200b-\u200f\u2060\ufeff]"
"""What residue begins with."""
_RESIDUE = r"""(?:
      (?P<carriage_returns> \r )
    | (?P<entities> & (?: \#[0-9]{1,7} | \#x[0-9A-Fa-f]{1,6} | [A-Za-z]{2,8} ) ; )
    | (?P<markup> </? (?: a | b | br | code | div | em | h[1-6] | i | p | pre | span | strong
                          | table | tbody | td | tr )
                  (?: [ \t\n/] [^<>\n]{0,300} )? > )
                                                                                 # [KCRM](#)
    | (?P<markdown> \[ (?P<label> [^\[\]\r\n]{1,80} ) \] \( (?: \# | https?: | mailto: | \.{0,2}/ ) [^()\s]{0,300} \)
                  | (?<! [ \t] ) \\ (?= [ \t]* (?: \r? \n | \Z ) )                # line break written as a backslash
                  | \\ (?= [_*\[\]\#] ) )
    | (?P<invisible> [\u00ad\u200b-\u200f\u2060\ufeff] )
    )"""
_RESIDUE_SIGNS = re.compile(_SIGNS)
_PLAIN = bytes(code for code in range(0x80) if code not in _SAME_LENGTH and not _RESIDUE_SIGNS.match(chr(code)))
"""ASCII that stays as it is."""

_OF_PAGE_IMAGES = {"Ø": ("0", "slashed zeros"), "•": (".", "bullets for stops")}


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source, decoded, and the text that the grammar reads."""

    source: str
    text: str
    encoding: str
    bom: int = 0
    """Length of the byte order mark."""
    decisions: tuple[Decision, ...] = ()
    _text_points: list[int] = field(default_factory=list, repr=False, compare=False)
    _source_points: list[int] = field(default_factory=list, repr=False, compare=False)
    _drops: list[bool] = field(default_factory=list, repr=False, compare=False)
    """Behind each change a position in ``text``, the one in ``source``, and whether the change only took signs away."""

    def position(self, offset: int) -> int:
        """Return where in ``source`` the character at ``offset`` of ``text`` stands."""
        index = bisect_right(self._text_points, offset) - 1
        if index >= 0:
            offset += self._source_points[index] - self._text_points[index]
        length = len(self.source)
        return offset if offset < length else length

    def span(self, start: int, end: int) -> Span:
        """Return the span in ``source`` of ``text[start:end]``, without what was taken away before or behind it."""
        length, points = len(self.source), self._text_points
        if points:
            index = bisect_right(points, end) - 1
            while index >= 0 and points[index] == end and end > start and self._drops[index]:
                index -= 1
            if index >= 0:
                end += self._source_points[index] - points[index]
            start = self.position(start)
            end = end if end > start else start
        # (What a named tuple does, four times as fast: there are a hundred spans in a cable.)
        return tuple.__new__(Span, (start, end if end < length else length))

    def stretch(self, start: int, end: int) -> Span:
        """Return the span in ``source`` from ``text[start]`` up to ``text[end]``: neighbouring stretches join."""
        if not self._text_points:
            return self.span(start, end)
        first = self.position(start) if start > 0 else 0
        last = len(self.source) if end >= len(self.text) else self.position(end)
        return tuple.__new__(Span, (first, last))

    def of_page_image(self) -> SourceText:
        """Return the same source with every slashed zero read as a zero and every bullet as a stop.

        Page images of telegrams have neither the letter Ø nor bullets.
        """
        text, decisions = self.text, self.decisions
        for written, (meant, what) in _OF_PAGE_IMAGES.items():
            if count := text.count(written):
                text = text.replace(written, meant)
                decisions = (*decisions, Decision.model_construct(what=what, count=count))
        return self if text is self.text else replace(self, text=text, decisions=decisions)

    def reading(self, text: str) -> SourceText:
        """Return the same source with some signs of its text read as others, each in its place."""
        return replace(self, text=text)

    def without(self, stretches: Iterable[tuple[int, int]]) -> SourceText:
        """Return the same source read without some stretches of ``text``: what stood around them joins.

        ``stretches`` are pairs of positions in ``text``, in order, that do not overlap. Every position of what is left
        leads back to where it stood.
        """
        pieces: list[str] = []
        text_points: list[int] = []
        source_points: list[int] = []
        drops: list[bool] = []
        done = length = 0
        for start, end in (*stretches, (len(self.text), len(self.text))):
            # Changes inside the kept piece move with it; those inside the stretch go with the stretch.
            first = bisect_right(self._text_points, done) if done else 0
            last = max(first, bisect_right(self._text_points, start - 1))
            text_points += (point - done + length for point in self._text_points[first:last])
            source_points += self._source_points[first:last]
            drops += self._drops[first:last]
            pieces.append(self.text[done:start])
            length += start - done
            if end > start:
                text_points.append(length)
                source_points.append(self.position(end))
                drops.append(True)
            done = end
        return replace(self, text="".join(pieces), _text_points=text_points, _source_points=source_points, _drops=drops)

    def byte_range(self, span: Span) -> tuple[int, int]:
        """Return the bytes of the original that a span covers; UTF-8 bytes where text was given."""
        encoding = "utf-8" if self.encoding == "str" else self.encoding
        start = self.bom + len(self.source[: span.start].encode(encoding, "surrogatepass"))
        return start, start + len(self.source[span.start : span.end].encode(encoding, "surrogatepass"))


def decode(data: bytes) -> tuple[str, str, int]:
    """Decode by a fixed ladder: byte order mark, strict UTF-8, cp1252, latin-1. Return text, encoding, BOM length."""
    if data.isascii():  # the commonest by far
        return data.decode("ascii"), "utf-8", 0
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding), encoding, len(bom)
            except UnicodeDecodeError:
                break
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding, 0
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1", 0


def read_text(data: str | bytes | bytearray | memoryview) -> SourceText:
    """Turn what was given into a `SourceText`. Never fails on text or bytes; raises `TypeError` on anything else."""
    if isinstance(data, str):
        source, encoding, bom = data, "str", 0
    elif isinstance(data, (bytes, bytearray, memoryview)):
        source, encoding, bom = decode(bytes(data))
    else:
        raise TypeError(f"a cable is text or bytes, not {type(data).__name__}")
    counts: Counter[str] = Counter()
    text = source
    # What is no plain ASCII is picked out first, by far the quickest way to see that nothing is to be changed.
    rest = source.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    if replaced := len(_REPLACED.findall(rest)):
        text = text.translate(_SAME_LENGTH)
        counts["control characters and hard blanks"] = replaced
    if encoding == "str" and (lone := len(_SURROGATE.findall(rest))):
        text = text.translate(_SURROGATES)
        counts["lone surrogates"] = lone
    text_points: list[int] = []
    source_points: list[int] = []
    drops: list[bool] = []
    if signs := frozenset(_RESIDUE_SIGNS.findall(rest)):
        text = _undo_residue(text, signs, text_points, source_points, drops, counts)
    if text and not text.endswith("\n"):
        text += "\n"
    decisions = tuple(Decision.model_construct(what=what, count=count) for what, count in sorted(counts.items()))
    return SourceText(source, text, encoding, bom, decisions, text_points, source_points, drops)


@lru_cache(maxsize=256)
def _any_of(signs: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the signs that are there. (One alone, as in most texts, is found ten times as fast as all.)"""
    return re.compile("[" + "".join(map(re.escape, sorted(signs))) + "]")


def _undo_residue(
    text: str,
    signs: frozenset[str],
    text_points: list[int],
    source_points: list[int],
    drops: list[bool],
    counts: Counter[str],
) -> str:
    """Undo what exports left behind, which begins with these signs; note where each position behind a change leads."""
    import html

    residue = re.compile(_RESIDUE, re.VERBOSE)
    pieces: list[str] = []
    done = length = 0

    def keep(until: int) -> None:
        nonlocal done, length
        pieces.append(text[done:until])
        length += until - done
        done = until

    def put(replacement: str, until: int) -> None:
        nonlocal done, length
        pieces.append(replacement)
        length += len(replacement)
        done = until
        text_points.append(length)
        source_points.append(done)
        drops.append(not replacement)

    behind = 0
    for sign in _any_of(signs).finditer(text):
        match = residue.match(text, sign.start()) if sign.start() >= behind else None
        if match is None:
            continue
        behind = match.end()
        kind = str(match.lastgroup if match.lastgroup != "label" else "markdown")
        if kind == "carriage_returns":
            keep(match.start())
            put("" if text.startswith("\n", match.end()) else "\n", match.end())
            continue
        if kind == "entities":
            replacement = html.unescape(match[0])
            if replacement.endswith(";", 1):  # no name of a character, or only its beginning is one
                continue
            replacement = replacement.replace("\xa0", " ").translate(_SAME_LENGTH).translate(_SURROGATES)
            keep(match.start())
            put("\n" if replacement == "\r" else replacement, match.end())
        elif match["label"] is not None:
            keep(match.start())
            put("", match.start("label"))
            keep(match.end("label"))
            put("", match.end())
        else:
            keep(match.start())
            put("", match.end())
        counts[kind.replace("_", " ")] += 1
    keep(len(text))
    return "".join(pieces)
