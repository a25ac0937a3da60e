-- Answers that others of the crew show, until their quarter of an hour is over; nothing is known of what they say.

CREATE TABLE shared_answer (
    share   BLOB PRIMARY KEY,
    officer BLOB NOT NULL,
    sealed  BLOB NOT NULL,                -- age file for the terminal, as HQ sealed it; empty once it is put away
    boot    BLOB NOT NULL,                -- of the device: after its next start nothing of it is shown
    gone_at INTEGER NOT NULL              -- milliseconds since that start, which no setting of the clock moves
) STRICT, WITHOUT ROWID;
