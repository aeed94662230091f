"""Record copies of 1973-79, layout C: the tree of ``record_copy.lark`` to a `Copy` (FORMAT.md section 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cablekit import grammar
from cablekit.build.attributes import build_attributes, split
from cablekit.build.breaks import build_page_break
from cablekit.build.copies import Copy
from cablekit.build.copy_head import DraftingBuilder, build_loose_dtg, build_relay
from cablekit.build.documents import build_document
from cablekit.build.header import build_header
from cablekit.build.lines import visible_start
from cablekit.build.nodes import Stretch
from cablekit.build.publication import build_release
from cablekit.build.reading import Part, Reading
from cablekit.build.records import flatten
from cablekit.model import DateTimeGroup, Header, Mrn, Note, PageBreak, RecordCopy, Relay, Section, Span
from cablekit.vocabulary import documents

if TYPE_CHECKING:
    from cablekit.grammar import Token

_TEXT = frozenset({"CAPTIONS", "CLASSIFICATION_LINE", "FIRST_TEXT", "TEXT"})
_HEADER = frozenset({"DISTRIBUTION", "FIRST_ADDRESSES", "ADDRESSES", "MORE_ADDRESSES", "ROUTING"})
_HEAD = _HEADER | {"COPY_NUMBER", "COUNT_LINE", "DASHES", "DTG"}
_DRAFTING = frozenset({"DRAFTED_BY", "APPROVED_BY", "DESIRED_DISTRIBUTION", "CLEARANCE"})
_MIXED = frozenset({"PAGE_CHANGE", "FIRST_PAGE", "END_MARK", "LAST_LEVEL"})
"""Furniture of several lines, read by a rule of its own."""
RULES = {
    "BLANK": "blank",
    "CONTAINER": "container",
    "COPY_NUMBER": "copy_number",
    "COUNT_LINE": "dashes",
    "DASHES": "dashes",
    "DTG": "dtg",
    "END_SIGN": "end_mark",
    "LEVEL_ALONE": "page_classification",
    "LOST": "lost_characters",
    "LOST_TEXT": "lost_text",
    "MESSAGE_ATTRIBUTES": "heading_of_record",
    "MESSAGE_TEXT": "heading_of_record",
    "NOTE": "note",
    "PAGE_HEAD": "page_break",
    "PLACE": "page_break",
    "STAMP": "release_stamp",
    "TRAILER": "archive_line",
    **dict.fromkeys(_DRAFTING, "drafting"),
}
"""Terminal → rule as users see it; everything else of a copy that is no text is ``unparsed``."""

_LOOK = 200
"""Characters at the start of a page that show whether it can be another one again."""
_SENTENCE_ENDS = '.!?:"”)'
_FULL_LINE = 50
"""A line this long goes on where it ends a sentence at a page change; a shorter one ends its paragraph."""


def read(reading: Reading, copy: Copy) -> Copy:
    """Take the telegram out of a record copy, or out of what is left of another copy without its furniture."""
    return _Reader(reading, copy).read()


class _Page(NamedTuple):
    """A page head, and where its text begins in the list of stretches."""

    place: PageBreak
    first: int


class _Reader:
    def __init__(self, reading: Reading, copy: Copy) -> None:
        self.reading = reading
        self.text = reading.source.text
        self.copy = copy
        self.furnished: list[Stretch] = []
        copy.layers.append(self.furnished)
        self.kept: list[tuple[int, int]] = []
        """Stretches of the telegram's text."""
        self.head: list[tuple[int, int]] = []
        """Stretches that header.lark reads: distribution and addresses of the first head."""
        self.section = 0
        """How many heads stood behind text: later sections of the message."""
        self.head_of: int | None = None
        """Which of them the head that is read belongs to: the first that has one."""
        self.pages: list[_Page] = []
        self.texts: dict[tuple[int | None, int | None], Token] = {}
        """First stretch of text of each page."""
        self.headings: list[Token] = []
        self.relay: Relay | None = None
        self.dtg: DateTimeGroup | None = None
        self.copy_number: str | None = None
        self.drafting = DraftingBuilder(reading)
        self.notes: list[Note] = []
        self.attributes: list[Token] = []
        self.attributes_again: list[Token] = []
        """Those under a second heading, which are left unread."""
        self.attribute_headings: list[Token] = []
        self.level: Part | None = None
        self.line_12 = False

    # ---- the parts

    def read(self) -> Copy:
        tokens = flatten(grammar.read("record_copy", self.text))
        for token in tokens:
            kind = token.type
            if kind in ("FIRST_PAGE", "MESSAGE_TEXT") and self.kept:
                self.section += 1
            if len(self.headings) > 1 and kind not in ("ATTRIBUTES", "MESSAGE_ATTRIBUTES", "STAMP", "BLANK"):
                self.furnish(token, "unparsed")
            elif kind in _TEXT:
                self.keep(token)
            elif kind == "ATTRIBUTES":
                self.take_attributes(token)
            elif kind in _MIXED:
                self.furniture(token)
            elif kind in _HEAD and self.is_repeated():
                self.furnish(token, "repeated_header")
            elif kind in _HEADER:
                self.head.append((token.start_pos, token.start_pos + len(token)))
            else:
                self.single(token)
        self.finish()
        return self.copy

    def is_repeated(self) -> bool:
        """Tell whether a line of a head belongs to a later section than the head that was read."""
        self.head_of = self.section if self.head_of is None else self.head_of
        return self.head_of != self.section

    def keep(self, token: Token) -> None:
        """Keep a stretch of text; line 12 of a later section is text only where the first one has one."""
        start, end = token.start_pos, token.start_pos + len(token)
        if token.type == "CLASSIFICATION_LINE":
            if self.section and not self.line_12:
                self.furnish(token, "repeated_header")
                return
            self.line_12 = True
        if self.is_page_again(token):
            self.furnish(token, "repeated_page")
            return
        visible = start + len(token.rstrip())
        line_end = min(visible + 1, end)
        if self.kept:
            before, after = self.kept[-1][1], start
            if before < after and self.ends_paragraph(before):
                # One of the blank lines around the furniture ends the paragraph in front of it.
                if self.text[before : before + 1] == "\n":
                    self.kept[-1] = (self.kept[-1][0], before + 1)
                elif self.text[after - 2 : after] == "\n\n":
                    start = after - 1
        if self.kept and self.kept[-1][1] == start:
            self.kept[-1] = (self.kept[-1][0], line_end)
        else:
            self.kept.append((start, line_end))

    def is_page_again(self, token: Token) -> bool:
        """Tell whether a page has stood before, word for word."""
        if not self.pages:
            return False
        place = self.pages[-1].place
        before = self.texts.setdefault((place.section, place.page), token)
        if before is token or before[:_LOOK].split()[:1] != token[:_LOOK].split()[:1]:
            return False
        return before.split() == token.split()

    def ends_paragraph(self, position: int) -> bool:
        """Tell whether the line that ends in front of a position is the last one of its paragraph."""
        # (Stretches end with their last line, so that few blanks can stand in front.)
        line = self.text[max(0, position - 2 * _FULL_LINE) : position].rstrip()[-_FULL_LINE:]
        return line[-1:] in _SENTENCE_ENDS and "\n" in line

    def take_attributes(self, token: Token) -> None:
        """Take attributes that stand together; those under a second heading are left unread."""
        again = len(self.attribute_headings) > 1
        (self.attributes_again if again else self.attributes).append(token)
        self.furnish(token, "unparsed" if again else "attribute")

    def single(self, token: Token) -> None:
        """Take a part of one kind."""
        kind, part = token.type, Part(str(token), token.start_pos)
        rule = RULES.get(kind, "unparsed")
        if kind == "MESSAGE_TEXT":
            self.headings.append(token)
        elif kind == "MESSAGE_ATTRIBUTES":
            self.attribute_headings.append(token)
        elif kind == "STAMP":
            self.copy.releases.append(build_release(token, self.reading))
        elif kind == "LOST":
            self.lost(token)
        elif kind == "NOTE":
            self.notes.append(_note(token, self.reading))
        elif kind == "DTG":
            self.dtg = self.dtg or build_loose_dtg(part, self.reading, self.copy.years, of_image=self.copy.of_images)
        elif kind in ("DASHES", "COUNT_LINE"):
            relay = build_relay(part, self.reading)
            if self.relay is None or self.relay.count is None:
                self.relay = relay
        elif kind == "PLACE":
            self.add_page(build_page_break(part, self.reading))
        elif kind == "COPY_NUMBER":
            self.copy_number = self.copy_number or token.strip()
        elif kind in _DRAFTING:
            self.drafting.take(token)
        self.furnish(token, rule)

    def furniture(self, token: Token) -> None:
        """Take a stretch of furniture apart: stamps, page heads, classifications, end signs."""
        for piece in grammar.tokens(grammar.read("record_copy", str(token), "furniture")):
            piece.start_pos += token.start_pos
            if piece.type == "STAMP":
                self.copy.releases.append(build_release(piece, self.reading))
            elif piece.type == "PAGE_HEAD":
                start = piece.start_pos
                span = self.reading.span(start, start + len(piece.rstrip()))
                self.add_page(build_page_break(Part(" ".join(piece.split()), start), self.reading, span))
            elif piece.type == "LEVEL_ALONE":
                self.level = self.level or Part(str(piece), piece.start_pos)
            elif piece.type == "LOST":
                self.lost(piece)
            self.furnish(piece, RULES[piece.type])

    def add_page(self, place: PageBreak) -> None:
        """Add a page head; a place that stands apart from its PAGE 02 belongs to that."""
        last = self.pages[-1].place if self.pages else None
        if last and place.page is None and last.post is None and last.page is not None:
            fields = {name: getattr(place, name) for name in ("post", "serial", "section", "of")}
            self.pages[-1] = _Page(last.model_copy(update=fields), len(self.kept))
        else:
            self.pages.append(_Page(place, len(self.kept)))

    def lost(self, token: Token) -> None:
        """Note lost characters that are left out."""
        start = token.start_pos
        self.reading.repair("lost-characters", start, start + len(token.rstrip()), "")

    def furnish(self, token: Token, rule: str) -> None:
        """Note a stretch that is no text of the telegram."""
        start = token.start_pos
        self.furnished.append((self.reading.source.stretch(start, start + len(token)), rule))

    # ---- the end

    def finish(self) -> None:
        """Put the copy together."""
        copy, source = self.copy, self.reading.source
        copy.message = self.reading.on(source.without(between(self.kept, len(self.text))))
        copy.header = self.header() if self.head or self.dtg else None
        copy.page_breaks = [page.place for page in self.pages if page.place.page != 1 or page is not self.pages[0]]
        if copy.attributes is None:
            copy.attributes = build_attributes(self.attributes, self.reading)
            copy.document, copy.candidates = build_document(copy.attributes.part("Document Number"), self.reading)
        copy.record = RecordCopy.model_construct(
            attributes=copy.attributes.models,
            document_number=copy.document.as_written if copy.document else None,
            document=copy.document,
            candidates=copy.candidates,
            has_text=bool(copy.message.source.text.strip()),
            copy_number=self.copy_number,
            relay=self.relay,
            drafting=copy.drafting or self.drafting.finish(),
            notes=tuple(self.notes),
        )
        if self.level:
            copy.level = (self.level, self.reading)
        copy.mrn, copy.section = self.of_page_heads()
        self.check()

    def header(self) -> Header:
        """Read distribution and addresses, and add line 5."""
        head = self.reading.source.without(between(self.head, len(self.text)))
        header = Header.model_construct()
        if head.text.strip():
            part = build_header(Part(head.text, 0), self.reading.on(head))
            header = part.header
            starts = [head.position(at) for _, at in part.lines]
            spans = [self.reading.source.stretch(*stretch) for stretch in self.head]
            for (rule, _), start, following in zip(part.lines, starts, [*starts[1:], len(self.text)], strict=True):
                for span in spans:
                    first, end = max(start, span.start), min(following, span.end)
                    if first < end:
                        self.furnished.append((Span(first, end), rule))
        if self.dtg is None:
            return header
        span = self.dtg.span if header.span is None else Span(*_hull(header.span, self.dtg.span))
        return header.model_copy(update={"dtg": self.dtg, "span": span})

    def of_page_heads(self) -> tuple[Mrn | None, Section | None]:
        """Return post, serial and section of the first page head that has them."""
        place = next((page.place for page in self.pages if page.place.post and page.place.serial), None)
        if place is None:
            return None, None
        section = None
        if place.section is not None:
            section = Section.model_construct(number=place.section, of=place.of, span=place.span)
        post = place.post or ""
        found = documents.find(post)
        key = found[0] if found else "".join(filter(str.isalnum, post))
        return (
            Mrn.model_construct(
                year=None,
                year_source="none",
                source="page_head",
                post=key,
                serial=place.serial or 0,
                as_written=f"{post} {place.serial:05d}",
                span=place.span,
            ),
            section,
        )

    def check(self) -> None:
        """Report headings, page heads and attributes that are not as they should be."""
        reading = self.reading
        if len(self.headings) > 1:
            token = self.headings[1]
            start = visible_start(token)
            message = f"the heading Message Text stands {len(self.headings)} times; the first message is read"
            reading.diagnose("CK210", start, start + len(token.strip()), message)
        elif not self.headings and (self.attributes or self.attributes_again):
            reading.note("CK210", Span(0, 0), "no heading Message Text stands in front of the message")
        if self.attribute_headings and not (self.attributes or self.attributes_again):
            heading = self.attribute_headings[0]
            end = heading.start_pos + len(heading.rstrip())
            reading.diagnose(
                "CK209", end - len(heading.strip()), end, "no attribute stands under the heading Message Attributes"
            )
        if self.attributes_again:
            first = split(self.attributes_again[0])[0]
            end = first.start + len(first.text.rstrip())
            reading.diagnose("CK402", first.start, end, "a second block of attributes")
        if self.head and self.dtg is None and self.copy.layout != "E":
            start, end = self.head[-1]
            reading.diagnose("CK211", start, end, "no date-time group stands above the addresses")
        header = self.copy.header or Header.model_construct()
        if routing := header.transmission_id or header.routing or header.station:
            reading.note("CK316", routing.span, "routing lines of a transmitted telegram stand in a record copy")
        self.check_pages()

    def check_pages(self) -> None:
        """Report pages out of order, doubled or missing."""
        if self.copy.of_images:
            return  # their numbers are misread too often
        due = {1: 1}
        section = 1
        for page in self.pages:
            number, span = page.place.page, page.place.span
            section = page.place.section or section
            if number is None:
                continue
            wanted = due.get(section, 1)
            if number != wanted and not (page is self.pages[0] and not self.headings):
                what = "again" if number < wanted else f"where page {wanted} is due"
                likely = str(wanted) if number > wanted else None
                self.reading.note("CK409", span, f"page {number} stands {what}", likely)
            due[section] = number + 1


def between(kept: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return what lies between stretches, in front of the first and behind the last."""
    starts = [0, *(end for _, end in kept)]
    ends = [*(start for start, _ in kept), length]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]


def _hull(one: Span, other: Span) -> tuple[int, int]:
    return min(one.start, other.start), max(one.end, other.end)


def _note(token: Token, reading: Reading) -> Note:
    start = visible_start(token)
    return Note.model_construct(text=" ".join(token.split()), span=reading.span(start, start + len(token.strip())))
