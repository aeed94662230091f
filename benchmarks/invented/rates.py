"""How often a thing is met: every rate of the generator, each with the section of FORMAT.md that counts it.

Counts are over 1,295 cables where nothing else is said.
"""

from __future__ import annotations

from typing import NamedTuple

# ---- layouts and lengths ------------------------------------------------------------------------------------------

LAYOUTS = {"A": 0.48, "P": 0.12, "B": 0.05, "D": 0.03, "C": 0.26, "E": 0.03, "F": 0.03}
"""Share of each layout. Sections 1 and 14.1 count 193,225 A, 49,082 P, 5,936 B, 3,044 others and 2,081,272 C; the mix
keeps the order within the release, and has enough of the rest to measure."""

YEARS: dict[str, dict[int, float]] = {
    "A": {2003: 1, 2004: 26, 2005: 59, 2006: 79, 2007: 131, 2008: 225, 2009: 556, 2010: 206},
    "B": {2005: 5, 2006: 8, 2007: 13, 2008: 22, 2009: 55, 2010: 20},
    "P": {2004: 26, 2005: 57, 2006: 7},
    "D": {1966: 1, 1972: 2},
    "C": {1973: 155, 1974: 290, 1975: 333, 1976: 347, 1977: 307, 1978: 325, 1979: 323},
    "E": {1985: 1, 1994: 1, 2001: 1, 2004: 1, 2023: 1},
    "F": {1963: 2, 1967: 1, 1971: 1, 1979: 1},
}
"""Cables of each year, by layout (head of FORMAT.md; 14.1; the corpus for E and F)."""
LAST_DAY = {2010: 59}
"""The release ends in February 2010."""


class Length(NamedTuple):
    """Characters of text, log-normal."""

    mean: float
    sigma: float
    most: int


LENGTHS = {
    "A": Length(6300, 0.95, 600_000),
    "B": Length(6300, 0.95, 600_000),
    "P": Length(6000, 0.95, 600_000),
    "D": Length(3200, 0.6, 60_000),
    "C": Length(2600, 0.85, 250_000),
    "E": Length(3600, 0.7, 60_000),
    "F": Length(2200, 0.6, 60_000),
}
"""Whole release: 1.7 GB in 251,287 cables, fields of hundreds of kilobytes (18.1). C: pages of 14.5."""

DUPLICATES = 0.02
"""Copies and editions of an earlier cable (18.6)."""
EDITIONS = {"copy": 0.5, "corrected": 0.2, "redacted": 0.15, "partial": 0.15}
"""What a duplicate is: the same bytes, a corrected copy (34 cables), one with names struck out (201), a part of it."""

# ---- forms: what is written in several ways, each of them right ----------------------------------------------------


class Form(NamedTuple):
    """Ways to write one thing, with their counts, and where FORMAT.md counts them."""

    section: str
    counts: dict[str, float]


FORMS = {
    "family": Form("18.3", {"hard": 786, "reflowed": 390, "labelled": 109}),
    "channel": Form("2.1", {"XRO": 807, "XYZ": 310, "ADI": 1, "DOI": 1, "MDI": 1}),
    "exempt": Form("2.9", {"yes": 4, "no": 835}),
    "weekday": Form("2.10", {"yes": 118, "no": 381}),
    "distribution": Form("3", {"yes": 23, "no": 60}),
    "group count": Form("15", {"yes": 1, "no": 2}),
    "filed later": Form("2.3", {"0": 1041, "1-10": 48, "11-120": 23}),
    "precedence": Form("2.5", {"O": 439, "P": 421, "R": 299, "O R": 21, "O P": 17, "P R": 6}),
    "signal": Form("2.5", {"": 1160, "ZDK": 28, "ZDS": 12}),
    "level": Form("1", {"CONFIDENTIAL": 53, "SECRET": 38, "UNCLASSIFIED": 8}),
    "line 12": Form("4", {"spaced": 1155, "solid": 15}),
    "serial figures": Form("4", {"6": 1181, "4": 86, "5": 2, "8": 2}),
    "SIPDIS": Form("5", {"once": 920, "twice": 263, "thrice": 3, "never": 85}),
    "NOFORN": Form("5", {"yes": 299, "no": 872}),
    "SENSITIVE": Form("5", {"yes": 97, "no": 6}),
    "passing": Form(
        "5",
        {
            "none": 500,
            "STATE FOR": 164,
            "NSC FOR": 116,
            "DEPT FOR": 103,
            "DEPARTMENT FOR": 100,
            "TREASURY FOR": 39,
            "STATE PASS TO": 46,
            "OSD FOR": 24,
            "COMMERCE FOR": 19,
            "DEPT ALSO FOR": 14,
        },
    ),
    "E.O.": Form(
        "6",
        {"MM/DD/YYYY": 1052, "YYYY/MM/DD": 64, "M/DD/YYYY": 20, "M/D/YYYY": 7, "two figures": 7, "OADR": 3, "MR": 3},
    ),
    "years": Form("6", {"10": 910, "25": 88, "20": 55, "9": 42, "15": 22}),
    "TAGS between": Form("7", {" ": 841, ", ": 430}),
    "person": Form("7", {"yes": 6, "no": 1289}),
    "subject mark": Form("8", {"": 1218, "S": 25, "C": 13, "U": 9, "S/NF": 6, "C/NF": 6, "SBU": 2}),
    "references": Form("9", {"0": 570, "1": 284, "2": 185, "3": 98, "4": 53, "5": 23, "6": 24, "8": 15, "12": 15}),
    "letters": Form("9", {"A. ": 322, "A) ": 32, "(A) ": 12}),
    "REF": Form("9", {"REF: ": 699, "Ref: ": 16, "REFS: ": 7, "REFTEL: ": 1}),
    "two serials": Form("9", {"yes": 14, "no": 1500}),
    "other lines": Form("9", {"¶B. ": 228, "B. ": 138}),
    "remark": Form("9", {"": 1500, "NOTAL": 14, "AND PREVIOUS": 34}),
    "no cable": Form("9", {"": 1500, "email": 32, "telcon": 3, "report": 20, "airgram": 3}),
    "year": Form("9", {"two": 130, "four": 49}),
    "Classified By": Form("10", {"Classified By: ": 1029, "CLASSIFIED BY: ": 94, "Classified by ": 18}),
    "reasons": Form(
        "10",
        {
            "1.4 (b) and (d)": 700,
            "1.4 (b, d)": 60,
            "1.4 (B) and (D)": 90,
            "1.4(b),(d)": 40,
            "1.4 (d)": 80,
            "1.4 (b)": 50,
            "1.5 (b) and (d)": 40,
            "1.4 (a), (b) and (d)": 40,
            "": 52,
        },
    ),
    "mark C": Form("11.1", {"C": 6888, "U": 700, "C/NF": 503, "C//NF": 62, "C/REL TO UK": 60, "SBU": 300, "": 200}),
    "mark S": Form(
        "11.1",
        {
            "S": 1771,
            "S/NF": 1258,
            "U": 260,
            "C": 700,
            "S//NF": 123,
            "S//REL NATO, ISAF": 40,
            "S//FGI//NF": 10,
            "C/NF": 60,
            "": 90,
        },
    ),
    "mark U": Form("11.1", {"SBU": 1133, "U": 400, "SBU/NF": 14, "U//FOUO": 15, "": 150}),
    "summary": Form("11.2", {"numbered": 713, "headed": 195, "none": 387}),
    "number": Form("11.1", {"1.": 13_760, "1)": 395}),
    "unnumbered": Form("11.1", {"yes": 40, "no": 1255}),
    "items": Form("11.1", {"": 880, "--": 206, "-": 80, "*": 26, "1)": 22, "(a)": 12, "(1)": 10, "a.": 10, "o": 3}),
    "clearance": Form("11.2", {"yes": 164, "no": 1131}),
    "headings": Form("11.3", {"ruled": 477, "none": 818}),
    "page line": Form("12", {"section": 947, "page": 507}),
    "page blanks": Form("12", {" ": 1167, "  ": 287}),
    "level C": Form("14.7", {"UNCLASSIFIED": 49.6, "LIMITED OFFICIAL USE": 23.2, "CONFIDENTIAL": 21.9, "SECRET": 5.3}),
    "caption C": Form(
        "14.8",
        {
            "": 1911153,
            "EXDIS": 77631,
            "LIMDIS": 25429,
            "STADIS": 14731,
            "NODIS": 8200,
            "EXDIS STADIS": 2038,
            "NOFORN": 852,
        },
    ),
    "E.O. C": Form("14.9", {"GDS": 362, "XGDS1": 26, "XGDS-2": 7, "XGDS 3": 7, "XGDS-4": 2}),
    "REF C": Form("9.1", {"REF: ": 60, "REFS: ": 10, "REF. ": 5, "REFERENCE: ": 5, "REFTEL: ": 5, "REF : ": 3}),
    "end": Form("13", {"": 1286, "NNNN": 9}),
    "surname": Form("13", {"X": 96, "X-Y": 2, "O'X": 1, "VAN DER X": 1}),
    "signature": Form("13", {"capitals": 764, "mixed": 172, "behind the text": 214, "none": 122}),
}
"""Ways of writing with their counts."""


class Share(NamedTuple):
    """How often a thing is there, and where FORMAT.md counts it."""

    section: str
    share: float


SHARES = {
    "Department in A": Share("3", 53 / 1120),
    "Department in B": Share("3", 26 / 83),
    "Department in P": Share("3", 53 / 1120),
    "Department in D": Share("3", 53 / 1120),
    "Department in C": Share("14.6", 600_659 / 2_081_272),
    "line above the header": Share("3", 0.3),
    "section on one section": Share("2.3", 229 / 304),
    "long in one section": Share("4", 0.35),
    "two precedences before 1973": Share("15", 1 / 3),
    "collective": Share("2.8", 0.75),
    "agency": Share("2.7", 0.6),
    "REF": Share("9", 717 / 1295),
    "REF in C": Share("14.11", 1 - 853_166 / 2_081_272),
    "airgram in C": Share("9.1", 0.05),
    "same post": Share("9", 0.5),
    "Classified By": Share("10", 1157 / 1192),
    "no pilcrow": Share("11.1", 22 / 1295),
    "entire text": Share("14.14", 0.05),
    "person in C": Share("14.10", 0.2),
    "missing target": Share("9", 56_251 / 132_215),
}
"""Shares of the rest. Where one is round the section tells of the thing without a count."""


# ---- damage -------------------------------------------------------------------------------------------------------


class Damage(NamedTuple):
    """A kind of damage, how many of 1,295 cables have it, and where FORMAT.md counts it."""

    section: str
    in_1295: float
    layouts: str = "ABDP"

    @property
    def rate(self) -> float:
        """Share of the cables of its layouts."""
        return self.in_1295 / 1295


DAMAGE = {
    "pilcrow-read-as-1": Damage("19.1", 22, "ABP"),
    "false-pilcrow": Damage("19.2", 50, "ABP"),
    "number-lost": Damage("19.3", 56, "ABP"),
    "number-skipped": Damage("11.1", 55, "ABP"),
    "number-repeated": Damage("11.1", 61, "ABP"),
    "wrap-blank": Damage("19.4", 6, "ABP"),
    "classified-by-wrap": Damage("19.4", 12, "ABP"),
    "level-letter-doubled": Damage("19.5", 9, "ABP"),
    "level-letter-lost": Damage("19.5", 2, "ABP"),
    "level-letters-joined": Damage("19.5", 5, "ABP"),
    "section-word": Damage("19.6", 8, "A"),
    "post-letter": Damage("19.7", 8, "A"),
    "post-q": Damage("19.8", 5, "A"),
    "text-q": Damage("19.8", 10, "ABP"),
    "efto-in-line-12": Damage("19.9", 2, "AB"),
    "eo-digits": Damage("19.10", 5, "AB"),
    "tags-label": Damage("19.12", 4, "ABP"),
    "ref-glued": Damage("19.12", 4, "ABP"),
    "sipdis-in-text": Damage("19.13", 43, "ABP"),
    "zero-for-o": Damage("19.15", 4, "ABP"),
    "serial-letter": Damage("19.15", 3, "ABP"),
    "comma-for-apostrophe": Damage("19.16", 6, "ABP"),
    "cut-text": Damage("19.18", 4, "ABP"),
    "body-repeated": Damage("19.18", 1, "ABP"),
    "markdown": Damage("19.19", 35, "ABP"),
    "header-in-body": Damage("19.20", 12, "A"),
    "subject-figure": Damage("19.21", 2, "ABP"),
    "eight-e": Damage("19.24", 1, "ABP"),
    "dtg-impossible": Damage("2.5", 2, "AB"),
    "precedence-misspelt": Damage("2.7", 1, "A"),
    "no-eo": Damage("6", 7, "ABP"),
    "no-tags": Damage("7", 12, "ABP"),
    "tag-misspelt": Damage("7", 20, "ABP"),
    "tags-glued-codes": Damage("7", 4, "ABP"),
    "no-subject": Damage("8", 12, "ABP"),
    "mark-damaged": Damage("11.1", 8, "ABP"),
    "page-line-in-text": Damage("12", 39, "A"),
    "redacted": Damage("18.5", 201, "ABP"),
    # Layout C: shares of 14, brought to the same base.
    "dtg-blanks": Damage("14.6", 70, "C"),
    "dtg-short": Damage("14.6", 6, "C"),
    "tags-label-1970s": Damage("14.10", 30, "C"),
    "subject-label-1970s": Damage("14.10", 20, "C"),
    "drafting-label": Damage("14.4", 20, "C"),
    "first-letter-lost": Damage("14.7", 10, "C"),
    "eo-value": Damage("14.9", 8, "C"),
    "replacement-marks": Damage("14.2", 13, "C"),
    "total-wrong": Damage("14.3", 5, "C"),
    "text-lost": Damage("14.1", 79, "C"),
    "misread-letters": Damage("17", 1295, "F"),
}
"""Everything that is wrong with some cables. One cable may have several."""
