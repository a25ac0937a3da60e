//! Photographs in an officer's database, by their digest: several drafts may name the same one.

use std::collections::BTreeSet;

use domain::Digest;
use domain::draft::Draft;
use domain::photo::Photo;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::officer::put_draft;
use super::{OfficerStore, StoreError, failed, fixed};
use domain::Timestamp;

impl OfficerStore {
    /// Keeps a draft and the photograph that it names from now on, or neither.
    pub fn save_photo(
        &mut self,
        draft: &Draft,
        photo: &Photo,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("photo"))?;
        tx.execute(
            "INSERT OR IGNORE INTO photo (sha256, bytes) VALUES (?1, ?2)",
            params![photo.sha256.as_bytes(), bytes],
        )
        .map_err(failed("photo"))?;
        put_draft(&tx, draft, now)?;
        tx.commit().map_err(failed("photo"))
    }

    pub fn photo(&self, sha256: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.db
            .query_row(
                "SELECT bytes FROM photo WHERE sha256 = ?1",
                [sha256.as_bytes()],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed("photo"))
    }

    pub fn has_photos(&self) -> Result<bool, StoreError> {
        self.db
            .query_row("SELECT EXISTS (SELECT 1 FROM photo)", [], |row| row.get(0))
            .map_err(failed("photos"))
    }

    /// Removes every photograph that is not among `needed`.
    pub fn keep_photos(&mut self, needed: &BTreeSet<Digest>) -> Result<(), StoreError> {
        let kept = {
            let mut rows = self
                .db
                .prepare("SELECT sha256 FROM photo")
                .map_err(failed("photos"))?;
            let rows = rows
                .query_map([], |row| row.get::<_, Vec<u8>>(0))
                .map_err(failed("photos"))?;
            rows.map(|row| fixed("photo", row.map_err(failed("photos"))?).map(Digest::from_bytes))
                .collect::<Result<Vec<_>, _>>()?
        };
        for sha256 in kept.iter().filter(|sha256| !needed.contains(sha256)) {
            self.db
                .execute("DELETE FROM photo WHERE sha256 = ?1", [sha256.as_bytes()])
                .map_err(failed("photos"))?;
        }
        Ok(())
    }
}
