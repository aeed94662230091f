"""Writes ``diagnostics.md`` and ``repairs.md`` from the tables in the code: ``python docs/build_findings.py``."""

from __future__ import annotations

from pathlib import Path

from cablekit.build.codes import CODES, REPAIRS

FOLDER = Path(__file__).parent

GROUPS = {
    "CK1": "A part cannot be read",
    "CK2": "Something that should be there is not",
    "CK3": "Two places disagree",
    "CK4": "The text",
    "CK5": "Vocabulary",
    "CK6": "Against the usage of telegrams",
}

DIAGNOSTICS = """# Diagnostics

Made by `python docs/build_findings.py` from the list in the code; a test fails when it is stale.

A diagnostic says what is odd in a cable. Nothing was changed because of it: what was changed is a
[repair](repairs.md). Each has a `code`, a `severity`, a `message` with what stands there, a `span` (where: characters
of the source) and, where there is one, a `likely` reading. Codes are stable and never given another meaning.

`error`: something of the cable is lost or cannot be read. `warning`: what was read may be wrong. `info`: worth knowing.

```python
from pathlib import Path

import cablekit

source = Path("samples/garbled.txt").read_bytes()
cable = cablekit.parse(source)
text = source.decode(cable.source.encoding)
for one in cable.diagnostics:
    start, end = one.span
    print(one.code, one.severity, one.message, repr(text[start:end]), one.likely or "")
```
"""

MENDED = """# Repairs

Made by `python docs/build_findings.py` from the list in the code; a test fails when it is stale.

A repair is something that was read otherwise than it stands. Each has its `rule`, the words `as_written`, what they
were taken for (`as_read`), and a `span`: where they stand in the source, which is never changed. Names are stable and
never given another meaning.

**To undo a repair**, take `as_written` instead of `as_read`: both are in the repair, and the source at the span has the
same words. A label that is lost has no words, and an empty span where it should stand.

```python
from pathlib import Path

import cablekit

source = Path("samples/garbled.txt").read_bytes()
cable = cablekit.parse(source)
text = source.decode(cable.source.encoding)
for one in cable.repairs:
    start, end = one.span
    assert text[start:end] == one.as_written
    print(f"{one.rule}: {one.as_written!r} read as {one.as_read!r}")
```

Over a folder of cables, `python benchmarks/repairs.py FOLDER` prints how often each rule was applied and in how many
cables, with `--list` every single repair with its file, line and column, and with `--diagnostics` the same for
[diagnostics](diagnostics.md). A rule that is applied too often is a wrong one.

| rule | what is mended | section of FORMAT.md |
| --- | --- | --- |
"""


def pages() -> dict[str, str]:
    """Return the pages by their file names."""
    return {"diagnostics.md": diagnostics(), "repairs.md": repairs()}


def diagnostics() -> str:
    """Return the list of codes."""
    sections = [DIAGNOSTICS]
    for group, heading in GROUPS.items():
        rows = [f"## {group}: {heading}\n\n| code | severity | what is odd | what to do |\n| --- | --- | --- | --- |\n"]
        rows += [
            f"| {name} | {code.severity} | {code.title} | {code.advice} |\n"
            for name, code in CODES.items()
            if name.startswith(group)
        ]
        sections.append("".join(rows))
    return "\n".join(sections)


def repairs() -> str:
    """Return the list of rules."""
    rows = (sentence.rstrip(")").partition(" (FORMAT.md section ") for sentence in REPAIRS.values())
    return MENDED + "".join(
        f"| `{rule}` | {what} | {section} |\n" for rule, (what, _, section) in zip(REPAIRS, rows, strict=True)
    )


if __name__ == "__main__":
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")
