-- Programs that were released to terminals, and the one that took each recording in, as its terminal signed.
CREATE TABLE program (
    build        BLOB PRIMARY KEY,          -- SHA-256 of the program's file
    version      TEXT NOT NULL,
    released_at  INTEGER NOT NULL,
    withdrawn_at INTEGER                    -- null while terminals may run it
) STRICT, WITHOUT ROWID;

CREATE TABLE clip_program (
    clip         BLOB PRIMARY KEY REFERENCES clip (id),
    build        BLOB NOT NULL,
    version      TEXT NOT NULL,
    at           INTEGER NOT NULL           -- when the manifest was signed, the terminal's clock
) STRICT, WITHOUT ROWID;
