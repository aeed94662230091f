"""The text of the web release's cables: paragraphs, headings, page lines, signature (FORMAT.md 11 to 13)."""

from __future__ import annotations

from typing import Any

from invented.parts import WIDTH, Invented, Mrn, Source, wrap
from invented.words import TIED

_OPENERS = (("Summary: ", " End summary."), ("SUMMARY: ", " END SUMMARY."), ("Summary. ", " End summary."))
_SHORT = 700
"""A text of fewer signs is one paragraph without number."""
_HEAD = 30
"""Signs of a paragraph in front of which no page line stands."""


def page_lines(source: Source, mrn: Mrn, sections: int) -> list[str]:
    """Give the lines that begin a section or its second page (FORMAT.md 12)."""
    lines = []
    blanks = source.form("page blanks")
    start = f"{mrn.place.city} {mrn.serial:08d}{blanks}"
    for section in range(1, sections + 1):
        if section > 1:
            lines.append(f"{start}{section:03d} OF {sections:03d}")
        # Every section but the first has its own line; the second pages are as many as the counts say.
        if source.form("page line") == "page":
            lines.append(f"{start}{section:03d}.2 OF {sections:03d}")
    return lines


def write_text(source: Source, cable: Invented, size: int, level: str) -> None:
    """Write paragraphs of about so many signs, and what stands between and behind them."""
    text = _Text(source, cable, size, level)
    text.write()
    cable.truth["paragraphs"] = text.paragraphs
    _sign(source, cable)
    _cut_pages(cable)
    cable.blocks = [block.replace(TIED, " ") for block in cable.blocks]


class _Text:
    """The paragraphs of one cable as they grow."""

    def __init__(self, source: Source, cable: Invented, size: int, level: str) -> None:
        self._source, self._prose, self._random = source, source.prose, source.random
        self._blocks, self._left = cable.blocks, size
        self._reflowed = cable.family != "hard"
        self._capitals = cable.layout == "D"
        self._pilcrow = "" if self._capitals or source.has("no pilcrow") else "¶"
        self._bracket = source.form("number") == "1)" and not self._capitals
        self._marks = "" if self._capitals else f"mark {level[0]}"
        self._open = level == "UNCLASSIFIED" and "SENSITIVE" not in cable.truth["captions"]
        self._ruled = source.form("headings") == "ruled" and size > 2500
        self._items = source.form("items")
        self._summary = source.form("summary") if size > 1500 else "none"
        self._alone = size < _SHORT
        self.paragraphs: list[list[Any]] = []
        """Number, mark and words of each."""

    def write(self) -> None:
        """Write them all, first to last."""
        if self._summary == "headed":
            self._heading("SUMMARY")
        while self._left > 0:
            number = len(self.paragraphs) + 1
            sentences = self._prose.sentences(min(self._left, 150 + int(self._random() * 900)))
            if self._summary == "numbered" and number == 1:
                opener, closer = self._source.pick(_OPENERS)
                sentences[0], sentences[-1] = opener + sentences[0], sentences[-1] + closer
            elif self._left < 1200 and number > 3 and self._random() < 0.5:
                sentences[0], sentences[-1] = "Comment: " + sentences[0], sentences[-1] + " End comment."
            elif self._ruled and number > 1 and self._random() < 0.25:
                self._heading(" ".join(self._prose.title().split()[:4]).strip(":"))
            self._paragraph(number, sentences)
        if self._source.form("clearance") == "yes" and not self._alone:
            name = self._source.pick(self._prose.names)
            self._paragraph(len(self.paragraphs) + 1, [f"{name} has cleared this cable."])
        if self._source.form("unnumbered") == "yes" and self._marks and not self._alone:
            self._paragraph(None, self._prose.sentences(150))

    def _heading(self, title: str) -> None:
        rule = "-" * len(title)
        self._blocks.append(f"{rule}\n{title}\n{rule}")

    def _mark(self) -> str:
        mark = self._source.form(self._marks) if self._marks else ""
        return "U" if mark and self._open else mark

    def _paragraph(self, number: int | None, sentences: list[str]) -> None:
        mark = self._mark() if number else "U"
        text = self._spell((" " if self._reflowed else "  ").join(sentences))
        start = f"({mark}) " if mark else ""
        if self._alone:
            number = None
        elif number:
            start = f"{number}) {start}" if self._bracket else f"{self._pilcrow}{number}. {start}"
        block = self._set(start + text)
        if self._items and number and self._random() < 0.15:
            for item in self._prose.sentences(250):
                line = f"{self._items} {self._spell(item)}"
                block += f"\n\n{self._set(line)}"
                text += f" {line}"
        self._left -= len(text) + 10
        self._blocks.append(block)
        self.paragraphs.append([number, mark or None, text.replace(TIED, " ")])

    def _spell(self, text: str) -> str:
        """Write in the letters of the time and the family."""
        if self._capitals:
            return text.upper()
        return text.replace(' "', " “").replace('"', "”") if self._reflowed else text

    def _set(self, text: str) -> str:
        return text if self._reflowed else "\n".join(wrap(text))


def _sign(source: Source, cable: Invented) -> None:
    form = source.form("signature")
    name, second = (source.pick(source.prose.surnames) for _ in range(2))
    shape = source.form("surname") if len(name + second) < 20 else "X"
    name = shape.replace("X", name).replace("Y", second)
    if form == "none":
        cable.truth["signature"] = None
        return
    if form == "mixed" and cable.layout != "D":
        cable.blocks.append(name)
    else:
        name = name.upper()
        if form == "behind the text" and len(cable.blocks[-1].rpartition("\n")[2]) + len(name) < WIDTH:
            cable.blocks[-1] += f" {name}"
        else:
            cable.blocks.append(name)
    cable.truth["signature"] = name
    if source.form("end") == "NNNN" and cable.layout != "D":
        cable.blocks.append("NNNN")


def _cut_pages(cable: Invented) -> None:
    """Put the page lines into the text, at even distances and wherever they fall (FORMAT.md 12)."""
    lines, blocks = cable.page_lines, cable.blocks
    if not lines:
        return
    step = sum(map(len, blocks)) / (len(lines) + 1)
    wanted, done, found = step, 0, 0
    for at, block in enumerate(blocks):
        pieces = []
        start = 0
        while found < len(lines) and wanted < done + len(block):
            spot = block.find("\n" if cable.family == "hard" else " ", max(start, int(wanted) - done, _HEAD))
            if spot < 0 or block[0] == "-" or "\n\n" in block:
                break
            pieces += [block[start:spot], lines[found]]
            start = spot + 1
            found += 1
            wanted += step
        done += len(block)
        if pieces:
            blocks[at] = "\n\n".join((*pieces, block[start:]))
    # What found no place stands in front of the last block.
    for line in lines[found:]:
        blocks.insert(len(blocks) - 1, line)
