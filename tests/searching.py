"""Queries for Hypothesis."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from cablekit.archive.language import HAS, MAX_DEPTH
from cablekit.archive.query import (
    And,
    Classified,
    Covered,
    Dated,
    Is,
    Marked,
    Near,
    Node,
    Not,
    Or,
    Text,
    either,
    every,
    exclude,
)
from cablekit.model import Level

_LETTERS = st.characters(categories=["L", "N"])
_INNER = st.characters(exclude_characters='"“”*\0', exclude_categories=["C", "Z"]) | st.just(" ")


def _is_read_as_it_is(words: str) -> bool:
    return words[0].isalnum() and words[-1].isalnum() and " ".join(words.split()) == words


words = st.builds(
    lambda first, middle, last: first + middle + last, _LETTERS, st.text(_INNER, max_size=8), _LETTERS
).filter(_is_read_as_it_is) | st.sampled_from(["harbor", "buoy", "OR", "NEAR", "from:X", "2007..2008", "a-b", "O'B"])
comparisons = st.sampled_from(["=", "<", "<=", ">", ">="])


@st.composite
def nears(draw: st.DrawFn, subject: bool) -> Near:
    texts = draw(st.lists(st.builds(Text, words, st.booleans(), st.just(subject)), min_size=2, max_size=3))
    return Near(tuple(texts), draw(st.integers(0, 20)))


@st.composite
def ranges(draw: st.DrawFn) -> Dated:
    days = sorted(draw(st.lists(st.dates(min_value=date(1000, 1, 1)), min_size=2, max_size=2)))
    first, last = draw(st.sampled_from([(days[0], days[1]), (days[0], None), (None, days[1])]))
    return Dated(first, last)


_texts = st.builds(Text, words, st.booleans(), st.booleans()) | nears(False) | nears(True)
_values = st.builds(
    Is,
    st.sampled_from(["caption", "diagnostic", "from", "info", "mrn", "post", "ref", "refs", "signed", "tag", "to"]),
    words.map(str.upper).filter(_is_read_as_it_is),
    st.booleans(),
)
_marks = st.builds(Marked, comparisons, st.sampled_from(Level), st.sampled_from([(), ("NF",), ("REL", "NF")])).filter(
    lambda mark: (mark.comparison, mark.level) not in (("<", Level.UNCLASSIFIED), (">", Level.TOP_SECRET))
) | st.builds(Marked, st.just("="), st.none(), st.sampled_from([(), ("NF",)]))
leaves = (
    _texts
    | _values
    | _marks
    | st.builds(Is, st.just("has"), st.sampled_from(HAS))
    | st.builds(Is, st.just("eo"), st.integers(0, 99999).map(str))
    | st.builds(Classified, comparisons, st.sampled_from(Level))
    | st.builds(Covered, comparisons, st.floats(0, 1))
    | ranges()
)


def _conjunction(items: list[Node]) -> Node:
    """Join, with one mark at most: two may describe a portion that cannot be."""
    marks = [item for item in items if isinstance(item, Marked)]
    return every([*marks[:1], *(item for item in items if not isinstance(item, Marked))])


def combined(of: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Put queries together from such leaves."""
    return st.recursive(
        of,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(_conjunction),
            st.lists(inner, min_size=2, max_size=4).map(either),
            inner.map(exclude),
        ),
        max_leaves=8,
    )


queries = combined(leaves)


def is_small(query: Node) -> bool:
    """Tell whether a query may be written: parentheses and NOTs are limited."""
    return _depth(query) <= MAX_DEPTH


def _depth(query: Node) -> int:
    match query:
        case Not(item):
            return 2 + _depth(item)
        case And(items) | Or(items):
            return 1 + max(map(_depth, items), default=0)
    return 1
