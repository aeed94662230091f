"""What ``cablekit search`` writes: hits and facets, for people and for programs, as they come."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from cablekit.cli.program import show, write, write_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table
    from rich.text import Text

    from cablekit.archive.search import Facets, Hit
    from cablekit.archive.snippet import Snippet

    Found = Iterable[tuple[str, Iterator[Hit]]]

_ROWS = 50
"""So many hits of the table are shown at once."""
_NUMBERS = 6
"""So many paragraphs are named in the table."""
_COLUMNS = ("mrn", "section", "date", "post", "classification", "subject", "score", "paragraphs", "snippet")


def write_hits(found: Found, form: str | None, batch: bool, width: int | None) -> int:
    """Write the hits of queries and return how many queries had any; in a batch every hit tells its query."""
    if form == "json":
        return _write_array(found, batch)
    if form == "csv":
        _write_row(batch, "query", *_COLUMNS)
    something = 0
    for query, hits in found:
        if form is None:
            something += _show_hits(query if batch else None, hits, width)
            continue
        any_hit = False
        for hit in hits:
            any_hit = True
            if form == "jsonl":
                write_utf8(json.dumps({**({"query": query} if batch else {}), **_fields(hit)}, ensure_ascii=False))
            elif form == "csv":
                _write_row(batch, query, *_cells(hit))
            else:
                write_utf8(f"{query}\t{_id(hit)}" if batch else _id(hit))
        something += any_hit
    return something


def write_facets(counted: Iterable[tuple[str, Facets]], form: str | None, batch: bool) -> int:
    """Write the facets of queries and return how many queries found something."""
    something, before = 0, "[\n"
    if form == "csv":
        _write_row(batch, "query", "facet", "value", "count")
    for query, facets in counted:
        something += any(facets.values())
        document = {"query": query, "facets": facets} if batch else facets
        if form == "csv":
            for facet, values in facets.items():
                for value, count in values.items():
                    _write_row(batch, query, facet, value, count)
        elif form == "json" and batch:
            write_utf8(before + json.dumps(document, ensure_ascii=False), end="")
            before = ",\n"
        elif form is not None:
            write_utf8(json.dumps(document, ensure_ascii=False, indent=2 if form == "json" else None))
        else:
            _show_title(query if batch else None)
            show(_facets_table(facets))
    if form == "json" and batch:
        write_utf8("\n]" if before == ",\n" else "[]")
    return something


def _write_array(found: Found, batch: bool) -> int:
    """Write an array of hits, in a batch one of queries with their hits; no more than one hit is held."""
    something, before_query = 0, "[\n"
    for query, hits in found:
        if batch:
            write_utf8(f'{before_query}{{"query": {json.dumps(query, ensure_ascii=False)}, "hits": ', end="")
            before_query = ",\n"
        before = "[\n"
        for hit in hits:
            write_utf8(before + json.dumps(_fields(hit), ensure_ascii=False), end="")
            before = ",\n"
        something += before == ",\n"
        write_utf8(("\n]" if before == ",\n" else "[]") + ("}" if batch else "\n"), end="")
    if batch:
        write_utf8("\n]" if before_query == ",\n" else "[]")
    return something


def _fields(hit: Hit) -> dict[str, Any]:
    return {**asdict(hit), "date": hit.date and hit.date.isoformat()}


def _cells(hit: Hit) -> list[Any]:
    fields = _fields(hit)
    fields["paragraphs"] = " ".join(map(str, hit.paragraphs))
    fields["snippet"] = hit.snippet and hit.snippet.text
    return [fields[name] for name in _COLUMNS]


def _id(hit: Hit) -> str:
    return hit.mrn or str(hit.id)


def _write_row(batch: bool, query: str, *cells: Any) -> None:
    line = io.StringIO()
    csv.writer(line).writerow([query, *cells] if batch else cells)
    write_utf8(line.getvalue(), end="")


# ---- for people ---------------------------------------------------------------------------------------------------


def _show_hits(query: str | None, hits: Iterator[Hit], width: int | None) -> bool:
    """Show hits in pieces, so that the first are there at once however many follow."""
    _show_title(query)
    number, titles = 0, True
    while some := list(islice(hits, _ROWS)):
        show(_hits_table(some, titles), width)
        number, titles = number + len(some), False
    if number:
        write(f"{number:,} cable{'s' if number > 1 else ''}")
    return number > 0


def _show_title(query: str | None) -> None:
    from rich.rule import Rule
    from rich.text import Text

    from cablekit.rendering.facts import printable

    if query is not None:
        show(Rule(Text(printable(query)), characters="═", align="left"))


def _hits_table(hits: list[Hit], titles: bool) -> Table:
    """Set columns of fixed width, so that the pieces fit under one another."""
    from rich.table import Table
    from rich.text import Text

    from cablekit.rendering.facts import printable

    table = Table(box=None, show_header=titles, expand=True, padding=(0, 1, 0, 0))
    table.add_column("Cable", width=20, overflow="fold", style="bold")
    table.add_column("Date", width=10)
    table.add_column("Classification", width=14)
    table.add_column("Subject", ratio=1)
    for hit in hits:
        when = f"{hit.date:%Y-%m-%d}" if hit.date else ""
        about = Text(printable(hit.subject or ""), style="bold")
        if hit.snippet and hit.snippet.text:
            about.append("\n")
            about.append_text(_highlighted(hit.snippet))
        if hit.paragraphs:
            more = ", …" if len(hit.paragraphs) > _NUMBERS else ""
            about.append(f" [¶ {', '.join(map(str, hit.paragraphs[:_NUMBERS]))}{more}]", style="dim")
        table.add_row(Text(printable(hit.name)), when, Text((hit.classification or "").replace("//", "// ")), about)
    return table


def _highlighted(snippet: Snippet) -> Text:
    from rich.text import Text

    from cablekit.rendering.facts import printable

    text = Text(printable(snippet.text))
    for begin, end in snippet.highlights:
        text.stylize("bold yellow", begin, end)
    return text


def _facets_table(facets: Facets) -> Table:
    from rich.table import Table
    from rich.text import Text

    from cablekit.rendering.facts import printable

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    table.add_column(justify="right")
    for facet, values in facets.items():
        for at, (value, count) in enumerate(values.items()):
            table.add_row("" if at else facet, Text(printable(value)), f"{count:,}")
    return table
