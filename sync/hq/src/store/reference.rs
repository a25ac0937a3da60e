//! Reference sets as they were published; none is ever changed or taken back.

use domain::natinf::ReferenceVersion;
use domain::{DeviceId, UnixMs};
use sync::wire::v1::SetKind;

use super::sql::{Parameters, Row};
use super::{StoreError, Transaction, signed, unsigned};
use crate::reference::Publication;

/// One published set, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub kind: SetKind,
    pub serial: u64,
    pub version: ReferenceVersion,
    /// Offences, or lists.
    pub entries: u64,
    /// HQ's clock.
    pub at: UnixMs,
    /// Length of the compressed set, in bytes.
    pub packed: u64,
}

const LAW: &str = "SELECT serial, version, offences, published, length(packed) FROM reference";
const BESIDE: &str = "SELECT serial, version, entries, published, length(packed) FROM reference_beside";

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

    /// The serial of the newest set of a kind; 0 before the first.
    pub fn newest_set(&self, kind: SetKind) -> Result<u64, StoreError> {
        if kind == SetKind::Law {
            return self.newest_reference();
        }
        let serial: Option<Option<i64>> = self.row(
            "SELECT max(serial) FROM reference_beside WHERE kind = ?1",
            [kind.code()],
            "look up the newest reference set",
            |row| row.get(0),
        )?;
        unsigned(serial.flatten().unwrap_or(0), "reference set")
    }

    pub fn insert_set(&self, new: &Published, publication: &Publication) -> Result<(), StoreError> {
        let common = (
            signed(new.serial),
            &new.version.0,
            signed(new.entries),
            new.at.0,
            &publication.certificate,
            &publication.head,
            &publication.packed,
        );
        if new.kind == SetKind::Law {
            return self.execute(
                "INSERT INTO reference (serial, version, offences, published, certificate, head, packed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                common,
                "store a reference set",
            );
        }
        let (serial, version, entries, at, certificate, head, packed) = common;
        self.execute(
            "INSERT INTO reference_beside (serial, version, entries, published, certificate, head, packed, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (serial, version, entries, at, certificate, head, packed, new.kind.code()),
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
            list.extend(self.published(SetKind::Law, "serial = ?1", [serial])?);
        }
        Ok(list)
    }

    /// The set that records of this version were drawn up under, if HQ published it.
    pub fn reference_called(&self, version: &ReferenceVersion) -> Result<Option<Published>, StoreError> {
        self.published(SetKind::Law, "version = ?1", [&version.0])
    }

    /// The set of a kind beside the law that bears this name.
    pub fn set_called(
        &self,
        kind: SetKind,
        name: &ReferenceVersion,
    ) -> Result<Option<Published>, StoreError> {
        self.published(kind, "kind = ?1 AND version = ?2", (kind.code(), &name.0))
    }

    /// The newest set of a kind beside the law.
    pub fn published_beside(&self, kind: SetKind) -> Result<Option<Published>, StoreError> {
        let newest = signed(self.newest_set(kind)?);
        self.published(kind, "kind = ?1 AND serial = ?2", (kind.code(), newest))
    }

    /// What was signed and sent.
    pub fn publication(&self, kind: SetKind, serial: u64) -> Result<Option<Publication>, StoreError> {
        let what = "read a reference set";
        let read = |row: &Row<'_>| {
            Ok(Publication {
                certificate: row.get(0)?,
                head: row.get(1)?,
                packed: row.get(2)?,
            })
        };
        if kind == SetKind::Law {
            let sql = "SELECT certificate, head, packed FROM reference WHERE serial = ?1";
            return self.row(sql, [signed(serial)], what, read);
        }
        let sql = "SELECT certificate, head, packed FROM reference_beside WHERE kind = ?1 AND serial = ?2";
        self.row(sql, (kind.code(), signed(serial)), what, read)
    }

    /// Keeps which set of a kind beside the law a terminal said to have.
    pub fn keep_said_set(&self, device: &DeviceId, kind: SetKind, serial: u64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO said_set (device, kind, serial) VALUES (?1, ?2, ?3)
             ON CONFLICT (device, kind) DO UPDATE SET serial = excluded.serial
             WHERE said_set.serial <> excluded.serial",
            (device.as_str(), kind.code(), signed(serial)),
            "keep what a terminal said",
        )
    }

    /// The terminal says nothing of this kind any more.
    pub fn forget_said_set(&self, device: &DeviceId, kind: SetKind) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM said_set WHERE device = ?1 AND kind = ?2",
            (device.as_str(), kind.code()),
            "forget what a terminal said",
        )
    }

    /// The newest set of a kind beside the law that a terminal said to have; `None` for a program that takes none.
    pub fn said_set(&self, device: &DeviceId, kind: SetKind) -> Result<Option<u64>, StoreError> {
        let said: Option<i64> = self.row(
            "SELECT serial FROM said_set WHERE device = ?1 AND kind = ?2",
            (device.as_str(), kind.code()),
            "look up what a terminal said",
            |row| row.get(0),
        )?;
        said.map(|serial| unsigned(serial, "reference set")).transpose()
    }

    /// How many terminals said to have set `serial` of a kind beside the law, or a later one.
    pub fn count_with_set(&self, kind: SetKind, serial: u64) -> Result<u64, StoreError> {
        let count: Option<i64> = self.row(
            "SELECT count(*) FROM said_set WHERE kind = ?1 AND serial >= ?2",
            (kind.code(), signed(serial)),
            "count who has a reference set",
            |row| row.get(0),
        )?;
        unsigned(count.unwrap_or(0), "reference set")
    }

    fn published(
        &self,
        kind: SetKind,
        which: &str,
        parameters: impl Parameters,
    ) -> Result<Option<Published>, StoreError> {
        let columns = if kind == SetKind::Law { LAW } else { BESIDE };
        let row = self.row(
            &format!("{columns} WHERE {which}"),
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
        row.map(|(serial, version, entries, at, packed)| {
            Ok(Published {
                kind,
                serial: unsigned(serial, "reference set")?,
                version: ReferenceVersion(version),
                entries: unsigned(entries, "reference set")?,
                at: UnixMs(at),
                packed: unsigned(packed, "reference set")?,
            })
        })
        .transpose()
    }
}
