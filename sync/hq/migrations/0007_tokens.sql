-- One-time rights to enrol: of the token itself only its digest is here.
CREATE TABLE token (
    digest      BLOB PRIMARY KEY,           -- domain::enrolment::Token::digest
    device      TEXT NOT NULL,
    granted     BLOB NOT NULL,              -- hq::tokens::Grant
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    taken_at    INTEGER,
    key         BLOB,                       -- SHA-256 of the SubjectPublicKeyInfo that took it
    bundle      BLOB,                       -- COSE_Sign1: the answer, in the words in which it was given first
    disputes    INTEGER NOT NULL DEFAULT 0  -- how often another key tried to take it
) STRICT, WITHOUT ROWID;
CREATE INDEX token_device ON token (device, issued_at);

-- An enrolment bundle that was issued before this moment is out of date; the terminal is given another.
ALTER TABLE device ADD COLUMN bundle_due INTEGER NOT NULL DEFAULT 0;
