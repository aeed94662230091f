"""The diagnostics and the repairs that there are. Codes and names are stable: none is ever given another meaning."""

from __future__ import annotations

from typing import NamedTuple

from cablekit.model import Severity


class Code(NamedTuple):
    """A kind of diagnostic."""

    severity: Severity
    title: str
    advice: str
    """What it usually comes from, and what a reader can do."""


CODES: dict[str, Code] = {
    # CK1: a part cannot be read
    "CK101": Code(
        "error",
        "A part does not follow its grammar and is kept as text",
        "Read the source at the span; the other parts of the cable are not affected.",
    ),
    "CK102": Code(
        "error",
        "No date can be read from the date-time group",
        "`header.dtg.utc` is none. Take the date from the publication or the file, and say so.",
    ),
    "CK103": Code(
        "warning",
        "No date can be read from the E.O. line",
        "`declassify_on` is none. `executive_order.as_written` has the whole line.",
    ),
    "CK104": Code(
        "warning",
        "A reference cannot be resolved to a cable",
        "A post without serial, or a serial cut off or in two: `BISHKEK` alone. `references.text` has the words.",
    ),
    "CK105": Code(
        "warning",
        "A post is in no list",
        "A post of another agency, or a letter is wrong; the likely post is named where a single one is near.",
    ),
    "CK106": Code(
        "warning",
        "An attribute cannot be read as what it should be",
        "A date, a number or a document number of another form. The attribute has it as text.",
    ),
    # CK2: something that should be there is not
    "CK201": Code(
        "warning",
        "No classification line",
        "Without line 12 the cable has no level and no message reference number. Look at the publication.",
    ),
    "CK202": Code("warning", "No TAGS line", "Cancelled messages have none; in others the line or its label is lost."),
    "CK203": Code(
        "warning", "No subject line", "Cancelled messages have none; in others the line or its label is lost."
    ),
    "CK204": Code("info", "No signature", "Often so. With CK403 or CK404 it shows that the end of the text is lost."),
    "CK205": Code(
        "info",
        "Partial extract: the publisher did not have the whole cable",
        "Look for a whole copy elsewhere; header and signature are usually absent.",
    ),
    "CK206": Code(
        "warning",
        "The year of the message reference number is unknown",
        "It is that of the date-time group, or of the publisher's identifier; both are absent. Look at the file name.",
    ),
    "CK207": Code(
        "info",
        "No subject TAG",
        "Every cable should have at least one (5 FAH-3 H-011). Search by subject will not find this one.",
    ),
    "CK208": Code(
        "warning",
        "Nothing in the text has the form of a cable",
        "Its container says that it is one, so it is kept as text, with layout `T`. Look at the container's own words.",
    ),
    "CK209": Code(
        "warning",
        "The attributes are incomplete",
        "The file is cut off. Attributes that every record has are missing; look for another copy.",
    ),
    "CK210": Code(
        "warning",
        "Not exactly one heading Message Text",
        "Two records in one file, or a file that was cut. The first message is read.",
    ),
    "CK211": Code(
        "warning",
        "Addresses, but no line 5",
        "The date-time group is lost or damaged beyond recognition. Take the date from the attributes or the file.",
    ),
    "CK212": Code(
        "info",
        "The text is lost: only attributes have come down",
        "So it is with 6 % of the records of 1973-79. `locator` and `film number` tell whether a film may have it.",
    ),
    # CK3: two places disagree
    "CK301": Code(
        "warning",
        "Station serial and message reference number disagree",
        "Line 3 repeats the last four figures of the serial. One of the two is garbled; a page break may tell which.",
    ),
    "CK302": Code(
        "warning",
        "Date-time group and the publisher's year disagree",
        "The year is that of the date-time group. Check it against the E.O. line and the references.",
    ),
    "CK303": Code(
        "info",
        "Filing time is before the date-time group",
        "A message is filed after it was written. Minutes do happen; days mean that line 3 or line 5 is garbled.",
    ),
    "CK304": Code(
        "warning",
        "Line 2 does not state the highest precedence of line 5",
        "One of the two letters is garbled. `header.precedence` is that of line 5.",
    ),
    "CK305": Code(
        "warning",
        "Security line and classification line disagree",
        "One of the two is garbled, or the text was reclassified. Handle the cable by the higher one.",
    ),
    "CK306": Code(
        "warning",
        "Page breaks and classification line disagree on the number of sections",
        "A figure is garbled, or pages of another message have come in.",
    ),
    "CK307": Code(
        "warning",
        "A portion is marked higher than the cable",
        "A wrong mark, or a wrong line 12. Handle the cable by the higher one.",
    ),
    "CK308": Code(
        "info",
        "Portions are marked SBU in a cable that is not captioned SENSITIVE",
        "The caption was forgotten or lost: such a cable is usually shown as UNCLASSIFIED//FOR OFFICIAL USE ONLY.",
    ),
    "CK309": Code(
        "info",
        "The executive order was not in force on the date of the cable",
        "A copy that was marked again carries the order of that day; otherwise number or date is garbled.",
    ),
    "CK310": Code(
        "warning",
        "Declassification or downgrading is due before the date of the cable",
        "One of the two dates is garbled, most often its year.",
    ),
    "CK311": Code(
        "warning",
        "The total of the distribution is not the sum of its pairs",
        "A pair is lost or garbled.",
    ),
    "CK312": Code(
        "info",
        "The publisher's classification is not the cable's own",
        "The publisher knows no captions, or corrected the level. `classification` is what the cable says.",
    ),
    "CK313": Code(
        "warning",
        "The publisher's date is not the day of the date-time group",
        "The publisher repeats the date-time group in UTC. One of the two is garbled.",
    ),
    "CK314": Code(
        "warning",
        "The publisher's identifier is not the message reference number",
        "Post or serial differ. Publishers took words of line 12 for the post; or line 12 is garbled. Both are kept.",
    ),
    "CK315": Code(
        "info",
        "The publisher's origin is neither the originator nor the post of the message reference number",
        "A post may file through another one; else one of the two is wrong. `header` is what the cable says.",
    ),
    "CK316": Code(
        "info",
        "A record copy with the header of another layout",
        "Telegrams of 1973-79 have no routing lines there. Both were read; one of the two has come from elsewhere.",
    ),
    "CK317": Code(
        "info",
        "Telegram and attributes disagree",
        "The telegram's own words are kept. Attributes were typed or read by machine, and posts are cut there.",
    ),
    "CK318": Code(
        "warning",
        "The attributes are those of another record",
        "Number, subject and TAGS all disagree. Nothing was filled from them; look for the right ones.",
    ),
    "CK319": Code(
        "info",
        "The release stamp is not of the year of the telegram",
        "The systematic review released each year of 1973-79 on a day of its own. The year or the stamp is garbled, or "
        "the stamp has come from another record.",
    ),
    "CK320": Code(
        "info",
        "The attribute of the date bears the name of another year",
        "`Sent Date` stands in the records of 1977 only, `Draft Date` in all others. The attributes may be another's.",
    ),
    # CK4: the text
    "CK401": Code(
        "info",
        "Paragraph numbers do not run from 1 without gap",
        "The drafter's slip, a number that was lost, or text that is missing. One diagnostic for the first fault.",
    ),
    "CK402": Code(
        "warning",
        "A second copy of the record stands inside the record",
        "The longest text was read; the other copy is in the source only.",
    ),
    "CK403": Code("warning", "Text is cut off", "The text ends in `...` without a signature. Look for another copy."),
    "CK404": Code(
        "error",
        "A section is missing",
        "A note in the text says so, or no page break begins it. Look for another copy.",
    ),
    "CK405": Code(
        "info",
        "Eight E in the text",
        "An operator's sign: what stands before it is wrong, back to the word that stands behind it again.",
    ),
    "CK406": Code(
        "info",
        "The publisher has redacted words",
        "A run of X stands for text of any length. Later releases may have the words.",
    ),
    "CK407": Code(
        "info",
        "A comma stands in the place of an apostrophe",
        "An old code page lost it. The text is kept; it is shown with the apostrophe.",
    ),
    "CK408": Code(
        "warning",
        "A long text stands twice",
        "The publisher or the transmission repeated it. Both copies are in `body`.",
    ),
    "CK409": Code(
        "warning",
        "Pages are doubled, missing or out of order",
        "The text is read as it stands. The number that is due is named.",
    ),
    "CK410": Code(
        "info",
        "More telegrams follow in the same text",
        "A release holds several. The first is read; cut the text where the others begin to read them too.",
    ),
    # CK5: vocabulary
    "CK501": Code(
        "info", "A TAG is in no list", "It has kind `unknown`. `cablekit tags CODE` names codes that are similar."
    ),
    "CK502": Code(
        "info",
        "An omitted year was inferred close to New Year",
        "By rule it is the year of the cable, but the serial is high for January. The other year is in `candidates`.",
    ),
    "CK503": Code("warning", "An executive order is in no list", "The number is garbled, and no single order is near."),
    # CK6: against the usage of telegrams
    "CK601": Code(
        "info",
        "The precedence ROUTINE is written",
        "Telegrams leave it out. The line may have been written by another system, or by a later hand.",
    ),
    "CK602": Code(
        "warning",
        "More than one channel caption",
        "A message goes through one channel only (5 FAH-2 H-442). Captions of another message may have come in.",
    ),
}

REPAIRS: dict[str, str] = {
    # The header
    "precedence-letter": "A precedence with a letter wrong, lost or doubled is the word meant (FORMAT.md section 2.7)",
    "header-word": "`FM`, `TO` and `INFO` without their first letter are read as such (FORMAT.md section 19.22)",
    "dtg-letters": "Letters for figures, or 0 for O, are mended in the date-time group (FORMAT.md section 19.15)",
    "dtg-from-station-line": "An impossible date is rebuilt from day and time of line 3 (FORMAT.md section 2.5)",
    "dtg-blanks": "Blanks inside day, time, month or year are left out (FORMAT.md section 14.6)",
    "dtg-zulu": "The `Z` behind the time is lost (FORMAT.md section 14.6)",
    "dtg-misread": "A sign of line 5 that a page image was misread for is read as what it was (FORMAT.md section 17)",
    # Head of a copy
    "figure-in-word": "0 and 5 among the capitals of a word are read as O and S, in a release (FORMAT.md section 17)",
    "month-letter": "I or 1 for the L of `APRIL` and `JULY` is read as that, in a release (FORMAT.md section 17)",
    "address-label": "`EM`, `IM` or `RM` is read as `FM`, `IO` as `TO` (FORMAT.md section 17)",
    "drafting-label": "A damaged label is read as `DRAFTED BY` or `APPROVED BY` (FORMAT.md section 14.4)",
    "post-first-letter": "The lost first letter of a post is restored where one post fits (FORMAT.md section 14.7)",
    "lost-characters": "A line of nothing but `¿` stands for lost characters and is left out (FORMAT.md section 14.2)",
    # Line 12
    "classification-letters": "A letter of the level that is wrong, lost or doubled is mended (FORMAT.md section 19.5)",
    "level-from-line-4": "A level that cannot be read is taken from the security line (FORMAT.md section 2.4)",
    "section-word": "`SECTION nn OF nn` with wrong or lost letters or blanks is read as that (FORMAT.md section 19.6)",
    "word-in-number": "A word that is no part of the post is parted: `AMEMBASSY`, or `EFTO` (FORMAT.md section 19.9)",
    "post-letter": "A garbled post is the near one that line 3 or 6 names, in REF the only (FORMAT.md section 19.7)",
    "serial-letter": "A letter in the serial is the figure that line 3 has in its place (FORMAT.md section 2.3)",
    # Captions
    "mcn-blanks": "Blanks inside the message number of an addressee are left out (FORMAT.md section 19.23)",
    "caption-letters": "A caption on its own line with a letter wrong or lost is mended (FORMAT.md section 19.8)",
    # E.O. line, Classified By and TAGS
    "eo-label": "A damaged label is read as `E.O.` (FORMAT.md section 19.21)",
    "eo-digits": "Figures in wrong order, or one wrong, are those of the order meant (FORMAT.md section 19.10)",
    "eo-value": "A damaged `N/A`, `GDS` or `DECL` is read as that (FORMAT.md section 14.9)",
    "date-letter": "Letters for figures are mended in a date (FORMAT.md section 19.15)",
    "classified-by-label": "A damaged label is read as `Classified By:` (FORMAT.md section 19.22)",
    "wrap-blank": "A blank inside `reasons` or `and`, where a line was cut, is left out (FORMAT.md section 19.4)",
    "tags-label": "A damaged or lost label is read as `TAGS:` (FORMAT.md section 7)",
    "tag-misspelt": "A known misspelling is read as the code that is meant (FORMAT.md section 7)",
    "tag-letter": "Q for a letter, or figures of a lost shift, where a single code fits (FORMAT.md section 19.21)",
    "tags-glued": "Codes without a blank between them are parted (FORMAT.md section 7)",
    # Subject
    "subject-label": "A damaged label, or another sign for its colon, is read as `SUBJECT:` (FORMAT.md section 19.21)",
    # References
    "ref-label": "A damaged label is read as `REF:` (FORMAT.md section 19.21)",
    "letter-in-serial": "The letter O in a serial is the figure 0, a blank in it is left out (FORMAT.md section 9.1)",
    # Text
    "portion-mark": "A mark with a lost parenthesis or slash is read in its regular form (FORMAT.md section 11.1)",
    "number-doubled": "A paragraph number that stands twice is one (FORMAT.md section 19.2)",
    "pilcrow-read-as-1": "`14.` is `¶4.` where 4 is due and nothing goes on from 14 (FORMAT.md section 19.1)",
    "number-letter": "A garbled number in front of a mark is the one that is due (FORMAT.md section 19.8)",
    "caption-in-text": "SIPDIS between the words of the text is left out, the lines joined (FORMAT.md section 19.13)",
    "joined-hyphen": "A blank behind a hyphen, where lines were joined, is left out (FORMAT.md section 19.4)",
    "false-pilcrow": "The publisher's `¶` before a number inside the text is left out (FORMAT.md section 19.2)",
    "number-lost": "A marked text in a gap of one is the paragraph whose number was lost (FORMAT.md section 19.3)",
}
"""Rule → what it mends, and where the irregular form is described."""
