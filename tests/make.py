"""Builders that put an invented cable together from its parts."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from cablekit import grammar
from cablekit.build.reading import Part, Reading
from cablekit.build.records import flatten
from cablekit.model import Cable, Span
from cablekit.text import read_text

HEADER_LINES = {
    "line_1": "VZCZCXRO3684",
    "line_2": "PP RUEHAST RUEHBI",
    "line_3": "DE RUEHSF #0608/01 2781218",
    "line_4": "ZNR UUUUU ZZH",
    "line_5": "P 051218Z OCT 09",
    "line_6": "FM AMEMBASSY SOFIA",
    "line_7": "TO RUEHC/SECSTATE WASHDC PRIORITY 6317",
    "line_8": "INFO RUEHRO/AMEMBASSY ROME 1041",
}
LINE_12 = "UNCLAS SOFIA 000608"
CAPTIONS = "SIPDIS"
LABELS = "E.O. 12958: N/A\nTAGS: ETRD, BU\nSUBJECT: ROSE OIL"
END = "\n9. (U) The last words are these.\n\nQUILL\n"
BODY = "1. (U) The roses are late.\n\n2. (U) The oil is later.\n\nQUILL"


def header(**lines: str | None) -> str:
    """Put a routing header together; a line that is given replaces the usual one, None leaves it out."""
    return "\n".join(line for line in {**HEADER_LINES, **lines}.values() if line is not None)


def cable(
    *,
    header: str = "\n".join(HEADER_LINES.values()),
    line_12: str = LINE_12,
    captions: str = CAPTIONS,
    labels: str = LABELS,
    body: str = BODY,
) -> str:
    """Put a cable together; a part that is empty is left out."""
    text_block = "\n\n".join(part for part in (line_12, captions, labels, body) if part)
    return "\n".join(part for part in (header, text_block) if part) + "\n"


def parts(text: str) -> list[tuple[str, str]]:
    """Cut a text by the document grammar: the name of each part's terminal, and the part."""
    return [(token.type, str(token)) for token in flatten(grammar.read("document", read_text(text).text))]


def cut(before: str, written: str, behind: str = END) -> str:
    """Return the parts that hold what is written between two texts: the terminal and the words of each."""
    start, end = len(before), len(before + written)
    position, found = 0, []
    for terminal, text in parts(before + written + behind):
        if position < end and position + len(text) > start:
            found.append(" ".join([terminal, *text.split()]))
        position += len(text)
    return " | ".join(found)


def reading(text: str) -> tuple[Part, Reading]:
    """Make a text that is one part ready for a builder."""
    source = read_text(text)
    return Part(source.text, 0), Reading(source)


def codes(cable: Cable) -> list[str]:
    """Return the codes of the diagnostics."""
    return [diagnostic.code for diagnostic in cable.diagnostics]


def located(value: object, path: str = "cable") -> Iterator[tuple[str, BaseModel, Span]]:
    """Walk through a model: every part that has a place, with its path and its place."""
    if isinstance(value, BaseModel):
        span = getattr(value, "span", None)
        if span is not None:
            yield path, value, span
        for name in type(value).model_fields:
            yield from located(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple) and not isinstance(value, Span):
        for index, item in enumerate(value):
            yield from located(item, f"{path}[{index}]")
