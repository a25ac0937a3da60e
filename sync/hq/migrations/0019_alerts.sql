-- Urgent alerts, from their record to the person of the operations centre who has them.

CREATE TABLE alert (
    alert       BLOB PRIMARY KEY,           -- act id of the record
    envelope    BLOB NOT NULL REFERENCES record (envelope),
    device      TEXT NOT NULL,
    received_at INTEGER NOT NULL,           -- Unix milliseconds
    taken       BLOB,                       -- domain::alert::Taken
    taken_at    INTEGER,                    -- as in taken
    told        INTEGER NOT NULL DEFAULT 0  -- 1 once the word that it is taken left for the terminal
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_open ON alert (received_at) WHERE taken IS NULL;
CREATE INDEX alert_untold ON alert (device, taken_at) WHERE taken IS NOT NULL;
