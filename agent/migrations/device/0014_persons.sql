-- Lists of persons (domain::hotlist::Catalogue) are here under a policy alone, with keys of their own.

CREATE TABLE hotlist_key_of (
    catalogue   TEXT NOT NULL,
    epoch       INTEGER NOT NULL,
    sealed      BLOB NOT NULL,              -- age, to the terminal's identity in the vault
    PRIMARY KEY (catalogue, epoch)
) STRICT;

INSERT INTO hotlist_key_of (catalogue, epoch, sealed) SELECT 'things', epoch, sealed FROM hotlist_key;
DROP TABLE hotlist_key;
ALTER TABLE hotlist_key_of RENAME TO hotlist_key;

-- Sets that were taken and forgotten: the same may come again, an older one does not.
CREATE TABLE reference_floor (
    kind    TEXT PRIMARY KEY,
    serial  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
