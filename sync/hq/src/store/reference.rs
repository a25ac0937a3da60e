//! Reference sets as they were published; none is ever changed or taken back.

use domain::UnixMs;
use domain::natinf::ReferenceVersion;

use super::sql::Parameters;
use super::{StoreError, Transaction, signed, unsigned};
use crate::reference::Publication;

/// One published set, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub serial: u64,
    pub version: ReferenceVersion,
    pub offences: u64,
    /// HQ's clock.
    pub at: UnixMs,
    /// Length of the compressed set, in bytes.
    pub packed: u64,
}

const COLUMNS: &str = "serial, version, offences, published, length(packed)";

impl Transaction<'_> {
    /// The serial of the newest set; 0 before the first.
    pub fn newest_reference(&self) -> Result<u64, StoreError> {
        let serial: Option<Option<i64>> = self.row(
            "SELECT max(serial) FROM reference",
            (),
            "look up the newest reference set",
            |row| row.get(0),
        )?;
        unsigned(serial.flatten().unwrap_or(0), "reference set")
    }

    pub fn insert_reference(&self, new: &Published, publication: &Publication) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO reference (serial, version, offences, published, certificate, head, packed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                signed(new.serial),
                &new.version.0,
                signed(new.offences),
                new.at.0,
                &publication.certificate,
                &publication.head,
                &publication.packed,
            ),
            "store a reference set",
        )
    }

    /// Every published set, the oldest first.
    pub fn references(&self) -> Result<Vec<Published>, StoreError> {
        let serials: Vec<i64> = self.column(
            "SELECT serial FROM reference ORDER BY serial",
            (),
            "list reference sets",
        )?;
        let mut list = Vec::with_capacity(serials.len());
        for serial in serials {
            list.extend(self.published("serial = ?1", [serial])?);
        }
        Ok(list)
    }

    /// The set that records of this version were drawn up under, if HQ published it.
    pub fn reference_called(&self, version: &ReferenceVersion) -> Result<Option<Published>, StoreError> {
        self.published("version = ?1", [&version.0])
    }

    /// What was signed and sent.
    pub fn publication(&self, serial: u64) -> Result<Option<Publication>, StoreError> {
        self.row(
            "SELECT certificate, head, packed FROM reference WHERE serial = ?1",
            [signed(serial)],
            "read a reference set",
            |row| {
                Ok(Publication {
                    certificate: row.get(0)?,
                    head: row.get(1)?,
                    packed: row.get(2)?,
                })
            },
        )
    }

    fn published(&self, which: &str, parameters: impl Parameters) -> Result<Option<Published>, StoreError> {
        let row = self.row(
            &format!("SELECT {COLUMNS} FROM reference WHERE {which}"),
            parameters,
            "look up a reference set",
            |row| {
                Ok((
                    row.get::<i64>(0)?,
                    row.get::<String>(1)?,
                    row.get::<i64>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<i64>(4)?,
                ))
            },
        )?;
        row.map(|(serial, version, offences, at, packed)| {
            Ok(Published {
                serial: unsigned(serial, "reference set")?,
                version: ReferenceVersion(version),
                offences: unsigned(offences, "reference set")?,
                at: UnixMs(at),
                packed: unsigned(packed, "reference set")?,
            })
        })
        .transpose()
    }
}
