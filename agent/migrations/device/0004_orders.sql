-- Orders of HQ that this terminal took, each once, in their sequence.
CREATE TABLE order_taken (
    sequence INTEGER PRIMARY KEY,
    command  INTEGER NOT NULL,
    cose     BLOB NOT NULL,               -- as HQ signed it
    outcome  INTEGER,                     -- null from the decision until it is carried out
    at       INTEGER                      -- Unix milliseconds, with the outcome
) STRICT;
