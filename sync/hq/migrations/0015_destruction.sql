-- What stays of a record that 78-3 CPP had destroyed: no act, no number, no person.
CREATE TABLE tombstone (
    commitment  BLOB PRIMARY KEY,           -- HMAC-SHA-256 under a salt of its own, over the SHA-256 of the record
    destruction BLOB NOT NULL,              -- domain::retention::Destruction
    proof       BLOB,                       -- COSE_Sign1 of it, once HQ's key was at hand
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_unsigned ON tombstone (at) WHERE proof IS NULL;

-- Kept apart, to be destroyed: without its salt nobody says any more of which record a tombstone is.
CREATE TABLE tombstone_salt (
    commitment  BLOB PRIMARY KEY REFERENCES tombstone (commitment),
    salt        BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What an investigation or an enforcement follows, and is therefore not destroyed at its term.
CREATE TABLE follow_up (
    act         BLOB PRIMARY KEY,
    procedure   TEXT NOT NULL,
    officer     BLOB NOT NULL,              -- who says so
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
