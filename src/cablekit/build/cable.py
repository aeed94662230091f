"""The document tree to a `Cable`: reads every part by its own grammar and puts the models together."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from cablekit import grammar
from cablekit.build.body import Body, BodyBuilder
from cablekit.build.checks import check
from cablekit.build.copies import Copy, read_copy
from cablekit.build.handling import build_passing
from cablekit.build.header import HeaderPart, build_header, year_of
from cablekit.build.labels import build_captions, build_subject
from cablekit.build.lines import visible_start
from cablekit.build.markings import ClassificationLine, banner, build_classification
from cablekit.build.nodes import cut, overlay, redacted
from cablekit.build.orders import build_classified_by, build_executive_order
from cablekit.build.publication import build_publication, build_release, embedded_id
from cablekit.build.reading import Part, Reading
from cablekit.build.records import Record, choose, flatten, split_records
from cablekit.build.redactions import build_redactions
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
_SHORTEST_WORD = 3
"""Letters of what is no noise."""
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
    copy = read_copy(Reading(source))
    reading = copy.message
    tokens = _parts(copy)
    found = {token.type for token in tokens}
    headers = {
        token.start_pos: build_header(Part(str(token), token.start_pos), reading)
        for token in tokens
        if token.type == "HEADER"
    }
    header = copy.header or _first_complete(headers)
    stated = next((build_publication(t, reading) for t in tokens if t.type == "PUBLICATION_HEAD"), None)
    formless = _formless(found, header) if copy.layout is None else _wordless(copy)
    if formless and not (certain or stated):
        raise NotACableError(formless)
    publication = stated or publication
    records = split_records(tokens, reading, header)
    record = choose(records)
    on = _day(header, copy)
    line_12 = record.classification
    mrn = _mrn(line_12, copy, header, publication, tokens)
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
    redactions = build_redactions(record.body, reading, copy.redactions, released=copy.layout == "F")
    layout, reason = (copy.layout, copy.reason) if copy.layout else _layout(found, header, on)
    cable = Cable.model_construct(
        mrn=mrn,
        layout="T" if formless else layout,
        layout_reason="nothing in it has the form of a cable" if formless else reason,
        header=header,
        classification=_classification(line_12 or _of_page(copy), header, captions, reading),
        section=line_12.section if line_12 else copy.section,
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
        release=(*copy.releases, *(build_release(token, reading) for token in tokens if token.type == "STAMP")),
        page_breaks=(*copy.page_breaks, *body.page_breaks),
        publication=publication,
        record_copy=copy.record,
        redactions=redactions,
        coverage=1.0,
        source=Source.model_construct(
            encoding=source.encoding,
            characters=len(source.source),
            sha256=sha256,
            decisions=reading.source.decisions,
            provenance=provenance,
        ),
        nodes=overlay(cut(tokens, headers, starts, reading), [redacted(redactions), *copy.layers]),
    )
    if copy.attributes:
        from cablekit.build.filling import fill

        cable = fill(cable, copy.attributes, copy.whole, on)
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


def _wordless(copy: Copy) -> str | None:
    """Tell what pages lack of which nothing was read but noise: a head, a number, a label, any word."""
    if not copy.of_images or copy.header or copy.mrn or copy.attributes:
        return None
    words = copy.message.source.text.split()
    if any(word.isalpha() and len(word) >= _SHORTEST_WORD for word in words):
        return None
    return "no word can be read on its pages"


# ---- the parts of a record ----------------------------------------------------------------------------------------


def _first_complete(headers: dict[int, HeaderPart]) -> Header:
    """Choose the first header that says when, from whom and to whom; else the first one (FORMAT.md section 19.20)."""
    found = [part.header for _, part in sorted(headers.items())]
    complete = (header for header in found if header.dtg and header.originator and header.action)
    return next(complete, found[0] if found else Header.model_construct())


def _day(header: Header, copy: Copy) -> date | None:
    """Return the day of the message: that of the date-time group, else of the attributes (FORMAT.md section 9.1)."""
    if header.dtg and header.dtg.utc:
        return header.dtg.utc.date()
    return copy.attributes.day("Draft Date", "Sent Date") if copy.attributes else None


def _mrn(
    line_12: ClassificationLine | None,
    copy: Copy,
    header: Header,
    publication: Publication | None,
    tokens: list[Token],
) -> Mrn | None:
    """Return the number of line 12, else that of the page heads, else the document number.

    Its year is that of the date-time group, else of the document number or an identifier of the publisher. That stands
    above the cable, or in the head of a record inside it, if it is the identifier of this number.
    """
    document = copy.record.document if copy.record else None
    mrn = (line_12.mrn if line_12 else None) or copy.mrn
    if mrn is None:
        return document
    if header.dtg and header.dtg.utc:
        return mrn.model_copy(update={"year": header.dtg.utc.year, "year_source": "dtg"})
    if document is not None:
        return mrn.model_copy(update={"year": document.year, "year_source": "attributes"})
    number = f"{mrn.post}{mrn.serial}"
    inside = (embedded_id(token) or "" for token in tokens if token.type == "RECORD_HEAD")
    above = publication.reference_id or "" if publication else next((one for one in inside if one[2:] == number), "")
    stated = above[:2]
    if stated.isdigit():
        return mrn.model_copy(update={"year": year_of(stated), "year_source": "publication"})
    return mrn


def _of_page(copy: Copy) -> ClassificationLine | None:
    """Read the classification of a page head, where line 12 is lost."""
    return build_classification(*copy.level, None) if copy.level else None


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
    return Classification.model_construct(
        level=level,
        caveats=line_12.caveats,
        as_written=line_12.as_written,
        banner=banner(level, line_12.caveats, (caption.name for caption in captions)),
        span=line_12.span,
    )


def _layout(found: set[str], header: Header, on: date | None) -> tuple[Layout, str]:
    """Tell the layout of a telegram as it was transmitted, and what says so (FORMAT.md section 1)."""
    if "PARTIAL_NOTE" in found:
        return "P", "the publisher's note on a partial extract stands in it"
    if header.transmission_id or header.routing or header.station:
        return "A", "its header has routing lines"
    if on and on.year < 1973:
        return "D", f"it has no routing lines and is of {on.year}"
    return "B", "it has no routing lines"


def _parts(copy: Copy) -> list[Token]:
    """Cut the text by the document grammar; a copy with neither line 12 nor labels is running text from the start."""
    text = copy.message.source.text
    tokens = flatten(grammar.read("document", text))
    if copy.layout and tokens and not {token.type for token in tokens} & {*_LINE_12, *_LABELS, "HEADER"}:
        return flatten(grammar.read("document", text, "headless"))
    return tokens


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
        start = visible_start(token)
        text = token.strip()
        lost.append(Unparsed.model_construct(text=text, span=reading.span(start, start + len(text))))
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
