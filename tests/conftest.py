from __future__ import annotations

import shutil
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
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder ``samples`` with the samples that are text and hold one record each, and nothing else."""
    import cablekit

    folder = tmp_path_factory.mktemp("dump") / "samples"
    folder.mkdir()
    for path in (ROOT / "samples").glob("*.txt"):
        if len(list(cablekit.read(path))) == 1:
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def sample_archive(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of `sample_folder`. Copy it before you change it."""
    import cablekit

    path = tmp_path_factory.mktemp("archive") / "samples.db"
    cablekit.convert(sample_folder, path)
    return path


@pytest.fixture
def archive_path(sample_archive: Path, tmp_path: Path) -> Path:
    """A copy of the archive of all samples."""
    return Path(shutil.copy(sample_archive, tmp_path / "cables.db"))


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The invented cables, each with its golden ``.json`` beside it; those of sources lie in a folder of their own."""
    return sorted((ROOT / "samples").glob("*.txt"))
