//! What stands open with a supervisor for each officer, and the code that comes of it.

use domain::canonical;
use domain::journal::Operation;
use domain::readmission::{Closure, Spoken};
use domain::{OfficerId, Timestamp};
use minicbor::{Decode, Encode};
use rusqlite::params;

use super::journal::append;
use super::{DeviceStore, StoreError, failed, run, unreadable};

/// One number that was shown to an officer, and what came back for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReadmissionRow {
    #[n(0)]
    pub challenge: Spoken,
    /// Wrong responses to it.
    #[n(1)]
    pub wrong: u8,
    /// What the supervisor let the officer in from; the number is spent.
    #[n(2)]
    pub granted: Option<Closure>,
}

fn name(officer: OfficerId) -> String {
    format!("readmission/{officer}")
}

impl DeviceStore {
    pub fn readmission(&self, officer: OfficerId) -> Result<Option<ReadmissionRow>, StoreError> {
        let stored = self.setting(&name(officer))?;
        stored
            .map(|bytes| canonical::decode(&bytes).map_err(unreadable("readmission")))
            .transpose()
    }

    /// Keeps what came of a number, with a line in the journal for each response.
    pub fn keep_readmission(
        &mut self,
        officer: OfficerId,
        row: &ReadmissionRow,
        line: Option<Operation>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("readmission")?;
        run(
            &tx,
            "readmission",
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![name(officer), canonical::encode(row)],
        )?;
        if let Some(line) = line {
            append(&tx, journal, now, Some(officer), line)?;
        }
        tx.commit().map_err(failed("readmission"))
    }

    /// The officer is in, or is closed out anew: the number is of no more use.
    pub fn forget_readmission(&mut self, officer: OfficerId) -> Result<(), StoreError> {
        let sql = "DELETE FROM setting WHERE name = ?1";
        run(&self.db, "readmission", sql, [name(officer)]).map(drop)
    }

    /// The officer chose a code and has an empty database: a line in the journal, and drafts that HQ keeps are not taken
    /// for drafts that are gone.
    pub fn note_code_chosen(&mut self, officer: OfficerId, now: Timestamp) -> Result<(), StoreError> {
        let what = "code";
        let journal = self.journal;
        let tx = self.write(what)?;
        let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, x'')";
        run(&tx, what, sql, [format!("officer/{officer}")])?;
        run(&tx, what, "DELETE FROM setting WHERE name = ?1", [name(officer)])?;
        let sql = "UPDATE snapshot SET content = x'' WHERE officer = ?1";
        run(&tx, what, sql, [officer.as_bytes()])?;
        append(&tx, journal, now, Some(officer), Operation::CodeChosen)?;
        tx.commit().map_err(failed(what))
    }

    /// Remembers that the terminal's count of wrong codes was made, so that a missing one is never made anew.
    pub fn note_count_begun(&mut self) -> Result<(), StoreError> {
        self.put_setting("terminal-tries", &[])
    }

    pub fn has_begun_count(&self) -> Result<bool, StoreError> {
        Ok(self.setting("terminal-tries")?.is_some())
    }
}
