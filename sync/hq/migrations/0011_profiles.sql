-- Configuration profiles as they were signed, how each goes out to the terminals of its channel, and what they say of it.
CREATE TABLE profile (
    serial      INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,              -- hq::rollout::Channel::code
    published   INTEGER NOT NULL,
    certificate BLOB NOT NULL,              -- DER of the signer
    cose        BLOB NOT NULL               -- COSE_Sign1 of domain::profile::Profile
) STRICT;
CREATE INDEX profile_channel ON profile (channel, serial);

CREATE TABLE rollout (
    serial      INTEGER PRIMARY KEY REFERENCES profile (serial),
    state       TEXT NOT NULL,              -- hq::rollout::State::code
    rings       TEXT NOT NULL,              -- percents of the channel, ascending, with commas
    ring        INTEGER NOT NULL,           -- which of them is reached, from 0
    success     INTEGER NOT NULL,           -- percent of the ring that has to follow before the next
    errors      INTEGER NOT NULL,           -- percent of the ring that may refuse
    members     INTEGER NOT NULL,           -- terminals in the ring when it was reached
    took        INTEGER NOT NULL,
    refused     INTEGER NOT NULL
) STRICT;

-- What was done with a rollout, in the order in which it was done.
CREATE TABLE rollout_event (
    sequence    INTEGER PRIMARY KEY,
    serial      INTEGER NOT NULL REFERENCES rollout (serial),
    at          INTEGER NOT NULL,
    what        TEXT NOT NULL,
    detail      TEXT NOT NULL
) STRICT;
CREATE INDEX rollout_event_serial ON rollout_event (serial, sequence);

-- What each terminal said last of profiles.
CREATE TABLE profile_said (
    device      TEXT PRIMARY KEY REFERENCES device (id),
    serial      INTEGER NOT NULL,           -- 0 for the profile of its program
    refused     INTEGER,                    -- serial of a later one that it does not follow
    reason      TEXT,                       -- domain::profile::ProfileRefusal::code
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Terminals that were put into a channel; the others are in the stable one.
CREATE TABLE device_channel (
    device      TEXT PRIMARY KEY REFERENCES device (id),
    channel     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
