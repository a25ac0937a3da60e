-- The draft that the officer has in hand, and the field whose step is open: there a lock or a stop comes back to.
CREATE TABLE in_hand (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    draft BLOB NOT NULL,
    field TEXT -- domain::draft::Field::code; absent where the form has no steps
) STRICT;
