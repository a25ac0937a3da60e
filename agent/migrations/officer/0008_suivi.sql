-- What became of the officer's complaints, as HQ signed it.
CREATE TABLE suivi (
    act      BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    cose     BLOB NOT NULL,               -- COSE_Sign1 of domain::plainte::Suivi
    seen     INTEGER NOT NULL DEFAULT 0,  -- 1 once its page was opened
    PRIMARY KEY (act, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX suivi_unseen ON suivi (act) WHERE seen = 0;
