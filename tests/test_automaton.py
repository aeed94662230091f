"""Tables run by our own loop give what Lark gives, and what is kept between runs is only believed when it is sound."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from cablekit import grammar
from cablekit.build.cable import parse
from cablekit.grammar import kept
from cablekit.grammar.automaton import Automaton, Unreadable
from cablekit.grammar.tables import Tables, tables_of
from tests.make import cable

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.txt"))


@cache
def by_lark(name: str) -> Lark:
    return grammar.build(name)


def plain(tree: Any) -> Any:
    """Reduce a tree of either kind to what both have in common."""
    if isinstance(tree, (Token, grammar.Token)):
        return tree.type, str(tree), tree.start_pos, tree.end_pos
    if isinstance(tree, Tree):
        place = None if tree.meta.empty else (tree.meta.start_pos, tree.meta.end_pos)
        return str(tree.data), place, [plain(child) for child in tree.children]
    place = (tree.start_pos, tree.end_pos) if tree.end_pos > tree.start_pos else None
    return tree.data, place, [plain(child) for child in tree.children]


def outcomes(name: str, text: str, start: str) -> tuple[Any, Any]:
    """Read by Lark and by our own loop: trees, or where the text stops being readable."""
    try:
        lark: Any = plain(by_lark(name).parse(text, start=start))
    except UnexpectedInput as error:
        more_is_due = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        lark = len(text) if more_is_due else error.pos_in_stream
    try:
        ours: Any = plain(grammar.read(name, text, start))
    except Unreadable as error:
        ours = error.position
    return lark, ours


# ---- the same as Lark -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_part_of_a_sample_is_read_as_lark_reads_it(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []
    read = grammar.read

    def spy(name: str, text: str, start: str | None = None) -> grammar.Tree:
        asked.append((name, text, start or grammar.STARTS[name][0]))
        return read(name, text, start)

    monkeypatch.setattr(grammar, "read", spy)
    parse(sample.read_bytes())
    monkeypatch.undo()
    assert {name for name, _, _ in asked} >= {"document"}
    for name, text, start in asked:
        lark, ours = outcomes(name, text, start)
        assert ours == lark


WORDS = ("(", ")", "S//NF", "¶1. ", "\n", " ", "REF: A. ", "TAGS: ", "PREL", "08 LIMA 12", "UNCLAS", "R 010203Z MAY 07")
STARTS = [(name, start) for name, starts in grammar.STARTS.items() for start in starts]


@pytest.mark.parametrize(("name", "start"), STARTS)
@given(data=st.data())
def test_any_text_is_read_or_refused_where_lark_reads_or_refuses_it(name: str, start: str, data: st.DataObject) -> None:
    text = data.draw(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=12).map("".join))
    lark, ours = outcomes(name, text, start)
    assert ours == lark


SMALL = r"""
start: _run? "end" WORD -> ended
     | _run
_run: _run item | item
?item: WORD | pair | NUMBER
pair: "(" item item ")"
WORD: /[a-z]+/
NUMBER: /\d+/
_COMMA: ","
%ignore _COMMA
%ignore " "
"""


@pytest.mark.parametrize(
    "text", ["a", "a b", "a,(b 1)", "a end b", "end end", "(a (b c)) d", "a (b", "", "a ) b", "end"]
)
def test_keywords_and_what_is_ignored_left_out_or_opened(text: str) -> None:
    lark = Lark(SMALL, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False)
    tables = Tables.of_plain(marshal.loads(marshal.dumps(tables_of(lark).plain())))
    ours = Automaton(tables, lambda scanner: re.compile(tables.pattern(scanner), tables.flags))
    try:
        expected = plain(lark.parse(text))
    except UnexpectedInput:
        with pytest.raises(Unreadable):
            ours.parse(text, "start")
    else:
        assert plain(ours.parse(text, "start")) == expected


# ---- what is kept ---------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CABLEKIT_CACHE", str(tmp_path / "kept"))
    kept.folder.cache_clear()
    grammar.parser.cache_clear()
    grammar.tables_of_file.cache_clear()
    yield tmp_path / "kept"
    kept.folder.cache_clear()
    grammar.parser.cache_clear()
    grammar.tables_of_file.cache_clear()


def files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file())


def again() -> str:
    grammar.parser.cache_clear()
    grammar.tables_of_file.cache_clear()
    return parse(cable()).model_dump_json()


def test_a_second_run_needs_no_lark(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = again()
    assert {path.name for path in files(place)} >= {"document.tables", "tags.tables"}
    assert len(files(place)) > len(grammar.STARTS)
    monkeypatch.setattr(grammar, "build", None)
    monkeypatch.setattr(re, "compile", None)
    assert again() == made


@pytest.mark.parametrize("rest", [slice(0), slice(-7), slice(30, None)], ids=["empty", "cut", "beheaded"])
def test_what_is_damaged_is_made_again(place: Path, rest: slice) -> None:
    again()  # portion marks and the like are remembered from here on, and their grammar is not asked again
    for path in files(place):
        path.unlink()
    made = again()
    whole = {path: path.read_bytes() for path in files(place)}
    for path, data in whole.items():
        path.write_bytes(data[rest])
    assert again() == made
    assert again() == made
    restored = {path: path.read_bytes() for path in files(place)}
    assert restored.keys() == whole.keys()
    assert all(whole[path][rest] != data for path, data in restored.items())


def test_code_that_is_no_code_is_refused_by_python(place: Path) -> None:
    expression = kept.compiled(grammar.folder(), "a+b", 0)
    (path,) = files(place)
    *head, code = marshal.loads(kept._code(expression))
    kept.save(grammar.folder(), path.name, marshal.dumps((*head, bytes(reversed(code)))))
    assert kept.compiled(grammar.folder(), "a+b", 0).match("aab")


@pytest.mark.usefixtures("place")
def test_without_a_place_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABLEKIT_CACHE", "off")
    kept.folder.cache_clear()
    assert again()
    assert files(tmp_path) == []
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("CABLEKIT_CACHE", str(tmp_path / "a-file"))
    kept.folder.cache_clear()
    assert again()


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "cablekit"),
        ("win32", "LOCALAPPDATA", "cablekit"),
        ("darwin", "HOME", "Library/Caches/cablekit"),
    ],
)
def test_the_place_is_the_system_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, expected: str
) -> None:
    monkeypatch.delenv("CABLEKIT_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert kept.root() == tmp_path / expected


def test_without_a_home_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CABLEKIT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "expanduser", lambda path: (_ for _ in ()).throw(RuntimeError(path)))
    assert kept.root() is None
    monkeypatch.setattr(sys, "platform", "win32")
    assert kept.root() is None


def test_what_other_versions_kept_goes_after_a_while(place: Path) -> None:
    import os

    old, new, other = place / ("a" * 32), place / ("b" * 32), place / "somebody-else"
    for folder in (old, new, other):
        folder.mkdir(parents=True)
    long_ago = time.time() - 100 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(other, (long_ago, long_ago))
    again()
    assert not old.exists()
    assert new.exists()
    assert other.exists()


@pytest.mark.usefixtures("place")
def test_many_that_begin_at_once_agree() -> None:
    program = "import cablekit; print(cablekit.parse(open(0, 'rb').read()).model_dump_json())"
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    text = cable().encode()
    assert len({process.communicate(text)[0] for process in running}) == 1
    assert {process.returncode for process in running} == {0}
