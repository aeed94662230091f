"""Every sample reads as its golden file says, and the samples show what they are there to show."""

from __future__ import annotations

from pathlib import Path

import pytest

import cablekit
from tests.golden import SAMPLES, golden

NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))


def read(name: str) -> cablekit.Cable:
    return cablekit.parse((SAMPLES / f"{name}.txt").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_reads_as_its_golden_file_says(name: str) -> None:
    assert golden(SAMPLES / f"{name}.txt") == (SAMPLES / f"{name}.json").read_text(encoding="utf-8")


def test_every_golden_file_has_its_sample_and_is_described() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.json")) == NAMES
    listed = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"{name}.txt" not in listed] == []


def test_the_samples_hold_every_layout_and_every_kind_of_tag() -> None:
    cables = [read(name) for name in NAMES]
    assert {cable.layout for cable in cables} == {"A", "B", "C", "D", "E", "F", "P"}
    kinds = {tag.kind for cable in cables for tag in cable.tags}
    assert kinds >= {"subject", "geographic", "program", "organization"}
    assert any(tag.persons for cable in cables for tag in cable.tags)
    assert sum(cable.section is not None and (cable.section.of or 0) > 1 for cable in cables) >= 2
    assert any(block.kind == "table" for cable in cables for block in cable.body)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_whole(name: str) -> None:
    cable = read(name)
    assert cable.coverage > 0.98 or name in READ_IN_PART
    assert cable.mrn is not None or name in WITHOUT_MRN
    errors = [one for one in cable.diagnostics if one.severity == "error"]
    assert not errors or name in DAMAGED


# Cables whose classification line is lost with its number.
WITHOUT_MRN = {"layout-f-airgram"}
# More than one telegram, of which the first is read; forms and stamps of which not every line can be told.
READ_IN_PART = {
    "layout-c-two-headings",
    "layout-e-labels",
    "layout-f-airgram",
    "layout-f-misread",
    "layout-f-two-telegrams",
}
# Cables that are damaged beyond what can be read, on purpose.
DAMAGED = {"garbled", "damage-level-lost"}


def test_no_sample_is_a_text_of_the_corpus(corpus: Path) -> None:
    real = {
        path.read_bytes()
        for folder in ("cablegate-txt", "seed")
        for path in (corpus / folder).iterdir()
        if path.is_file()
    }
    assert not any((SAMPLES / f"{name}.txt").read_bytes() in real for name in NAMES)
