-- Acts of others that wait for this officer's visa, until it is decided.
CREATE TABLE visa_asked (
    request   BLOB PRIMARY KEY,
    act       BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    year      INTEGER,
    serial    INTEGER,
    signed_at BLOB NOT NULL,
    author    TEXT NOT NULL,              -- "RIO 1234567"
    asked_at  BLOB NOT NULL,
    sha256    BLOB NOT NULL,              -- of the act's COSE_Sign1
    document  BLOB                        -- the signed PDF; null when it was too large to come
) STRICT;

-- Visas that this officer asked for.
CREATE TABLE visa_request (
    request   BLOB PRIMARY KEY,
    act       BLOB NOT NULL,
    opj       TEXT NOT NULL,              -- "RIO 7654321"
    visa      BLOB                        -- COSE_Sign1 of the answer
) STRICT;
CREATE INDEX visa_request_act ON visa_request (act);
