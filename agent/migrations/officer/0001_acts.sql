-- What only the officer may read: drafts, acts, and the shift around them.

CREATE TABLE draft (
    act     BLOB PRIMARY KEY,
    draft   BLOB NOT NULL,
    touched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- All bytes of an act whose existence the device database has not confirmed yet.
CREATE TABLE intent (
    act   BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Acts that exist. `sealed` tells that `cose` and the documents are wrapped by a term key.
CREATE TABLE record (
    act       BLOB PRIMARY KEY,
    sealed    INTEGER NOT NULL,
    cose      BLOB NOT NULL,
    document  BLOB,
    recepisse BLOB,
    draft     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    id      BLOB PRIMARY KEY,
    service BLOB NOT NULL,
    open    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE intervention (
    id           BLOB PRIMARY KEY,
    intervention BLOB NOT NULL,
    open         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
