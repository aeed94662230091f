"""Cables to the containers in which they circulate (FORMAT.md 18)."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path

from invented.parts import MONTHS, Invented
from invented.words import common

CABLEGATE = frozenset("ABDP")
"""Layouts of the web release: the only ones in CSV and pages, and under a publisher's head in text."""
_LEVEL = 1
"""Of compression: what is measured with the dumps is reading, which no level makes slower."""
_EPOCH = (2011, 9, 2, 0, 0, 0)


# ---- one cable ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _summer(day: datetime) -> bool:
    """Tell whether clocks in Paris were an hour ahead on that day."""
    if day.year < 1976:
        return False
    begin, end = (
        last - timedelta(days=(last.weekday() + 1) % 7)
        for last in (datetime(day.year, 3, 31), datetime(day.year, 10, 31))
    )
    return begin < day <= end


def publication_date(when: datetime) -> str:
    """Write the day as the text form does: at midnight in Paris."""
    day = when.replace(hour=0, minute=0)
    zone = "+0200" if _summer(day) else "+0100"
    return f"{common('Day')[day.weekday()]} {MONTHS[day.month - 1].title()} {day.day:02d} 00:00:00 {zone} {day.year}"


def classification(cable: Invented) -> str:
    """Write the classification as the publisher does."""
    level: str = cable.truth["classification"]
    captions = cable.truth.get("captions", ())
    if "NOFORN" in captions:
        return f"{level}//NOFORN"
    return f"{level}//FOR OFFICIAL USE ONLY" if level == "UNCLASSIFIED" and "SENSITIVE" in captions else level


def text(cable: Invented) -> str:
    """Write five lines, then header and body joined; of other layouts the file as it circulates."""
    if cable.layout not in CABLEGATE:
        return f"{cable.head()}\n{cable.body()}{cable.tail}"
    head = (
        str(cable.mrn),
        cable.truth["subject"] or "",
        publication_date(cable.when),
        classification(cable),
        cable.mrn.place.origin,
    )
    return "\n".join(head) + "\n" + cable.head() + cable.body()


def row(number: int, cable: Invented) -> list[str]:
    """Give the eight columns of a row (FORMAT.md 18.1)."""
    when = cable.when
    return [
        str(number),
        f"{when.month}/{when.day}/{when.year} {when.hour}:{when.minute:02d}",
        str(cable.mrn),
        cable.mrn.place.origin,
        classification(cable),
        "|".join(one["mrn"] for one in cable.truth["refs"] if one["mrn"]),
        cable.head(),
        cable.body(),
    ]


_PAGE = """<?xml version='1.0' encoding='utf-8' ?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang='en' xml:lang='en' xmlns='http://www.w3.org/1999/xhtml'>
<head>
<title>Viewing cable {mrn}, {title}</title>
<link href='{up}static/css/cables.css' rel='stylesheet' type='text/css' />
</head>
<body>
<div class='main'>
<div class='pane big'>
<h3>Viewing cable {mrn}, {title}</h3>
<table class='cable'>
<tr>
<th>Reference ID</th>
<th>Created</th>
<th>Released</th>
<th>Classification</th>
<th>Origin</th>
</tr>
<tr>
<td>
<a href='{up}cable/{when:%Y/%m}/{mrn}.html'>{mrn}</a>
</td>
<td>
<a href='{up}date/{when:%Y-%m}_0.html'>{when:%Y-%m-%d %H:%M}</a>
</td>
<td>
<a href='{up}reldate/2011-08-30_0.html'>2011-08-30 01:44</a>
</td>
<td>
<a href='{up}classification/1_0.html' title='{lower}'>{level}</a>
</td>
<td>
<a href='{up}origin/1_0.html'>{origin}</a>
</td>
</tr>
</table>
{blocks}
</div>
</div>
</body>
</html>
"""


def page(cable: Invented) -> str:
    """Write a page of the web release (FORMAT.md 18.2)."""
    up = "../../../" if cable.mrn.serial % 2 else "/"
    body = escape(cable.body(), quote=False)
    tags = cable.labels.get("tags", "")
    if tags:
        label, *codes = tags.split(" ")
        linked = " ".join(
            f"<a href='{up}tag/{c.strip(',')}_0.html'>{c.strip(',')}</a>{',' * c.endswith(',')}"
            if c.strip(",").isalnum()
            else c
            for c in codes
        )
        body = body.replace(escape(tags, quote=False), f"{label} {linked}", 1)
    pieces = body.split("¶")
    for at, piece in enumerate(pieces[1:], 1):
        pieces[at] = f"<a id='par{at}' href='#par{at}'>¶</a>{piece}"
    level = classification(cable)
    blocks = [escape(cable.head(), quote=False), "".join(pieces)]
    return _PAGE.format(
        mrn=cable.mrn,
        title=escape(cable.truth["subject"] or ""),
        up=up,
        when=cable.when,
        level=level.partition("//")[0],
        lower=level.lower(),
        origin=escape(cable.mrn.place.origin),
        blocks="\n".join("<code><pre>" + one.replace("\n", "&#x000A;") + "</pre></code>" for one in blocks),
    )


class Names:
    """File names inside a dump, each given once; remembers the names of the last thousand cables."""

    def __init__(self) -> None:
        """Start without a name."""
        self._given: dict[str, int] = {}

    def name(self, cable: Invented, suffix: str) -> str:
        """Return ``2008/01/08BISHKEK94.txt``; a second one of the name has ``-2``."""
        stem = f"{cable.when:%Y/%m}/{cable.truth.get('document') or cable.mrn}"
        again = self._given.pop(stem, 0) + 1
        self._given[stem] = again
        if len(self._given) > 1000:
            del self._given[next(iter(self._given))]
        return f"{stem}{suffix}" if again == 1 else f"{stem}-{again}{suffix}"


# ---- dumps --------------------------------------------------------------------------------------------------------


def write_csv(cables: Iterable[Invented], out: Path) -> None:
    """Write one row a cable, all columns quoted, backslash before quote and backslash (FORMAT.md 18.1)."""
    with out.open("w", encoding="utf-8", newline="") as file:
        for number, cable in enumerate(cables, 1):
            # The csv module looks at every sign in turn: half the time of making a cable.
            fields = (field.replace("\\", r"\\").replace('"', r"\"") for field in row(number, cable))
            file.write('"' + '","'.join(fields) + '"\n')


def _files(cables: Iterable[Invented], suffix: str, write: Callable[[Invented], str]) -> Iterator[tuple[str, bytes]]:
    names = Names()
    for cable in cables:
        yield names.name(cable, suffix), write(cable).encode()


def _write_folder(files: Iterable[tuple[str, bytes]], out: Path) -> None:
    made = ""
    for name, data in files:
        folder = name.rpartition("/")[0]
        if folder != made:
            (out / folder).mkdir(parents=True, exist_ok=True)
            made = folder
        with io.FileIO(out / name, "wb") as file:  # (a third of the time goes into opening files)
            file.write(data)


def write_txt(cables: Iterable[Invented], out: Path) -> None:
    """Write a file for each cable into folders of year and month."""
    _write_folder(_files(cables, ".txt", text), out)


def write_html(cables: Iterable[Invented], out: Path) -> None:
    """Write a page for each cable into folders of year and month."""
    _write_folder(_files(cables, ".html", page), out)


def write_tar_gz(cables: Iterable[Invented], out: Path) -> None:
    """Write the files of the text form into one archive, times fixed."""
    with ExitStack() as open_files:
        raw = open_files.enter_context(out.open("wb"))
        packed = open_files.enter_context(gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0))
        archive = open_files.enter_context(tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT))
        for name, data in _files(cables, ".txt", text):
            member = tarfile.TarInfo(f"cables/{name}")
            member.size = len(data)
            member.mtime = 1_314_921_600
            archive.addfile(member, io.BytesIO(data))
            archive.getmembers().clear()  # else it keeps every one


def write_zip(cables: Iterable[Invented], out: Path) -> None:
    """Write the files of the text form into one archive, times fixed."""
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in _files(cables, ".txt", text):
            member = zipfile.ZipInfo(f"cables/{name}", _EPOCH)
            # (Here, because what the archive is told of compression does not hold for a member with its own date.)
            archive.writestr(member, data, zipfile.ZIP_DEFLATED, _LEVEL)


FORMS: dict[str, Callable[[Iterable[Invented], Path], None]] = {
    "txt": write_txt,
    "csv": write_csv,
    "html": write_html,
    "tar.gz": write_tar_gz,
    "zip": write_zip,
}


def with_truth(cables: Iterable[Invented], out: Path) -> Iterator[Invented]:
    """Pass cables on and write beside the dump what each was made from, one JSON object a line."""
    with out.open("w", encoding="utf-8") as file:
        for cable in cables:
            file.write(json.dumps(cable.truth | {"damage": cable.damage, "edition": cable.edition}) + "\n")
            yield cable
