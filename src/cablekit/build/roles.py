"""What a block is by its own words: summary, comment, action request (FORMAT.md section 11.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cablekit.model import Role

if TYPE_CHECKING:
    from cablekit.build.drafts import Draft

# Looked for in this order: SUMMARY AND ACTION REQUEST is a summary.
_WORDS: tuple[tuple[str, Role], ...] = (
    ("summary", "summary"),
    ("comment", "comment"),
    ("action request", "action_request"),
    ("background", "background"),
    ("introduction", "introduction"),
    ("begin text", "text_of_document"),
    ("note", "note"),
)
_CLOSERS: dict[Role, str] = {
    "summary": "end summary",
    "comment": "end comment",
    "action_request": "end action request",
    "background": "end background",
    "introduction": "end introduction",
    "text_of_document": "end text",
    "note": "end note",
}


def role_of(words: str) -> Role | None:
    """Return the role that an opener or a heading names."""
    folded = " ".join(words.casefold().split())
    if folded.startswith("begin ") and "text" in folded:
        return "text_of_document"
    return next((role for word, role in _WORDS if word in folded), None)


def settle_roles(drafts: list[Draft]) -> None:
    """Carry a role on to where its closer stands.

    A heading speaks for the blocks below it up to the closer or the next heading. An opener speaks for its own block,
    and for those behind it when the closer only stands there; without a closer its block's end closes.
    """
    for index, draft in enumerate(drafts):
        if draft.kind == "heading":
            if draft.role:
                _carry(draft.role, drafts, index + 1, needs_closer=False)
        elif draft.role and draft.opened and not _close(draft, draft.role):
            _carry(draft.role, drafts, index + 1, needs_closer=True)


def _carry(role: Role, drafts: list[Draft], first: int, *, needs_closer: bool) -> None:
    reached: list[Draft] = []
    for draft in drafts[first:]:
        if draft.kind == "heading" or (draft.role and (draft.role != role or reached)):
            break
        if draft.kind == "table":
            continue
        reached.append(draft)
        if _close(draft, role):
            needs_closer = False
            break
    if not needs_closer:
        for draft in reached:
            draft.role = role


def _close(draft: Draft, role: Role) -> bool:
    position = draft.text.casefold().rfind(_CLOSERS[role])
    if position < 0:
        return False
    draft.closed = len(draft.text[:position].rstrip(" \n(["))
    return True
