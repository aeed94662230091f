"""The text of a cable in canonical form: paragraphs, headings, tables (FORMAT.md section 11)."""

from __future__ import annotations

from collections.abc import Iterator

from cablekit.model import Block, Heading, Paragraph, Table, Text, Unparsed
from cablekit.rendering.lines import Piece, run
from cablekit.rendering.text_labels import portion_mark

_SHORTEST_RULE = 3
_COLUMNS = "   "
"""Three blanks: lines that hold them are no running text and stand as they are (FORMAT.md section 11.4)."""
_OPENER_SIGNS = ":.-"


def body_block(block: Block) -> Iterator[Piece]:
    """Give the lines of a block, a blank one at its end."""
    if isinstance(block, Heading):
        yield block.text
        if block.underlined:
            yield "-" * max(len(block.text), _SHORTEST_RULE)
    elif isinstance(block, (Table, Unparsed)):
        yield from block.text.split("\n")
    else:
        yield from _running(block)
    yield ""


def _running(block: Paragraph | Text) -> Iterator[Piece]:
    """Give the lines of a paragraph or unnumbered text: number and mark, words, items each behind a blank line."""
    kept = " ".join(filter(None, (_number(block), portion_mark(block.mark) if block.mark else "")))
    opened = block.role_words[0] if block.role_words else 0
    opener, behind = block.text[: max(opened - 1, 0)], block.text[opened - 1 :]
    if opener:
        kept = f"{kept} {opener}".lstrip()
        # Without a sign behind it only its line end tells that it is one (FORMAT.md section 11.2).
        if opener[-1] not in _OPENER_SIGNS or behind.startswith("\n"):
            yield kept
            kept = ""
        if behind.startswith("\n\n"):
            yield ""
    for position, (piece, seams) in enumerate(_pieces(behind if opener else block.text, block)):
        if position:
            yield ""
        if _COLUMNS in piece or "\n" in piece:
            yield from f"{kept} {piece}".lstrip().split("\n")
        else:
            yield run(kept, piece, seams=seams)
        kept = ""
    if kept:
        yield kept


def _number(block: Paragraph | Text) -> str:
    return f"{block.number}{block.suffix or ''}." if isinstance(block, Paragraph) else ""


def _pieces(text: str, block: Paragraph | Text) -> Iterator[tuple[str, bool]]:
    """Cut a text into its runs and items, with whether a page break may cut the piece; items are never cut."""
    text = "\n" + text.strip("\n")
    done = 0
    for item in block.sub_items:
        written = f"\n{item.label} {item.text}"
        at = text.find(written, done)
        if at >= 0:
            yield from _runs(text[done:at])
            yield written[1:], False
            done = at + len(written)
    yield from _runs(text[done:])


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    return ((words.strip(" "), True) for words in text.strip(" \n").split("\n\n") if words.strip())
