-- Visas between terminals, by way of HQ.

-- The act whose answer from HQ this one waits for before it leaves.
ALTER TABLE outbox ADD COLUMN behind BLOB;
CREATE INDEX outbox_behind ON outbox (behind) WHERE behind IS NOT NULL;

-- HQ's notes, sealed as they came, until their officer unlocks.
CREATE TABLE visa_note (
    sequence INTEGER PRIMARY KEY,
    officer  BLOB NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
