-- Drafts that terminals keep here, sealed to two persons outside headquarters.
CREATE TABLE snapshot (
    device      TEXT NOT NULL REFERENCES device (id),
    draft       BLOB NOT NULL,              -- act id
    officer     BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    at          INTEGER NOT NULL,           -- HQ's clock
    sealed      BLOB NOT NULL,              -- empty once the draft is gone
    PRIMARY KEY (device, draft)
) STRICT, WITHOUT ROWID;
