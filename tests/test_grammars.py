from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest
from lark import Lark, Token, Tree

from cablekit import grammar
from cablekit.build.cable import parse
from cablekit.model import Level
from cablekit.vocabulary import captions, classifications, precedences
from tests.make import cable, header

DEFINITIONS = ("token", "rule")
FILES = sorted(path.stem for path in grammar.folder().glob("*.lark"))


# ---- the grammar files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", grammar.STARTS)
def test_builds_in_strict_mode(name: str) -> None:
    parser = grammar.build(name, strict=True)
    assert {rule.origin.name for rule in parser.rules} >= set(grammar.STARTS[name])


def test_every_grammar_is_named_with_its_starts() -> None:
    assert set(FILES) == {*grammar.STARTS, "common"}


@cache
def parsed(name: str) -> Tree[Token]:
    """Read a grammar file by Lark's own grammar of grammars."""
    reader = Lark.open_from_package("lark", "lark.lark", ["grammars"], parser="lalr")
    return reader.parse((grammar.folder() / f"{name}.lark").read_text(encoding="utf-8") + "\n")


def defined(name: str) -> list[str]:
    statements = parsed(name).find_pred(lambda tree: tree.data in DEFINITIONS)
    return [str(statement.children[0]).lstrip("?!") for statement in statements]


def names_in(tree: Tree[Any]) -> list[str]:
    return [str(name.children[0]) for name in tree.find_data("name")]


def used(name: str) -> set[str]:
    """Return the names that a grammar file uses; a definition does not use itself."""
    names: set[str] = set()
    for statement in parsed(name).children:
        own = str(statement.children[0]).lstrip("?!") if statement.data in DEFINITIONS else ""
        if statement.data != "multi_import":
            names.update(word for word in names_in(statement) if word != own)
    return names


def imported(name: str) -> set[str]:
    """Return what a grammar file imports from the others."""
    imports = parsed(name).find_data("multi_import")
    return {word for statement in imports for names in statement.find_data("name_list") for word in names_in(names)}


@pytest.mark.parametrize("name", FILES)
def test_every_name_of_a_grammar_is_used(name: str) -> None:
    elsewhere = {word for other in FILES if other != name for word in imported(other)}
    unused = set(defined(name)) - used(name) - elsewhere - set(grammar.STARTS.get(name, ()))
    assert unused == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_imported_for_nothing(name: str) -> None:
    assert imported(name) - used(name) == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_defined_twice(name: str) -> None:
    assert [word for word, count in Counter(defined(name)).items() if count > 1] == []


@pytest.mark.parametrize("name", sorted(grammar.STARTS))
def test_every_start_is_there(name: str) -> None:
    assert set(grammar.STARTS[name]) <= set(defined(name))


def test_where_a_part_stops_being_readable() -> None:
    with pytest.raises(grammar.Unreadable, match="unreadable at character 2") as caught:
        grammar.read("markings", "(C&)", "portion_mark")
    assert caught.value.position == 2
    with pytest.raises(grammar.Unreadable) as caught:
        grammar.read("markings", "", "portion_mark")
    assert caught.value.position == 0


# ---- the vocabularies and the grammars ---------------------------------------------------------------------------

# Captions of the table that do not stand alone on a line above the E.O. line, and why.
NO_CAPTION_LINES = {
    "TOSEC": "a series of numbers, behind the serial of line 12",
    "SECTO": "a series of numbers, in the place of the serial of line 12",
    "NOTAL": "a remark behind a reference",
    "FOR xxx ONLY": "a phrase with a name in it",
    "REL": "needs the countries; stands in marks",
    "EFTO": "stands on line 12",
    "MINIMIZE CONSIDERED": "a sentence of the text",
    "US": "two letters, which are also a code and a word",
    "BU": "two letters, which are also a code (Bulgaria)",
    "AMB": "a word of passing lines and of Classified By",
    "DCM": "a word of passing lines and of Classified By",
}


@pytest.mark.parametrize("name", [entry.name for entry in captions.all()])
def test_every_caption_is_read(name: str) -> None:
    for written in (name, f"{name} ", name.lower(), name.title()):
        read = [caption.name for caption in parse(cable(captions=written)).captions]
        assert read == ([] if name in NO_CAPTION_LINES else [name])


def test_the_exceptions_are_captions_of_the_table() -> None:
    assert set(NO_CAPTION_LINES) <= {entry.name for entry in captions.all()}


# Military only; no addressee of a cable bears the word.
UNWRITTEN_PRECEDENCES = {"EMERGENCY COMMAND PRECEDENCE"}


@pytest.mark.parametrize("entry", precedences.all(), ids=lambda entry: entry.word)
def test_every_precedence_is_read(entry: precedences.PrecedenceEntry) -> None:
    read = parse(cable(header=header(line_2=f"{entry.doubled_form} RUEHAST", line_5=f"{entry.prosign} 051218Z OCT 09")))
    assert read.header.routing
    assert read.header.routing.precedence
    assert read.header.routing.precedence.rank == entry.rank
    assert read.header.dtg
    assert [precedence.rank for precedence in read.header.dtg.precedences] == [entry.rank]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        (written, entry.word)
        for entry in precedences.all()
        for written in (entry.word, *(spelling.name for spelling in entry.spellings))
        if entry.word not in UNWRITTEN_PRECEDENCES
    ],
)
def test_every_precedence_word_is_read(written: str, word: str) -> None:
    read = parse(cable(header=header(line_7=f"TO RUEHC/SECSTATE WASHDC {written} 6317")))
    assert [(one.name, one.precedence, one.serial) for one in read.header.action] == [("SECSTATE WASHDC", word, "6317")]


# Rows of the table that are no line 12, and why.
NO_LINE_12 = {
    "UNCLAS + SENSITIVE caption": "two lines of a cable",
    "SBU": "a handling mark of captions and portions",
    "SBU NOFORN": "a handling mark of captions and portions",
    "SECRET//REL": "a level of the metadata; on telegrams it stands in marks of portions",
    "SECRET//FGI": "a level of the metadata; on telegrams it stands in marks of portions",
}


@pytest.mark.parametrize("entry", classifications.all(), ids=lambda entry: entry.marking)
def test_every_marking_is_read(entry: classifications.ClassificationEntry) -> None:
    if entry.marking not in NO_LINE_12:
        read = parse(cable(line_12=f"{entry.marking} SOFIA 000608"))
        assert read.classification
        assert read.classification.level == entry.level.partition("//")[0]
        assert str(read.mrn) == "09SOFIA608"
    if entry.portion_form:
        written = entry.portion_form.replace("xxx", "GBR")
        (paragraph,) = parse(cable(body=f"1. {written} The roses are late.")).paragraphs
        assert paragraph.mark
        assert (paragraph.mark.as_written, paragraph.text) == (written, "The roses are late.")


def test_sensitive_makes_an_unclassified_cable_for_official_use_only() -> None:
    read = parse(cable(captions="SENSITIVE")).classification
    assert read
    assert (read.level, read.banner) == (Level.UNCLASSIFIED, "UNCLASSIFIED//FOR OFFICIAL USE ONLY")
    assert read.banner in {entry.level for entry in classifications.all() if "SENSITIVE" in entry.marking}
