"""What a transmission does to letters (FORMAT.md sections 19.8, 19.15, 19.21)."""

from __future__ import annotations

from collections.abc import Iterator

_UNSHIFTED = str.maketrans("1234567890", "QWERTYUIOP")
_LOOK_ALIKES = str.maketrans("01", "OI")


def letters(written: str) -> Iterator[str]:
    """Give the words that figures among letters may have been: of a lost shift (``E5RD``), or alike (``S0FIA``)."""
    if any(sign.isdigit() for sign in written) and any(sign.isalpha() for sign in written):
        yield written.translate(_UNSHIFTED)
        yield written.translate(_LOOK_ALIKES)


def fits(written: str, form: str) -> bool:
    """Tell whether letters are those of a form, Q standing for any."""
    return len(written) == len(form) and all(sign in (meant, "Q") for sign, meant in zip(written, form, strict=True))
