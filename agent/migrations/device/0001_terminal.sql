-- What the terminal needs while the officer's database is closed: delivery, journal, numbers, keys of terms.

-- Singletons: enrolment, journal id, epoch, retry window; officers who opened, numbers never used.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A number and a place in a lane, promised to an act that does not exist yet.
CREATE TABLE reservation (
    act      BLOB PRIMARY KEY,
    owner    BLOB,                        -- the officer; null for the terminal itself
    lane     INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    year     INTEGER,
    serial   INTEGER,
    UNIQUE (lane, sequence)
) STRICT, WITHOUT ROWID;

-- The only delivery state of records. A row never leaves but by purge; `receipt` is HQ's signed answer.
CREATE TABLE outbox (
    envelope  BLOB PRIMARY KEY,
    act       BLOB NOT NULL UNIQUE,
    kind      INTEGER NOT NULL,
    lane      INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    year      INTEGER,
    serial    INTEGER,
    record    BLOB NOT NULL,              -- SHA-256 of the record's COSE_Sign1
    digest    BLOB NOT NULL UNIQUE,       -- SHA-256 of the envelope's COSE_Sign1, which HQ's receipt names
    bytes     INTEGER NOT NULL,           -- length of the envelope's COSE_Sign1
    signed_at BLOB NOT NULL,
    receipt   BLOB,
    refusal   INTEGER,                    -- code of a refusal, null when stored
    answered  INTEGER,                    -- HQ's clock, Unix milliseconds
    corrected_by BLOB,
    UNIQUE (lane, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (lane, sequence) WHERE receipt IS NULL;

-- Each envelope's COSE_Sign1, as sent: apart from its row, so that neither a list nor a receipt touches the document.
CREATE TABLE envelope (
    id   BLOB PRIMARY KEY,
    cose BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    position INTEGER PRIMARY KEY,
    entry    BLOB NOT NULL
) STRICT;

-- Destroying `key` is the purge of what it wraps; the row stays without it.
CREATE TABLE term_key (
    act   BLOB PRIMARY KEY,
    key   BLOB,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The camera paired last, and the secret that the next session starts from.
CREATE TABLE pairing (
    camera     TEXT PRIMARY KEY,
    state      BLOB NOT NULL,
    transcript BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A clip from its first byte on; the vault holds the bytes, the outbox the manifest.
CREATE TABLE clip (
    clip    BLOB PRIMARY KEY,
    camera  TEXT NOT NULL,
    listing BLOB NOT NULL,
    -- The officer, service and intervention at the moment it was asked for.
    context BLOB NOT NULL,
    root    BLOB,
    until   INTEGER,
    -- HQ's signed word over the root: the proof that lets camera and vault let go.
    receipt BLOB,
    -- 1 when HQ refused the bytes after it had stored the manifest.
    refused INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
