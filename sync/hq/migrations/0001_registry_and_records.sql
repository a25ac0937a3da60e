-- What HQ knows and has received. Times are Unix milliseconds, digests 32 bytes, ids 16 bytes.

CREATE TABLE setting (
    name    TEXT PRIMARY KEY,
    value   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
    fingerprint BLOB PRIMARY KEY,           -- SHA-256 of der
    holder      TEXT NOT NULL,              -- urn:neo2:…
    der         BLOB NOT NULL,
    issued_at   INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_holder ON certificate (holder, issued_at);

CREATE TABLE device (
    id          TEXT PRIMARY KEY,
    terminal    BLOB NOT NULL,              -- domain::enrolment::Terminal
    journal     BLOB NOT NULL,
    enrolled_at INTEGER NOT NULL,
    epoch       INTEGER NOT NULL DEFAULT 0, -- of the last birth
    online      INTEGER NOT NULL DEFAULT 0,
    seen_at     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE officer (
    id      BLOB PRIMARY KEY,
    officer BLOB NOT NULL                   -- domain::officer::Officer
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment (
    device  TEXT NOT NULL REFERENCES device (id),
    officer BLOB NOT NULL REFERENCES officer (id),
    PRIMARY KEY (device, officer)
) STRICT, WITHOUT ROWID;

-- Ranges of one year never overlap; both ends are included.
CREATE TABLE number_range (
    year    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL CHECK (last >= first),
    device  TEXT NOT NULL REFERENCES device (id),
    PRIMARY KEY (year, first)
) STRICT, WITHOUT ROWID;

-- The final receipt for the exact bytes that came in a terminal's topic. The terminal is part of the key: bytes that
-- a broker slips into another terminal's topic are refused there, and stay acceptable where they belong.
CREATE TABLE receipt (
    device          TEXT NOT NULL,
    envelope_digest BLOB NOT NULL,
    envelope        BLOB NOT NULL,          -- zeros when the envelope could not be read
    receipt         BLOB NOT NULL,          -- COSE_Sign1
    at              INTEGER NOT NULL,
    PRIMARY KEY (device, envelope_digest)
) STRICT, WITHOUT ROWID;

-- Envelopes whose device signature holds: the id is the device's own word, so that it may be used once only.
CREATE TABLE envelope (
    id              BLOB PRIMARY KEY,
    device          TEXT NOT NULL,
    digest          BLOB NOT NULL,
    lane            INTEGER NOT NULL,
    sequence        INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    FOREIGN KEY (device, digest) REFERENCES receipt (device, envelope_digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX envelope_sequence ON envelope (device, lane, sequence);

-- Envelopes that passed every check; the line stays when the content goes at the end of its legal term.
CREATE TABLE record (
    envelope    BLOB PRIMARY KEY REFERENCES envelope (id),
    kind        TEXT NOT NULL,
    act         BLOB NOT NULL,
    until       INTEGER,                    -- end of the term that the record states
    exported    INTEGER NOT NULL DEFAULT 0,
    purged_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX record_to_export ON record (exported) WHERE exported = 0 AND purged_at IS NULL;
CREATE INDEX record_until ON record (until) WHERE until IS NOT NULL AND purged_at IS NULL;

-- The only copy of what an envelope carries: attachments stay inside, sealed as they came.
CREATE TABLE content (
    envelope        BLOB PRIMARY KEY REFERENCES record (envelope),
    envelope_cose   BLOB NOT NULL,
    record_cose     BLOB NOT NULL
) STRICT;

CREATE TABLE number_used (
    year        INTEGER NOT NULL,
    serial      INTEGER NOT NULL,
    envelope    BLOB NOT NULL,
    PRIMARY KEY (year, serial)
) STRICT, WITHOUT ROWID;

-- What was refused for good, as it came while there is room for it; the line stays.
CREATE TABLE refused (
    device          TEXT NOT NULL,
    envelope_digest BLOB NOT NULL,
    code            INTEGER NOT NULL,       -- domain::envelope::RefusalCode
    at              INTEGER NOT NULL,
    until           INTEGER,                -- end of the term that the record states
    bytes           INTEGER NOT NULL,       -- of the content; 0 when it is gone
    envelope_cose   BLOB,
    record_cose     BLOB,                   -- when the seal could be opened
    PRIMARY KEY (device, envelope_digest),
    FOREIGN KEY (device, envelope_digest) REFERENCES receipt (device, envelope_digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_kept ON refused (device, at, bytes) WHERE bytes > 0;
CREATE INDEX refused_until ON refused (until) WHERE until IS NOT NULL AND bytes > 0;

-- Clips whose manifest is stored.
CREATE TABLE clip (
    id          BLOB PRIMARY KEY,
    envelope    BLOB NOT NULL REFERENCES record (envelope),
    device      TEXT NOT NULL,
    whole       BLOB NOT NULL,              -- SHA-256 of the original file
    receipt     BLOB                        -- COSE_Sign1 over the root, or the refusal, once decided
) STRICT, WITHOUT ROWID;

-- Encrypted files that are arriving or have arrived.
CREATE TABLE upload (
    device      TEXT NOT NULL,
    file        TEXT NOT NULL,              -- clip and index, as in the topic
    clip        BLOB NOT NULL,
    announced   BLOB NOT NULL,              -- sync::wire::v1::FileInit
    have        BLOB NOT NULL,              -- sync::spans::Spans: the bytes that are on disk
    complete    INTEGER NOT NULL DEFAULT 0, -- every byte is on disk and the digest holds
    PRIMARY KEY (device, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_clip ON upload (device, clip);

-- Who consulted which file, when and why, with keyed digests in place of what was asked (CSI and directive 2016/680 art. 25).
CREATE TABLE consultation (
    query       BLOB PRIMARY KEY,
    digest      BLOB NOT NULL,              -- SHA-256 of the query as received
    device      TEXT NOT NULL,
    officer     BLOB NOT NULL,
    file        INTEGER NOT NULL,           -- domain::officer::FileKind
    motive      BLOB NOT NULL,              -- HMAC-SHA-256 under the store's own key
    term        BLOB NOT NULL,              -- HMAC-SHA-256 under the store's own key
    outcome     INTEGER NOT NULL,           -- 0 nothing found, 1 found, 2 late, 3 not habilitated, 4 unreadable
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
