-- What others of the crew have of interventions, sealed as it came, until its term; nothing is known of what it says.
CREATE TABLE crew_note (
    intervention BLOB NOT NULL,
    device       TEXT NOT NULL,            -- whose copy it is
    officer      BLOB NOT NULL,            -- who alone is shown it
    sealed       BLOB NOT NULL,            -- age file for the terminal, as HQ sealed it
    boot         BLOB NOT NULL,            -- of the device
    gone_at      INTEGER NOT NULL,         -- milliseconds since that start, which no setting of the clock moves
    PRIMARY KEY (intervention, device, officer)
) STRICT, WITHOUT ROWID;

-- What HQ is told for the crew: the last word on each intervention and on the service, until HQ has it.
CREATE TABLE crew_word (
    subject  BLOB PRIMARY KEY,             -- the intervention; zeroes for the service
    about    BLOB NOT NULL,                -- the service in which it was said; zeroes once it is over
    sequence INTEGER NOT NULL UNIQUE,      -- ascending
    cose     BLOB                          -- as it leaves; null once HQ has it
) STRICT, WITHOUT ROWID;
