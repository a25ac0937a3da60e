//! Answers that others of the crew show, sealed, for as long as they may be shown.

use domain::{OfficerId, QueryId, Timestamp};
use rusqlite::params;

use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// More than a crew shows in a quarter of an hour; the first to go make room.
const MOST: u32 = 16;

/// An answer that is not opened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedRow {
    pub(crate) share: QueryId,
    pub(crate) sealed: Vec<u8>,
    /// Milliseconds since the start of the device.
    pub(crate) gone_at: u64,
}

impl DeviceStore {
    /// Keeps it for its officer; false where it came before.
    pub(crate) fn keep_shared(
        &mut self,
        now: Timestamp,
        share: QueryId,
        officer: OfficerId,
        sealed: &[u8],
        left: u64,
    ) -> Result<bool, StoreError> {
        let what = "shared answer";
        let tx = self.write(what)?;
        let sql =
            "INSERT INTO shared_answer (share, officer, sealed, boot, gone_at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (share) DO NOTHING";
        let row = params![
            share.as_bytes().as_slice(),
            officer.as_bytes().as_slice(),
            sealed,
            now.boot.as_bytes().as_slice(),
            signed(now.mono_ms.saturating_add(left))
        ];
        let is_new = run(&tx, what, sql, row)? > 0;
        let sql = "DELETE FROM shared_answer WHERE share IN (
                       SELECT share FROM shared_answer ORDER BY gone_at DESC, share DESC LIMIT -1 OFFSET ?1)";
        run(&tx, what, sql, [MOST])?;
        tx.commit().map_err(failed(what))?;
        Ok(is_new)
    }

    /// What may be shown to `officer`, the first to go first.
    pub(crate) fn shared_with(
        &self,
        now: Timestamp,
        officer: OfficerId,
    ) -> Result<Vec<SharedRow>, StoreError> {
        let what = "shared answer";
        let sql = "SELECT share, sealed, gone_at FROM shared_answer
                   WHERE officer = ?1 AND length(sealed) > 0 AND boot = ?2 AND gone_at > ?3 ORDER BY gone_at, share";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows
            .query_map(
                params![
                    officer.as_bytes().as_slice(),
                    now.boot.as_bytes().as_slice(),
                    signed(now.mono_ms)
                ],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .map_err(failed(what))?;
        rows.map(|row| {
            let (share, sealed, gone_at): (Vec<u8>, Vec<u8>, i64) = row.map_err(failed(what))?;
            let share = QueryId::from_bytes(fixed(what, share)?);
            let gone_at = u64::try_from(gone_at).map_err(unreadable(what))?;
            Ok(SharedRow {
                share,
                sealed,
                gone_at,
            })
        })
        .collect()
    }

    /// Nothing of it stays; that it came is known for as long as it might come again.
    pub(crate) fn put_shared_away(&mut self, share: QueryId) -> Result<(), StoreError> {
        let sql = "UPDATE shared_answer SET sealed = x'' WHERE share = ?1";
        run(&self.db, "shared answer", sql, [share.as_bytes().as_slice()]).map(drop)
    }

    /// Forgets what may be shown no longer.
    pub(crate) fn forget_shared(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let sql = "DELETE FROM shared_answer WHERE boot <> ?1 OR gone_at <= ?2";
        run(
            &self.db,
            "shared answer",
            sql,
            params![now.boot.as_bytes().as_slice(), signed(now.mono_ms)],
        )
    }

    /// Those that wait for an officer to come.
    pub(crate) fn shared_waiting(&self, now: Timestamp) -> Result<u32, StoreError> {
        let sql =
            "SELECT count(*) FROM shared_answer WHERE length(sealed) > 0 AND boot = ?1 AND gone_at > ?2";
        let due = params![now.boot.as_bytes().as_slice(), signed(now.mono_ms)];
        Ok(one(&self.db, "shared answer", sql, due, |row| row.get(0))?.unwrap_or(0))
    }
}

/// SQLite's integers are signed.
fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
