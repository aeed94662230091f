"""How often each repair is made, over folders of cables: one that is made too often is a false one.

    python benchmarks/repairs.py ../shared/corpus/cablegate-txt                       # how often, in how many cables
    python benchmarks/repairs.py ../shared/corpus/cablegate-txt --list                # and every single one
    python benchmarks/repairs.py ../shared/corpus/cablegate-txt --list --diagnostics  # the same for diagnostics

``--list`` prints a line for each: file, line and column, rule, as written → as read; of a diagnostic its code, message
and likely reading. Exit status 1 when nothing in the folders is a cable.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

import cablekit
from cablekit.build.codes import CODES, REPAIRS
from cablekit.model import Cable, Span
from cablekit.text import read_text
from texts import texts


def place(source: str, span: Span) -> str:
    """Return line and column of a span, both counted from 1."""
    before = source[: span.start]
    return f"{before.count(chr(10)) + 1}:{span.start - (before.rfind(chr(10)) + 1) + 1}"


def repairs(cable: Cable) -> Iterator[tuple[str, Span, str]]:
    """Give rule, place and words of each repair."""
    for one in cable.repairs:
        yield one.rule, one.span, f"{one.as_written!r} → {one.as_read!r}"


def diagnostics(cable: Cable) -> Iterator[tuple[str, Span, str]]:
    """Give code, place and words of each diagnostic."""
    for one in cable.diagnostics:
        yield one.code, one.span, one.message + (f" ({one.likely}?)" if one.likely else "")


def main() -> int:
    """Print what was asked for; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--list", action="store_true", help="print every single one")
    options.add_argument("--diagnostics", action="store_true", help="diagnostics instead of repairs")
    given = options.parse_args()
    found: Counter[str] = Counter()
    within: Counter[str] = Counter()
    cables = clean = 0
    for folder in given.folders:
        for name, text in texts(folder):
            try:
                cable = cablekit.parse(text)
            except cablekit.NotACableError:
                continue
            cables += 1
            clean += not any(one.severity == "error" for one in cable.diagnostics)
            findings = list(diagnostics(cable) if given.diagnostics else repairs(cable))
            found.update(rule for rule, _, _ in findings)
            within.update({rule for rule, _, _ in findings})
            if given.list and findings:
                source = read_text(text).source
                for rule, span, words in findings:
                    print(f"{name}:{place(source, span)} {rule}: {words}")
    if not cables:
        print("no cable in these folders", file=sys.stderr)
        return 1
    table = Table("code" if given.diagnostics else "rule", "found", "in cables", "of cables")
    for rule in CODES if given.diagnostics else REPAIRS:
        table.add_row(rule, str(found[rule]), str(within[rule]), f"{within[rule] / cables:.1%}")
    Console().print(table)
    print(f"{cables} cables, {clean / cables:.1%} without a diagnostic of severity error")
    return 0


if __name__ == "__main__":
    sys.exit(main())
