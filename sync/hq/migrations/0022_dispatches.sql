-- What the operations centre proposes to crews, in the order in which terminals are told.
CREATE TABLE dispatch (
    line        INTEGER PRIMARY KEY,        -- ascending
    id          BLOB NOT NULL,              -- the intervention that it becomes; one for all terminals of an officer
    device      TEXT NOT NULL,              -- that is told
    officer     BLOB,                       -- who alone is shown it; null: whoever works with the terminal
    at          INTEGER NOT NULL,
    until       INTEGER NOT NULL,           -- from here on it leaves for nobody
    hit         INTEGER NOT NULL,           -- 1: a reading to be verified
    cose        BLOB                        -- COSE_Sign1 of domain::intervention::Dispatch; null for a reading past its term
) STRICT;
CREATE INDEX dispatch_device ON dispatch (device, line);

-- What crews told of interventions, the last statement of each terminal.
CREATE TABLE progress (
    device       TEXT NOT NULL REFERENCES device (id),
    intervention BLOB NOT NULL,
    sequence     INTEGER NOT NULL,          -- of the terminal
    officer      BLOB NOT NULL,
    at           INTEGER NOT NULL,          -- HQ's clock
    progress     BLOB NOT NULL,             -- domain::intervention::Progress
    PRIMARY KEY (device, intervention)
) STRICT, WITHOUT ROWID;

ALTER TABLE said ADD COLUMN dispatch INTEGER;  -- the highest line that it has; null for a program that takes none
