"""An archive against bare FTS5: building, size, searching, memory.

    python benchmarks/archive.py 25000
    python benchmarks/archive.py 250000 --folder big --keep    # searches the same files when it is run again

Cables are invented (`generate.py`). Bare FTS5 is a contentless table of the same words, subject, summary, body and
addressees in a column each, filled and asked in the same run: it gets the words of each query, without its fields and
marks, and gives twenty row numbers by rank. Its time of building is that of its part alone, as the cables are parsed
for the archive.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from random import Random
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from cablekit.archive import fulltext
from cablekit.archive.archive import Archive
from cablekit.archive.columns import COLUMNS
from cablekit.archive.language import read
from cablekit.archive.query import And, Node, Not, Or
from cablekit.archive.rows import Rows, read_rows
from cablekit.sources.record import Provenance, Record
from invented.dump import text
from invented.stream import cables

QUERIES = 200
LIMIT = 20
_LAYOUTS = "ABDP"
_SAMPLE = 500
_TOKENIZE = "unicode61 remove_diacritics 2"
_OWN_COLUMNS = ("subject", "summary", "addressees")
_RANK = "bm25(8, 3, 0.5, 1)"
_BEST = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT {LIMIT}"


# ---- building -----------------------------------------------------------------------------------------------------


def records(count: int) -> Iterator[Record]:
    """Give invented records."""
    for row, cable in enumerate(cables(count, 7, _LAYOUTS), 1):
        yield Record(text(cable).encode(), Provenance("generated.csv", row=row))


def words(rows: Rows) -> list[str]:
    """Return the words of a cable for the bare table: all portions in one column."""
    columns = dict(zip(COLUMNS, rows.words, strict=True))
    own = [columns.pop(name) for name in _OWN_COLUMNS]
    return [*own, "\n".join(columns.values())]


def build(folder: Path, count: int, workers: int) -> None:
    """Fill both files, and write down how long it took."""
    raw, ours, bare_time = 0, 0.0, 0.0
    start = time.perf_counter()
    archive = Archive.create(folder / "archive.db", islice(records(count), _SAMPLE))
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as bare, Pool(workers) as pool:
        bare.execute("PRAGMA page_size = 32768")
        columns = ", ".join((*_OWN_COLUMNS, "body"))
        bare.execute(f"CREATE VIRTUAL TABLE words USING fts5({columns}, content = '', tokenize = '{_TOKENIZE}')")
        bare.execute("INSERT INTO words (words, rank) VALUES ('rank', ?)", (_RANK,))
        bare.execute("BEGIN")
        for rows in pool.imap(partial(read_rows, codec=archive.codec), records(count), chunksize=50):
            raw += rows.size
            before = time.process_time()
            archive.insert(rows)
            ours += time.process_time() - before
            if rows.cable is not None:
                before = time.process_time()
                bare.execute(f"INSERT INTO words ({columns}) VALUES (?, ?, ?, ?)", words(rows))
                bare_time += time.process_time() - before
        before = time.process_time()
        archive.optimise()
        archive.close()
        ours += time.process_time() - before
        before = time.process_time()
        bare.execute("INSERT INTO words (words) VALUES ('optimize')")
        bare.execute("COMMIT")
        bare_time += time.process_time() - before
    figures = {"raw": raw, "archive": ours, "bare": bare_time, "all": time.perf_counter() - start}
    (folder / "figures.json").write_text(json.dumps(figures))


# ---- queries ------------------------------------------------------------------------------------------------------


def mixed(bare: sqlite3.Connection, count: int) -> list[str]:
    """Return queries of every kind, over common and rare words alike; the same for the same archive."""
    chance = Random(1)
    bare.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, row)")
    terms = [term for (term,) in bare.execute("SELECT term FROM temp.terms ORDER BY doc DESC") if term.isalpha()]

    def word() -> str:
        """Any rank as likely as ten times that rank."""
        return terms[min(int(len(terms) ** chance.random()), len(terms) - 1)]

    kinds = (
        [lambda: word()] * 12
        + [lambda: f"{word()} {word()}"] * 8
        + [lambda: f'"{word()} {word()}"', lambda: f'"the {word()}"', lambda: f'"of the {word()}"'] * 2
        + [lambda: f"{word()[:5]}*", lambda: f"{word()[:4]}* {word()}"]
        + [lambda: f"{word()} OR {word()}", lambda: f"({word()} OR {word()}) {word()}"]
        + [lambda: f"{word()} -{word()}", lambda: f"{word()} NEAR/5 {word()}", lambda: f"subject:{word()}"]
        + [lambda: f"{word()} tag:PREL", lambda: f"{word()} {word()} from:BISHKEK", lambda: f"{word()} 2005..2007"]
        + [lambda: f"{word()} class:<=CONFIDENTIAL", lambda: f"mark:S {word()}", lambda: f"mark:C {word()} {word()}"]
    )
    return [chance.choice(kinds)() for _ in range(count)]


def bare_words(query: str) -> str:
    """Return the words of a query as FTS5 takes them, without fields and marks."""

    def plain(node: Node) -> Node | None:
        if isinstance(node, And | Or):
            items = tuple(item for item in map(plain, node.items) if item is not None)
            return type(node)(items) if items else None
        if isinstance(node, Not):
            return node
        return node if fulltext.is_words(node, None) else None

    node = plain(read(query))
    assert node is not None
    return fulltext.exact(node, None, frozenset()).words


def timed(ask: Callable[[str], object], queries: list[str]) -> list[float]:
    """Seconds for each query, the better of two."""
    times = []
    for query in queries:
        both = []
        for _ in range(2):
            start = time.perf_counter()
            ask(query)
            both.append(time.perf_counter() - start)
        times.append(min(both))
    return times


def first_hit(path: Path, query: str) -> float:
    """Seconds from opening the archive to the first hit, with its snippet."""
    start = time.perf_counter()
    with Archive.open(path) as archive:
        next(archive.search(query, limit=LIMIT), None)
        return time.perf_counter() - start


def first_row(path: Path, words: str) -> float:
    """Seconds from opening the bare table to its first row."""
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as bare:
        bare.execute(_BEST, (words,)).fetchone()
        return time.perf_counter() - start


def memory(path: Path, *arguments: str) -> float:
    """Peak MB of a search in a process of its own. (``ru_maxrss`` would be that of this one: a child inherits it.)"""
    code = (
        "import sys; from pathlib import Path; from cablekit.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: sys.stderr.write(Path('/proc/self/status').read_text())"
    )
    command = [sys.executable, "-c", code, "search", "-a", str(path), *arguments]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.partition("VmHWM:")[2].split()[0]) / 1024


def report(folder: Path) -> Table:
    """Measure and put the figures together."""
    path, bare_path = folder / "archive.db", folder / "bare.db"
    figures = json.loads((folder / "figures.json").read_text())
    table = Table("what", "archive", "bare FTS5", "ratio")

    def row(what: str, ours: float, theirs: float, unit: str) -> None:
        table.add_row(f"{what}, {unit}", f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}" if theirs else "")

    with closing(sqlite3.connect(bare_path)) as bare, Archive.open(path) as archive:
        bare.execute("PRAGMA cache_size = -16000")
        queries = mixed(bare, QUERIES)
        asked = {query: bare_words(query) for query in queries}
        theirs = timed(lambda query: bare.execute(_BEST, (asked[query],)).fetchall(), queries)
        shown = timed(lambda query: list(archive.search(query, limit=LIMIT)), queries)
        found = timed(lambda query: list(archive.search(query, limit=LIMIT, snippets=False)), queries)
        row("building", figures["archive"], figures["bare"], "s")
        row("size", path.stat().st_size / 1e6, bare_path.stat().st_size / 1e6, "MB")
        table.add_row("size over that of the raw text", f"{path.stat().st_size / figures['raw']:.2f}", "", "")
        for name, ours in (("hits", found), ("hits with snippets", shown)):
            row(f"{name}, median", median(ours) * 1e3, median(theirs) * 1e3, "ms")
            row(f"{name}, 95th percentile", _percentile(ours) * 1e3, _percentile(theirs) * 1e3, "ms")
        everything = min(timed(lambda query: archive.facets(query), [""] * 5))
        facets = timed(lambda query: archive.facets(query), queries[:40])
        table.add_row("facets of everything, ms", f"{everything * 1e3:.0f}", "", "")
        worst = f"{median(facets) * 1e3:.0f}, {max(facets) * 1e3:.0f}"
        table.add_row("facets of a query, median and worst, ms", worst, "", "")
        ours = median(first_hit(path, query) for query in queries)
        row(
            "opening to first hit, median",
            ours * 1e3,
            median(first_row(bare_path, asked[q]) for q in queries) * 1e3,
            "ms",
        )
        table.add_row("cables", f"{archive.count():,}", "", "")
    for name, arguments in (
        ("20 hits", ("--limit", "20", queries[0])),
        ("all cables", ("--ids", "")),
        ("2,000 hits with snippets", ("--jsonl", "--limit", "2000", "the")),
        ("facets", ("--facets", "the")),
    ):
        table.add_row(f"peak RSS of cablekit search, {name}, MB", f"{memory(path, *arguments):.0f}", "", "")
    return table


def _percentile(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def main() -> int:
    """Build what is not there yet, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", type=int, metavar="N", help="how many cables")
    options.add_argument("--folder", type=Path, default=Path("archive-benchmark"), help="where the files are made")
    options.add_argument("--workers", type=int, default=2, help="processes that parse (default 2)")
    options.add_argument("--keep", action="store_true", help="leave the files, and search them when they are there")
    given = options.parse_args()
    if not (given.folder / "figures.json").exists():
        if given.folder.is_dir() and any(given.folder.iterdir()):
            options.error(f"{given.folder} holds other files; name an empty folder")
        given.folder.mkdir(parents=True, exist_ok=True)
        build(given.folder, given.count, given.workers)
    Console().print(report(given.folder))
    if not given.keep:
        shutil.rmtree(given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
