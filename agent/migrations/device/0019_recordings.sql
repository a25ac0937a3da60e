-- Recordings that were taken in, until their term: what is said of one outlives the bytes here and on its camera.
CREATE TABLE recording (
    clip      BLOB PRIMARY KEY,
    officer   BLOB NOT NULL,            -- who took it in, and alone says something of it here
    recording BLOB NOT NULL,            -- domain::footage::Recording
    until     INTEGER NOT NULL,         -- end of its term, as in it
    hold      BLOB                      -- domain::footage::custody::Hold, while a procedure keeps it
) STRICT, WITHOUT ROWID;
CREATE INDEX recording_due ON recording (until) WHERE hold IS NULL;
