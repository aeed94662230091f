"""Every place that a model names: it lies in the source, and what was read stands there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cablekit.build.cable import parse
from cablekit.build.nodes import RULES
from cablekit.errors import NotACableError
from cablekit.model import (
    Addressee,
    Cable,
    Caption,
    Classification,
    ClassifiedBy,
    DateTimeGroup,
    Diagnostic,
    ExecutiveOrder,
    Heading,
    Mrn,
    PageBreak,
    Paragraph,
    PortionMark,
    Publication,
    Release,
    Repair,
    Security,
    Signature,
    Station,
    SubItem,
    Subject,
    Table,
    Tag,
    TransmissionId,
    Unparsed,
)
from cablekit.text import read_text
from tests.make import BODY, HEADER_LINES, cable, located

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
CORPUS = ROOT.parent / "shared" / "corpus"
FOLDERS = ("cablegate-txt", "cablegate-pdftext", "seed")

# What stands at the place of a part, word for word.
STANDS: dict[type, Callable[[Any], str]] = {
    Addressee: lambda part: part.name,
    Caption: lambda part: part.name,
    Classification: lambda part: part.as_written,
    ClassifiedBy: lambda part: part.as_written,
    DateTimeGroup: lambda part: part.as_written,
    ExecutiveOrder: lambda part: part.as_written,
    Mrn: lambda part: part.as_written,
    PageBreak: lambda part: part.as_written,
    PortionMark: lambda part: part.as_written,
    Publication: lambda part: part.reference_id or "",
    Release: lambda part: part.text,
    Security: lambda part: part.as_written,
    Signature: lambda part: part.name,
    Station: lambda part: part.routing_indicator,
    SubItem: lambda part: part.label,
    Subject: lambda part: part.text,
    Table: lambda part: part.text,
    Tag: lambda part: part.as_written,
    TransmissionId: lambda part: part.text,
    Unparsed: lambda part: part.text,
}


def squeeze(text: str) -> str:
    return "".join(text.split()).upper()


def check_places(made: Cable, source: str) -> None:
    """The nodes tile the source; every other part lies in it, and is empty only where something is absent or lost."""
    assert "".join(source[node.span.start : node.span.end] for node in made.nodes) == source
    assert made.nodes[0].span.start == 0
    assert all(one.span.end == two.span.start for one, two in pairwise(made.nodes))
    for path, part, span in located(made):
        assert 0 <= span.start <= span.end <= len(source), path
        absent = isinstance(part, Diagnostic) and part.code.startswith("CK2")
        lost = isinstance(part, Repair) and not part.as_written
        assert absent or lost or span.start < span.end, path
    assert made.source.characters == len(source)
    assert 0 <= made.coverage <= 1


def check_words(made: Cable, source: str) -> None:
    """What the promised fields hold stands at their place, blanks and case aside."""
    for path, part, span in located(made):
        stands = read_text(source[span.start : span.end]).text
        if type(part) in STANDS and not isinstance(part, Caption):  # those may be mended, and are looked at below
            assert squeeze(STANDS[type(part)](part)) in squeeze(stands), path
        elif isinstance(part, Paragraph):
            assert squeeze(stands).startswith(squeeze(part.number_as_written)), path
            assert all(word in stands for word in part.text.split()[-1:]), path
        elif isinstance(part, Heading):
            assert all(word in stands for word in part.text.split()), path
        elif isinstance(part, Repair):
            assert part.as_written == source[span.start : span.end], path
    for caption in made.captions:
        for place in (caption.span, *caption.repeats):
            read = next((one.as_read for one in made.repairs if one.span == place), source[place.start : place.end])
            assert squeeze(read).startswith(squeeze(caption.name))
    assert all(one.span.end <= two.span.start for one, two in pairwise(made.body))


def check(data: bytes) -> None:
    made, source = parse(data), read_text(data).source
    check_places(made, source)
    check_words(made, source)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples(path: Path) -> None:
    check(path.read_bytes())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_in_other_clothes(path: Path) -> None:
    text = read_text(path.read_bytes()).source.replace("\r\n", "\n")
    bare = "\n".join(line.rstrip() for line in text.split("\n"))
    for data in (text.replace("\n", "\r\n"), bare.replace("\n", "\\\n"), "\ufeff" + text, text.replace("&", "&amp;")):
        check(data.encode())
    check(text.encode("utf-16"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_real_cables(corpus: Path, folder: str) -> None:
    for path in sorted((corpus / folder).glob("*.txt")):
        check(path.read_bytes())


def test_the_rules_of_the_nodes_are_known() -> None:
    header = {"transmission_id", "routing", "station", "security", "dtg", "originator", "action", "info", "exempt"}
    known = {*RULES.values(), *header, "paragraph", "text", "distribution", "dashes", "group_count", "unparsed"}
    for path in SAMPLES:
        assert {node.rule for node in parse(path.read_bytes()).nodes} <= known


def test_places_of_a_cable() -> None:
    text = cable(
        captions="SIPDIS\n\nSENSITIVE\n\nSIPDIS", body="1. (SBU) Summary: The roses are late.\n\n-- oil.\n\nQUILL"
    )
    made = parse(text)
    places = {path: text[span.start : span.end] for path, _, span in located(made)}
    assert {path: place for path, place in places.items() if ".nodes" not in path} == {
        "cable.mrn": "SOFIA 000608",
        "cable.header": "\n".join(HEADER_LINES.values()),
        "cable.header.transmission_id": "VZCZCXRO3684",
        "cable.header.routing": "PP RUEHAST RUEHBI",
        "cable.header.station": "RUEHSF #0608/01 2781218",
        "cable.header.security": "ZNR UUUUU ZZH",
        "cable.header.dtg": "P 051218Z OCT 09",
        "cable.header.originator": "AMEMBASSY SOFIA",
        "cable.header.action[0]": "RUEHC/SECSTATE WASHDC PRIORITY 6317",
        "cable.header.info[0]": "RUEHRO/AMEMBASSY ROME 1041",
        "cable.classification": "UNCLAS SOFIA 000608",
        "cable.captions[0]": "SIPDIS",
        "cable.captions[1]": "SENSITIVE",
        "cable.executive_order": "E.O. 12958: N/A",
        "cable.tags[0]": "ETRD",
        "cable.tags[1]": "BU",
        "cable.subject": "ROSE OIL",
        "cable.body[0]": "1. (SBU) Summary: The roses are late.\n\n-- oil.",
        "cable.body[0].mark": "(SBU)",
        "cable.body[0].sub_items[0]": "-- oil.",
        "cable.signature": "QUILL",
    }
    assert [text[span.start : span.end] for span in made.captions[0].repeats] == ["SIPDIS"]
    behind = [(node.rule, text[node.span.start : node.span.end].strip()) for node in made.nodes][-6:]
    assert [rule for rule, _ in behind] == [
        "subject",
        "paragraph_number",
        "portion_mark",
        "paragraph",
        "sub_item",
        "signature",
    ]
    assert behind[2] == ("portion_mark", "(SBU)")


# ---- damaged cables --------------------------------------------------------------------------------

TEXTS = [path.read_bytes().decode("utf-8", "replace") for path in SAMPLES]
CUTS = st.tuples(st.integers(0, 10_000), st.integers(0, 80), st.integers(0, 10_000), st.integers(0, 80))
WORDS = st.sampled_from(
    ["", "¶", "\n", "\n\n", "(", "SIPDIS\n", "1. (U) ", "<br>", "\r", "&amp;", "UNCLAS ROME 000001\n", "\x00", " "]
)


def damage(text: str, cuts: tuple[int, int, int, int], kind: str, word: str, other: str) -> str:
    start, length, start_2, length_2 = cuts
    start %= len(text) + 1
    piece = other[start_2 % len(other) :][:length_2] if kind == "splice" else word
    match kind:
        case "remove":
            return text[:start] + text[start + length :]
        case "double":
            return text[: start + length] + text[start:]
        case _:
            return text[:start] + piece + text[start + length :]


@settings(max_examples=150)
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(CUTS, st.sampled_from(["remove", "double", "replace", "splice"]), WORDS), min_size=1, max_size=4
    ),
    st.sampled_from(TEXTS),
)
def test_damaged_samples(text: str, damages: list[tuple[tuple[int, int, int, int], str, str]], other: str) -> None:
    for cuts, kind, word in damages:
        text = damage(text, cuts, kind, word, other)
    try:
        made = parse(text)
    except NotACableError:
        return
    check_places(made, text)


@given(st.binary(max_size=40), st.integers(0, 700))
def test_damaged_bytes(data: bytes, at: int) -> None:
    original = cable(body=BODY * 3).encode()
    damaged = original[:at] + data + original[at + 5 :]
    try:
        made = parse(damaged)
    except NotACableError:
        return
    check_places(made, read_text(damaged).source)
