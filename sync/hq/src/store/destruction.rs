//! What stays of records that the law had destroyed, and what keeps a record from it.

use domain::retention::Destruction;
use domain::{ActId, Digest, OfficerId, UnixMs, decode, encode};
use zeroize::Zeroizing;

use super::sql::Row;
use super::{StoreError, Transaction};

/// A line about a record that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    pub destruction: Destruction,
    /// COSE_Sign1; none while no program with HQ's key has passed.
    pub proof: Option<Vec<u8>>,
    /// Whether somebody who holds the record can still show that this is about it.
    pub has_salt: bool,
}

/// Why a record stays past its term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    pub procedure: String,
    pub officer: OfficerId,
    pub at: UnixMs,
}

impl Transaction<'_> {
    pub(crate) fn insert_tombstone(
        &self,
        destruction: &Destruction,
        salt: &[u8; 32],
    ) -> Result<(), StoreError> {
        let commitment = destruction.commitment;
        self.execute(
            "INSERT INTO tombstone (commitment, destruction, at) VALUES (?1, ?2, ?3)",
            (commitment.as_bytes(), encode(destruction), destruction.at.0),
            "keep a tombstone",
        )?;
        self.execute(
            "INSERT INTO tombstone_salt (commitment, salt) VALUES (?1, ?2)",
            (commitment.as_bytes(), salt),
            "keep a salt",
        )
    }

    /// Commitments and encoded statements that are not signed yet, `limit` at most.
    pub(crate) fn unsigned_tombstones(&self, limit: u32) -> Result<Vec<(Digest, Vec<u8>)>, StoreError> {
        let statements: Vec<Vec<u8>> = self.column(
            "SELECT destruction FROM tombstone WHERE proof IS NULL ORDER BY at, commitment LIMIT ?1",
            [limit],
            "list unsigned tombstones",
        )?;
        statements
            .into_iter()
            .map(|bytes| Ok((read(&bytes)?.commitment, bytes)))
            .collect()
    }

    pub(crate) fn set_proof(&self, commitment: Digest, proof: &[u8]) -> Result<(), StoreError> {
        self.execute(
            "UPDATE tombstone SET proof = ?2 WHERE commitment = ?1",
            (commitment.as_bytes(), proof),
            "keep the proof of a destruction",
        )
    }

    /// Every tombstone, the oldest first.
    pub fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError> {
        let commitments: Vec<[u8; 32]> = self.column(
            "SELECT commitment FROM tombstone ORDER BY at, commitment",
            (),
            "list tombstones",
        )?;
        let mut tombstones = Vec::new();
        for commitment in commitments {
            let row = self.row(
                "SELECT destruction, proof FROM tombstone WHERE commitment = ?1",
                [&commitment],
                "read a tombstone",
                |row: &Row<'_>| Ok((row.get::<Vec<u8>>(0)?, row.get::<Option<Vec<u8>>>(1)?)),
            )?;
            let Some((destruction, proof)) = row else { continue };
            tombstones.push(Tombstone {
                destruction: read(&destruction)?,
                proof,
                has_salt: self.tombstone_salt(Digest::from_bytes(commitment))?.is_some(),
            });
        }
        Ok(tombstones)
    }

    pub fn tombstone_salt(&self, commitment: Digest) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let sql = "SELECT salt FROM tombstone_salt WHERE commitment = ?1";
        let salt = self.row(sql, [commitment.as_bytes()], "look up a salt", |row| row.get(0))?;
        Ok(salt.map(Zeroizing::new))
    }

    /// Destroys a salt: whose tombstone it is cannot be shown any more. False where there is none.
    pub fn destroy_salt(&self, commitment: Digest) -> Result<bool, StoreError> {
        let gone = self.count_changed(
            "DELETE FROM tombstone_salt WHERE commitment = ?1",
            [commitment.as_bytes()],
            "destroy a salt",
        )?;
        Ok(gone > 0)
    }

    /// A procedure follows `act`: it is not destroyed at its term. What was said before stays.
    pub fn record_follow_up(&self, act: ActId, follow_up: &FollowUp) -> Result<bool, StoreError> {
        let new = self.count_changed(
            "INSERT INTO follow_up (act, procedure, officer, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (act) DO NOTHING",
            (
                act.as_bytes(),
                follow_up.procedure.as_str(),
                follow_up.officer.as_bytes(),
                follow_up.at.0,
            ),
            "record what follows an act",
        )?;
        Ok(new > 0)
    }

    pub fn follow_up(&self, act: ActId) -> Result<Option<FollowUp>, StoreError> {
        self.row(
            "SELECT procedure, officer, at FROM follow_up WHERE act = ?1",
            [act.as_bytes()],
            "look up what follows an act",
            |row: &Row<'_>| {
                Ok(FollowUp {
                    procedure: row.get(0)?,
                    officer: OfficerId::from_bytes(row.get(1)?),
                    at: UnixMs(row.get(2)?),
                })
            },
        )
    }
}

fn read(bytes: &[u8]) -> Result<Destruction, StoreError> {
    decode(bytes).map_err(|_| StoreError::Corrupt { what: "tombstone" })
}
