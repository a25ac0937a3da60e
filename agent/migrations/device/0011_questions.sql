-- Questions to police files that their officer may still be told an answer of. Of what was asked there is a keyed digest,
-- of why nothing.

CREATE TABLE question (
    id      BLOB PRIMARY KEY,
    officer BLOB NOT NULL,
    draft   BLOB NOT NULL,
    file    INTEGER NOT NULL,
    term    BLOB NOT NULL,                -- keyed digest, as in the journal
    asked   INTEGER NOT NULL,             -- Unix milliseconds
    answer  BLOB,                         -- age file for the terminal, as HQ sealed it; empty where it could not be kept
    late    INTEGER NOT NULL DEFAULT 0    -- the answer came after the wait was over
) STRICT, WITHOUT ROWID;

CREATE INDEX question_asked ON question (asked);
