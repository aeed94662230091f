"""What a part of the text says by itself: its number, where it begins to be visible, its lines as running text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cablekit.grammar import Token


def paragraph_number(token: Token) -> tuple[str, int]:
    """Return the number of a paragraph as written and as a number; the mark behind it is left."""
    text = token.strip()
    end = len(text) - len(text.lstrip("¶ \t"))
    first = end
    while text[end].isdigit():
        end += 1
        if end == len(text):
            break
    number = int(text[first:end])
    if text[end : end + 1].isalpha() and text[end + 1 : end + 2] in (".", ")", ""):
        end += 1
    if text[end : end + 1] in (".", ")"):
        end += 1
    return text[:end], number


def visible_start(token: Token) -> int:
    """Return where the visible part of a token starts."""
    return token.start_pos + len(token) - len(token.lstrip())


def ends_in_gap(token: Token) -> bool:
    """Tell whether a blank line stands at the end of a token."""
    if token[-1:] == "\n" and not token[-2:-1].isspace():  # the usual end, seen without a copy of the text
        return False
    return token.endswith("\n\n") or token.count("\n", len(token.rstrip())) > 1


def join_lines(text: str) -> str:
    """Join the lines of a run; columns set by three blanks keep their lines (FORMAT.md section 11.4)."""
    text = text.strip()
    if "\n" not in text:
        return text
    lines = [line.strip() for line in text.split("\n")]
    if "   " in text and any("   " in line for line in lines):
        return "\n".join(line.rstrip() for line in text.split("\n"))
    if not any(line.endswith("-") for line in lines):
        return " ".join(lines)
    joined = lines[0]
    for line in lines[1:]:
        broken_word = joined[-1:] == "-" and joined[-2:-1].isalpha()
        joined += line if broken_word else f" {line}"
    return joined
