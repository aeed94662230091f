"""Dotted paths to the fields of a cable: ``header.dtg.utc``, ``tags.code``, ``body.0.text``, ``summary.text``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from cablekit.model import Cable


class UnknownFieldError(ValueError):
    """The path leads nowhere in any cable. The message says what exists where it goes wrong."""


def check(path: str) -> tuple[str, ...]:
    """Split a path into its steps; raises `UnknownFieldError` when no cable can have such a field."""
    steps = tuple(path.split("."))
    annotation: Any = Cable
    for taken, step in enumerate(steps):
        below = {name: found for kind in _types(annotation) for name, found in _parts(kind).items()}
        is_list = get_origin(annotation) is tuple
        if is_list and step.isdecimal():
            annotation = get_args(annotation)[0]
        elif step in below:
            annotation = below[step]
        else:
            where = ".".join(steps[:taken]) or "a cable"
            there = ", ".join(below) or "nothing further"
            raise UnknownFieldError(f"{where} has no {step!r}; there is: {there}{', or a number' if is_list else ''}")
    return steps


def lines(cable: Cable, steps: tuple[str, ...]) -> Iterator[str]:
    """Give the values at a path: one for a single value, empty when it is absent; one for each item of a list."""
    return map(_line, _values(cable, steps))


def _values(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    if type(value) is tuple:
        if steps and steps[0].isdecimal():
            index = int(steps[0])
            yield from _values(value[index] if index < len(value) else None, steps[1:])
        else:
            for item in value:
                yield from _values(item, steps)
    elif steps and value is not None:
        # Blocks differ in their fields: a heading has no number.
        yield from _values(getattr(value, steps[0], None), steps[1:])
    else:
        yield value


def _line(value: Any) -> str:
    """Write a value as people write it: marks and identifiers short, everything else as in JSON."""
    if value is None:
        return ""
    if isinstance(value, BaseModel) and type(value).__str__ is not BaseModel.__str__:
        return str(value)
    plain = to_jsonable_python(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _types(annotation: Any) -> Iterator[type]:
    """Give the classes that a value, or the items of a list, may be of."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        for alternative in get_args(annotation):
            yield from _types(alternative)
    elif origin in (Annotated, tuple):
        yield from _types(get_args(annotation)[0])
    elif isinstance(annotation, type) and annotation is not NoneType:
        yield annotation


def _parts(kind: type) -> dict[str, Any]:
    """Give the fields and derived properties of a class with their types."""
    parts: dict[str, Any] = {}
    if issubclass(kind, BaseModel):
        parts.update({name: field.annotation for name, field in kind.model_fields.items()})
    elif issubclass(kind, tuple) or is_dataclass(kind):
        parts.update(get_type_hints(kind))
    elif not issubclass(kind, Enum):
        return parts
    for ancestor in kind.__mro__:
        if ancestor.__module__.startswith("cablekit."):
            for name, found in vars(ancestor).items():
                if isinstance(found, property):
                    parts[name] = get_type_hints(found.fget)["return"]
    return parts
