"""``python -m cablekit`` is ``cablekit``."""

from __future__ import annotations

from cablekit.cli import main

main()
