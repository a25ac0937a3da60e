-- The sheet of rights that the victim of a complaint has before them, until the act is signed or given up.
CREATE TABLE rights (
    act BLOB PRIMARY KEY,
    pdf BLOB NOT NULL
) STRICT;
-- The same sheet beside the act that exists; of complaints alone.
ALTER TABLE record ADD COLUMN rights BLOB;
