-- Keys of recordings that their officers may look at: each only until its bytes go from this terminal.
CREATE TABLE view_key (
    clip      BLOB PRIMARY KEY,
    recipient BLOB NOT NULL,            -- X25519 public key, to which segments are sealed besides HQ's
    sealed    BLOB NOT NULL             -- the key itself, sealed to its officer's reply key
) STRICT, WITHOUT ROWID;
