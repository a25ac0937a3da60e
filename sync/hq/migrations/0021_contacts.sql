-- Sheets of safe contact: the latest of each complaint from the terminal that took it.

CREATE TABLE contact (
    complaint BLOB NOT NULL,                -- act id
    device    TEXT NOT NULL,
    act       BLOB NOT NULL,                -- act id of the record; ascending with time
    envelope  BLOB NOT NULL REFERENCES record (envelope),
    PRIMARY KEY (complaint, device)
) STRICT, WITHOUT ROWID;
