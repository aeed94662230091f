"""Paragraphs and what is put together from several parts of a text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cablekit.build.cable import parse
from cablekit.model import Cable, Heading, Paragraph, Table, Text, Unparsed
from tests.make import cable, located


def read(body: str, **parts: str) -> Cable:
    return parse(cable(body=body, **parts))


def numbers(made: Cable) -> list[tuple[int, str]]:
    return [(paragraph.number, paragraph.text) for paragraph in made.paragraphs]


def repairs(made: Cable) -> list[tuple[str, str, str]]:
    return [(repair.rule, repair.as_written, repair.as_read) for repair in made.repairs]


# ---- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number", "suffix", "mark"),
    [
        ("¶1. (U)", 1, None, "U"),
        ("1.(SBU)", 1, None, "SBU"),
        ("¶1 (S)", 1, None, "S"),
        ("1) (U)", 1, None, "U"),
        ("2a. (SBU)", 2, "a", "SBU"),
        ("1. (S//REL NATO, ISAF)", 1, None, "S//REL NATO, ISAF"),
        ("1. (C/NOFORN)", 1, None, "C//NF"),
        ("1. ( C )", 1, None, "C"),
        ("1. (c)", 1, None, "C"),
        ("1. (N/SF)", 1, None, "S//NF"),
        ("1. C)", 1, None, "C"),
        ("1. (C", 1, None, "C"),
        ("1. S//NF)", 1, None, "S//NF"),
        ("1. (SBU/FOUO", 1, None, "SBU//FOUO"),
        ("1.", 1, None, None),
        ("¶1", 1, None, None),
        ("1)", 1, None, None),
    ],
)
def test_number_and_mark(written: str, number: int, suffix: str | None, mark: str | None) -> None:
    text = "The roses were late this year."
    first, second = read(f"{written} {text}\n\n{written.replace('1', '2').replace('2a', '2b')} {text}").paragraphs
    assert (first.number, first.suffix, first.text) == (number, suffix, text)
    assert first.number_as_written == written.partition(" ")[0].partition("(")[0]
    assert first.mark == mark if mark is None else str(first.mark) == mark
    assert (second.number, second.text) == (2, text)


@pytest.mark.parametrize("parenthesis", ["(U.S.)", "(CH)", "(S. Korean)", "(C2)", "(Rose)", "()"])
def test_a_parenthesis_that_is_no_mark(parenthesis: str) -> None:
    (paragraph,) = read(f"1. {parenthesis} growers came.").paragraphs
    assert (paragraph.mark, paragraph.text) == (None, f"{parenthesis} growers came.")


@pytest.mark.parametrize("written", ["1. (SBU)", "1. SBU)", "1.C)", "1. (C"])
def test_the_nodes_of_number_and_mark(written: str) -> None:
    text = cable(body=f"{written} The roses are late.\n\nQUILL")
    nodes = [(node.rule, text[node.span.start : node.span.end].strip()) for node in parse(text).nodes]
    number, mark = written.partition(".")[0] + ".", written.partition(".")[2].strip()
    assert nodes[-4:-2] == [("paragraph_number", number), ("portion_mark", mark)]


def test_the_mark_of_the_whole_cable() -> None:
    (block,) = read("(C - ENTIRE TEXT) The roses are late.\n\nQUILL").body
    assert isinstance(block, Text)
    assert block.mark
    assert (block.mark.entire_text, str(block.mark), block.text) == (True, "C", "The roses are late.")


def row(*numbers: str) -> str:
    return "\n\n".join(f"{number} (U) The roses are late." for number in numbers) + "\n\nQUILL"


@pytest.mark.parametrize(
    ("written", "expected", "mended"),
    [
        (["¶1.", "¶2.", "¶3.", "14.", "15."], [1, 2, 3, 4, 5], ["14.", "15."]),
        (["¶1.", "12.", "¶3."], [1, 2, 3], ["12."]),
        (["¶1.", "12."], [1, 2], ["12."]),
        # true numbers
        (["¶1.", "¶2.", "¶3.", "14.", "¶15."], [1, 2, 3, 14, 15], []),
        (["1.", "2.", "3.", "14.", "5."], [1, 2, 3, 14, 5], []),  # no pilcrows that could be read as 1
        (["¶1.", "¶12.", "¶3."], [1, 12, 3], []),
        (["¶1.", "¶2.", "14.", "¶5."], [1, 2, 14, 5], []),  # 3 is due, not 4
        ([f"¶{number}." for number in range(1, 13)], list(range(1, 13)), []),
        ([f"¶{number}." for number in range(1, 10)] + ["20."], [*range(1, 10), 20], []),
    ],
)
def test_pilcrow_read_as_1(written: list[str], expected: list[int], mended: list[str]) -> None:
    made = read(row(*written))
    assert [paragraph.number for paragraph in made.paragraphs] == expected
    assert [paragraph.number_as_written for paragraph in made.paragraphs] == written
    assert repairs(made) == [("pilcrow-read-as-1", number, number[1:]) for number in mended]


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("(S) Silk.", [1, 2, 3, 4]),  # the marked text is 2, so 3 is due
        ("Silk.", [1, 13, 4]),
        ("(S) Silk.\n\n(S) Wool.", [1, 13, 4]),
    ],
)
def test_pilcrow_read_as_1_behind_a_lost_number(between: str, expected: list[int]) -> None:
    made = read(f"¶1. (U) Roses.\n\n{between}\n\n13. (U) Oil.\n\n¶4. (U) Wine.\n\nQUILL")
    assert [paragraph.number for paragraph in made.paragraphs] == expected


@pytest.mark.parametrize(
    ("written", "mended"),
    [("¶2006.", True), ("¶125.", True), ("¶15.", True), ("2006.", False), ("125.", False), ("15.", False)],
)
def test_a_number_that_is_text(written: str, mended: bool) -> None:
    made = read(f"¶1. (U) They came in\n{written} They left.\n\n¶2. (U) The roses did not.")
    number = written.lstrip("¶")
    assert numbers(made) == [(1, f"They came in {number} They left."), (2, "The roses did not.")]
    assert repairs(made) == [("false-pilcrow", written, number)] * mended


@pytest.mark.parametrize(
    ("written", "number"), [("¶21. (U)", 21), ("¶9.", 9), ("9.", 9), ("¶125.", None), ("125.", None)]
)
def test_a_gap_in_the_numbers_is_kept_unless_it_is_wide(written: str, number: int | None) -> None:
    made = read(f"¶1. (U) They came.\n\n{written} They left.")
    if number:
        assert numbers(made) == [(1, "They came."), (number, "They left.")]
    else:
        assert numbers(made) == [(1, "They came.\n\n125. They left.")]


@pytest.mark.parametrize(
    ("between", "behind", "expected"),
    [
        ("(U) The oil.", "¶3.", [1, 2, 3]),
        ("(U) The oil.", "¶2.", [1, 2]),  # no gap
        ("(U) The oil.", "¶4.", [1, 4]),  # a gap of two
        ("(U) The oil.\n\n(U) The leaf.", "¶3.", [1, 3]),  # two for one place
        ("The oil.", "¶3.", [1, 3]),  # no mark
    ],
)
def test_a_lost_number(between: str, behind: str, expected: list[int]) -> None:
    made = read(f"¶1. (U) The roses.\n\n{between}\n\n{behind} (U) The thorns.")
    assert [paragraph.number for paragraph in made.paragraphs] == expected
    if len(expected) == 3:
        assert repairs(made) == [("number-lost", "(U)", "2. (U)")]
        assert (made.paragraphs[1].number_as_written, made.paragraphs[1].text) == ("", "The oil.")
    else:
        assert made.repairs == ()


def test_unnumbered_text_belongs_to_the_paragraph_before_it() -> None:
    made = read("¶1. (U) The roses.\n\nOil\n---\n\nThe oil is late.\n\n¶2. (U) The thorns.")
    assert [(type(block), block.text) for block in made.body if not isinstance(block, Unparsed)] == [
        (Paragraph, "The roses."),
        (Heading, "Oil"),
        (Text, "The oil is late."),
        (Paragraph, "The thorns."),
    ]
    assert [block.under for block in made.body if isinstance(block, Text)] == [1]


# ---- what interrupts a text ------------------------------------------------------------------------

BREAK = "SOFIA 00000608 001.2 OF 002"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("The house\n\nof two rooms.", "The house of two rooms."),  # a blank line that is none
        ("While each\n \nParis rose is late.", "While each Paris rose is late."),
        ("The house.\n\nTwo rooms.", "The house.\n\nTwo rooms."),
        (f"The house\n \n{BREAK}\n \n \nof two rooms.", "The house of two rooms."),
        (f"The house.\n \n{BREAK}\n \n \nTwo rooms.", "The house.\n\nTwo rooms."),
        (f"The house\n{BREAK}\nof two rooms.", "The house of two rooms."),
        (f"The house {BREAK} of two rooms.", "The house of two rooms."),
        (f"The house. {BREAK.replace(' 001', '  001')} Two rooms.", "The house.\n\nTwo rooms."),
        (f"The house. {BREAK} of two {BREAK} rooms.", "The house. of two rooms."),
        ("The house\nPAGE 02  SOFIA  000608  051218Z\nof two rooms.", "The house of two rooms."),
        ("The house\nSIPDIS\nof two rooms.", "The house of two rooms."),
        ("The house\n \nSIPDIS \n \nof two rooms.", "The house of two rooms."),
        ("The house.\n\nSIPDIS\n\nTwo rooms.", "The house.\n\nTwo rooms."),
        ("The JURIS-\nDICTION was pre-\narranged", "The JURIS-DICTION was pre-arranged"),
        ("The years 1966-\n1972", "The years 1966- 1972"),
        ("The house\n\u2003\nof two rooms.", "The house of two rooms."),
    ],
)
def test_lines_are_joined(written: str, text: str) -> None:
    made = read(f"¶1. (U) {written}\n\n¶2. (U) The roses are late.\n\nQUILL")
    assert numbers(made) == [(1, text), (2, "The roses are late.")]


@pytest.mark.parametrize("post", ["SOFIA", "CAPE TOWN", "PORT AU PRINCE"])
def test_the_post_of_a_page_break_inside_a_line(post: str) -> None:
    line = f"{post} 00000608 001.2 OF 002"
    made = read(f"1. (U) The roses of {line} the city.\n\nQUILL", line_12=f"UNCLAS SECTION 01 OF 02 {post} 000608")
    (page,) = made.page_breaks
    assert (page.as_written, page.post, page.serial, page.section, page.page, page.of) == (line, post, 608, 1, 2, 2)
    assert numbers(made) == [(1, "The roses of the city.")]
    assert [node.rule for node in made.nodes][-4:] == ["paragraph", "page_break", "paragraph", "signature"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SOFIA 00000608 002 OF 003", ("SOFIA", 608, 2, None, 3)),
        ("PAGE 02  STATE  063812  191600Z", ("STATE", 63812, None, 2, None)),
        ("PAGE 03 RUEHC 115B UNCLAS", ("RUEHC", None, None, 3, None)),
    ],
)
def test_page_breaks(line: str, expected: tuple[Any, ...]) -> None:
    made = read(f"1. (U) The roses are late.\n\n{line} \n\n2. (U) The oil is later.\n\nQUILL")
    (page,) = made.page_breaks
    assert (page.post, page.serial, page.section, page.page, page.of) == expected
    assert [number for number, _ in numbers(made)] == [1, 2]


# ---- tables and lists ------------------------------------------------------------------------------


def test_a_table_keeps_its_lines() -> None:
    rows = "Roses     12   13\n----------------\nThorns     4    5"
    made = read(f"1. (U) The prices:\n\n{rows}\n\nThey rise.\n\n2. (U) So.\n\nQUILL")
    assert [type(block) for block in made.body] == [Paragraph, Table, Text, Paragraph]
    table = made.body[1]
    assert isinstance(table, Table)
    assert (table.text, table.under) == (rows, 1)


def test_columns_in_running_text_keep_their_lines() -> None:
    made = read("1. (U) The prices are\nRoses   12\nand no more.\n\nQUILL")
    assert numbers(made) == [(1, "The prices are\nRoses   12\nand no more.")]


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("-- one and\n   more.\n\n-- two.", [("--", "one and more."), ("--", "two.")]),
        ("- one\n- two", [("-", "one"), ("-", "two")]),
        ("--one;\n--two.", [("--", "one;"), ("--", "two.")]),
        ("¶A. one\n¶B. two", [("A.", "one"), ("B.", "two")]),
        (f"-- one that\n\n{BREAK}\n\ngoes on.\n-- two.", [("--", "one that goes on."), ("--", "two.")]),
    ],
)
def test_list_items(written: str, items: list[tuple[str, str]]) -> None:
    text = cable(body=f"1. (U) The growers want:\n\n{written}\n\n2. (U) So.\n\nQUILL")
    paragraph = parse(text).paragraphs[0]
    assert [(item.label, item.text) for item in paragraph.sub_items] == items
    assert paragraph.text == "\n".join(["The growers want:", *(f"{label} {words}" for label, words in items)])
    slices = [text[item.span.start : item.span.end].replace(BREAK, "") for item in paragraph.sub_items]
    assert ["".join(words.split()).lstrip("¶") for words in slices] == [
        "".join([label, *words.split()]) for label, words in items
    ]


def test_the_signature_is_no_part_of_the_last_item() -> None:
    made = read("1. (U) The growers want:\n- roses.\n- oil. QUILL")
    assert made.signature
    assert made.signature.name == "QUILL"
    assert [item.text for item in made.paragraphs[0].sub_items] == ["roses.", "oil."]


# ---- headings --------------------------------------------------------------------------------------

HEADING_BELOW = "\n\n-------\nThe oil\n-------\n\n2. (U) It is later.\n\nQUILL"


@pytest.mark.parametrize("rest", ["and rusty.”", "and rusty", "rust”", "Rusty!", "The “Rose”"])
def test_what_goes_on_behind_a_page_break_is_no_heading(rest: str) -> None:
    made = read(f"1. (U) The growers said “roses are old\n\n{BREAK}\n\n{rest}{HEADING_BELOW}")
    assert numbers(made) == [(1, f"The growers said “roses are old {rest}"), (2, "It is later.")]
    assert [block.text for block in made.body if isinstance(block, Heading)] == ["The oil"]


@pytest.mark.parametrize("rest", ["Rust and roses", "4. Rust", "ROSES (SBU)"])
def test_a_heading_between_blank_lines_and_a_rule(rest: str) -> None:
    made = read(f"1. (U) The roses are old.\n\n{rest}\n\n-------\n\n2. (U) It is later.\n\nQUILL")
    assert (rest in [block.text for block in made.body if isinstance(block, Heading)]) == (
        "(" not in rest and "." not in rest
    )


# ---- signature -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "name", "text"),
    [
        ("later.\n\nQUILL", "QUILL", "later."),
        ("later. QUILL", "QUILL", "later."),
        ("later. Quill .", "Quill", "later."),
        ("later.” O'QUILL", "O'QUILL", "later.”"),
        ("later. End comment. QUILL-REED", "QUILL-REED", "later. End comment."),
        ("later. END COMMENT", None, "later. END COMMENT"),
        ("later. End summary.", None, "later. End summary."),
        ("later, says QUILL", None, "later, says QUILL"),
        ("later. XXXXXXXXXXXX", None, "later. XXXXXXXXXXXX"),
        ("later. It is so", None, "later. It is so"),
        ("late.\n\n2. (U) Agreed.", None, "late."),
        ("later.\n\nQUILL\n\nSIPDIS", "QUILL", "later."),
        ("later.\n\nSIPDIS", None, "later."),
        # A last line that ends in a stop: a name if the text above has ended, otherwise the end of that text
        ("later.\n\nQUILL.", "QUILL", "later."),
        ("later.\nQUILL.", "QUILL", "later."),
        ("later. \n \nQUILL. ", "QUILL", "later."),
        ("later\nQUILL", "QUILL", "later"),
        ("later. END\nCOMMENT.", None, "later. END COMMENT."),
        ("later in\nKarlovo.", None, "later in Karlovo."),
        ("later in  \nKarlovo.  ", None, "later in Karlovo."),
        ("later in\nKarlovo. QUILL", "QUILL", "later in Karlovo."),
        ("LATER IN\nOIL TOWNS. END COMMENT. QUILL", "QUILL", "LATER IN OIL TOWNS. END COMMENT."),
        ("later.\n\nSt. John", "St. John", "later."),
        ("later.\n\nFEATHERSTONEHAUGH-MARLBOROUGH", "FEATHERSTONEHAUGH-MARLBOROUGH", "later."),
    ],
)
def test_signature(end: str, name: str | None, text: str) -> None:
    made = read(f"1. (U) The oil is {end}")
    assert (made.signature.name if made.signature else None) == name
    assert numbers(made)[0] == (1, f"The oil is {text}")


# ---- summary, comment, action request --------------------------------------------------------------

SO = "\n\n2. (U) So.\n\nQUILL"


@pytest.mark.parametrize(
    ("body", "words", "paragraphs"),
    [
        ("1. (U) Summary: It is late. End summary." + SO, "It is late.", (1,)),
        ("1. (U) SUMMARY. It is late. END SUMMARY AND COMMENT. So." + SO, "It is late.", (1,)),
        ("1. (U) BEGIN SUMMARY: It is late." + SO, "It is late.", (1,)),
        ("1. SUMMARY: (U) It is late. (End summary.)" + SO, "It is late.", (1,)),
        ("1. (U) Summary and Comment -- It is late." + SO, "It is late.", (1,)),
        ("1. (U) Summary: It is late.\n\n2. (U) Very. End Summary.\n\n3. (U) So.", "It is late.\n\nVery.", (1, 2)),
        ("1. (U) Summary: It is late.\n\n2. (U) Very.\n\n3. (U) So.", "It is late.", (1,)),
        ("1. (U) Summary: They end summary trials. End summary." + SO, "They end summary trials.", (1,)),
        (
            "1. (U) Summary: It (Note: it. End note.) is late. End summary." + SO,
            "It (Note: it. End note.) is late.",
            (1,),
        ),
        ("SUMMARY\n-------\n\n1. (U) It is late.\n\nROSES\n-----" + SO, "It is late.", (1,)),
        ("-------\nSUMMARY\n-------\n1. (U) It is late. END SUMMARY." + SO, "It is late.", (1,)),
        ("Summary\n\n1. (U) It is late.\n\nRoses" + SO, "It is late.", (1,)),
        ("SUMMARY: It is late. END SUMMARY.\n\n1. (U) The roses." + SO, "It is late.", ()),
        ("SUMMARY: It is late.\n\nEND SUMMARY.\n\n1. (U) The roses." + SO, "It is late.", ()),
    ],
)
def test_summary(body: str, words: str, paragraphs: tuple[int, ...]) -> None:
    summary = read(body).summary
    assert summary
    assert (summary.text, summary.paragraphs) == (words, paragraphs)


@pytest.mark.parametrize(
    "text",
    ["They read the summary. It is late.", "Summaries: none.", "So. (Note: x. End note.)", "Summary of roses: x."],
)
def test_no_summary(text: str) -> None:
    made = read(f"1. (U) {text}{SO}")
    assert (made.summary, [paragraph.role for paragraph in made.paragraphs]) == (None, [None, None])


@pytest.mark.parametrize(
    ("opener", "closer", "role"),
    [
        ("Comment:", "End comment.", "comment"),
        ("ACTION REQUEST:", "", "action_request"),
        ("Action requested:", "End action request.", "action_request"),
        ("Note:", "End note.", "note"),
        ("Begin unofficial text:", "End text.", "text_of_document"),
    ],
)
def test_roles(opener: str, closer: str, role: str) -> None:
    paragraph = read(f"1. (U) The roses are late.\n\n2. (U) {opener} It is so. {closer}\n\nQUILL").paragraphs[1]
    assert (paragraph.role, paragraph.text) == (role, f"{opener} It is so. {closer}".strip())
    assert paragraph.role_words
    start, end = paragraph.role_words
    assert paragraph.text[start:end] == "It is so."


def test_comment_and_action_request() -> None:
    made = read("1. (U) ACTION REQUEST: Reply.\n\n2. (U) Comment: It is so. End comment. QUILL")
    assert made.comment
    assert made.action_request
    assert (made.comment.text, made.comment.paragraphs) == ("It is so.", (2,))
    assert (made.action_request.text, made.action_request.paragraphs) == ("Reply.", (1,))
    assert made.summary is None


def test_a_list_label_that_no_text_follows_is_text() -> None:
    made = read("¶1. (U) 1) A¶1. (U) -----\n0")
    assert [(block.kind, block.text) for block in made.body] == [
        ("paragraph", "1)"),
        ("heading", "A¶1. (U)"),
        ("text", "0"),
    ]
    assert [block.span for block in made.body] == sorted(block.span for block in made.body)
    (paragraph,) = read("1. (U) The roses.\n\na. 1) They are late.\n\nQUILL").paragraphs
    assert [(item.label, item.text) for item in paragraph.sub_items] == [("a. 1)", "They are late.")]
    assert paragraph.text == "The roses.\na. 1) They are late."
    assert numbers(read("1. (U) The roses.\n\n2. (U) b.\n\n3. (U) Oil.")) == [(1, "The roses."), (2, "b."), (3, "Oil.")]


# ---- any body --------------------------------------------------------------------------------------

STARTS = [
    "¶1. (U) ",
    "2. ",
    "14. (C) ",
    "(SBU) ",
    "1) ",
    "2a. ",
    "¶2006. ",
    "Summary: ",
    "-- ",
    "(a) ",
    "¶B. ",
    "¶",
    "(",
]
LINES = [
    "SIPDIS",
    "Roses\n-----",
    "-----",
    "a   b   c",
    "QUILL",
    "* Missing Section 002 *",
    "NNNN",
    "\u2003",
    "-",
    "PAGE 02 X 1",
]
LINES += [BREAK, "UNCLAS SECTION 02 OF 02 SOFIA 000608"]
WORDS = ["The roses. ", "late ", "End summary. ", "(End note.) ", f" {BREAK} ", "\n", "\n\n", " \n"]
PIECES = st.sampled_from([*STARTS, *WORDS, *(f"{line}\n" for line in LINES)])


@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join))
def test_any_body_is_read(body: str) -> None:
    text = cable(body=body)
    made = parse(text)
    assert [block.span for block in made.body] == sorted(block.span for block in made.body)
    assert all(block.text.strip() for block in made.body if not isinstance(block, Paragraph))
    for _, _, span in located(made.body):
        assert 0 <= span.start < span.end <= len(text)
