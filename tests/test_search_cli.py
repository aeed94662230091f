from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from subprocess import PIPE
from unittest.mock import patch

import pytest

from cablekit.archive.archive import Archive
from tests.archive_files import made, record
from tests.test_cli import Result, cablekit_process, run

HARBOR = [
    *("07MUSCAT733", "08JAKARTA2417", "08SINGAPORE1163", "08STATE131876", "09SUVA531", "66MONTEVIDEO1193"),
    *("75LAGOS7133", "88LAGOS4102"),
]


@pytest.fixture(scope="module")
def archive(samples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "samples.db"
    made(path, *(record(sample.read_bytes(), sample.name) for sample in samples))
    return path


def test_the_table(archive: Path) -> None:
    result = run("search", "-a", archive, "--width", "100", "mark:S winch")
    assert result.exit_code == 0
    titles, first = (line.split() for line in result.stdout.splitlines()[:2])
    assert titles == ["Cable", "Date", "Classification", "Subject"]
    assert first[:5] == ["09WELLINGTON594", "2009-09-21", "SECRET", "EXERCISE", "KELP"]
    assert "A second winch is on its way" in " ".join(result.stdout.split())
    assert "[¶ 5]" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 cable"
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_words_are_highlighted_on_a_terminal(archive: Path) -> None:
    result = run("search", "-a", archive, "winch", FORCE_COLOR="1")
    assert "\x1b[1;33mwinch\x1b[0m" in result.stdout


def test_the_table_comes_in_pieces_that_fit(archive: Path) -> None:
    with patch("cablekit.cli.hits._ROWS", 4):
        pieces = run("search", "-a", archive, "harbor")
    assert pieces.stdout == run("search", "-a", archive, "harbor").stdout
    assert pieces.stdout.count("Classification") == 1


def test_json(archive: Path) -> None:
    result = run("search", "-a", archive, "--json", "mark:S winch")
    (hit,) = json.loads(result.stdout)
    assert list(hit) == [
        *("id", "mrn", "section", "date", "post", "classification", "subject", "score", "paragraphs", "snippet")
    ]
    assert (hit["mrn"], hit["date"], hit["paragraphs"]) == ("09WELLINGTON594", "2009-09-21T04:06:00+00:00", [5])
    begin, end = hit["snippet"]["highlights"][0]
    assert hit["snippet"]["text"][begin:end] == "winch"


@pytest.mark.parametrize("query", ["harbor", "", "nosuchword"])
def test_every_form_has_every_hit(query: str, archive: Path) -> None:
    with Archive.open(archive) as opened:
        hits = list(opened.search(query))
    names = [hit.mrn for hit in hits]

    def write(form: str) -> str:
        result = run("search", "-a", archive, form, query)
        assert result.exit_code == (0 if names else 1)
        return result.stdout

    assert write("--ids").splitlines() == [hit.mrn or str(hit.id) for hit in hits]
    assert [hit["mrn"] for hit in json.loads(write("--json"))] == names
    assert [json.loads(line)["mrn"] for line in write("--jsonl").splitlines()] == names
    assert [row["mrn"] for row in csv.DictReader(io.StringIO(write("--csv")))] == [name or "" for name in names]


def test_csv(archive: Path) -> None:
    result = run("search", "-a", archive, "--csv", "mark:S buoy", "anchor")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["mrn"], row["section"], row["paragraphs"]) == ("09WELLINGTON594", "", "1 3 5 7")
    assert "can lift the buoy but not its anchor" in row["snippet"]


def test_order_and_pages(archive: Path) -> None:
    assert run("search", "-a", archive, "--ids", "--sort", "mrn", "harbor").stdout.split() == HARBOR
    assert (
        run("search", "-a", archive, "--ids", "--sort", "mrn", "--limit", "2", "--offset", "1", "harbor").stdout.split()
        == HARBOR[1:3]
    )
    dates = run("search", "-a", archive, "--ids", "--sort", "-date", "harbor").stdout.split()
    assert dates == run("search", "-a", archive, "--ids", "--sort", "date", "harbor").stdout.split()[::-1]


def test_editions(tmp_path: Path) -> None:
    text = "UNCLAS SOFIA 000608\n\nSUBJECT: OIL\n\n1. (U) {}\n"
    header = "R 051218Z OCT 09\nFM AMEMBASSY SOFIA\nTO SECSTATE WASHDC\n"
    path = tmp_path / "editions.db"
    made(path, *(record(header + text.format("Roses." * at)) for at in (1, 2)))
    assert run("search", "-a", path, "--ids", "subject:oil").stdout.split() == ["09SOFIA608"]
    assert run("search", "-a", path, "--ids", "--editions", "subject:oil").stdout.split() == ["09SOFIA608"] * 2


def test_facets(archive: Path) -> None:
    with Archive.open(archive) as opened:
        facets = opened.facets("harbor")
    assert json.loads(run("search", "-a", archive, "--facets", "--json", "harbor").stdout) == facets
    rows = list(csv.DictReader(io.StringIO(run("search", "-a", archive, "--facets", "--csv", "harbor").stdout)))
    assert rows[0] == {"facet": "year", "value": "1966", "count": "1"}
    assert len(rows) == sum(map(len, facets.values()))
    shown = run("search", "-a", archive, "--facets", "harbor").stdout.splitlines()
    assert shown[0].split() == ["year", "1966", "1"]
    assert len(shown) == len(rows)
    assert run("search", "-a", archive, "--facets").exit_code == 0
    assert run("search", "-a", archive, "--facets", "nosuchword").exit_code == 1


def test_batch(archive: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_text("\ufeffmark:S winch\n\n  nosuchword \n(\nsubject:crane\n", encoding="utf-8")
    found = ["09WELLINGTON594", "09SUVA531"]
    arguments = ("search", "-a", archive, "--batch", batch)
    ids = run(*arguments, "--ids")
    assert ids.exit_code == 1
    assert ids.stdout == f"mark:S winch\t{found[0]}\nsubject:crane\t{found[1]}\n"
    assert ids.stderr.startswith("cablekit: the query ends too early, at column 2; expected: ")
    assert [
        (one["query"], [hit["mrn"] for hit in one["hits"]]) for one in json.loads(run(*arguments, "--json").stdout)
    ] == [
        ("mark:S winch", [found[0]]),
        ("nosuchword", []),
        ("subject:crane", [found[1]]),
    ]
    lines = [json.loads(line) for line in run(*arguments, "--jsonl").stdout.splitlines()]
    assert [(line["query"], line["mrn"]) for line in lines] == [("mark:S winch", found[0]), ("subject:crane", found[1])]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--csv").stdout)))
    assert [(row["query"], row["mrn"]) for row in rows] == [("mark:S winch", found[0]), ("subject:crane", found[1])]
    shown = run(*arguments).stdout
    assert (
        shown.index("mark:S winch ═") < shown.index(found[0]) < shown.index("subject:crane ═") < shown.index(found[1])
    )
    facets = json.loads(run(*arguments, "--facets", "--json").stdout)
    assert [(one["query"], one["facets"]["year"]) for one in facets] == [
        ("mark:S winch", {"2009": 1}),
        ("nosuchword", {}),
        ("subject:crane", {"2009": 1}),
    ]
    assert [json.loads(line) for line in run(*arguments, "--facets", "--jsonl").stdout.splitlines()] == facets
    assert run(*arguments, "--facets", "--csv").stdout.splitlines()[:2] == [
        "query,facet,value,count",
        "mark:S winch,year,2009,1",
    ]
    assert "subject:crane ═" in run(*arguments, "--facets").stdout


def test_batch_of_nothing(archive: Path, tmp_path: Path) -> None:
    batch = tmp_path / "none.txt"
    batch.write_text("\n")
    for options in ("--json",), ("--facets", "--json"):
        result = run("search", "-a", archive, "--batch", batch, *options)
        assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_batch_from_standard_input(archive: Path) -> None:
    result = run("search", "-a", archive, "--batch", "-", "--ids", stdin="subject:crane\n")
    assert (result.exit_code, result.stdout) == (0, "subject:crane\t09SUVA531\n")


def test_explain_needs_no_archive() -> None:
    result = run("search", "--explain", "mark:S buoy -tag:PREL")
    assert result.exit_code == 0
    assert "AND\n  mark:S\n  buoy\n  NOT\n    tag:PREL\n" in result.stdout
    assert "words MATCH :p" in result.stdout
    assert "= '{s body summary} : \"buoy\"'" in result.stdout


def test_a_receipt(archive: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    result = run("search", "-a", archive, "--ids", "--limit", "1", "--receipt", receipt, "harbor")
    assert (result.exit_code, len(result.stdout.split())) == (0, 1)
    written = json.loads(receipt.read_text())
    assert (written["query"], written["count"]) == ("harbor", len(HARBOR))
    assert [path.name for path in tmp_path.iterdir()] == ["receipt.json"]
    checked = run("search", "-a", archive, "--check", receipt)
    assert (checked.exit_code, checked.stdout) == (0, f"{len(HARBOR)} cables, as in the receipt\n")
    receipt.write_text(json.dumps(written | {"count": 5}))
    checked = run("search", "-a", archive, "--check", receipt)
    assert checked.exit_code == 1
    assert f"{len(HARBOR)} cables are found, in the receipt 5" in checked.stderr


def complaint(result: Result) -> tuple[int, str]:
    assert result.stdout == ""
    return result.exit_code, result.stderr.removeprefix("cablekit: ")


def test_what_goes_wrong(archive: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear aunt")
    absent = tmp_path / "absent" / "file"
    assert complaint(run("search", "-a", archive, "a OR")) == (
        2,
        "the query ends too early, at column 5; expected: a word or phrase or a field or an opening parenthesis\n"
        "  a OR\n      ^\n",
    )
    assert complaint(run("search", "-a", archive, "nosuchword")) == (
        1,
        f"{archive}: nothing found; ask for fewer words, or for how they begin: prefix*\n",
    )
    code, said = complaint(run("search", "-a", letter, "a"))
    assert (code, said) == (
        3,
        f"{letter}: is not an archive of cablekit; make one with cablekit convert SOURCE -o FILE\n",
    )
    assert complaint(run("search", "-a", absent, "a")) == (3, f"{absent}: no such file; check the path\n")
    assert complaint(run("search", "-a", archive, "--batch", absent)) == (
        3,
        f"{absent}: cannot be read (No such file or directory); check the path\n",
    )
    done = cablekit_process("search", "-a", archive, "--receipt", absent, "a", stdout=PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (
        4,
        "",
        f"cablekit: {absent}: cannot be written (No such file or directory); make room, or send the output elsewhere\n",
    )
    code, said = complaint(run("search", "-a", archive, "--check", letter))
    assert code == 3
    assert said.startswith(f"{letter}: is not a receipt (")
    assert said.endswith("); give a file that --receipt wrote\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-a", "x.db", "--batch", "y", "a"], "--batch and QUERY cannot be combined. Leave one out."),
        (["-a", "x.db", "--batch", "y", "--receipt", "z"], "--batch and --receipt cannot be combined. Leave one out."),
        (["-a", "x.db", "--facets", "--ids", "a"], "--facets and --ids cannot be combined. Leave one out."),
        (["-a", "x.db", "--facets", "--limit", "3"], "--facets and --limit cannot be combined. Leave one out."),
        (["-a", "x.db", "--check", "y", "a"], "--check and QUERY cannot be combined. Leave one out."),
        (["--explain", "--json", "a"], "--explain and --json cannot be combined. Leave one out."),
        (["-a", "x.db", "--width", "80", "--csv"], "--width and --csv cannot be combined. Leave one out."),
    ],
)
def test_options_without_effect_are_refused(arguments: list[str], said: str) -> None:
    result = run("search", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_text_that_is_no_text_is_refused(archive: Path) -> None:
    done = cablekit_process("search", "-a", archive, "a\udcff", stdout=PIPE)
    assert done.returncode == 2
    assert "has a character that is no text" in done.stderr
    assert "Traceback" not in done.stderr
