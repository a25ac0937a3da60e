-- What the officer said of recordings, until each is signed and its recording is gone.
CREATE TABLE custody (
    act   BLOB PRIMARY KEY,             -- act id of its record
    clip  BLOB NOT NULL,
    place INTEGER NOT NULL,             -- in which they were said, from 1
    said  BLOB NOT NULL,                -- domain::footage::custody::Said
    UNIQUE (clip, place)
) STRICT, WITHOUT ROWID;
