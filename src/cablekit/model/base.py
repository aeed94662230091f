"""What every part of a cable has in common: a frozen model and a place in the source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of the source as it was given. In JSON: ``[start, end]``."""

    start: int
    end: int

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a `Span` as it is (thousands are made a second), anything else as a pair of integers."""
        position = core_schema.int_schema(ge=0)
        pair = core_schema.no_info_after_validator_function(
            lambda value: cls(*value), core_schema.tuple_schema([position, position])
        )
        return core_schema.json_or_python_schema(
            json_schema=pair,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), pair], mode="left_to_right"),
            serialization=core_schema.plain_serializer_function_ser_schema(list, when_used="json"),
        )


class Model(BaseModel):
    """Base of all models: frozen, hashable, equal by value, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Located(Model):
    """A part of a cable that stands somewhere in the source."""

    span: Span
    """Where it stands: characters of the source as given."""


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with its zone, kept in UTC. Values without a zone are refused."""


class Node(Located):
    """A stretch of the source and the rule that read it. The nodes of a cable cover its source without gap."""

    rule: str
    """Name of the rule, as `cablekit parse --explain` shows it."""
