//! What became of complaints, in both databases: HQ's sealed notes on the device, what they say with their officer.

use domain::plainte::Suivi;
use domain::{ActId, OfficerId};
use rusqlite::params;

use super::visas::SealedNote;
use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, run, unreadable};

const TAKEN: &str = "suivi-notes";

impl DeviceStore {
    /// The highest sequence of HQ's notes on complaints that was taken; 0 before the first.
    pub fn last_suivi_note(&self) -> Result<u64, StoreError> {
        let taken = self.setting(TAKEN)?;
        taken.map_or(Ok(0), |bytes| {
            fixed("notes on complaints", bytes).map(u64::from_be_bytes)
        })
    }

    /// Takes one note, in one commit with its sequence.
    pub fn take_suivi_note(
        &mut self,
        sequence: u64,
        officer: OfficerId,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let what = "note on a complaint";
        let key = i64::try_from(sequence).map_err(unreadable(what))?;
        let tx = self.write(what)?;
        run(
            &tx,
            what,
            "INSERT OR REPLACE INTO suivi_note (sequence, officer, sealed) VALUES (?1, ?2, ?3)",
            params![key, officer.as_bytes(), sealed],
        )?;
        run(
            &tx,
            what,
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![TAKEN, sequence.to_be_bytes().as_slice()],
        )?;
        tx.commit().map_err(failed(what))
    }

    /// The notes for `officer` that were not read, in their order.
    pub fn suivi_notes(&self, officer: OfficerId) -> Result<Vec<SealedNote>, StoreError> {
        let what = "notes on complaints";
        let mut rows = self
            .db
            .prepare_cached("SELECT sequence, sealed FROM suivi_note WHERE officer = ?1 ORDER BY sequence")
            .map_err(failed(what))?;
        let rows = rows
            .query_map([officer.as_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?))
            })
            .map_err(failed(what))?;
        rows.map(|row| {
            let (sequence, sealed) = row.map_err(failed(what))?;
            let sequence = u64::try_from(sequence).map_err(unreadable(what))?;
            Ok(SealedNote { sequence, sealed })
        })
        .collect()
    }

    /// The officer has what the note says.
    pub fn drop_suivi_note(&mut self, sequence: u64) -> Result<(), StoreError> {
        let what = "note on a complaint";
        let key = i64::try_from(sequence).map_err(unreadable(what))?;
        run(
            &self.db,
            what,
            "DELETE FROM suivi_note WHERE sequence = ?1",
            [key],
        )
        .map(drop)
    }
}

impl OfficerStore {
    /// Keeps a step that is above every other of its complaint; false where it is not, which changes nothing.
    pub fn keep_suivi(&self, suivi: &Suivi, cose: &[u8]) -> Result<bool, StoreError> {
        let added = run(
            self.db(),
            "step of a complaint",
            "INSERT INTO suivi (act, sequence, cose) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM suivi WHERE act = ?1 AND sequence >= ?2)",
            params![suivi.act.as_bytes(), suivi.sequence, cose],
        )?;
        Ok(added > 0)
    }

    /// The steps of `act` as HQ signed them, the oldest first.
    pub fn suivi_of(&self, act: ActId) -> Result<Vec<Vec<u8>>, StoreError> {
        let what = "steps of a complaint";
        let mut rows = self
            .db()
            .prepare_cached("SELECT cose FROM suivi WHERE act = ?1 ORDER BY sequence")
            .map_err(failed(what))?;
        let rows = rows
            .query_map([act.as_bytes()], |row| row.get(0))
            .map_err(failed(what))?;
        rows.map(|row| row.map_err(failed(what))).collect()
    }

    /// The complaints of which something new was not looked at.
    pub fn unseen_suivi(&self) -> Result<Vec<ActId>, StoreError> {
        let what = "steps of complaints";
        let mut rows = self
            .db()
            .prepare_cached("SELECT DISTINCT act FROM suivi WHERE seen = 0 ORDER BY act")
            .map_err(failed(what))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed(what))?;
        rows.map(|row| fixed("act", row.map_err(failed(what))?).map(ActId::from_bytes))
            .collect()
    }

    /// The page of the complaint was opened.
    pub fn see_suivi(&self, act: ActId) -> Result<(), StoreError> {
        let sql = "UPDATE suivi SET seen = 1 WHERE act = ?1 AND seen = 0";
        run(self.db(), "steps of a complaint", sql, [act.as_bytes()]).map(drop)
    }
}
