"""The document tree to a `Cable`: reads every part by its own grammar and puts the models together."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.body import Body, BodyBuilder
from cablekit.build.checks import check
from cablekit.build.handling import build_passing
from cablekit.build.header import HeaderPart, build_header, year_of
from cablekit.build.labels import build_captions, build_subject
from cablekit.build.markings import ClassificationLine, banner
from cablekit.build.nodes import cut
from cablekit.build.orders import build_classified_by, build_executive_order
from cablekit.build.publication import build_publication, build_release, embedded_id
from cablekit.build.reading import Part, Reading
from cablekit.build.records import Record, choose, flatten, split_records
from cablekit.build.references import build_references
from cablekit.build.tags import build_tags
from cablekit.errors import NotACableError
from cablekit.model import (
    Block,
    Cable,
    Caption,
    Classification,
    Header,
    Layout,
    Mrn,
    Provenance,
    Publication,
    Source,
    Unparsed,
)
from cablekit.text import SourceText, read_text

if TYPE_CHECKING:
    from cablekit.grammar import Token

_LABELS = frozenset({"EO_LINE", "TAGS_LINE", "SUBJECT_LINE"})
_LINE_12 = frozenset({"CLASSIFICATION", "LOWER_CLASSIFICATION"})
_CONTROLS = tuple(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r\f\v")


def parse(data: str | bytes) -> Cable:
    """Read one cable.

    Takes text, or bytes, which are decoded by a fixed ladder (see `cablekit.text`). Raises `NotACableError`, a
    `ValueError` with the reason, when nothing in it is a cable, and `TypeError` for anything but text and bytes.
    Whatever else is odd stands in ``diagnostics``, whatever was mended in ``repairs``.
    """
    source = read_text(data)
    digest = None if isinstance(data, str) else hashlib.sha256(data).hexdigest()
    return parse_source(source, digest)


def parse_source(
    source: SourceText,
    sha256: str | None = None,
    *,
    certain: bool = False,
    publication: Publication | None = None,
    provenance: Provenance | None = None,
) -> Cable:
    """Read one cable from a source that is decoded already; raises `NotACableError`.

    Where it is ``certain`` that the source is a cable, it is read as text if it has the form of none. ``publication``
    is what a container says of it; a head in the text itself comes first.
    """
    if not certain:
        _refuse_non_text(source)
    reading = Reading(source)
    tokens = flatten(grammar.read("document", source.text))
    found = {token.type for token in tokens}
    headers = {
        token.start_pos: build_header(Part(str(token), token.start_pos), reading)
        for token in tokens
        if token.type == "HEADER"
    }
    header = _first_complete(headers)
    stated = next((build_publication(t, reading) for t in tokens if t.type == "PUBLICATION_HEAD"), None)
    formless = _formless(found, header)
    if formless and not (certain or stated):
        raise NotACableError(formless)
    publication = stated or publication
    records = split_records(tokens, reading, header)
    record = choose(records)
    on = header.dtg.utc.date() if header.dtg and header.dtg.utc else None
    line_12 = record.classification
    mrn = _mrn(line_12, on, publication, tokens)
    captions = build_captions(record.tokens("CAPTION", "DAMAGED_CAPTION", "CORRECTED_COPY"), reading)
    body, starts = _body(record, reading)
    references = build_references(
        record.parts("REF_LINE", "REF_MORE"),
        reading,
        year=mrn.year if mrn else None,
        on=on,
        post=mrn.post if mrn else None,
    )
    order = record.part("EO_LINE")
    classifier = record.part("CLASSIFIED_BY")
    subject = record.part("SUBJECT_LINE")
    _report(tokens, records, reading)
    cable = Cable(
        mrn=mrn,
        layout="T" if formless else _layout(found, header, on),
        header=header,
        classification=_classification(line_12, header, captions, reading),
        section=line_12.section if line_12 else None,
        captions=captions,
        passing=tuple(
            passing
            for part in record.parts("ATTENTION", "LATE_PASSING", "HANDLING")
            for passing in build_passing(part, reading)
        ),
        executive_order=build_executive_order(order, reading, on) if order else None,
        classified_by=build_classified_by(classifier, reading) if classifier else None,
        tags=tuple(
            tag
            for index, part in enumerate(record.parts("TAGS_LINE"))
            for tag in build_tags(part, reading, on, more=index > 0)
        ),
        subject=build_subject(subject, reading) if subject else None,
        references=references,
        body=_with_unparsed(body.blocks, tokens, reading),
        signature=body.signature,
        release=tuple(build_release(token, reading) for token in tokens if token.type == "STAMP"),
        page_breaks=body.page_breaks,
        publication=publication,
        coverage=1.0,
        source=Source(
            encoding=source.encoding,
            characters=len(source.source),
            sha256=sha256,
            decisions=source.decisions,
            provenance=provenance,
        ),
        nodes=cut(tokens, headers, starts, reading),
    )
    check(cable, reading)
    unread = sum(node.span.end - node.span.start for node in cable.nodes if node.rule == "unparsed")
    return cable.model_copy(
        update={
            "diagnostics": tuple(sorted(reading.diagnostics, key=lambda one: (one.span, one.code))),
            "repairs": tuple(sorted(reading.repairs, key=lambda one: (one.span, one.rule))),
            "coverage": 1 - unread / max(len(source.source), 1),
        }
    )


# ---- what is no cable ---------------------------------------------------------------------------------------------


def _refuse_non_text(source: SourceText) -> None:
    """Refuse what cannot hold a cable whatever its form."""
    if not source.text.strip():
        raise NotACableError("it is empty" if not source.source else "it holds nothing but blanks")
    sample = source.source[:4096]
    if source.decisions and sum(map(sample.count, _CONTROLS)) > len(sample) // 10:
        raise NotACableError("it is binary data, not text")


def _formless(found: set[str], header: Header) -> str | None:
    """Tell what text lacks in which nothing has the form of a cable: a line 12, a header, two labels of the block."""
    if found & _LINE_12 or (found >= {"CLASSIFICATION_AGAIN"} and found & _LABELS):
        return None
    if header.transmission_id or header.station or (header.dtg and (header.originator or header.action)):
        return None
    if len(found & _LABELS) >= 2:
        return None
    return (
        "it has no routing header, no classification line with a message reference number and no E.O., TAGS and "
        "SUBJECT lines"
    )


# ---- the parts of a record ----------------------------------------------------------------------------------------


def _first_complete(headers: dict[int, HeaderPart]) -> Header:
    """Choose the first header that says when, from whom and to whom; else the first one (FORMAT.md section 19.20)."""
    found = [part.header for _, part in sorted(headers.items())]
    complete = (header for header in found if header.dtg and header.originator and header.action)
    return next(complete, found[0] if found else Header())


def _mrn(
    line_12: ClassificationLine | None, on: date | None, publication: Publication | None, tokens: list[Token]
) -> Mrn | None:
    """Give the number of line 12 its year: from the date-time group, else from an identifier of the publisher.

    That stands above the cable, or in the head of a record inside it, if it is the identifier of this number.
    """
    if line_12 is None or line_12.mrn is None:
        return None
    if on is not None:
        return line_12.mrn.model_copy(update={"year": on.year, "year_source": "dtg"})
    number = f"{line_12.mrn.post}{line_12.mrn.serial}"
    inside = (embedded_id(token) or "" for token in tokens if token.type == "RECORD_HEAD")
    above = publication.reference_id or "" if publication else next((one for one in inside if one[2:] == number), "")
    stated = above[:2]
    if stated.isdigit():
        return line_12.mrn.model_copy(update={"year": year_of(stated), "year_source": "publication"})
    return line_12.mrn


def _classification(
    line_12: ClassificationLine | None, header: Header, captions: tuple[Caption, ...], reading: Reading
) -> Classification | None:
    """Build the classification; line 4 says the level where line 12 is garbled (FORMAT.md section 2.4)."""
    if line_12 is None:
        return None
    level = line_12.level
    if level is None and header.security and header.security.level:
        level = header.security.level
        reading.mend("level-from-line-4", line_12.mark, level.value)
    if level is None:
        return None
    return Classification(
        level=level,
        caveats=line_12.caveats,
        as_written=line_12.as_written,
        banner=banner(level, line_12.caveats, (caption.name for caption in captions)),
        span=line_12.span,
    )


def _layout(found: set[str], header: Header, on: date | None) -> Layout:
    """Tell the layout (FORMAT.md section 1)."""
    if "PARTIAL_NOTE" in found:
        return "P"
    if header.transmission_id or header.routing or header.station:
        return "A"
    return "D" if on and on.year < 1973 else "B"


def _body(record: Record, reading: Reading) -> tuple[Body, dict[int, int]]:
    mrn = record.classification.mrn if record.classification else None
    builder = BodyBuilder(reading, mrn.as_written.rpartition(" ")[0] if mrn else "")
    builder.take(record.body)
    return builder.finish(), builder.break_starts


def _with_unparsed(blocks: tuple[Block, ...], tokens: list[Token], reading: Reading) -> tuple[Block, ...]:
    """Put what no rule knows among the blocks, where it stands."""
    unknown = [token for token in tokens if token.type in ("FRONT_LINE", "OTHER_LINE")]
    if not unknown:
        return blocks
    lost: list[Block] = []
    for token in unknown:
        start = token.start_pos + len(token) - len(token.lstrip())
        text = token.strip()
        lost.append(Unparsed(text=text, span=reading.span(start, start + len(text))))
    return tuple(sorted([*lost, *blocks], key=lambda block: block.span))


def _report(tokens: list[Token], records: list[Record], reading: Reading) -> None:
    """Report copies of the record inside the record and sections that are missing."""
    for record in records[1:]:
        if record.begun and records[0].begun:
            start = record.start
            end = reading.source.text.index("\n", start)
            reading.diagnose("CK402", start, end, "a second copy of the record begins here")
    for token in tokens:
        if token.type == "MISSING_SECTION":
            start, text = token.start_pos, " ".join(token.replace("*", " ").split())
            reading.diagnose("CK404", start, start + len(token.rstrip()), f"the text says {text!r}")
