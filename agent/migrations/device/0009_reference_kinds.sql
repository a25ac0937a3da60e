-- Reference data beside the law: each kind (SetKind in sync) comes down as the law does, with serials of its own.

-- What was on its way is asked for again.
DROP TABLE reference_pending;
DROP TABLE reference_part;

-- The newer set of each kind that is on its way, at most one a kind.
CREATE TABLE reference_pending (
    kind    TEXT PRIMARY KEY,
    serial  INTEGER NOT NULL,
    head    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_part (
    kind    TEXT NOT NULL,
    part    INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (kind, part)
) STRICT;

-- Sets of the other kinds: the one in use, and the one before it to fall back on.
CREATE TABLE reference_beside (
    kind    TEXT NOT NULL,
    serial  INTEGER NOT NULL,
    head    BLOB NOT NULL,                -- COSE_Sign1
    packed  BLOB NOT NULL,                -- the set, zlib
    PRIMARY KEY (kind, serial)
) STRICT;
