"""What every part of a cable has in common: a frozen model and a place in the source."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import (
    VERSION,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue


_DEFERRED = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)
"""Whether validators and serializers are made when they are first asked for: showing a cable needs none.

Older versions of Pydantic cannot do that in several threads at once, nor write such a model as part of another value.
"""
_new = object.__new__
# (What sets a slot of a frozen model; `object.__setattr__` would look for it each time.)
_set_values = BaseModel.__dict__["__dict__"].__set__
_set_fields_set = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


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


class _Constructed:
    """What makes models of values that are sound already: those of the builders, whose types mypy checks.

    Pydantic's own `model_construct` does the same, but takes three times as long: it looks for aliases.
    """

    _made_of: ClassVar[tuple[dict[str, Any], set[str]]]
    """All fields in order with their defaults, and their names, which are the fields set of a model given all of them.

    (Nothing adds to it, since models are frozen. Both are one attribute because looking one up in a class takes long.)
    """

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Make a model without validation."""
        defaults, names = cls._made_of
        if _fields_set is None:
            _fields_set = names if len(values) == len(names) else set(values)
        made = _new(cls)
        _set_values(made, defaults | values)
        _set_fields_set(made, _fields_set)
        _set_extra(made, None)
        _set_private(made, None)
        return made


class Model(_Constructed, BaseModel):
    """Base of all models: frozen, hashable, equal by value, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=_DEFERRED)

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        """Note the fields for `model_construct`."""
        defaults = {name: field.default for name, field in cls.model_fields.items()}
        cls._made_of = defaults, set(defaults)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the fields by the docstrings below them.

        (Pydantic can do that too, but it reads the sources of all models at every start, not when somebody asks.)
        """
        made = handler(schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, words in _docstrings(cls).items():
            if name in properties:
                properties[name].setdefault("description", words)
        return made


class Located(Model):
    """A part of a cable that stands somewhere in the source."""

    span: Span
    """Where it stands: characters of the source as given."""


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return what stands below the fields of a model and of those that it is made from, by their names."""
    import ast
    import inspect
    import textwrap

    found: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if not issubclass(part, Model):
            continue
        (written,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
        for field, below in pairwise(written.body if isinstance(written, ast.ClassDef) else ()):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                    found[name] = inspect.cleandoc(words)
    return found


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with its zone, kept in UTC. Values without a zone are refused."""


class Node(Located):
    """A stretch of the source and the rule that read it. The nodes of a cable cover its source without gap."""

    rule: str
    """Name of the rule, as `cablekit parse --explain` shows it."""
