-- The archive format, version 1. `docs/archive-format.md` explains it; this is its law.
--
-- Tables hold the data, in the singular and with integer keys; views in the plural show it in plain words. One record
-- of a dump that could be read has the same id in `original` (its bytes), `reading` (all fields, as JSON), `cable` (the
-- fields that are searched and counted) and `words` (the full text).
--
-- application_id is 0x4361626C ("Cabl"), user_version the format version, encoding UTF-8. Moments are seconds since
-- 1970-01-01 UTC. Paths are relative to their source. Spans and whatever else is not here stand in the reading.

-- ---- what the file is ---------------------------------------------------------------------------------------------

-- format_version; cablekit_version that made the file; created, when.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What parsed the readings. grammar is the SHA-256 over all grammar files.
CREATE TABLE parser (
    id INTEGER PRIMARY KEY,
    cablekit_version TEXT NOT NULL,
    schema_version TEXT NOT NULL,
    grammar TEXT NOT NULL,
    UNIQUE (cablekit_version, schema_version, grammar)
) STRICT;

-- For preset dictionaries (RFC 1950) of the compressed columns: 'text' for original, 'json' for reading.
-- The first is made of the first records of the dump: so they are as they are needed.
CREATE TABLE dictionary (
    name TEXT NOT NULL PRIMARY KEY,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- For each table that nothing else in the file vouches for: how many rows, and the sum of their digests.
CREATE TABLE seal (
    name TEXT NOT NULL PRIMARY KEY,
    rows INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done when: converted, merged, parsed again. detail is a JSON object.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- ---- names that recur, and their keys -----------------------------------------------------------------------------

-- Classification levels in order, 0 the lowest; mark is the form in portion marks.
CREATE TABLE level (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    mark TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO level VALUES
    (0, 'UNCLASSIFIED', 'U'),
    (1, 'SENSITIVE BUT UNCLASSIFIED', 'SBU'),
    (2, 'LIMITED OFFICIAL USE', 'LOU'),
    (3, 'RESTRICTED', 'R'),
    (4, 'CONFIDENTIAL', 'C'),
    (5, 'SECRET', 'S'),
    (6, 'TOP SECRET', 'TS');

-- Kinds of blocks of a body.
CREATE TABLE kind (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO kind VALUES (1, 'paragraph'), (2, 'heading'), (3, 'table'), (4, 'text'), (5, 'unparsed');

-- Posts by their key: capitals, no blanks (BISHKEK, THEHAGUE).
CREATE TABLE post (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Message reference numbers, of cables that are here and of cables that these refer to. mrn is the usual form,
-- 08BISHKEK94; without a known year it begins with the post.
CREATE TABLE number (
    id INTEGER PRIMARY KEY,
    mrn TEXT NOT NULL,
    year INTEGER,                   -- in four digits
    post_id INTEGER NOT NULL REFERENCES post,
    serial INTEGER NOT NULL,
    UNIQUE (mrn, year, serial)
) STRICT;

-- Addressees by their plain-language designator (AMEMBASSY BISHKEK), with the post that it stands for, if it does.
CREATE TABLE addressee (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    post_id INTEGER REFERENCES post
) STRICT;

-- TAGS. A code may stand for more than one thing: then it has a row for each.
CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,             -- '' where no list names it
    UNIQUE (code, kind, name)
) STRICT;

CREATE TABLE caption (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- ---- where records stood, and their bytes -------------------------------------------------------------------------

-- A dump as it was given to cablekit.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,             -- last part of its path
    collection TEXT NOT NULL,       -- as stated by who converted it; '' for none
    note TEXT NOT NULL,             -- likewise
    UNIQUE (name, collection, note)
) STRICT;

-- A file of a source, or a member of an archive in it. members is a JSON array: member of path, member of that member …
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source,
    path TEXT NOT NULL,
    members TEXT NOT NULL DEFAULT '[]',
    kind TEXT NOT NULL              -- of source: text, csv, html …
) STRICT;

-- Files of a source that were read to their end, as they were then: a conversion that goes on leaves them out.
CREATE TABLE ledger (
    source_id INTEGER NOT NULL REFERENCES source,
    path TEXT NOT NULL,             -- below the source, as file.path
    way TEXT NOT NULL,              -- cablekit version that read it, and the options that decide what is read
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL,       -- when it was written to last: nanoseconds since 1970
    sha256 BLOB NOT NULL,           -- of its bytes
    records INTEGER NOT NULL,       -- that it gave, and places where none could be had
    rejected INTEGER NOT NULL,      -- of these
    PRIMARY KEY (source_id, path, way)
) STRICT, WITHOUT ROWID;

-- The original bytes of each record, once however often they occur.
CREATE TABLE original (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,           -- of the bytes, 32 bytes; no two are alike
    size INTEGER NOT NULL,          -- of the bytes
    data BLOB NOT NULL,             -- the bytes, zlib with the preset dictionary 'text'
    text BLOB                       -- the cable's text in UTF-8 where it is not simply the bytes decoded; zlib, see docs
) STRICT;

CREATE INDEX original_by_sha256 ON original (substr(sha256, 1, 8));

-- Where those bytes stood: one row for each place.
CREATE TABLE provenance (
    id INTEGER PRIMARY KEY,
    original_id INTEGER REFERENCES original,    -- none for a failure: no bytes could be had
    file_id INTEGER NOT NULL REFERENCES file,
    "row" INTEGER,                  -- of a table or line of JSON Lines, from 1
    page INTEGER,
    start INTEGER,                  -- first byte in the file or innermost member; none: all of it
    "end" INTEGER,
    metadata TEXT                   -- JSON: what the container says beside the text; none: nothing
) STRICT;
CREATE INDEX provenance_of_original ON provenance (original_id);

-- Records that are no cable, and places where no record could be had.
CREATE TABLE rejected (
    id INTEGER PRIMARY KEY REFERENCES provenance,
    reason TEXT NOT NULL,           -- a stable word: not-a-cable, truncated, encrypted …
    message TEXT NOT NULL,
    advice TEXT NOT NULL,
    place BLOB                      -- where no bytes could be had: what the place and the reason are known by again
) STRICT;
CREATE INDEX rejected_by_place ON rejected (place) WHERE place IS NOT NULL;

-- ---- cables -------------------------------------------------------------------------------------------------------

-- A message. Its records are editions of it (same text in another copy) or its sections.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    number_id INTEGER REFERENCES number,    -- its MRN
    mark TEXT NOT NULL,             -- '' for an MRN that names one message; where numbers recur (1973-79) what tells its
                                    -- messages apart, the date-time group; without MRN the published identifier, else
                                    -- the SHA-256
    UNIQUE (number_id, mark)
) STRICT;

-- A record that was read. Every field stands in its reading; here are those that one searches, sorts and counts by.
CREATE TABLE cable (
    id INTEGER PRIMARY KEY REFERENCES original,
    message_id INTEGER NOT NULL REFERENCES message,
    preferred INTEGER NOT NULL CHECK (preferred IN (0, 1)),     -- 1: the edition to show; docs say how it is chosen
    number_id INTEGER REFERENCES number,    -- its MRN; none where it has none
    post_id INTEGER REFERENCES post,        -- of the MRN, else of the originator
    part INTEGER NOT NULL,          -- the section that this record is, where sections are records; 0: the whole message
    reference_id TEXT,              -- identifier under which it was published, where that is not the MRN
    layout TEXT NOT NULL,
    year INTEGER,                   -- of the MRN, else of the date
    date INTEGER,                   -- date-time group, else what the publication or the container says
    date_source TEXT CHECK (date_source IN ('dtg', 'publication', 'container')),
    level INTEGER REFERENCES level, -- classification, SBU if captioned SENSITIVE; none where none is marked
    banner TEXT,                    -- SECRET//NOFORN
    body_level INTEGER REFERENCES level,    -- level of the portions in words.body and .summary; none: unmarked
    precedence TEXT,                -- highest
    eo INTEGER,                     -- number of the executive order
    declassify_on TEXT,             -- YYYY-MM-DD
    classified_by TEXT,             -- name
    subject TEXT,
    signed TEXT,                    -- as written
    section INTEGER,                -- SECTION section OF sections, of the classification line
    sections INTEGER,
    partial INTEGER NOT NULL CHECK (partial IN (0, 1)),         -- 1: partial extract
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),     -- 1: corrected copy
    has_table INTEGER NOT NULL CHECK (has_table IN (0, 1)),
    paragraphs INTEGER NOT NULL,    -- numbered ones
    characters INTEGER NOT NULL,    -- of the body
    coverage REAL NOT NULL          -- share of the text that a rule understood, 0 to 1
) STRICT;
CREATE INDEX cable_message ON cable (message_id, part, preferred);
CREATE INDEX cable_number ON cable (number_id);
CREATE INDEX cable_reference_id ON cable (reference_id) WHERE reference_id IS NOT NULL;
CREATE INDEX cable_year ON cable (preferred, year);
CREATE INDEX cable_post ON cable (preferred, post_id);
CREATE INDEX cable_level ON cable (preferred, level);
CREATE INDEX cable_date ON cable (preferred, date);

-- All fields, the JSON of docs/json.md. docs/archive-format.md says how it is packed.
CREATE TABLE reading (
    id INTEGER PRIMARY KEY REFERENCES cable,
    parser_id INTEGER NOT NULL REFERENCES parser,
    data BLOB NOT NULL
) STRICT;

-- Blocks of the body in order; position counts from 0 and is that of the JSON's body.
CREATE TABLE paragraph (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    kind_id INTEGER NOT NULL REFERENCES kind,
    number INTEGER,                 -- its own, or that of the paragraph it belongs to
    level INTEGER REFERENCES level, -- of its portion mark, own or inherited from the paragraph it belongs to
    controls TEXT,                  -- of the mark, joined by //: NF//REL TO UK
    role TEXT,                      -- summary, comment, action_request …
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;

-- Who a cable is from and to. Position counts through all of a cable.
CREATE TABLE cable_addressee (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    addressee_id INTEGER NOT NULL REFERENCES addressee,
    role TEXT NOT NULL CHECK (role IN ('from', 'to', 'info', 'exempt')),
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX cable_addressee_by_name ON cable_addressee (addressee_id, role, cable_id);

CREATE TABLE cable_tag (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    tag_id INTEGER NOT NULL REFERENCES tag,
    persons TEXT,                   -- JSON array of the names in parentheses; none: nobody
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX cable_tag_by_tag ON cable_tag (tag_id, cable_id);

CREATE TABLE cable_caption (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    caption_id INTEGER NOT NULL REFERENCES caption,
    count INTEGER NOT NULL,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX cable_caption_by_caption ON cable_caption (caption_id, cable_id);

-- What a cable refers to. number_id is the MRN that is meant; the cable itself, where it is here, has the same
-- cable.number_id. So nothing is to be resolved when the target comes later.
CREATE TABLE reference (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- cable, email, telcon, report …
    letter TEXT,
    number_id INTEGER REFERENCES number,
    text TEXT,                      -- in one line; none where it says no more than the MRN
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_by_number ON reference (number_id, cable_id) WHERE number_id IS NOT NULL;

CREATE TABLE diagnostic (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX diagnostic_by_code ON diagnostic (code, cable_id);

CREATE TABLE repair (
    cable_id INTEGER NOT NULL REFERENCES cable,
    position INTEGER NOT NULL,
    rule TEXT NOT NULL,
    as_written TEXT NOT NULL,
    as_read TEXT NOT NULL,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX repair_by_rule ON repair (rule, cable_id);

-- ---- full text ----------------------------------------------------------------------------------------------------

-- rowid is cable.id. The text itself is not kept here a second time: it stands in the original and in the reading.
--
-- Every word of the text block stands in one column. Most portions of a cable have the same mark, that of
-- cable.body_level; those are in `body`, or in `summary` where they are the summary. A portion marked otherwise is in
-- the column of its level, or in `unmarked`. So words anywhere in the text are found in all columns, and words in
-- portions marked S in `s`, and in `body` and `summary` of cables whose body_level is S.
CREATE VIRTUAL TABLE words USING fts5 (
    body, subject, summary, addressees, unmarked, u, sbu, lou, r, c, s, ts,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(1, 8, 3, 0.5, 1, 1, 1, 1, 1, 1, 1, 1)');
-- The index is merged into one piece when all is written; to merge its pieces again and again before would cost more.
INSERT INTO words (words, rank) VALUES ('automerge', 0);
INSERT INTO words (words, rank) VALUES ('hashsize', 8000000);

-- ---- the same in plain words --------------------------------------------------------------------------------------

-- The cables as one reads them: of each message the preferred edition, or of each of its sections.
CREATE VIEW cables AS
SELECT
    cable.id,
    COALESCE(number.mrn, cable.reference_id) AS mrn,
    strftime('%Y-%m-%dT%H:%M:%SZ', cable.date, 'unixepoch') AS date,
    post.name AS post,
    level.name AS classification,
    cable.banner,
    cable.subject,
    (SELECT group_concat(tag.code, ' ') FROM cable_tag JOIN tag ON tag.id = cable_tag.tag_id
     WHERE cable_tag.cable_id = cable.id) AS tags,
    (SELECT group_concat(caption.name, ' ') FROM cable_caption JOIN caption ON caption.id = cable_caption.caption_id
     WHERE cable_caption.cable_id = cable.id) AS captions,
    cable.signed,
    cable.layout,
    cable.section,
    cable.sections,
    cable.paragraphs,
    cable.coverage
FROM cable
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN post ON post.id = cable.post_id
LEFT JOIN level ON level.id = cable.level
WHERE cable.preferred;

-- All editions of all messages, with the bytes' SHA-256.
CREATE VIEW editions AS
SELECT
    cable.id,
    cable.message_id,
    COALESCE(number.mrn, cable.reference_id) AS mrn,
    NULLIF(cable.part, 0) AS section,
    cable.preferred,
    cable.partial,
    cable.corrected,
    cable.layout,
    cable.characters,
    lower(hex(original.sha256)) AS sha256,
    original.size
FROM cable
JOIN original ON original.id = cable.id
LEFT JOIN number ON number.id = cable.number_id;

CREATE VIEW paragraphs AS
SELECT
    paragraph.cable_id,
    number.mrn,
    paragraph.position,
    kind.name AS kind,
    paragraph.number,
    level.mark || COALESCE('//' || paragraph.controls, '') AS mark,
    paragraph.role
FROM paragraph
JOIN kind ON kind.id = paragraph.kind_id
JOIN cable ON cable.id = paragraph.cable_id
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN level ON level.id = paragraph.level;

CREATE VIEW addressees AS
SELECT
    cable_addressee.cable_id,
    number.mrn,
    cable_addressee.role,
    addressee.name,
    post.name AS post
FROM cable_addressee
JOIN addressee ON addressee.id = cable_addressee.addressee_id
JOIN cable ON cable.id = cable_addressee.cable_id
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN post ON post.id = addressee.post_id;

CREATE VIEW tags AS
SELECT cable_tag.cable_id, number.mrn, tag.code, tag.kind, NULLIF(tag.name, '') AS name, cable_tag.persons
FROM cable_tag
JOIN tag ON tag.id = cable_tag.tag_id
JOIN cable ON cable.id = cable_tag.cable_id
LEFT JOIN number ON number.id = cable.number_id;

-- One row for each reference and each cable here that it may mean; target_id is empty where that is not here.
CREATE VIEW "references" AS
SELECT
    reference.cable_id,
    number.mrn,
    reference.letter,
    reference.kind,
    COALESCE(reference.text, meant.mrn) AS text,
    meant.mrn AS target,
    target.id AS target_id
FROM reference
JOIN cable ON cable.id = reference.cable_id
LEFT JOIN number ON number.id = cable.number_id
LEFT JOIN number AS meant ON meant.id = reference.number_id
LEFT JOIN cable AS target ON target.number_id = reference.number_id AND target.preferred;

CREATE VIEW diagnostics AS
SELECT diagnostic.cable_id, number.mrn, diagnostic.code, diagnostic.severity
FROM diagnostic
JOIN cable ON cable.id = diagnostic.cable_id
LEFT JOIN number ON number.id = cable.number_id;

CREATE VIEW repairs AS
SELECT repair.cable_id, number.mrn, repair.rule, repair.as_written, repair.as_read
FROM repair
JOIN cable ON cable.id = repair.cable_id
LEFT JOIN number ON number.id = cable.number_id;

CREATE VIEW provenances AS
SELECT
    provenance.original_id,
    source.name AS source,
    source.collection,
    file.path,
    file.members,
    file.kind,
    provenance."row",
    provenance.page,
    provenance.start,
    provenance."end",
    provenance.metadata,
    source.note
FROM provenance
JOIN file ON file.id = provenance.file_id
JOIN source ON source.id = file.source_id;

CREATE VIEW rejections AS
SELECT
    rejected.reason,
    rejected.message,
    rejected.advice,
    source.name AS source,
    file.path,
    file.members,
    provenance."row",
    provenance.original_id
FROM rejected
JOIN provenance ON provenance.id = rejected.id
JOIN file ON file.id = provenance.file_id
JOIN source ON source.id = file.source_id;

CREATE VIEW events AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at, what, detail FROM event ORDER BY id;
