-- Lists of what is sought (domain::hotlist): the keys as HQ sealed them to the terminal, and how often the lists were asked.
CREATE TABLE hotlist_key (
    epoch       INTEGER PRIMARY KEY,
    sealed      BLOB NOT NULL               -- age, to the terminal's identity in the vault
) STRICT;

CREATE TABLE hotlist_question (
    hour        INTEGER PRIMARY KEY,        -- since 1970
    questions   INTEGER NOT NULL
) STRICT;
