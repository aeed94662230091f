"""Executive orders on classification (``eo.csv``; FORMAT.md section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from cablekit.vocabulary.table import load


class Order(NamedTuple):
    """An executive order and what its line in a cable says."""

    number: int
    valid_from: date
    valid_to: date | None
    """Last day; none where no later order has taken its place."""
    markings: str
    default_duration: str
    source: str


def _build(record: Mapping[str, str]) -> Order:
    return Order(
        number=int(record["executive_order"]),
        valid_from=date.fromisoformat(record["valid_from"]),
        valid_to=date.fromisoformat(record["valid_to"]) if record["valid_to"] else None,
        markings=record["markings"],
        default_duration=record["default_duration"],
        source=record["source"],
    )


@cache
def all() -> tuple[Order, ...]:
    """Return all orders, the oldest first."""
    return load("eo.csv", _build)


def find(number: int) -> Order | None:
    """Return an order by its number."""
    return _by_number().get(number)


def on(day: date) -> Order | None:
    """Return the order that a line written on a day names; none before the first one.

    13292 amended 12958 while the line went on saying 12958, so the older one is given.
    """
    for order in all():
        if order.valid_from <= day and (order.valid_to is None or day <= order.valid_to):
            return order
    return None


@cache
def _by_number() -> dict[int, Order]:
    return {order.number: order for order in all()}
