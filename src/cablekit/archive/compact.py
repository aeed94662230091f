"""A shorter form of a cable's JSON, for keeping it beside the record that it was read from.

Most of the JSON says where something stands, and repeats what stands there. So spans are taken out of it, and the
texts of blocks where the record has them in one piece; where they stand goes into a list of small numbers. What the
short form cannot give back to the letter is kept as it is.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

SPAN = 0
"""Stands for a span in the short form."""
TEXT = 1
"""Stands for a text that the record has."""


def dump(fields: dict[str, Any]) -> bytes:
    """Write JSON as `Cable.model_dump_json` does."""
    return to_json(fields)


def is_plain(reading: bytes, fields: dict[str, Any]) -> bool:
    """Tell whether `dump` makes this JSON of what it says."""
    try:
        return dump(fields) == reading
    except ValueError:  # text that is no Unicode
        return False


def shorten(reading: bytes, record: bytes, fields: dict[str, Any] | None = None) -> tuple[bytes, bytes]:
    """Return the short form and its numbers; the reading itself and no numbers where there is no short form.

    ``fields`` is what `dump` made the reading of, where the caller knows that; it is used up.
    """
    try:
        if fields is None:
            fields = json.loads(reading)
            if not is_plain(reading, fields):
                return reading, b""
        nodes = fields["nodes"]
        if not isinstance(nodes, list) or not set(map(tuple, nodes)) <= {("span", "rule")}:
            return reading, b""
        # What is taken out now is given back as it was: spans are pairs of numbers, texts are found in the record.
        numbers = bytearray()
        _take_texts(fields, _in_one_line(record, fields), numbers)
        spans: list[list[int]] = []
        _take_spans(fields, spans)
        spans += [node["span"] for node in nodes]
        _put_spans(spans, numbers)
        fields["nodes"] = [node["rule"] for node in nodes]
        return dump(fields), bytes(numbers)
    except (ValueError, LookupError, TypeError):
        return reading, b""


def lengthen(short: bytes, numbers: bytes, record: bytes) -> bytes:
    """Undo `shorten`. Bytes that it did not make raise `ValueError`, `LookupError`, `TypeError` or `AttributeError`."""
    if not numbers:
        return short
    fields = json.loads(short)
    given = _numbers(numbers)
    _give_texts(fields, _in_one_line(record, fields), given)
    end = _give_spans(fields, 0, given)
    nodes = []
    for rule in fields["nodes"]:
        span, end = _get_span(end, given)
        nodes.append({"span": span, "rule": rule})
    fields["nodes"] = nodes
    return dump(fields)


def texts(short: bytes, numbers: bytes, record: bytes) -> list[str]:
    """Return the texts of the blocks, without the rest of the reading; raises as `lengthen` does."""
    fields = json.loads(short)
    if numbers:
        _give_texts(fields, _in_one_line(record, fields), _numbers(numbers))
    return [block["text"] for block in fields["body"]]


def _in_one_line(record: bytes, fields: dict[str, Any]) -> str:
    """Return the text of a record with a blank for each line end and the blanks before it."""
    encoding = fields["source"]["encoding"]
    text = record.decode("utf-8" if encoding == "str" else encoding).replace("\r\n", "\n")
    if " \n" in text:
        *lines, last = text.split("\n")
        text = "\n".join([line.rstrip(" ") for line in lines] + [last])
    return text.replace("\n", " ")


def _take_texts(fields: dict[str, Any], in_one_line: str, numbers: bytearray) -> None:
    """Take out the text of each block that stands in the record in one piece, behind that of the last one."""
    end = 0
    for block in fields["body"]:
        text = block["text"]
        # (To look for all of a long text takes long; where it begins, it mostly goes on.)
        at = in_one_line.find(text[:_BEGINNING], end)
        if at >= 0 and not in_one_line.startswith(text, at):
            at = in_one_line.find(text, at)
        if at >= 0:
            _put(at - end, numbers)
            _put(len(text), numbers)
            end = at + len(text)
            block["text"] = TEXT


_BEGINNING = 20
"""Characters of a text that are looked for first."""


def _give_texts(fields: dict[str, Any], in_one_line: str, given: Iterator[int]) -> None:
    end = 0
    for block in fields["body"]:
        if block["text"] == TEXT:
            start = end + next(given)
            end = start + next(given)
            block["text"] = in_one_line[start:end]


def _take_spans(value: Any, spans: list[list[int]]) -> None:
    """Take the spans out of a part of the JSON, nodes excepted."""
    if type(value) is dict:
        for name, inner in value.items():
            if name == "span":
                if inner is not None:
                    spans.append(inner)
                    value[name] = SPAN
            elif type(inner) in _NESTING and name != "nodes":
                _take_spans(inner, spans)
    else:
        for inner in value:
            if type(inner) in _NESTING:
                _take_spans(inner, spans)


_NESTING = (dict, list)


def _give_spans(value: Any, end: int, given: Iterator[int]) -> int:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "span" and inner == SPAN:
                value[name], end = _get_span(end, given)
            elif name != "nodes":
                end = _give_spans(inner, end, given)
    elif isinstance(value, list):
        for inner in value:
            end = _give_spans(inner, end, given)
    return end


def _put_spans(spans: list[list[int]], numbers: bytearray) -> None:
    """Write spans: from the end of the last one to the start of each, and its length."""
    if not set(map(type, chain.from_iterable(spans))) <= {int}:
        raise TypeError("no span")
    last_end = 0
    for start, end in spans:
        away = start - last_end
        length = end - start
        if 0 <= away < 0x40 and 0 <= length < 0x80:  # most are
            numbers.append(2 * away)
            numbers.append(length)
        else:
            _put(2 * away if away >= 0 else -2 * away - 1, numbers)
            _put(length, numbers)
        last_end = end


def _get_span(last_end: int, given: Iterator[int]) -> tuple[list[int], int]:
    away = next(given)
    start = last_end + (away // 2 if away % 2 == 0 else -(away + 1) // 2)
    end = start + next(given)
    return [start, end], end


def _put(number: int, numbers: bytearray) -> None:
    """Write a number that is not negative: seven bits to a byte, the lowest first; bit 8 says that more follow."""
    if number < 0:
        raise ValueError("no span")
    while number > 0x7F:
        numbers.append(number & 0x7F | 0x80)
        number >>= 7
    numbers.append(number)


def _numbers(written: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in written:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
    raise ValueError("a number is missing")
