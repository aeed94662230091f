"""The TAGS line: tree of ``tags.lark`` to `Tag` (FORMAT.md sections 7 and 14.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from cablekit import grammar
from cablekit.build.reading import Part, Reading
from cablekit.model import Tag
from cablekit.vocabulary import captions, table, tags
from cablekit.vocabulary.tags import TagEntry

_WITH_PERSON = frozenset(("OCON", "OEXC", "OREP", "OTRA", "OVIP"))
"""Codes that a personal name follows (UNCLAS 1974 STATE 150591)."""

_FIRST_YEAR_OF_LATER_NAMES = 1980

_LONGEST_SUBJECT = 4
"""A subject or program code has four letters; a longer word in no list is a name or part of an expression."""

_BETWEEN_GLUED = str.maketrans("./-", "   ")


class _Word(NamedTuple):
    """What stands between two blanks, and where in the text."""

    written: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class _Draft:
    """A TAG that persons may still be added to."""

    word: _Word
    code: str
    entry: TagEntry | None
    end: int
    persons: list[str] = field(default_factory=list)


def build_tags(part: Part, reading: Reading, on: date | None, *, more: bool = False) -> tuple[Tag, ...]:
    """Build the TAGS of a cable in order from the TAGS line, its label included or lost (FORMAT.md section 7).

    ``on`` is the day of the cable: before 1980 codes have the names of the 1974 manual. ``more`` tells that the line
    goes on behind a page break or blank line, so that it has no label to lose. Any text gives a result; what is in no
    list is of kind ``unknown`` and has diagnostic CK501. Repairs: ``tags-label`` (label damaged or lost),
    ``tag-misspelt``, ``tag-letter`` and ``tags-glued``.
    """
    try:
        pieces: list[Any] = grammar.read("tags", part.text).children
    except grammar.Unreadable as error:
        reading.unreadable("TAGS line", part, error)
        return ()
    line = _Line(reading, commas=part.text.count(",") > 1)
    for piece in pieces:
        words = [_word(token, part) for token in getattr(piece, "children", (piece,))]
        if piece is pieces[0] and not more and getattr(piece, "type", "") != "LABEL":
            _mend_label(words[0], reading, lost=not isinstance(piece, str))
        if isinstance(piece, str):
            continue
        if piece.data == "persons":
            line.add_persons(words[0])
        else:
            line.add_words(words)
    old_names = on is not None and on.year < _FIRST_YEAR_OF_LATER_NAMES
    return tuple(_tag(draft, reading, old_names) for draft in line.drafts)


def _word(token: Any, part: Part) -> _Word:
    return _Word(str(token), part.start + token.start_pos, part.start + token.end_pos)


def _mend_label(first: _Word, reading: Reading, *, lost: bool) -> None:
    """Note the repair of a label that is damaged, or lost in front of the first word."""
    reading.repair("tags-label", first.start, first.start + (0 if lost else len(first.written.rstrip())), "TAGS:")


def _tag(draft: _Draft, reading: Reading, old_names: bool) -> Tag:
    entry = draft.entry
    if entry:
        kind, name = entry.kind, (entry.in_1974 if old_names else None) or entry.name
    elif draft.word.written.startswith("("):
        kind, name = "person", None
    else:
        kind, name = "unknown", None
        reading.diagnose("CK501", draft.word.start, draft.word.end, f"the TAG {draft.code} is in no list")
    return Tag.model_construct(
        code=draft.code,
        kind=kind,
        name=name,
        persons=tuple(draft.persons),
        as_written=draft.word.written,
        span=reading.span(draft.word.start, draft.end),
    )


class _Line:
    """Collects the TAGS of one line."""

    def __init__(self, reading: Reading, *, commas: bool) -> None:
        """``commas``: they stand between the codes, so that unknown words without one between them are one TAG."""
        self.reading = reading
        self.commas = commas
        self.drafts: list[_Draft] = []

    def add(self, word: _Word, code: str, entry: TagEntry | None) -> None:
        """Add a TAG."""
        self.drafts.append(_Draft(word, code, entry, word.end))

    def add_persons(self, word: _Word) -> None:
        """Give persons in parentheses to the TAG before; without one they are a TAG of their own."""
        persons = [
            name for written in word.written[1:-1].split(";") if (name := " ".join(written.split()).strip(" .,"))
        ]
        if not persons:
            return
        if not self.drafts:
            self.add(word._replace(written=" ".join(word.written.split())), "; ".join(persons), None)
        self.drafts[-1].persons += persons
        self.drafts[-1].end = word.end

    def add_words(self, words: Sequence[_Word]) -> None:
        """Add what words without a comma between them stand for."""
        unknown: list[_Word] = []
        second = None
        for word, following in zip(words, (*words[1:], None), strict=True):
            if word is second:
                continue
            entry = None
            if following and word.written.upper() in _first_words():
                pair = _joined((word, following))
                if entry := tags.find(pair.written):
                    word, second = pair, following
            if entry := entry or tags.find(word.written):
                self.add_unknown(unknown)
                self.add(word, entry.code, entry)
            elif parts := self.mended(word):
                self.add_unknown(unknown)
                for code, part_entry in parts:
                    self.add(code, part_entry.code, part_entry)
            else:
                unknown.append(word)
        self.add_unknown(unknown)

    def mended(self, word: _Word) -> list[tuple[_Word, TagEntry]]:
        """Read a misspelt code, or several glued ones; empty if it is neither."""
        written = word.written
        if not written.isascii():
            return []
        meant = _misspellings().get(written.upper())
        if meant and (entry := tags.find(meant)):
            self.reading.repair("tag-misspelt", word.start, word.end, entry.code)
            return [(word, entry)]
        if entry := tags.garbled(written):
            self.reading.repair("tag-letter", word.start, word.end, entry.code)
            return [(word, entry)]
        codes = written.translate(_BETWEEN_GLUED).split()
        if len(codes) == 1:
            codes = list(tags.split_glued(written) or ())
        parts = []
        capitals, at = written.upper(), 0
        for code in codes:
            if not (entry := tags.find(code)):
                return []
            at = capitals.index(code.upper(), at)
            end = at + len(code)
            parts.append((_Word(written[at:end], word.start + at, word.start + end), entry))
            at = end
        if parts:
            self.reading.repair("tags-glued", word.start, word.end, " ".join(entry.code for _, entry in parts))
        return parts

    def add_unknown(self, words: list[_Word]) -> None:
        """Add words that are in no list, and forget them: a person behind a code that asks for one, or TAGS."""
        if not words:
            return
        last = self.drafts[-1] if self.drafts else None
        if last and last.code in _WITH_PERSON and not last.persons and _is_name(words):
            last.persons.append(_joined(words).written)
            last.end = words[-1].end
        else:
            expression = words[:1]
            for word in words[1:]:
                if not self.commas and min(len(word.written), len(expression[-1].written)) <= _LONGEST_SUBJECT:
                    self.add_expression(expression)
                    expression = []
                expression.append(word)
            self.add_expression(expression)
        words.clear()

    def add_expression(self, words: Sequence[_Word]) -> None:
        """Add one unknown TAG of one or several words: HUMAN RIGHTS."""
        word = _joined(words)
        self.add(word, word.written.upper(), None)


def _joined(words: Sequence[_Word]) -> _Word:
    """Take words as one, a single blank between them."""
    return _Word(" ".join(word.written for word in words), words[0].start, words[-1].end)


def _is_name(words: Sequence[_Word]) -> bool:
    """Tell whether words in no list can be a person: one is too long for a code, none holds digits, no CODEL."""
    return (
        max(len(word.written) for word in words) > _LONGEST_SUBJECT
        and not any(char.isdigit() for word in words for char in word.written)
        and captions.find(words[0].written) is None
    )


@cache
def _first_words() -> frozenset[str]:
    """First words of the codes that hold a blank: EL AL, PAN AM."""
    return frozenset(entry.code.upper().split()[0] for entry in tags.all() if " " in entry.code)


@cache
def _misspellings() -> Mapping[str, str]:
    """What known misspellings are read as."""
    return dict(table.load("tag_misspellings.csv", lambda record: (record["written"], record["read"])))
