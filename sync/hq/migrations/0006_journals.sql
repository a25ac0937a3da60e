-- The journals of terminals, entry by entry as they were written, and what HQ said of them.

-- Since when nobody relies on the terminal: two heads of its journal contradict each other.
ALTER TABLE device ADD COLUMN quarantined_at INTEGER;

-- The reason in the officer's words (directive 2016/680 art. 25 §1), as an age file to HQ's own key.
ALTER TABLE consultation ADD COLUMN reason BLOB;

-- RFC 3161 responses over the SHA-256 of a record's COSE_Sign1, of the moment when it was stored.
CREATE TABLE stamp (
    envelope    BLOB PRIMARY KEY REFERENCES record (envelope),
    response    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Every journal that a terminal was ever given.
CREATE TABLE journal (
    id          BLOB PRIMARY KEY,
    device      TEXT NOT NULL,
    given_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_device ON journal (device, given_at);
INSERT INTO journal (id, device, given_at) SELECT journal, id, enrolled_at FROM device;

CREATE TABLE journal_entry (
    journal     BLOB NOT NULL REFERENCES journal (id),
    position    INTEGER NOT NULL,           -- from 0, without holes
    entry       BLOB NOT NULL,              -- domain::journal::Entry
    PRIMARY KEY (journal, position)
) STRICT, WITHOUT ROWID;

-- Complete subtrees of the RFC 9162 tree over the entries.
CREATE TABLE journal_node (
    journal     BLOB NOT NULL REFERENCES journal (id),
    level       INTEGER NOT NULL,           -- 0 is a leaf
    position    INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    PRIMARY KEY (journal, level, position)
) STRICT, WITHOUT ROWID;

-- Heads that HQ countersigned: the newest, and the last of every 16384 entries.
CREATE TABLE journal_head (
    journal     BLOB NOT NULL REFERENCES journal (id),
    size        INTEGER NOT NULL,
    head        BLOB NOT NULL,              -- COSE_Sign1 of domain::journal::Head
    receipt     BLOB NOT NULL,              -- COSE_Sign1 of domain::journal::HeadReceipt
    PRIMARY KEY (journal, size)
) STRICT, WITHOUT ROWID;

-- Two heads by one terminal that contradict each other.
CREATE TABLE journal_fork (
    device      TEXT NOT NULL REFERENCES device (id),
    told        BLOB NOT NULL,              -- COSE_Sign1 of domain::journal::Head, as the terminal told it
    held        BLOB,                       -- the newest that HQ had countersigned; null before the first
    found_at    INTEGER NOT NULL,
    PRIMARY KEY (device, told)
) STRICT, WITHOUT ROWID;
