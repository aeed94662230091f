"""The commands of docs/scaling.md do what the page says, on a small scale."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cablekit.archive.archive import Archive
from cablekit.cli import main
from tests.archive_files import telegram
from tests.archives import zipped
from tests.dask_cluster import running
from tests.test_docs import blocks

pytest.importorskip("distributed", reason="needs the extra dask")
pytestmark = pytest.mark.xdist_group("dask")


def test_the_commands_of_the_page(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {f"{year}/{number}.txt": telegram(serial=number, year=year) for year in (73, 74) for number in (1, 2, 3)}
    Path("1973-79.zip").write_bytes(zipped({name: text.encode() for name, text in files.items()}))
    rows = (
        f'"{number}","1/2/2008 3:04","08SOFIA{number}","Embassy Sofia","UNCLASSIFIED","","{head}","{body}"'
        for number in (1, 2, 3)
        for head, _, body in [telegram(serial=number, year=8).partition("\n\n")]
    )
    Path("cablegate.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    written = [line for block in blocks(root / "docs" / "scaling.md", "sh") for line in block.splitlines()]
    with running(tmp_path, 2) as cluster:
        for line in written:
            for job in range(1, 5) if "$JOB" in line else (0,):
                command = line.replace("$JOB", str(job)).replace("tcp://head:8786", cluster.address)
                name, *arguments = shlex.split(command)
                done = CliRunner().invoke(main, arguments)
                assert (name, done.exit_code) == ("cablekit", 0), f"{command}\n{done.output}"
    made = re.findall(r"-o (\w[\w-]*\.db)", "\n".join(line for line in written if "$JOB" not in line))
    assert len(made) == 4
    fingerprints = set()
    for path in made:
        with Archive.open(path) as archive:
            assert archive.count() == 9
            fingerprints.add(archive.fingerprint)
    assert len(fingerprints) == 1
