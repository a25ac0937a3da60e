-- The complete subtrees of the RFC 9162 tree over the journal's entries: level 0 has one row an entry. Filled at the
-- first opening for entries that are there already.
CREATE TABLE journal_node (
    level    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- HQ's last countersignature: at most one row.
CREATE TABLE journal_receipt (
    size    INTEGER PRIMARY KEY,          -- how many entries it is about
    receipt BLOB NOT NULL                 -- COSE_Sign1 of domain::journal::HeadReceipt
) STRICT;
