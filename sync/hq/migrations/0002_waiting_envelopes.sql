-- Envelopes whose bundle comes in parts: from the envelope itself until it is decided and its parts are gone from `files/`.
-- Nothing is receipted here, so that a terminal whose envelope was given up sends it again.
CREATE TABLE waiting (
    envelope    BLOB PRIMARY KEY,
    device      TEXT NOT NULL,
    digest      BLOB NOT NULL,              -- SHA-256 of envelope_cose
    envelope_cose BLOB NOT NULL,
    heard_at    INTEGER NOT NULL            -- when the terminal sent it last
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_device ON waiting (device);
CREATE INDEX waiting_heard ON waiting (heard_at);
