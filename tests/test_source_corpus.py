"""Kinds of source over real cables, where they lie beside the checkout."""

from __future__ import annotations

import csv
import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cablekit
from cablekit.cli import main
from cablekit.sources.kinds import first_own
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
    kind = first_own(head, "")
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


def test_the_way_of_pdf_text_changes_no_field(corpus: Path) -> None:
    """The corpus has no cable both as text and as PDF text, so the texts are written as those are."""
    for path in sorted((corpus / "cablegate-txt").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if text.isascii() or "¶" in text:
            data = text.replace("\n", "\r\n").encode("iso-8859-1", errors="ignore")
            (record,) = cablekit.read(io.BytesIO(data))
            kept = text.encode("iso-8859-1", errors="ignore").decode("iso-8859-1")
            assert fields(record.parse()) == fields(cablekit.parse(kept)), path.name


# ---- whole dumps --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of a tar.gz of the corpus."""
    folder = tmp_path_factory.mktemp("packed")
    with tarfile.open(folder / "corpus.tar.gz", "w:gz") as archive:
        for name in sorted({row.partition("/")[0] for row in COUNTS}):
            archive.add(corpus / name, name)
    with zipfile.ZipFile(folder / "corpus.zip", "w") as outer:
        outer.write(folder / "corpus.tar.gz", "corpus.tar.gz")
    return folder / "corpus.zip"


def parsed(*arguments: str | Path) -> tuple[Counter[str], str, int]:
    """Run ``cablekit parse --jsonl``; return how many cables came from each folder, the messages and the exit code."""
    result = CliRunner().invoke(main, ["parse", "--jsonl", *map(str, arguments)])
    found: Counter[str] = Counter()
    for line in result.stdout.splitlines():
        place = cablekit.Cable.model_validate_json(line).source.provenance
        assert place is not None
        found["/".join((place.path, *place.members)).rpartition("/")[0]] += 1
    return found, result.stderr, result.exit_code


@pytest.mark.parametrize("folder", sorted({name.partition("/")[0] for name in COUNTS}))
def test_every_cable_of_a_folder_is_parsed(folder: str, corpus: Path) -> None:
    found, messages, code = parsed(corpus / folder)
    below = {name.partition("/")[2]: count for name, count in COUNTS.items() if name.partition("/")[0] == folder}
    assert (found, messages, code) == (below, "", 0)


def test_every_cable_of_archives_inside_each_other_is_parsed(packed: Path) -> None:
    found, messages, code = parsed(packed)
    assert found == {f"corpus.zip/corpus.tar.gz/{name}": count for name, count in COUNTS.items()}
    assert (messages, code) == ("", 0)
