"""Why a record could not be had: the closed list of reasons, and the error that carries one out of a stream."""

from __future__ import annotations

from typing import NamedTuple

from cablekit.sources.record import Failure, Provenance


class Reason(NamedTuple):
    """A kind of failure."""

    title: str
    advice: str
    """What to do about it, as a part of a sentence."""


REASONS: dict[str, Reason] = {
    "missing": Reason("There is no such file", "check the path"),
    "unreadable": Reason("The system does not let it be read", "check the path and the disk"),
    "special": Reason("A device, a pipe or a socket lies among the files", "nothing is lost: it holds no text"),
    "link": Reason("A symbolic or hard link was not followed", "give what it points to as a source of its own"),
    "changed": Reason("The file changed or went away while it was read", "read the source again when nobody writes it"),
    "empty": Reason("The file has no bytes", "get the file again from where it came from"),
    "unknown": Reason("No kind of source recognises the bytes", "convert it to a kind that docs/sources.md lists"),
    "truncated": Reason("The end is missing", "get the file again from where it came from"),
    "damaged": Reason("The bytes are not what they must be", "get the file again from where it came from"),
    "checksum": Reason("The content does not fit its checksum", "get the file again from where it came from"),
    "encrypted": Reason("A password is needed", "decrypt it first, and give the result"),
    "unsupported": Reason("It is written in a way that is not read here", "unpack it with the program that wrote it"),
    "extra": Reason("An optional package is needed and not there", "install it"),
    "unseekable": Reason(
        "Reading it needs jumping about, which a pipe or a compressed archive does not allow",
        "unpack the outer archive or save the stream to a file, or raise the limit",
    ),
    "too-large": Reason("A record is larger than the limit", "raise the limit if it really is one record"),
    "too-many": Reason("An archive or folder has more members than the limit", "raise the limit if it is no bomb"),
    "too-deep": Reason("An archive lies deeper in other archives than the limit", "raise the limit if it is no bomb"),
    "bomb": Reason("It unpacks to more than the limits allow", "raise the limit if it is no bomb"),
    "unsafe-name": Reason(
        "The name of a member leads out of the archive (`../`, an absolute path)",
        "nothing was written; do not use the name as a path",
    ),
    "no-cable": Reason("A page that holds no cable", "nothing is lost if it is an index or a cover"),
    "no-text": Reason("Pages without text", "have their text read from the images, by a program for OCR"),
    "malformed": Reason("A stretch does not have the form of its kind", "look at the place, and mend it by hand"),
    "fault": Reason("The reader of this kind failed", "report it, with the file if possible"),
}
"""The reasons that there are. Words are stable: none is ever given another meaning."""


def failure(reason: str, place: Provenance, message: str, advice: str | None = None) -> Failure:
    """Make the failure for one of `REASONS`; the advice is the general one unless there is a better one."""
    return Failure(place, reason, message, advice or REASONS[reason].advice)


class StreamError(OSError):
    """A stream that a kind reads cannot go on. `cablekit.read` makes the failure of it; a kind lets it pass."""

    def __init__(self, reason: str, message: str, advice: str | None = None) -> None:
        """Keep what the failure will say; ``reason`` is one of `REASONS`."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.advice = advice or REASONS[reason].advice

    def at(self, place: Provenance) -> Failure:
        """Make the failure."""
        return Failure(place, self.reason, self.message, self.advice)
