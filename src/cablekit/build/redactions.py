"""Places where words were taken out (body.lark; FORMAT.md sections 17, 18.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.reading import Reading
from cablekit.model import Redaction

if TYPE_CHECKING:
    from cablekit.grammar import Token

_HINTS = ("XXXXX", "xxxxx")


def build_redactions(tokens: Iterable[Token], reading: Reading, cut: list[Redaction]) -> tuple[Redaction, ...]:
    """Find the publisher's runs of X in the text, and put what reviewers cut out among them."""
    found = [*cut]
    for token in tokens:
        if not any(hint in token for hint in _HINTS):
            continue
        for run in grammar.tokens(grammar.read("body", str(token), "redactions")):
            if run.type == "RUN_OF_X":
                start = token.start_pos + run.start_pos
                span = reading.span(start, start + len(run))
                found.append(Redaction(kind="publisher", as_written=str(run), length=len(run), span=span))
    return tuple(sorted(found, key=lambda redaction: redaction.span))
