//! The journal of batches: which rows there are, and how far each is.

use domain::{DeviceId, Digest, UnixMs};

use super::sql::{self, Parameters};
use super::{StoreError, Transaction, at};
use crate::batch::{Profile, Row, State};

/// A row and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    pub row: Row,
    pub state: State,
    /// On which its code was printed.
    pub sheet: Option<u32>,
    pub at: UnixMs,
}

const COLUMNS: &str = "SELECT line, device, imei, unit, profile, state, sheet, at FROM batch_row";

impl Transaction<'_> {
    /// False when there is one of that name.
    pub(crate) fn insert_batch(&self, name: &str, now: UnixMs) -> Result<bool, StoreError> {
        let sql = "INSERT INTO batch (name, planned_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        Ok(self.count_changed(sql, (name, now.0), "plan a batch")? > 0)
    }

    pub(crate) fn insert_batch_row(&self, name: &str, row: &Row, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO batch_row (batch, line, device, imei, unit, profile, state, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                name,
                row.line,
                row.device.as_str(),
                row.imei.as_bytes(),
                &row.unit,
                row.profile.code(),
                State::Planned.code(),
                now.0,
            ),
            "plan a row",
        )
    }

    /// When the batch of that name was cancelled, if there is one.
    pub(crate) fn batch(&self, name: &str) -> Result<Option<Option<UnixMs>>, StoreError> {
        let sql = "SELECT cancelled_at FROM batch WHERE name = ?1";
        let row: Option<Option<i64>> = self.row(sql, [name], "look up a batch", |row| row.get(0))?;
        Ok(row.map(|cancelled| cancelled.map(UnixMs)))
    }

    pub(crate) fn cancel_batch(&self, name: &str, now: UnixMs) -> Result<(), StoreError> {
        let sql = "UPDATE batch SET cancelled_at = ?2 WHERE name = ?1";
        self.execute(sql, (name, now.0), "cancel a batch")
    }

    /// The names of all batches, by when they were planned.
    pub fn batches(&self) -> Result<Vec<String>, StoreError> {
        self.column(
            "SELECT name FROM batch ORDER BY planned_at, name",
            (),
            "list batches",
        )
    }

    /// The batch in which `device` waits.
    pub(crate) fn open_batch_of(&self, device: &DeviceId) -> Result<Option<String>, StoreError> {
        self.row(
            "SELECT batch FROM batch_row WHERE device = ?1 AND state IN ('planned', 'issued', 'printed', 'expired') LIMIT 1",
            [device.as_str()],
            "look up a batch",
            |row| row.get(0),
        )
    }

    /// Whether a certificate of `device` is not revoked.
    pub(crate) fn vouches(&self, device: &DeviceId) -> Result<bool, StoreError> {
        let holder = trust::cert::Holder::Device(device.to_string()).to_urn();
        self.exists(
            "SELECT 1 FROM certificate WHERE holder = ?1 AND revoked_at IS NULL",
            [holder],
        )
    }

    /// Rows whose token was taken are enrolled, and those whose token ended are expired.
    pub(crate) fn settle(&self, name: &str, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE batch_row SET state = 'enrolled', at = ?2 WHERE batch = ?1 AND state IN ('issued', 'printed', 'expired')
                 AND EXISTS (SELECT 1 FROM token WHERE token.device = batch_row.device AND token.taken_at IS NOT NULL
                     AND token.issued_at >= (SELECT planned_at FROM batch WHERE name = ?1))",
            (name, now.0),
            "settle a batch",
        )?;
        self.execute(
            "UPDATE batch_row SET state = 'expired', at = ?2 WHERE batch = ?1 AND state IN ('issued', 'printed')
                 AND NOT EXISTS (SELECT 1 FROM token WHERE token.device = batch_row.device
                     AND token.revoked_at IS NULL AND token.expires_at >= ?2)",
            (name, now.0),
            "settle a batch",
        )
    }

    pub(crate) fn last_sheet(&self, name: &str) -> Result<u32, StoreError> {
        let sql = "SELECT max(sheet) FROM batch_row WHERE batch = ?1";
        let last: Option<Option<u32>> = self.row(sql, [name], "look up a sheet", |row| row.get(0))?;
        Ok(last.flatten().unwrap_or(0))
    }

    pub(crate) fn set_row(
        &self,
        name: &str,
        line: u32,
        state: State,
        sheet: Option<u32>,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE batch_row SET state = ?3, sheet = coalesce(?4, sheet), at = ?5 WHERE batch = ?1 AND line = ?2",
            (name, line, state.code(), sheet, now.0),
            "journal a row",
        )
    }

    pub(crate) fn print_sheet(&self, name: &str, sheet: u32, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE batch_row SET state = 'printed', at = ?3 WHERE batch = ?1 AND sheet = ?2 AND state = 'issued'",
            (name, sheet, now.0),
            "journal a sheet",
        )
    }

    pub(crate) fn rows_to_issue(&self, name: &str, most: u32) -> Result<Vec<BatchRow>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE batch = ?1 AND state IN ('planned', 'issued', 'expired') ORDER BY line LIMIT ?2"
        );
        self.read_rows(&sql, (name, most))
    }

    pub(crate) fn batch_rows(&self, name: &str) -> Result<Vec<BatchRow>, StoreError> {
        self.read_rows(&format!("{COLUMNS} WHERE batch = ?1 ORDER BY line"), [name])
    }

    fn read_rows(&self, sql: &str, parameters: impl Parameters) -> Result<Vec<BatchRow>, StoreError> {
        let doing = "list the rows of a batch";
        let rows = self.rows(sql, parameters, doing, |row| Ok(batch_row(row)))?;
        rows.into_iter().collect()
    }
}

fn batch_row(row: &sql::Row<'_>) -> Result<BatchRow, StoreError> {
    let cell = at("read a row of a batch");
    let corrupt = || StoreError::Corrupt { what: "batch" };
    let device: String = row.get(1).map_err(&cell)?;
    let profile: String = row.get(4).map_err(&cell)?;
    let state: String = row.get(5).map_err(&cell)?;
    Ok(BatchRow {
        row: Row {
            line: row.get(0).map_err(&cell)?,
            device: DeviceId::parse(&device).map_err(|_| corrupt())?,
            imei: Digest::from_bytes(row.get(2).map_err(&cell)?),
            unit: row.get(3).map_err(&cell)?,
            profile: Profile::from_code(&profile).ok_or_else(corrupt)?,
        },
        state: State::from_code(&state).ok_or_else(corrupt)?,
        sheet: row.get(6).map_err(&cell)?,
        at: UnixMs(row.get(7).map_err(&cell)?),
    })
}
