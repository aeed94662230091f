"""Captions and subject: what stands there, and how it is read."""

from __future__ import annotations

from typing import Any

import pytest

from cablekit.build.cable import parse
from cablekit.model import Level
from tests.make import cable, codes


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SIPDIS", [("SIPDIS", 1, 0)]),
        ("SIPDIS\n\nSENSITIVE\nSIPDIS", [("SIPDIS", 2, 1), ("SENSITIVE", 1, 0)]),
        ("SIPDIS SIPDIS\nsipdis", [("SIPDIS", 3, 2)]),
        ("NOFORN, SIPDIS/EXDIS", [("NOFORN", 1, 0), ("SIPDIS", 1, 0), ("EXDIS", 1, 0)]),
        ("Roger Channel", [("ROGER CHANNEL", 1, 0)]),
        ("C O R R E C T E D  C O P Y (CAPTION)", [("CORRECTED COPY", 1, 0)]),
        ("(CORRECTED COPY: ADDED)\nSIPDIS", [("CORRECTED COPY", 1, 0), ("SIPDIS", 1, 0)]),
        ("", []),
    ],
)
def test_captions(written: str, expected: list[tuple[str, int, int]]) -> None:
    made = parse(cable(captions=written)).captions
    assert sorted((one.name, one.count, len(one.repeats)) for one in made) == sorted(expected)
    if written and "C O" not in written:
        assert [one.name for one in sorted(made, key=lambda one: one.span)] == [name for name, _, _ in expected]


SUBJECTS: list[tuple[str, str | None, str | None]] = [
    ("SUBJECT: ROSE OIL", "ROSE OIL", None),
    ("SUBJECT: ROSE\n         OIL AND \nLEAF", "ROSE OIL AND LEAF", None),
    ("SUBJ: ROSE OIL", "ROSE OIL", None),
    ("Subject : Rose oil: a look", "Rose oil: a look", None),
    ("SUBJECT; ROSE OIL", "ROSE OIL", None),
    ("SUBJECT:\nROSE OIL", "ROSE OIL", None),
    ("SUBJECT: (SBU) ROSE OIL", "ROSE OIL", "SBU"),
    ("SUBJECT: (C/NF) ROSE OIL", "ROSE OIL", "C//NF"),
    ("SUBJECT:(U)ROSE OIL", "ROSE OIL", "U"),
    ("SUBJECT: (S)\n ROSE OIL", "ROSE OIL", "S"),
    ("SUBJECT: (U.S.) ROSE OIL", "(U.S.) ROSE OIL", None),
    ("SUBJECT: (ROSE OIL", "(ROSE OIL", None),
    ("SUBJECT: ROSE (CD) OIL", "ROSE (CD) OIL", None),
    ("SUBJ4 ROSE OIL", "ROSE OIL", None),
    ("SUBJECT8 (C) ROSE OIL: 4", "ROSE OIL: 4", "C"),
    ("SUBJECT:", None, None),
    ("SUBJECT: \n", None, None),
]


@pytest.mark.parametrize(("written", "text", "mark"), SUBJECTS)
def test_subject(written: str, text: str | None, mark: str | None) -> None:
    source = cable(labels=f"TAGS: ETRD\n{written}", line_12="S E C R E T SOFIA 000608")
    made = parse(source)
    if text is None:
        assert made.subject is None
        assert "CK203" in codes(made)
        return
    assert made.subject
    assert (made.subject.text, made.subject.mark and str(made.subject.mark)) == (text, mark)
    start, end = made.subject.span
    assert " ".join(source[start:end].split()) == text


@pytest.mark.parametrize(("written", "label"), [("SUBJ4 ROSE", "SUBJ4"), ("Subject8 ROSE", "Subject8")])
def test_a_figure_for_the_colon_is_a_repair(written: str, label: str) -> None:
    source = cable(labels=f"TAGS: ETRD\n{written}")
    (repair,) = parse(source).repairs
    assert (repair.rule, repair.as_written, repair.as_read) == ("subject-label", label, f"{label[:-1]}:")
    assert source[repair.span.start : repair.span.end] == label


def test_the_mark_of_the_subject() -> None:
    made = parse(cable(labels="TAGS: ETRD\nSUBJECT: (C - ENTIRE TEXT) ROSE OIL"))
    assert made.subject
    mark: Any = made.subject.mark
    assert (mark.level, mark.entire_text, made.subject.text) == (Level.CONFIDENTIAL, True, "ROSE OIL")
