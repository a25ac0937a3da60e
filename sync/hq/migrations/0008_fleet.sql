-- What a fleet manager decides of certificates, terminals and officers, and batches of terminals to enrol.
ALTER TABLE certificate ADD COLUMN reason TEXT; -- trust::cert::Reason::code, once revoked
ALTER TABLE assignment ADD COLUMN ended_at INTEGER; -- what was signed before still counts

CREATE TABLE crl (
    number      INTEGER PRIMARY KEY,        -- ascending, without holes
    der         BLOB NOT NULL,
    built_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE device_standing (
    device      TEXT PRIMARY KEY REFERENCES device (id),
    unit        TEXT,                       -- null until somebody says so
    standing    TEXT NOT NULL,              -- hq::fleet::Standing::code
    since       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done with a terminal, in the order in which it was done.
CREATE TABLE device_event (
    sequence    INTEGER PRIMARY KEY,
    device      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    what        TEXT NOT NULL,
    detail      TEXT NOT NULL
) STRICT;
CREATE INDEX device_event_device ON device_event (device, sequence);

-- While there is a line, the officer's acts signed after its moment are refused.
CREATE TABLE officer_suspended (
    officer     BLOB PRIMARY KEY REFERENCES officer (id),
    since       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    name        TEXT PRIMARY KEY,
    planned_at  INTEGER NOT NULL,
    cancelled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_row (
    batch       TEXT NOT NULL REFERENCES batch (name),
    line        INTEGER NOT NULL,           -- in the file that was planned
    device      TEXT NOT NULL,
    imei        BLOB NOT NULL,              -- SHA-256 of the IMEI
    unit        TEXT NOT NULL,
    profile     TEXT NOT NULL,
    state       TEXT NOT NULL,              -- hq::batch::State::code
    sheet       INTEGER,                    -- the file on which its code was printed
    at          INTEGER NOT NULL,
    PRIMARY KEY (batch, line),
    UNIQUE (batch, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_row_device ON batch_row (device);
