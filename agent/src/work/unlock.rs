//! Trying a code: the slow derivation, off the engine's thread.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use super::rotate::{RotationError, rotate, settle};
use crate::keys::{Card, Keys, KeysError, OfficerKeys, Slot, SlotOpening};
use crate::store::{OfficerStore, OpenError};

pub struct UnlockJob {
    pub officer: OfficerId,
    pub code: Secret,
    pub dir: PathBuf,
    pub keys: Arc<dyn Keys>,
    pub card: Arc<Mutex<dyn Card>>,
    /// The officer's database; made at the first unlock here.
    pub database: PathBuf,
    pub first: bool,
    /// HQ ordered a fresh key for the database.
    pub rotate: bool,
    pub now: Timestamp,
}

/// How an attempt ended, and whose it was.
pub struct UnlockOutcome {
    pub officer: OfficerId,
    pub result: Unlocking,
}

pub enum Unlocking {
    Opened {
        store: Box<OfficerStore>,
        /// The database has a fresh key.
        rotated: bool,
    },
    WrongCode {
        left: u8,
    },
    Wait {
        ms: u64,
        left: u8,
    },
    Destroyed,
    NoCard,
    /// The slot cannot be used.
    Failed(KeysError),
    /// A rotation stopped on its way, and what it left does not read.
    Rotation(RotationError),
    /// The code is right and the database does not open.
    Database(OpenError),
    /// The worker died.
    Lost,
}

impl UnlockJob {
    pub(super) fn run(self) -> UnlockOutcome {
        UnlockOutcome {
            officer: self.officer,
            result: self.attempt(),
        }
    }

    pub(super) const fn lost(&self) -> UnlockOutcome {
        UnlockOutcome {
            officer: self.officer,
            result: Unlocking::Lost,
        }
    }

    fn attempt(&self) -> Unlocking {
        let Ok(mut card) = self.card.lock() else {
            return Unlocking::NoCard;
        };
        let keys = self.keys.as_ref();
        match Slot::open(
            &self.dir,
            self.officer,
            &self.code,
            keys,
            &mut *card,
            self.now.boot,
            self.now.mono_ms,
        ) {
            Ok(SlotOpening::Opened(keys)) => self.open(keys),
            Ok(SlotOpening::WrongCode { left }) => Unlocking::WrongCode { left },
            Ok(SlotOpening::Wait { ms, left }) => Unlocking::Wait { ms, left },
            Ok(SlotOpening::Destroyed) => Unlocking::Destroyed,
            Err(KeysError::NoCard) => Unlocking::NoCard,
            Err(error) => Unlocking::Failed(error),
        }
    }

    fn open(&self, keys: OfficerKeys) -> Unlocking {
        let keys = match settle(&self.dir, &self.database, keys) {
            Ok(keys) => keys,
            Err(error) => return Unlocking::Rotation(error),
        };
        let open = |keys: &OfficerKeys, first| {
            OfficerStore::open(&self.database, &keys.database, first, self.now.utc)
        };
        let store = match open(&keys, self.first) {
            Ok(store) => store,
            Err(error) => return Unlocking::Database(error),
        };
        if !self.rotate {
            let store = Box::new(store);
            return Unlocking::Opened {
                store,
                rotated: false,
            };
        }
        let rotation = rotate(&self.dir, &self.database, &keys, store, |_| {});
        let rotated = rotation.is_ok();
        let keys = rotation.or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a database kept its key"
            );
            settle(&self.dir, &self.database, keys)
        });
        match keys {
            Ok(keys) => open(&keys, false).map_or_else(Unlocking::Database, |store| {
                let store = Box::new(store);
                Unlocking::Opened { store, rotated }
            }),
            Err(error) => Unlocking::Rotation(error),
        }
    }
}
