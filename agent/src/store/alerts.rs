//! Urgent alerts, until their officer has read who has them.

use domain::alert::{Alert, Taken};
use domain::{ActId, Timestamp, canonical};
use rusqlite::params;

use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, run, unreadable};

/// One alert; what it says is in its record alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AlertRow {
    pub(crate) alert: ActId,
    pub(crate) raised: Timestamp,
    pub(crate) taken: Option<Taken>,
    /// The officer told it by radio or telephone.
    pub(crate) told: bool,
}

const WHAT: &str = "alert";

impl DeviceStore {
    /// Keeps it from the officer's confirmation on; false where it is kept already.
    pub(crate) fn keep_alert(&mut self, alert: ActId, raised: Timestamp) -> Result<bool, StoreError> {
        let sql = "INSERT INTO alert (alert, raised) VALUES (?1, ?2) ON CONFLICT (alert) DO NOTHING";
        let row = params![alert.as_bytes().as_slice(), canonical::encode(&raised)];
        Ok(run(&self.db, WHAT, sql, row)? > 0)
    }

    /// The first word that somebody has it stands; true where it is news.
    pub(crate) fn take_alert(&mut self, alert: ActId, taken: &Taken) -> Result<bool, StoreError> {
        let sql = "UPDATE alert SET taken = ?2 WHERE alert = ?1 AND taken IS NULL";
        let row = params![alert.as_bytes().as_slice(), canonical::encode(taken)];
        Ok(run(&self.db, WHAT, sql, row)? > 0)
    }

    /// True where nobody had it and nobody had told it.
    pub(crate) fn tell_alert(&mut self, alert: ActId) -> Result<bool, StoreError> {
        let sql = "UPDATE alert SET told = 1 WHERE alert = ?1 AND taken IS NULL AND told = 0";
        Ok(run(&self.db, WHAT, sql, [alert.as_bytes().as_slice()])? > 0)
    }

    /// What is taken or told, and was read, is forgotten; what nobody has stays.
    pub(crate) fn forget_alert(&mut self, alert: ActId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM alert WHERE alert = ?1 AND (taken IS NOT NULL OR told = 1)";
        Ok(run(&self.db, WHAT, sql, [alert.as_bytes().as_slice()])? > 0)
    }

    /// Every alert that its officer has not put away; ids are ascending with time.
    pub(crate) fn alerts(&self) -> Result<Vec<AlertRow>, StoreError> {
        let sql = "SELECT alert, raised, taken, told FROM alert ORDER BY alert";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (alert, raised, taken, told): (Vec<u8>, Vec<u8>, Option<Vec<u8>>, bool) =
                row.map_err(failed(WHAT))?;
            let taken = taken.map(|bytes| canonical::decode(&bytes)).transpose();
            Ok(AlertRow {
                alert: ActId::from_bytes(fixed(WHAT, alert)?),
                raised: canonical::decode(&raised).map_err(unreadable(WHAT))?,
                taken: taken.map_err(unreadable(WHAT))?,
                told,
            })
        })
        .collect()
    }
}

impl OfficerStore {
    /// Keeps what an alert says before its record is signed.
    pub(crate) fn keep_unsigned_alert(&self, act: ActId, alert: &Alert) -> Result<(), StoreError> {
        let sql = "INSERT INTO alert (act, alert) VALUES (?1, ?2) ON CONFLICT (act) DO NOTHING";
        let row = params![act.as_bytes().as_slice(), canonical::encode(alert)];
        run(&self.db, WHAT, sql, row)?;
        Ok(())
    }

    /// What was raised and may have no record, ascending with time.
    pub(crate) fn unsigned_alerts(&self) -> Result<Vec<(ActId, Alert)>, StoreError> {
        let sql = "SELECT act, alert FROM alert ORDER BY act";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (act, alert): (Vec<u8>, Vec<u8>) = row.map_err(failed(WHAT))?;
            let alert = canonical::decode(&alert).map_err(unreadable(WHAT))?;
            Ok((ActId::from_bytes(fixed(WHAT, act)?), alert))
        })
        .collect()
    }

    pub(crate) fn forget_unsigned_alert(&self, act: ActId) -> Result<(), StoreError> {
        run(
            &self.db,
            WHAT,
            "DELETE FROM alert WHERE act = ?1",
            [act.as_bytes().as_slice()],
        )?;
        Ok(())
    }
}
