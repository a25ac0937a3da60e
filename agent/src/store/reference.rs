//! Reference sets on the terminal: those in force, now or for an act that was signed, and those on their way.

use domain::natinf::ReferenceVersion;
use rusqlite::{Row, Transaction, params};
use sync::wire::v1::SetKind;
use sync::{Span, Spans};

use super::{DeviceStore, StoreError, failed, one, run, unreadable};

/// A set as HQ sent it, verified before it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReference {
    pub serial: u64,
    /// COSE_Sign1.
    pub head: Vec<u8>,
    pub packed: Vec<u8>,
}

/// A set on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingReference {
    pub serial: u64,
    /// COSE_Sign1.
    pub head: Vec<u8>,
    /// The parts that are stored.
    pub have: Spans,
}

impl DeviceStore {
    /// The serial of the newest set that was ever taken; 0 before the first.
    pub fn newest_reference(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(serial), 0) FROM reference";
        let newest = one(&self.db, "reference", sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(newest.unwrap_or(0)).map_err(unreadable("reference"))
    }

    /// The newest set below `serial`.
    pub fn reference_below(&self, serial: u64) -> Result<Option<StoredReference>, StoreError> {
        let below = i64::try_from(serial).unwrap_or(i64::MAX);
        let sql = "SELECT serial, head, packed FROM reference WHERE serial < ?1 ORDER BY serial DESC LIMIT 1";
        one(&self.db, "reference", sql, [below], |row| Ok(read(row)))?.transpose()
    }

    /// The set that records of this version were drawn up under.
    pub fn reference_called(
        &self,
        version: &ReferenceVersion,
    ) -> Result<Option<StoredReference>, StoreError> {
        let sql = "SELECT serial, head, packed FROM reference WHERE version = ?1";
        one(&self.db, "reference", sql, [&version.0], |row| Ok(read(row)))?.transpose()
    }

    /// The versions that are kept, the oldest first.
    pub fn reference_versions(&self) -> Result<Vec<ReferenceVersion>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT version FROM reference ORDER BY serial")
            .map_err(failed("reference"))?;
        let rows = rows
            .query_map([], |row| row.get(0).map(ReferenceVersion))
            .map_err(failed("reference"))?;
        rows.map(|row| row.map_err(failed("reference"))).collect()
    }

    /// An act is about to be signed under this set: it stays for as long as the terminal does.
    pub fn use_reference(&mut self, version: &ReferenceVersion) -> Result<(), StoreError> {
        let sql = "UPDATE reference SET used = 1 WHERE version = ?1 AND used = 0";
        run(&self.db, "reference", sql, [&version.0]).map(drop)
    }

    /// Begins to gather a set; one of its kind that was begun before is forgotten.
    pub fn begin_reference(&mut self, kind: SetKind, serial: u64, head: &[u8]) -> Result<(), StoreError> {
        let tx = self.write("reference")?;
        forget_pending(&tx, kind)?;
        run(
            &tx,
            "reference",
            "INSERT INTO reference_pending (kind, serial, head) VALUES (?1, ?2, ?3)",
            params![kind.code(), signed(serial)?, head],
        )?;
        tx.commit().map_err(failed("reference"))
    }

    pub fn pending_reference(&self, kind: SetKind) -> Result<Option<PendingReference>, StoreError> {
        let sql = "SELECT serial, head FROM reference_pending WHERE kind = ?1";
        let row = one(&self.db, "reference", sql, [kind.code()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let Some((serial, head)) = row else {
            return Ok(None);
        };
        let mut rows = self
            .db
            .prepare("SELECT part FROM reference_part WHERE kind = ?1 ORDER BY part")
            .map_err(failed("reference"))?;
        let rows = rows
            .query_map([kind.code()], |row| row.get::<_, i64>(0))
            .map_err(failed("reference"))?;
        let mut have = Spans::new();
        for part in rows {
            let part = u64::try_from(part.map_err(failed("reference"))?).map_err(unreadable("reference"))?;
            if let Some(one) = Span::new(part, part.saturating_add(1)) {
                have.insert(one).map_err(unreadable("reference"))?;
            }
        }
        Ok(Some(PendingReference {
            serial: u64::try_from(serial).map_err(unreadable("reference"))?,
            head,
            have,
        }))
    }

    pub fn add_reference_part(&mut self, kind: SetKind, part: u32, bytes: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO reference_part (kind, part, bytes) VALUES (?1, ?2, ?3)";
        run(&self.db, "reference", sql, params![kind.code(), part, bytes]).map(drop)
    }

    /// The parts that are there, one behind the other.
    pub fn gathered_reference(&self, kind: SetKind) -> Result<Vec<u8>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT bytes FROM reference_part WHERE kind = ?1 ORDER BY part")
            .map_err(failed("reference"))?;
        let rows = rows
            .query_map([kind.code()], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("reference"))?;
        let mut packed = Vec::new();
        for part in rows {
            packed.extend(part.map_err(failed("reference"))?);
        }
        Ok(packed)
    }

    /// Takes a verified set into use, in one commit. Of the older ones those stay that acts were signed under, and the
    /// one before, to fall back on.
    pub fn keep_reference(
        &mut self,
        version: &ReferenceVersion,
        reference: &StoredReference,
    ) -> Result<(), StoreError> {
        let tx = self.write("reference")?;
        let serial = signed(reference.serial)?;
        run(
            &tx,
            "reference",
            "INSERT INTO reference (serial, version, head, packed) VALUES (?1, ?2, ?3, ?4)",
            params![serial, version.0, reference.head, reference.packed],
        )?;
        run(
            &tx,
            "reference",
            "DELETE FROM reference WHERE used = 0
             AND serial < (SELECT max(serial) FROM reference WHERE serial < ?1)",
            [serial],
        )?;
        forget_pending(&tx, SetKind::Law)?;
        tx.commit().map_err(failed("reference"))
    }

    /// The serial of the newest set of a kind beside the law; 0 before the first, and one less than that of the last where
    /// it was forgotten.
    pub fn newest_beside(&self, kind: SetKind) -> Result<u64, StoreError> {
        let sql = "SELECT max(coalesce((SELECT max(serial) FROM reference_beside WHERE kind = ?1), 0),
                              coalesce((SELECT serial FROM reference_floor WHERE kind = ?1), 0))";
        let newest = one(&self.db, "reference", sql, [kind.code()], |row| {
            row.get::<_, i64>(0)
        })?;
        u64::try_from(newest.unwrap_or(0)).map_err(unreadable("reference"))
    }

    /// The newest set below `serial` of a kind beside the law.
    pub fn beside_below(&self, kind: SetKind, serial: u64) -> Result<Option<StoredReference>, StoreError> {
        let below = i64::try_from(serial).unwrap_or(i64::MAX);
        let sql = "SELECT serial, head, packed FROM reference_beside
                   WHERE kind = ?1 AND serial < ?2 ORDER BY serial DESC LIMIT 1";
        one(&self.db, "reference", sql, params![kind.code(), below], |row| {
            Ok(read(row))
        })?
        .transpose()
    }

    /// Takes a verified set of a kind beside the law into use, in one commit. The one before stays, to fall back on.
    pub fn keep_beside(&mut self, kind: SetKind, reference: &StoredReference) -> Result<(), StoreError> {
        let tx = self.write("reference")?;
        let serial = signed(reference.serial)?;
        run(
            &tx,
            "reference",
            "INSERT INTO reference_beside (kind, serial, head, packed) VALUES (?1, ?2, ?3, ?4)",
            params![kind.code(), serial, reference.head, reference.packed],
        )?;
        run(
            &tx,
            "reference",
            "DELETE FROM reference_beside WHERE kind = ?1
             AND serial < (SELECT max(serial) FROM reference_beside WHERE kind = ?1 AND serial < ?2)",
            params![kind.code(), serial],
        )?;
        forget_pending(&tx, kind)?;
        tx.commit().map_err(failed("reference"))
    }

    /// Gives up the set of a kind that is on its way.
    pub fn forget_pending_reference(&mut self, kind: SetKind) -> Result<(), StoreError> {
        let tx = self.write("reference")?;
        forget_pending(&tx, kind)?;
        tx.commit().map_err(failed("reference"))
    }
}

/// Forgets every set of a kind beside the law, but for how new the newest was; how many those were.
pub(super) fn forget_beside(tx: &Transaction<'_>, kind: SetKind) -> Result<usize, StoreError> {
    run(
        tx,
        "reference",
        "INSERT INTO reference_floor (kind, serial)
            SELECT kind, max(serial) - 1 FROM reference_beside WHERE kind = ?1 GROUP BY kind
         ON CONFLICT (kind) DO UPDATE SET serial = max(serial, excluded.serial)",
        [kind.code()],
    )?;
    forget_pending(tx, kind)?;
    run(
        tx,
        "reference",
        "DELETE FROM reference_beside WHERE kind = ?1",
        [kind.code()],
    )
}

fn forget_pending(tx: &Transaction<'_>, kind: SetKind) -> Result<(), StoreError> {
    run(
        tx,
        "reference",
        "DELETE FROM reference_pending WHERE kind = ?1",
        [kind.code()],
    )?;
    run(
        tx,
        "reference",
        "DELETE FROM reference_part WHERE kind = ?1",
        [kind.code()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<StoredReference, StoreError> {
    let get = failed("reference");
    let serial: i64 = row.get(0).map_err(&get)?;
    Ok(StoredReference {
        serial: u64::try_from(serial).map_err(unreadable("reference"))?,
        head: row.get(1).map_err(&get)?,
        packed: row.get(2).map_err(&get)?,
    })
}

/// SQLite's integers are signed; HQ's serials are seconds and stay far below.
fn signed(serial: u64) -> Result<i64, StoreError> {
    i64::try_from(serial).map_err(unreadable("reference"))
}
