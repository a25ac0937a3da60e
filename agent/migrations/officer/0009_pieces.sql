-- The files that victims bring: what opens each encrypted file beside this database; without digest while it comes in.
CREATE TABLE piece (
    id     BLOB PRIMARY KEY,
    draft  BLOB NOT NULL,
    name   TEXT NOT NULL,
    key    BLOB NOT NULL,
    sha256 BLOB
) STRICT;
-- The requisition for a medical examination beside the act that exists; of complaints alone.
ALTER TABLE record ADD COLUMN requisition BLOB;
