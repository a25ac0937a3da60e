-- Published reference sets; the highest serial is the one that terminals get.
CREATE TABLE reference (
    serial      INTEGER PRIMARY KEY,
    version     TEXT NOT NULL UNIQUE,       -- as records name it
    offences    INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    certificate BLOB NOT NULL,              -- DER of the signer
    head        BLOB NOT NULL,              -- COSE_Sign1 of sync::wire::v1::ReferenceHead
    packed      BLOB NOT NULL               -- the set, zlib
) STRICT;

-- What each terminal said last about itself in a hello.
CREATE TABLE said (
    device      TEXT PRIMARY KEY REFERENCES device (id),
    reference   INTEGER,                    -- serial of its newest set; null for a program that takes none
    notes       INTEGER                     -- the highest number note that it has; null for a program that takes none
) STRICT, WITHOUT ROWID;

-- What a terminal is told of its act numbers, in this order.
CREATE TABLE number_note (
    device      TEXT NOT NULL REFERENCES device (id),
    sequence    INTEGER NOT NULL,
    note        BLOB NOT NULL,              -- sync::wire::v1::NumberNote
    at          INTEGER NOT NULL,
    PRIMARY KEY (device, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_note_said ON number_note (device, note);

-- Numbers that the terminal gave up before an act existed, by its own word.
CREATE TABLE number_unused (
    year        INTEGER NOT NULL,
    serial      INTEGER NOT NULL,
    device      TEXT NOT NULL REFERENCES device (id),
    PRIMARY KEY (year, serial)
) STRICT, WITHOUT ROWID;

-- The ranges of one terminal, among all those of a year.
CREATE INDEX number_range_device ON number_range (device, year, first);
