-- The document that those who sign by hand have before them, until the act is signed or given up.
CREATE TABLE shown (
    act BLOB PRIMARY KEY,
    pdf BLOB NOT NULL
) STRICT;
