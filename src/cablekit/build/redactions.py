"""Places where words were taken out (body.lark; FORMAT.md sections 17, 18.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.reading import Reading
from cablekit.model import Redaction

if TYPE_CHECKING:
    from cablekit.grammar import Token

_RUNS = ("XXXXX", "xxxxx")


def build_redactions(
    tokens: Iterable[Token], reading: Reading, cut: list[Redaction], *, released: bool
) -> tuple[Redaction, ...]:
    """Find the publisher's runs of X in the text, in a release exemptions too; ``cut`` are those that were lines."""
    found = [*cut]
    exemption = grammar.terminal("body", "EXEMPTION").search if released else None
    for token in tokens if exemption or holds_runs(reading.source.text) else ():
        if not holds_runs(token) and not (exemption and exemption(token)):
            continue
        for run in grammar.tokens(grammar.read("body", str(token), "redactions")):
            if run.type == "RUN_OF_X":
                start = token.start_pos + run.start_pos
                span = reading.span(start, start + len(run))
                found.append(
                    Redaction.model_construct(kind="publisher", as_written=str(run), length=len(run), span=span)
                )
            elif released:
                start = token.start_pos + run.start_pos
                span = reading.span(start, start + len(run))
                codes = exemptions(run.strip("[]"))
                found.append(Redaction.model_construct(kind="foia", as_written=str(run), exemptions=codes, span=span))
    return tuple(sorted(found, key=lambda redaction: redaction.span))


def holds_runs(text: str) -> bool:
    """Tell whether a run of X may stand in a text."""
    upper, lower = _RUNS
    return upper in text or lower in text


def exemptions(written: str) -> tuple[str, ...]:
    """Return the codes of an exemption line in one form: ``B7(C)``, ``1.4(D)``; agencies behind them are left."""
    codes = []
    for word in written.replace(";", ",").replace("/", ",").split(","):
        code = "".join(word.split()).upper()
        if code.startswith("("):  # (b)(6), (b)(7)(C)
            letters = code.replace(")", " ").replace("(", " ").split()
            code = "".join(letters[:2]) + "".join(f"({piece})" for piece in letters[2:])
        if (code[:1] == "B" and code[1:2].isdigit()) or code[:2] == "1.":
            codes.append(code)
    return tuple(codes)
