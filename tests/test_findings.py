"""The lists of diagnostics and repairs hold what the code raises, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cablekit.build.codes import CODES, REPAIRS

BUILD = Path(__file__).resolve().parents[1] / "src" / "cablekit" / "build"
DIAGNOSES = ("diagnose", "note")
MENDS = ("repair", "mend")


def raised(*methods: str) -> set[str]:
    """Return what the builders give to these methods of a `Reading` as the code or rule, which must be written out."""
    found = set()
    for path in sorted(BUILD.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
                else:
                    hands_on = path.name == "reading.py"
                    assert hands_on, f"{path.name}, line {node.lineno}: write the name out, the lists are checked by it"
    return found


def test_the_codes_are_those_that_are_raised() -> None:
    assert raised(*DIAGNOSES) == set(CODES)


def test_the_repairs_are_those_that_are_made() -> None:
    assert raised(*MENDS) == set(REPAIRS)


def test_every_code_says_what_to_do() -> None:
    assert [name for name, code in CODES.items() if not code.advice.endswith(".")] == []


@pytest.mark.parametrize("rule", REPAIRS)
def test_a_repair_says_what_it_mends_and_where_that_is_described(rule: str) -> None:
    what, found, section = REPAIRS[rule].partition(" (FORMAT.md section ")
    assert what
    assert found
    assert section.removesuffix(")").replace(".", "").isdecimal()
