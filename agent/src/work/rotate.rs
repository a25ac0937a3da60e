//! A fresh key for an officer's database: everything is written anew beside it, read back, and put in its place.
//!
//! Wherever it stops, the slot opens the file that is there: the new slot waits in a file of its own, which names the
//! database that it is not for.

use std::fs;
use std::path::{Path, PathBuf};

use domain::canonical;
use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::keys::{KeysError, OfficerKeys, Slot, read, remove, replace};
use crate::store::{OfficerStore, Salt, StoreError, salt, with_its_log};

/// Why a database kept its key; it is as it was.
#[derive(Debug, Error)]
pub enum RotationError {
    #[error("could not write the new slot")]
    Keys(#[from] KeysError),
    #[error("could not write the database anew")]
    Store(#[from] StoreError),
    #[error("could not put the new database in its place")]
    File(#[from] std::io::Error),
}

/// The moments between which a crash must lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationPoint {
    /// Both master keys are kept.
    Begun,
    /// The new database is whole, beside the old one.
    Exported,
    /// The new database is in its place, and the old slot too.
    Swapped,
    /// The new slot is in its place.
    Settled,
}

impl RotationPoint {
    pub const ALL: [Self; 4] = [Self::Begun, Self::Exported, Self::Swapped, Self::Settled];
}

/// A rotation under way.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Rotation {
    #[n(0)]
    slot: Slot,
    /// Of the database that the slot is not for.
    #[cbor(n(1), with = "minicbor::bytes")]
    replaces: Salt,
}

impl Rotation {
    fn path(dir: &Path) -> PathBuf {
        dir.join("rotation.cbor")
    }
}

/// Where a rotation of the slot in `dir` waits to be finished.
pub(super) fn rotation_file(dir: &Path) -> PathBuf {
    Rotation::path(dir)
}

fn beside(database: &Path) -> PathBuf {
    database.with_extension("next")
}

/// The keys of the database that is there, after a rotation that may have stopped anywhere; what is left of it goes.
pub fn settle(dir: &Path, database: &Path, keys: OfficerKeys) -> Result<OfficerKeys, RotationError> {
    let path = Rotation::path(dir);
    if !path.exists() {
        return Ok(keys);
    }
    let rotation: Rotation = canonical::decode(&read(&path)?).map_err(|_| KeysError::Damaged {
        name: "rotation".to_owned(),
    })?;
    let keys = if salt(database)? == Some(rotation.replaces) {
        for file in with_its_log(&beside(database)) {
            remove(&file)?;
        }
        keys
    } else {
        let keys = keys.opening(&rotation.slot)?;
        rotation.slot.write(dir)?;
        keys
    };
    remove(&path)?;
    Ok(keys)
}

/// Gives the database of `store` a fresh key under the same code. `passed` is called after each step.
pub fn rotate(
    dir: &Path,
    database: &Path,
    keys: &OfficerKeys,
    store: OfficerStore,
    mut passed: impl FnMut(RotationPoint),
) -> Result<OfficerKeys, RotationError> {
    let next = beside(database);
    for file in with_its_log(&next) {
        remove(&file)?;
    }
    let replaces = salt(database)?.ok_or(StoreError::Unreadable { what: "database" })?;
    let (slot, fresh) = keys.successor()?;
    let rotation = Rotation { slot, replaces };
    replace(&Rotation::path(dir), &canonical::encode(&rotation))?;
    passed(RotationPoint::Begun);
    store.export(&next, &fresh.database)?;
    passed(RotationPoint::Exported);
    // The old log is empty, and would be taken for the new database's.
    let [wal, index, _] = with_its_log(database);
    remove(&wal)?;
    remove(&index)?;
    fs::rename(&next, database)?;
    if let Some(folder) = database.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    passed(RotationPoint::Swapped);
    rotation.slot.write(dir)?;
    passed(RotationPoint::Settled);
    remove(&Rotation::path(dir))?;
    Ok(fresh)
}
