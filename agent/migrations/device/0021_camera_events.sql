-- What cameras signed of themselves: each counter of a camera is here once, and travels with one manifest.
CREATE TABLE camera_event (
    camera  TEXT NOT NULL,
    counter INTEGER NOT NULL,           -- as in the message
    message BLOB NOT NULL,              -- COSE_Sign1 of domain::footage::CameraEvent, checked when it came
    clip    BLOB,                       -- the recording whose manifest carries it; none yet
    PRIMARY KEY (camera, counter)
) STRICT, WITHOUT ROWID;
