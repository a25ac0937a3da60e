-- What orders brought to light, until HQ has it.

-- domain::orders::Destroyed of a wipe, counted before anything is gone.
ALTER TABLE order_taken ADD COLUMN destroys BLOB;
-- Of a location: 1 once an officer has read that it was.
ALTER TABLE order_taken ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- The terminal's signed statements; a row goes when HQ has it.
CREATE TABLE order_report (
    sequence INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    cose     BLOB NOT NULL,               -- COSE_Sign1 of domain::orders::OrderReport
    PRIMARY KEY (sequence, part)
) STRICT, WITHOUT ROWID;
