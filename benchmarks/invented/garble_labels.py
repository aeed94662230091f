"""Damage to header, line 12 and labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from cablekit.vocabulary.table import load
from invented.parts import Invented, Source

Garble = Callable[[Source, Invented], bool]


@cache
def _misspellings() -> dict[str, tuple[str, ...]]:
    """Return the known misspellings of each code."""
    found: dict[str, tuple[str, ...]] = {}
    for written, read in load("tag_misspellings.csv", lambda row: (row["written"], row["read"])):
        found[read] = (*found.get(read, ()), written)
    return found


def rewrite(cable: Invented, label: str, old: str, new: str) -> bool:
    """Write a part of the labels otherwise, once."""
    text = cable.labels.get(label, "")
    if old not in text or old == new:
        return False
    cable.labels[label] = text.replace(old, new, 1)
    return True


# ---- header and line 12 -------------------------------------------------------------------------------------------


def _dtg_impossible(source: Source, cable: Invented) -> bool:
    found = re.match(r"(.*?)(\d\d)(\d\d)(\d\dZ .*)", cable.header.get("5", ""))
    if not found:
        return False
    letters, day, hour, rest = found.groups()
    cable.header["5"] = f"{letters}{day}24{rest}" if source.chance(0.5) else f"{letters}00{hour}{rest}"
    return True


def _precedence_misspelt(_: Source, cable: Invented) -> bool:
    lines = cable.header.get("INFO", "")
    if " PRIORITY" in lines:
        cable.header["INFO"] = lines.replace(" PRIORITY", " PIORITY", 1)
    return " PRIORITY" in lines


def _header_in_body(_: Source, cable: Invented) -> bool:
    again = [cable.header[name] for name in ("4", "5", "6", "TO") if name in cable.header]
    cable.labels["12"] += "\n\n" + "\n".join(again)
    return bool(again)


def _level_doubled(source: Source, cable: Invented) -> bool:
    first = "C" if source.chance(0.1) else cable.labels["12"][0]
    cable.labels["12"] = first + cable.labels["12"]
    return True


def _level_lost(_: Source, cable: Invented) -> bool:
    cable.labels["12"] = cable.labels["12"][1:].lstrip()
    return True


def _level_joined(_: Source, cable: Invented) -> bool:
    line = cable.labels["12"]
    if line[1] == " ":
        cable.labels["12"] = line[0] + line[2:]
    return line[1] == " "


def _section_word(source: Source, cable: Invented) -> bool:
    word = source.pick(("SECION", "SCTION", "SECTON", "SECTIKN"))
    return rewrite(cable, "12", "SECTION 01 OF", f"{word} 01 {source.pick(('OF', 'OF', '0F'))}")


def _other_post(cable: Invented, source: Source, letter: str) -> bool:
    """Write another letter into the name of the post, or none."""
    city = cable.mrn.place.city
    at = 1 + int(source.random() * (len(city) - 2))
    if len(city) < 5 or " " in (city[at], city[at + 1]):
        return False
    return rewrite(cable, "12", f" {city} ", f" {city[:at]}{letter}{city[at + 1 :]} ")


def _post_letter(source: Source, cable: Invented) -> bool:
    return _other_post(cable, source, source.pick(("", "", "", "E", "I", "R", "S", "T")))


def _post_q(source: Source, cable: Invented) -> bool:
    return _other_post(cable, source, "Q")


def _efto(_: Source, cable: Invented) -> bool:
    return rewrite(cable, "12", "UNCLAS ", "UNCLAS EFTO ")


# ---- labels -------------------------------------------------------------------------------------------------------


def _eo_digits(source: Source, cable: Invented) -> bool:
    return rewrite(cable, "eo", "12958", source.pick(("12598", "12598", "12598", "19523", "19528")))


def _no_eo(_: Source, cable: Invented) -> bool:
    cable.truth["eo"] = None
    return bool(cable.labels.pop("eo", ""))


def _no_tags(_: Source, cable: Invented) -> bool:
    cable.truth["tags"] = []
    return bool(cable.labels.pop("tags", ""))


def _no_subject(_: Source, cable: Invented) -> bool:
    cable.truth["subject"] = None
    return bool(cable.labels.pop("subject", ""))


def _tags_label(source: Source, cable: Invented) -> bool:
    label = "TAGS: " if "TAGS: " in cable.labels.get("tags", "") else "TAGS "
    return rewrite(cable, "tags", label, source.pick(("AGS: ", "TAS: ", "TABS ", "TGS: ", "TAGES: ")))


def _tag_misspelt(source: Source, cable: Invented) -> bool:
    wrong = _misspellings()
    here = [code for code in cable.truth["tags"] if code in wrong]
    return bool(here) and rewrite(cable, "tags", here[0], source.pick(wrong[here[0]]))


def _tags_glued(_: Source, cable: Invented) -> bool:
    codes = [code for code in cable.truth["tags"] if len(code) == 4]
    return any(
        rewrite(cable, "tags", f"{one}{between}{two}", one + two)
        for one, two in pairwise(codes)
        for between in (" ", ", ")
    )


def _markdown(_: Source, cable: Invented) -> bool:
    label, between, codes = cable.labels.get("tags", "").partition(" ")
    cable.labels["tags"] = label + between + re.sub(r"[A-Z]{2,}", r"[\g<0>](#)", codes)
    return bool(codes)


def _subject_figure(source: Source, cable: Invented) -> bool:
    return rewrite(cable, "subject", "SUBJECT:", f"SUBJECT{source.pick('48')}")


def _ref_glued(_: Source, cable: Invented) -> bool:
    if "ref" not in cable.labels or "subject" not in cable.labels:
        return False
    cable.labels["subject"] += cable.labels.pop("ref")
    return True


def _serial_letter(_: Source, cable: Invented) -> bool:
    for one in cable.truth["refs"]:
        name, _, serial = one["text"].rpartition(" ")
        if one["mrn"] and "0" in serial:
            return rewrite(cable, "ref", one["text"], f"{name} {serial.replace('0', 'O', 1)}")
    return False


def _classified_by_wrap(source: Source, cable: Invented) -> bool:
    return rewrite(cable, "classified", " and (", source.pick((" a nd (", " an d (")))


GARBLES: dict[str, Garble] = {
    "dtg-impossible": _dtg_impossible,
    "precedence-misspelt": _precedence_misspelt,
    "header-in-body": _header_in_body,
    "level-letter-doubled": _level_doubled,
    "level-letter-lost": _level_lost,
    "level-letters-joined": _level_joined,
    "section-word": _section_word,
    "post-letter": _post_letter,
    "post-q": _post_q,
    "efto-in-line-12": _efto,
    "eo-digits": _eo_digits,
    "no-eo": _no_eo,
    "no-tags": _no_tags,
    "no-subject": _no_subject,
    "tags-label": _tags_label,
    "tag-misspelt": _tag_misspelt,
    "tags-glued-codes": _tags_glued,
    "markdown": _markdown,
    "subject-figure": _subject_figure,
    "ref-glued": _ref_glued,
    "serial-letter": _serial_letter,
    "classified-by-wrap": _classified_by_wrap,
}
