"""The fields of a cable: what must be the same when a cable is written and read again."""

from __future__ import annotations

from typing import Any

from cablekit.model import Cable, Model, Mrn, Reference

_OF_THE_CABLE = {
    # What was said about the source, which is another one now; a mended cable has nothing left to mend.
    "source",
    "layout_reason",
    "coverage",
    "nodes",
    "diagnostics",
    "repairs",
    # Page breaks belong to a transmission. They are written on request only, and compared where they are.
    "page_breaks",
}
_EVERYWHERE = {
    # Places in the source; those of a caption's repeats are counted in `count`.
    "span",
    "repeats",
    # What stood there, of which the other fields are the reading.
    "as_written",
    "number_as_written",
}


def fields(cable: Cable, *, page_breaks: bool = False) -> dict[str, Any]:
    """Return the fields of a cable, as a dictionary that pytest shows differences of."""
    left_out = _OF_THE_CABLE - {"page_breaks"} if page_breaks else _OF_THE_CABLE
    return {name: value for name, value in _values(cable).items() if name not in left_out}


def _values(model: Model) -> dict[str, Any]:
    left_out = _EVERYWHERE
    if isinstance(model, Reference) and isinstance(model.mrn, Mrn) and model.text == model.mrn.as_written:
        # The text of a telegram is its number as written: 12 AND 34, with a letter for a figure.
        left_out = left_out | {"text"}
    return {name: _value(getattr(model, name)) for name in type(model).model_fields if name not in left_out}


def _value(value: Any) -> Any:
    if isinstance(value, Model):
        return _values(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value
