//! Questions that a list stood in for: each is in the journal before it is here, and leaves when there is a network.

use domain::officer::FileKind;
use domain::{ActId, QueryId, UnixMs};
use rusqlite::params;

use super::{DeviceStore, StoreError, failed, fixed, one, run};

const WHAT: &str = "confirmation";

impl DeviceStore {
    /// Keeps the bytes of a question for when there is a network, in place of an earlier one of the same draft to the same
    /// file.
    pub(crate) fn keep_confirmation(
        &mut self,
        id: QueryId,
        (draft, file): (ActId, FileKind),
        cose: &[u8],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let tx = self.write(WHAT)?;
        let sql = "DELETE FROM confirmation WHERE id IN (
                       SELECT id FROM question WHERE draft = ?1 AND file = ?2)";
        run(&tx, WHAT, sql, params![draft.as_bytes().as_slice(), file as u8])?;
        let sql = "INSERT INTO confirmation (id, cose, queued) VALUES (?1, ?2, ?3)";
        run(&tx, WHAT, sql, params![id.as_bytes().as_slice(), cose, now.0])?;
        tx.commit().map_err(failed(WHAT))
    }

    /// What waits to leave, the oldest first.
    pub(crate) fn confirmations(&self) -> Result<Vec<(QueryId, Vec<u8>)>, StoreError> {
        let sql = "SELECT id, cose FROM confirmation ORDER BY queued, id";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map([], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (id, cose) = row.map_err(failed(WHAT))?;
            Ok((QueryId::from_bytes(fixed(WHAT, id)?), cose))
        })
        .collect()
    }

    pub(crate) fn is_to_confirm(&self, id: QueryId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM confirmation WHERE id = ?1";
        let found = one(&self.db, WHAT, sql, [id.as_bytes().as_slice()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// How many wait.
    pub(crate) fn pending_confirmations(&self) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM confirmation";
        Ok(one(&self.db, WHAT, sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// The file has answered; whether the question was one of these.
    pub(crate) fn settle_confirmation(&mut self, id: QueryId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM confirmation WHERE id = ?1";
        Ok(run(&self.db, WHAT, sql, [id.as_bytes().as_slice()])? > 0)
    }

    /// Drops what was queued before `before`; how many.
    pub(crate) fn drop_confirmations(&mut self, before: UnixMs) -> Result<usize, StoreError> {
        run(
            &self.db,
            WHAT,
            "DELETE FROM confirmation WHERE queued < ?1",
            [before.0],
        )
    }
}
