//! The keys by which officers look at their recordings, one each; without its row a recording opens at HQ alone.

use domain::ClipId;
use rusqlite::{OptionalExtension, params};
use trust::seal::Recipient;

use super::{DeviceStore, StoreError, failed, fixed, run};

const WHAT: &str = "view key";

/// Of one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewKey {
    pub recipient: Recipient,
    /// The private half, for its officer alone.
    pub sealed: Vec<u8>,
}

impl DeviceStore {
    /// The first one stays: segments may be sealed to it already.
    pub fn keep_view_key(&self, clip: ClipId, key: &ViewKey) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO view_key (clip, recipient, sealed) VALUES (?1, ?2, ?3)";
        let row = params![clip.as_bytes(), key.recipient.as_bytes(), key.sealed];
        run(&self.db, WHAT, sql, row).map(drop)
    }

    pub fn view_key(&self, clip: ClipId) -> Result<Option<ViewKey>, StoreError> {
        let sql = "SELECT recipient, sealed FROM view_key WHERE clip = ?1";
        let row: Option<(Vec<u8>, Vec<u8>)> = self
            .db
            .query_row(sql, [clip.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed(WHAT))?;
        row.map(|(recipient, sealed)| {
            Ok(ViewKey {
                recipient: Recipient::from_bytes(fixed(WHAT, recipient)?),
                sealed,
            })
        })
        .transpose()
    }

    /// Nobody looks at this recording here any more.
    pub fn destroy_view_key(&self, clip: ClipId) -> Result<(), StoreError> {
        let gone = run(
            &self.db,
            WHAT,
            "DELETE FROM view_key WHERE clip = ?1",
            [clip.as_bytes()],
        )?;
        self.forget_pages(gone)
    }

    /// Nobody looks at any recording here any more.
    pub fn destroy_view_keys(&self) -> Result<(), StoreError> {
        let gone = run(&self.db, WHAT, "DELETE FROM view_key", [])?;
        self.forget_pages(gone)
    }

    /// The log still holds the pages with keys until it is written back and cut.
    fn forget_pages(&self, gone: usize) -> Result<(), StoreError> {
        if gone > 0 {
            self.db
                .execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
                .map_err(failed(WHAT))?;
        }
        Ok(())
    }
}
