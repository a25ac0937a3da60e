//! What victims bring, in an officer's database: the key of each encrypted file, and the draft that it came in for.

use std::collections::BTreeSet;

use domain::draft::Draft;
use domain::{ActId, Digest, PieceId, Timestamp};
use rusqlite::{OptionalExtension, TransactionBehavior, params};
use zeroize::Zeroizing;

use super::officer::put_draft;
use super::{OfficerStore, StoreError, failed, fixed, run};
use crate::pieces::PieceKey;

/// A file that began to come in.
#[derive(Debug, Clone)]
pub struct PieceRow {
    pub key: PieceKey,
    pub draft: ActId,
    /// As the file was called.
    pub name: String,
}

impl OfficerStore {
    /// Keeps what opens a file before its first byte is written.
    pub fn begin_piece(&self, row: &PieceRow) -> Result<(), StoreError> {
        run(
            &self.db,
            "piece",
            "INSERT INTO piece (id, draft, name, key) VALUES (?1, ?2, ?3, ?4)",
            params![
                row.key.id.as_bytes(),
                row.draft.as_bytes(),
                row.name,
                row.key.key.as_slice()
            ],
        )?;
        Ok(())
    }

    /// The file is whole and durable: the draft names it from now on, or neither is kept.
    pub fn finish_piece(
        &mut self,
        id: PieceId,
        sha256: Digest,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("piece"))?;
        run(
            &tx,
            "piece",
            "UPDATE piece SET sha256 = ?2 WHERE id = ?1",
            params![id.as_bytes(), sha256.as_bytes()],
        )?;
        put_draft(&tx, draft, now)?;
        tx.commit().map_err(failed("piece"))
    }

    pub fn forget_piece(&self, id: PieceId) -> Result<(), StoreError> {
        run(
            &self.db,
            "piece",
            "DELETE FROM piece WHERE id = ?1",
            [id.as_bytes()],
        )?;
        Ok(())
    }

    /// What opens the piece with this content.
    pub fn piece(&self, sha256: Digest) -> Result<Option<PieceKey>, StoreError> {
        let row: Option<(Vec<u8>, Vec<u8>)> = self
            .db
            .query_row(
                "SELECT id, key FROM piece WHERE sha256 = ?1 ORDER BY id LIMIT 1",
                [sha256.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(failed("piece"))?;
        row.map(|(id, key)| piece_key(id, key)).transpose()
    }

    /// Files that were coming in when the desk was closed, oldest first.
    pub fn unfinished_pieces(&self) -> Result<Vec<PieceRow>, StoreError> {
        type Columns = (Vec<u8>, Vec<u8>, String, Vec<u8>);
        let mut rows = self
            .db
            .prepare("SELECT id, draft, name, key FROM piece WHERE sha256 IS NULL ORDER BY id")
            .map_err(failed("pieces"))?;
        let rows = rows
            .query_map([], |row| -> rusqlite::Result<Columns> {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .map_err(failed("pieces"))?;
        rows.map(|row| {
            let (id, draft, name, key) = row.map_err(failed("pieces"))?;
            Ok(PieceRow {
                key: piece_key(id, key)?,
                draft: ActId::from_bytes(fixed("draft of a piece", draft)?),
                name,
            })
        })
        .collect()
    }

    pub fn has_pieces(&self) -> Result<bool, StoreError> {
        self.db
            .query_row("SELECT EXISTS (SELECT 1 FROM piece)", [], |row| row.get(0))
            .map_err(failed("pieces"))
    }

    /// Forgets every piece that is whole and not among `needed`; those that are left, coming in or whole.
    pub fn keep_pieces(&mut self, needed: &BTreeSet<Digest>) -> Result<BTreeSet<PieceId>, StoreError> {
        let rows = {
            let mut rows = self
                .db
                .prepare("SELECT id, sha256 FROM piece")
                .map_err(failed("pieces"))?;
            let rows = rows
                .query_map([], |row| {
                    Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
                })
                .map_err(failed("pieces"))?;
            rows.map(|row| {
                let (id, sha256) = row.map_err(failed("pieces"))?;
                let sha256 = sha256.map(|bytes| fixed("piece", bytes).map(Digest::from_bytes));
                Ok((PieceId::from_bytes(fixed("piece", id)?), sha256.transpose()?))
            })
            .collect::<Result<Vec<_>, StoreError>>()?
        };
        let mut left = BTreeSet::new();
        for (id, sha256) in rows {
            if sha256.is_none_or(|sha256| needed.contains(&sha256)) {
                left.insert(id);
            } else {
                self.forget_piece(id)?;
            }
        }
        Ok(left)
    }
}

fn piece_key(id: Vec<u8>, key: Vec<u8>) -> Result<PieceKey, StoreError> {
    let key = Zeroizing::new(key);
    Ok(PieceKey {
        id: PieceId::from_bytes(fixed("piece", id)?),
        key: Zeroizing::new(fixed("piece", key.to_vec())?),
    })
}
