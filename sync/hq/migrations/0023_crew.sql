-- Whose officer is in service on which terminal, as the terminal said last.
CREATE TABLE duty (
    device       TEXT PRIMARY KEY REFERENCES device (id),
    sequence     INTEGER NOT NULL,          -- of the terminal
    officer      BLOB NOT NULL,
    matricule    TEXT NOT NULL,             -- as the registry has it
    at           INTEGER NOT NULL           -- HQ's clock
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_matricule ON duty (matricule);

-- With whom.
CREATE TABLE duty_crew (
    device       TEXT NOT NULL REFERENCES device (id),
    matricule    TEXT NOT NULL,
    PRIMARY KEY (device, matricule)
) STRICT, WITHOUT ROWID;

-- Interventions that crews share: the last copy of each terminal, in the order in which the others are told.
CREATE TABLE crew_sheet (
    line         INTEGER PRIMARY KEY,       -- ascending; another with each copy
    device       TEXT NOT NULL,             -- whose copy it is
    intervention BLOB NOT NULL,
    sequence     INTEGER NOT NULL,          -- of the terminal
    officer      BLOB NOT NULL,
    matricule    TEXT NOT NULL,             -- as the registry has it
    since        INTEGER NOT NULL,          -- when HQ first heard of the intervention from a crew
    at           INTEGER NOT NULL,
    until        INTEGER NOT NULL,          -- from here on it leaves for nobody
    ended        INTEGER,                   -- when HQ heard of its end
    sealed       BLOB                       -- age file for HQ's sealing key, as it came; null past the term
) STRICT;
CREATE UNIQUE INDEX crew_sheet_of ON crew_sheet (device, intervention);
CREATE INDEX crew_sheet_until ON crew_sheet (until);

-- For whom.
CREATE TABLE crew_named (
    device       TEXT NOT NULL,
    intervention BLOB NOT NULL,
    matricule    TEXT NOT NULL,
    PRIMARY KEY (device, intervention, matricule)
) STRICT, WITHOUT ROWID;
CREATE INDEX crew_named_matricule ON crew_named (matricule);

ALTER TABLE said ADD COLUMN crew INTEGER;  -- the highest line that it has in this service; null for a program that takes none
