"""The errors a user may meet."""

from __future__ import annotations


class CablekitError(Exception):
    """Base of all errors that cablekit raises on purpose."""


class NotACableError(CablekitError, ValueError):
    """Nothing in the input is a cable. ``reason`` says what was missing."""

    def __init__(self, reason: str) -> None:
        """Keep the reason for those who want to show it without the class name."""
        super().__init__(reason)
        self.reason = reason


class PlacedError(CablekitError):
    """Base of the errors that say where something is wrong: where, what, and what to do. They can be pickled."""

    def __init__(self, where: str, what: str, advice: str) -> None:
        """Keep the three apart for those who want to show them."""
        super().__init__(f"{where}: {what}; {advice}")
        self.where = where
        self.what = what
        self.advice = advice

    def __reduce__(self) -> tuple[type[PlacedError], tuple[str, str, str]]:
        """Tell how it is made again."""
        return type(self), (self.where, self.what, self.advice)


class SourceError(PlacedError):
    """A record of a source could not be had: where it stands, what is wrong, what to do."""


class ArchiveError(PlacedError):
    """An archive that cannot be used as asked: which file, what is wrong, what to do."""


class ConversionError(PlacedError):
    """A conversion that cannot go on, or not as asked: where, what is wrong, what to do."""


class QueryError(CablekitError, ValueError):
    """A query was not understood: where in it, what is wrong, and what was expected there."""

    def __init__(self, query: str, position: int, what: str, expected: str) -> None:
        """``position`` counts characters from 0; the message shows the place."""
        column = position + 1
        # No more than a line is shown, and what a terminal or a page would take for something else is left out.
        start = max(0, position - 50)
        shown = "".join(character if character.isprintable() else " " for character in query[start : start + 78])
        where = f"\n  {shown}\n  {' ' * (position - start)}^" if shown else ""
        super().__init__(f"the query {what}, at column {column}; expected: {expected}{where}")
        self.query = query
        self.column = column
        self.what = what
        self.expected = expected
