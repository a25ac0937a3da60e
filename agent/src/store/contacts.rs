//! Sheets of safe contact that were signed, or are being signed, beside their complaints.

use domain::plainte::contact::SafeContact;
use domain::{ActId, canonical};
use rusqlite::params;

use super::{OfficerStore, StoreError, failed, fixed, run, unreadable};

const WHAT: &str = "sheet of safe contact";

impl OfficerStore {
    /// Keeps a sheet before its record is signed.
    pub(crate) fn keep_contact(&self, act: ActId, sheet: &SafeContact) -> Result<(), StoreError> {
        let sql = "INSERT INTO contact (act, draft, sheet) VALUES (?1, ?2, ?3) ON CONFLICT (act) DO NOTHING";
        let row = params![
            act.as_bytes().as_slice(),
            sheet.about.as_bytes().as_slice(),
            canonical::encode(sheet)
        ];
        run(&self.db, WHAT, sql, row)?;
        Ok(())
    }

    /// Every sheet with the id of its record, ascending with time.
    pub(crate) fn contacts(&self) -> Result<Vec<(ActId, SafeContact)>, StoreError> {
        let sql = "SELECT act, sheet FROM contact ORDER BY act";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (act, sheet): (Vec<u8>, Vec<u8>) = row.map_err(failed(WHAT))?;
            let sheet = canonical::decode(&sheet).map_err(unreadable(WHAT))?;
            Ok((ActId::from_bytes(fixed(WHAT, act)?), sheet))
        })
        .collect()
    }

    pub(crate) fn forget_contact(&self, act: ActId) -> Result<(), StoreError> {
        run(
            &self.db,
            WHAT,
            "DELETE FROM contact WHERE act = ?1",
            [act.as_bytes().as_slice()],
        )?;
        Ok(())
    }
}
