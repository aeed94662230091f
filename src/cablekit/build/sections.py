"""Sections of one message that came as separate records (FORMAT.md section 14.7)."""

from __future__ import annotations

from collections.abc import Iterable

from cablekit.model import Cable, Message, section_key


def join_sections(cables: Iterable[Cable]) -> tuple[Message, ...]:
    """Join the cables that are sections of one message; every other is a message of its own.

    Messages come in the order of their first record. Sections are found by `section_key` and put in their order.
    """
    groups: dict[object, list[Cable]] = {}
    for cable in cables:
        groups.setdefault(section_key(cable) or object(), []).append(cable)
    return tuple(Message(parts=tuple(sorted(parts, key=_number))) for parts in groups.values())


def _number(cable: Cable) -> int:
    return cable.section.number if cable.section else 1
