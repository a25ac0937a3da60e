-- The sheets of interventions that a crew shares, until their term.
CREATE TABLE crew_sheet (
    intervention BLOB PRIMARY KEY,
    service      BLOB NOT NULL,            -- whose crew shares it
    mine         BLOB NOT NULL,            -- domain::CopyId of this database's copy
    sheet        BLOB NOT NULL,            -- domain::intervention::CrewSheet
    untold       INTEGER NOT NULL,         -- 1 until the word on it is in the device's database
    until        INTEGER NOT NULL,         -- its term by the wall clock, which counts after another start of the device
    boot         BLOB NOT NULL,            -- of the device
    gone_at      INTEGER NOT NULL          -- the same in milliseconds since that start
) STRICT, WITHOUT ROWID;
