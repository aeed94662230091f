"""TAGS, subject and references (FORMAT.md sections 7 to 9)."""

from __future__ import annotations

from typing import Literal

from cablekit.model.base import Located
from cablekit.model.markings import PortionMark
from cablekit.model.mrn import Mrn

TagKind = Literal["subject", "geographic", "program", "organization", "person", "unknown"]


class Tag(Located):
    """One code of the TAGS line."""

    code: str
    """As the vocabulary writes it."""
    kind: TagKind
    name: str | None
    """What the code stands for; none where no list names it."""
    persons: tuple[str, ...] = ()
    """Persons in the parentheses that follow: ``SURNAME, FIRST M``."""
    as_written: str


class Subject(Located):
    """The subject in one line, without its mark and its label."""

    text: str
    mark: PortionMark | None = None


ReferenceKind = Literal[
    "cable", "email", "telcon", "report", "airgram", "regulation", "meeting", "web", "dtg", "septel", "none", "text"
]


class Reference(Located):
    """One item of the REF block."""

    kind: ReferenceKind
    """``dtg``: a message cited by its date-time group; ``none``: the line says none; ``text``: anything else."""
    letter: str | None
    """List letter as written, without its stop or parentheses."""
    mrn: Mrn | None
    candidates: tuple[Mrn, ...] = ()
    """Other readings, where more than one post or year fits."""
    text: str
    """The item in one line, without letter and remarks."""
    remarks: tuple[str, ...] = ()
    """``NOTAL``, captions, ``AND PREVIOUS``."""
