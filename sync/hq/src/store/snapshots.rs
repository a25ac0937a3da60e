//! Drafts of terminals, as they came: nobody here opens them.

use domain::recovery::Snapshot;
use domain::{ActId, DeviceId, OfficerId, UnixMs};

use super::{StoreError, Transaction, signed, unsigned};

/// A draft that a terminal keeps here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDraft {
    pub device: DeviceId,
    pub officer: OfficerId,
    pub draft: ActId,
    pub sequence: u64,
    /// When it came, HQ's clock.
    pub at: UnixMs,
    /// See [`Snapshot::sealed`].
    pub sealed: Vec<u8>,
}

impl Transaction<'_> {
    /// Keeps `snapshot` in the place of an earlier one of the same draft; a later one stays.
    pub fn keep_snapshot(&self, snapshot: &Snapshot, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO snapshot (device, draft, officer, sequence, at, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (device, draft) DO UPDATE SET
                officer = excluded.officer, sequence = excluded.sequence, at = excluded.at, sealed = excluded.sealed
             WHERE excluded.sequence > snapshot.sequence",
            (
                snapshot.device.as_str(),
                snapshot.draft.as_bytes().as_slice(),
                snapshot.officer.as_bytes().as_slice(),
                signed(snapshot.sequence),
                now.0,
                snapshot.sealed.as_slice(),
            ),
            "keep a draft",
        )
    }

    /// The drafts of `device` that are kept here, the oldest first; of every terminal when none is named.
    pub fn kept_drafts(&self, device: Option<&DeviceId>) -> Result<Vec<KeptDraft>, StoreError> {
        let rows = self.rows(
            "SELECT device, officer, draft, sequence, at, sealed FROM snapshot
                 WHERE length(sealed) > 0 AND (?1 IS NULL OR device = ?1) ORDER BY at, sequence",
            [device.map(DeviceId::as_str)],
            "look up drafts",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<[u8; 16]>(1)?,
                    row.get::<[u8; 16]>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<i64>(4)?,
                    row.get::<Vec<u8>>(5)?,
                ))
            },
        )?;
        let mut kept = Vec::new();
        for (device, officer, draft, sequence, at_ms, sealed) in rows {
            kept.push(KeptDraft {
                device: DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "draft" })?,
                officer: OfficerId::from_bytes(officer),
                draft: ActId::from_bytes(draft),
                sequence: unsigned(sequence, "draft")?,
                at: UnixMs(at_ms),
                sealed,
            });
        }
        Ok(kept)
    }

    /// Forgets what came before `before`: a draft is no archive.
    pub fn forget_snapshots(&self, before: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE snapshot SET sealed = ?2 WHERE at < ?1 AND length(sealed) > 0",
            (before.0, [0_u8; 0]),
            "forget drafts",
        )
    }
}
