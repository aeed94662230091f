"""An archive can be read without cablekit: by SQLite alone, by its shell, by Datasette, and as the page says."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from cablekit.archive import connect
from cablekit.archive.columns import KINDS, LEVELS
from tests.test_docs import ROOT, blocks

PAGE = ROOT / "docs" / "archive-format.md"
VIEWS = sorted(name for name, (kind, _, _) in connect.objects().items() if kind == "view")
STATEMENTS = [one.strip() for block in blocks(PAGE, "sql") for one in block.split(";") if one.strip()]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_statements_of_the_page_run(statement: str, sample_archive: Path) -> None:
    with closing(sqlite3.connect(sample_archive)) as connection:
        rows = connection.execute(statement).fetchall()
    if "rejections" not in statement and "HAVING" not in statement:
        assert rows


def test_the_page_names_every_view() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in VIEWS if f"`{name}`" not in text] == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_read(view: str, sample_archive: Path) -> None:
    with closing(sqlite3.connect(sample_archive)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        rows = connection.execute(f'SELECT * FROM "{view}"').fetchall()
    assert rows or view == "rejections"


def test_every_table_is_strict_or_of_the_full_text(sample_archive: Path) -> None:
    with closing(sqlite3.connect(sample_archive)) as connection:
        tables = connection.execute("SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    assert [name for name, kind, strict in tables if kind == "table" and not strict] == ["sqlite_schema"]


def test_names_that_stand_for_numbers_are_those_of_the_model(sample_archive: Path) -> None:
    with closing(sqlite3.connect(sample_archive)) as connection:
        assert dict(connection.execute("SELECT name, id FROM level")) == LEVELS
        assert dict(connection.execute("SELECT name, id FROM kind")) == KINDS


def test_what_is_counted_by_is_read_from_an_index(sample_archive: Path) -> None:
    facets = (
        "SELECT year, count(*) FROM cable WHERE preferred = 1 GROUP BY year",
        "SELECT post_id, count(*) FROM cable WHERE preferred = 1 GROUP BY post_id",
        "SELECT level, count(*) FROM cable WHERE preferred = 1 GROUP BY level",
        "SELECT tag_id, count(*) FROM cable_tag GROUP BY tag_id",
        "SELECT caption_id, count(*) FROM cable_caption GROUP BY caption_id",
    )
    with closing(sqlite3.connect(sample_archive)) as connection:
        for facet in facets:
            plan = " ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {facet}"))
            assert "COVERING INDEX" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_the_shell_of_sqlite_opens_it(sample_archive: Path) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("there is no sqlite3 shell here; the other tests open it with Python's SQLite")
    script = "PRAGMA integrity_check; SELECT mrn FROM cables WHERE post = 'DUSHANBE';" + "; ".join(STATEMENTS) + ";"
    done = subprocess.run([shell, "-readonly", sample_archive, script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[:2] == ["ok", "08DUSHANBE277"]
    assert done.stderr == ""


def test_datasette_opens_it(sample_archive: Path) -> None:
    if find_spec("datasette") is None:
        pytest.skip("datasette is not installed")

    def get(path: str) -> str:
        command = [sys.executable, "-m", "datasette", "serve", str(sample_archive), "--get", path]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    rows = json.loads(get("/samples/cables.json?post=DUSHANBE&_shape=array"))
    assert [row["mrn"] for row in rows] == ["08DUSHANBE277"]
    query = "select+mrn+from+cables+where+id+in+(select+rowid+from+words+where+words+match+'siren')"
    assert json.loads(get(f"/samples.json?sql={query}&_shape=array"))
    assert "Showing 1 row" in (page := get("/samples/cables?post=DUSHANBE")) or "1 row" in page
