"""The signer's name on its own line, or at the end of the last paragraph (body.lark; FORMAT.md section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.lines import visible_start
from cablekit.build.reading import Reading
from cablekit.model import Signature

if TYPE_CHECKING:
    from cablekit.build.drafts import Draft
    from cablekit.grammar import Token

_REACH = 160
"""How much of the last paragraph is looked at: a signature is its last words."""


def build_signature(token: Token, reading: Reading) -> Signature:
    """Build the signature from a line of its own."""
    start = visible_start(token)
    name = token.strip().rstrip(". ")
    return Signature.model_construct(name=name, span=reading.span(start, start + len(name)))


def split_signature(draft: Draft, reading: Reading) -> Signature | None:
    """Take the signature off the end of the last paragraph, where it stands behind the last sentence."""
    tail = draft.text[-_REACH:].rpartition("\n")[2]
    try:
        tree = grammar.read("body", tail, "closing")
    except grammar.Unreadable:
        return None
    name = str(grammar.tokens(tree)[-1])
    start = reading.source.text.rfind(name, draft.start, draft.end)
    if start < 0:
        return None
    draft.text = draft.text[: draft.text.rindex(name)].rstrip()
    draft.end = draft.start + len(reading.source.text[draft.start : start].rstrip())
    if draft.items and draft.items[-1].end > start:
        item = draft.items[-1]
        item.pieces = ["".join(item.pieces).rpartition(name)[0].rstrip()]
        item.end = draft.end
    return Signature.model_construct(name=name, span=reading.span(start, start + len(name)))
