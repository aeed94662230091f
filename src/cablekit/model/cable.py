"""The cable itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import field_validator

from cablekit.model.base import Model, Node, Span
from cablekit.model.body import (
    Block,
    PageBreak,
    Paragraph,
    Passage,
    Publication,
    Release,
    Role,
    Signature,
    Table,
    Text,
)
from cablekit.model.copies import Attribute, RecordCopy, Redaction
from cablekit.model.findings import Diagnostic, Repair
from cablekit.model.header import Header
from cablekit.model.labels import Reference, Subject, Tag
from cablekit.model.markings import Caption, Classification, ClassifiedBy, ExecutiveOrder, Passing, Section
from cablekit.model.mrn import Mrn
from cablekit.model.provenance import Provenance

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA_VERSION: Final = "1.1"
"""Version of the fields, major and minor; ``docs/json.md`` says what each part promises."""

Layout = Literal["A", "B", "P", "C", "D", "E", "F", "T"]
"""FORMAT.md section 1: A transmitted telegram, B header without routing lines, P partial extract, C record copy of
1973-79, D before 1973, E message-archive copy (SMART), F page of a FOIA release.

T is text only: its container says that it is a cable, but it has the form of none of these.
"""


def _words(block: Paragraph | Text) -> str:
    start, end = block.role_words or (0, len(block.text))
    return block.text[start:end]


class Decision(Model):
    """One thing that was done to turn bytes into the characters that the grammar reads, and how often."""

    what: str
    count: int


class Source(Model):
    """What was read."""

    encoding: str
    """The encoding that the bytes were in; ``str`` where text was given."""
    characters: int
    sha256: str | None = None
    """Of the bytes; none where text was given."""
    decisions: tuple[Decision, ...] = ()
    provenance: Provenance | None = None
    """Where it stood in the dump; none where text or bytes were given."""


class Cable(Model):
    """A cable: everything that was read from one source, where it stood, and what was odd about it.

    Models are frozen and hashable; ``Cable.model_validate_json(cable.model_dump_json()) == cable``.
    """

    schema_version: Literal["1.1"] = SCHEMA_VERSION
    """Version of the fields. JSON of any other 1.x is read too, and then is of this version."""
    mrn: Mrn | None
    layout: Layout
    layout_reason: str = ""
    """What in the text tells the layout."""
    header: Header
    classification: Classification | None = None
    section: Section | None = None
    captions: tuple[Caption, ...] = ()
    passing: tuple[Passing, ...] = ()
    executive_order: ExecutiveOrder | None = None
    classified_by: ClassifiedBy | None = None
    tags: tuple[Tag, ...] = ()
    subject: Subject | None = None
    references: tuple[Reference, ...] = ()
    body: tuple[Block, ...] = ()
    signature: Signature | None = None
    release: tuple[Release, ...] = ()
    page_breaks: tuple[PageBreak, ...] = ()
    publication: Publication | None = None
    record_copy: RecordCopy | None = None
    """What an archive's copy has beside the telegram (layouts C, E, F)."""
    from_attributes: tuple[str, ...] = ()
    """Fields that the attributes fill because the telegram lacks them: ``subject``, ``header.originator`` …"""
    redactions: tuple[Redaction, ...] = ()
    """Where words were taken out, in order."""
    diagnostics: tuple[Diagnostic, ...] = ()
    repairs: tuple[Repair, ...] = ()
    coverage: float
    """Share of the source's characters that a rule understood, 0 to 1."""
    source: Source
    nodes: tuple[Node, ...]
    """The whole source in order, each stretch with the rule that read it."""

    @field_validator("schema_version", mode="before")
    @classmethod
    def _of_this_version(cls, written: Any) -> str:
        """Take any minor version of this major one."""
        major, _, minor = str(written).partition(".")
        if major == SCHEMA_VERSION.partition(".")[0] and minor.isdecimal():
            return SCHEMA_VERSION
        raise ValueError(
            f"this cable has schema version {written}, this cablekit reads 1.x (its own is {SCHEMA_VERSION}); "
            "read it with the cablekit that wrote it, or parse its source again"
        )

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The numbered paragraphs."""
        return tuple(block for block in self.body if isinstance(block, Paragraph))

    @property
    def summary(self) -> Passage | None:
        """The summary, without opener and closer; none where there is none."""
        return self.passage("summary")

    @property
    def comment(self) -> Passage | None:
        """The (first) comment."""
        return self.passage("comment")

    @property
    def action_request(self) -> Passage | None:
        """The action request."""
        return self.passage("action_request")

    def attribute(self, name: str) -> Attribute | None:
        """Return an attribute of the record copy by its name, in any case; none where there is none."""
        folded = name.casefold()
        found = self.record_copy.attributes if self.record_copy else ()
        return next((one for one in found if one.name.casefold() == folded), None)

    def passage(self, role: Role) -> Passage | None:
        """Join the first run of blocks that have this role."""
        run: list[Paragraph | Text] = []
        for block in self.body:
            if isinstance(block, (Paragraph, Text)) and block.role == role:
                run.append(block)
            elif run and not isinstance(block, Table):
                break
        if not run:
            return None
        return Passage(
            role=role,
            text="\n\n".join(_words(block) for block in run),
            paragraphs=tuple(block.number for block in run if isinstance(block, Paragraph)),
            span=Span(run[0].span.start, run[-1].span.end),
        )

    def __repr__(self) -> str:
        """One line that says which cable this is."""
        banner = self.classification.banner if self.classification else "unmarked"
        dtg = self.header.dtg
        when = f"{dtg.utc:%Y-%m-%d %H:%MZ}" if dtg and dtg.utc else "undated"
        subject = repr(self.subject.text) if self.subject else "no subject"
        return f"<Cable {self.mrn or 'without MRN'} {banner}, {when}, {subject}, {len(self.paragraphs)} paragraphs>"

    __str__ = __repr__

    # Rich and notebooks ask the object itself how to show it, so the model has to name its views; it knows no more.
    def __rich__(self) -> RenderableType:
        """Show the readable view where rich prints."""
        from cablekit.rendering.terminal import terminal

        return terminal(self)

    def _repr_html_(self) -> str:
        """Show the readable view in notebooks."""
        from cablekit.rendering.html import html

        return html(self)
