"""Lines of canonical text: where running text may be broken so that the grammar reads it as one again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cablekit import grammar
from cablekit.build.records import flatten

_ROUNDS = 12
"""So often the grammar is asked where lines begin; what it still takes for another part then stands in one line."""


@dataclass(slots=True, eq=False)
class Run:
    """Running text of one part, to be broken into lines."""

    text: str
    seams: bool = False
    """Whether a page break may stand between its lines."""
    bonds: set[int] = field(default_factory=set)
    """Words that must not begin a line."""

    def lines(self, width: int, piece: int) -> Iterator[Line]:
        """Break it into lines as long as the width allows."""
        line, first = "", 0
        for at, words in self.bonded():
            if line and len(line) + 1 + len(words) > width:
                yield Line(line, piece, self, first)
                line, first = words, at
            else:
                line = f"{line} {words}" if line else words
        yield Line(line, piece, self, first)

    def bonded(self) -> Iterator[tuple[int, str]]:
        """Give the words that may begin a line, each with those behind it that may not, and its number."""
        words = _words(self.text)
        starts = [at for at in range(len(words)) if at not in self.bonds or not at]
        for start, end in pairwise([*starts, len(words)]):
            yield start, " ".join(words[start:end])


Piece = str | Run


def run(kept: str, text: str, *, seams: bool = False) -> Run:
    """Make running text whose beginning is kept in one line, as a portion mark and an opener must be."""
    return Run(f"{kept} {text}".strip(), seams, set(range(1, len(_words(kept)))))


class Line(NamedTuple):
    """A line of the text."""

    text: str
    piece: int = -1
    """Which of the pieces it comes from."""
    run: Run | None = None
    """The running text that it is a line of."""
    word: int = 0
    """Number of its first word there: 0 where the text begins."""


def lay_out(pieces: Sequence[Piece], width: int) -> list[Line]:
    """Break running text into lines, but nowhere where the grammar would see another part begin."""
    lines = _break(pieces, width)
    for rest in reversed(range(_ROUNDS)):
        begun = parts(lines)
        torn = [line for at, line in enumerate(lines) if line.run and line.word and at in begun]
        if not torn:
            break
        for line in torn:
            assert line.run is not None
            line.run.bonds.update([line.word] if rest else range(len(line.run.text)))
        lines = _break(pieces, width)
    return lines


def parts(lines: Sequence[Line]) -> dict[int, str]:
    """Read the lines by the document grammar: which part begins with a line, by the line's number."""
    starts = {token.start_pos: token.type for token in flatten(grammar.read("document", write(lines)))}
    found: dict[int, str] = {}
    offset = 0
    for at, line in enumerate(lines):
        if offset in starts:
            found[at] = starts[offset]
        offset += len(line.text) + 1
    return found


def write(lines: Iterable[Line]) -> str:
    """Return the lines as text; every line has its end."""
    return "".join(f"{line.text}\n" for line in lines)


def _break(pieces: Iterable[Piece], width: int) -> list[Line]:
    lines: list[Line] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, Run):
            lines += piece.lines(width, at)
        else:
            lines.append(Line(piece, at))
    return lines


def _words(text: str) -> list[str]:
    """Part a text at the blanks where it may be broken: single ones, not behind a hyphen, which would join."""
    words: list[str] = []
    bound = False
    for word in text.split(" "):
        if words and (bound or not word):
            words[-1] += f" {word}"
        else:
            words.append(word)
        bound = word[-1:] in ("", "-")
    return words
