"""The generator of load data: same seed, same bytes; what it writes is whole, readable and as damaged as it says."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from html.parser import HTMLParser
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

import cablekit
import cited
import generate
import generated
import mixed
from generated import differences, expected
from invented.dump import CABLEGATE, FORMS, row, text
from invented.parts import Invented
from invented.rates import DAMAGE, DUPLICATES, LAYOUTS, LENGTHS, SHARES
from invented.rates import FORMS as WAYS
from invented.stream import cables
from invented.words import words_of

SCRIPT = Path(generate.__file__)
EVERY = "".join(LAYOUTS)
WEB = "".join(sorted(CABLEGATE))


def contents(path: Path) -> dict[str, bytes]:
    """A dump as bytes, by file name."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


@pytest.fixture(scope="module")
def many() -> list[tuple[Any, int, str]]:
    """Truth, length and edition of some thousand cables, as `--truth` writes it."""
    return [
        (one.truth | {"damage": list(one.damage), "mrn": str(one.mrn)}, len(text(one)), one.edition)
        for one in cables(5000, 3, EVERY)
    ]


# ---- determinism --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_same_seed_gives_same_bytes(form: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert generate.main(["150", "--seed", "4", "--as", form, "-o", str(tmp_path / name)]) == 0
    assert generate.main(["150", "--seed", "5", "--as", form, "-o", str(tmp_path / "other")]) == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    for number in ("1", "2"):
        subprocess.run(
            [
                sys.executable,
                SCRIPT,
                "60",
                "--as",
                "tar.gz",
                "-o",
                tmp_path / number,
                "--truth",
                tmp_path / f"t{number}",
            ],
            env=os.environ | {"PYTHONHASHSEED": number},
            check=True,
            capture_output=True,
        )
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert (tmp_path / "t1").read_bytes() == (tmp_path / "t2").read_bytes()


# ---- containers ---------------------------------------------------------------------------------------------------


def test_csv_reads_with_backslash_as_escape(tmp_path: Path) -> None:
    out = tmp_path / "dump.csv"
    generate.main(["200", "--as", "csv", "-o", str(out)])
    csv.field_size_limit(1 << 24)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, doublequote=False, escapechar="\\"))
    assert rows == [row(number, one) for number, one in enumerate(cables(200, 1, WEB), 1)]
    assert [len(one) for one in rows] == [8] * 200


class Page(HTMLParser):
    """Text of the cells and of the preformatted blocks of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.cells: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self.open.append(tag)
        if tag == "pre":
            self.blocks.append("")
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "pre" in self.open:
            self.blocks[-1] += data
        elif "td" in self.open:
            self.cells[-1] += data.strip()


def test_pages_hold_header_and_body(tmp_path: Path) -> None:
    generate.main(["120", "--as", "html", "-o", str(tmp_path / "pages")])
    made = {(str(one.mrn), one.head(), one.body()) for one in cables(120, 1, WEB)}
    read = set()
    for data in contents(tmp_path / "pages").values():
        page = Page()
        page.feed(data.decode())
        assert len(page.blocks) == 2
        read.add((page.cells[0], *page.blocks))
    assert read == made
    assert len(contents(tmp_path / "pages")) == 120


@pytest.mark.parametrize("form", ["txt", "tar.gz", "zip"])
def test_text_forms_hold_each_cable(form: str, tmp_path: Path) -> None:
    out = tmp_path / "dump"
    generate.main(["300", "--as", form, "-o", str(out)])
    if form == "txt":
        read = list(contents(out).values())
    elif form == "zip":
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            read = [archive.read(name) for name in archive.namelist()]
    else:
        assert gzip.decompress(out.read_bytes())
        with tarfile.open(out) as archive:
            read = [file.read() for one in archive if (file := archive.extractfile(one))]
    assert sorted(read) == sorted(text(one).encode() for one in cables(300, 1, EVERY))


def test_truth_says_what_each_was_made_from(tmp_path: Path) -> None:
    generate.main(["100", "--as", "csv", "-o", str(tmp_path / "a.csv"), "--truth", str(tmp_path / "truth")])
    found = [json.loads(line) for line in (tmp_path / "truth").read_text().splitlines()]
    assert [one["mrn"] for one in found] == [str(one.mrn) for one in cables(100, 1, WEB)]
    assert {"dtg", "originator", "action", "info", "classification", "captions", "eo", "tags", "subject", "refs",
            "paragraphs", "signature", "damage", "edition"} <= set(found[0])  # fmt: skip


# ---- what is in them ----------------------------------------------------------------------------------------------


def test_layouts_and_lengths(many: list[tuple[Any, int, str]]) -> None:
    counts = Counter(truth["layout"] for truth, _, edition in many if not edition)
    assert {layout: count / sum(counts.values()) for layout, count in counts.items()} == pytest.approx(
        LAYOUTS, abs=0.02
    )
    sizes = sorted(size for truth, size, _ in many if truth["layout"] in CABLEGATE)
    assert 6_000 < sum(sizes) / len(sizes) < 8_500
    assert 3_500 < sizes[len(sizes) // 2] < 6_000
    assert sizes[-1] > 50_000
    assert max(LENGTHS[layout].most for layout in CABLEGATE) > 500_000


def test_damage_is_met_at_its_rate(many: list[tuple[Any, int, str]]) -> None:
    for name, damage in DAMAGE.items():
        chances = [truth for truth, _, edition in many if not edition and truth["layout"] in damage.layouts]
        found = sum(name in truth["damage"] for truth in chances)
        due = min(1.0, damage.rate) * len(chances)
        assert abs(found - due) <= 4 * sqrt(due) + 1, f"{name}: {found} for {due:.1f}"


def test_each_rate_has_its_section() -> None:
    rates = (*DAMAGE.values(), *WAYS.values(), *SHARES.values())
    assert all(re.fullmatch(r"\d+(\.\d+)?", rate.section) for rate in rates)


def test_some_are_given_again() -> None:
    made = list(cables(3000, 8, WEB))
    again = [one for one in made if one.edition]
    assert len(again) / len(made) == pytest.approx(DUPLICATES, abs=0.01)
    assert {one.edition for one in again} == {"copy", "corrected", "redacted", "partial"}
    first = {str(one.mrn): one for one in made if not one.edition}
    for one in again:
        same = text(one) == text(first[str(one.mrn)])
        assert same == (one.edition == "copy"), one.edition


def test_a_cable_that_cannot_be_cut_short_again_is_copied() -> None:
    made = list(cables(2000, 8, "P"))
    assert {one.edition for one in made} == {"", "copy", "corrected", "redacted"}


def test_references_lead_to_earlier_cables(many: list[tuple[Any, int, str]]) -> None:
    seen: set[str] = set()
    there = count = 0
    for truth, _, _ in many:
        for one in truth["refs"]:
            if one["mrn"]:
                count += 1
                there += one["mrn"] in seen
        seen.add(truth["mrn"])
    assert there / count == pytest.approx(1 - SHARES["missing target"].share, abs=0.08)


def test_words_have_ranks(many: list[tuple[Any, int, str]]) -> None:
    counts: Counter[str] = Counter()
    for truth, *_ in many:
        for one in truth["paragraphs"]:
            counts.update(re.findall("[a-z]+", one[2].lower()))
    assert len(counts) > 20_000
    shares = [count for _, count in counts.most_common()]
    assert shares[0] > 15 * shares[100] > 15 * 4 * shares[2000]
    assert sum(len(words_of(kind)) for kind in ("noun", "verb", "adjective", "surname", "place")) > 30_000


# ---- wrong arguments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["0", "--as", "csv"], "must be 1 or more"),
        (["many", "--as", "csv"], "invalid int value"),
        (["5"], "--as"),
        (["5", "--as", "pdf"], "invalid choice"),
        (["5", "--as", "csv", "--layouts", "AC"], "--as csv holds A, B, D, P"),
        (["5", "--as", "txt", "--layouts", "X"], "holds A, B, C, D, E, F, P"),
        (["5", "--as", "txt", "--layouts", ""], "holds"),
        (["5", "--as", "txt", "-o", "full"], "no empty folder"),
        (["5", "--as", "html", "-o", "full/file"], "no empty folder"),
        (["5", "--as", "csv", "-o", "full"], "is a folder"),
    ],
)
def test_wrong_arguments(
    given: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        generate.main(given)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err
    assert contents(tmp_path) == {"full/file": b""}


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["5", "--as", "csv", "-o", str(tmp_path / "none" / "a.csv")]) == 4
    assert "cannot be written" in capsys.readouterr().err


def test_a_fault_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        yield from cables(3, 1, "A")
        raise KeyboardInterrupt

    monkeypatch.setattr(generate, "cables", breaks)
    for form in FORMS:
        with pytest.raises(KeyboardInterrupt):
            generate.main(["5", "--as", form, "-o", str(tmp_path / "a"), "--truth", str(tmp_path / "t")])
    assert list(tmp_path.iterdir()) == []


# ---- against the parser -------------------------------------------------------------------------------------------


def test_undamaged_cables_read_as_made() -> None:
    wrong = [
        (str(one.mrn), *difference)
        for one in cables(600, 2, WEB, damaged=False)
        if not one.edition
        for difference in differences(one, cablekit.parse(text(one)))
    ]
    assert wrong == []


def test_differences_are_seen() -> None:
    one: Invented = next(cables(1, 2, "A", damaged=False))
    cable = cablekit.parse(text(one))
    assert list(differences(one, cable)) == []
    for name in expected(one.truth):
        if name in ("mrn", "dtg", "originator", "subject", "tags", "paragraphs", "signature"):
            kept = one.truth[name]
            one.truth[name] = [] if isinstance(kept, list) else "OTHER"
            assert name in {found for found, *_ in differences(one, cable)}
            one.truth[name] = kept


def test_the_tables_count_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    generated.main(["40", "--layouts", "a", "--wrong"])
    printed = capsys.readouterr().out
    assert re.search(r"│ mrn +│ +(100|9\d)\.\d\d%", printed)
    assert re.search(r"│ none +│ \d+ ", printed)


def test_a_field_below_the_floor_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generated.main(["20", "--layouts", "B", "--undamaged"]) == 0
    monkeypatch.setitem(generated.FIELDS, "subject", lambda _: "OTHER")
    assert generated.main(["20", "--layouts", "B", "--undamaged"]) == 1


def test_damaged_record_copies_are_read_as_made_or_said_to_differ() -> None:
    """FORMAT.md section 14: of the fields at least 99.5 % as made, every other one with a diagnostic or a repair."""
    fields = wrong = 0
    for made in cables(250, 1, "C"):
        cable = cablekit.parse(text(made))
        found = [name for name, *_ in differences(made, cable)]
        fields += len(generated.FIELDS)
        wrong += len(found)
        assert not found or generated.says(cable), f"{made.mrn} {made.damage} {found}"
    assert wrong <= fields * 0.005


@pytest.mark.parametrize(("layout", "share"), [("E", 0.99), ("F", 0.9)])
def test_pages_read_from_images_are_read_as_made(layout: str, share: float) -> None:
    made = list(cables(60, 1, layout))
    wrong = sum(len(list(differences(one, cablekit.parse(text(one))))) for one in made)
    assert wrong <= (1 - share) * len(made) * len(generated.FIELDS)


def test_references_in_every_form_lead_to_what_they_cite() -> None:
    """FORMAT.md sections 9 and 9.1: at least 99 % to the right number, or to candidates that hold it."""
    writer = cited.Writer(1)
    found = [right for _ in range(600) for _, right in cited.outcomes(writer.block())]
    assert len(found) > 1000
    assert sum(found) >= 0.99 * len(found)


def test_the_benchmark_of_references_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert cited.main(["200"]) == 0
    assert "first letter lost" in capsys.readouterr().out
    assert cited.main(["50", "--floor", "1.01", "--wrong"]) == 1


def test_the_benchmark_of_a_mixed_corpus_compares_it_with_layout_a(capsys: pytest.CaptureFixture[str]) -> None:
    assert mixed.main(["40", "--rounds", "1", "--floor", "0"]) == 0
    assert "all over A" in capsys.readouterr().out
