//! Keys of the lists of what is sought, and the count of questions to them.

use domain::UnixMs;
use rusqlite::params;

use super::{DeviceStore, StoreError, failed, one, run, unreadable};

const WHAT: &str = "hotlist";
const HOUR: i64 = 3_600_000;

impl DeviceStore {
    /// The newest epoch that there is a key of; 0 before the first.
    pub fn newest_hotlist_key(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(epoch), 0) FROM hotlist_key";
        let newest = one(&self.db, WHAT, sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(newest.unwrap_or(0)).map_err(unreadable(WHAT))
    }

    /// The key of `epoch`, sealed to the terminal.
    pub fn hotlist_key(&self, epoch: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let epoch = i64::try_from(epoch).map_err(unreadable(WHAT))?;
        let sql = "SELECT sealed FROM hotlist_key WHERE epoch = ?1";
        one(&self.db, WHAT, sql, [epoch], |row| row.get(0))
    }

    /// Keeps a key, and the one before it until its list is replaced.
    pub fn keep_hotlist_key(&mut self, epoch: u64, sealed: &[u8]) -> Result<(), StoreError> {
        let epoch = i64::try_from(epoch).map_err(unreadable(WHAT))?;
        let tx = self.write(WHAT)?;
        let sql = "INSERT OR REPLACE INTO hotlist_key (epoch, sealed) VALUES (?1, ?2)";
        run(&tx, WHAT, sql, params![epoch, sealed])?;
        run(
            &tx,
            WHAT,
            "DELETE FROM hotlist_key WHERE epoch < (SELECT max(epoch) FROM hotlist_key WHERE epoch < ?1)",
            [epoch],
        )?;
        tx.commit().map_err(failed(WHAT))
    }

    /// The lists of a terminal that HQ does not trust any more say nothing from here on.
    pub fn forget_hotlist_keys(&mut self) -> Result<(), StoreError> {
        run(&self.db, WHAT, "DELETE FROM hotlist_key", []).map(drop)
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
