-- What became of complaints, as it was signed: lines are added, and none is changed or deleted.
CREATE TABLE suivi (
    line        INTEGER PRIMARY KEY,         -- ascending; terminals are told in this order
    envelope    BLOB NOT NULL REFERENCES record (envelope), -- that brought the complaint
    act         BLOB NOT NULL,
    sequence    INTEGER NOT NULL,           -- from 1 for each complaint
    stage       TEXT NOT NULL,              -- domain::plainte::Stage::code
    said_by     BLOB NOT NULL REFERENCES officer (id),
    at          INTEGER NOT NULL,
    device      TEXT NOT NULL,              -- that took the complaint, and is told
    officer     BLOB NOT NULL,              -- who took it, and alone reads it
    cose        BLOB NOT NULL               -- COSE_Sign1 of domain::plainte::Suivi
) STRICT;
CREATE UNIQUE INDEX suivi_of ON suivi (act, sequence);
CREATE INDEX suivi_device ON suivi (device, line);

ALTER TABLE said ADD COLUMN suivi INTEGER;  -- the highest line that it has; null for a program that takes none
