"""Kinds of source over real cables, where they lie beside the checkout."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import cablekit
from cablekit.sources.kinds import first, own
from cablekit.sources.limits import Limits
from cablekit.sources.record import Provenance, Record

COUNTS = {
    "seed": 1,
    "cablegate-txt": 145,
    "cablegate-txt/empty-body": 2,
    "cablegate-html": 63,
    "cablegate-csv": 43,
    "cablegate-pdftext": 11,
    "nara-1973-79": 6,
    "smart": 5,
    "foia": 5 + 13,  # (one file is a release of thirteen telegrams)
}


def read(path: Path) -> Iterator[Record]:
    head = path.read_bytes()[: 1 << 16]
    kind = first(own(), head, "")
    assert kind is not None
    with path.open("rb") as stream:
        for item in kind.read(stream, Provenance(path.name, kind=kind.NAME), Limits()):
            assert isinstance(item, Record), item
            yield item


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_as_many_records_as_cables(corpus: Path, manifest: list[dict[str, str]]) -> None:
    found = Counter(dict.fromkeys(COUNTS, 0))
    for row in manifest:
        records = list(read(corpus / row["file"]))
        found[row["file"].rpartition("/")[0]] += len(records)
        if len(records) == 1:
            assert records[0].sha256 == row["sha256"]
    assert found == COUNTS


def test_what_pages_and_heads_say(corpus: Path, manifest: list[dict[str, str]]) -> None:
    for row in manifest:
        if row["layout"] not in ("cablegate-html", "cablegate-txt"):
            continue
        (record,) = read(corpus / row["file"])
        said = record.metadata
        assert (said.reference_id, said.origin, said.classification) == (
            row["reference_id"],
            row["origin"],
            row["classification"],
        )
        assert said.date is not None
        if row["layout"] == "cablegate-html":
            assert said.date.strftime("%Y-%m-%d %H:%M") == row["date"]
            assert said.released is not None
        else:
            assert f"{said.date:%Y-%m-%d}" == row["date"][:10]


def fields(cable: cablekit.Cable) -> dict[str, Any]:
    """What a cable says, without the places where it stood and without line breaks."""
    header = cable.header
    return {
        "mrn": str(cable.mrn),
        "layout": cable.layout,
        "dtg": header.dtg.utc if header.dtg else None,
        "from": header.originator.name if header.originator else None,
        "action": [addressee.name for addressee in header.action],
        "info": [addressee.name for addressee in header.info],
        "classification": cable.classification.banner if cable.classification else None,
        "captions": [caption.name for caption in cable.captions],
        "tags": [tag.code for tag in cable.tags],
        "subject": cable.subject.text if cable.subject else None,
        "references": [(one.letter, str(one.mrn), " ".join(one.text.split())) for one in cable.references],
        "paragraphs": [(one.number, " ".join(one.text.split())) for one in cable.paragraphs],
        "signature": cable.signature.name if cable.signature else None,
    }


# The pages have a paragraph sign before "A." that the rows have not: what stands behind it is read differently.
EXPLAINED = {("09CHISINAU945", "paragraphs")}


def test_a_cable_is_the_same_from_text_page_and_row(corpus: Path) -> None:
    forms: dict[str, list[cablekit.Cable]] = {}
    for folder in ("cablegate-txt", "cablegate-html", "cablegate-csv"):
        for path in sorted((corpus / folder).glob("*.*")):
            for record in read(path):
                forms.setdefault(str(record.metadata.reference_id), []).append(record.parse())
    different = {
        (reference_id, name)
        for reference_id, cables in forms.items()
        for one, other in combinations(map(fields, cables), 2)
        for name in one
        if one[name] != other[name]
    }
    assert sum(len(cables) > 1 for cables in forms.values()) == 63
    assert different == EXPLAINED
