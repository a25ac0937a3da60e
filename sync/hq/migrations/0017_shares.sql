-- Answers that officers show to others of their crew: who, to whom, when; never what they say.

ALTER TABLE consultation ADD COLUMN answer BLOB;    -- keyed digest of the outcome, by which a shared one is known

CREATE TABLE share (
    share       BLOB NOT NULL,
    place       INTEGER NOT NULL,           -- among those named, from 0
    query       BLOB NOT NULL,
    device      TEXT NOT NULL,
    officer     BLOB NOT NULL,              -- who shows it
    matricule   TEXT NOT NULL,              -- to whom
    fate        INTEGER NOT NULL,           -- query::ShareFate
    at          INTEGER NOT NULL,
    PRIMARY KEY (share, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_query ON share (query);
