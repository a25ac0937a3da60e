-- Law and numbers that HQ sends: both are needed while the officer's database is closed.

-- Reference sets that HQ signed and this terminal verified; the highest serial is in use.
CREATE TABLE reference (
    serial  INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE,         -- as records name it
    head    BLOB NOT NULL,                -- COSE_Sign1
    packed  BLOB NOT NULL,                -- the set, zlib
    used    INTEGER NOT NULL DEFAULT 0    -- 1 once an act was signed under it: its documents need it for good
) STRICT;

-- The newer set that is on its way, at most one.
CREATE TABLE reference_pending (
    serial  INTEGER PRIMARY KEY,
    head    BLOB NOT NULL
) STRICT;

CREATE TABLE reference_part (
    part    INTEGER PRIMARY KEY,
    bytes   BLOB NOT NULL
) STRICT;

-- Numbers that only this terminal uses; both ends are included, and no two ranges of a year overlap.
CREATE TABLE number_range (
    year    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL CHECK (last >= first),
    PRIMARY KEY (year, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_number ON outbox (year, serial);
