//! Trying a code: the slow derivation, off the engine's thread.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use super::rotate::{RotationError, rotate, settle};
use crate::keys::{Card, Keys, KeysError, OfficerKeys, Place, Slot, SlotOpening};
use crate::store::{OfficerStore, OpenError};

pub struct UnlockJob {
    pub officer: OfficerId,
    pub code: Secret,
    pub place: Place,
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
        how: Opening,
    },
    WrongCode {
        left: u8,
    },
    Wait {
        ms: u64,
        left: u8,
    },
    Destroyed,
    /// No try was made: only a supervisor lets the officer in.
    Closed,
    /// The card signs after a code of its own, which is another one.
    CardRefuses,
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

/// What an opened database went through on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Code,
    /// It has a fresh key.
    Rotated,
    /// It is new, under a code that was just chosen.
    FirstCode,
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
        let opening = Slot::open(
            &self.place,
            self.officer,
            &self.code,
            keys,
            &mut *card,
            self.now.boot,
            self.now.mono_ms,
        );
        match opening {
            // The slot has told that the code is right: a card is shown no guess.
            Ok(SlotOpening::Opened(keys)) => match card.show_code(self.code.expose().as_bytes()) {
                Ok(()) => self.open(keys),
                Err(KeysError::CardPin) => Unlocking::CardRefuses,
                Err(_) => Unlocking::NoCard,
            },
            Ok(SlotOpening::WrongCode { left }) => Unlocking::WrongCode { left },
            Ok(SlotOpening::Wait { ms, left }) => Unlocking::Wait { ms, left },
            Ok(SlotOpening::Destroyed) => Unlocking::Destroyed,
            Ok(SlotOpening::Closed(_)) => Unlocking::Closed,
            Err(KeysError::NoCard) => Unlocking::NoCard,
            Err(error) => Unlocking::Failed(error),
        }
    }

    fn open(&self, keys: OfficerKeys) -> Unlocking {
        let dir = self.place.officer();
        let keys = match settle(dir, &self.database, keys) {
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
                how: Opening::Code,
            };
        }
        let rotation = rotate(dir, &self.database, &keys, store, |_| {});
        let how = if rotation.is_ok() {
            Opening::Rotated
        } else {
            Opening::Code
        };
        let keys = rotation.or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a database kept its key"
            );
            settle(dir, &self.database, keys)
        });
        match keys {
            Ok(keys) => open(&keys, false).map_or_else(Unlocking::Database, |store| {
                let store = Box::new(store);
                Unlocking::Opened { store, how }
            }),
            Err(error) => Unlocking::Rotation(error),
        }
    }
}
