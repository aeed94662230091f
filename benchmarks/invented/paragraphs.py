"""The text of the web release's cables: paragraphs, headings, page lines, signature (FORMAT.md 11 to 13)."""

from __future__ import annotations

from typing import Any

from invented.parts import WIDTH, Invented, Mrn, Source, wrap
from invented.words import TIED

_OPENERS = (("Summary: ", " End summary."), ("SUMMARY: ", " END SUMMARY."), ("Summary. ", " End summary."))
_HEAD = 30
"""Signs of a paragraph in front of which no page line stands."""


def page_lines(source: Source, mrn: Mrn, sections: int) -> list[str]:
    """Give the lines that begin a section or its second page (FORMAT.md 12)."""
    lines = []
    blanks = source.form("page blanks")
    for section in range(1, sections + 1):
        if section > 1:
            lines.append(f"{mrn.place.city} {mrn.serial:08d}{blanks}{section:03d} OF {sections:03d}")
        if source.chance(0.25):
            lines.append(f"{mrn.place.city} {mrn.serial:08d}{blanks}{section:03d}.2 OF {sections:03d}")
    return lines


def mark_of(source: Source, layout: str, level: str) -> str:
    """Draw a portion mark that is not above the cable's level."""
    return "" if layout == "D" else source.form(f"mark {level[0]}")


def write_text(source: Source, cable: Invented, size: int, level: str) -> None:
    """Write paragraphs of about so many signs, and what stands between and behind them."""
    prose, random = source.prose, source.random
    reflowed = cable.family != "hard"
    capitals = cable.layout == "D"
    pilcrow = "" if capitals or source.chance(22 / 1295) else "¶"
    bracket = not capitals and source.chance(0.03)
    blocks = cable.blocks
    paragraphs: list[list[Any]] = []
    ruled = source.form("headings") == "ruled" and size > 2500
    summary = source.form("summary") if size > 1500 else "none"
    sensitive = level != "UNCLASSIFIED" or "SENSITIVE" in cable.truth["captions"]
    left = size
    if summary == "headed":
        blocks.append("SUMMARY\n-------" if random() < 0.5 else "-------\nSUMMARY\n-------")
    lone = size < 700
    while left > 0:
        sentences = prose.sentences(min(left, 150 + int(random() * 900)))
        number = len(paragraphs) + 1
        if summary == "numbered" and number == 1:
            opener, closer = source.pick(_OPENERS)
            sentences[0], sentences[-1] = opener + sentences[0], sentences[-1] + closer
        elif left < 1200 and number > 3 and random() < 0.5:
            sentences[0], sentences[-1] = "Comment: " + sentences[0], sentences[-1] + " End comment."
        elif ruled and number > 1 and random() < 0.25:
            title = " ".join(prose.title().split()[:4]).strip(":")
            blocks.append("\n".join(("-" * len(title), title, "-" * len(title))))
        mark = mark_of(source, cable.layout, level)
        if not sensitive:
            mark = "U" if mark else ""
        text = (" " if reflowed else "  ").join(sentences)
        if capitals:
            text = text.upper()
        elif reflowed:
            text = text.replace(' "', " “").replace('"', "”")
        left -= len(text) + 10
        start = f"({mark}) " if mark else ""
        written = None
        if not (lone and number == 1 and left <= 0):
            start = f"{number}) {start}" if bracket else f"{pilcrow}{number}. {start}"
            written = number
        block = start + text if reflowed else "\n".join(wrap(start + text))
        blocks.append(block)
        text = text.replace(TIED, " ")
        paragraphs.append([written, mark or None, text])
    cable.truth["paragraphs"] = paragraphs
    _sign(source, cable)
    _cut_pages(cable)
    cable.blocks = [block.replace(TIED, " ") for block in blocks]


def _sign(source: Source, cable: Invented) -> None:
    form = source.form("signature")
    name: str | None = source.pick(source.prose.surnames)
    if form == "none" or name is None:
        name = None
    elif form == "mixed" and cable.layout != "D":
        cable.blocks.append(name)
    else:
        name = name.upper()
        if form == "behind the text" and len(cable.blocks[-1]) % WIDTH < 40:
            cable.blocks[-1] += f" {name}"
        else:
            cable.blocks.append(name)
    cable.truth["signature"] = name


def _cut_pages(cable: Invented) -> None:
    """Put the page lines into the text, at even distances and wherever they fall (FORMAT.md 12)."""
    lines, blocks = cable.page_lines, cable.blocks
    if not lines:
        return
    total = sum(map(len, blocks))
    step = total / (len(lines) + 1)
    wanted, done, found = step, 0, 0
    for at, block in enumerate(blocks):
        pieces = []
        start = 0
        while found < len(lines) and wanted < done + len(block):
            spot = block.find("\n" if cable.family == "hard" else " ", max(start, int(wanted) - done, _HEAD))
            if spot < 0 or block[0] == "-":
                break
            pieces += [block[start:spot], lines[found]]
            start = spot + 1
            found += 1
            wanted += step
        done += len(block)
        if pieces:
            blocks[at] = "\n\n".join((*pieces, block[start:]))
    # What found no place stands in front of the signature's block.
    for line in lines[found:]:
        blocks.insert(len(blocks) - 1, line)
