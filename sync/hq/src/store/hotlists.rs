//! Keys of the lists of what is sought, and what each list was built from.

use std::collections::BTreeMap;

use domain::UnixMs;
use domain::hotlist::{Catalogue, Subject};
use trust::hotlist::HotlistKey;

use super::{StoreError, Transaction, signed, unsigned};

/// One list as it was built.
pub struct Epoch {
    pub catalogue: Catalogue,
    pub epoch: u64,
    pub key: HotlistKey,
    pub built: UnixMs,
    /// Ascending.
    pub digests: BTreeMap<Subject, Vec<u64>>,
}

impl Transaction<'_> {
    /// The number of the newest epoch, of one catalogue when it is given; 0 before the first. No number is given twice.
    pub fn newest_epoch(&self, catalogue: Option<Catalogue>) -> Result<u64, StoreError> {
        let newest: Option<Option<i64>> = self.row(
            "SELECT max(epoch) FROM hotlist_epoch WHERE ?1 IS NULL OR catalogue = ?1",
            [catalogue.map(Catalogue::code)],
            "look up the newest list of what is sought",
            |row| row.get(0),
        )?;
        unsigned(newest.flatten().unwrap_or(0), "list of what is sought")
    }

    pub fn hotlist_key(&self, epoch: u64) -> Result<Option<HotlistKey>, StoreError> {
        let key: Option<Vec<u8>> = self.row(
            "SELECT key FROM hotlist_epoch WHERE epoch = ?1",
            [signed(epoch)],
            "look up the key of a list",
            |row| row.get(0),
        )?;
        let corrupt = StoreError::Corrupt {
            what: "key of a list",
        };
        key.map(|key| HotlistKey::from_slice(&key).ok_or(corrupt))
            .transpose()
    }

    /// The newest list of a catalogue with all its digests.
    pub fn hotlist_epoch(&self, catalogue: Catalogue) -> Result<Option<Epoch>, StoreError> {
        let epoch = self.newest_epoch(Some(catalogue))?;
        let Some(key) = self.hotlist_key(epoch)? else {
            return Ok(None);
        };
        let sql = "SELECT built_at FROM hotlist_epoch WHERE epoch = ?1";
        let built: Option<i64> = self.row(sql, [signed(epoch)], "look up a list", |row| row.get(0))?;
        let rows: Vec<(String, Vec<u8>)> = self.rows(
            "SELECT subject, digests FROM hotlist_base WHERE epoch = ?1",
            [signed(epoch)],
            "read what a list was built from",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let corrupt = || StoreError::Corrupt {
            what: "list of what is sought",
        };
        let mut digests = BTreeMap::new();
        for (code, bytes) in rows {
            let subject = Subject::ALL.into_iter().find(|subject| subject.code() == code);
            let (chunks, rest) = bytes.as_chunks::<8>();
            let subject = subject.filter(|_| rest.is_empty()).ok_or_else(corrupt)?;
            digests.insert(
                subject,
                chunks.iter().map(|chunk| u64::from_be_bytes(*chunk)).collect(),
            );
        }
        Ok(Some(Epoch {
            catalogue,
            epoch,
            key,
            built: UnixMs(built.unwrap_or(0)),
            digests,
        }))
    }

    /// Keeps a new list's key and digests; the digests of those before are not needed any more.
    pub fn keep_epoch(&self, new: &Epoch) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM hotlist_base WHERE epoch IN
                (SELECT epoch FROM hotlist_epoch WHERE epoch < ?1 AND catalogue = ?2)",
            (signed(new.epoch), new.catalogue.code()),
            "forget what a list was built from",
        )?;
        self.execute(
            "INSERT INTO hotlist_epoch (epoch, key, built_at, catalogue) VALUES (?1, ?2, ?3, ?4)",
            (
                signed(new.epoch),
                new.key.bytes().as_slice(),
                new.built.0,
                new.catalogue.code(),
            ),
            "keep the key of a list",
        )?;
        for (subject, digests) in &new.digests {
            let bytes: Vec<u8> = digests.iter().flat_map(|digest| digest.to_be_bytes()).collect();
            self.execute(
                "INSERT INTO hotlist_base (epoch, subject, digests) VALUES (?1, ?2, ?3)",
                (signed(new.epoch), subject.code(), bytes),
                "keep what a list was built from",
            )?;
        }
        Ok(())
    }
}
