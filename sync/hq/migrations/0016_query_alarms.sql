-- In which frame a file was asked and for which kind of act, and questions that are out of pattern.

ALTER TABLE consultation ADD COLUMN frame TEXT;     -- QueryFrame::code
ALTER TABLE consultation ADD COLUMN purpose TEXT;   -- ActKind::code
CREATE INDEX consultation_device ON consultation (device, at);
CREATE INDEX consultation_officer ON consultation (officer, at);

-- One line for each hour in which it happened; neither what was asked nor why is here.
CREATE TABLE query_alarm (
    device      TEXT NOT NULL,
    officer     BLOB NOT NULL,              -- empty where the question does not read
    kind        TEXT NOT NULL,              -- pattern::OutOfPattern::code
    hour        INTEGER NOT NULL,           -- Unix milliseconds of its beginning
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    times       INTEGER NOT NULL,
    PRIMARY KEY (device, officer, kind, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX query_alarm_last ON query_alarm (last_at);
