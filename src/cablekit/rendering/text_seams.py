"""Page-break lines in canonical text (FORMAT.md section 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cablekit.model import Block, Cable, Heading, PageBreak
from cablekit.rendering.lines import Line, parts
from cablekit.rendering.text_labels import station_name

_LINES_OF_A_SECTION = 100
"""Five pages of twenty lines (ACP 127(G) section 208; FORMAT.md section 2.11)."""
_MOST_PAGES = 99


class Region(NamedTuple):
    """A block and its lines; none is what stands behind the last block."""

    block: Block | None
    first: int
    end: int


class _Break(NamedTuple):
    text: str
    wanted: int
    """The line that it would best stand above."""


def add_seams(cable: Cable, lines: Sequence[Line], regions: Sequence[Region]) -> list[Line]:
    """Put page-break lines where they stood, or behind every hundred lines, as near as the text can be cut there."""
    breaks = sorted(
        _of_cable(cable, regions) if cable.page_breaks else _made(cable, regions), key=lambda one: one.wanted
    )
    spots = sorted(_spots(lines, regions))
    begun = parts(lines)
    while breaks and spots:
        placed = {at: [one.text for one in breaks if _nearest(spots, one.wanted) == at] for at in spots}
        cut, numbers = _insert(lines, placed)
        read = parts(cut)
        torn = [
            at
            for at, texts in placed.items()
            if texts and at < len(lines) and read.get(numbers[at]) != begun.get(at, "TEXT")
        ]
        if not torn:
            return cut
        spots = [at for at in spots if at not in torn]
    return list(lines)


def _of_cable(cable: Cable, regions: Sequence[Region]) -> Iterator[_Break]:
    """Give the page breaks of the cable, each as far into its block as it stood in the source."""
    for page in cable.page_breaks:
        at = page.span.start
        region = next(
            one for one in regions if one.block is None or at < one.block.span.end or at <= one.block.span.start
        )
        wanted = region.first
        if region.block is not None and at > region.block.span.start:
            start, end = region.block.span
            wanted += (at - start) * (region.end - region.first) // (end - start)
        yield _Break(_line(page), wanted)


def _made(cable: Cable, regions: Sequence[Region]) -> Iterator[_Break]:
    """Make page breaks: every hundred lines begin a section, and when line 12 counts no more, a page of the last."""
    if cable.mrn is None:
        return
    of = (cable.section.of or 1) if cable.section else 1
    first = regions[0].first
    for number, wanted in enumerate(range(first + _LINES_OF_A_SECTION, regions[-1].first, _LINES_OF_A_SECTION), 2):
        section = min(number, of)
        page = number + 1 - section
        if page > _MOST_PAGES:
            return
        place = f"{section:03d}" + (f".{page}" if page > 1 else "")
        yield _Break(f"{_letters(station_name(cable.mrn))} {cable.mrn.serial:08d} {place} OF {of:03d}", wanted)


def _line(page: PageBreak) -> str:
    post = page.post or ""
    if page.serial is None:
        return page.as_written
    if page.section is not None and page.of is not None:
        place = f"{page.section:03d}" + (f".{page.page}" if page.page else "")
        return f"{post} {page.serial:08d} {place} OF {page.of:03d}".lstrip()
    return f"PAGE {page.page or 0:02d}  {post}  {page.serial:06d}"


def _letters(post: str) -> str:
    return " ".join("".join(sign if sign.isalpha() else " " for sign in post).split())


def _spots(lines: Sequence[Line], regions: Sequence[Region]) -> Iterator[int]:
    """Give the lines that a page break may stand above without becoming the end of a paragraph."""
    before: Block | None = None
    for region in regions:
        # A heading without a rule is one by the paragraph behind it.
        if not (isinstance(before, Heading) and not before.underlined):
            yield region.first
        for at in range(region.first + 1, region.end):
            line, above = lines[at], lines[at - 1]
            if not line.run or not line.run.seams:
                continue
            # An opener on its own line needs the text below it.
            if above.text[-1:].isalnum() or above.text[-1:] == "," if line.word else not above.text:
                yield at
        before = region.block


def _nearest(spots: Sequence[int], wanted: int) -> int:
    return next((at for at in spots if at >= wanted), spots[-1])


def _insert(lines: Sequence[Line], placed: dict[int, list[str]]) -> tuple[list[Line], dict[int, int]]:
    """Insert page-break lines with a blank line around each; return also which line each line has become."""
    cut: list[Line] = []
    numbers: dict[int, int] = {}
    for at in range(len(lines) + 1):
        for text in placed.get(at, ()):
            if cut and cut[-1].text:
                cut.append(Line(""))
            cut += (Line(text), Line(""))
        numbers[at] = len(cut)
        cut += lines[at : at + 1]
    return cut, numbers
