//! The journal: entries, each with its place in the tree, in the transaction of what they tell; and HQ's last word on it.

use domain::journal::{Entry, GENESIS, Operation};
use domain::{Digest, JournalId, OfficerId, Timestamp, canonical};
use rusqlite::{Connection, Transaction, params};
use trust::merkle::{self, Place};

use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// What HQ countersigned last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalReceipt {
    /// How many entries it is about.
    pub size: u64,
    /// COSE_Sign1 of a [`domain::journal::HeadReceipt`].
    pub receipt: Vec<u8>,
}

impl DeviceStore {
    /// Adds a line to the journal.
    pub fn log(
        &mut self,
        now: Timestamp,
        officer: Option<OfficerId>,
        operation: Operation,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("journal")?;
        append(&tx, journal, now, officer, operation)?;
        tx.commit().map_err(failed("journal"))
    }

    /// The whole journal, oldest first.
    pub fn journal(&self) -> Result<Vec<Entry>, StoreError> {
        let entries = self.journal_entries(0, u64::MAX, usize::MAX)?;
        let read = |bytes: &Vec<u8>| canonical::decode(bytes).map_err(unreadable("journal entry"));
        entries.iter().map(read).collect()
    }

    /// How many entries there are.
    pub fn journal_size(&self) -> Result<u64, StoreError> {
        size(&self.db)
    }

    /// The bytes of entries from number `first` on: at most `count`, and not much more than `bytes` in all.
    pub fn journal_entries(&self, first: u64, count: u64, bytes: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT entry FROM journal WHERE position >= ?1 ORDER BY position";
        let mut rows = self.db.prepare_cached(sql).map_err(failed("journal"))?;
        let mut rows = rows.query([stored(first)]).map_err(failed("journal"))?;
        let (mut entries, mut total) = (Vec::new(), 0_usize);
        while total < bytes && (entries.len() as u64) < count {
            let Some(row) = rows.next().map_err(failed("journal"))? else {
                break;
            };
            let entry: Vec<u8> = row.get(0).map_err(failed("journal"))?;
            total = total.saturating_add(entry.len());
            entries.push(entry);
        }
        Ok(entries)
    }

    /// The tree head over the first `size` entries, and the digest of the last of them.
    pub fn journal_head(&self, size: u64) -> Result<(Digest, Digest), StoreError> {
        let root = merkle::root_at(size, |place| node(&self.db, place))?;
        let sql = "SELECT entry FROM journal WHERE position = ?1";
        let position = stored(size.saturating_sub(1));
        let last: Option<Vec<u8>> = one(&self.db, "journal", sql, [position], |row| row.get(0))?;
        let last = last.ok_or(StoreError::Unreadable { what: "journal" })?;
        Ok((Digest::from_bytes(root.0), Digest::of(&last)))
    }

    /// HQ's last countersignature.
    pub fn journal_receipt(&self) -> Result<Option<JournalReceipt>, StoreError> {
        let sql = "SELECT size, receipt FROM journal_receipt ORDER BY size DESC LIMIT 1";
        let row = one(&self.db, "journal receipt", sql, [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        row.map(|(size, receipt): (i64, _)| {
            Ok(JournalReceipt {
                size: u64::try_from(size).map_err(unreadable("journal receipt"))?,
                receipt,
            })
        })
        .transpose()
    }

    /// Keeps a verified countersignature in place of the one before.
    pub fn keep_journal_receipt(&mut self, kept: &JournalReceipt) -> Result<(), StoreError> {
        let tx = self.write("journal receipt")?;
        run(&tx, "journal receipt", "DELETE FROM journal_receipt", [])?;
        run(
            &tx,
            "journal receipt",
            "INSERT INTO journal_receipt (size, receipt) VALUES (?1, ?2)",
            params![stored(kept.size), kept.receipt],
        )?;
        tx.commit().map_err(failed("journal receipt"))
    }

    /// Gives entries that an older program wrote their place in the tree.
    pub(super) fn plant_journal(&mut self) -> Result<(), StoreError> {
        let planted: i64 = one(
            &self.db,
            "journal",
            "SELECT count(*) FROM journal_node WHERE level = 0",
            [],
            |row| row.get(0),
        )?
        .unwrap_or(0);
        let planted = u64::try_from(planted).map_err(unreadable("journal"))?;
        if planted >= self.journal_size()? {
            return Ok(());
        }
        let entries = self.journal_entries(planted, u64::MAX, usize::MAX)?;
        let tx = self.write("journal")?;
        for (index, entry) in (planted..).zip(&entries) {
            plant(&tx, index, entry)?;
        }
        tx.commit().map_err(failed("journal"))
    }
}

/// Appends to the chain and the tree inside the caller's transaction.
pub(super) fn append(
    tx: &Transaction<'_>,
    journal: JournalId,
    now: Timestamp,
    officer: Option<OfficerId>,
    operation: Operation,
) -> Result<(), StoreError> {
    let last: Option<(i64, Vec<u8>)> = one(
        tx,
        "journal",
        "SELECT position, entry FROM journal ORDER BY position DESC LIMIT 1",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (position, previous) = last.map_or((0, GENESIS), |(position, entry)| {
        (position + 1, Digest::of(&entry))
    });
    let index = u64::try_from(position).map_err(unreadable("journal position"))?;
    let entry = canonical::encode(&Entry {
        journal,
        index,
        previous,
        at: now,
        officer,
        operation,
    });
    run(
        tx,
        "journal",
        "INSERT INTO journal (position, entry) VALUES (?1, ?2)",
        params![position, entry],
    )?;
    plant(tx, index, &entry)
}

fn plant(tx: &Transaction<'_>, index: u64, entry: &[u8]) -> Result<(), StoreError> {
    let grown = merkle::append(index, merkle::leaf(entry), |place| node(tx, place))?;
    for (place, hash) in grown {
        run(
            tx,
            "journal",
            "INSERT INTO journal_node (level, position, hash) VALUES (?1, ?2, ?3)",
            params![place.level, stored(place.position), hash.as_bytes()],
        )?;
    }
    Ok(())
}

fn node(db: &Connection, place: Place) -> Result<trust::Digest, StoreError> {
    let sql = "SELECT hash FROM journal_node WHERE level = ?1 AND position = ?2";
    let at = params![place.level, stored(place.position)];
    let hash: Option<Vec<u8>> = one(db, "journal", sql, at, |row| row.get(0))?;
    let hash = hash.ok_or(StoreError::Unreadable { what: "journal tree" })?;
    fixed("journal tree", hash).map(trust::Digest)
}

fn size(db: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(max(position) + 1, 0) FROM journal";
    let size: i64 = one(db, "journal", sql, [], |row| row.get(0))?.unwrap_or(0);
    u64::try_from(size).map_err(unreadable("journal"))
}

/// SQLite's integers are signed; an entry beyond them is never there.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
