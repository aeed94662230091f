"""What a user gets: the package is built, installed in a clean environment and used outside the checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import cablekit
from cablekit.model import Mrn

# Building and installing takes a while: one worker does it once for all of these.
pytestmark = pytest.mark.xdist_group("package")

PROMISE = [
    "Archive",
    "ArchiveError",
    "Cable",
    "CablekitError",
    "ConversionError",
    "Failure",
    "Limits",
    "NotACableError",
    "QueryError",
    "Record",
    "SourceError",
    "__version__",
    "convert",
    "parse",
    "read",
    "render",
]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as a user would, without what the test run has set for itself."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "VIRTUAL"))
    }
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, root, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a clean environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, symlinks=True)
    interpreter = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", interpreter, "install", "--quiet", wheel, cwd=folder)
    return interpreter


def names(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_package_and_the_grammars_and_nothing_else(root: Path, wheel: Path) -> None:
    packed = {name for name in contents(wheel) if ".dist-info/" not in name}
    expected = {f"cablekit/{name}" for name in names(root / "src" / "cablekit")}
    expected |= {f"cablekit/grammars/{name}" for name in names(root / "grammars")}
    assert packed == expected
    assert {"cablekit/py.typed", "cablekit/vocabulary/posts.csv", "cablekit/grammars/document.lark"} <= packed


def test_the_wheel_of_the_checkout_is_the_one_of_the_source_distribution(
    root: Path, wheel: Path, tmp_path: Path
) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, root, cwd=tmp_path)
    assert contents(tmp_path / wheel.name) == contents(wheel)


def test_the_source_distribution_can_be_tested(root: Path, built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("grammars", "samples", "src", "tests"):
        assert {f"{folder}/{name}" for name in names(root / folder)} <= packed
    assert {"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml"} <= packed


def test_the_licence_and_the_description_travel_along(wheel: Path) -> None:
    information = {Path(name).name: data.decode() for name, data in contents(wheel).items() if ".dist-info/" in name}
    metadata = information["METADATA"]
    assert "The cablekit developers" in information["LICENSE"]
    assert f"Version: {cablekit.__version__}\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    assert re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", metadata, re.MULTILINE) == [
        "click",
        "lark",
        "pydantic",
        "python-dateutil",
        "rich",
    ]


def test_an_installed_package_reads_its_own_grammars(root: Path, python: Path, tmp_path: Path) -> None:
    program = "import cablekit.grammar; print(cablekit.grammar.folder())"
    folder = Path(run(python, "-I", "-c", program, cwd=tmp_path))
    assert folder.is_relative_to(python.parents[1])
    assert names(folder) == names(root / "grammars")
    assert Path(run(sys.executable, "-c", program, cwd=tmp_path)) == root / "grammars"


def test_an_installed_package_reads_its_own_tables(python: Path, tmp_path: Path) -> None:
    program = "from cablekit.vocabulary import posts; print(posts.find('AMEMBASSY THE HAGUE').post)"
    assert run(python, "-I", "-c", program, cwd=tmp_path) == "THEHAGUE"


def test_an_installed_package_reads_a_cable(python: Path, samples: list[Path], tmp_path: Path) -> None:
    program = "import cablekit, pathlib, sys; print(cablekit.parse(pathlib.Path(sys.argv[1]).read_bytes()).mrn)"
    sample, mrn = next(
        (sample, golden["mrn"])
        for sample in samples
        if (golden := json.loads(sample.with_suffix(".json").read_text(encoding="utf-8")))["mrn"]
    )
    assert run(python, "-I", "-c", program, sample, cwd=tmp_path) == str(Mrn.model_validate(mrn))


def test_the_installed_command_runs(python: Path, tmp_path: Path) -> None:
    assert cablekit.__version__ in run(python.with_name("cablekit"), "--version", cwd=tmp_path)


def test_the_promise() -> None:
    assert sorted(cablekit.__all__) == PROMISE
    assert all(hasattr(cablekit, name) for name in PROMISE)
