-- Published sets of the kinds beside the law (SetKind in sync); the highest serial of a kind is what terminals get.
CREATE TABLE reference_beside (
    kind        TEXT NOT NULL,
    serial      INTEGER NOT NULL,
    version     TEXT NOT NULL,              -- for people
    entries     INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    certificate BLOB NOT NULL,              -- DER of the signer
    head        BLOB NOT NULL,              -- COSE_Sign1 of sync::wire::v1::ReferenceHead
    packed      BLOB NOT NULL,              -- the set, zlib
    PRIMARY KEY (kind, serial)
) STRICT;

-- The newest set of each kind that a terminal has said to have.
CREATE TABLE said_set (
    device      TEXT NOT NULL REFERENCES device (id),
    kind        TEXT NOT NULL,
    serial      INTEGER NOT NULL,
    PRIMARY KEY (device, kind)
) STRICT, WITHOUT ROWID;
