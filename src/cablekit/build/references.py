"""The REF block: tree of ``references.lark`` to `Reference` (FORMAT.md sections 9 and 9.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from cablekit import grammar
from cablekit.build.citing import LONGEST_SERIAL, Citing, Item
from cablekit.build.reading import Part, Reading
from cablekit.model import Reference
from cablekit.model.labels import ReferenceKind

_KINDS: dict[str, ReferenceKind] = {
    "AIRGRAM": "airgram",
    "EMAIL": "email",
    "MEETING": "meeting",
    "MESSAGE": "dtg",
    "NONE": "none",
    "REGULATION": "regulation",
    "REPORT": "report",
    "SEPTEL": "septel",
    "TELCON": "telcon",
    "WEB": "web",
}
_LETTERS = frozenset(("FIRM", "LOOSE"))

_LONGEST_UNKNOWN = 3
"""Words of a post that is in no list. What is longer is running text with a number in it."""


class _Letter(NamedTuple):
    """A list letter and where it stands."""

    name: str
    start: int
    end: int


def build_references(
    parts: Sequence[Part], reading: Reading, *, year: int | None, on: date | None, post: str | None
) -> tuple[Reference, ...]:
    """Build the references of a cable in order (FORMAT.md section 9).

    The first part begins with the label, which may be lost; the others are what stood behind page-break lines inside
    the block. ``year``, ``on`` and ``post`` are those of the cable itself: a year left out is the cable's own, marked
    as inferred, or none where that is unknown; ``post`` is the key of the post whose telegram an ``EMBTEL`` is.

    Any text gives a result: what cannot be read is of kind ``text``. Diagnostics: CK104 (a telegram is cited, but not
    which), CK105 (its post is in no list), CK502 (a year left out in January that may be last year's). Repair:
    ``letter-in-serial`` (the letter O for the digit, a blank inside).
    """
    block = _Block(reading, year, on, post)
    for part in parts:
        try:
            pieces: list[Any] = grammar.read("references", part.text).children
        except grammar.Unreadable as error:
            reading.unreadable("reference", part, error)
            block.add("text", part.start, part.end)
        else:
            block.read(pieces, part.start)
    block.end_letter()
    return tuple(block.citing.reference(item, block.for_all) for item in block.items)


class _Block:
    """Collects the items of a REF block."""

    def __init__(self, reading: Reading, year: int | None, on: date | None, post: str | None) -> None:
        self.reading = reading
        self.citing = Citing(reading, year, on, post)
        self.items: list[Item] = []
        self.offset = 0
        self.letter: _Letter | None = None
        """The letter of the item to come."""
        self.last_letter = ""
        self.open = False
        """True where running text goes on with the last item."""
        self.for_all: list[str] = []
        """Remarks on every item: ALL NOTAL."""

    def read(self, pieces: list[Any], offset: int) -> None:
        """Read the pieces of one part, which stands at an offset of the text."""
        self.offset = offset
        self.open = False
        signs = [getattr(piece, "type", "") for piece in pieces]
        letters_to_come = Counter(_letter(piece) for piece, sign in zip(pieces, signs, strict=True) if sign in _LETTERS)
        loose = False
        for piece, sign in zip(pieces, signs, strict=True):
            if not sign:
                if self.letter and loose and not self.is_list_letter(self.letter, piece.data, letters_to_come):
                    start, self.letter = self.letter.start, None
                    self.go_on(start, offset + piece.children[-1].end_pos)
                else:
                    self.read_item(piece)
            elif sign in _LETTERS:
                loose = sign == "LOOSE"
                letter = _letter(piece)
                letters_to_come[letter] -= 1
                if self.letter and self.letter.name.upper() != letter.upper():
                    self.end_letter()
                # A letter that stands twice, A. A) or A. REF A, is one.
                name, start = self.letter[:2] if self.letter else (letter, offset + piece.start_pos)
                self.letter = _Letter(name, start, offset + piece.end_pos)
            elif sign == "DAMAGED_LABEL":
                self.reading.repair("ref-label", offset + piece.start_pos, offset + piece.end_pos, "REF:")
            elif sign == "SEMICOLON":
                self.end_letter()
                self.open = False

    # ---- letters

    def is_list_letter(self, letter: _Letter, rule: str, letters_to_come: Counter[str]) -> bool:
        """Tell whether what may be an initial is a list letter: by what follows, by its turn and by its place."""
        if rule in ("cable", "airgram", "message"):
            return True
        if not self.is_turn(letter) or letters_to_come[letter.name]:
            return False
        return bool(self.last_letter) or not self.items or self.begins_line(letter.start)

    def is_turn(self, letter: _Letter) -> bool:
        """Tell whether a letter goes on with the list."""
        before = ord(self.last_letter.upper()) if self.last_letter else ord("A") - 1 + len(self.items)
        return ord(letter.name.upper()) == before + 1 or (not self.items and letter.name == "1")

    def begins_line(self, position: int) -> bool:
        """Tell whether only blanks stand in front on the line."""
        return self.reading.source.text[max(position - 80, 0) : position].rstrip(" \t").endswith("\n")

    def end_letter(self) -> None:
        """End a letter that nothing follows: in its turn it is an empty item, otherwise part of the one before."""
        if self.letter:
            letter = self.letter
            if self.is_turn(letter) or not self.items:
                self.add("text", letter.end, letter.end)
            else:
                self.letter = None
                self.go_on(letter.start, letter.end)

    # ---- items

    def add(self, kind: ReferenceKind, start: int, end: int) -> Item:
        """Add an item of these positions; the letter that waits is its letter."""
        letter, first = None, start
        if self.letter:
            letter, first, _ = self.letter
            self.last_letter, self.letter = letter, None
        item = Item(kind, letter, first, start, end, end)
        self.items.append(item)
        self.open = True
        return item

    def go_on(self, start: int, end: int) -> None:
        """Add running text: to the last item where it goes on with it, otherwise as an item of its own."""
        if not self.open:
            self.add("text", start, end)
            return
        item = self.items[-1]
        item.end = end
        if item.kind == "cable" or item.remarks:
            self.remark(item, self.written(start, end))
        else:
            item.text_end = end

    def read_item(self, tree: Any) -> None:
        """Read one piece that is not a mere sign."""
        tokens = tree.children
        if tree.data == "cable":
            self.read_cable(tokens)
        elif tree.data == "remark" and self.items and not self.letter:
            self.read_remarks(tokens, self.items[-1:])
        else:
            main = next((at for at, token in enumerate(tokens) if token.type in _KINDS), 0)
            name = tokens[main - 1] if main else None
            if name and name.type == "AIRGRAM_POST" and self.citing.find_post(name, self.offset)[1] == ():
                self.read_prose(self.offset + tokens[0].start_pos, self.offset + tokens[-1].end_pos)
                return
            kind = _KINDS.get(tokens[main].type, "text")
            if kind == "text" and self.read_bare_number(tokens):
                return
            item = self.add(kind, self.offset + tokens[0].start_pos, self.offset + tokens[main].end_pos)
            self.read_remarks(tokens[main + 1 :], [item])

    def read_bare_number(self, tokens: list[Any]) -> bool:
        """Read a number with a letter but no post as the next telegram of the post before (FORMAT.md section 9.1).

        The citing post's own telegram of that number is the other reading.
        """
        before, written = (self.items[-1] if self.items else None), tokens[0].strip(" .,")
        bare = self.citing.of_record_copies and self.letter is not None and written.isdecimal()
        if not bare or before is None or before.kind != "cable" or before.post is None or len(written) > LONGEST_SERIAL:
            return False
        start = self.offset + tokens[0].start_pos
        item = self.add("cable", start, start + len(written))
        item.post, item.year, item.serial = before.post, before.year, int(written) or None
        own = self.citing.post
        item.others = (own,) if own and own != before.post else ()
        self.read_remarks(tokens[1:], [item])
        return True

    def read_cable(self, tokens: list[Any]) -> None:
        """Read a post with one or several serials, each an item with the same letter."""
        start = self.offset + tokens[0].start_pos
        year = None
        items: list[Item] = []
        for token in tokens:
            end = self.offset + token.end_pos
            if token.type == "YEAR":
                year = self.citing.full_year(token)
            elif token.type in ("POST", "EMBTEL", "DEPTEL"):
                post, near, others = self.citing.find_post(token, self.offset)
                if near == () and (
                    len(token.split()) > _LONGEST_UNKNOWN or any(each.type == "TEXT" for each in tokens)
                ):
                    self.read_prose(start, self.offset + tokens[-1].end_pos)
                    return
            elif token.type in ("SERIAL", "BROKEN_SERIAL", "CUT_SERIAL"):
                number, rest = self.citing.parted(token)
                end = self.offset + token.start_pos + len(number)
                item = self.add("cable", self.offset + token.start_pos if items else start, end)
                item.letter = items[0].letter if items else item.letter
                item.post, item.near, item.others, item.year = post, near, others, year
                item.serial = self.citing.serial(number, end)
                items.append(item)
                if rest:
                    self.doubt(start, self.offset + token.end_pos)
                    self.remark(item, rest)
                    item.end = self.offset + token.end_pos
            else:
                if token.type == "TEXT" and not token.split()[0].strip("0123456789O"):
                    self.doubt(start, self.offset + token.start_pos + len(token.split()[0]))
                self.read_remarks((token,), items)

    def doubt(self, start: int, end: int) -> None:
        """Say of a number with a blank inside that it may be two."""
        self.reading.diagnose("CK104", start, end, f"{self.written(start, end)} may be one number or two")

    def read_prose(self, start: int, end: int) -> None:
        """Read what looks like a cable and is running text with a number in it."""
        if self.letter:
            self.add("text", start, end)
        else:
            self.go_on(start, end)

    # ---- remarks

    def read_remarks(self, tokens: Sequence[Any], items: Sequence[Item]) -> None:
        """Read what stands behind items: a year is that of all of them, a remark that of the last."""
        last = items[-1]
        for token in tokens:
            if token.type in ("YEAR_BEHIND", "DATE"):
                for item in items:
                    item.year = item.year or self.citing.full_year(token)
            end = self.offset + token.end_pos
            if token.type == "YEAR_BEHIND" and last.end == last.text_end:
                last.text_end = end
            elif token.type != "REMARK":
                self.remark(last, token)
            elif (remark := token.upper()).strip("( ").startswith("ALL "):
                self.for_all.append(" ".join(remark.strip("( )").split()[1:]))
            else:
                self.remark(last, remark)
            last.end = end

    def remark(self, item: Item, written: str) -> None:
        """Add a remark to an item, in one line and without its parentheses."""
        text = " ".join(written.split()).strip(" ,;.-–—")
        if text.startswith("("):
            text = text[1:].removesuffix(")").strip()
        if text:
            item.remarks.append(text)

    def written(self, start: int, end: int) -> str:
        """Return what stands at these positions, in one line."""
        return " ".join(self.reading.source.text[start:end].split())


def _letter(token: str) -> str:
    """Return the letter of a list letter: the last sign that is one."""
    return next(char for char in reversed(token) if char.isalnum())
