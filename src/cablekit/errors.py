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


class SourceError(CablekitError):
    """A record of a source could not be had: where it stands, what is wrong, what to do."""

    def __init__(self, where: str, what: str, advice: str) -> None:
        """Keep the three apart for those who want to show them."""
        super().__init__(f"{where}: {what}; {advice}")
        self.where = where
        self.what = what
        self.advice = advice


class ArchiveError(CablekitError):
    """An archive that cannot be used as asked: which file, what is wrong, what to do."""

    def __init__(self, where: str, what: str, advice: str) -> None:
        """Keep the three apart for those who want to show them."""
        super().__init__(f"{where}: {what}; {advice}")
        self.where = where
        self.what = what
        self.advice = advice
