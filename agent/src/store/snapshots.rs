//! Drafts kept at HQ: what was taken of which state, and what HQ has not answered for.

use domain::{ActId, Digest, OfficerId};
use rusqlite::params;

use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// The last snapshot of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotRow {
    pub draft: ActId,
    /// Of what it was taken; none once the draft is gone.
    pub content: Option<Digest>,
}

impl DeviceStore {
    /// The sequence of the next snapshot, from 1.
    pub fn next_snapshot(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(sequence), 0) + 1 FROM snapshot";
        let next = one(&self.db, "snapshot", sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(next.unwrap_or(1)).map_err(unreadable("snapshot"))
    }

    /// What `officer` has at HQ, or is about to.
    pub fn snapshots_of(&self, officer: OfficerId) -> Result<Vec<SnapshotRow>, StoreError> {
        let what = "snapshot";
        let sql = "SELECT draft, content FROM snapshot WHERE officer = ?1";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows
            .query_map([officer.as_bytes()], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(failed(what))?;
        rows.map(|row| {
            let (draft, content) = row.map_err(failed(what))?;
            let content = (!content.is_empty())
                .then(|| fixed(what, content).map(Digest::from_bytes))
                .transpose()?;
            Ok(SnapshotRow {
                draft: ActId::from_bytes(fixed(what, draft)?),
                content,
            })
        })
        .collect()
    }

    /// Keeps the signed snapshot `cose` until HQ has it; it takes the place of an earlier one of the same draft.
    pub fn keep_snapshot(
        &self,
        row: SnapshotRow,
        officer: OfficerId,
        sequence: u64,
        cose: &[u8],
    ) -> Result<(), StoreError> {
        let sequence = i64::try_from(sequence).map_err(unreadable("snapshot"))?;
        let content: &[u8] = row.content.as_ref().map_or(&[], |digest| digest.as_bytes());
        run(
            &self.db,
            "snapshot",
            "INSERT OR REPLACE INTO snapshot (draft, officer, sequence, content, cose) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.draft.as_bytes(), officer.as_bytes(), sequence, content, cose],
        )
        .map(drop)
    }

    /// Up to `most` snapshots that HQ has not answered for, the oldest first.
    pub fn snapshots_to_send(&self, most: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let what = "snapshot";
        let sql = "SELECT cose FROM snapshot WHERE cose IS NOT NULL ORDER BY sequence LIMIT ?1";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(what))?;
        let rows = rows.query_map([most], |row| row.get(0)).map_err(failed(what))?;
        rows.map(|row| row.map_err(failed(what))).collect()
    }

    /// HQ has the snapshot `sequence` of `draft`, or a later one; true when that is news.
    pub fn snapshot_kept(&self, draft: ActId, sequence: u64) -> Result<bool, StoreError> {
        let sequence = i64::try_from(sequence).map_err(unreadable("snapshot"))?;
        let sql = "UPDATE snapshot SET cose = NULL WHERE draft = ?1 AND sequence <= ?2 AND cose IS NOT NULL";
        let changed = run(&self.db, "snapshot", sql, params![draft.as_bytes(), sequence])?;
        Ok(changed > 0)
    }
}
