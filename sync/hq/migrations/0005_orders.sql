-- Orders to terminals as they were signed, and what each terminal said became of them.
CREATE TABLE device_order (
    device      TEXT NOT NULL REFERENCES device (id),
    sequence    INTEGER NOT NULL,           -- from 1, without holes
    command     TEXT NOT NULL,              -- domain::orders::Command::code
    issued_at   INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    cose        BLOB NOT NULL,              -- COSE_Sign1 of domain::orders::Order
    outcome     TEXT,                       -- domain::orders::OrderOutcome::code; null while the terminal is silent
    done_at     INTEGER,                    -- the terminal's clock
    proof       BLOB,                       -- the terminal's signed hello that says so
    PRIMARY KEY (device, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_order_out ON device_order (device, sequence) WHERE outcome IS NULL;
