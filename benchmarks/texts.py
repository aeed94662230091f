"""The texts of a folder of real cables: files as they are, and what stands in the two blocks of web pages."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path


class _Blocks(HTMLParser):
    """Collects the text of preformatted blocks: the header, then the body (FORMAT.md section 18.2)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self.inside = True
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1] += data


def page(text: str) -> str:
    """Return the cable of a web page."""
    parser = _Blocks()
    parser.feed(text)
    parser.close()
    return "\n".join(parser.blocks)


def texts(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    """Give name and text of every file of a folder; of a web page the cable in it."""
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        if path.suffix == ".html":
            yield path.name, page(path.read_text(encoding="utf-8"))
        else:
            yield path.name, path.read_bytes()
