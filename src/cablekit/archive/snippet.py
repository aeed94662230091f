"""Where in a cable the words of a query stand. FTS5 itself tells, with the blocks in a small index of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cablekit.archive import fulltext
from cablekit.archive.compile import Compiled
from cablekit.archive.fulltext import Scope

LENGTH = 200
"""Characters of a snippet, about."""
_BEGIN, _END = "\x02", "\x03"
_UNWANTED = dict.fromkeys((0, 2, 3, 9, 10, 13), " ")
"""Signs of our own, line ends, and what would end the text for SQLite."""


class Portion(NamedTuple):
    """A block of the body."""

    text: str
    number: int | None
    """Of the paragraph that it is or belongs to."""
    level: int | None
    controls: tuple[str, ...]
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few words of a cable, and which of them were looked for."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """Begin and end of what was looked for, in ``text``."""

    def marked(self, before: str, after: str) -> str:
        """Return the text with something before and after what was looked for."""
        parts, done = [], 0
        for begin, end in self.highlights:
            parts += [self.text[done:begin], before, self.text[begin:end], after]
            done = end
        return "".join((*parts, self.text[done:]))

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class Found(NamedTuple):
    """What a hit shows."""

    paragraphs: tuple[int, ...]
    """Numbers of the paragraphs in which the words stand."""
    snippet: Snippet | None
    """None where the body has no text."""


class Finder:
    """Looks into hits of one query."""

    def __init__(self, compiled: Compiled) -> None:
        """Make the index; it never holds more than one cable."""
        self._sql = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._sql.execute("CREATE VIRTUAL TABLE portion USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        scopes: dict[Scope | None, list[fulltext.Expression]] = {}
        for words, scope in compiled.terms:
            if not words.subject:
                scopes.setdefault(scope, []).append(fulltext.Expression(fulltext.phrase(words)))
        self._asked = {scope: fulltext.join("OR", words).words for scope, words in scopes.items()}
        self._portions = [
            (fulltext.exact(words, scope, scope.levels, columns=False).words, scope)
            for words, scope in compiled.portions
        ]

    def look(self, portions: Sequence[Portion]) -> Found:
        """Find the words in the blocks of a cable."""
        texts = [portion.text.translate(_UNWANTED) for portion in portions]
        marks: dict[int, list[tuple[int, int]]] = {}
        if self._asked:
            self._fill(enumerate(texts))
            for scope, words in self._asked.items():
                for row, marked in self._sql.execute(
                    "SELECT rowid, highlight(portion, 0, ?, ?) FROM portion WHERE portion MATCH ?",
                    (_BEGIN, _END, words),
                ):
                    if scope is None or scope.holds(portions[row].level, portions[row].controls):
                        marks[row] = sorted({*marks.get(row, ()), *_places(marked)})
            self._sql.execute("ROLLBACK")
        numbers = {number for row in marks if (number := portions[row].number) is not None}
        if not marks:
            # The first words that are no heading say best what it is about.
            chosen = next((row for row, portion in enumerate(portions) if not portion.is_heading), None)
            return Found((), None if chosen is None else _cut(texts[chosen], []))
        best = max(sorted(marks), key=lambda row: _worth(texts[row], _densest(texts[row], marks[row])))
        return Found(tuple(sorted(numbers)), _cut(texts[best], marks[best]))

    def in_portions(self, portions: Iterable[Portion], number: int) -> bool:
        """Tell whether the portions with certain marks hold words: those of the query with this number."""
        words, scope = self._portions[number]
        held = [portion.text for portion in portions if scope.holds(portion.level, portion.controls)]
        if not held:
            return False
        self._fill([(0, "\n".join(held))])
        found = self._sql.execute("SELECT 1 FROM portion WHERE portion MATCH ?", (words,)).fetchone()
        self._sql.execute("ROLLBACK")
        return found is not None

    def _fill(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index texts until the next ROLLBACK, which forgets them faster than deleting would."""
        self._sql.execute("BEGIN")
        self._sql.executemany("INSERT INTO portion (rowid, text) VALUES (?, ?)", rows)


def _places(marked: str) -> list[tuple[int, int]]:
    """Return where FTS5 put its signs, in the text without them."""
    pieces = marked.split(_BEGIN)
    places, at = [], len(pieces[0])
    for piece in pieces[1:]:
        words, _, behind = piece.partition(_END)
        places.append((at, at + len(words)))
        at += len(words) + len(behind)
    return places


def _densest(text: str, marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places that a snippet shows best: the most different words, the most places, the first of such."""
    best: list[tuple[int, int]] = []
    first = 0
    for last, (_, end) in enumerate(marks):
        while end - marks[first][0] > LENGTH and first < last:
            first += 1
        best = max(best, marks[first : last + 1], key=lambda places: _worth(text, places))
    return best


def _worth(text: str, places: list[tuple[int, int]]) -> tuple[int, int]:
    return len({text[begin:end].casefold() for begin, end in places}), len(places)


def _cut(text: str, marks: list[tuple[int, int]]) -> Snippet:
    """Cut a snippet out of a text, at blanks."""
    shown = _densest(text, marks)
    middle = (shown[0][0] + shown[-1][1]) // 2 if shown else 0
    begin = max(0, min(middle - LENGTH // 2, len(text) - LENGTH))
    begin = min(begin, shown[0][0]) if shown else 0
    end = max(begin + LENGTH, shown[-1][1] if shown else 0)
    if begin:
        blank = text.find(" ", begin, shown[0][0])
        begin = blank + 1 if blank >= 0 else begin
    if end < len(text):
        blank = text.rfind(" ", shown[-1][1] if shown else begin, end)
        end = blank if blank >= 0 else end
    before = "… " if begin else ""
    words = before + text[begin:end] + (" …" if end < len(text) else "")
    by = len(before) - begin
    return Snippet(words, tuple((start + by, stop + by) for start, stop in marks if begin <= start and stop <= end))
