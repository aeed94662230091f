"""Letters misread from page images, as far as they show (FORMAT.md section 17)."""

from __future__ import annotations

from functools import lru_cache

from cablekit import grammar
from cablekit.build.reading import Reading, nearest
from cablekit.model import Header
from cablekit.vocabulary import posts

_LETTERS = str.maketrans("05", "OS")
_MONTHS = {"APRII": "APRIL", "APRI1": "APRIL", "JUIY": "JULY", "JU1Y": "JULY"}
_MISSIONS = ("AMEMBASSY", "AMCONSUL", "SECSTATE", "USMISSION", "USINT")
"""What the designators of posts begin with (FORMAT.md section 2.6)."""
_LONGEST = 60
"""No designator is as long. What is longer is not compared, so that hostile text costs nothing."""


def mend(reading: Reading) -> Reading:
    """Read figures among the letters of a word as the letters that they are misread for, and I for L in a month.

    Nothing moves.
    """
    pieces: list[str] = []
    text, done = reading.source.text, 0
    for word in grammar.terminal("foia", "MISREAD_WORD").finditer(text):
        if meant := _MONTHS.get(word[0], ""):
            reading.repair("month-letter", word.start(), word.end(), meant)
        else:
            meant = word[0].translate(_LETTERS)
            reading.repair("figure-in-word", word.start(), word.end(), meant)
        pieces += (text[done : word.start()], meant)
        done = word.end()
    return reading.on(reading.source.reading("".join((*pieces, text[done:])))) if pieces else reading


def check_names(header: Header, reading: Reading) -> None:
    """Report originators and addressees that are no post, but one with a letter or two wrong."""
    for one in (header.originator, *header.action, *header.info):
        if one and len(one.name) <= _LONGEST and (likely := _likely(one.name)):
            reading.note("CK105", one.span, f"{one.name} is in no list of posts", likely)


@lru_cache(maxsize=4096)
def _likely(name: str) -> str | None:
    """Return the only designator that a misread one can be."""
    mission, _, city = name.partition(" ")
    if posts.candidates(name):
        return None
    if mission not in _MISSIONS:
        meant = nearest(mission, _MISSIONS)
        if len(meant) == 1 and posts.candidates(whole := f"{meant[0]} {city}"):
            return whole
        return None
    near = {post.plad.partition(" ")[2] for post in posts.near(city) if post.plad}
    return f"{mission} {near.pop()}" if len(near) == 1 and not posts.candidates(city) else None
