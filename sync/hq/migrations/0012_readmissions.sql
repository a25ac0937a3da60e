-- Officers whom a supervisor let in again: the number that was read out, and why it was answered.
CREATE TABLE readmission (
    device      TEXT NOT NULL REFERENCES device (id),
    officer     BLOB NOT NULL,
    challenge   TEXT NOT NULL,              -- twelve digits, as the terminal shows them
    at          INTEGER NOT NULL,           -- HQ's clock
    reason      TEXT NOT NULL,
    given_by    TEXT NOT NULL,              -- the context that the answer was given in
    PRIMARY KEY (device, officer, challenge)
) STRICT, WITHOUT ROWID;
