-- Photographs byte for byte as the camera gave them, while a draft or an act that HQ has not received names them.
CREATE TABLE photo (
    sha256 BLOB PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;
