-- Questions to police files that a list on the terminal stood in for, until the file itself has answered or nobody waits.

CREATE TABLE confirmation (
    id      BLOB PRIMARY KEY,             -- of the question
    cose    BLOB NOT NULL,                -- the question as it leaves: sealed to HQ, signed by the terminal
    queued  INTEGER NOT NULL              -- Unix milliseconds
) STRICT, WITHOUT ROWID;
