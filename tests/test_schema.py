"""The JSON of a cable: its schema, its versions, and that what was written once can be read for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from cablekit.build.cable import parse
from cablekit.cli import main
from cablekit.model import Cable
from cablekit.model.cable import SCHEMA_VERSION
from tests.make import cable
from tests.test_docs import blocks

STALE = f"""docs/cable.schema.json is not what `cablekit schema` prints. That is a decision about the version:
- only descriptions differ: none
- a field more, with a default, or a value more: the minor number of SCHEMA_VERSION (now {SCHEMA_VERSION}) goes up
- anything else: the major number goes up
Then add tests/data/cable-VERSION.json, `cablekit schema > docs/cable.schema.json`, and a line in CHANGELOG.md."""


@pytest.fixture
def old(root: Path) -> str:
    return (root / "tests" / "data" / "cable-1.0.json").read_text(encoding="utf-8")


def written(**changed: Any) -> str:
    return json.dumps({**parse(cable()).model_dump(mode="json"), **changed})


# ---- the schema -----------------------------------------------------------------------------------------------------


def test_the_schema_is_the_one_that_is_kept(root: Path) -> None:
    printed = CliRunner().invoke(main, ["schema"]).stdout
    assert printed == (root / "docs" / "cable.schema.json").read_text(encoding="utf-8"), STALE


def test_the_schema_says_which_one_it_is(root: Path) -> None:
    schema = json.loads((root / "docs" / "cable.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"] == f"urn:cablekit:cable:{SCHEMA_VERSION}"
    assert (schema["title"], schema["version"]) == ("Cable", SCHEMA_VERSION)
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_the_version_is_the_first_field() -> None:
    assert next(iter(Cable.model_fields)) == "schema_version"
    assert parse(cable()).model_dump_json().startswith('{"schema_version":"1.1",')


# ---- older and newer versions ---------------------------------------------------------------------------------------


def test_a_cable_of_version_1_0_loads(old: str) -> None:
    made = Cable.model_validate_json(old)
    assert str(made.mrn) == "09SOFIA10608"
    assert made.classification
    assert made.classification.banner == "SECRET//NOFORN"
    assert made.comment
    assert made.comment.text == "The oil is later still."
    assert Cable.model_validate_json(made.model_dump_json()) == made


def test_the_old_cable_has_something_in_every_field(old: str) -> None:
    plain = json.loads(old)
    assert {name for name, value in plain.items() if not value} == set()
    assert {name for name, value in plain["header"].items() if not value} == set()
    assert {block["kind"] for block in plain["body"]} == {"paragraph", "heading", "table", "text", "unparsed"}


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.27"])
def test_any_minor_version_loads(version: str) -> None:
    assert Cable.model_validate_json(written(schema_version=version)) == parse(cable())


def test_json_without_a_version_is_of_the_first() -> None:
    plain = json.loads(written())
    del plain["schema_version"]
    assert Cable.model_validate(plain) == parse(cable())


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.0", "1", "1.x", "", None])
def test_another_major_version_is_refused(version: str | None) -> None:
    with pytest.raises(ValidationError) as refused:
        Cable.model_validate_json(written(schema_version=version, fathom=7))
    first = refused.value.errors()[0]
    assert first["loc"] == ("schema_version",)
    assert (
        f"this cable has schema version {version}, this cablekit reads 1.x (its own is {SCHEMA_VERSION})"
        in first["msg"]
    )


def test_a_field_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValidationError, match="fathom"):
        Cable.model_validate_json(written(schema_version="1.1", fathom=7))


# ---- the page -------------------------------------------------------------------------------------------------------


def test_the_example_of_the_page_is_what_cablekit_reads(root: Path) -> None:
    page = root / "docs" / "json.md"
    (telegram,) = blocks(page, "text")
    pieces: dict[str, Any] = {}
    for piece in blocks(page, "json"):
        pieces |= json.loads(piece)
    assert list(pieces) == [name for name in Cable.model_fields if name in pieces]
    assert Cable.model_validate(pieces) == parse(telegram)


def test_the_page_names_the_version(root: Path) -> None:
    assert f"version {SCHEMA_VERSION}." in (root / "docs" / "json.md").read_text(encoding="utf-8")
