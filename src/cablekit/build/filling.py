"""Fills what the telegram lacks from the attributes of its record."""
from __future__ import annotations
from cablekit.build.copies import Copy
from cablekit.build.reading import Reading
from cablekit.model import Cable


def fill(cable: Cable, copy: Copy, reading: Reading) -> Cable:
    """Placeholder."""
    return cable
