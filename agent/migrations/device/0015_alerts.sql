-- Urgent alerts that somebody still has to take, or whose officer has still to read who did; nothing of what they say.

CREATE TABLE alert (
    alert    BLOB PRIMARY KEY,            -- act id of the record
    raised   BLOB NOT NULL,               -- the moment of the officer's confirmation
    taken    BLOB,                        -- who has it, as HQ said
    told     INTEGER NOT NULL DEFAULT 0   -- 1 when the officer told it by radio or telephone
) STRICT, WITHOUT ROWID;
