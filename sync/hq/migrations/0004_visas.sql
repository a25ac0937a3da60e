-- Visas: who asked whom about which act, what was decided, and what terminals are told of it.

-- Officers by the number that an act names them by.
CREATE TABLE matricule (
    matricule   TEXT PRIMARY KEY,           -- "RIO 1234567"
    officer     BLOB NOT NULL REFERENCES officer (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_act ON record (act);

CREATE TABLE visa_request (
    request     BLOB PRIMARY KEY,           -- act id of the record that asks
    envelope    BLOB NOT NULL REFERENCES record (envelope),
    act         BLOB NOT NULL REFERENCES record (envelope), -- the envelope that brought the act
    device      TEXT NOT NULL,              -- that asked
    author      BLOB NOT NULL,
    opj         BLOB NOT NULL,
    at          INTEGER NOT NULL,
    visa        BLOB REFERENCES record (envelope) -- the envelope that brought the answer
) STRICT, WITHOUT ROWID;
CREATE INDEX visa_request_act ON visa_request (act);
CREATE INDEX visa_request_device ON visa_request (device);
CREATE INDEX visa_request_open ON visa_request (opj) WHERE visa IS NULL;

-- In this order; a note is made of the records when it is sent, so that none of them is kept twice.
CREATE TABLE visa_note (
    device      TEXT NOT NULL REFERENCES device (id),
    sequence    INTEGER NOT NULL,
    request     BLOB NOT NULL REFERENCES visa_request (request),
    officer     BLOB NOT NULL,              -- who alone reads it
    decided     INTEGER NOT NULL,           -- 0 a visa is asked for, 1 it was answered
    PRIMARY KEY (device, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX visa_note_once ON visa_note (device, request, officer, decided);

ALTER TABLE said ADD COLUMN visas INTEGER;  -- the highest visa note that it has; null for a program that takes none
