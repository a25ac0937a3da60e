//! What orders brought to light: the plan of a wipe, signed reports until HQ has them, the last position, locations that
//! nobody has read of.

use domain::journal::Operation;
use domain::orders::{Command, Destroyed, OrderOutcome};
use domain::place::Fix;
use domain::{Digest, Timestamp, UnixMs, canonical};
use rusqlite::params;

use super::journal::append;
use super::orders::{command_code, outcome_code};
use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

const POSITION: &str = "position";
const ON_DUTY: &str = "on-duty";

impl DeviceStore {
    /// SHA-256 of the order `sequence` as it was taken.
    pub fn order_digest(&self, sequence: u64) -> Result<Option<Digest>, StoreError> {
        let sql = "SELECT cose FROM order_taken WHERE sequence = ?1";
        let cose: Option<Vec<u8>> = one(&self.db, "order", sql, [row(sequence)?], |row| row.get(0))?;
        Ok(cose.as_deref().map(Digest::of))
    }

    /// What the wipe `sequence` destroys, once that is counted.
    pub fn planned_destruction(&self, sequence: u64) -> Result<Option<Destroyed>, StoreError> {
        let sql = "SELECT destroys FROM order_taken WHERE sequence = ?1";
        let plan: Option<Option<Vec<u8>>> = one(&self.db, "order", sql, [row(sequence)?], |row| row.get(0))?;
        plan.flatten()
            .map(|bytes| canonical::decode(&bytes).map_err(unreadable("wipe")))
            .transpose()
    }

    pub fn plan_destruction(&self, sequence: u64, destroyed: &Destroyed) -> Result<(), StoreError> {
        let sql = "UPDATE order_taken SET destroys = ?2 WHERE sequence = ?1";
        let plan = canonical::encode(destroyed);
        run(&self.db, "order", sql, params![row(sequence)?, plan]).map(drop)
    }

    /// Destroys every act that HQ has not answered for, with a journal line each, every other envelope, every term key,
    /// draft snapshot, note and camera secret, in one commit; nothing of it stays in the log of the database.
    pub fn destroy_evidence(&mut self, sequence: u64, now: Timestamp) -> Result<(), StoreError> {
        let what = "wipe";
        let journal = self.journal;
        let tx = self.write(what)?;
        let records: Vec<Vec<u8>> = {
            let sql = "SELECT record FROM outbox WHERE receipt IS NULL ORDER BY lane, sequence";
            let mut rows = tx.prepare(sql).map_err(failed(what))?;
            let rows = rows.query_map([], |row| row.get(0)).map_err(failed(what))?;
            rows.collect::<Result<_, _>>().map_err(failed(what))?
        };
        for record in records {
            let record = Digest::from_bytes(fixed("record", record)?);
            append(
                &tx,
                journal,
                now,
                None,
                Operation::EvidenceDestroyed { record, sequence },
            )?;
        }
        tx.execute_batch(
            "DELETE FROM outbox WHERE receipt IS NULL;
             DELETE FROM envelope;
             DELETE FROM reservation;
             UPDATE term_key SET key = NULL;
             DELETE FROM snapshot;
             DELETE FROM question;
             DELETE FROM visa_note;
             DELETE FROM pairing;
             DELETE FROM clip;",
        )
        .map_err(failed(what))?;
        tx.commit().map_err(failed(what))?;
        self.db
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(failed(what))
    }

    /// Up to `most` signed reports that HQ has not, in their order.
    pub fn reports_to_send(&self, most: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let what = "order report";
        let sql = "SELECT cose FROM order_report ORDER BY sequence, part LIMIT ?1";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows.query_map([most], |row| row.get(0)).map_err(failed(what))?;
        rows.map(|row| row.map_err(failed(what))).collect()
    }

    /// HQ has this report; true when that is news.
    pub fn report_kept(&self, sequence: u64, part: u16) -> Result<bool, StoreError> {
        let sql = "DELETE FROM order_report WHERE sequence = ?1 AND part = ?2";
        let gone = run(&self.db, "order report", sql, params![row(sequence)?, part])?;
        Ok(gone > 0)
    }

    /// Whether a service has begun and not ended, whoever is at work now.
    pub fn is_on_duty(&self) -> Result<bool, StoreError> {
        Ok(self.setting(ON_DUTY)?.is_some())
    }

    pub fn set_on_duty(&self, on_duty: bool) -> Result<(), StoreError> {
        if on_duty {
            self.put_setting(ON_DUTY, &[])
        } else {
            self.forget_setting(ON_DUTY)
        }
    }

    pub fn last_position(&self) -> Result<Option<Fix>, StoreError> {
        let position = self.setting(POSITION)?;
        position
            .map(|bytes| canonical::decode(&bytes).map_err(unreadable("position")))
            .transpose()
    }

    pub fn keep_position(&self, fix: &Fix) -> Result<(), StoreError> {
        self.put_setting(POSITION, &canonical::encode(fix))
    }

    pub fn forget_position(&self) -> Result<(), StoreError> {
        self.forget_setting(POSITION)
    }

    /// How often the terminal was located without an officer having read of it, and when last.
    pub fn unread_locations(&self) -> Result<(u32, Option<UnixMs>), StoreError> {
        let sql =
            "SELECT count(*), max(at) FROM order_taken WHERE command = ?1 AND outcome = ?2 AND seen = 0";
        let found = one(&self.db, "order", sql, located(), |row| {
            Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?))
        })?;
        Ok(found.map_or((0, None), |(count, at)| (count, at.map(UnixMs))))
    }

    pub fn locations_read(&self) -> Result<(), StoreError> {
        let sql = "UPDATE order_taken SET seen = 1 WHERE command = ?1 AND outcome = ?2";
        run(&self.db, "order", sql, located()).map(drop)
    }
}

const fn located() -> [i64; 2] {
    [command_code(Command::Locate), outcome_code(OrderOutcome::Done)]
}

fn row(sequence: u64) -> Result<i64, StoreError> {
    i64::try_from(sequence).map_err(unreadable("order"))
}
