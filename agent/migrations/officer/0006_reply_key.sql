-- The key that opens answers of files: age's text form. Whoever has the terminal and not the code has it not.

CREATE TABLE reply_key (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    identity TEXT NOT NULL
) STRICT;
