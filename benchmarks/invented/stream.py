"""The cables of a dump, one after the other: layouts mixed, damage done, copies and editions among them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime

from invented import central_file, pages, wire
from invented.damage import GARBLES, Damages
from invented.dump import CABLEGATE
from invented.parts import Invented, Source, Wheel
from invented.rates import DUPLICATES, EDITIONS, LAYOUTS

_NEAR = 64
"""A copy stands at most so many cables behind what it is a copy of."""

MAKERS: dict[str, Callable[[Source, str, datetime], Invented]] = {
    **dict.fromkeys("ABDP", wire.make),
    "C": central_file.make,
    "E": pages.make_smart,
    "F": pages.make_foia,
}


def cables(count: int, seed: int, layouts: str, *, damaged: bool = True) -> Iterator[Invented]:
    """Give so many cables of the layouts, by the shares of `rates.LAYOUTS`; the same for the same arguments."""
    source = Source(seed)
    shares = Wheel({layout: share for layout, share in LAYOUTS.items() if layout in layouts})
    kinds = Wheel(EDITIONS)
    damages = Damages(source)
    near: deque[Invented] = deque(maxlen=_NEAR)
    for at in range(count):
        if near and source.chance(DUPLICATES):
            cable = source.pick(near)
            yield _again(source, cable, kinds.at(source.random()) if cable.layout in CABLEGATE else "copy")
            continue
        layout = shares.at(source.random())
        cable = MAKERS[layout](source, layout, source.moment(layout, at / count))
        source.remember(cable.mrn)
        if damaged:
            damages.do(cable)
        near.append(cable)
        yield cable


def _again(source: Source, cable: Invented, kind: str) -> Invented:
    """Give a cable once more: the same, corrected, with names struck out, or cut short."""
    copy = deepcopy(cable)
    if kind == "partial" and cable.layout == "P":
        kind = "copy"
    if kind == "corrected":
        copy.labels["captions"] = "C O R R E C T E D  C O P Y\n" + copy.labels.get("captions", "")
    elif kind == "redacted" and not GARBLES["redacted"](source, copy):
        kind = "copy"
    elif kind == "partial":
        copy.header = {"partial": wire.PARTIAL}
        copy.truth |= {"layout": "P", "dtg": None, "precedences": [], "originator": None, "action": [], "info": []}
    copy.edition = kind
    return copy
