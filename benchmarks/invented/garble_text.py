"""Damage to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from invented.garble_labels import Garble
from invented.parts import Invented, Source

_NUMBER = re.compile(r"¶(\d+)\. ")


def _numbered(cable: Invented) -> list[int]:
    """Return the blocks that begin with a number behind the publisher's sign."""
    return [at for at, block in enumerate(cable.blocks) if _NUMBER.match(block)]


def _inner(source: Source, cable: Invented) -> int | None:
    """Draw a numbered paragraph that has one in front and one behind."""
    blocks = _numbered(cable)
    return source.pick(blocks[1:-1]) if len(blocks) > 2 else None


def _paragraph(cable: Invented, at: int) -> list[Any]:
    """Return what the paragraph in a block was made from: number, mark, words."""
    found = _NUMBER.match(cable.blocks[at])
    return next(one for one in cable.truth["paragraphs"] if found and one[0] == int(found[1]))


# ---- numbers and marks --------------------------------------------------------------------------------------------


def _pilcrow_as_1(source: Source, cable: Invented) -> bool:
    at = _inner(source, cable)
    if at is None or cable.blocks[at][2] != ".":
        return False
    cable.blocks[at] = "1" + cable.blocks[at][1:]
    return True


def _number_lost(source: Source, cable: Invented) -> bool:
    at = _inner(source, cable)
    if at is None or not _paragraph(cable, at)[1]:
        return False
    cable.blocks[at] = _NUMBER.sub("", cable.blocks[at], count=1)
    return True


def _renumber(source: Source, cable: Invented, by: int) -> bool:
    """Write other numbers from a paragraph on. They are the drafter's, so the cable was made with them."""
    first = _inner(source, cable)
    if first is None or cable.damage:
        return False
    changed = [(at, _paragraph(cable, at)) for at in _numbered(cable) if at >= first]
    for at, one in changed:
        one[0] += by
        cable.blocks[at] = _NUMBER.sub(f"¶{one[0]}. ", cable.blocks[at], count=1)
    return True


def _number_skipped(source: Source, cable: Invented) -> bool:
    return _renumber(source, cable, 1)


def _number_repeated(source: Source, cable: Invented) -> bool:
    return _renumber(source, cable, -1)


def _false_pilcrow(source: Source, cable: Invented) -> bool:
    blocks = [at for at in _numbered(cable)[:-1] if "---" not in cable.blocks[at]]
    if not blocks or cable.family != "hard":
        return False
    at = source.pick(blocks)
    thing, year = source.pick(source.prose.nouns), 1985 + int(source.random() * 20)
    # The line must be full, else the year would not have come to the start of the next.
    line = f"The present {thing} of the ministry dates from the winter of"
    cable.blocks[at] += f"\n{line}\n¶{year}.  Nothing in it has changed since then."
    _paragraph(cable, at)[2] += f" {line} {year}. Nothing in it has changed since then."
    return True


def _mark_damaged(source: Source, cable: Invented) -> bool:
    blocks = [at for at in _numbered(cable) if _paragraph(cable, at)[1]]
    if not blocks:
        return False
    at = source.pick(blocks)
    mark = _paragraph(cable, at)[1]
    wrong = source.pick((f"{mark})", f"({mark}", f"( {mark} )"))
    cable.blocks[at] = cable.blocks[at].replace(f"({mark})", wrong, 1)
    return True


# ---- words --------------------------------------------------------------------------------------------------------


def _a_word(change: Callable[[Source, str], str]) -> Garble:
    """Change a word inside a paragraph. Text is kept as it stands, so the words that it was made from change too."""

    def garble(source: Source, cable: Invented) -> bool:
        paragraphs = cable.truth["paragraphs"]
        one: list[Any] = source.pick(paragraphs) if paragraphs else [None, None, ""]
        for word in one[2].split()[8:-8]:
            if len(word) < 7 or not word.isalpha():
                continue
            holders = [at for at, block in enumerate(cable.blocks) if word in block]
            if len(holders) == 1 and cable.blocks[holders[0]].count(word) == 1:
                new = change(source, word)
                cable.blocks[holders[0]] = cable.blocks[holders[0]].replace(word, new)
                one[2] = one[2].replace(word, new)
                return bool(new != word)
        return False

    return garble


# ---- lines between ------------------------------------------------------------------------------------------------


def _long_block(source: Source, cable: Invented) -> int | None:
    """Draw a paragraph of several lines with nothing but text in it."""
    blocks = [at for at, block in enumerate(cable.blocks) if len(block) > 200 and "\n\n" not in block]
    return source.pick(blocks) if blocks else None


def _sipdis_in_text(source: Source, cable: Invented) -> bool:
    at = _long_block(source, cable)
    if at is None or "SIPDIS" not in cable.truth["captions"]:
        return False
    block = cable.blocks[at]
    spot = block.find("\n" if cable.family == "hard" else " ", len(block) // 2)
    if spot < 0 or block[spot - 1] == ".":
        return False
    cable.blocks[at] = f"{block[:spot]}\n\nSIPDIS\n\n{block[spot + 1 :]}"
    return True


def _page_line_in_text(_: Source, cable: Invented) -> bool:
    """Bring a page line that stands alone inside a paragraph into the running line."""
    if cable.family == "hard":
        return False
    for line in cable.page_lines:
        for at, block in enumerate(cable.blocks):
            if f"\n\n{line}\n\n" in block:
                cable.blocks[at] = block.replace(f"\n\n{line}\n\n", f" {line} ", 1)
                return True
    return False


def _cut_text(source: Source, cable: Invented) -> bool:
    at = _long_block(source, cable)
    if at is None:
        return False
    block = cable.blocks[at]
    cable.blocks[at:] = [block[: block.rfind(" ", 0, len(block) // 2)] + "..."]
    return True


def _body_repeated(_: Source, cable: Invented) -> bool:
    cable.blocks += [cable.head(), *filter(None, cable.labels.values()), *cable.blocks]
    return True


GARBLES: dict[str, Garble] = {
    "pilcrow-read-as-1": _pilcrow_as_1,
    "false-pilcrow": _false_pilcrow,
    "number-lost": _number_lost,
    "number-skipped": _number_skipped,
    "number-repeated": _number_repeated,
    "mark-damaged": _mark_damaged,
    "wrap-blank": _a_word(lambda _, word: f"{word[0]} {word[1:]}"),
    "text-q": _a_word(lambda _, word: f"{word[:3]}Q{word[4:]}"),
    "zero-for-o": _a_word(lambda _, word: word.replace("o", "0", 1)),
    "comma-for-apostrophe": _a_word(lambda _, word: f"{word},s"),
    "eight-e": _a_word(lambda _, word: f"{word[:-1]}x E E E E E E E E {word}"),
    "redacted": _a_word(lambda source, _: "X" * (12 if source.chance(0.92) else 11)),
    "sipdis-in-text": _sipdis_in_text,
    "page-line-in-text": _page_line_in_text,
    "cut-text": _cut_text,
    "body-repeated": _body_repeated,
}
