"""What goes wrong with cables, at the rates of `rates.DAMAGE`."""

from __future__ import annotations

from invented import garble_labels, garble_record, garble_text
from invented.parts import Invented, Source
from invented.rates import DAMAGE

GARBLES = garble_labels.GARBLES | garble_text.GARBLES | garble_record.GARBLES
"""What does each damage. Each changes one part and tells whether it could."""


class Damages:
    """Does damage to cables; what could not be done to one is done to the next that it fits, so that rates are met."""

    def __init__(self, source: Source) -> None:
        """Start with nothing owed."""
        self._source = source
        self._owed = dict.fromkeys(DAMAGE, 0)

    def do(self, cable: Invented) -> None:
        """Damage a cable, or leave it as it is; notes what was done.

        What the cable was made from stays as it was: that is what a careful reader should find, or report. Only what
        nobody could find any more, a lost line or word, is taken from there too.
        """
        source, owed = self._source, self._owed
        for name, rate in _RATES[cable.layout]:
            owed[name] += source.random() < rate
            if owed[name] and GARBLES[name](source, cable):
                owed[name] -= 1
                cable.damage.append(name)


_RATES = {
    layout: tuple((name, one.rate) for name, one in DAMAGE.items() if layout in one.layouts) for layout in "ABCDEFP"
}
