from __future__ import annotations

import dataclasses
import io
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import click
import pytest
from click.testing import CliRunner, Result

import cablekit
from cablekit.cli import main
from cablekit.cli.fields import check, lines
from tests.archives import zipped
from tests.test_bad_input import NO_FORM

SAMPLE = """R 290934Z JAN 08
FM AMEMBASSY FREEDONIA
TO SECSTATE WASHDC 0591
INFO AMEMBASSY SYLVANIA

UNCLAS FREEDONIA 000094

SIPDIS

E.O. 12958: N/A
TAGS: SENV, PREL
SUBJECT: A LAKE DRIES UP

1. (U) Summary: The lake ran dry. End summary.

2. (U) Nobody knows why.

FIREFLY
"""

# What decides on colours and width must come from the test.
CLEAN: dict[str, str | None] = dict.fromkeys(
    ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES", "TERM")
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in CLEAN and name != "PYTHONUNBUFFERED"}


def run(*arguments: str | Path, stdin: str | bytes | None = None, **environment: str) -> Result:
    # Rich keeps the codes of a style as it first wrote them, so all tests of one process must agree on the colours.
    runner = CliRunner(env={**CLEAN, "COLORTERM": "truecolor", **environment})
    return runner.invoke(main, [str(argument) for argument in arguments], input=stdin, prog_name="cablekit")


def cablekit_process(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cablekit", *map(str, arguments)]
    return subprocess.run(command, text=True, stderr=subprocess.PIPE, **{"env": ENVIRONMENT, **options})


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.txt"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def no_cable(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Dear aunt, the weather is fine.\n", encoding="utf-8")
    return path


# ---- parse: what is written ---------------------------------------------------------------------------------------


def test_the_readable_view(sample: Path) -> None:
    result = run("parse", sample)
    assert result.exit_code == 0
    assert "08FREEDONIA94" in result.stdout
    assert "Subject        A LAKE DRIES UP" in result.stdout
    assert "The lake ran dry." in result.stdout


def test_plain_text_has_no_colours_and_no_blanks_at_line_ends(sample: Path) -> None:
    for option in ([], ["--explain"]):
        view = run("parse", *option, sample).stdout
        assert "\x1b" not in view
        assert not any(line.endswith(" ") for line in view.split("\n"))


def test_colours_can_be_kept_in_a_pipe_and_switched_off(sample: Path) -> None:
    assert "\x1b[" in run("parse", sample, FORCE_COLOR="1").stdout
    assert "\x1b[3" not in run("parse", sample, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_width(sample: Path) -> None:
    def widest(*options: str, **environment: str) -> int:
        return max(map(len, run("parse", *options, sample, **environment).stdout.splitlines()))

    assert widest() == 80
    assert widest("--width", "60") == 60
    assert widest("--explain", "--width", "50") == 50
    assert widest(COLUMNS="120") == 120
    assert run("parse", "--width", "39", sample).exit_code == 2


def test_several_cables_stand_under_the_names_of_their_files(sample: Path) -> None:
    one, two = run("parse", "--width", "200", sample).stdout, run("parse", "--width", "200", sample, sample).stdout
    assert str(sample) not in one
    assert two.count(f"{sample} ═") == 2
    assert two.count(one) == 2


def test_explain(sample: Path) -> None:
    source, _, legend = run("parse", "--explain", sample).stdout.partition("─")
    rows = [line.partition("│")[::2] for line in source.splitlines()]
    assert "".join(text for _, text in rows).replace(" ", "") == SAMPLE.replace("\n", "").replace(" ", "")
    assert {margin.split()[0] for margin, _ in rows} == {node.rule for node in cablekit.parse(SAMPLE).nodes}
    assert f"100.0% understood, 0 of {len(SAMPLE)} characters unparsed" in legend


def test_tables_are_never_cut(root: Path) -> None:
    path = root / "samples" / "tables.txt"
    tables = [block for block in cablekit.parse(path.read_bytes()).body if block.kind == "table"]
    rows = [line.rstrip() for table in tables for line in table.text.splitlines()]
    view = run("parse", "--width", "40", path).stdout.splitlines()
    assert max(map(len, rows)) > 40
    assert set(rows) <= set(view)


def test_the_samples_are_shown_in_every_way(samples: list[Path]) -> None:
    for option in ([], ["--explain"], ["--normalise"], ["--json"], ["--jsonl"], ["--field", "mrn"]):
        result = run("parse", *option, *samples)
        assert (result.exit_code, result.stderr) == (0, "")
        assert len(result.stdout.splitlines()) >= len(samples)


def test_findings_tell_line_and_column_of_the_file(sample: Path) -> None:
    cable = cablekit.parse(SAMPLE)
    assert cable.diagnostics, "the invented post is in no list"
    line = SAMPLE[: cable.diagnostics[0].span.start].count("\n") + 1
    assert f" {line}:" in run("parse", sample).stdout


def test_json_of_one_file_is_the_cable(sample: Path) -> None:
    result = run("parse", "--json", sample)
    (record,) = cablekit.read(sample)
    assert cablekit.Cable.model_validate_json(result.stdout) == record.parse()
    assert result.stdout.startswith("{\n  ")
    assert result.stdout.endswith("}\n")


def test_json_of_several_files_is_an_array(sample: Path, no_cable: Path) -> None:
    cable = json.loads(run("parse", "--json", sample).stdout)
    several = run("parse", "--json", sample, no_cable, sample)
    assert json.loads(several.stdout) == [cable, cable]
    assert several.stdout == json.dumps([cable, cable], indent=2, ensure_ascii=False) + "\n"
    assert json.loads(run("parse", "--json", no_cable, no_cable).stdout) == []


def test_jsonl_is_one_cable_a_line(sample: Path, no_cable: Path) -> None:
    result = run("parse", "--jsonl", sample, no_cable, sample)
    (record,) = cablekit.read(sample)
    cable = record.parse()
    assert [cablekit.Cable.model_validate_json(line) for line in result.stdout.splitlines()] == [cable, cable]


def test_canonical_text_is_read_as_the_cable(sample: Path, no_cable: Path) -> None:
    messy = sample.with_name("messy.txt")
    messy.write_text(SAMPLE.replace("1. (U)", "¶1.(U)").replace("SUBJECT: A", "SUBJ:  A"), encoding="utf-8")
    canonical = SAMPLE.replace("SYLVANIA\n\n", "SYLVANIA\n")
    assert run("parse", "--normalise", messy).stdout == canonical
    assert run("parse", "--normalise", messy, no_cable, sample).stdout == f"{canonical}\n{canonical}"


@pytest.mark.parametrize("option", ["--json", "--jsonl", "--field=mrn", "--explain", "--normalise"])
def test_what_is_no_cable_leaves_standard_output_empty(option: str, no_cable: Path) -> None:
    assert run("parse", option, no_cable).stdout == ""


@pytest.mark.parametrize("terminal_encoding", ["ascii", "utf-8"])
def test_json_is_utf8_whatever_the_terminal(terminal_encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "accents.txt"
    path.write_text(SAMPLE.replace("LAKE", "LÄKE 漢"), encoding="utf-8")
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": terminal_encoding, "PYTHONUTF8": "0"}
    done = cablekit_process("parse", "--json", path, stdout=subprocess.PIPE, encoding="utf-8", env=environment)
    assert json.loads(done.stdout)["subject"]["text"] == "A LÄKE 漢 DRIES UP"
    view = cablekit_process("parse", path, stdout=subprocess.PIPE, encoding=terminal_encoding, env=environment)
    assert view.returncode == 0
    assert ("A L\\xc4KE \\u6f22" if terminal_encoding == "ascii" else "A LÄKE 漢") in view.stdout


# ---- parse --field ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("mrn", "08FREEDONIA94"),
        ("mrn.serial", "94"),
        ("layout", "B"),
        ("header.dtg.utc", "2008-01-29T09:34:00Z"),
        ("header.dtg.precedences", "ROUTINE"),
        ("header.precedence.rank", "4"),
        ("header.action.0.name", "SECSTATE WASHDC"),
        ("header.action.collective", "false"),
        ("header.transmission_id.text", ""),
        ("classification.level.abbreviation", "U"),
        ("executive_order.schedule", "N/A"),
        ("tags.code", "SENV\nPREL"),
        ("tags.1.code", "PREL"),
        ("tags.2.code", ""),
        ("tags.span.start", f"{SAMPLE.index('SENV')}\n{SAMPLE.index('PREL')}"),
        ("tags.0.span", f"[{SAMPLE.index('SENV')}, {SAMPLE.index('SENV') + 4}]"),
        ("subject.text", "A LAKE DRIES UP"),
        ("body.number", "1\n2"),
        ("body.1.text", "Nobody knows why."),
        ("paragraphs.mark", "U\nU"),
        ("summary.text", "The lake ran dry."),
        ("summary.paragraphs", "1"),
        ("action_request", ""),
        ("signature.name", "FIREFLY"),
        ("source.encoding", "utf-8"),
    ],
)
def test_field(path: str, written: str, sample: Path) -> None:
    result = run("parse", "--field", path, sample)
    assert (result.exit_code, result.stdout) == (0, f"{written}\n")


def test_an_empty_list_has_no_lines(sample: Path) -> None:
    assert run("parse", "--field", "references.text", sample).stdout == ""


def test_a_part_is_written_as_json(sample: Path) -> None:
    part = json.loads(run("parse", "--field", "header.dtg", sample).stdout)
    assert part == cablekit.parse(SAMPLE).model_dump(mode="json")["header"]["dtg"]


def test_fields_come_in_the_order_asked(sample: Path) -> None:
    result = run("parse", "--field", "layout", "--field", "mrn", sample, sample)
    assert result.stdout == "B\n08FREEDONIA94\n" * 2


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("dtg", "a cable has no 'dtg'; there is: schema_version, mrn, layout, layout_reason, header, "),
        ("header.dgt", "header has no 'dgt'; there is: span, transmission_id, "),
        ("header.dtg.utc.year", "header.dtg.utc has no 'year'; there is: nothing further"),
        ("tags.kode", "tags has no 'kode'; there is: span, code, kind, name, persons, as_written, or a number"),
        ("mrn.0", "mrn has no '0'; there is: span, year, "),
        ("tags.0.0", "tags.0 has no '0'; there is: span, code, "),
        ("body.colour", "body has no 'colour'; there is: span, kind, number, "),
        ("", "a cable has no ''"),
        ("mrn.", "mrn has no ''"),
        ("model_fields", "a cable has no 'model_fields'"),
        ("passage", "a cable has no 'passage'"),
    ],
)
def test_an_unknown_field_is_told_what_there_is(path: str, complaint: str, sample: Path) -> None:
    result = run("parse", "--field", path, sample)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for --field: {complaint}" in result.stderr


def test_every_field_of_every_block_can_be_named() -> None:
    cable = cablekit.parse(SAMPLE)
    for name in (*cablekit.Cable.model_fields, "paragraphs", "summary", "comment", "action_request"):
        assert all(isinstance(line, str) for line in lines(cable, check(name)))
    for name in ("number", "mark", "sub_items", "underlined", "under"):
        assert len(list(lines(cable, check(f"body.{name}")))) <= len(cable.body)


# ---- parse: what is read ------------------------------------------------------------------------------------------


def test_standard_input(sample: Path) -> None:
    expected = run("parse", "--json", sample).stdout.replace('"path": "sample.txt"', '"path": "-"')
    assert run("parse", "--json", "-", stdin=SAMPLE).stdout == expected
    assert run("parse", "--json", stdin=SAMPLE).stdout == expected
    assert run("parse", "--json", stdin=SAMPLE.encode("utf-16")).exit_code == 0


def test_standard_input_can_be_read_once() -> None:
    result = run("parse", "-", "-", stdin=SAMPLE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Standard input (-) can be read once only." in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stdin", [Terminal(), None], ids=["terminal", "closed"])
def test_nothing_is_read_from_a_terminal(stdin: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(SystemExit) as left:
        main(["parse"])
    assert left.value.code == 2
    assert "No input. Give files, folders or archives, or - for standard input." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--json", "--jsonl"], "--json and --jsonl cannot be combined"),
        (["--json", "--field=mrn"], "--json and --field cannot be combined"),
        (["--field=mrn", "--explain"], "--field and --explain cannot be combined"),
        (["--json", "--jsonl", "--explain"], "--json and --jsonl and --explain cannot be combined"),
        (["--normalise", "--json"], "--json and --normalise cannot be combined"),
        (["--normalise", "--width=80"], "--width has no effect with --normalise"),
        (["--json", "--width=80"], "--width has no effect with --json"),
        (["--jsonl", "--width=80"], "--width has no effect with --jsonl"),
        (["--field=mrn", "--width=80"], "--width has no effect with --field"),
    ],
)
def test_options_that_exclude_each_other(options: list[str], complaint: str, sample: Path) -> None:
    result = run("parse", *options, sample)
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr


UNUSABLE = {
    "missing": "no such file; check the path",
    "folder": "holds nothing to read; check the path and --hidden",
    "zip/inside": "cannot be read (Not a directory); check the path and the disk",
    "empty": "is empty; get the file again from where it came from",
    "blank": "is not a cable: ",
    "letter": "is not a cable: ",
    "zip": "has no directory: its end is missing; get the file again; what stands before the end is read",
    "gzip": "ends too early; get the file again from where it came from",
    "sqlite": "is an SQLite database; give text files",
    "binary": "is binary; give a file with the text of a cable",
}
CONTENTS = {
    "empty": b"",
    "blank": b" \n",
    "letter": b"Dear aunt, the weather is fine.\n",
    "zip": b"PK\x03\x04UNCLAS",
    "gzip": b"\x1f\x8b\x08",
    "sqlite": b"SQLite format 3\x00",
    "binary": b"\x7fELF\x00\x00\x01",
}


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """A folder with inputs that give no cable."""
    (tmp_path / "folder").mkdir()
    for name, data in CONTENTS.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_input_that_gives_no_cable(name: str, unusable: Path, sample: Path) -> None:
    path = unusable / name
    alone = run("parse", path)
    (line,) = alone.stderr.splitlines()
    assert alone.exit_code == 3
    assert line.startswith(f"cablekit: {path}: {UNUSABLE[name].format(path=path)}")
    assert "; " in line
    among = run("parse", "--field", "mrn", sample, path, sample)
    assert (among.exit_code, among.stdout, among.stderr) == (1, "08FREEDONIA94\n" * 2, alone.stderr)


def test_a_file_that_may_not_be_read(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", Mock(side_effect=PermissionError(13, "Permission denied")))
    result = run("parse", sample)
    assert (result.exit_code, result.stderr) == (3, f"cablekit: {sample}: may not be read; check its permissions\n")


def test_a_name_cannot_break_the_line_or_steer_the_terminal() -> None:
    assert run("parse", "a\nb\x1b[31m").stderr == "cablekit: a b␛[31m: no such file; check the path\n"


def test_nothing_on_standard_input() -> None:
    result = run("parse", "-", stdin="")
    assert (result.exit_code, result.stderr.split("; ")[0]) == (3, "cablekit: standard input: is empty")


# ---- parse and sources: dumps -------------------------------------------------------------------------------------


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """A folder with cables in several forms, and with what gives none."""
    folder = tmp_path / "dump"
    (folder / "1976").mkdir(parents=True)
    (folder / "1976" / "a.txt").write_text(SAMPLE, encoding="utf-8")
    (folder / "1976" / ".hidden.txt").write_text(SAMPLE, encoding="utf-8")
    (folder / "b.zip").write_bytes(zipped({"c.txt": SAMPLE.encode(), "d.txt": SAMPLE.encode(), "e.bin": b"\0\1"}))
    (folder / "letter").write_text("Dear aunt, the weather is fine.", encoding="utf-8")
    return folder


def test_a_dump_gives_all_its_cables(dump: Path) -> None:
    result = run("parse", "--jsonl", dump)
    cables = [cablekit.Cable.model_validate_json(line) for line in result.stdout.splitlines()]
    places = [str(cable.source.provenance) for cable in cables]
    assert (result.exit_code, places) == (1, ["1976/a.txt", "b.zip/c.txt", "b.zip/d.txt"])
    assert {str(cable.mrn) for cable in cables} == {"08FREEDONIA94"}
    assert result.stderr.splitlines() == [
        f"cablekit: {dump}/b.zip/e.bin: is binary; give a file with the text of a cable",
        f"cablekit: {dump}/letter: is not a cable: {NO_FORM}; give a file with the text of a cable",
    ]


def test_a_dump_is_an_array_and_shows_names(dump: Path) -> None:
    assert len(json.loads(run("parse", "--json", dump).stdout)) == 3
    assert len(json.loads(run("parse", "--json", dump / "b.zip").stdout)) == 2
    assert len(json.loads(run("parse", "--json", "--glob", "a.*", dump).stdout)) == 1
    view = run("parse", "--width", "300", dump / "b.zip").stdout
    assert [view.count(f"{dump}/b.zip/{name} ═") for name in ("c.txt", "d.txt")] == [1, 1]
    assert "100.0% understood" in run("parse", "--explain", dump / "b.zip").stdout


def test_a_dump_through_standard_input(dump: Path) -> None:
    result = run("parse", "--field", "source.provenance.members", "-", stdin=(dump / "b.zip").read_bytes())
    assert result.stdout == "c.txt\nd.txt\n"
    assert result.stderr.startswith("cablekit: standard input/e.bin: is binary; ")


def test_options_of_sources(dump: Path) -> None:
    assert run("parse", "--jsonl", "--glob", "*/*.txt", dump).stdout.count("\n") == 3
    assert run("parse", "--jsonl", "--glob", "1976/*", dump).exit_code == 0
    assert run("parse", "--jsonl", "--hidden", dump).stdout.count("\n") == 4
    assert "has more than 1 members" in run("parse", "--jsonl", "--max-members", "1", dump / "b.zip").stderr
    assert "is larger than 100 bytes" in run("parse", "--jsonl", "--max-record", "100", dump).stderr
    assert run("parse", "--jsonl", "--max-record", "1K", "--max-depth", "1", dump).exit_code == 1
    assert "lies in 0 other archives" not in run("parse", "--max-depth", "1", dump / "b.zip").stderr
    refused = run("parse", "--max-record", "many", dump)
    assert (refused.exit_code, "'many' is no size; write 500000, 64M or 2G." in refused.stderr) == (2, True)


def test_every_limit_is_an_option() -> None:
    for name in ("parse", "sources"):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        options = {option for parameter in command.params for option in parameter.opts}
        assert {f"--max-{limit.name}" for limit in dataclasses.fields(cablekit.Limits)} <= options


def test_what_is_in_a_dump(dump: Path) -> None:
    result = run("sources", dump)
    heading, *rows = (line.split() for line in result.stdout.splitlines())
    letter = len("Dear aunt, the weather is fine.")
    assert (result.exit_code, heading) == (1, ["kind", "records", "bytes", "largest", "failures"])
    assert rows == [
        ["text", "4", f"{3 * len(SAMPLE) + letter:,}", str(len(SAMPLE))],
        ["unknown", "0", "0", "0", "1", "unknown"],
    ]
    assert result.stderr == f"cablekit: {dump}/b.zip/e.bin: is binary; give a file with the text of a cable\n"


def test_what_is_in_a_dump_as_json(dump: Path) -> None:
    result = run("sources", "--json", dump)
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, list(found)) == (1, "", ["failures", "kinds"])
    (failure,) = found["failures"]
    assert (failure["provenance"]["members"], failure["reason"]) == (["e.bin"], "unknown")
    assert [(kind["kind"], kind["records"]) for kind in found["kinds"]] == [("text", 4), ("unknown", 0)]
    assert json.loads(run("sources", "--json", dump / "1976").stdout)["failures"] == []


# ---- the process --------------------------------------------------------------------------------------------------


def test_as_a_module(sample: Path) -> None:
    done = cablekit_process("parse", "--field", "mrn", sample, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "08FREEDONIA94\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
@pytest.mark.parametrize("arguments", [["parse", "--json", "-"], ["parse", "-"], ["schema"], ["--help"]])
def test_output_on_a_full_disk(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = cablekit_process(*arguments, stdout=full, input=SAMPLE)
    assert done.returncode == 4
    assert done.stderr.startswith("cablekit: standard output: cannot be written (No space left on device); make room")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_standard_output_is_closed() -> None:
    command = f"{sys.executable} -m cablekit schema >&-"
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert (done.returncode, done.stderr) == (
        4,
        "cablekit: standard output: is closed; give it a file or a terminal\n",
    )


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe")
def test_the_reader_goes_away(sample: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w") as pipe:
        done = cablekit_process("parse", *[sample] * 20, stdout=pipe)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_interrupt_is_quiet(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cablekit.sources.parse.parse_record", Mock(side_effect=KeyboardInterrupt))
    result = run("parse", sample)
    assert (result.exit_code, result.output) == (130, "")


def imported(*arguments: str | Path) -> set[str]:
    """Return the modules that a command imports, beside click and what the interpreter began with."""
    program = (
        "import sys, click.testing, cablekit; before = set(sys.modules)\n"
        "from cablekit.cli import main\n"
        f"done = click.testing.CliRunner().invoke(main, {[str(argument) for argument in arguments]})\n"
        "assert done.exit_code == 0, done.output\n"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_needs_none_of_the_heavy_libraries_of_the_commands() -> None:
    assert imported("parse", "--help").isdisjoint({"lark", "pydantic", "rich", "cablekit.vocabulary"})


def test_one_cable_needs_little_once_its_grammars_are_kept(sample: Path) -> None:
    imported("parse", sample)
    modules = imported("parse", sample)
    assert "cablekit.build.cable" in modules
    others = (
        "archive",
        "build.attributes",
        "build.filling",
        "cli.fields",
        "conversion",
        "sources.html",
        "sources.jsonl",
    )
    # Pydantic imports the last one, and half the library with it, when it makes the first validator.
    libraries = {"asyncio", "dateutil", "json", "lark", "logging", "multiprocessing", "sqlite3", "importlib.metadata"}
    assert modules.isdisjoint({*(f"cablekit.{other}" for other in others), *libraries})


def test_version() -> None:
    assert run("--version").stdout == f"cablekit {cablekit.__version__}\n"


@pytest.mark.parametrize(
    ("shell", "sign"),
    [("bash_source", "complete -o"), ("zsh_source", "#compdef"), ("fish_source", "complete --no-files")],
)
def test_completion(shell: str, sign: str) -> None:
    assert sign in run(_CABLEKIT_COMPLETE=shell).stdout


def test_completion_knows_commands_and_options() -> None:
    def complete(words: str) -> str:
        count = str(len(words.split(" ")) - 1)
        return run(_CABLEKIT_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count).stdout

    assert complete("cablekit p") == "plain,parse\nplain,posts\n"
    assert "plain,--jsonl" in complete("cablekit parse --j")
    assert complete("cablekit parse x").startswith("file,")


# ---- schema, tags, posts ------------------------------------------------------------------------------------------


def test_schema() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema == schema | cablekit.Cable.model_json_schema()


@pytest.mark.parametrize(
    ("arguments", "row"),
    [
        (["KCRM"], ["KCRM", "program", "Criminal Activity"]),
        (["kcrm"], ["KCRM", "program", "Criminal Activity"]),
        (["--name", "trafficking in"], ["KTIP", "program", "Trafficking in Persons"]),
        (["--name", "buildings"], ["ABLD", "subject", "Building and Grounds (1974: Buildings)"]),
    ],
)
def test_tags(arguments: list[str], row: list[str]) -> None:
    result = run("tags", *arguments)
    assert result.exit_code == 0
    assert row in [line.split(maxsplit=2) for line in result.stdout.splitlines()]


def test_tags_gives_every_meaning() -> None:
    assert {entry["kind"] for entry in json.loads(run("tags", "--json", "EC").stdout)} == {"geographic", "organization"}


def test_tags_as_json() -> None:
    (entry,) = json.loads(run("tags", "--json", "KCRM").stdout)
    assert entry.keys() == {"code", "kind", "name", "in_1974", "source"}
    assert (entry["code"], entry["name"]) == ("KCRM", "Criminal Activity")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["KCRN"], "cablekit: KCRN: no such TAG; did you mean KCR"),
        (["EINDETRD"], "cablekit: EINDETRD: no such TAG; did you mean EIND or ETRD?"),
        (["????"], "cablekit: ????: no such TAG; search the names with --name WORD"),
        (["--name", "zeppelin"], "cablekit: zeppelin: no TAG has this in its name; try a part of the word"),
    ],
)
def test_a_tag_that_is_not_found(arguments: list[str], message: str) -> None:
    result = run("tags", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(message)
    assert json.loads(run("tags", "--json", "KCRM", *arguments).stdout)[0]["code"] == "KCRM"


def test_tags_needs_something_to_look_up() -> None:
    result = run("tags")
    assert result.exit_code == 2
    assert "Nothing to look up. Give codes, or --name WORD." in result.stderr


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("BISHKEK", ["BISHKEK"]),
        ("Embassy The Hague", ["THEHAGUE"]),
        ("AMEMBASSY PARIS", ["PARIS"]),
        ("ruehbs", ["BRUSSELS", "USEUBRUSSELS"]),
    ],
)
def test_posts(name: str, keys: list[str]) -> None:
    assert [post["post"] for post in json.loads(run("posts", "--json", name).stdout)] == keys
    assert [line.split()[0] for line in run("posts", name, COLUMNS="500").stdout.splitlines()] == keys


def test_posts_tells_codes_and_spellings() -> None:
    (line,) = run("posts", "BISHKEK", COLUMNS="500").stdout.splitlines()
    assert line.split(maxsplit=1)[1] == (
        "Embassy Bishkek, Kyrgyzstan  RI RUEHEK; TAG KG; AMEMBASSY BISHKEK; also BISHTEK"
    )
    (post,) = json.loads(run("posts", "--json", "BISHKEK").stdout)
    assert post["spellings"] == [{"name": "BISHTEK", "remark": None}]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("LONDN", "cablekit: LONDN: no such post; did you mean LONDON?"),
        ("XXXXXXXX", "cablekit: XXXXXXXX: no such post; try the city, or a routing indicator"),
    ],
)
def test_a_post_that_is_not_found(name: str, message: str) -> None:
    result = run("posts", name, "PARIS")
    assert result.exit_code == 1
    assert result.stdout.startswith("PARIS")
    assert result.stderr.strip() == message


# ---- the documentation --------------------------------------------------------------------------------------------


def test_the_reference_is_fresh(root: Path) -> None:
    written = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == runpy.run_path(str(root / "docs" / "build_cli.py"))["reference"](), "run python docs/build_cli.py"


def test_every_command_and_option_is_in_the_reference_and_has_an_example(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    sections = {section.split("\n")[0]: section for section in page.split("\n## ")[1:]}
    pages = runpy.run_path(str(root / "docs" / "build_cli.py"))
    for context in pages["contexts"]():
        name, command = context.command_path.removeprefix("cablekit").strip(), context.command
        section = sections.pop(f"cablekit {name}".strip())
        assert f"Example:\n    cablekit {name}" in section
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help
                assert all(f"{option} " in section or f"{option}," in section for option in parameter.opts)
    assert sections == {}


def test_the_messages_are_in_the_documentation(root: Path) -> None:
    page = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    for message in UNUSABLE.values():
        told = message.format(path="FOLDER").replace("Not a directory", "…")
        assert f"`{told}" in page
    for message in (
        "No input. Give files, folders or archives, or - for standard input.",
        "Standard input (-) can be read once only.",
        "--json and --jsonl cannot be combined. Give one of them.",
        "--width has no effect with --json. Leave it out.",
        "Nothing to look up. Give codes, or --name WORD.",
        "no such TAG; did you mean …?",
        "search the names with --name WORD",
        "no TAG has this in its name; try a part of the word",
        "no such post; did you mean …?",
        "try the city, or a routing indicator",
        "cannot be written (…); make room, or send the output elsewhere",
        "is closed; give it a file or a terminal",
        "may not be read; check its permissions",
    ):
        assert message in page
