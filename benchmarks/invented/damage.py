"""What goes wrong with cables, at the rates of `rates.DAMAGE`.

Each function damages one part and tells whether it could: a cable without references has no REF label to be glued.
What the cable was made from stays as it was, for that is what a careful reader should find or report.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from invented.pages import misread
from invented.parts import Invented, Source
from invented.rates import DAMAGE

Damager = Callable[[Source, Invented], bool]
_DAMAGERS: dict[str, Damager] = {}


def _damager(name: str) -> Callable[[Damager], Damager]:
    def keep(function: Damager) -> Damager:
        _DAMAGERS[name] = function
        return function

    return keep


def do_damage(source: Source, cable: Invented) -> None:
    """Damage a cable, or leave it as it is; notes what was done."""
    for name, rate in _RATES[cable.layout]:
        if source.random() < rate and _DAMAGERS[name](source, cable):
            cable.damage.append(name)


# ---- line 12 and the header ---------------------------------------------------------------------------------------


def _replace(cable: Invented, label: str, old: str, new: str) -> bool:
    """Write a part of the labels otherwise, once."""
    text = cable.labels.get(label, "")
    if old not in text:
        return False
    cable.labels[label] = text.replace(old, new, 1)
    return True


@_damager("level-letter-doubled")
def _doubled(source: Source, cable: Invented) -> bool:
    line = cable.labels["12"]
    spaced = line[1] == " "
    cable.labels["12"] = line[0] + (line if source.chance(0.7) or not spaced else f"{line[0]} {line}")
    return True


@_damager("level-letter-lost")
def _lost(source: Source, cable: Invented) -> bool:  # noqa: ARG001 (one form)
    line = cable.labels["12"]
    cable.labels["12"] = line[2:] if line[1] == " " else line[1:]
    return True


@_damager("level-letters-joined")
def _letters_joined(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    line = cable.labels["12"]
    if line[1] != " ":
        return False
    cable.labels["12"] = line[0] + line[2:]
    return True


@_damager("section-word")
def _section_word(source: Source, cable: Invented) -> bool:
    word = source.pick(("SECION", "SCTION", "SECTON", "SECTIKN"))
    return _replace(cable, "12", "SECTION 01 OF", f"{word} 01 {source.pick(('OF', 'OF', '0F'))}")


@_damager("post-letter")
def _post_letter(source: Source, cable: Invented) -> bool:
    city = cable.mrn.place.city
    at = 1 + int(source.random() * (len(city) - 1))
    if len(city) < 5 or city[at] == " ":
        return False
    other = city[:at] + city[at + 1 :] if source.chance(0.5) else city[:at] + source.pick("EIRSTN") + city[at + 1 :]
    return other != city and _replace(cable, "12", f" {city} ", f" {other} ")


@_damager("post-q")
def _post_q(source: Source, cable: Invented) -> bool:
    city = cable.mrn.place.city
    at = int(source.random() * len(city))
    if len(city) < 5 or city[at] == " ":
        return False
    return _replace(cable, "12", f" {city} ", f" {city[:at]}Q{city[at + 1 :]} ")


@_damager("efto-in-line-12")
def _efto(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    return _replace(cable, "12", "UNCLAS ", "UNCLAS EFTO ")


@_damager("dtg-impossible")
def _dtg_impossible(source: Source, cable: Invented) -> bool:
    line = cable.header["5"]
    letters, group, *rest = line.rsplit(" ", 2 + (line[-1] in "KSR"))
    letters, group, rest = (parts := line.split("Z ", 1))[0][:-6], parts[0][-6:], [parts[1]]
    wrong = f"{group[:2]}{source.pick(('24', '29', '31'))}{group[4:]}" if source.chance(0.5) else f"00{group[2:]}"
    cable.header["5"] = f"{letters}{wrong}Z {rest[0]}"
    return True


@_damager("precedence-misspelt")
def _misspelt(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    lines = cable.header.get("INFO", "")
    cable.header["INFO"] = lines.replace(" PRIORITY", " PIORITY", 1)
    return cable.header.pop("INFO") != "" if not lines else " PRIORITY" in lines


@_damager("header-in-body")
def _header_in_body(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    again = "\n".join(cable.header[name] for name in ("4", "5", "6", "TO") if name in cable.header)
    cable.labels["12"] += "\n\n" + again
    return True


# ---- labels -------------------------------------------------------------------------------------------------------


@_damager("eo-digits")
def _eo_digits(source: Source, cable: Invented) -> bool:
    return _replace(cable, "eo", "12958", source.pick(("12598", "12598", "12598", "19523", "19528")))


@_damager("no-eo")
def _no_eo(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    return bool(cable.labels.pop("eo", ""))


@_damager("no-tags")
def _no_tags(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    return bool(cable.labels.pop("tags", ""))


@_damager("no-subject")
def _no_subject(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    return bool(cable.labels.pop("subject", ""))


@_damager("tags-label")
def _tags_label(source: Source, cable: Invented) -> bool:
    label = source.pick(("AGS: ", "TAS: ", "TABS ", "TGS: ", "TAGES: "))
    return _replace(cable, "tags", "TAGS: " if "TAGS:" in cable.labels.get("tags", "") else "TAGS ", label)


@_damager("tag-misspelt")
def _tag_misspelt(source: Source, cable: Invented) -> bool:
    wrong = {
        "AEMR": "AMER",
        "ENRG": "ENGR",
        "EINV": "ENIV",
        "ETRD": source.pick(("ETDR", "ETRO")),
        "KDEM": "KDMR",
        "MOPS": "MOPPS",
        "PGOV": "POGOV",
        "KNNP": "KNPP",
        "KIRF": "KIFR",
    }
    here = [code for code in cable.truth["tags"] if code in wrong]
    return bool(here) and _replace(cable, "tags", here[0], wrong[here[0]])


@_damager("tags-glued-codes")
def _tags_glued(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    codes = [code for code in cable.truth["tags"] if len(code) == 4]
    text = cable.labels.get("tags", "")
    for one, two in zip(codes, codes[1:], strict=False):
        for between in (" ", ", "):
            if f"{one}{between}{two}" in text:
                return _replace(cable, "tags", f"{one}{between}{two}", one + two)
    return False


@_damager("subject-figure")
def _subject_figure(source: Source, cable: Invented) -> bool:
    return _replace(cable, "subject", "SUBJECT:", f"SUBJECT{source.pick('48')}")


@_damager("ref-glued")
def _ref_glued(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    if "ref" not in cable.labels or "subject" not in cable.labels:
        return False
    cable.labels["subject"] += cable.labels.pop("ref")
    return True


@_damager("serial-letter")
def _serial_letter(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    mrns = [one["text"] for one in cable.truth["refs"] if one["mrn"] and "0" in one["text"].rsplit(" ", 1)[1]]
    if not mrns:
        return False
    head, serial = mrns[0].rsplit(" ", 1)
    return _replace(cable, "ref", mrns[0], f"{head} {serial.replace('0', 'O', 1)}")


@_damager("classified-by-wrap")
def _classified_by_wrap(source: Source, cable: Invented) -> bool:
    return _replace(cable, "classified", " and (", source.pick((" a nd (", " an d (")))


# ---- the text -----------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"¶(\d+)\. ")


def _numbered(cable: Invented) -> list[int]:
    """Return the blocks that begin with a number behind the publisher's sign."""
    return [at for at, block in enumerate(cable.blocks) if block[0] == "¶" and block[1:2].isdigit()]


def _middle(source: Source, cable: Invented) -> int | None:
    """Draw a numbered paragraph that has one in front and one behind."""
    blocks = _numbered(cable)
    return blocks[1 + int(source.random() * (len(blocks) - 2))] if len(blocks) > 2 else None


@_damager("pilcrow-read-as-1")
def _pilcrow_as_1(source: Source, cable: Invented) -> bool:
    at = _middle(source, cable)
    if at is None or cable.blocks[at][2] != ".":
        return False
    cable.blocks[at] = "1" + cable.blocks[at][1:]
    return True


@_damager("number-lost")
def _number_lost(source: Source, cable: Invented) -> bool:
    at = _middle(source, cable)
    if at is None:
        return False
    cable.blocks[at] = _NUMBER.sub("", cable.blocks[at], 1)
    return True


def _renumber(cable: Invented, first: int, by: int) -> None:
    """Write other numbers from a block on: they are the drafter's, so the cable was made so."""
    for at in [at for at in _numbered(cable) if at >= first]:
        number = int(_NUMBER.match(cable.blocks[at])[1])  # type: ignore[index]
        cable.blocks[at] = f"¶{number + by}" + cable.blocks[at][1 + len(str(number)) :]
        cable.truth["paragraphs"][number - 1 if by < 0 else number - 1][0] = number + by


@_damager("number-skipped")
def _number_skipped(source: Source, cable: Invented) -> bool:
    at = _middle(source, cable)
    if at is None or cable.damage:
        return False
    _renumber(cable, at, 1)
    return True


@_damager("number-repeated")
def _number_repeated(source: Source, cable: Invented) -> bool:
    at = _middle(source, cable)
    if at is None or cable.damage:
        return False
    _renumber(cable, at, -1)
    return True


def _text_block(source: Source, cable: Invented) -> int | None:
    """Draw a block of running text."""
    blocks = [at for at, block in enumerate(cable.blocks) if len(block) > 200]
    return source.pick(blocks) if blocks else None  # type: ignore[type-var, return-value]


def _in_words(cable: Invented, old: str, new: str) -> None:
    """Change a word of the truth too: what stands in running text is kept as it stands."""
    for one in cable.truth["paragraphs"]:
        if old in one[2]:
            one[2] = one[2].replace(old, new, 1)
            return


def _in_text(source: Source, cable: Invented, change: Callable[[str], str]) -> bool:
    """Change one long word in the middle of a block."""
    at = _text_block(source, cable)
    if at is None:
        return False
    words = [word for word in cable.blocks[at].split(" ")[8:] if word.isalpha() and len(word) > 6]
    for word in words:
        new = change(word)
        if new != word and cable.blocks[at].count(word) == 1:
            cable.blocks[at] = cable.blocks[at].replace(word, new)
            _in_words(cable, word, new)
            return True
    return False


@_damager("wrap-blank")
def _wrap_blank(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: f"{word[0]} {word[1:]}")


@_damager("text-q")
def _text_q(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: f"{word[:3]}Q{word[4:]}")


@_damager("zero-for-o")
def _zero_for_o(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: word.replace("o", "0", 1))


@_damager("comma-for-apostrophe")
def _comma(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: f"{word},s")


@_damager("eight-e")
def _eight_e(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: f"{word} E E E E E E E E {word}")


@_damager("redacted")
def _redacted(source: Source, cable: Invented) -> bool:
    return _in_text(source, cable, lambda word: "X" * (12 if source.chance(0.92) else 11))


@_damager("false-pilcrow")
def _false_pilcrow(source: Source, cable: Invented) -> bool:
    at = _text_block(source, cable)
    if at is None or cable.family != "hard":
        return False
    year = str(1990 + int(source.random() * 15))
    lines = cable.blocks[at].split("\n")
    # A sentence that ends in a year at the start of a line, in front of the last sentence's line.
    spots = [
        n for n, line in enumerate(lines[1:-1], 1) if line[-1:] == "." and line[0] not in "¶-(" and "." not in line[:-1]
    ]
    if not spots:
        return False
    spot = spots[0]
    old = lines[spot]
    lines[spot : spot + 1] = [old[:-1] + " since", f"¶{year}."] if len(old) < 58 else [old]
    if len(lines) == len(cable.blocks[at].split("\n")):
        return False
    cable.blocks[at] = "\n".join(lines)
    tail = old.split()[-2:]
    words = "  ".join(tail) if False else " ".join(tail)
    for one in cable.truth["paragraphs"]:
        joined = " ".join(one[2].split())
        if words in joined and " ".join(old.split()) in joined:
            one[2] = joined.replace(" ".join(old.split()), " ".join(old.split())[:-1] + f" since {year}.", 1)
            return True
    return True


@_damager("mark-damaged")
def _mark_damaged(source: Source, cable: Invented) -> bool:
    blocks = [at for at in _numbered(cable) if " (" in cable.blocks[at][:6]]
    if not blocks:
        return False
    at = source.pick(blocks)  # type: ignore[type-var]
    head, tail = cable.blocks[at].split("(", 1)
    mark, rest = tail.split(")", 1)
    cable.blocks[at] = head + source.pick((f"{mark})", f"({mark}", f"( {mark} )")) + rest
    return True


@_damager("sipdis-in-text")
def _sipdis_in_text(source: Source, cable: Invented) -> bool:
    at = _text_block(source, cable)
    if at is None or "SIPDIS" not in cable.truth["captions"]:
        return False
    if cable.family == "reflowed":
        cable.blocks.insert(at + 1, "SIPDIS")
        return True
    lines = cable.blocks[at].split("\n")
    spot = len(lines) // 2
    lines[spot:spot] = ["", "SIPDIS", ""]
    cable.blocks[at] = "\n".join(lines)
    return True


@_damager("page-line-in-text")
def _page_line_in_text(source: Source, cable: Invented) -> bool:
    at = _text_block(source, cable)
    if at is None or not cable.page_lines or cable.family == "hard":
        return False
    block = cable.blocks[at]
    line = cable.page_lines[-1]
    spot = block.find(" ", len(block) // 2)
    if any(line in one for one in cable.blocks):
        cable.blocks = [one.replace(f"\n\n{line}\n\n", " ") for one in cable.blocks if one != line]
        at = min(at, len(cable.blocks) - 1)
        block = cable.blocks[at]
        spot = block.find(" ", len(block) // 2)
    cable.blocks[at] = f"{block[:spot]} {line} {block[spot + 1 :]}"
    return True


@_damager("cut-text")
def _cut_text(source: Source, cable: Invented) -> bool:
    at = _text_block(source, cable)
    if at is None:
        return False
    block = cable.blocks[at]
    spot = block.rfind(" ", 0, len(block) // 2)
    cable.blocks[at:] = [block[:spot] + "..."]
    return True


@_damager("body-repeated")
def _body_repeated(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    cable.blocks += [cable.head(), *cable.labels.values(), *cable.blocks]
    return True


@_damager("markdown")
def _markdown(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    text = cable.labels.get("tags", "")
    if not text:
        return False
    cable.labels["tags"] = re.sub(r"\b(?!TAGS)([A-Z]{2,})\b", r"[\1](#)", text)
    return True


# ---- layouts C and F ----------------------------------------------------------------------------------------------


@_damager("dtg-blanks")
def _dtg_blanks(source: Source, cable: Invented) -> bool:
    line = cable.header["5"]
    letters = line[: line.index("Z") - 6]
    group = line[len(letters) :]
    for _ in range(1 + int(source.random() * 3)):
        at = 1 + int(source.random() * (len(group) - 1))
        if group[at] != " " and group[at - 1] != " ":
            group = f"{group[:at]} {group[at:]}"
    cable.header["5"] = letters + group
    return group != line[len(letters) :]


@_damager("dtg-short")
def _dtg_short(source: Source, cable: Invented) -> bool:
    line = cable.header["5"]
    at = line.index("Z") - 6 if "Z" in line else 0
    cable.header["5"] = line[:at] + (line[at + 1 :] if source.chance(0.5) else "1" + line[at:])
    return True


@_damager("tags-label-1970s")
def _tags_label_1970s(source: Source, cable: Invented) -> bool:
    return _replace(
        cable, "tags", "TAGS: ", source.pick(("TAGS; ", "TAGS/ ", "TAGS- ", "TAGS. ", "TAGS  : ", "TAGSC: ", "TAGS "))
    )


@_damager("subject-label-1970s")
def _subject_label_1970s(source: Source, cable: Invented) -> bool:
    label = cable.labels["subject"].split(":")[0]
    wrong = source.pick(("SUBJT: ", "SUBJ8 ", "SUBJ4 ", "SUB: ", "SUJ: ", f"{label}; ", f"{label}. ", f"{label}, "))
    return _replace(cable, "subject", f"{label}: ", wrong)


@_damager("drafting-label")
def _drafting_label(source: Source, cable: Invented) -> bool:
    block = cable.header.get("drafting", "")
    new = source.pick(("DRAFTEDBY ", "DRAFTED BX ", "DRAFTEDY BY ", "DRAFTED "))
    if not block:
        return False
    cable.header["drafting"] = block.replace("DRAFTED BY ", new)
    return True


@_damager("first-letter-lost")
def _first_letter_lost(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    one = next((one for one in cable.truth["refs"] if one["mrn"] and one["text"][0].isalpha()), None)
    return one is not None and _replace(cable, "ref", f" {one['text']}", f" {one['text'][1:]}")


@_damager("eo-value")
def _eo_value(source: Source, cable: Invented) -> bool:
    return _replace(cable, "eo", ": GDS", source.pick((": 6DS", ": LDS")))


@_damager("text-lost")
def _text_lost(source: Source, cable: Invented) -> bool:
    first, *_ = cable.header.values()
    cable.header = {"head": "\n".join(first.split("\n")[:-1])}
    error = source.pick(("ERROR READING TEXT INDEX", "EXPAND ERROR ENCOUNTERED", ""))
    cable.finish = lambda _: error
    cable.tail = re.sub(r"Line Count: \d+", "Line Count: 4", cable.tail)
    cable.tail = cable.tail.replace("TEXT ON-LINE, ON MICROFILM", "TEXT ON MICROFILM, ADS TEXT UNRETRIEVABLE")
    return True


@_damager("replacement-marks")
def _replacement_marks(source: Source, cable: Invented) -> bool:
    cable.blocks.insert(int(source.random() * len(cable.blocks)), "¿" * 12)
    return True


@_damager("total-wrong")
def _total_wrong(source: Source, cable: Invented) -> bool:  # noqa: ARG001
    total = cable.truth["distribution"]["total"]
    if "distribution" not in cable.header:
        return False
    cable.header["distribution"] = cable.header["distribution"].replace(f"/{total:03d}", f"/{total + 3:03d}")
    return True


_DAMAGERS["misread-letters"] = misread

_RATES = {
    layout: tuple((name, one.rate) for name, one in DAMAGE.items() if layout in one.layouts and name in _DAMAGERS)
    for layout in "ABCDEFP"
}
