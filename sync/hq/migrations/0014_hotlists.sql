-- Lists of what is sought (domain::hotlist): the key of each epoch, and the digests that changes are counted from.
CREATE TABLE hotlist_epoch (
    epoch       INTEGER PRIMARY KEY,
    key         BLOB NOT NULL,
    built_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE hotlist_base (
    epoch       INTEGER NOT NULL REFERENCES hotlist_epoch (epoch),
    subject     TEXT NOT NULL,
    digests     BLOB NOT NULL,              -- ascending, of eight bytes each, the high one first
    PRIMARY KEY (epoch, subject)
) STRICT;
