-- What the operations centre proposes, sealed as it came, until its term or an answer; nothing is known of what it says.
CREATE TABLE dispatch (
    id      BLOB PRIMARY KEY,             -- the intervention that it becomes
    officer BLOB,                         -- who alone is shown it; null: whoever works with the terminal
    hit     INTEGER NOT NULL,             -- 1: a reading to be verified, which goes at the next start of the device
    sealed  BLOB NOT NULL,                -- age file for the terminal, as HQ sealed it
    boot    BLOB NOT NULL,                -- of the device
    gone_at INTEGER NOT NULL              -- milliseconds since that start, which no setting of the clock moves
) STRICT, WITHOUT ROWID;

-- What crews told HQ of interventions: the last statement of each, until HQ has it.
CREATE TABLE progress (
    intervention BLOB PRIMARY KEY,
    sequence     INTEGER NOT NULL UNIQUE, -- ascending
    cose         BLOB                     -- as it leaves; null once HQ has it
) STRICT, WITHOUT ROWID;
