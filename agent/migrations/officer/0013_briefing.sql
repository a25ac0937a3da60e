-- Items of the briefing that the officer has read; each goes with the term of its item.
CREATE TABLE briefing_read (
    dispatch BLOB PRIMARY KEY,
    until    INTEGER NOT NULL             -- milliseconds since 1970, HQ's clock
) STRICT, WITHOUT ROWID;
