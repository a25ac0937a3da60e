-- Sheets of safe contact beside their complaints, from the moment their record is promised until the draft is gone.
CREATE TABLE contact (
    act   BLOB PRIMARY KEY,
    draft BLOB NOT NULL,
    sheet BLOB NOT NULL -- domain::plainte::contact::SafeContact
) STRICT;
-- Urgent alerts until their record exists; which of them nobody has yet is in the device's database.
CREATE TABLE alert (
    act   BLOB PRIMARY KEY,
    alert BLOB NOT NULL -- domain::alert::Alert
) STRICT;
