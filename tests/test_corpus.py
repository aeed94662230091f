"""What is promised of real cables. They are read where they lie and never copied."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cablekit

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def run(script: str, *arguments: str | Path) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_seed_cable(corpus: Path) -> None:
    data = (corpus / "seed" / "08BISHKEK94.txt").read_bytes()
    # Names and sentences of a real cable are taken from it, not written down here.
    lines = [line.strip() for line in data.decode().splitlines() if line.strip()]
    cable = cablekit.parse(data)
    header = cable.header
    assert str(cable.mrn) == "08BISHKEK94"
    assert header.transmission_id
    assert header.transmission_id.text == "VZCZCXRO3684"
    assert header.routing
    assert (header.routing.precedence, len(header.routing.indicators)) == ("ROUTINE", 8)
    assert header.station
    assert (header.station.routing_indicator, header.station.serial, header.station.section) == ("RUEHEK", 94, 1)
    assert (header.station.day_of_year, str(header.station.time_filed)) == (29, "09:34:00")
    assert header.dtg
    assert header.dtg.utc
    assert (header.dtg.precedences, header.dtg.utc.isoformat()) == (("ROUTINE",), "2008-01-29T09:34:00+00:00")
    assert header.originator
    assert header.originator.name == "AMEMBASSY BISHKEK"
    assert [(one.name, one.routing_indicator, one.serial) for one in header.action] == [
        ("SECSTATE WASHDC", "RUEHC", "0591")
    ]
    assert (len(header.info), header.info[-1].name) == (17, "USCENTCOM INTEL CEN MACDILL AFB FL")
    assert cable.classification
    assert (cable.classification.level, cable.classification.banner) == (
        "UNCLASSIFIED",
        "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
    )
    assert cable.section
    assert (cable.section.number, cable.section.of) == (1, 2)
    assert [(one.name, one.count) for one in cable.captions] == [("SIPDIS", 2), ("SENSITIVE", 1)]
    passing = [line.removeprefix("DEPT FOR ").split(": ") for line in lines if line.startswith("DEPT FOR ")]
    assert len(passing) == 3
    assert [(one.agency, [*one.offices, *one.persons]) for one in cable.passing] == [("DEPT", line) for line in passing]
    assert cable.executive_order
    assert (cable.executive_order.number, cable.executive_order.schedule) == (12958, "N/A")
    assert cable.executive_order.declassify_on is None
    assert [(tag.code, tag.kind) for tag in cable.tags] == [
        ("KCRM", "program"),
        ("SMIG", "subject"),
        ("KWMN", "program"),
        ("PGOV", "subject"),
        ("PREL", "subject"),
        ("PHUM", "subject"),
        ("KG", "geographic"),
        ("XH", "geographic"),
        ("ZK", "geographic"),
        ("ZJ", "geographic"),
    ]
    assert cable.subject
    assert f"SUBJECT: {cable.subject.text}" in lines
    (reference,) = cable.references
    assert reference.mrn
    assert (str(reference.mrn), reference.mrn.year_inferred) == ("08BISHKEK36", True)
    assert [(one.number, one.number_as_written, str(one.mark)) for one in cable.paragraphs] == [
        (1, "¶1.", "U"),
        (2, "¶2.", "U"),
        (3, "¶3.", "U"),
        (4, "14.", "U"),
        (5, "15.", "SBU"),
    ]
    assert [(one.as_written, one.as_read) for one in cable.repairs] == [("14.", "4."), ("15.", "5.")]
    for paragraph, first in ((cable.paragraphs[2], "¶3. (U) "), (cable.paragraphs[4], "15. (SBU) ")):
        start = next(index for index, line in enumerate(lines) if line.startswith(first))
        parts = [line for line in lines[start : start + 3] if line.startswith(first) or line[0].islower()]
        assert paragraph.text == " ".join(parts).removeprefix(first)
    assert cable.summary
    assert cable.summary.paragraphs == (1,)
    assert cable.comment
    assert cable.comment.paragraphs == (5,)
    assert cable.signature
    assert cable.signature.name == lines[-1]


def test_every_field_of_the_cables_read_by_hand(corpus: Path) -> None:
    assert "signature" in run("accuracy.py", corpus)


def test_coverage_of_real_cables(corpus: Path) -> None:
    assert "145" in run("understood.py", *(corpus / f"cablegate-{kind}" for kind in ("txt", "html", "pdftext")))


@pytest.mark.parametrize(
    "folder", ["cablegate-html", "cablegate-csv", "nara-1973-79", "smart", "foia", "cablegate-txt/empty-body"]
)
def test_other_texts_are_answered(corpus: Path, folder: str) -> None:
    for path in sorted((corpus / folder).iterdir()):
        if path.is_file():
            try:
                cable = cablekit.parse(path.read_bytes())
            except cablekit.NotACableError:
                continue
            assert 0 <= cable.coverage <= 1
