-- Configuration profiles that HQ signed and this terminal verified: the one in force, and the one before to fall back on.
CREATE TABLE profile (
    serial  INTEGER PRIMARY KEY,
    cose    BLOB NOT NULL                 -- COSE_Sign1 of the profile
) STRICT;

-- The last profile that was refused, at most one.
CREATE TABLE profile_refused (
    serial  INTEGER PRIMARY KEY,
    reason  TEXT NOT NULL                 -- domain::profile::ProfileRefusal::code
) STRICT;
