"""One message whose sections are separate records (FORMAT.md sections 12, 14.7)."""

from __future__ import annotations

from cablekit.model.base import Model
from cablekit.model.body import Block, Text
from cablekit.model.cable import Cable
from cablekit.model.mrn import Mrn

_SENTENCE_ENDS = '.!?:;"”)*'


class JoinedBlock(Model):
    """A block of the joined text and the record that it begins in."""

    part: int
    """Index in ``parts``; the block's spans are those of that record's source."""
    block: Block


class Message(Model):
    """A message joined from its sections. Every record stays as it was read; the joined view is derived."""

    parts: tuple[Cable, ...]
    """The records in the order of their sections; a section that came twice stands twice."""

    @property
    def mrn(self) -> Mrn | None:
        """The number that all sections bear."""
        return next((cable.mrn for cable in self.parts if cable.mrn), None)

    @property
    def of(self) -> int:
        """How many sections there are, by what the records say."""
        return max(cable.section.of or cable.section.number if cable.section else 1 for cable in self.parts)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the sections that no record has."""
        here = {cable.section.number if cable.section else 1 for cable in self.parts}
        return tuple(number for number in range(1, self.of + 1) if number not in here)

    @property
    def body(self) -> tuple[JoinedBlock, ...]:
        """The text of all sections. A sentence that a section breaks off goes on in the same block.

        Of a section that came twice the first record is taken.
        """
        joined: list[JoinedBlock] = []
        taken: set[int] = set()
        for index, cable in enumerate(self.parts):
            number = cable.section.number if cable.section else 1
            if number in taken:
                continue
            goes_on = number - 1 in taken
            taken.add(number)
            for position, block in enumerate(cable.body):
                if position == 0 and goes_on and joined and _goes_on(joined[-1].block, block):
                    last = joined.pop()
                    joined.append(JoinedBlock(part=last.part, block=_join(last.block, block)))
                else:
                    joined.append(JoinedBlock(part=index, block=block))
        return tuple(joined)


def section_key(cable: Cable) -> str | None:
    """Return what the sections of one message have in common, for an index; none for a message of one section.

    Number and date-time group together: document numbers are not unique, and sections share their date-time group.
    """
    if cable.mrn is None or cable.section is None or (cable.section.of or cable.section.number) < len(("one", "two")):
        return None
    moment = cable.header.dtg.utc if cable.header.dtg else None
    return f"{cable.mrn}/{moment:%Y%m%d%H%M}" if moment else f"{cable.mrn}/"


def _goes_on(before: Block, block: Block) -> bool:
    """Tell whether unnumbered text at the head of a section ends what the one before broke off."""
    text = before.text.rstrip()
    return isinstance(block, Text) and block.mark is None and text[-1:] not in _SENTENCE_ENDS


def _join(before: Block, block: Block) -> Block:
    text = before.text.rstrip()
    seam = "" if text.endswith("-") and text[-2:-1].isalpha() else " "
    fields: dict[str, object] = {"text": f"{text}{seam}{block.text}"}
    if hasattr(before, "sub_items") and hasattr(block, "sub_items"):
        fields["sub_items"] = (*before.sub_items, *block.sub_items)
    return before.model_copy(update=fields)
