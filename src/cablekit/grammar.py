"""The one place that finds, builds and runs the Lark grammars."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

STARTS = {
    "document": ("document", "headless"),
    "layouts": ("layouts",),
    "record_copy": ("record_copy", "furniture"),
    "copy_head": ("loose_dtg", "dashes", "officer", "document_number"),
    "header": ("header",),
    "markings": ("classification", "portion_mark", "executive_order", "classified_by"),
    "handling": ("handling",),
    "tags": ("tags",),
    "references": ("references",),
    "body": ("page_break", "closing", "redactions"),
}
"""Every grammar file that is read on its own, and its start rules."""


class Unreadable(Exception):
    """A part does not follow its grammar. ``position`` is where in the part it stops doing so."""

    def __init__(self, position: int) -> None:
        """Keep the position; -1 becomes the end as Lark means it."""
        super().__init__(f"unreadable at character {position}")
        self.position = position


@cache
def folder() -> Path:
    """Return the folder of the grammars: inside the package when installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "grammars"
    return installed if installed.is_dir() else here.parents[1] / "grammars"


def build(name: str, *, strict: bool = False) -> Lark:
    """Build the parser of one grammar file, with all its start rules; ``strict`` makes conflicts errors."""
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
            strict=strict,
        )
    finally:
        lexer.has_interegular = checked


@cache
def parser(name: str) -> Lark:
    """Return the parser of one grammar file, built at first use."""
    return build(name)


def read(name: str, text: str, start: str | None = None) -> Tree[Any]:
    """Read text by a start rule of a grammar file; raises `Unreadable` where it does not follow the grammar."""
    from lark.exceptions import UnexpectedInput

    try:
        return parser(name).parse(text, start=start or STARTS[name][0])
    except UnexpectedInput as error:
        position = getattr(error, "pos_in_stream", None)
        raise Unreadable(len(text) if position is None or position < 0 else position) from None


def tokens(tree: Tree[Any]) -> list[Token]:
    """Return the children of a rule that holds terminals only."""
    return cast("list[Token]", tree.children)


def rules(tree: Tree[Any]) -> list[Tree[Any]]:
    """Return the children of a rule that holds rules only."""
    return cast("list[Tree[Any]]", tree.children)
