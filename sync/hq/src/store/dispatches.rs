//! What the operations centre proposes, how far each terminal has it, and what crews tell of it.

use domain::intervention::{Dispatch, Progress, ProgressTold};
use domain::{DeviceId, InterventionId, OfficerId, UnixMs, decode, encode};

use super::sql::Row;
use super::{StoreError, Transaction, at, signed, unsigned};

/// A proposal that is about to be kept for one terminal.
pub struct NewDispatch<'a> {
    pub dispatch: &'a Dispatch,
    /// COSE_Sign1 of it.
    pub cose: &'a [u8],
    pub device: &'a DeviceId,
    pub officer: Option<OfficerId>,
}

/// A kept proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchRow {
    /// The terminals' order, in which a terminal says how far it is.
    pub line: u64,
    pub id: InterventionId,
    pub device: DeviceId,
    pub officer: Option<OfficerId>,
    pub at: UnixMs,
    pub until: UnixMs,
    pub hit: bool,
    /// COSE_Sign1 of a [`Dispatch`]; none for a reading past its term.
    pub cose: Option<Vec<u8>>,
}

/// The last statement of a terminal on an intervention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressRow {
    pub device: DeviceId,
    pub officer: OfficerId,
    pub at: UnixMs,
    pub progress: Progress,
}

const COLUMNS: &str = "line, id, device, officer, at, until, hit, cose";

impl Transaction<'_> {
    /// Adds a proposal at the end.
    pub fn insert_dispatch(&self, new: &NewDispatch<'_>) -> Result<(), StoreError> {
        // A store put back to an older copy counts on from what terminals have, or its word would never be taken.
        let last: Option<i64> = self.row(
            "SELECT max(line) FROM (SELECT max(line) AS line FROM dispatch UNION ALL SELECT max(dispatch) FROM said) AS taken",
            (),
            "look up what was proposed",
            |row| Ok(row.get::<Option<i64>>(0)?.unwrap_or(0)),
        )?;
        self.execute(
            "INSERT INTO dispatch (line, id, device, officer, at, until, hit, cose)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                last.unwrap_or(0) + 1,
                new.dispatch.id.as_bytes(),
                new.device.as_str(),
                new.officer.as_ref().map(OfficerId::as_bytes),
                new.dispatch.at.0,
                new.dispatch.until.0,
                i64::from(new.dispatch.about.is_hit()),
                new.cose,
            ),
            "keep what is proposed",
        )
    }

    /// What was proposed since `since`, the newest first.
    pub fn dispatches(&self, since: UnixMs) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM dispatch WHERE at >= ?1 ORDER BY line DESC");
        let rows = self.rows(&sql, [since.0], "list what was proposed", |row| Ok(read(row)))?;
        rows.into_iter().collect()
    }

    /// What `device` is told after `line` and before its term, in order, `limit` at most.
    pub fn dispatches_after(
        &self,
        device: &DeviceId,
        line: u64,
        now: UnixMs,
        limit: u32,
    ) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE device = ?1 AND line > ?2 AND until > ?3 ORDER BY line LIMIT ?4"
        );
        let rows = self.rows(
            &sql,
            (device.as_str(), signed(line), now.0, limit),
            "read what was proposed",
            |row| Ok(read(row)),
        )?;
        rows.into_iter().collect()
    }

    /// Nothing of a reading stays past its term but that there was one; how many went.
    pub fn forget_hits(&self, now: UnixMs) -> Result<u64, StoreError> {
        self.count_changed(
            "UPDATE dispatch SET cose = NULL WHERE hit = 1 AND until <= ?1 AND cose IS NOT NULL",
            [now.0],
            "forget readings past their term",
        )
    }

    /// Keeps how far `device` says it is; `None` for a program that takes none.
    pub fn keep_said_dispatch(&self, device: &DeviceId, line: Option<u64>) -> Result<(), StoreError> {
        self.execute(
            "UPDATE said SET dispatch = ?2 WHERE device = ?1 AND dispatch IS DISTINCT FROM ?2",
            (device.as_str(), line.map(signed)),
            "keep what a terminal said of proposals",
        )
    }

    /// The highest line that `device` has said to have; `None` for a program that takes none.
    pub fn said_dispatch(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        let said: Option<Option<i64>> = self.row(
            "SELECT dispatch FROM said WHERE device = ?1",
            [device.as_str()],
            "look up what a terminal said of proposals",
            |row| row.get(0),
        )?;
        said.flatten().map(|said| unsigned(said, "line")).transpose()
    }

    /// The terminals that have said less than there is for them, and how far they said they are.
    pub fn behind_on_dispatches(&self, now: UnixMs) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        let rows = self.rows(
            "SELECT device, dispatch FROM said
             WHERE dispatch IS NOT NULL
                 AND EXISTS (SELECT 1 FROM dispatch d
                             WHERE d.device = said.device AND d.line > said.dispatch AND d.until > ?1)
             ORDER BY device",
            [now.0],
            "look up what was proposed",
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
        )?;
        rows.into_iter()
            .map(|(device, line)| Ok((parse_device(&device)?, unsigned(line, "line")?)))
            .collect()
    }

    /// Keeps the statement unless a later one of the same intervention is there; whether it was kept.
    pub fn keep_progress(
        &self,
        told: &ProgressTold,
        progress: &Progress,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let changed = self.count_changed(
            "INSERT INTO progress (device, intervention, sequence, officer, at, progress)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (device, intervention) DO UPDATE SET sequence = excluded.sequence,
                 officer = excluded.officer, at = excluded.at, progress = excluded.progress
             WHERE progress.sequence < excluded.sequence",
            (
                told.device.as_str(),
                told.intervention.as_bytes(),
                signed(told.sequence),
                told.officer.as_bytes(),
                now.0,
                encode(progress),
            ),
            "keep what a crew told",
        )?;
        Ok(changed > 0)
    }

    /// What crews told since `since`, the newest first.
    pub fn progress(&self, since: UnixMs) -> Result<Vec<ProgressRow>, StoreError> {
        let rows = self.rows(
            "SELECT device, officer, at, progress FROM progress WHERE at >= ?1 ORDER BY at DESC, device, intervention",
            [since.0],
            "list what crews told",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<[u8; 16]>(1)?,
                    row.get::<i64>(2)?,
                    row.get::<Vec<u8>>(3)?,
                ))
            },
        )?;
        let mut told = Vec::with_capacity(rows.len());
        for (device, officer, at, progress) in rows {
            told.push(ProgressRow {
                device: parse_device(&device)?,
                officer: OfficerId::from_bytes(officer),
                at: UnixMs(at),
                progress: decode(&progress).map_err(|_| StoreError::Corrupt {
                    what: "statement on an intervention",
                })?,
            });
        }
        Ok(told)
    }
}

fn parse_device(device: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(device).map_err(|_| StoreError::Corrupt { what: "terminal" })
}

fn read(row: &Row<'_>) -> Result<DispatchRow, StoreError> {
    let cell = at("read what was proposed");
    let officer: Option<[u8; 16]> = row.get(3).map_err(&cell)?;
    Ok(DispatchRow {
        line: unsigned(row.get(0).map_err(&cell)?, "line")?,
        id: InterventionId::from_bytes(row.get(1).map_err(&cell)?),
        device: parse_device(&row.get::<String>(2).map_err(&cell)?)?,
        officer: officer.map(OfficerId::from_bytes),
        at: UnixMs(row.get(4).map_err(&cell)?),
        until: UnixMs(row.get(5).map_err(&cell)?),
        hit: row.get::<i64>(6).map_err(&cell)? != 0,
        cose: row.get(7).map_err(&cell)?,
    })
}
