from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from cablekit import model
from cablekit.build.cable import parse
from cablekit.model import (
    Block,
    Cable,
    Caption,
    Header,
    Level,
    Model,
    Mrn,
    Node,
    Paragraph,
    Passage,
    PortionMark,
    Precedence,
    Source,
    Span,
    Text,
    UtcDatetime,
)
from tests.make import cable, header

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
AT = Span(0, 3)


def mark(level: Level, *controls: str) -> PortionMark:
    return PortionMark(level=level, controls=controls, as_written="(U)", span=AT)


def mrn(**fields: Any) -> Mrn:
    return Mrn(**{"year": 2008, "post": "SOFIA", "serial": 94, "as_written": "SOFIA 000094", "span": AT} | fields)


def kinds(base: type[Model] = Model) -> Iterator[type[Model]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith(model.__name__):
            yield kind
        yield from kinds(kind)


# ---- every model -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=lambda kind: kind.__name__))
def test_every_model_is_frozen_closed_and_told_about(kind: type[Model]) -> None:
    assert kind.model_config["frozen"] is True
    assert kind.model_config["extra"] == "forbid"
    assert kind.__doc__
    assert kind.__name__ in model.__all__
    for name, field in kind.model_fields.items():
        assert "list" not in str(field.annotation), f"{name} could be changed"


def test_everything_of_the_model_package_is_named() -> None:
    assert model.__all__ == sorted(model.__all__)
    assert all(hasattr(model, name) for name in model.__all__)


def test_a_model_cannot_be_changed() -> None:
    made = parse(cable())
    with pytest.raises(ValidationError, match="frozen"):
        made.layout = "B"
    with pytest.raises(ValidationError, match="frozen"):
        made.captions[0].name = "NODIS"


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Caption.model_validate({"name": "SIPDIS", "span": [0, 6], "colour": "red"})


def test_equal_by_value_and_hashable() -> None:
    one, two = parse(cable()), parse(cable())
    assert one == two
    assert one is not two
    assert len({one, two, parse(cable(captions="NODIS"))}) == 2
    assert one != parse(cable().encode())  # text was given, and bytes


# ---- there and back --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_there_and_back(path: Path) -> None:
    made = parse(path.read_bytes())
    written = made.model_dump_json()
    back = Cable.model_validate_json(written)
    assert back == made
    assert hash(back) == hash(made)
    assert back.model_dump_json() == written
    assert Cable.model_validate(made.model_dump()) == made
    assert Cable.model_validate(made.model_dump(mode="json")) == made
    assert Cable.model_validate(json.loads(written)) == made
    json.dumps(json.loads(written), allow_nan=False)


@pytest.mark.parametrize(
    "text",
    [
        cable(header=header(line_5="P 321218Z OCT 09 \ud800")),
        cable(header=header(line_1="VZCZC\udfff", line_6="FM X\ud800")),
        cable(line_12="SS E C R E T SOFIA\udfff 000608", body="¶125. (\ud9ff)\n1. (U) \udfff"),
    ],
)
def test_text_that_is_no_unicode_can_be_written(text: str) -> None:
    made = parse(text)
    assert Cable.model_validate_json(made.model_dump_json()) == made


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_any_cable_can_be_written(one: str, two: str) -> None:
    made = parse(cable(captions=f"SIPDIS\n\n{one}", body=f"1. (U) {two}\n\n¶125. {one}\n\n(U) {two}"))
    assert Cable.model_validate_json(made.model_dump_json()) == made


# ---- made without validation -----------------------------------------------------------------------


def types(value: Any) -> Any:
    if isinstance(value, Model):
        return type(value), {name: types(part) for name, part in value}
    return [types(part) for part in value] if type(value) is tuple else type(value)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_made_without_validation_is_what_validation_makes_of_it(path: Path) -> None:
    made = parse(path.read_bytes())
    assert types(made) == types(Cable.model_validate(made.model_dump()))


def test_a_model_made_without_validation_is_like_any_other() -> None:
    checked = Caption(span=AT, name="SIPDIS")
    made = Caption.model_construct(name="SIPDIS", span=AT)
    assert (made, repr(made), hash(made)) == (checked, repr(checked), hash(checked))
    assert made.model_dump_json() == checked.model_dump_json()
    assert made.model_fields_set == checked.model_fields_set == {"span", "name"}
    assert Caption.model_construct({"span"}, name="SIPDIS", span=AT).model_fields_set == {"span"}
    assert pickle.loads(pickle.dumps(made)) == deepcopy(made) == made.model_copy() == made
    assert made.model_copy(update={"count": 2}).count == 2


DEFERRED = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from pydantic import TypeAdapter
from pydantic_core import to_json
import cablekit

cable = cablekit.parse(Path({path!r}).read_bytes())
ways = (
    lambda: to_json(cable),
    lambda: to_json([cable])[1:-1],
    lambda: TypeAdapter(Any).dump_json(cable),
    lambda: cable.model_dump_json().encode(),
    lambda: cablekit.Cable.model_validate(cable.model_dump()).model_dump_json().encode(),
    lambda: cablekit.Cable.model_validate_json(cable.model_dump_json()).model_dump_json().encode(),
)
with ThreadPoolExecutor(len(ways)) as threads:
    print({call})
"""


@pytest.mark.parametrize(
    "call",
    [*(f"ways[{first}]() == ways[3]()" for first in range(3)), "len(set(threads.map(lambda way: way(), ways))) == 1"],
    ids=["alone", "in a list", "as anything", "in threads"],
)
def test_models_that_are_used_for_the_first_time(call: str) -> None:
    program = DEFERRED.format(path=str(SAMPLES[0]), call=call)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")


# ---- spans -----------------------------------------------------------------------------------------


def test_a_span_is_a_pair() -> None:
    node = Node(rule="text", span=Span(2, 5))
    assert node.model_dump() == {"span": (2, 5), "rule": "text"}
    assert node.model_dump_json() == '{"span":[2,5],"rule":"text"}'
    assert Node.model_validate_json('{"span":[2,5],"rule":"text"}') == node
    assert Node.model_validate({"span": (2, 5), "rule": "text"}) == node
    assert isinstance(Node.model_validate({"span": [2, 5], "rule": "text"}).span, Span)
    assert "abcdef"[slice(*node.span)] == "cde"


@pytest.mark.parametrize("wrong", [[1], [1, 2, 3], [-1, 2], ["a", 2], [1.5, 2], None, 3, "12"])
def test_what_is_no_span(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        Node.model_validate({"span": wrong, "rule": "text"})
    with pytest.raises(ValidationError):
        Node.model_validate_json(json.dumps({"span": wrong, "rule": "text"}))


def test_the_schema_of_a_span() -> None:
    schema = TypeAdapter(Span).json_schema()
    assert (schema["type"], schema["minItems"], schema["maxItems"]) == ("array", 2, 2)


# ---- moments ---------------------------------------------------------------------------------------

MOMENT = TypeAdapter(UtcDatetime)


def test_moments_are_kept_in_utc() -> None:
    bishkek = datetime(2008, 1, 29, 15, 34, tzinfo=timezone(timedelta(hours=6)))
    read = MOMENT.validate_python(bishkek)
    assert (read, read.tzinfo) == (datetime(2008, 1, 29, 9, 34, tzinfo=UTC), UTC)
    assert MOMENT.validate_json('"2008-01-29T09:34:00Z"') == read


@pytest.mark.parametrize("naive", [datetime(2008, 1, 29, 9, 34), "2008-01-29T09:34:00"])
def test_moments_without_a_zone_are_refused(naive: Any) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        MOMENT.validate_python(naive)


# ---- single models ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "08SOFIA94"),
        ({"year": 1974}, "74SOFIA94"),
        ({"year": 2000, "post": "PORTOFSPAIN", "serial": 1}, "00PORTOFSPAIN1"),
        ({"year": None}, "SOFIA94"),
        ({"serial": 123456}, "08SOFIA123456"),
    ],
)
def test_mrn(fields: dict[str, Any], text: str) -> None:
    assert str(mrn(**fields)) == text


def test_levels() -> None:
    assert [level.rank for level in Level] == list(range(7))
    assert [level.abbreviation for level in Level] == ["U", "SBU", "LOU", "R", "C", "S", "TS"]
    assert str(Level.SBU) == "SENSITIVE BUT UNCLASSIFIED"


def test_precedences_from_the_most_urgent() -> None:
    assert [precedence.rank for precedence in Precedence] == [1, 1, 2, 2, 3, 4]
    assert str(Precedence.NIACT_IMMEDIATE) == "NIACT IMMEDIATE"


def test_portion_marks_from_the_least_restrictive() -> None:
    rising = [
        mark(Level.UNCLASSIFIED),
        mark(Level.UNCLASSIFIED, "FOUO"),
        mark(Level.SBU),
        mark(Level.CONFIDENTIAL),
        mark(Level.CONFIDENTIAL, "NF"),
        mark(Level.SECRET, "NF"),
        mark(Level.SECRET, "FGI", "NF"),
        mark(Level.TOP_SECRET),
    ]
    shuffled = [*rising[3:], *rising[:3]]
    assert sorted(shuffled) == rising
    for low, high in pairwise(rising):
        assert low < high
        assert low <= high
        assert high > low
        assert high >= low
        assert not low > high
        assert not low >= high
    assert [str(one) for one in rising] == ["U", "U//FOUO", "SBU", "C", "C//NF", "S//NF", "S//FGI//NF", "TS"]
    same = (mark(Level.SECRET, "NF"), mark(Level.SECRET, "REL TO GBR"))
    assert same[0] <= same[1]
    assert same[0] >= same[1]
    assert not same[0] < same[1]
    assert not same[0] > same[1]


def test_the_precedence_of_a_header() -> None:
    assert Header().precedence is None
    assert parse(cable()).header.precedence == Precedence.PRIORITY
    two = parse(cable().replace("P 051218Z", "O R 051218Z"))
    assert two.header.precedence == Precedence.IMMEDIATE
    routing_only = parse("OO RUEHAST\nDE RUEHSF #0608 2781218\n" + cable(header=""))
    assert routing_only.header.precedence == Precedence.IMMEDIATE


def test_repr() -> None:
    assert repr(parse(cable())) == "<Cable 09SOFIA608 UNCLASSIFIED, 2009-10-05 12:18Z, 'ROSE OIL', 2 paragraphs>"
    assert str(parse(cable())) == repr(parse(cable()))
    bare = Cable(
        mrn=None, layout="B", header=Header(), coverage=1.0, source=Source(encoding="str", characters=0), nodes=()
    )
    assert repr(bare) == "<Cable without MRN unmarked, undated, no subject, 0 paragraphs>"


def test_blocks_are_told_apart_by_their_kind() -> None:
    blocks: TypeAdapter[Block] = TypeAdapter(Block)
    assert isinstance(blocks.validate_python({"kind": "text", "text": "A", "span": [0, 1]}), Text)
    with pytest.raises(ValidationError, match="kind"):
        blocks.validate_python({"kind": "poem", "text": "A", "span": [0, 1]})


def block(number: int, role: str | None, words: tuple[int, int] | None = None) -> dict[str, Any]:
    return {"kind": "paragraph", "number": number, "number_as_written": f"{number}.", "role": role, "role_words": words,
            "text": f"Words {number}.", "span": [10 * number, 10 * number + 9]}  # fmt: skip


def test_passages() -> None:
    table = {"kind": "table", "text": "a   b", "span": [28, 29]}
    body = [
        block(1, None),
        block(2, "comment"),
        table,
        block(3, "comment", (0, 5)),
        block(4, None),
        block(5, "comment"),
    ]
    made = parse(cable()).model_copy(update={"body": TypeAdapter(tuple[Block, ...]).validate_python(body)})
    assert made.comment == Passage(role="comment", text="Words 2.\n\nWords", paragraphs=(2, 3), span=Span(20, 39))
    assert made.summary is None
    assert [paragraph.number for paragraph in made.paragraphs] == [1, 2, 3, 4, 5]
    assert all(isinstance(paragraph, Paragraph) for paragraph in made.paragraphs)


def test_the_views_of_a_notebook_and_of_rich() -> None:
    made = parse(cable())
    assert "ROSE OIL" in made._repr_html_()
    assert made.__rich__() is not None
    assert isinstance(made, BaseModel)
