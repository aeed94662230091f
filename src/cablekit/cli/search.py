"""``cablekit search``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cablekit.cli.inputs import STDIN
from cablekit.cli.program import Exit, complain, write, write_utf8
from cablekit.cli.show import ARCHIVE
from cablekit.errors import SourceError

if TYPE_CHECKING:
    from cablekit.archive.archive import Archive
    from cablekit.archive.receipt import Receipt
    from cablekit.errors import QueryError

Answer = TypeVar("Answer")


@click.command()
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@ARCHIVE
@click.option("--batch", type=click.Path(), metavar="FILE", help="Read queries, one a line; - is standard input.")
@click.option("--json", "form", flag_value="json", help="Write JSON: an array of hits, an object of facets.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Write JSON Lines: each hit on a line of its own.")
@click.option("--csv", "form", flag_value="csv", help="Write CSV with a header row.")
@click.option("--ids", "form", flag_value="ids", help="Write MRNs only; where there is none the record's number.")
@click.option("--facets", is_flag=True, help="Count hits by year, post, classification, TAG and caption.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Write no more than N hits.")
@click.option("--offset", type=click.IntRange(min=0), metavar="N", help="Leave out the first N hits.")
@click.option("--sort", type=click.Choice(["rank", "date", "-date", "mrn"]), help="Order of the hits.")
@click.option("--editions", is_flag=True, help="Search every edition of a cable, not the preferred one alone.")
@click.option("--explain", is_flag=True, help="Show how the query is read, and the SQL; needs no archive.")
@click.option("--receipt", type=click.Path(), metavar="FILE", help="Also write a receipt of all hits.")
@click.option("--check", type=click.Path(), metavar="RECEIPT", help="Search again and compare with a receipt.")
@click.option("--width", type=click.IntRange(min=60), metavar="COLUMNS", help="Width of the table.")
def search(
    words: tuple[str, ...],
    path: Path,
    batch: str | None,
    form: str | None,
    facets: bool,
    limit: int | None,
    offset: int | None,
    sort: Any,
    editions: bool,
    explain: bool,
    receipt: str | None,
    check: str | None,
    width: int | None,
) -> Exit:
    """Find cables in an archive.

    QUERY is words, "phrases", prefix*, NEAR/5, AND OR NOT, -word, and fields such as from:BISHKEK; put it in quotation
    marks for the shell. An empty one finds everything. docs/search.md explains the language. All hits are written, as
    they are found: best first, or by date where no words are asked for.

    \b
    Example:
      cablekit search -a cables.db 'tag:KCRM from:BISHKEK 2007..2008 "human trafficking"'
      cablekit search -a cables.db --facets class:SECRET
      cablekit search -a cables.db --csv harbor > harbor.csv
      cablekit search -a cables.db --batch questions.txt --ids
      cablekit search -a cables.db --receipt harbor.json harbor
      cablekit search -a cables.db --check harbor.json

    \b
    Exit codes: 0 found, 1 nothing found, or not what the receipt says, 2 the
    query or the command was not understood, 3 the archive or the receipt cannot
    be read, 4 the output cannot be written.
    """
    chosen = {
        "QUERY": bool(words),
        "--batch": batch is not None,
        "--facets": facets,
        **{f"--{name}": form == name for name in ("json", "jsonl", "csv", "ids")},
        "--limit": limit is not None,
        "--offset": offset is not None,
        "--sort": sort is not None,
        "--editions": editions,
        "--explain": explain,
        "--receipt": receipt is not None,
        "--check": check is not None,
        "--width": width is not None,
    }
    _refuse_combinations({name for name, is_chosen in chosen.items() if is_chosen})
    from cablekit.archive.archive import Archive
    from cablekit.cli.hits import write_facets, write_hits
    from cablekit.errors import QueryError

    queries = Queries(" ".join(words), batch)
    try:
        if explain:
            return _explain(queries)
        with Archive.open(path) as archive:
            if check is not None:
                return _check(archive, check)
            if facets:
                counted = queries.answers(lambda query: archive.facets(query, editions=editions))
                return queries.exit_code(write_facets(counted, form, batch is not None), path)
            if receipt is not None:
                # Before the hits: that it cannot be written should not be said behind thousands of lines.
                _write_receipt(archive.receipt(queries.single, sort=sort, editions=editions), receipt)
            found = queries.answers(
                lambda query: archive.search(
                    query, limit=limit, offset=offset or 0, sort=sort, editions=editions, snippets=form != "ids"
                )
            )
            return queries.exit_code(write_hits(found, form, batch is not None, width), path)
    except QueryError as error:
        _complain_of_query(error)
        return Exit.USAGE


_FORMS = {"--json", "--jsonl", "--csv", "--ids"}
_NOT_WITH = {
    "--check": {
        *("QUERY", "--batch", "--facets", "--limit", "--offset", "--sort", "--editions", "--explain", "--receipt"),
        *("--width", *_FORMS),
    },
    "--explain": {"--facets", "--limit", "--offset", "--sort", "--editions", "--receipt", "--width", *_FORMS},
    "--facets": {"--limit", "--offset", "--sort", "--receipt", "--width", "--ids"},
    "--batch": {"QUERY", "--receipt"},
    "--width": _FORMS,
}
"""What has no effect beside an option, or would say something else."""


def _refuse_combinations(chosen: set[str]) -> None:
    for name, others in _NOT_WITH.items():
        if name in chosen and (refused := sorted(chosen & others)):
            raise click.UsageError(f"{name} and {refused[0]} cannot be combined. Leave one out.")


class Queries:
    """The queries that a command is given, and how it went with them."""

    def __init__(self, single: str, batch: str | None) -> None:
        """Take a query, or the name of a file of queries."""
        self.single = single
        self._batch = batch
        self._asked = 0

    def __iter__(self) -> Iterator[str]:
        """Give the queries; in a file, blank lines are none."""
        if self._batch is None:
            yield self.single
            return
        for line in _bytes(self._batch).decode("utf-8-sig", "surrogateescape").splitlines():
            if line.strip():
                yield line.strip()

    def answers(self, ask: Callable[[str], Answer]) -> Iterator[tuple[str, Answer]]:
        """Ask one after the other; in a file, a query that is not understood does not stop the rest."""
        from cablekit.errors import QueryError

        for query in self:
            self._asked += 1
            try:
                yield query, ask(query)
            except QueryError as error:
                if self._batch is None:
                    raise
                _complain_of_query(error)

    def exit_code(self, found: int, path: Path) -> Exit:
        """Tell how it went, when so many queries found something."""
        if found == self._asked:
            return Exit.DONE
        if self._batch is None:
            complain(str(path), "nothing found", "ask for fewer words, or for how they begin: prefix*")
        return Exit.PARTLY


def _bytes(name: str) -> bytes:
    """Read a file; raises `SourceError`."""
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise SourceError(name, f"cannot be read ({error.strerror})", "check the path") from None


def _complain_of_query(error: QueryError) -> None:
    """Show the place in the query, which takes lines of its own."""
    from cablekit.rendering.facts import printable

    click.echo(printable(f"cablekit: {error}"), err=True)


def _explain(queries: Queries) -> Exit:
    """Show how queries are read."""
    from cablekit.archive.compile import compile_query
    from cablekit.archive.language import read
    from cablekit.archive.query import outline, render

    for query, node in queries.answers(read):
        statement = compile_query(node).hits("rank")
        values = "\n".join(f"  :{name} = {value!r}" for name, value in statement.values.items())
        write(f"{query}\n\n{outline(node)}\n\n{render(node)}\n\n{statement.sql}\n\n{values}\n")
    return Exit.DONE


def _write_receipt(receipt: Receipt, name: str) -> None:
    """Write a receipt, whole or not at all; raises `OSError`."""
    beside = Path(f"{name}.new")
    try:
        beside.write_text(receipt.model_dump_json(indent=2) + "\n", encoding="utf-8")
        beside.replace(name)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise OSError(error.errno, error.strerror, name) from None


def _check(archive: Archive, name: str) -> Exit:
    """Compare what is found now with a receipt."""
    from cablekit.archive import receipt

    try:
        then = receipt.read(_bytes(name))
    except receipt.ReceiptError as error:
        raise SourceError(name, str(error), "give a file that --receipt wrote") from None
    differences = then.differences(archive.receipt(then.query, sort=then.sort, editions=then.editions))
    for difference in differences:
        complain(name, difference, "see which archive it was made with")
    if differences:
        return Exit.PARTLY
    write_utf8(f"{then.count:,} cables, as in the receipt")
    return Exit.DONE
