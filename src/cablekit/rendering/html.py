"""A cable as a notebook shows it: one self-contained fragment of HTML, readable on light and dark grounds."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cablekit.build.traces import with_apostrophes
from cablekit.model import Block, Cable, Heading, Paragraph, PortionMark, Table, Text, Unparsed
from cablekit.rendering.facts import COLOURS, Fact, banner, closing, facts, finder, number, printable

# Colours are the notebook's own, but for banner and marks. No element is styled that is not inside the fragment.
_STYLE = """<style>
.cablekit{max-width:60em;border:1px solid rgba(128,128,128,.4);border-radius:4px;overflow:hidden;line-height:1.4}
.cablekit>*{margin:0;padding:.4em .8em}
.cablekit .ck-banner{color:#fff;font-weight:bold;text-align:center;letter-spacing:.04em;padding:.2em}
.cablekit .ck-quiet{opacity:.65;font-weight:normal}
.cablekit dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em}
.cablekit dt{opacity:.65;font-weight:normal}
.cablekit dd{margin:0;overflow-wrap:anywhere}
.cablekit summary{cursor:pointer}
.cablekit .ck-block{display:grid;grid-template-columns:3em 1fr;gap:.6em;margin:.6em 0}
.cablekit .ck-block>:first-child{text-align:right;font-weight:bold}
.cablekit .ck-text{white-space:pre-wrap;overflow-wrap:anywhere}
.cablekit .ck-mark{color:#fff;border-radius:3px;padding:0 .3em;font-size:.9em;font-weight:bold}
.cablekit pre{overflow-x:auto;margin:.6em 0;background:transparent;color:inherit}
.cablekit .ck-unparsed{border-left:3px solid crimson;padding-left:.6em}
</style>"""


def html(cable: Cable) -> str:
    """Return the view of a cable for notebooks: escaped, without scripts, the text folded away behind its size."""
    words, colour = banner(cable)
    title = _safe(str(cable.mrn)) if cable.mrn else "no message reference number"
    findings = "".join(_findings(cable))
    return "".join(
        (
            _STYLE,
            '<div class="cablekit">',
            f'<div class="ck-banner" style="background:{colour}">{_safe(words)}</div>',
            f'<div><b>{title}</b> <span class="ck-quiet">layout {cable.layout}</span></div>',
            _list(facts(cable)),
            f"<details><summary>{_size(cable)}</summary>{''.join(map(_block, cable.body))}</details>",
            _list(closing(cable)),
            f"<details><summary>{_count(cable)}</summary><dl>{findings}</dl></details>" if findings else "",
            "</div>",
        )
    )


def _safe(text: str) -> str:
    return escape(printable(text))


def _list(shown: Iterator[Fact]) -> str:
    rows = []
    for fact in shown:
        lines = []
        for item in fact.items:
            key = f"<b>{escape(item.key)}</b> " if item.key else ""
            main = f"<b>{escape(item.main)}</b>" if fact.label == "Subject" else escape(item.main)
            detail = f' <span class="ck-quiet">{escape(item.detail)}</span>' if item.detail else ""
            lines.append(f"<div>{key}{main}{detail}</div>")
        rows.append(f"<dt>{fact.label}</dt><dd>{''.join(lines)}</dd>")
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _size(cable: Cable) -> str:
    paragraphs = len(cable.paragraphs)
    return f"Text: {paragraphs} numbered paragraph{'' if paragraphs == 1 else 's'}, {len(cable.body)} blocks in all"


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _row(number(block), block.mark, with_apostrophes(block.text))
        case Text():
            return _row("", block.mark, with_apostrophes(block.text))
        case Heading():
            return f"<p><b>{_safe(block.text)}</b></p>"
        case Table():
            return f"<pre>{_safe(block.text)}</pre>"
        case Unparsed():
            return f'<pre class="ck-unparsed" title="unparsed">{_safe(block.text)}</pre>'


def _row(label: str, mark: PortionMark | None, text: str) -> str:
    badge = ""
    if mark:
        badge = f'<span class="ck-mark" style="background:{COLOURS[mark.level]}">{_safe(str(mark))}</span> '
    return f'<div class="ck-block"><span>{label}</span><div class="ck-text">{badge}{_safe(text)}</div></div>'


def _count(cable: Cable) -> str:
    return f"{len(cable.diagnostics)} found odd, {len(cable.repairs)} mended"


def _findings(cable: Cable) -> Iterator[str]:
    place = finder(None)
    for diagnostic in cable.diagnostics:
        likely = f"; likely {diagnostic.likely}" if diagnostic.likely else ""
        yield f"<dt>{_safe(diagnostic.code)} {diagnostic.severity}</dt>"
        yield f'<dd>{_safe(diagnostic.message + likely)} <span class="ck-quiet">{place(diagnostic.span)}</span></dd>'
    for repair in cable.repairs:
        yield f"<dt>{_safe(repair.rule)}</dt>"
        yield f"<dd><code>{_safe(repair.as_written)}</code> read as <code>{_safe(repair.as_read)}</code>"
        yield f' <span class="ck-quiet">{place(repair.span)}</span></dd>'
