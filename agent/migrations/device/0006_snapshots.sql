-- Drafts kept at HQ: the last snapshot of each, until HQ has answered for it, and what it was taken of.
CREATE TABLE snapshot (
    draft       BLOB PRIMARY KEY,           -- act id
    officer     BLOB NOT NULL,
    sequence    INTEGER NOT NULL UNIQUE,    -- ascending per terminal
    content     BLOB NOT NULL,              -- SHA-256 of the draft it was taken of; empty once it is gone
    cose        BLOB                        -- as it leaves; null once HQ has it
) STRICT, WITHOUT ROWID;
