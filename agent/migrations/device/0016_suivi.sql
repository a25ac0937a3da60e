-- HQ's notes on complaints, sealed as they came, until the officer who took the complaint unlocks.
CREATE TABLE suivi_note (
    sequence INTEGER PRIMARY KEY,
    officer  BLOB NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
