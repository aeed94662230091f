"""Work and memory grow no faster than the input, whatever it holds.

Work is counted, not timed: every call of a Python or C function, among them one for each token. What the regular
expression engine does inside a call is not seen here; ``benchmarks/hostile.py`` measures it by its time.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cablekit.build.cable import parse
from tests.golden import SAMPLES
from tests.make import cable, header

BODY = "1. (U) The roses are late. "
UNITS: dict[str, Callable[[int], str]] = {
    "one line": lambda n: cable(body=BODY + "The roses are late. " * n),
    "blank lines": lambda n: cable(body=BODY + "\n" * n + "are late."),
    "brackets": lambda n: cable(body=BODY + "([{" * n),
    "REF A.": lambda n: cable(labels="TAGS: ETRD\nSUBJECT: ROSE OIL\nREF: " + "REF A. " * n),
    "REF A. lines": lambda n: cable(labels="TAGS: ETRD\nSUBJECT: ROSE OIL\n" + "REF A.\n" * n),
    "references": lambda n: cable(labels="TAGS: ETRD\nSUBJECT: ROSE OIL\nREF: " + "ROME 12, " * n),
    "garbled references": lambda n: cable(labels="TAGS: ETRD\nSUBJECT: ROSE OIL\nREF: " + "R0ME 1O, " * n),
    "TAGS": lambda n: cable(labels="TAGS: " + "ETRD, " * n),
    "unknown TAGS": lambda n: cable(labels="TAGS: " + "QQQQ " * n),
    "glued TAGS": lambda n: cable(labels="TAGS: " + "ETRD" * n),
    "captions": lambda n: cable(captions="SEFSITIVE\n" * n),
    "passing": lambda n: cable(captions="DEPT FOR EUR: QUILL\n" * n),
    "addressees": lambda n: cable(header=header(line_8="INFO " + "RUEHRO/AMEMBASSY ROME PRIORITX\n" * n + "X")),
    "paragraphs": lambda n: cable(body="1. (U) The roses.\n\n" * n),
    "garbled numbers": lambda n: cable(body="Q. (U) The roses.\n\n" * n),
    "marked texts": lambda n: cable(body=BODY + "\n\n(U) The roses." * n),
    "items": lambda n: cable(body=BODY + "\n-- roses." * n),
    "headings": lambda n: cable(body=BODY + "\n\nROSES\n-----\n\n1. (U) Oil." * n),
    "rows": lambda n: cable(body=BODY + "\nRoses   12   13" * n),
    "page breaks": lambda n: cable(body=BODY + "\nSOFIA 00000608  001 OF 002\n" * n),
    "page breaks inside": lambda n: cable(body=BODY + "x SOFIA 00000608  001 OF 002 y " * n),
    "SIPDIS": lambda n: cable(body=BODY + "roses SIPDIS are " * n),
    "commas": lambda n: cable(body=BODY + "Ann,s " * n),
    "hyphens": lambda n: cable(body=BODY + "so- called " * n),
    "eight E": lambda n: cable(body=BODY + "rozes E E E E E E E E roses " * n),
    "redactions": lambda n: cable(body=BODY + "XXXXXXXXXXXX " * n),
    "summaries": lambda n: cable(body="1. (U) Summary: roses.\n\n" * n),
    "headers": lambda n: (header() + "\n") * n + cable(header=""),
    "sections": lambda n: cable(line_12="UNCLAS SECTION 01 OF 02 SOFIA 000608\n" * n),
    "surrogates": lambda n: cable(body=BODY + "\ud800" * n),
    "entities": lambda n: cable(body=BODY + "&amp; " * n),
    "mark-up": lambda n: cable(body=BODY + "<b>x</b> " * n),
    "carriage returns": lambda n: cable(body=BODY + "x\r\n" * n),
}


def work(text: str) -> int:
    """Count the calls that parsing a text takes."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", UNITS)
def test_twice_the_input_is_twice_the_work(name: str) -> None:
    text = UNITS[name]
    parse(text(400))  # fills the caches of the vocabulary
    once, twice, four_times = (work(text(number)) for number in (100, 200, 400))
    assert four_times - twice <= 2.2 * (twice - once) + 100


def test_that_the_count_sees_what_is_not_linear() -> None:
    def slow(text: str) -> int:
        return sum(text[:at].count("a") for at in range(len(text)))

    counts = []
    for size in (100, 200, 400):
        calls = 0
        for _ in range(size):
            calls += slow("a" * (size // 10))
        counts.append(calls)
    assert counts[2] - counts[1] > 2.2 * (counts[1] - counts[0]) + 100


@pytest.mark.parametrize(
    ("name", "number", "most"),
    [("one line", 25_000, 20), ("blank lines", 300_000, 20), ("TAGS", 10_000, 600), ("glued TAGS", 10_000, 600),
     ("paragraphs", 4_000, 600), ("references", 5_000, 600)],
)  # fmt: skip
def test_memory_is_a_multiple_of_the_input(name: str, number: int, most: int) -> None:
    text = UNITS[name](number)
    parse(UNITS[name](10))
    tracemalloc.start()
    try:
        parse(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most * len(text)


# ---- every byte of a sample ------------------------------------------------------------------------------------------


def changed(data: bytes) -> Iterator[bytes]:
    """Take every byte away, double it, and put another in its place."""
    for at in range(len(data)):
        yield data[:at] + data[at + 1 :]
        yield data[:at] + data[at : at + 1] + data[at:]
        yield data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :]


def test_a_sample_with_any_byte_wrong_is_a_cable() -> None:
    data = min((path.read_bytes() for path in SAMPLES.glob("*.txt")), key=len)
    for other in changed(data):
        made = parse(other)
        source = other.decode(made.source.encoding)
        assert "".join(source[node.span.start : node.span.end] for node in made.nodes) == source
        assert all(source[slice(*one.span)] == one.as_written for one in made.repairs)
