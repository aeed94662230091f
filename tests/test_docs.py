"""The documentation says what is so: its examples run, and the pages made from the code are fresh."""

from __future__ import annotations

import doctest
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All examples of a page share their names, as in a notebook; those with prompts must answer as the page says."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": page.stem}
    prompts = doctest.DocTestParser()
    for number, example in enumerate(blocks(page, "python"), 1):
        where = f"{page.name}, example {number}"
        if example.startswith(">>>"):
            asked = prompts.get_doctest(example, names, where, str(page), 0)
            assert doctest.DocTestRunner().run(asked, clear_globs=False).failed == 0
            names = asked.globs
        else:
            exec(compile(example, where, "exec"), names)


def test_the_pages_that_explain_have_examples() -> None:
    assert [page.name for page in PAGES if page.name in ("README.md", "model.md") and not blocks(page, "python")] == []


@pytest.mark.parametrize("page", ["diagnostics.md", "repairs.md"])
def test_the_lists_are_fresh(page: str) -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "build_findings.py"))["pages"]()
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == pages[page], "run python docs/build_findings.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target
