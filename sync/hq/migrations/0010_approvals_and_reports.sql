-- Orders that two persons approve before they are signed, and what terminals state of orders that they carried out.

CREATE TABLE approval_request (
    id          INTEGER PRIMARY KEY,        -- ascending
    command     TEXT NOT NULL,              -- domain::orders::Command::code
    requester   TEXT NOT NULL,              -- who asks, by their own word
    asked_at    INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    state       TEXT NOT NULL,              -- hq::approvals::State::code
    decided_at  INTEGER,
    decided_by  TEXT                        -- who refused; null when it was approved
) STRICT;

-- The very bytes that are approved, one order for each terminal.
CREATE TABLE approval_order (
    request     INTEGER NOT NULL REFERENCES approval_request (id),
    device      TEXT NOT NULL REFERENCES device (id),
    payload     BLOB NOT NULL,              -- domain::orders::Order without body
    PRIMARY KEY (request, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (
    request     INTEGER NOT NULL,
    device      TEXT NOT NULL,
    approver    TEXT NOT NULL,              -- the pseudonym in the certificate
    certificate BLOB NOT NULL,              -- DER
    cose        BLOB NOT NULL,              -- COSE_Sign1 over the payload, namespace approval
    at          INTEGER NOT NULL,
    PRIMARY KEY (request, device, approver),
    FOREIGN KEY (request, device) REFERENCES approval_order (request, device)
) STRICT, WITHOUT ROWID;

-- Each part as the terminal signed it; what is personal in it is sealed to headquarters' key.
CREATE TABLE order_report (
    device      TEXT NOT NULL,
    sequence    INTEGER NOT NULL,
    part        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    cose        BLOB NOT NULL,              -- COSE_Sign1 of domain::orders::OrderReport
    PRIMARY KEY (device, sequence, part),
    FOREIGN KEY (device, sequence) REFERENCES device_order (device, sequence)
) STRICT, WITHOUT ROWID;
