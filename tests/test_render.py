from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rich.cells import cell_len
from rich.console import Console, RenderableType

import cablekit
from cablekit.model import (
    Addressee,
    Cable,
    Caption,
    Classification,
    ClassifiedBy,
    DateTimeGroup,
    Diagnostic,
    Distribution,
    ExecutiveOrder,
    Header,
    Heading,
    Level,
    Mrn,
    Node,
    OfficeCopies,
    Paragraph,
    Passing,
    PortionMark,
    Precedence,
    Publication,
    Reference,
    Release,
    Repair,
    Section,
    Signature,
    Source,
    Span,
    SubItem,
    Subject,
    Table,
    Tag,
    Text,
    Unparsed,
)
from cablekit.rendering.explain import explain
from cablekit.rendering.facts import COLOURS, finder, printable
from cablekit.rendering.html import html
from cablekit.rendering.terminal import terminal
from cablekit.text import read_text

SOURCE = """R 290934Z JAN 08
FM AMEMBASSY FREEDONIA
UNCLAS FREEDONIA 000094
SUBJECT: A LAKE DRIES UP

1. Nothing much.
?? 7
"""


MRN = Mrn(year=2008, post="FREEDONIA", serial=94, as_written="FREEDONIA 000094", span=Span(17, 40))


def invented(**changes: Any) -> Cable:
    """A cable with something in every field that a view shows."""
    here = Span(17, 40)
    mark = PortionMark(level=Level.CONFIDENTIAL, controls=("NF",), as_written="(C/NF)", span=here)
    cited = Mrn(year=2007, post="SYLVANIA", serial=12, as_written="SYLVANIA 12", year_inferred=True, span=here)
    fields: dict[str, Any] = {
        "mrn": MRN,
        "layout": "A",
        "header": Header(
            dtg=DateTimeGroup(
                as_written="P R 290934Z JAN 08",
                utc=datetime(2008, 1, 29, 9, 34, tzinfo=UTC),
                precedences=(Precedence.PRIORITY, Precedence.ROUTINE),
                signals=("ZDK",),
                span=here,
            ),
            originator=addressee("AMEMBASSY FREEDONIA", routing_indicator="RUEHFR"),
            action=(addressee("SECSTATE WASHDC", precedence=Precedence.PRIORITY, serial="0591"),),
            info=(addressee("ALL LAKESIDE POSTS", collective=True),),
            exempt=(addressee("AMEMBASSY SYLVANIA"),),
            distribution=Distribution(
                offices=(OfficeCopies(office="EUR", copies=12, role="ACTION"),), total=15, span=here
            ),
        ),
        "classification": Classification(
            level=Level.CONFIDENTIAL, as_written="C O N F I D E N T I A L", banner="CONFIDENTIAL//NOFORN", span=here
        ),
        "section": Section(number=1, of=2, span=here),
        "captions": (Caption(name="SIPDIS", count=2, span=here), Caption(name="NOFORN", span=here)),
        "passing": (Passing(kind="for", agency="DEPT", text="DEPT FOR EUR/LAKES", span=here),),
        "executive_order": ExecutiveOrder(
            number=12958, declassify_on=date(2018, 1, 28), as_written="E.O. 12958", span=here
        ),
        "classified_by": ClassifiedBy(
            name="Rufus Firefly", position="Ambassador", reasons=("1.4(b)", "1.4(d)"), as_written="...", span=here
        ),
        "tags": (
            Tag(code="SENV", kind="subject", name="Environmental Affairs", as_written="SENV", span=here),
            Tag(code="XQ", kind="unknown", name=None, persons=("FIREFLY, RUFUS",), as_written="XQ", span=here),
        ),
        "subject": Subject(text="A LAKE [bold]DRIES[/bold] UP :smile:", mark=mark, span=here),
        "references": (
            Reference(kind="cable", letter="A", mrn=cited, text="SYLVANIA 12", remarks=("NOTAL",), span=here),
            Reference(kind="email", letter="B", mrn=None, text="FIREFLY-TEASDALE EMAIL", span=here),
        ),
        "body": (
            Heading(text="WATER", underlined=True, span=here),
            Paragraph(number=2, suffix="a", number_as_written="2a.", mark=mark, text="It ran dry. " * 20, span=here),
            Text(text="So they say.", under=2, span=here),
            Table(text="LAKE" + " " * 90 + "DEPTH", span=here),
            Unparsed(text="?? 7", span=here),
        ),
        "signature": Signature(name="FIREFLY", span=here),
        "release": (Release(text="RELEASED IN FULL", date=None, authority=None, span=here),),
        "publication": Publication(reference_id="08FREEDONIA94", span=here),
        "diagnostics": (
            Diagnostic(code="CK202", severity="warning", message="No TAGS line", likely="XQ", span=Span(17, 19)),
        ),
        "repairs": (Repair(rule="pilcrow", as_written="¶1.", as_read="1.", span=Span(91, 93)),),
        "coverage": 0.9619,
        "source": Source(encoding="str", characters=len(SOURCE)),
        "nodes": (
            Node(rule="header", span=Span(0, 40)),
            Node(rule="classification", span=Span(40, 46)),
            Node(rule="post", span=Span(46, 64)),
            Node(rule="subject", span=Span(64, 90)),
            Node(rule="paragraph", span=Span(90, 107)),
            Node(rule="unparsed", span=Span(107, 112)),
        ),
    }
    return Cable(**{**fields, **changes})


def addressee(name: str, **stated: Any) -> Addressee:
    absent = {"routing_indicator": None, "precedence": None, "serial": None, "collective": False}
    return Addressee(name=name, span=Span(17, 40), **{**absent, **stated})


def bare(**changes: Any) -> Cable:
    """A cable with nothing but text."""
    text = Text(text="words", span=Span(0, 5))
    fields: dict[str, Any] = {"mrn": None, "layout": "P", "header": Header(), "body": (text,), "coverage": 0.0}
    fields |= {"source": Source(encoding="str", characters=5), "nodes": ()}
    return Cable(**{**fields, **changes})


def shown(view: RenderableType, width: int = 80, colour: bool = False) -> str:
    out = StringIO()
    system = "truecolor" if colour else None
    Console(file=out, width=width, force_terminal=colour, color_system=system, legacy_windows=False).print(
        view, crop=False
    )
    return out.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        "08FREEDONIA94  layout A",
        "Date           29 January 2008, 09:34Z  P R 290934Z JAN 08",
        "Precedence     PRIORITY  ROUTINE for information, ZDK",
        "From           AMEMBASSY FREEDONIA  RUEHFR",
        "Action         SECSTATE WASHDC  PRIORITY, 0591",
        "Info           ALL LAKESIDE POSTS  collective",
        "Exempt         AMEMBASSY SYLVANIA",
        "Distribution   ACTION EUR-12",
        "               15 copies in all",
        "Section        1 of 2",
        "Captions       SIPDIS ×2, NOFORN",
        "Passing        DEPT FOR EUR/LAKES",
        "E.O.           12958  declassify on 2018-01-28",
        "Classified by  Rufus Firefly, Ambassador  reasons 1.4(b), 1.4(d)",
        "TAGS           SENV  Environmental Affairs  subject",
        "               XQ    in no list (FIREFLY, RUFUS)  unknown",
        "Subject        A LAKE [bold]DRIES[/bold] UP :smile:  C//NF",
        "References     A  07SYLVANIA12  year inferred, NOTAL",
        "               B  FIREFLY-TEASDALE EMAIL  email",
        "WATER",
        "     So they say.",
        "unparsed  ?? 7",
        "Signed         FIREFLY",
        "Released       RELEASED IN FULL",
        "Published as   08FREEDONIA94",
        "warning  @17  CK202    No TAGS line; likely XQ",
        "mended   @91  pilcrow  '¶1.' read as '1.'",
    ],
)
def test_the_terminal_view_tells(line: str) -> None:
    assert line in [" ".join(row.rstrip().split(" ")) for row in shown(terminal(invented())).splitlines()]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {
                "classified_by": ClassifiedBy(
                    name=None, position=None, derived_from=True, as_written="DSCG", span=(0, 1)
                )
            },
            "Classified by  derived from DSCG",
        ),
        (
            {"executive_order": ExecutiveOrder(number=None, event="treaty signed", as_written="E.O. ???", span=(0, 1))},
            "E.O.           E.O. ???  treaty signed",
        ),
        (
            {"header": Header(dtg=DateTimeGroup(as_written="R 99 JAN", utc=None, precedences=(), span=(0, 1)))},
            "Date           unreadable  R 99 JAN",
        ),
        (
            {"references": (Reference(kind="cable", letter=None, mrn=MRN, candidates=(MRN,), text="?", span=(0, 1)),)},
            "References     08FREEDONIA94  or 08FREEDONIA94",
        ),
        ({"section": Section(number=3, of=None, span=(0, 1))}, "Section        3"),
        ({"publication": Publication(span=(0, 1))}, "Published as   no particulars"),
    ],
)
def test_the_terminal_view_of_parts_that_are_not_whole(changes: dict[str, Any], line: str) -> None:
    assert line in [row.rstrip() for row in shown(terminal(bare(**changes))).splitlines()]


def test_the_terminal_view_of_almost_nothing() -> None:
    lines = [line.strip() for line in shown(terminal(bare())).splitlines()]
    assert [line for line in lines if line.strip("─")] == [
        "NO CLASSIFICATION LINE",
        "no message reference number  layout P",
        "words",
    ]


def test_paragraphs_hang_from_their_number() -> None:
    text = shown(terminal(invented()), width=60)
    first, *others = [line for line in text.splitlines() if "ran dry" in line]
    assert first.startswith(" 2a. (C//NF) It ran dry.")
    assert others
    assert all(line[:5] == " " * 5 and line[5] != " " for line in others)


def test_list_items_hang_from_their_label() -> None:
    items = tuple(SubItem(label="--", text=text, span=Span(0, 5)) for text in ("one", "two"))
    text = "Three things:\n-- one\nand between\n-- two and more and much more\n-- no item"
    block = Text(text=text, sub_items=items, span=Span(0, 5))
    view = [line.rstrip() for line in shown(terminal(bare(body=(block,))), width=20).splitlines()]
    assert view[view.index("Three things:") :][:6] == [
        "Three things:",
        " -- one",
        "and between",
        " -- two and more and",
        "    much more",
        "-- no item",
    ]


def test_only_tables_are_wider_than_asked() -> None:
    wide = [line for line in shown(terminal(invented()), width=50).splitlines() if len(line) > 50]
    assert wide == ["LAKE" + " " * 90 + "DEPTH"]


@pytest.mark.parametrize(
    ("count", "line"),
    [(8, "Info           N0"), (9, "Info           9 addressees: N0, N1, N2, N3, N4, N5, N6, N7  and 1 more")],
)
def test_many_addressees_are_counted(count: int, line: str) -> None:
    cable = bare(header=Header(info=tuple(addressee(f"N{index}") for index in range(count))))
    assert line in [row.rstrip() for row in shown(terminal(cable)).splitlines()]


@pytest.mark.parametrize(
    ("level", "red", "green", "blue"),
    [
        (Level.UNCLASSIFIED, 0, 122, 51),
        (Level.SBU, 0, 122, 51),
        (Level.CONFIDENTIAL, 0, 51, 160),
        (Level.SECRET, 200, 16, 46),
        (Level.TOP_SECRET, 217, 95, 0),
    ],
)
def test_banner_and_marks_have_the_colour_of_their_level(level: Level, red: int, green: int, blue: int) -> None:
    place = Span(0, 5)
    text = Text(text="words", mark=PortionMark(level=level, as_written="", span=place), span=place)
    banner = Classification(level=level, banner=level, as_written=level, span=place)
    view = shown(terminal(bare(classification=banner, body=(text,))), colour=True)
    assert view.count(f"48;2;{red};{green};{blue}m {level} ") == 1
    assert view.count(f"48;2;{red};{green};{blue}m({level.abbreviation})") == 1
    assert html(bare(classification=banner, body=(text,))).count(COLOURS[level]) == 2


def test_every_level_has_a_colour() -> None:
    assert set(COLOURS) == set(Level)


@pytest.mark.parametrize(("severity", "code"), [("info", "36"), ("warning", "33"), ("error", "1;31")])
def test_findings_have_the_colour_of_their_severity(severity: str, code: str) -> None:
    finding = Diagnostic.model_validate({"code": "CK1", "severity": severity, "message": "odd", "span": [0, 5]})
    assert f"\x1b[{code}m{severity}" in shown(terminal(bare(diagnostics=(finding,))), colour=True)


def test_with_the_source_findings_tell_line_and_column() -> None:
    view = shown(terminal(invented(), SOURCE))
    assert "warning  2:1  CK202" in view
    assert "mended   6:2  pilcrow" in view


@pytest.mark.parametrize(
    ("source", "offset", "place"),
    [
        ("ab", 1, "1:2"),
        ("a\nb", 1, "1:2"),
        ("a\nb", 2, "2:1"),
        ("a\r\nb", 3, "2:1"),
        ("a\rb", 2, "2:1"),
        ("a\r\rb", 3, "3:1"),
        ("a\x0cb", 2, "1:3"),
        ("a\n", 2, "2:1"),
        ("", 0, "1:1"),
    ],
)
def test_places(source: str, offset: int, place: str) -> None:
    assert finder(source)(Span(offset, offset)) == place


@given(st.text(alphabet="a\r\n"))
def test_places_lead_back(source: str) -> None:
    lines = source.replace("\r\n", "?\n").replace("\r", "\n").split("\n")
    place = finder(source)
    for offset in range(len(source) + 1):
        line, column = map(int, place(Span(offset, offset)).split(":"))
        assert sum(len(before) + 1 for before in lines[: line - 1]) + column - 1 == offset


def test_a_cable_shows_itself() -> None:
    cable = invented()
    assert shown(cable) == shown(terminal(cable))
    assert cable._repr_html_() == html(cable)


def test_the_model_needs_no_view() -> None:
    program = "import sys, cablekit.model; print([name for name in sys.modules if 'rich' in name or 'render' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_html_needs_no_rich() -> None:
    program = "import sys, cablekit.rendering.html; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


class Fragment(HTMLParser):
    """Collects elements and text; every element must be closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


ELEMENTS = {"style", "div", "span", "b", "p", "dl", "dt", "dd", "details", "summary", "pre", "code"}


def test_html_tells_what_the_terminal_tells() -> None:
    fragment = Fragment(html(invented()))
    assert fragment.elements == ELEMENTS
    assert fragment.attributes == {"class", "style", "title"}
    for words in (
        "CONFIDENTIAL//NOFORN",
        "08FREEDONIA94",
        "29 January 2008, 09:34Z P R 290934Z JAN 08",
        "SENV Environmental Affairs subject",
        "A LAKE [bold]DRIES[/bold] UP :smile:",
        "1 numbered paragraph, 5 blocks",
        "2a.C//NF It ran dry.",
        "WATER",
        "DEPTH",
        "?? 7",
        "SignedFIREFLY",
        "1 found odd, 1 mended",
        "No TAGS line; likely XQ @17",
        "¶1. read as 1.",
    ):
        assert words in fragment.text


def test_html_of_almost_nothing() -> None:
    fragment = Fragment(html(bare()))
    assert "NO CLASSIFICATION LINE" in fragment.text
    assert "found odd" not in fragment.text
    assert "dl" not in fragment.elements


def with_every_text(hostile: str) -> Cable:
    """The invented cable with every free text replaced; what may hold only certain values stays."""
    good = invented().model_dump(mode="json")

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: replaced(part) for name, part in value.items()}
        if isinstance(value, list):
            return [replaced(part) for part in value]
        return hostile if isinstance(value, str) else value

    bad = replaced(good)
    try:
        return Cable.model_validate(bad)
    except ValidationError as refused:
        for error in refused.errors():
            restore(bad, good, [step for step in error["loc"] if step not in BLOCK_KINDS])
    return Cable.model_validate(bad)


BLOCK_KINDS = {"paragraph", "heading", "table", "text", "unparsed"}


def restore(bad: Any, good: Any, steps: list[Any]) -> None:
    while len(steps) > 1:
        bad, good = bad[steps[0]], good[steps[0]]
        steps = steps[1:]
    bad[steps[0]] = good[steps[0]]


def test_no_text_becomes_an_element() -> None:
    markup = html(with_every_text("""</pre><script>alert("1' &amp;")</script>"""))
    fragment = Fragment(markup)
    assert fragment.elements <= ELEMENTS
    assert fragment.attributes <= {"class", "style", "title"}
    assert fragment.text.count("""</pre><script>alert("1' &amp;")</script>""") > 30


def test_html_asks_nothing_of_the_net() -> None:
    markup = html(invented())
    assert not any(word in markup for word in ("http", "url(", "@import", "src=", "href="))


STEERING = "\x1b\x07\x08\x0c\x7f\x9b\u202e\u2066\u2028"


@pytest.mark.parametrize("view", [terminal, html], ids=["terminal", "html"])
def test_no_text_steers_the_terminal(view: Any) -> None:
    made = view(with_every_text(STEERING))
    text = made if isinstance(made, str) else shown(made)
    assert not set(STEERING) & set(text)
    assert "␛" in text


@given(st.text())
def test_what_is_printable_has_the_same_length(text: str) -> None:
    shown_text = printable(text)
    assert len(shown_text) == len(text)
    assert all(one == other for one, other in zip(text, shown_text, strict=True) if one.isprintable())
    assert not any(ord(char) < 32 and char not in "\t\n" for char in shown_text)


def test_explain_names_the_rule_on_every_line() -> None:
    lines = shown(explain(invented(), SOURCE)).splitlines()
    assert [line.rstrip() for line in lines[:8]] == [
        "header         1 │ R 290934Z JAN 08",
        "header         2 │ FM AMEMBASSY FREEDONIA",
        "classification 3 │ UNCLAS",
        "post             │  FREEDONIA 000094",
        "subject        4 │ SUBJECT: A LAKE DRIES UP",
        "subject        5 │",
        "paragraph      6 │ 1. Nothing much.",
        "unparsed       7 │ ?? 7",
    ]


def test_explain_counts_in_its_legend() -> None:
    legend = shown(explain(invented(), SOURCE)).partition("─\n")[2].splitlines()
    assert [line.split() for line in legend] == [
        ["rule", "parts", "characters", "share"],
        ["header", "1", "40", "35.7%"],
        ["subject", "1", "26", "23.2%"],
        ["post", "1", "18", "16.1%"],
        ["paragraph", "1", "17", "15.2%"],
        ["classification", "1", "6", "5.4%"],
        ["unparsed", "1", "5", "4.5%"],
        ["96.2%", "understood,", "5", "of", "112", "characters", "unparsed"],
    ]


def test_explain_gives_each_rule_a_colour_and_what_is_unparsed_a_glaring_one() -> None:
    view = shown(explain(invented(), SOURCE), colour=True)
    assert "\x1b[36mFM AMEMBASSY FREEDONIA" in view
    assert "\x1b[32mUNCLAS" in view
    assert "\x1b[1;37;41munparsed       7 \x1b[0m" in view
    assert "\x1b[1;37;41m?? 7" in view


def explained(source: str, cuts: list[int]) -> Cable:
    edges = sorted({0, len(source), *(cut % (len(source) + 1) for cut in cuts)})
    nodes = tuple(
        Node(rule=f"r{index % 3}", span=Span(start, end)) for index, (start, end) in enumerate(pairwise(edges))
    )
    return bare(source=Source(encoding="str", characters=len(source)), nodes=nodes)


@given(
    st.text(alphabet="ab \r\n\x1bé漢\u0301", max_size=200),
    st.lists(st.integers(0, 200)),
    st.sampled_from([40, 60, 5000]),
)
def test_explain_shows_every_character_in_its_width(source: str, cuts: list[int], width: int) -> None:
    view = shown(explain(explained(source, cuts), source), width=width)
    rows = view.split("─" * width)[0].split("\n")[:-1]
    kept = "".join(row.partition("│ ")[2] for row in rows)
    assert kept.replace(" ", "") == source.replace("\x1b", "␛").translate(dict.fromkeys(map(ord, "\r\n ")))
    assert all(cell_len(row) <= width for row in rows)
    numbers = [row.partition("│")[0].split()[1] for row in rows if len(row.partition("│")[0].split()) > 1]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_explain_has_no_row_for_the_end_of_a_line_alone() -> None:
    view = shown(explain(explained("ab\ncd", [2]), "ab\ncd")).splitlines()
    assert view[:2] == ["r0       1 │ ab", "r1       2 │ cd"]


def test_explain_folds_wide_characters() -> None:
    view = shown(explain(explained("漢" * 30, []), "漢" * 30), width=40).splitlines()
    assert view[:3] == ["r0       1 │ " + "漢" * 13, "r0         │ " + "漢" * 13, "r0         │ " + "漢" * 4]


def test_the_samples_can_be_shown(samples: list[Path]) -> None:
    for path in samples:
        source = read_text(path.read_bytes())
        cable = cablekit.parse(source.source)
        Fragment(html(cable))
        assert all(cell_len(line) <= 200 for line in shown(terminal(cable, source.source), width=200).splitlines())
        rows = shown(explain(cable, source.source), width=2000).partition("─")[0].splitlines()
        text = "".join(row.partition("│ ")[2] for row in rows)
        assert "".join(text.split()) == printable("".join(source.source.split()))


def test_explain_refuses_another_text() -> None:
    with pytest.raises(ValueError, match="112 characters, this text has 3"):
        explain(invented(), "abc")
