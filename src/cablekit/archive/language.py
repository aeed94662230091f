"""Text to query: ``docs/search.md`` explains the language, ``grammars/query.lark`` reads it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn, cast

from cablekit import grammar
from cablekit.archive.fulltext import scope_of
from cablekit.archive.query import (
    And,
    Classified,
    Comparison,
    Covered,
    Dated,
    Is,
    Marked,
    Near,
    Node,
    Text,
    Value,
    either,
    every,
    exclude,
)
from cablekit.errors import QueryError
from cablekit.model import Level
from cablekit.vocabulary.table import squeeze

if TYPE_CHECKING:
    from cablekit.grammar import Token, Tree

MAX_LENGTH = 10_000
"""Characters of a query."""
MAX_TERMS = 500
"""Words, phrases and fields of a query."""
MAX_DEPTH = 10
"""Parentheses inside one another."""
MAX_DISTANCE = 10_000
"""The largest n of NEAR/n."""
DISTANCE = 10
"""The n of a NEAR without one."""

HAS = ("action_request", "comment", "diagnostics", "references", "repairs", "signature", "summary", "table")
"""What ``has:`` asks for."""

FIELDS = (
    *("after", "before", "caption", "class", "coverage", "date", "diagnostic", "eo", "from", "has", "info", "layout"),
    *("mark", "mrn", "post", "ref", "refs", "signed", "subject", "tag", "to"),
)

_EXPECTED = (
    ({"WORD", "PHRASE"}, "a word or phrase"),
    ({"VALUE_FIELD"}, "a field"),
    ({"DAYS", "RANGE"}, "a date such as 2007, 2007-12, 2007-12-31 or 2007..2008"),
    ({"DAYS"}, "a date such as 2007, 2007-12 or 2007-12-31"),
    ({"_OPEN"}, "an opening parenthesis"),
    ({"_CLOSE"}, "a closing parenthesis"),
    ({"$END"}, "the end of the query, as no parenthesis is open"),
)
"""How terminals are called. The first row whose terminals can all stand there takes them."""

_LEVELS = {form: level for level in Level for form in (level.value, level.abbreviation)}
_LEVELS |= {"UNCLAS": Level.UNCLASSIFIED, "FOUO": Level.SBU, "FOR OFFICIAL USE ONLY": Level.SBU}
_CONTROLS = {"NOFORN": "NF"}


def read(text: str) -> Node:
    """Read a query; empty text asks for everything. Raises `QueryError`."""
    if len(text) > MAX_LENGTH:
        raise QueryError(text, MAX_LENGTH, f"is longer than {MAX_LENGTH:,} characters", "a shorter query")
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise QueryError(text, position, f"has a character that is no text ({character!r})", "text without it")
    if not text.strip():
        return And(())
    try:
        tree = grammar.read("query", text)
    except grammar.Unreadable as error:
        found = text[error.position :].split(maxsplit=1)
        what = f"cannot go on with {found[0][:40]!r}" if found else "ends too early"
        raise QueryError(text, error.position, what, _expected(error.expected)) from None
    return _Reader(text).query(tree)


def _expected(terminals: frozenset[str]) -> str:
    """Say in words what could stand there."""
    names, left = [], set(terminals)
    for needed, name in _EXPECTED:
        if needed <= left:
            names.append(name)
            left -= needed
    return " or ".join(names)


class _Reader:
    """Builds the query; knows its text for the errors."""

    def __init__(self, text: str) -> None:
        self.text = text

    def query(self, tree: Tree) -> Node:
        """Check the size of the tree, which may be deeper than Python can go, then build."""
        terms = 0
        waiting: list[tuple[Any, int]] = [(tree, 0)]
        while waiting:
            part, depth = waiting.pop()
            if not hasattr(part, "data"):
                continue
            terms += part.data in ("text", "dates")
            depth += part.data in ("group", "excluded")
            if depth > MAX_DEPTH:
                self.fail(part.start_pos, f"is nested deeper than {MAX_DEPTH}", "fewer parentheses or NOTs")
            if terms > MAX_TERMS:
                self.fail(part.start_pos, f"has more than {MAX_TERMS} words and fields", "a shorter query")
            waiting.extend((child, depth) for child in reversed(part.children))
        node = self.node(tree.children[0])
        if node is None:
            self.fail(0, "has no letter and no digit", "a word or a field")
        return node

    def fail(self, position: int, what: str, expected: str) -> NoReturn:
        """Raise the error at a place in the text."""
        raise QueryError(self.text, position, what, expected)

    def node(self, tree: Tree, field: Token | None = None, comparison: Comparison = "=") -> Node | None:
        """Build what a tree says; inside the parentheses of a field, about that field. None where no word is left."""
        match tree.data:
            case "any" | "all":
                built = [self.node(child, field, comparison) for child in grammar.rules(tree)]
                items = [item for item in built if item is not None]
                if not items:
                    return None
                if tree.data == "any":
                    return either(items)
                self.possible(tree.start_pos, *items)
                return every(items)
            case "excluded":
                item = self.node(tree.children[-1], field, comparison)
                return exclude(item) if item is not None else None
            case "group":
                return self.node(tree.children[0], field, comparison)
            case "near":
                return self.near(tree, field)
            case "dates":
                return self.dates(tree)
            case "field":
                return self.field(tree)
            case _:
                return self.value(tree, field, comparison)

    def possible(self, position: int, *items: Node) -> None:
        """Refuse marks that no portion can have."""
        scope = scope_of(And(items), None)
        if scope is not None and not scope.levels:
            self.fail(position, "asks for portions that cannot be", "marks that one portion can have")

    def value(self, tree: Tree, field: Token | None, comparison: Comparison) -> Node | None:
        """Build a word of the text, or the value of a field."""
        token = grammar.tokens(tree)[0]
        if field is None or field.type == "SUBJECT_FIELD":
            return self.words(token, subject=field is not None)
        name = _name(field)
        value, beginning = _unquoted(token)
        if not any(map(str.isalnum, value)):
            self.fail(token.start_pos, f"gives {name}: no value", "a word or phrase")
        if field.type == "ORDERED_FIELD":
            if beginning:
                self.fail(token.start_pos, f"has a * in {name}:", "the whole value")
            return self.ordered(name, token, value, comparison)
        return self.valued(cast("Value", name), token, value, beginning)

    def words(self, token: Token, subject: bool) -> Text | None:
        """Build a word or phrase; none where nothing in it can be looked for."""
        words, beginning = _unquoted(token)
        position = words.find("*")
        if position >= 0 and words[position + 1 : position + 2].isalnum():
            position += token.start_pos + (token.type == "PHRASE")
            self.fail(position, "has a * before a letter", "it at the end of a word, as in prefix*")
        words = " ".join(words.translate(_QUOTES).split())
        # What is not a letter or digit only parts words.
        ends = [at for at, character in enumerate(words) if character.isalnum()]
        return Text(words[ends[0] : ends[-1] + 1], beginning, subject) if ends else None

    def near(self, tree: Tree, field: Token | None) -> Node | None:
        """Build words that stand near one another."""
        texts, distances = [], set()
        for child in tree.children:
            if hasattr(child, "data"):
                text = self.words(child.children[0], subject=field is not None)
                if text is None:
                    self.fail(child.start_pos, "has no letter and no digit here", "a word or phrase")
                texts.append(text)
            else:
                distances.add(int(child.partition("/")[2] or DISTANCE))
                if len(distances) > 1:
                    self.fail(child.start_pos, "has two distances in a row of NEAR", f"NEAR/{min(distances)} again")
                if max(distances) > MAX_DISTANCE:
                    self.fail(child.start_pos, "has too large a distance", f"NEAR/{MAX_DISTANCE} at most")
        return Near(tuple(texts), distances.pop())

    def field(self, tree: Tree) -> Node | None:
        """Build a field with its value or values."""
        field = tree.children[0]
        if field.type == "UNKNOWN_FIELD":
            near = get_close_matches(_name(field), FIELDS, n=1)
            advice = f"{near[0]}: perhaps" if near else f"one of {', '.join(FIELDS)}"
            self.fail(field.start_pos, f"has no field {field}", f"{advice}; or quotation marks, if it is text")
        comparison = cast("Comparison", tree.children[1] if len(tree.children) > 2 else "=")
        node = self.node(tree.children[-1], field, comparison)
        if node is None:
            self.fail(field.start_pos, f"gives {field} no value", "a word or phrase")
        return node

    def valued(self, name: Value, token: Token, value: str, beginning: bool) -> Is:
        """Build a field that has a value, in the form in which the archive has it."""
        value = " ".join(value.translate(_QUOTES).split())
        if name == "has":
            chosen = value.lower()
            if chosen not in HAS or beginning:
                self.fail(token.start_pos, f"does not know has:{value}", f"one of {', '.join(HAS)}")
            return Is(name, chosen)
        if name == "eo":
            digits = squeeze(value).removeprefix("EO")
            if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9) or beginning:
                self.fail(token.start_pos, f"has no executive order {value!r}", "its number, such as 12958")
            return Is(name, digits)
        return Is(name, value.upper(), beginning)

    def ordered(self, name: str, token: Token, value: str, comparison: Comparison) -> Node:
        """Build a field whose values have an order."""
        if name == "coverage":
            percent = value.endswith("%")
            try:
                share = float(value.rstrip("%")) / (100 if percent else 1)
            except ValueError:
                share = -1.0
            if not 0 <= share <= 1:
                self.fail(token.start_pos, f"has no coverage {value!r}", "a number from 0 to 1, such as 0.9, or 90%")
            return Covered(comparison, share)
        first, *controls = [part for part in " ".join(value.upper().split()).split("/") if part.strip()]
        level = _LEVELS.get(first.strip())
        if name == "class":
            if level is None or controls:
                levels = ", ".join(known.value for known in Level)
                self.fail(token.start_pos, f"has no classification {value!r}", f"one of {levels} (in quotation marks)")
            return Classified(comparison, level)
        if level is None and first != "NONE":
            controls = [first, *controls]
        if comparison != "=" and level is None:
            self.fail(token.start_pos, f"compares {value!r}", "a level such as C or S")
        mark = Marked(comparison, level, tuple(_CONTROLS.get(part.strip(), part.strip()) for part in controls))
        self.possible(token.start_pos, mark)
        return mark

    def dates(self, tree: Tree) -> Dated:
        """Build a range of days."""
        field, token = (None, *tree.children)[-2:]
        first, dots, last = token.partition("..")
        start = self.days(token, first)[0] if first else None
        end = self.days(token, last)[1] if last else None
        if not dots:
            name = _name(field)
            start, end = self.days(token, first)
            if name == "after":
                return Dated(self.shifted(token, end, 1), None)
            if name == "before":
                return Dated(None, self.shifted(token, start, -1))
        if start and end and start > end:
            self.fail(token.start_pos, "has a range that ends before it begins", f"{last}..{first}")
        return Dated(start, end)

    def days(self, token: Token, written: str) -> tuple[date, date]:
        """Return the first and the last day of a year, a month or a day."""
        year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
        try:
            first = date(year, month or 1, day or 1)
            if day:
                return first, first
            if not month:
                return first, date(year, 12, 31)
            return first, first.replace(day=monthrange(year, month)[1])
        except ValueError:
            self.fail(token.start_pos, f"has no such date as {written}", "one that the calendar has")

    def shifted(self, token: Token, day: date, by: int) -> date:
        """Return the day before or after."""
        try:
            return day + timedelta(days=by)
        except OverflowError:
            self.fail(token.start_pos, "goes beyond the calendar", "another year")


_QUOTES = str.maketrans('"“”', "   ")


def _name(field: Token) -> str:
    return field.rstrip(":").lower()


def _unquoted(token: Token) -> tuple[str, bool]:
    """Return the words without quotation marks and without the star at the end, and whether there was one."""
    words = token.removesuffix("*")
    beginning = words != token
    if token.type == "PHRASE":
        words = words[1:-1]
    return words, beginning
