"""A cable as text again, in canonical form: reading it gives the fields of the cable, with nothing left to mend."""

from __future__ import annotations

from collections.abc import Iterator

from cablekit.model import Block, Cable, Unparsed
from cablekit.rendering.lines import Line, Piece, lay_out, write
from cablekit.rendering.text_body import body_block
from cablekit.rendering.text_copy import above, behind, telegram
from cablekit.rendering.text_header import head
from cablekit.rendering.text_labels import text_block
from cablekit.rendering.text_seams import Region, add_seams


def render(cable: Cable, *, seams: bool = False, width: int = 55) -> str:
    """Write a cable as text.

    The text is that of a telegram as drafted: format lines, line 12 with its section, captions, labels, paragraphs
    without the publisher's pilcrows, in lines of ``width`` columns (5 FAH-1 H-246.1; FORMAT.md section 11.1). What
    had to be mended is written as it was read. ``parse(render(cable))`` gives the same fields; spans, what was said
    about the source and the forms as written may differ.

    ``seams`` adds page-break lines (FORMAT.md section 12): those of the cable, or, where it has none, one behind every
    hundred lines.
    """
    own = telegram(cable)
    pieces: list[Piece] = [*_unread(cable, above=True), *above(cable), *head(own), *_unread(cable, above=False)]
    pieces += text_block(own)
    blocks: list[tuple[Block | None, int]] = []
    for block in cable.body:
        if not isinstance(block, Unparsed):
            blocks.append((block, len(pieces)))
            pieces += body_block(block)
    blocks.append((None, len(pieces)))
    pieces += _closing(own)
    pieces += behind(cable)
    lines = lay_out(pieces, width)
    if seams:
        lines = add_seams(cable, lines, _regions(blocks, lines))
    return write(lines).rstrip("\n") + "\n"


def _regions(blocks: list[tuple[Block | None, int]], lines: list[Line]) -> list[Region]:
    """Find the lines of each block by its first piece."""
    firsts = [next((at for at, line in enumerate(lines) if line.piece >= piece), len(lines)) for _, piece in blocks]
    ends = [*firsts[1:], firsts[-1]]
    return [Region(block, first, end) for (block, _), first, end in zip(blocks, firsts, ends, strict=True)]


def _unread(cable: Cable, *, above: bool) -> Iterator[str]:
    header = cable.header.span
    for block in cable.body:
        if isinstance(block, Unparsed) and (header is None or block.span < header) == above:
            yield block.text


def _closing(cable: Cable) -> Iterator[str]:
    if cable.signature:
        yield cable.signature.name
        yield ""
