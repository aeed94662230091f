"""Damage to record copies of 1973-79 and to pages read from images."""

from __future__ import annotations

import re
from typing import Any

from invented.garble_labels import Garble, rewrite
from invented.parts import Invented, Source

_MISREAD = (("0", "O"), ("1", "I"), ("B", "F"), ("E", "F"), ("TH", "TE"), ("N", "M"), ("S", "5"), ("O", "0"))
_LINES_MISREAD = 0.25


def _dtg_blanks(source: Source, cable: Invented) -> bool:
    found = re.match(r"(.*?)(\d{6}Z .*)", cable.header["5"])
    if not found:
        return False
    letters, group = found.groups()
    for _ in range(1 + int(source.random() * 3)):
        at = 1 + int(source.random() * (len(group) - 1))
        if " " not in group[at - 1 : at + 1]:
            group = f"{group[:at]} {group[at:]}"
    cable.header["5"] = letters + group
    return group != found[2]


def _dtg_short(source: Source, cable: Invented) -> bool:
    found = re.match(r"(.*?)(\d{6}Z .*)", cable.header["5"])
    if not found:
        return False
    letters, group = found.groups()
    cable.header["5"] = letters + (group[1:] if source.chance(0.5) else f"1{group}")
    return True


def _tags_label(source: Source, cable: Invented) -> bool:
    wrong = source.pick(("TAGS; ", "TAGS/ ", "TAGS- ", "TAGS. ", "TAGS  : ", "TAGSC: ", "TAGS "))
    return rewrite(cable, "tags", "TAGS: ", wrong)


def _subject_label(source: Source, cable: Invented) -> bool:
    label = cable.labels["subject"].split(":")[0]
    wrong = source.pick(("SUBJT: ", "SUBJ8 ", "SUBJ4 ", "SUB: ", "SUJ: ", f"{label}; ", f"{label}. ", f"{label}, "))
    return rewrite(cable, "subject", f"{label}: ", wrong)


def _drafting_label(source: Source, cable: Invented) -> bool:
    block = cable.header.get("drafting", "")
    wrong = source.pick(("DRAFTEDBY ", "DRAFTED BX ", "DRAFTEDY BY ", "DRAFTED "))
    if block:
        cable.header["drafting"] = block.replace("DRAFTED BY ", wrong)
    return bool(block)


def _first_letter_lost(_: Source, cable: Invented) -> bool:
    texts = [one["text"] for one in cable.truth["refs"] if one["mrn"] and one["text"][0].isalpha()]
    return any(rewrite(cable, "ref", f" {text}", f" {text[1:]}") for text in texts[:1])


def _eo_value(source: Source, cable: Invented) -> bool:
    return rewrite(cable, "eo", ": GDS", source.pick((": 6DS", ": LDS")))


def _replacement_marks(source: Source, cable: Invented) -> bool:
    cable.blocks.insert(int(source.random() * len(cable.blocks)), "¿" * 12)
    return True


def _total_wrong(_: Source, cable: Invented) -> bool:
    total = cable.truth["distribution"]["total"]
    cable.header["distribution"] = cable.header["distribution"].replace(f"/{total:03d}", f"/{total + 3:03d}")
    return True


def _text_lost(source: Source, cable: Invented) -> bool:
    error = source.pick(("ERROR READING TEXT", "EXPAND ERROR ENCOUNTERED", ""))
    cable.header = {"head": cable.header["head"].rpartition("\n")[0]}
    cable.finish = lambda _: error
    cable.tail = re.sub(r"Line Count: \d+", "Line Count: 4", cable.tail)
    cable.tail = cable.tail.replace("TEXT ON-LINE, ON MICROFILM", "TEXT ON MICROFILM, ADS TEXT UNRETRIEVABLE")
    cable.truth |= _of_attributes(cable)
    return True


def _of_attributes(cable: Invented) -> dict[str, Any]:
    """Give what the attributes of a record without text still tell."""
    truth = cable.truth
    order = re.search(r"^Executive Order: (.*)$", cable.tail, re.MULTILINE)
    to = re.search(r"^To: (.*)$", cable.tail, re.MULTILINE)
    assert order
    assert to
    return {
        "dtg": None,
        "precedences": [],
        "originator": cable.mrn.place.city,
        "action": [{"routing": None, "name": to[1], "precedence": None, "number": None}],
        "info": [],
        "eo": None if order[1] == "N/A" else {"number": None, "declassify_on": None},
        "refs": [one | {"letter": None, "kind": "cable"} for one in truth["refs"] if one["mrn"]],
        "paragraphs": [],
        "signature": None,
    }


def _misread(source: Source, cable: Invented) -> bool:
    lines = cable.header["pages"].split("\n")
    for at, line in enumerate(lines):
        if line[:1] not in "{=" and source.chance(_LINES_MISREAD):
            old, new = source.pick(_MISREAD)
            spot = line.find(old, int(source.random() * len(line)))
            if spot >= 0:
                lines[at] = line[:spot] + new + line[spot + len(old) :]
    cable.header["pages"] = "\n".join(lines)
    return True


GARBLES: dict[str, Garble] = {
    "dtg-blanks": _dtg_blanks,
    "dtg-short": _dtg_short,
    "tags-label-1970s": _tags_label,
    "subject-label-1970s": _subject_label,
    "drafting-label": _drafting_label,
    "first-letter-lost": _first_letter_lost,
    "eo-value": _eo_value,
    "replacement-marks": _replacement_marks,
    "total-wrong": _total_wrong,
    "text-lost": _text_lost,
    "misread-letters": _misread,
}
