from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

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
    Subject,
    Table,
    Tag,
    Text,
    Unparsed,
)
from cablekit.render.explain import explain
from cablekit.render.facts import COLOURS, finder, printable
from cablekit.render.html import html
from cablekit.render.terminal import terminal

SOURCE = """R 290934Z JAN 08
FM AMEMBASSY FREEDONIA
UNCLAS FREEDONIA 000094
SUBJECT: A LAKE DRIES UP

1. Nothing much.
?? 7
"""


def invented(**changes: Any) -> Cable:
    """A cable with something in every field that a view shows."""
    here = Span(17, 40)
    mark = PortionMark(level=Level.CONFIDENTIAL, controls=("NF",), as_written="(C/NF)", span=here)
    mrn = Mrn(year=2008, post="FREEDONIA", serial=94, as_written="FREEDONIA 000094", span=here)
    cited = Mrn(year=2007, post="SYLVANIA", serial=12, as_written="SYLVANIA 12", year_inferred=True, span=here)
    fields: dict[str, Any] = {
        "mrn": mrn,
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
    fields = {"body": (text,), "coverage": 0.0, "source": Source(encoding="str", characters=5), "nodes": ()}
    return Cable(mrn=None, layout="P", header=Header(), **{**fields, **changes})


def shown(view: RenderableType, width: int = 80, colour: bool = False) -> str:
    out = StringIO()
    system = "truecolor" if colour else None
    Console(file=out, width=width, force_terminal=colour, color_system=system, legacy_windows=False).print(
        view, crop=False
    )
    return out.getvalue()
