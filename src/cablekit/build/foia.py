"""Pages of FOIA releases, layout F: the tree of ``foia.lark`` to a `Copy` (FORMAT.md section 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from cablekit import grammar
from cablekit.build import record_copy
from cablekit.build.attributes import Attributes, build_labelled, read_day
from cablekit.build.copies import Copy
from cablekit.build.lines import visible_start
from cablekit.build.misread import mend
from cablekit.build.nodes import Stretch
from cablekit.build.reading import Part
from cablekit.build.redactions import exemptions
from cablekit.model import Attribute, Redaction, Release

if TYPE_CHECKING:
    from cablekit.grammar import Token

_STAMPS = frozenset({"CASE_STAMP", "REVIEW", "DECISION"})
RULES = {
    "BLANK": "blank",
    "CASE_STAMP": "release_stamp",
    "CODE": "release_stamp",
    "CONTAINER": "container",
    "DECISION": "release_stamp",
    "EXEMPTION": "redaction",
    "FIELD": "attribute",
    "FIELDS": "attribute",
    "MARK": "page_classification",
    "REVIEW": "release_stamp",
}
_NAMES = {"Ref": "Reference"}
_DECISIONS: dict[str, Literal["full", "part", "denied"]] = {"FULL": "full", "PART": "part", "DENIED": "denied"}


def read(copy: Copy) -> Copy:
    """Take the first telegram out of a release; where more follow, diagnostic CK410 says so."""
    return _Reader(copy).read()


class _Reader:
    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.reading = mend(copy.whole.on(copy.whole.source.of_page_image()))
        self.furnished: list[Stretch] = []
        copy.layers.append(self.furnished)

    def read(self) -> Copy:
        text = self.reading.source.text
        tokens = grammar.tokens(grammar.read("foia", text))
        first, end = self.bounds(tokens)
        kept: list[tuple[int, int]] = []
        stamps: list[Token] = []
        marks: Counter[str] = Counter()
        above: Counter[str] = Counter()
        fields: list[tuple[Attribute, Part]] = []
        signed = False
        for token in tokens:
            start, kind = token.start_pos, token.type
            inside = first <= start < end
            if kind in ("LINES", "START", "HEAD", "END", "SIGNED"):
                # Behind the name of the signer are scraps of lines from elsewhere on the page.
                if inside and not (signed and kind in ("LINES", "SIGNED")):
                    signed = signed or kind == "SIGNED"
                    kept.append((start, token.end_pos))
                else:
                    self.furnish(token, "unparsed")
                continue
            if kind == "FIELD" and inside:
                label = token.partition(":")[0]
                fields.append(self.field(label, token, len(label)))
                if fields[-1][0].name == _NAMES["Ref"]:  # what stands above it ends there
                    kept.append((token.end_pos - 1, token.end_pos))
            elif kind == "FIELDS" and inside:
                fields += self.fields_apart(token)
            elif kind in _STAMPS and start < end:
                stamps.append(token)
            elif kind == "EXEMPTION" and inside:
                self.redaction(token)
            elif kind == "MARK" and start < end:
                (marks if inside else above)[token] += 1
            self.furnish(token, RULES[kind] if start < end else "unparsed")
        self.copy.releases += self.releases(stamps)
        if fields:
            self.copy.attributes = Attributes([one for one, _ in fields], [part for _, part in fields])
        if level := self.level(tokens, marks or above):
            self.copy.level = (level, self.reading)
        source = self.reading.source.without(record_copy.between(kept, len(text)))
        return record_copy.read(self.reading.on(source), self.copy)

    def bounds(self, tokens: list[Token]) -> tuple[int, int]:
        """Return where the first telegram begins and ends: at the first page of another one."""
        (first, end), *others = _stretches(tokens, len(self.reading.source.text))
        if others:
            token = next(token for token in tokens if token.start_pos == end)
            message = f"another telegram begins here; {len(others)} in all follow the first, which is read"
            self.reading.diagnose("CK410", end, end + len(token.rstrip()), message)
        return first, end

    def furnish(self, token: Token, rule: str) -> None:
        """Note a stretch that is no text of the telegram."""
        self.furnished.append((self.reading.source.stretch(token.start_pos, token.end_pos), rule))

    def field(self, label: str, token: Token, colon: int, end: int | None = None) -> tuple[Attribute, Part]:
        """Read a labelled line of an airgram's form; ``colon`` and ``end`` are where its value begins and ends."""
        value = type(token)(token[colon + 1 : end])
        value.type, value.start_pos = token.type, token.start_pos + colon + 1
        name = label.strip().capitalize()
        return build_labelled(_NAMES.get(name, name), value, self.reading)

    def fields_apart(self, token: Token) -> Iterator[tuple[Attribute, Part]]:
        """Read labels that stand together, TO and INFO, with their values behind them in the same order."""
        end = 0
        for label in token.split()[:2]:
            colon = token.index(":", end)
            end = token.index("\n", colon)
            yield self.field(label, token, colon, end)

    def redaction(self, token: Token) -> None:
        """Note a place where words were cut out: the exemption stands there instead."""
        start = visible_start(token)
        written = token.strip()
        span = self.reading.span(start, start + len(written))
        self.copy.redactions.append(
            Redaction.model_construct(kind="foia", as_written=written, exemptions=exemptions(written), span=span)
        )

    def level(self, tokens: list[Token], marks: Counter[str]) -> Part | None:
        """Return the classification of the pages: not the reviewer's, who marks them all UNCLASSIFIED."""
        own = [mark for mark, _ in marks.most_common() if "CLAS" not in mark] or list(marks)
        token = next((token for token in tokens if own and token.type == "MARK" and token == own[0]), None)
        return Part(str(token), token.start_pos) if token else None

    def releases(self, stamps: list[Token]) -> list[Release]:
        """Build one release: the stamps of all pages say the same, in pieces."""
        if not stamps:
            return []
        found: dict[str, list[str]] = {}
        for words in dict.fromkeys(map(str, stamps)):
            for piece in grammar.tokens(grammar.read("foia", words, "stamp")):
                found.setdefault(piece.type, []).append(" ".join(piece.split()))
        decision = found.get("PART_OF_DECISION", [""])[0]
        case = (*found.get("CASE_NUMBER", ()), *found.get("REVIEW_CASE", ()))
        dates = (*found.get("STAMP_DATE", ()), *found.get("REVIEW_DATE", ()))
        reviewers = found.get("REVIEWER", ())
        span = self.reading.span(stamps[0].start_pos, stamps[0].start_pos + len(stamps[0].rstrip()))
        return [
            Release.model_construct(
                text=" ".join(stamps[0].split()),
                date=next(filter(None, map(_day, dates)), None),
                authority="National Archives" if "NATIONAL_ARCHIVES" in found else "US Department of State",
                decision=next((value for word, value in _DECISIONS.items() if word in decision), None),
                exemptions=tuple(
                    dict.fromkeys(code for word in found.get("EXEMPTION_OF_STAMP", ()) for code in exemptions(word))
                ),
                case_number=_number(case),
                document_number=_number(found.get("DOCUMENT_NUMBER", ())),
                reviewer=reviewers[0].partition(":")[2].strip() if reviewers else None,
                span=span,
            )
        ]


def telegrams(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each telegram of a release begins and ends, its pages' stamps included.

    ``text`` is the text of all pages, line ends ``\\n``. A release often holds several telegrams, and `parse` reads the
    first; ``parse(text[start:end])`` reads each.
    """
    tokens = grammar.tokens(grammar.read("foia", text.replace("Ø", "0").replace("•", ".")))
    starts = [start for start, _ in _stretches(tokens, len(text))]
    # What the top of its page says of a telegram stands in front of its first line.
    pages = [token.start_pos for token in tokens if token.type == "CONTAINER" and token.startswith("=")]
    tops = [max((page for page in pages if page < start), default=start) for start in starts]
    tops = [top if number == 0 or top > starts[number - 1] else starts[number] for number, top in enumerate(tops)]
    return tuple(zip(tops, (*tops[1:], len(text)), strict=True))


def _stretches(tokens: list[Token], length: int) -> list[tuple[int, int]]:
    """Cut a release at the first page of each telegram; where none is marked, at the first line of a head."""
    starts: list[int] = []
    serial = ""
    for token in tokens:
        if token.type == "START" and (not starts or _serial(token) not in (serial, "")):
            serial = _serial(token)
            starts.append(token.start_pos)
    if not starts:
        starts = [next((token.start_pos for token in tokens if token.type == "HEAD"), 0)]
    return list(zip(starts, (*starts[1:], length), strict=True))


def _serial(token: Token) -> str:
    """Return the serial that a first page names, as far as figures can be read; empty where it names none."""
    numbers = [word for word in token.split()[2:] if sum(sign.isdigit() for sign in word) >= len("0001")]
    return numbers[0].lstrip("0")[-4:] if numbers else ""


def _number(words: tuple[str, ...] | list[str]) -> str | None:
    """Return the number behind a label: the last word of the first."""
    return words[0].replace(":", " ").split()[-1] if words else None


def _day(written: str) -> date | None:
    """Read ``Date: 07/31/2017``, month first, or ``DATE/CASE ID: 16 OCT 2007``."""
    words = written.split()
    if "/" in words[-1]:
        try:
            return datetime.strptime(words[-1], "%m/%d/%Y").date()
        except ValueError:
            return None
    return read_day(" ".join(words[-3:]))
