//! Interventions, with their officer; and what the centre proposes and is told of them, on the device.

use std::collections::BTreeSet;

use domain::intervention::Intervention;
use domain::{InterventionId, OfficerId, Timestamp, UnixMs, canonical};
use rusqlite::{Connection, TransactionBehavior, params};

use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, one, run, unreadable};

const TAKEN: &str = "dispatches";

/// More than a centre proposes to a crew at a time; the first to go make room.
const MOST: u32 = 32;

/// A proposal that waits for its answer or its term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchRow {
    pub id: InterventionId,
    /// Who alone is shown it.
    pub officer: Option<OfficerId>,
    /// A reading to be verified.
    pub hit: bool,
    pub sealed: Vec<u8>,
    /// Milliseconds since the start of the device.
    pub gone_at: u64,
}

impl DeviceStore {
    /// The highest sequence of HQ's proposals that was taken; 0 before the first.
    pub fn last_dispatch(&self) -> Result<u64, StoreError> {
        let taken = self.setting(TAKEN)?;
        taken.map_or(Ok(0), |bytes| fixed("proposals", bytes).map(u64::from_be_bytes))
    }

    /// Takes one note in one commit with its sequence; nothing is kept of one that is over or does not read.
    pub fn take_dispatch(
        &mut self,
        sequence: u64,
        row: Option<&DispatchRow>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let what = "proposal";
        let tx = self.write(what)?;
        if let Some(row) = row {
            put(&tx, row, now)?;
            let sql = "DELETE FROM dispatch WHERE id IN (
                           SELECT id FROM dispatch ORDER BY gone_at DESC, id DESC LIMIT -1 OFFSET ?1)";
            run(&tx, what, sql, [MOST])?;
        }
        run(
            &tx,
            what,
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![TAKEN, sequence.to_be_bytes().as_slice()],
        )?;
        tx.commit().map_err(failed(what))
    }

    /// Those of this start of the device, the first to go first.
    pub fn dispatches(&self, now: Timestamp) -> Result<Vec<DispatchRow>, StoreError> {
        let sql =
            "SELECT id, officer, hit, sealed, gone_at FROM dispatch WHERE boot = ?1 ORDER BY gone_at, id";
        self.dispatch_rows(sql, now)
    }

    /// Those of an earlier start, whose time no clock has counted since.
    pub fn dispatches_of_before(&self, now: Timestamp) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = "SELECT id, officer, hit, sealed, gone_at FROM dispatch WHERE boot <> ?1 ORDER BY id";
        self.dispatch_rows(sql, now)
    }

    fn dispatch_rows(&self, sql: &str, now: Timestamp) -> Result<Vec<DispatchRow>, StoreError> {
        let what = "proposals";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows
            .query_map([now.boot.as_bytes().as_slice()], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, Option<Vec<u8>>>(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get::<_, i64>(4)?,
                ))
            })
            .map_err(failed(what))?;
        rows.map(|row| {
            let (id, officer, hit, sealed, gone_at) = row.map_err(failed(what))?;
            let officer = officer.map(|officer| fixed(what, officer)).transpose()?;
            Ok(DispatchRow {
                id: InterventionId::from_bytes(fixed(what, id)?),
                officer: officer.map(OfficerId::from_bytes),
                hit,
                sealed,
                gone_at: u64::try_from(gone_at).map_err(unreadable(what))?,
            })
        })
        .collect()
    }

    /// Counts its time from this start of the device on.
    pub fn count_dispatch_anew(&mut self, row: &DispatchRow, now: Timestamp) -> Result<(), StoreError> {
        put(&self.db, row, now)
    }

    /// It was answered, or its term is over.
    pub fn drop_dispatch(&mut self, id: InterventionId) -> Result<(), StoreError> {
        drop_row(&self.db, id)
    }

    /// The sequence of the next statement on an intervention, from 1.
    pub fn next_progress(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(sequence), 0) + 1 FROM progress";
        let next = one(&self.db, "statement", sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(next.unwrap_or(1)).map_err(unreadable("statement"))
    }

    /// Keeps the signed statement `cose` until HQ has it, in the place of an earlier one; a proposal that it `answers`
    /// goes in the same commit.
    pub fn keep_progress(
        &mut self,
        intervention: InterventionId,
        sequence: u64,
        cose: &[u8],
        answers: bool,
    ) -> Result<(), StoreError> {
        let what = "statement";
        let sequence = i64::try_from(sequence).map_err(unreadable(what))?;
        let tx = self.write(what)?;
        run(
            &tx,
            what,
            "INSERT OR REPLACE INTO progress (intervention, sequence, cose) VALUES (?1, ?2, ?3)",
            params![intervention.as_bytes(), sequence, cose],
        )?;
        if answers {
            drop_row(&tx, intervention)?;
        }
        tx.commit().map_err(failed(what))
    }

    /// Up to `most` statements that HQ has not answered for, the oldest first.
    pub fn progress_to_send(&self, most: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let what = "statement";
        let sql = "SELECT cose FROM progress WHERE cose IS NOT NULL ORDER BY sequence LIMIT ?1";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows.query_map([most], |row| row.get(0)).map_err(failed(what))?;
        rows.map(|row| row.map_err(failed(what))).collect()
    }

    /// HQ has the statement `sequence` of `intervention`, or a later one; true when that is news.
    pub fn progress_kept(&self, intervention: InterventionId, sequence: u64) -> Result<bool, StoreError> {
        let sequence = i64::try_from(sequence).map_err(unreadable("statement"))?;
        let sql =
            "UPDATE progress SET cose = NULL WHERE intervention = ?1 AND sequence <= ?2 AND cose IS NOT NULL";
        let changed = run(
            &self.db,
            "statement",
            sql,
            params![intervention.as_bytes(), sequence],
        )?;
        Ok(changed > 0)
    }
}

fn put(db: &Connection, row: &DispatchRow, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO dispatch (id, officer, hit, sealed, boot, gone_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        row.id.as_bytes(),
        row.officer.as_ref().map(OfficerId::as_bytes),
        row.hit,
        row.sealed,
        now.boot.as_bytes().as_slice(),
        i64::try_from(row.gone_at).unwrap_or(i64::MAX)
    ];
    run(db, "proposal", sql, values).map(drop)
}

fn drop_row(db: &Connection, id: InterventionId) -> Result<(), StoreError> {
    let sql = "DELETE FROM dispatch WHERE id = ?1";
    run(db, "proposal", sql, [id.as_bytes()]).map(drop)
}

/// HQ is to be told of it.
pub(super) fn keep(db: &Connection, intervention: &Intervention) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO intervention (id, intervention, open, untold) VALUES (?1, ?2, ?3, 1)";
    let values = params![
        intervention.id.as_bytes(),
        canonical::encode(intervention),
        intervention.closed.is_none()
    ];
    run(db, "intervention", sql, values).map(drop)
}

impl OfficerStore {
    /// Keeps them all, or none; HQ is to be told of each.
    pub fn save_interventions<'a>(
        &mut self,
        interventions: impl IntoIterator<Item = &'a Intervention>,
    ) -> Result<(), StoreError> {
        let what = "intervention";
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed(what))?;
        for intervention in interventions {
            keep(&tx, intervention)?;
        }
        tx.commit().map_err(failed(what))
    }

    pub fn open_intervention(&self) -> Result<Option<Intervention>, StoreError> {
        self.open_row(
            "SELECT intervention FROM intervention WHERE open = 1",
            "intervention",
        )
    }

    pub fn knows_intervention(&self, id: InterventionId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM intervention WHERE id = ?1";
        let known = one(self.db(), "intervention", sql, [id.as_bytes()], |_| Ok(()))?;
        Ok(known.is_some())
    }

    /// Which items of the briefing were read, of those whose term is not over.
    pub fn briefings_read(&self, now: UnixMs) -> Result<BTreeSet<InterventionId>, StoreError> {
        let what = "briefing";
        run(
            self.db(),
            what,
            "DELETE FROM briefing_read WHERE until <= ?1",
            [now.0],
        )?;
        let mut rows = self
            .db()
            .prepare_cached("SELECT dispatch FROM briefing_read")
            .map_err(failed(what))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed(what))?;
        rows.map(|row| {
            Ok(InterventionId::from_bytes(fixed(
                what,
                row.map_err(failed(what))?,
            )?))
        })
        .collect()
    }

    pub fn note_briefing_read(&self, id: InterventionId, until: UnixMs) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO briefing_read (dispatch, until) VALUES (?1, ?2)";
        run(self.db(), "briefing", sql, params![id.as_bytes(), until.0]).map(drop)
    }

    /// Those whose last state is in no statement yet, the oldest first.
    pub fn untold_interventions(&self) -> Result<Vec<Intervention>, StoreError> {
        let what = "intervention";
        let mut rows = self
            .db()
            .prepare_cached("SELECT intervention FROM intervention WHERE untold = 1 ORDER BY id")
            .map_err(failed(what))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed(what))?;
        rows.map(|row| canonical::decode(&row.map_err(failed(what))?).map_err(unreadable(what)))
            .collect()
    }

    /// The statement on it is in the device's database.
    pub fn note_told(&self, id: InterventionId) -> Result<(), StoreError> {
        let sql = "UPDATE intervention SET untold = 0 WHERE id = ?1";
        run(self.db(), "intervention", sql, [id.as_bytes()]).map(drop)
    }
}
