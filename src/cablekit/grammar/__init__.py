"""The one place that finds, builds and runs the grammars."""

from __future__ import annotations

import marshal
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cablekit.grammar import kept
from cablekit.grammar.automaton import Automaton, Token, Tree, Unreadable
from cablekit.grammar.tables import Tables, tables_of

if TYPE_CHECKING:
    from lark import Lark

__all__ = [
    "STARTS",
    "Token",
    "Tree",
    "Unreadable",
    "build",
    "folder",
    "parser",
    "pattern",
    "read",
    "rules",
    "terminal",
    "tokens",
]

STARTS = {
    "document": ("document", "headless"),
    "layouts": ("layouts",),
    "record_copy": ("record_copy", "attributes", "furniture"),
    "smart": ("smart", "page_furniture"),
    "foia": ("foia", "stamp", "misread"),
    "copy_head": ("loose_dtg", "dashes", "officer", "document_number"),
    "header": ("header",),
    "markings": ("classification", "portion_mark", "executive_order", "classified_by"),
    "handling": ("handling",),
    "tags": ("tags",),
    "references": ("references",),
    "body": ("page_break", "closing", "redactions", "subject", "captions", "record_head", "traces"),
    "query": ("query",),
    "messages": ("messages",),
}
"""Every grammar file that is read on its own, and its start rules."""


@cache
def folder() -> Path:
    """Return the folder of the grammars: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "grammars"
    return installed if installed.is_dir() else package.parents[1] / "grammars"


def build(name: str, *, strict: bool = False) -> Lark:
    """Build the parser of one grammar file by Lark, with all its start rules; ``strict`` makes conflicts errors."""
    from lark import Lark, lexer

    # Where interegular is installed, Lark looks for colliding terminals at every build, which takes long for terminals
    # as long as these. That is a test's work.
    checked = lexer.has_interegular
    lexer.has_interegular = checked and strict
    try:
        return Lark.open(
            str(folder() / f"{name}.lark"),
            parser="lalr",
            lexer="contextual",
            start=list(STARTS[name]),
            propagate_positions=True,
            maybe_placeholders=False,
            g_regex_flags=re.ASCII,
            strict=strict,
        )
    finally:
        lexer.has_interegular = checked


@cache
def tables_of_file(name: str) -> Tables:
    """Return the tables of one grammar file. They are built by Lark at first use, and kept for later runs."""
    # (Marshal is the quickest by far; the folder's name says which Python wrote it.)
    data = kept.load(folder(), f"{name}.tables")
    if data is not None:
        return Tables.of_plain(marshal.loads(data))
    tables = tables_of(build(name))
    kept.save(folder(), f"{name}.tables", marshal.dumps(tables.plain()))
    return tables


@cache
def parser(name: str) -> Automaton:
    """Return the parser of one grammar file."""
    tables = tables_of_file(name)
    return Automaton(tables, lambda scanner: kept.compiled(folder(), tables.pattern(scanner), tables.flags))


@cache
def terminal(name: str, terminal: str) -> re.Pattern[str]:
    """Return one terminal of a grammar file.

    It tells whether a text is one that need not be read at all, and takes a run of nothing but such terminals apart.
    """
    tables = tables_of_file(name)
    return kept.compiled(folder(), tables.terminals[terminal], tables.flags)


@cache
def pattern(name: str, *terminals: str, before: str = "") -> re.Pattern[bytes]:
    r"""Return terminals of a grammar file as one pattern for bytes, to find them in what is too long for a rule.

    Each terminal is a group of its own name. ``before`` is what stands in front of any of them, such as ``\n``.
    """
    tables = tables_of_file(name)
    written = "|".join(f"(?P<{terminal}>{tables.terminals[terminal]})" for terminal in terminals)
    return kept.compiled(folder(), f"{before}(?:{written})".encode("ascii"), tables.flags)


def read(name: str, text: str, start: str | None = None) -> Tree:
    """Read text by a start rule of a grammar file; raises `Unreadable` where it does not follow the grammar."""
    return parser(name).parse(text, start or STARTS[name][0])


def tokens(tree: Tree) -> list[Token]:
    """Return the children of a rule that holds terminals only."""
    return cast("list[Token]", tree.children)


def rules(tree: Tree) -> list[Tree]:
    """Return the children of a rule that holds rules only."""
    return cast("list[Tree]", tree.children)
