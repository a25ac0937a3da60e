-- Bytes that this terminal sent and received, for its officer's eyes: a row for each day and flow of the current month.
CREATE TABLE traffic (
    day     TEXT NOT NULL,              -- where the terminal is, 2026-11-28
    flow    TEXT NOT NULL,              -- the code of a domain::dialogue::Flow
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (day, flow)
) STRICT, WITHOUT ROWID;
