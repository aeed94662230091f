"""The diagnostics that there are. Codes are stable: a code is never given another meaning."""

from __future__ import annotations

from typing import NamedTuple

from cablekit.model import Severity


class Code(NamedTuple):
    """A kind of diagnostic."""

    severity: Severity
    title: str


CODES: dict[str, Code] = {
    # CK1: a part cannot be read
    "CK101": Code("error", "A part does not follow its grammar and is kept as text"),
    "CK102": Code("error", "No date can be read from the date-time group"),
    "CK103": Code("warning", "No date can be read from the E.O. line"),
    "CK104": Code("warning", "A reference cannot be resolved to a cable"),
    "CK105": Code("warning", "A post is in no list"),
    # CK2: something that should be there is not
    "CK201": Code("warning", "No classification line"),
    "CK202": Code("warning", "No TAGS line"),
    "CK203": Code("warning", "No subject line"),
    "CK204": Code("info", "No signature"),
    "CK205": Code("info", "Partial extract: the publisher did not have the whole cable"),
    "CK206": Code("warning", "The year of the message reference number is unknown"),
    # CK3: two places disagree
    "CK301": Code("warning", "Station serial and message reference number disagree"),
    "CK302": Code("warning", "Date-time group and the publisher's year disagree"),
    "CK303": Code("info", "Filing time is before the date-time group"),
    "CK304": Code("warning", "Line 2 does not state the highest precedence of line 5"),
    "CK305": Code("warning", "Security line and classification line disagree"),
    "CK306": Code("warning", "Page breaks and classification line disagree on the number of sections"),
    "CK307": Code("warning", "A portion is marked higher than the cable"),
    # CK4: the text
    "CK401": Code("info", "Paragraph numbers do not run from 1 without gap"),
    "CK402": Code("warning", "A second copy of the record stands inside the record"),
    "CK403": Code("warning", "Text is cut off"),
    "CK404": Code("error", "A section is missing"),
    # CK5: vocabulary
    "CK501": Code("info", "A TAG is in no list"),
    "CK502": Code("info", "An omitted year was inferred close to New Year"),
    "CK503": Code("warning", "An executive order is in no list"),
}
