"""What a query is: a tree of frozen nodes. `render` writes it as text again, in one canonical form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cablekit.model import Level

Comparison = Literal["=", "<", "<=", ">", ">="]
Value = Literal[
    "caption", "diagnostic", "eo", "from", "has", "info", "layout", "mrn", "post", "ref", "refs", "signed", "tag", "to"
]
"""Fields that are equal to a value or begin with it."""

OPERATORS = frozenset(("AND", "NEAR", "NOT", "OR"))


@dataclass(frozen=True, slots=True)
class Text:
    """A word, or words that follow one another."""

    words: str
    beginning: bool = False
    """Whether the last word may go on."""
    subject: bool = False
    """Whether only the subject is searched."""


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases with at most ``distance`` words between the first and the last of them, in any order."""

    texts: tuple[Text, ...]
    distance: int

    @property
    def subject(self) -> bool:
        """Whether only the subject is searched."""
        return self.texts[0].subject


@dataclass(frozen=True, slots=True)
class Is:
    """A field that has a value."""

    field: Value
    value: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Classified:
    """The classification of the cable compared with a level."""

    comparison: Comparison
    level: Level


@dataclass(frozen=True, slots=True)
class Marked:
    """Portions with such a mark. The words beside it in the same `And` are looked for in those portions."""

    comparison: Comparison
    level: Level | None
    """None stands for portions without mark where no controls are given, else for every level."""
    controls: tuple[str, ...] = ()
    """Dissemination controls that the mark holds, ``NF``."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The share of the text that was understood compared with a number from 0 to 1."""

    comparison: Comparison
    share: float


@dataclass(frozen=True, slots=True)
class Dated:
    """Sent on one of these days, first and last included; none is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    item: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these; without items, everything."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    items: tuple[Node, ...]


Leaf = Text | Near | Is | Classified | Marked | Covered | Dated
Node = Leaf | Not | And | Or


def exclude(item: Node) -> Node:
    """Make the opposite; that of an opposite is the thing itself."""
    return item.item if isinstance(item, Not) else Not(item)


def every(items: list[Node]) -> Node:
    """Join what must all hold. Nested ones are taken apart, except where a mark holds for its own words only."""
    flat: list[Node] = []
    for item in items:
        apart = isinstance(item, And) and not any(isinstance(part, Marked) for part in item.items)
        flat.extend(item.items if isinstance(item, And) and apart else (item,))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(items: list[Node]) -> Node:
    """Join alternatives; nested ones are taken apart."""
    flat: list[Node] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Or) else (item,))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def render(node: Node) -> str:
    """Write a query as text. Reading the text gives the same query."""
    match node:
        case Or(items):
            return " OR ".join(_inside(item, Or) for item in items)
        case And(items):
            return " ".join(_inside(item, Or, And) for item in items)
        case Not(item):
            return f"NOT {_inside(item, Or, And)}"
        case Near(texts, distance):
            joined = f" NEAR/{distance} ".join(_quoted(text.words, text.beginning) for text in texts)
            return f"subject:({joined})" if node.subject else joined
        case Text(words, beginning, subject):
            return ("subject:" if subject else "") + _quoted(words, beginning)
        case Is(name, value, beginning):
            return f"{name}:{_quoted(value, beginning)}"
        case Classified(comparison, level):
            return f"class:{_sign(comparison)}{_quoted(level.value)}"
        case Marked(comparison, level, controls):
            parts = ([level.abbreviation] if level else []) + list(controls)
            return f"mark:{_sign(comparison)}{_quoted('//'.join(parts) or 'NONE')}"
        case Covered(comparison, share):
            return f"coverage:{_sign(comparison)}{share!r}"
        case Dated(first, last):
            return f"date:{first or ''}..{last or ''}"


def _inside(item: Node, *kinds: type) -> str:
    """Write a part, in parentheses where it is of a kind that would fall apart."""
    return f"({render(item)})" if isinstance(item, kinds) else render(item)


def _sign(comparison: Comparison) -> str:
    return "" if comparison == "=" else comparison


def _quoted(words: str, beginning: bool = False) -> str:
    """Write words so that they are read as words whatever they look like."""
    plain = words.replace("'", "").replace("-", "").isalnum() and words[0].isalnum() and words not in OPERATORS
    return (words if plain else f'"{words}"') + ("*" if beginning else "")


def outline(node: Node, indent: str = "") -> str:
    """Show the tree of a query, a line for each node."""
    name = type(node).__name__.upper()
    match node:
        case And(()):
            return f"{indent}EVERYTHING"
        case And(items) | Or(items):
            return "\n".join((f"{indent}{name}", *(outline(item, indent + "  ") for item in items)))
        case Not(item):
            return f"{indent}{name}\n{outline(item, indent + '  ')}"
    return f"{indent}{render(node)}"
