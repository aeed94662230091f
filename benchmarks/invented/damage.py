"""What goes wrong with cables, at the rates of `rates.DAMAGE`."""

from __future__ import annotations

from invented.parts import Invented, Source


def do_damage(source: Source, cable: Invented) -> None:
    """Damage a cable."""
