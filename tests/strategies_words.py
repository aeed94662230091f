"""Invented words, names and marks for the strategies."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from cablekit.model import Level, PortionMark, Span

T = TypeVar("T")

HERE = Span(0, 0)


def optional(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """What may be absent."""
    return st.none() | strategy


SURNAMES = st.sampled_from(["QUILL", "TEASDALE", "ASHCOMBE", "FIREFLY", "LARKSPURE", "HALLIWELL"])
PERSONS = st.sampled_from(["Anna Quill", "RUFUS T. FIREFLY", "Ione Hathersage", "J.R. O'Quill-Doe", "TEASDALE, ANNA"])

_PLAIN = [
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "that",
    "was",
    "is",
    "for",
    "with",
    "not",
    "they",
    "have",
    "from",
    "harbor",
    "ledger",
    "lantern",
    "ferry",
    "museum",
    "rope",
    "tide",
    "clerk",
    "minister",
    "embassy",
    "counted",
    "promised",
    "delayed",
    "copied",
    "asked",
    "told",
    "fourteen",
    "hundred",
    "old",
    "new",
    "well-known",
    "pre-war",
    "U.S.",
    "Mr.",
    "Quill",
    "Teasdale",
    "Freedonia",
    "OAS",
    "412",
    "3,480",
    "5.5",
    "(reftel)",
    "(ref",
    "A),",
    "however,",
    '"barely"',
    "museum’s",
    "half;",
    "x-ray",
    "$40",
    "50%",
]
# What has a meaning at the start of a line, and must not get there.
_HAZARDS = [
    "caption SIPDIS",  # alone among small letters it is no word of the sentence (FORMAT.md section 19.13)
    "REF:",
    "TAGS",
    "SUBJECT:",
    "E.O.",
    "12958:",
    "2.",
    "88.",
    "1911.",
    "A.",
    "a.",
    "b)",
    "(a)",
    "(U)",
    "(SBU)",
    "--",
    "-",
    "*",
    "o",
    "¶3.",
    "SUMMARY",
    "Comment:",
    "NNNN",
    "NOFORN",
    "SENSITIVE",
    "UNCLAS",
    "___",
    "***",
    "Declassified/Released",
]

_word = st.sampled_from(_PLAIN)
_wild_word = _word | st.sampled_from(_HAZARDS)
_start = st.sampled_from(["The", "A", "Officials", "Later", "Yesterday", "QUILL", "It", "EmbOff"])


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A sentence that begins and ends like one, with anything inside. (One line that ends in ? may be a heading.)"""
    words = draw(st.lists(_wild_word, min_size=3, max_size=25))
    return f"{draw(_start)} said {' '.join(words)} again."


@st.composite
def runs(draw: st.DrawFn, most: int = 4) -> str:
    """Some sentences, one or two blanks between them."""
    text = draw(sentences())
    for _ in range(draw(st.integers(0, most - 1))):
        text += draw(st.sampled_from([" ", "  "])) + draw(sentences())
    return text


def titles(most: int) -> st.SearchStrategy[str]:
    """Words of a title, in capitals or not, with a colon in some."""
    words = st.lists(
        st.sampled_from(
            [
                "lantern",
                "harbor",
                "ferry",
                "tide",
                "museum",
                "rope",
                "ledger",
                "quiet",
                "wet",
                "old",
                "treaty",
                "2009",
                "Q4",
                "anglo-freedonian",
            ]
        ),
        min_size=2,
        max_size=most,
    )
    return st.builds(
        lambda first, words, capitals: (
            (f"{first}: " + " ".join(words)).upper() if capitals else f"{first} " + " ".join(words)
        ),
        st.sampled_from(["Freedonia", "Sylvania", "The"]),
        words,
        st.booleans(),
    )


# RESTRICTED has no portion mark in use. (FORMAT.md section 11.1)
_levels = st.sampled_from([level for level in Level if level is not Level.RESTRICTED])
_controls = st.lists(
    st.sampled_from(["NF", "FGI", "FOUO", "SI", "ORCON", "REL TO USA, GBR", "REL NATO, ISAF"]), max_size=2, unique=True
).map(tuple)
portion_marks = st.builds(
    lambda level, controls, entire: PortionMark(
        level=level, controls=controls, entire_text=entire, as_written="", span=HERE
    ),
    _levels,
    _controls,
    st.sampled_from([False, False, False, True]),
)
