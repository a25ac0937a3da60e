-- Printers that have answered once. `used` orders them: the one used last is offered first.
CREATE TABLE printer (
    address TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One document of one act on one printer. The document itself stays in `record`.
CREATE TABLE print_job (
    act     BLOB NOT NULL,
    paper   INTEGER NOT NULL,
    printer TEXT NOT NULL,
    asked   BLOB NOT NULL,
    state   BLOB NOT NULL,
    PRIMARY KEY (act, paper, printer)
) STRICT, WITHOUT ROWID;
