//! Keys of the lists of what is sought, and the count of questions to them.

use domain::UnixMs;
use domain::hotlist::Catalogue;
use rusqlite::params;
use sync::wire::v1::SetKind;

use super::reference::forget_beside;
use super::{DeviceStore, StoreError, failed, one, run, unreadable};

const WHAT: &str = "hotlist";
const HOUR: i64 = 3_600_000;

impl DeviceStore {
    /// The newest epoch of a catalogue that there is a key of; 0 before the first.
    pub fn newest_hotlist_key(&self, catalogue: Catalogue) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(epoch), 0) FROM hotlist_key WHERE catalogue = ?1";
        let newest = one(&self.db, WHAT, sql, [catalogue.code()], |row| {
            row.get::<_, i64>(0)
        })?;
        u64::try_from(newest.unwrap_or(0)).map_err(unreadable(WHAT))
    }

    /// The key of `epoch`, sealed to the terminal.
    pub fn hotlist_key(&self, catalogue: Catalogue, epoch: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let epoch = i64::try_from(epoch).map_err(unreadable(WHAT))?;
        let sql = "SELECT sealed FROM hotlist_key WHERE catalogue = ?1 AND epoch = ?2";
        one(&self.db, WHAT, sql, params![catalogue.code(), epoch], |row| {
            row.get(0)
        })
    }

    /// Keeps a key, and the one before it until its list is replaced.
    pub fn keep_hotlist_key(
        &mut self,
        catalogue: Catalogue,
        epoch: u64,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let epoch = i64::try_from(epoch).map_err(unreadable(WHAT))?;
        let tx = self.write(WHAT)?;
        let sql = "INSERT OR REPLACE INTO hotlist_key (catalogue, epoch, sealed) VALUES (?1, ?2, ?3)";
        run(&tx, WHAT, sql, params![catalogue.code(), epoch, sealed])?;
        run(
            &tx,
            WHAT,
            "DELETE FROM hotlist_key WHERE catalogue = ?1
             AND epoch < (SELECT max(epoch) FROM hotlist_key WHERE catalogue = ?1 AND epoch < ?2)",
            params![catalogue.code(), epoch],
        )?;
        tx.commit().map_err(failed(WHAT))
    }

    /// The lists of a terminal that HQ does not trust any more say nothing from here on.
    pub fn forget_hotlist_keys(&mut self) -> Result<(), StoreError> {
        run(&self.db, WHAT, "DELETE FROM hotlist_key", []).map(drop)
    }

    /// Nothing of a list of persons stays but how new it was: the same may come again, an older one does not. Whether there
    /// was anything.
    pub fn forget_persons(&mut self) -> Result<bool, StoreError> {
        let tx = self.write(WHAT)?;
        let mut forgotten = 0;
        for kind in SetKind::OF_PERSONS {
            forgotten += forget_beside(&tx, kind)?;
        }
        let sql = "DELETE FROM hotlist_key WHERE catalogue = ?1";
        forgotten += run(&tx, WHAT, sql, [Catalogue::Persons.code()])?;
        tx.commit().map_err(failed(WHAT))?;
        Ok(forgotten > 0)
    }

    /// One more question in the hour of `now`, durable before it is answered; how many that makes.
    pub fn count_hotlist_question(&mut self, now: UnixMs) -> Result<u32, StoreError> {
        let hour = now.0.div_euclid(HOUR);
        let tx = self.write(WHAT)?;
        run(
            &tx,
            WHAT,
            "DELETE FROM hotlist_question WHERE hour < ?1",
            [hour - 1],
        )?;
        run(
            &tx,
            WHAT,
            "INSERT INTO hotlist_question (hour, questions) VALUES (?1, 1)
             ON CONFLICT (hour) DO UPDATE SET questions = questions + 1",
            [hour],
        )?;
        let sql = "SELECT questions FROM hotlist_question WHERE hour = ?1";
        let questions = one(&tx, WHAT, sql, [hour], |row| row.get(0))?;
        tx.commit().map_err(failed(WHAT))?;
        Ok(questions.unwrap_or(u32::MAX))
    }
}
