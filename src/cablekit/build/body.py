"""Paragraphs, headings, tables and signature from the parts that the document grammar cut (FORMAT.md sections 11-13).

The grammar says what each part is; what is left for this module is what depends on the parts before: whether a number
continues the count, whether a line goes on behind a page break, and which blocks a heading or an opener speaks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from cablekit.build.breaks import build_page_break
from cablekit.build.drafts import Draft, Item, build_block
from cablekit.build.lines import ends_in_gap, join_lines, paragraph_number, visible_start
from cablekit.build.markings import build_portion_mark
from cablekit.build.reading import LOOK_ALIKES, Part, Reading
from cablekit.build.records import LINES_12
from cablekit.build.roles import role_of, settle_roles
from cablekit.build.signature import build_signature, split_signature
from cablekit.build.traces import settle_traces
from cablekit.model import (
    Block,
    PageBreak,
    PortionMark,
    Signature,
)

if TYPE_CHECKING:
    from cablekit.grammar import Token

_SENTENCE_ENDS = '.!?:;"”)*'
_FAR = 20
"""A number this far ahead of the count is text (FORMAT.md section 19.2)."""
_AHEAD = 60
"""How many parts are looked at for the number that is due."""


class Body(NamedTuple):
    """What the text of a cable consists of."""

    blocks: tuple[Block, ...]
    signature: Signature | None
    page_breaks: tuple[PageBreak, ...]


class BodyBuilder:
    """Takes the parts in order; `finish` gives the models."""

    def __init__(self, reading: Reading, post: str | None) -> None:
        """Start empty; `post` is the post as line 12 writes it, for page breaks inside lines."""
        self.reading = reading
        self.post = post or ""
        self.drafts: list[Draft] = []
        self.page_breaks: list[PageBreak] = []
        self.break_starts: dict[int, int] = {}
        """Where page-break lines inside a line really start, by the position of their serial."""
        self.signature: Signature | None = None
        self.open: Draft | None = None
        self.last = 0
        self.pilcrows = False
        self.stops = False
        """Whether paragraph numbers have a stop: then 1) is a list item, not a paragraph."""
        self.item: Item | None = None
        self.interrupted = False
        self.label: tuple[str, int, int] | None = None
        """A list label whose text is to come, where it starts and ends."""
        self.gap = True
        """Whether a blank line stands before the next part."""

    def take(self, tokens: Iterable[Token]) -> None:
        """Take the parts of the text in their order."""
        parts = list(tokens)
        for index, token in enumerate(parts):
            kind = token.type
            if kind in ("TEXT", "ITEM_TEXT", "ATTENTION"):
                self.text(token, settle_traces(token, self.reading))
            elif kind in ("MARKED_NUMBER", "NUMBER"):
                self.numbered(token, parts[index + 1 : index + 1 + _AHEAD])
            elif kind == "DOUBTFUL_NUMBER":
                self.doubtful(token, parts[index + 1 : index + 1 + _AHEAD])
            elif kind in ("PAGE_BREAK", "INLINE_BREAK"):
                self.page_break(token)
            elif kind == "CAPTION_IN_TEXT" or kind in LINES_12:
                self.interrupted = True
                if kind == "CAPTION_IN_TEXT":
                    start = visible_start(token)
                    self.reading.repair("caption-in-text", start, start + len(token.strip()), "")
            elif kind in ("OPENER", "MARKED_OPENER"):
                self.opener(token)
            elif kind == "SUB_LABEL":
                self.sub_label(token, parts[index + 1 : index + 1 + _AHEAD])
            elif kind == "MARK":
                self.portion(token)
            elif kind in ("HEADING", "PLAIN_HEADING"):
                self.heading(token)
            elif kind == "TABLE":
                self.table(token)
            elif kind == "SIGNATURE":
                self.signature = build_signature(token, self.reading)
                self.open = None
            elif kind == "MISSING_SECTION":
                self.open = None
            elif kind == "RULE":
                self.gap = True
                continue
            self.gap = ends_in_gap(token)

    # ---- parts ----------------------------------------------------------------------------------------------------

    def numbered(self, token: Token, following: list[Token]) -> None:
        """Begin a paragraph, unless its number turns out to be text."""
        written, number = paragraph_number(token)
        mark = token.strip()[len(written) :].strip()
        start = visible_start(token)
        end_of_number = start + len(written)
        pilcrow = "¶" in written
        if not (mark or self.believed(number, pilcrow, following)):
            if pilcrow:
                self.reading.repair("false-pilcrow", start, end_of_number, written.lstrip("¶ "))
            self.text(token, token.replace("¶", "", 1))
            return
        if not pilcrow and self.pilcrows and self.is_read_as_one(number, following):
            number -= 10
            self.reading.repair("pilcrow-read-as-1", start, end_of_number, f"{number}.")
        twice = self.open
        if twice and twice.kind == "paragraph" and (twice.number, twice.mark, twice.pieces) == (number, None, []):
            self.reading.repair("number-doubled", twice.start, end_of_number, written)
            self.drafts.pop()
        draft = self.begin("paragraph", token)
        draft.number, draft.written = number, written
        letter = written.rstrip(".)")[-1:]
        draft.suffix = letter if letter.isalpha() else None
        if mark:
            draft.mark = self.mark(mark, token.start_pos + token.rindex(mark))
        draft.end = start + len(token.strip())
        self.last = number
        self.pilcrows = self.pilcrows or pilcrow
        self.stops = self.stops or not written.endswith(")")

    def doubtful(self, token: Token, following: list[Token]) -> None:
        """Begin the paragraph that is due, its number garbled or without stop; else marked text with such a word."""
        written, paren, mark = token.strip().partition("(")
        written = written.rstrip()
        due = self.last + 1
        figures = written.strip("¶ ,;.*)").translate(LOOK_ALIKES)
        numbers = [paragraph_number(one)[1] for one in following if one.type in ("NUMBER", "MARKED_NUMBER")]
        fits = (int(figures) == due) if figures.isdecimal() else figures == "Q"
        draft = self.begin("paragraph", token)
        if fits and (not numbers or due + 1 in numbers[:1] or (written.isdecimal() and self.gap)):
            draft.number, draft.written = due, written
            self.last = due
            if not written.isdecimal():
                self.reading.repair("number-letter", draft.start, draft.start + len(written), f"{due}.")
        else:
            draft.kind, draft.under = "text", self.last or None
            draft.pieces.append(written)
        draft.mark = self.mark(paren + mark, token.start_pos + token.index(paren))

    def believed(self, number: int, pilcrow: bool, following: list[Token]) -> bool:
        """Tell a paragraph number from a number that begins a line of text (FORMAT.md section 19.2).

        The pilcrow proves nothing: the publisher put it before every line that begins with a number and a stop.
        """
        due = self.last + 1
        if number == due:
            return True
        if number > self.last + _FAR or number == 0:
            return False
        numbers = [paragraph_number(token)[1] for token in following if token.type in ("NUMBER", "MARKED_NUMBER")]
        to_come = number > due and due in numbers
        if self.gap or self.open is None:
            # ... see paragraph | ¶6. SUMMARY: the sentence goes on, and the number that is due is yet to come.
            before = self.open.pieces[-1] if self.open is not None and self.open.pieces else "."
            return not (to_come and before[-1:].isalpha())
        return pilcrow and not to_come

    def is_read_as_one(self, number: int, following: list[Token]) -> bool:
        """Tell ``14.`` that is a pilcrow and a 4: 4 is due, and nothing behind goes on from 14 (FORMAT.md 19.1).

        With one marked text since the last number 5 may be due as well: that text has lost its number (19.3).
        """
        lost = number - 11 - self.last
        if lost not in (0, 1) or not 1 <= number - 10 <= 9:
            return False
        if lost:
            since = takewhile(lambda draft: draft.kind != "paragraph", reversed(self.drafts))
            if sum(draft.mark is not None for draft in since) != 1:
                return False
        for token in following:
            if token.type in ("MARKED_NUMBER", "NUMBER"):
                written, next_number = paragraph_number(token)
                return next_number == number - 9 or ("¶" not in written and next_number == number + 1)
        return True

    def portion(self, token: Token) -> None:
        """Begin unnumbered text with a mark of its own."""
        draft = self.begin("text", token)
        draft.under = self.last or None
        draft.mark = self.mark(token.strip(), draft.start)
        draft.end = draft.start + len(token.strip())

    def mark(self, text: str, start: int) -> PortionMark | None:
        """Read a portion mark."""
        text = text.rstrip()
        return build_portion_mark(Part(text, start), self.reading)

    def opener(self, token: Token) -> None:
        """Note what the block says it is; the words stay part of its text."""
        words, paren, mark = token.partition("(")
        role = role_of(words)
        if self.open is None or self.open.pieces:
            self.begin("text", token).under = self.last or None
        draft = self.open
        assert draft is not None
        if paren:
            draft.mark = self.mark(paren + mark, token.start_pos + len(words))
        words = " ".join(words.split())
        draft.pieces.append(words)
        draft.end = token.start_pos + len(token.rstrip())
        draft.role = role
        draft.opened = len(words) + 1

    def heading(self, token: Token) -> None:
        """Add a heading; the rules above and below it are not its text."""
        draft = self.begin("heading", token)
        words = " ".join(" ".join(line.strip("- \t") for line in token.splitlines()).split())
        draft.pieces.append(words)
        draft.end = draft.start + len(token.strip())
        draft.underlined = token.type == "HEADING"
        draft.role = role_of(words)
        self.open = None

    def table(self, token: Token) -> None:
        """Add a table as it stands."""
        draft = self.begin("table", token)
        draft.start = token.start_pos
        draft.pieces.append(token.rstrip())
        draft.end = draft.start + len(draft.pieces[0])
        draft.under = self.last or None
        self.open = None

    def sub_label(self, token: Token, following: list[Token]) -> None:
        """Remember the label: the text behind it is the item. 1) numbers a paragraph where no number has a stop."""
        label = token.strip().lstrip("¶").strip()
        if label == f"{self.last + 1})" and self.gap and not self.stops:
            self.numbered(token, following)
        else:
            before, start, _ = self.label or ("", visible_start(token), 0)
            self.label = (f"{before} {label}".strip(), start, token.start_pos + len(token.rstrip()))

    def settle_label(self) -> None:
        """A label that no text follows is text itself."""
        if self.label is None:
            return
        (label, start, end), self.label = self.label, None
        draft = self.open
        if draft is None:
            draft = Draft("text", start, start, under=self.last or None)
            self.drafts.append(draft)
        draft.pieces.append(f" {label}" if draft.pieces else label)
        draft.end = end

    def page_break(self, token: Token) -> None:
        """Keep a page-break line; the text goes on behind it."""
        start, end = visible_start(token), token.start_pos + len(token.rstrip())
        if token.type == "INLINE_BREAK":
            start = self.give_back_post(start)
            self.break_starts[token.start_pos] = start
        self.page_breaks.append(build_page_break(Part(self.reading.source.text[start:end], start), self.reading))
        self.interrupted = True

    def give_back_post(self, start: int) -> int:
        """The post of a page break inside a line was read as the end of the text before: take it away there."""
        text = self.reading.source.text
        first = max(start - len(self.post) - 4, 0)
        if not self.post or not text[first:start].rstrip().endswith(self.post):
            return start
        first = text.rindex(self.post, first, start)
        if self.open is not None and self.open.pieces and self.open.pieces[-1].endswith(self.post):
            self.open.pieces[-1] = self.open.pieces[-1][: -len(self.post)].rstrip()
            self.open.end = self.open.start + len(text[self.open.start : first].rstrip())
        return first

    def text(self, token: Token, words: str) -> None:
        """Add running text to the open block, or begin an unnumbered one."""
        text = join_lines(words)
        if not text:
            return
        end = token.start_pos + len(token.rstrip())
        draft = self.open
        if draft is None:
            waiting, self.label = self.label, None
            draft = self.begin("text", token)
            draft.under = self.last or None
            draft.start, self.label = (waiting[1] if waiting else draft.start), waiting
        if self.label is not None:
            label, label_start, _ = self.label
            self.item = Item(label, label_start, end, [text])
            draft.items.append(self.item)
            draft.pieces.append(f"\n{label} {text}" if draft.pieces else f"{label} {text}")
            self.label = None
        elif not draft.pieces or not draft.pieces[-1]:
            draft.pieces.append(text)
        else:
            seam = self.seam(draft.pieces[-1], text)
            draft.pieces += (seam, text)
            if self.item is not None and self.interrupted and seam != "\n\n":
                self.item.pieces += (seam, text)
                self.item.end = end
            else:
                self.item = None
        draft.end = end
        self.interrupted = False

    def seam(self, before: str, behind: str) -> str:
        """What stands between two runs of text: a new paragraph, or only a page break or a lost blank line."""
        ended = before[-1] in _SENTENCE_ENDS
        if not self.gap and not self.interrupted:
            return " "
        if not ended or behind[0].islower():
            return "" if before[-1] == "-" and before[-2:-1].isalpha() else " "
        return "\n\n"

    def begin(self, kind: Literal["paragraph", "text", "heading", "table"], token: Token) -> Draft:
        """Open a new block at a token."""
        self.settle_label()
        draft = Draft(kind, visible_start(token), token.start_pos + len(token.rstrip()))
        self.drafts.append(draft)
        self.open = draft
        self.item = None
        self.interrupted = False
        return draft

    # ---- the end --------------------------------------------------------------------------------------------------

    def finish(self) -> Body:
        """Settle what could not be known before the end and build the models."""
        self.settle_label()
        for draft in self.drafts:
            draft.text = "".join(draft.pieces)
        if self.signature is None and self.drafts and self.drafts[-1].kind in ("paragraph", "text"):
            self.signature = split_signature(self.drafts[-1], self.reading)
        self.restore_lost_numbers()
        settle_roles(self.drafts)
        blocks = tuple(
            build_block(draft, self.reading) for draft in self.drafts if draft.text or draft.kind == "paragraph"
        )
        return Body(blocks, self.signature, tuple(self.page_breaks))

    def restore_lost_numbers(self) -> None:
        """A marked text in a gap of one is the paragraph whose number was lost (FORMAT.md section 19.3)."""
        numbers = [draft for draft in self.drafts if draft.kind == "paragraph"]
        following = {id(first): second.number for first, second in pairwise(numbers)}
        before: Draft | None = None
        lost: list[Draft] = []
        for draft in [*self.drafts, None]:
            if draft is None or draft.kind == "paragraph":
                if before and len(lost) == 1 and following.get(id(before)) == before.number + 2:
                    self.number(lost[0], before.number + 1)
                before, lost = draft, []
            elif draft.kind == "text" and draft.mark is not None:
                lost.append(draft)

    def number(self, draft: Draft, number: int) -> None:
        """Make a marked text the paragraph that it is."""
        mark = draft.mark.as_written if draft.mark else ""
        self.reading.repair("number-lost", draft.start, draft.start + len(mark), f"{number}. {mark}")
        draft.kind, draft.number, draft.under = "paragraph", number, None
