"""Which edition of a message is preferred, and what a message consists of.

Records with the same key (`rows.Rows.key`) are one message. Those of the same part, the whole message or one of its
sections, are editions of each other. The preferred one is, in this order:

1. a full text before a partial extract;
2. a corrected copy before what it corrects;
3. the longer body: what is cut out makes a text shorter, and a retransmission counts unless it is shorter
   (FORMAT.md section 18.6);
4. the smaller SHA-256, so that the choice does not hang on the order of the records.

Where the whole message is here as one record, unless as a partial extract only, its sections are not preferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def prefer(connection: sqlite3.Connection, message_id: int) -> None:
    """Choose anew among the records of a message."""
    chosen = choose(connection, message_id)
    standing = connection.execute("SELECT id FROM cable WHERE message_id = ? AND preferred", (message_id,))
    before = {record_id for (record_id,) in standing}
    changed = [(False, record_id) for record_id in before - chosen] + [
        (True, record_id) for record_id in chosen - before
    ]
    connection.executemany("UPDATE cable SET preferred = ? WHERE id = ?", changed)


def choose(connection: sqlite3.Connection, message_id: int) -> set[int]:
    """Return the preferred records of a message."""
    records = connection.execute(
        "SELECT cable.id, part, partial FROM cable JOIN original ON original.id = cable.id WHERE message_id = ?"
        " ORDER BY part, partial, corrected DESC, characters DESC, sha256",
        (message_id,),
    )
    best: dict[int, tuple[int, bool]] = {}
    for record_id, part, partial in records:
        best.setdefault(part, (record_id, bool(partial)))
    whole = best.pop(0, None)
    if whole is not None and (not best or not whole[1]):
        return {whole[0]}
    return {record_id for record_id, _ in best.values()}
