"""What a transmission, a code page or a publisher left in running text (FORMAT.md 2.11, 19.4, 19.13, 19.16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.reading import Reading
from cablekit.grammar import Token

if TYPE_CHECKING:
    import re

_WORDS_SHOWN = 4
_WINDOW = 400
"""Characters on each side of a trace that are looked at."""
_CANCELLED = "E E E E E E E E"
_BEFORE = 160
"""Characters in front of a text that may speak of captions."""


def settle_traces(token: Token, reading: Reading) -> str:
    """Return a run of text without captions between its words and blanks behind joined hyphens; note every trace.

    Both are repairs. What else there is stays as it stands and is a diagnostic with the likely reading: CK405 (words
    cancelled by eight E), CK407 (a comma for an apostrophe).
    """
    first = token.start_pos
    cuts: list[tuple[int, int, str]] = []
    for start, end in _captions(token, reading):
        reading.repair("caption-in-text", first + start, first + end, "")
        cuts.append((start, end, ""))
    for trace in _traces(token):
        start, end = trace.start_pos, trace.end_pos
        if trace.type == "JOINED_HYPHEN":
            reading.repair("joined-hyphen", first + start, first + end, "-")
            cuts.append((start, end, "-"))
        elif trace.type == "LOST_APOSTROPHE":
            reading.diagnose("CK407", first + start, first + end, *_apostrophe(token, start, end))
        else:
            reading.diagnose("CK405", first + start, first + end, *_cancelled(token, start, end))
    return _replace(token, sorted(cuts)) if cuts else token


def with_apostrophes(text: str) -> str:
    """Return text as it is shown to readers: apostrophes in the place of the commas that they became."""
    lost = (trace.start_pos for trace in _traces(text) if trace.type == "LOST_APOSTROPHE")
    return _replace(text, [(start, start + 1, "'") for start in lost])


def _replace(text: str, cuts: list[tuple[int, int, str]]) -> str:
    """Put words in the place of stretches, which are in order."""
    pieces: list[str] = []
    done = 0
    for start, end, words in cuts:
        pieces += (text[done:start], words)
        done = end
    return "".join([*pieces, text[done:]])


def _traces(text: str) -> list[Token]:
    """Read a text that has a trace in it. Most have none."""
    apostrophe, hyphen = _searches()
    if apostrophe(text) or hyphen(text) or _CANCELLED in text:
        return grammar.tokens(grammar.read("body", text, "traces"))
    return []


@cache
def _searches() -> tuple[Callable[[str], re.Match[str] | None], ...]:
    return tuple(grammar.terminal("body", trace).search for trace in ("LOST_APOSTROPHE", "JOINED_HYPHEN"))


def _captions(token: Token, reading: Reading) -> Iterator[tuple[int, int]]:
    """Give where captions stand inside a text; what stands before it tells whether it speaks of them."""
    if "SIPDIS" not in token:
        return
    before = reading.source.text[max(token.start_pos - _BEFORE, 0) : token.start_pos]
    for caption in grammar.tokens(grammar.read("body", before + token, "captions")):
        if caption.start_pos >= len(before):
            yield caption.start_pos - len(before), caption.end_pos - len(before)


def _apostrophe(text: str, start: int, end: int) -> tuple[str, str]:
    word = text[max(start - _WINDOW, 0) : start].split()[-1]
    return f"the comma of {word},{text[end]} stands for an apostrophe", f"{word}'{text[end]}"


def _cancelled(text: str, start: int, end: int) -> tuple[str, str | None]:
    """Tell what eight E cancel: all behind the last correct word, which is repeated."""
    before, behind = text[max(start - _WINDOW, 0) : start].split(), text[end : end + _WINDOW].split()
    message = "eight E cancel what stands before them"
    if not behind or behind[0] not in before:
        return message, None
    at = len(before) - 1 - before[::-1].index(behind[0])
    likely = " ".join([*before[max(at - _WORDS_SHOWN, 0) : at], *behind[: _WORDS_SHOWN + 1]])
    return f"{message}: {' '.join(before[at:])!r}", likely
