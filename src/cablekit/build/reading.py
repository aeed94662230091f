"""What the builders share while one cable is read: the source, and what is found out about it on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cablekit import grammar
from cablekit.build.codes import CODES
from cablekit.model import Diagnostic, Repair, Span
from cablekit.text import SourceText

LOOK_ALIKES = str.maketrans("OoIiLl", "001111")
"""Letters that stand for a figure where only figures may stand (FORMAT.md section 19.15)."""


class Part(NamedTuple):
    """A stretch of the text that the grammar reads, cut out by the document grammar."""

    text: str
    start: int
    """Position of its first character in `SourceText.text`."""

    @property
    def end(self) -> int:
        """Position behind its last character."""
        return self.start + len(self.text)


class Reading:
    """Collects diagnostics and repairs of one cable and turns positions into spans of the source."""

    def __init__(self, source: SourceText) -> None:
        """Start with nothing found."""
        self.source = source
        self.span = source.span
        self.diagnostics: list[Diagnostic] = []
        self.repairs: list[Repair] = []
        self.unread: set[int] = set()
        """Starts of the parts that do not follow their grammar."""

    def on(self, source: SourceText) -> Reading:
        """Return a reading of another cut of the same source, whose findings go where those of this one go."""
        other = Reading(source)
        other.diagnostics, other.repairs = self.diagnostics, self.repairs
        return other

    def span_of(self, part: Part) -> Span:
        """Return the span of a part."""
        return self.span(part.start, part.end)

    def diagnose(self, code: str, start: int, end: int, message: str, likely: str | None = None) -> None:
        """Note something odd at positions of the text; the severity comes with the code."""
        self.note(code, self.span(start, end), message, likely)

    def note(self, code: str, span: Span, message: str, likely: str | None = None) -> None:
        """Note something odd at a span of the source."""
        severity = CODES[code].severity
        self.diagnostics.append(
            Diagnostic.model_construct(code=code, severity=severity, message=message, likely=likely, span=span)
        )

    def repair(self, rule: str, start: int, end: int, as_read: str) -> None:
        """Note that the text at these positions was read as something else."""
        self.mend(rule, self.span(start, end), as_read)

    def mend(self, rule: str, span: Span, as_read: str) -> None:
        """Note that a span of the source was read as something else."""
        # (Lone surrogates cannot be written to JSON.)
        written = self.source.source[span.start : span.end].encode(errors="replace").decode()
        self.repairs.append(Repair.model_construct(rule=rule, as_written=written, as_read=as_read, span=span))

    def unreadable(self, what: str, part: Part, error: grammar.Unreadable) -> None:
        """Note that a part does not follow its grammar and stays text."""
        self.unread.add(part.start)
        position = part.start + min(error.position, len(part.text))
        self.diagnose("CK101", position, part.end, f"the {what} cannot be read from here on")


def nearest(letters: str, words: Iterable[str]) -> list[str]:
    """Return the words that letters may be: one letter (long words: two) wrong, lost or doubled, or another order."""
    return [word for word in words if _is_near(letters, word)]


def _is_near(letters: str, word: str) -> bool:
    if sorted(letters) == sorted(word):
        return True
    row = list(range(len(word) + 1))
    for above, letter in enumerate(letters, start=1):
        previous, row[0] = row[0], above
        for index, meant in enumerate(word, start=1):
            previous, row[index] = (
                row[index],
                min(row[index] + 1, row[index - 1] + 1, previous + (letter != meant)),
            )
    return row[-1] <= (1 if len(word) < len("RESTRICTED") else 2)
