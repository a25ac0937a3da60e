-- Sheets of safe contact beside their complaints, from the moment their record is promised until the draft is gone.
CREATE TABLE contact (
    act   BLOB PRIMARY KEY,
    draft BLOB NOT NULL,
    sheet BLOB NOT NULL -- domain::contact::SafeContact
) STRICT;
