-- What was said of recordings after they were taken in, and what keeps one beyond its term; nothing of what it shows.

CREATE TABLE clip_life (
    clip        BLOB PRIMARY KEY REFERENCES clip (id),
    author      BLOB NOT NULL,              -- officer who took it in, and alone says something of it
    matricule   TEXT NOT NULL,
    camera      TEXT NOT NULL,
    started     INTEGER NOT NULL,           -- camera clock
    ended       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    root        BLOB NOT NULL,              -- Merkle root of the manifest
    record      BLOB NOT NULL,              -- SHA-256 of the COSE_Sign1 that carries it
    until       INTEGER                     -- end of its term, as that states
) STRICT, WITHOUT ROWID;

CREATE TABLE custody (
    act         BLOB PRIMARY KEY,           -- act id of the record
    envelope    BLOB NOT NULL REFERENCES record (envelope),
    clip        BLOB NOT NULL REFERENCES clip (id),
    place       INTEGER NOT NULL,           -- from 1, without holes
    record      BLOB NOT NULL               -- SHA-256 of its COSE_Sign1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX custody_place ON custody (clip, place);

CREATE TABLE clip_hold (
    clip        BLOB PRIMARY KEY REFERENCES clip (id),
    device      TEXT NOT NULL,
    hold        BLOB NOT NULL,              -- domain::footage::custody::Hold
    act         BLOB,                       -- the statement that made it; null where headquarters did
    released_at INTEGER,                    -- null while it keeps the recording
    changed_at  INTEGER NOT NULL,
    told        INTEGER NOT NULL            -- 1 once the terminal was told, or made it
) STRICT, WITHOUT ROWID;
CREATE INDEX clip_hold_untold ON clip_hold (device) WHERE told = 0;

-- The persons who ended a hold, or the first of them while the second is missing.
CREATE TABLE clip_release (
    clip        BLOB NOT NULL REFERENCES clip (id),
    name        TEXT NOT NULL,              -- pseudonym in the certificate
    certificate BLOB NOT NULL,
    approval    BLOB NOT NULL,              -- COSE_Sign1 of a domain::footage::custody::Release
    at          INTEGER NOT NULL,
    PRIMARY KEY (clip, name)
) STRICT, WITHOUT ROWID;
