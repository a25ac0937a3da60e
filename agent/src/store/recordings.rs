//! Recordings that were taken in: on the device until their term and what keeps them, with the officer what was said of them.

use domain::footage::Recording;
use domain::footage::custody::{Hold, Said};
use domain::{ActId, ClipId, OfficerId, canonical};
use rusqlite::{Connection, params};

use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, one, run, unreadable};

const WHAT: &str = "recording";
const STATEMENT: &str = "statement on a recording";

/// A recording before its term, or kept beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRow {
    pub recording: Recording,
    pub hold: Option<Hold>,
}

/// A statement on a recording, signed or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub act: ActId,
    pub clip: ClipId,
    pub said: Said,
}

/// Remembers a recording whose manifest's act exists.
pub(super) fn keep(db: &Connection, recording: &Recording) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO recording (clip, officer, recording, until) VALUES (?1, ?2, ?3, ?4)";
    let row = params![
        recording.clip.as_bytes(),
        recording.context.author.id.as_bytes(),
        canonical::encode(recording),
        recording.until.0,
    ];
    run(db, WHAT, sql, row).map(drop)
}

impl DeviceStore {
    /// Remembers a recording that an earlier program took in.
    pub fn keep_recording(&self, recording: &Recording) -> Result<(), StoreError> {
        keep(&self.db, recording)
    }

    /// Every recording, the first to go first.
    pub fn recordings(&self) -> Result<Vec<RecordingRow>, StoreError> {
        self.recordings_where("", [])
    }

    /// Those of one officer, the first to go first.
    pub fn recordings_of(&self, officer: OfficerId) -> Result<Vec<RecordingRow>, StoreError> {
        self.recordings_where("WHERE officer = ?1", [officer.as_bytes().as_slice()])
    }

    pub fn recording(&self, clip: ClipId) -> Result<Option<RecordingRow>, StoreError> {
        let found = self.recordings_where("WHERE clip = ?1", [clip.as_bytes().as_slice()])?;
        Ok(found.into_iter().next())
    }

    /// A procedure keeps it from now on; false where one does already, or where there is no such recording.
    pub fn hold_recording(&self, clip: ClipId, hold: &Hold) -> Result<bool, StoreError> {
        let sql = "UPDATE recording SET hold = ?2 WHERE clip = ?1 AND hold IS NULL";
        let row = params![clip.as_bytes(), canonical::encode(hold)];
        Ok(run(&self.db, WHAT, sql, row)? > 0)
    }

    /// Nothing keeps it beyond its term any more; false where nothing did.
    pub fn release_recording(&self, clip: ClipId) -> Result<bool, StoreError> {
        let sql = "UPDATE recording SET hold = NULL WHERE clip = ?1 AND hold IS NOT NULL";
        Ok(run(&self.db, WHAT, sql, [clip.as_bytes()])? > 0)
    }

    /// Its term is over: nothing is said of it any more, and a camera that was told nothing of HQ is told nothing.
    pub fn forget_recording(&mut self, clip: ClipId) -> Result<(), StoreError> {
        let tx = self.write(WHAT)?;
        run(
            &tx,
            WHAT,
            "DELETE FROM recording WHERE clip = ?1",
            [clip.as_bytes()],
        )?;
        let sql = "DELETE FROM clip WHERE clip = ?1 AND receipt IS NULL";
        run(&tx, WHAT, sql, [clip.as_bytes()])?;
        tx.commit().map_err(failed(WHAT))
    }

    fn recordings_where<const N: usize>(
        &self,
        filter: &str,
        with: [&[u8]; N],
    ) -> Result<Vec<RecordingRow>, StoreError> {
        let sql = format!("SELECT recording, hold FROM recording {filter} ORDER BY until, clip");
        let mut rows = self.db.prepare_cached(&sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map(rusqlite::params_from_iter(with), |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
            })
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (recording, hold) = row.map_err(failed(WHAT))?;
            Ok(RecordingRow {
                recording: canonical::decode(&recording).map_err(unreadable(WHAT))?,
                hold: hold
                    .map(|hold| canonical::decode(&hold).map_err(unreadable(WHAT)))
                    .transpose()?,
            })
        })
        .collect()
    }
}

impl OfficerStore {
    /// Keeps a statement before its record is signed, after those on the same recording.
    pub fn keep_statement(&self, statement: &Statement) -> Result<(), StoreError> {
        let sql = "INSERT INTO custody (act, clip, place, said)
                   SELECT ?1, ?2, coalesce(max(place), 0) + 1, ?3 FROM custody WHERE clip = ?2";
        let row = params![
            statement.act.as_bytes(),
            statement.clip.as_bytes(),
            canonical::encode(&statement.said),
        ];
        run(&self.db, STATEMENT, sql, row).map(drop)
    }

    /// Every statement, those on one recording in the order in which they were said.
    pub fn statements(&self) -> Result<Vec<Statement>, StoreError> {
        let sql = "SELECT act, clip, said FROM custody ORDER BY clip, place";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(STATEMENT))?;
        let rows = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(failed(STATEMENT))?;
        rows.map(|row| {
            let (act, clip, said): (Vec<u8>, Vec<u8>, Vec<u8>) = row.map_err(failed(STATEMENT))?;
            Ok(Statement {
                act: ActId::from_bytes(fixed(STATEMENT, act)?),
                clip: ClipId::from_bytes(fixed(STATEMENT, clip)?),
                said: canonical::decode(&said).map_err(unreadable(STATEMENT))?,
            })
        })
        .collect()
    }

    /// The recording that the statement of this record is about.
    pub fn recording_of(&self, act: ActId) -> Result<Option<ClipId>, StoreError> {
        let sql = "SELECT clip FROM custody WHERE act = ?1";
        let clip: Option<Vec<u8>> = one(&self.db, STATEMENT, sql, [act.as_bytes()], |row| row.get(0))?;
        clip.map(|clip| fixed(STATEMENT, clip).map(ClipId::from_bytes))
            .transpose()
    }

    pub fn forget_statements(&self, clip: ClipId) -> Result<(), StoreError> {
        let sql = "DELETE FROM custody WHERE clip = ?1";
        run(&self.db, STATEMENT, sql, [clip.as_bytes()]).map(drop)
    }
}
