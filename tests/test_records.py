"""Sources that hold more than one record, or one record in several pieces."""

from __future__ import annotations

import pytest

from cablekit.build.cable import parse
from cablekit.model import Cable, Diagnostic
from tests.make import HEADER_LINES, LABELS, cable, codes, header

CUT = "1. (U) The roses are late.\n\n2. (U) The oil is la..."
WHOLE = "1. (U) The roses are late.\n\n2. (U) The oil is later.\n\n3. (U) The leaf is lost.\n\nQUILL"
HEADS = {
    "fields": "id: 12\ndate: 10/5/2009 12:18\nrefid: 09SOFIA608\norigin: Embassy Sofia\nclassification: X\nheader:\n",
    "two fields": "refid: 09SOFIA608\norigin: Embassy Sofia\n",
    "number and fields": "<<12345>>\nid: 12345\nrefid: 09SOFIA608\nclassification: UNCLASSIFIED\n",
    "lines": "12345\n2009-10-05 12:18:00\n09SOFIA608\nEmbassy Sofia\nUNCLASSIFIED\n",
    "lines and references": "<<1234>>\n05.10.2009 12:18\n09SOFIA608\nEmbassy Sofia\nUNCLASSIFIED\n09SOFIA60|09ROME1\n",
    "one line": "12345,10/5/2009 12:18,09SOFIA608,Embassy Sofia\n",
    "none": "",
}


def found(made: Cable, code: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in made.diagnostics if diagnostic.code == code]


# ---- a record inside the record --------------------------------------------------------------------


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("behind_header", ["", "----------------- header ends ----------------\n"])
def test_the_whole_text_is_chosen(head: str, behind_header: str) -> None:
    second = cable(header=header() + "\n" + behind_header, body=WHOLE)
    made = parse(f"{cable(body=CUT)}\n\n{HEADS[head]}{second}")
    assert [paragraph.text for paragraph in made.paragraphs][1:] == ["The oil is later.", "The leaf is lost."]
    assert made.signature
    assert made.signature.name == "QUILL"
    assert [(caption.name, caption.count) for caption in made.captions] == [("SIPDIS", 1)]
    assert len(found(made, "CK402")) == 1
    assert str(made.mrn) == "09SOFIA608"
    assert len(made.tags) == 2


def test_where_the_second_copy_begins() -> None:
    first = cable(body=CUT)
    (diagnostic,) = found(parse(f"{first}\n{cable(body=WHOLE)}"), "CK402")
    assert diagnostic.message == "a second copy of the record begins here"
    assert diagnostic.span.start == len(first) + 1
    assert diagnostic.span.end > diagnostic.span.start


def test_a_shorter_copy_does_not_count() -> None:
    made = parse(f"{cable(body=WHOLE)}\n{HEADS['fields']}{cable(body=CUT)}")
    assert [paragraph.number for paragraph in made.paragraphs] == [1, 2, 3]
    assert codes(made).count("CK402") == 1
    assert made.signature
    assert made.signature.name == "QUILL"


def test_the_later_of_two_as_long_counts() -> None:
    texts = [f"1. (U) The {word} is late." for word in ("rose", "leaf")]
    made = parse("\n \n".join(cable(body=text) for text in texts))
    assert made.paragraphs[0].text == "The leaf is late."


def test_what_the_whole_text_lacks_the_cut_one_fills() -> None:
    first = cable(labels=f"{LABELS}\nREF: ROME 12\nClassified By: Consul Ann Quill for reasons 1.4 (b).", body=CUT)
    made = parse(f"{first}\n{HEADS['fields']}{cable(captions='', labels='SUBJECT: THE OIL', body=WHOLE)}")
    assert made.subject
    assert made.subject.text == "THE OIL"
    assert [tag.code for tag in made.tags] == ["ETRD", "BU"]
    assert made.executive_order
    assert [str(reference.mrn) for reference in made.references] == ["09ROME12"]
    assert made.classified_by
    assert made.captions == ()  # captions of another copy are not this copy's


@pytest.mark.parametrize("head", [name for name, written in HEADS.items() if written])
@pytest.mark.parametrize(("number", "year"), [("608", 2009), ("609", None)])
def test_the_year_that_only_the_head_of_a_second_record_tells(head: str, number: str, year: int | None) -> None:
    second = HEADS[head].replace("09SOFIA608", f"09SOFIA{number}") + cable(header="", body=WHOLE)
    made = parse(cable(header="", body=f"{CUT}\n\n{second}"))
    assert made.mrn
    assert (made.mrn.year, "CK206" in codes(made)) == (year, year is None)


def test_the_first_complete_header_counts() -> None:
    first = cable(header="DE RUEHSF #0608/01 2781218\nZNR UUUUU ZZH", body=CUT)
    made = parse(f"{first}\n{cable(body=WHOLE)}")
    assert made.header.dtg
    assert made.header.originator
    assert made.header.originator.name == "AMEMBASSY SOFIA"


AGAIN = {
    "addresses": "\n".join([HEADER_LINES["line_6"], HEADER_LINES["line_7"], HEADER_LINES["line_8"]]),
    "line 4": HEADER_LINES["line_4"],
    "all": header(),
}


@pytest.mark.parametrize("again", AGAIN)
def test_header_lines_repeated_in_the_text_block_are_no_second_record(again: str) -> None:
    made = parse(cable(captions=f"SIPDIS\n\n{AGAIN[again]}"))
    assert codes(made) == []
    assert [caption.name for caption in made.captions] == ["SIPDIS"]
    assert (made.passing, len(made.header.action), len(made.paragraphs)) == ((), 1, 2)


def test_a_header_alone_is_a_cable_without_text() -> None:
    made = parse(header())
    assert (made.mrn, made.body, made.layout) == (None, (), "A")
    assert codes(made) == ["CK201", "CK202", "CK203", "CK204"]


# ---- sections --------------------------------------------------------------------------------------

SEAM = "\n\nUNCLAS SECTION {number:02} OF 03 SOFIA 000608\n\nSIPDIS\n\n"


def sections(*seams: str) -> str:
    texts = ["1. (U) The roses are late.\n\n2. (U) The oil", "is later.\n\n3. (U) The leaf", "is lost.\n\nQUILL"]
    body = "".join(text + seam for text, seam in zip(texts, [*seams, ""], strict=True))
    return cable(line_12="UNCLAS SECTION 01 OF 03 SOFIA 000608", body=body)


@pytest.mark.parametrize("labels", ["", "E.O. 12958: N/A\nTAGS: ETRD, BU\nSUBJECT: ROSE OIL\n\n"])
def test_sections_that_kept_their_line_12_are_joined(labels: str) -> None:
    made = parse(sections(*(SEAM.format(number=number) + labels for number in (2, 3))))
    assert "CK402" not in codes(made)
    assert made.section
    assert (made.section.number, made.section.of) == (1, 3)
    assert [(one.number, one.text) for one in made.paragraphs] == [
        (1, "The roses are late."),
        (2, "The oil is later."),
        (3, "The leaf is lost."),
    ]
    assert [(caption.name, caption.count, len(caption.repeats)) for caption in made.captions] == [("SIPDIS", 3, 2)]
    assert (len(made.tags), made.passing) == (2, ())
    assert made.signature
    assert str(made.mrn) == "09SOFIA608"


def test_sections_that_left_a_page_break() -> None:
    made = parse(sections("\n\nSOFIA 00000608  002 OF 003\n\n", "\n\nSOFIA 00000608  003 OF 003\n\n"))
    assert [one.text for one in made.paragraphs] == ["The roses are late.", "The oil is later.", "The leaf is lost."]
    assert [(page.section, page.of) for page in made.page_breaks] == [(2, 3), (3, 3)]
    assert codes(made) == []


@pytest.mark.parametrize("station", ["02 OF 03 SOFIA 000609", "02 OF 03 ROME 000608", "01 OF 03 SOFIA 000608"])
def test_line_12_of_another_record(station: str) -> None:
    second = f"UNCLAS SECTION {station}\n\nSIPDIS\n\n{LABELS}\n\n{WHOLE}"
    made = parse(cable(line_12="UNCLAS SECTION 01 OF 03 SOFIA 000608", body=f"{CUT}\n\n{second}"))
    assert codes(made).count("CK402") == 1
    assert [one.number for one in made.paragraphs] == [1, 2, 3]


BOX = "*********************\n* Missing Section 002 *\n*********************"


@pytest.mark.parametrize("box", [BOX, BOX.replace("Missing Section", "MISSING SECTION"), "* Missing Section 002 *"])
def test_a_missing_section(box: str) -> None:
    text = sections(f"\n\n{box}\n\n", "\n")
    made = parse(text)
    (diagnostic,) = found(made, "CK404")
    assert diagnostic.severity == "error"
    assert diagnostic.message.casefold() == "the text says 'missing section 002'"
    assert "issing" in text[diagnostic.span.start : diagnostic.span.end].casefold()
    assert "missing_section" in {node.rule for node in made.nodes}


def test_the_text_behind_a_missing_section_does_not_go_on_with_the_text_before() -> None:
    made = parse(sections(f"\n\n{BOX}\n\n", "\n"))
    assert not any("The oil is later" in block.text for block in made.body)


def test_words_on_a_missing_section_are_text() -> None:
    made = parse(cable(body="1. (U) They asked for the missing section 002 of the map.\n\nQUILL"))
    assert found(made, "CK404") == []
