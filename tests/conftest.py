from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes says nothing on a busy machine.
settings.register_profile("cablekit", deadline=None)
settings.load_profile("cablekit")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The real cables beside the checkout; they are never part of it."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real cables is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The invented cables, each with its golden ``.json`` beside it; those of sources lie in a folder of their own."""
    return sorted((ROOT / "samples").glob("*.txt"))
