//! Trying a code: the slow derivation, off the engine's thread.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use crate::keys::{Card, Keys, KeysError, Slot, SlotOpening};
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
    pub now: Timestamp,
}

/// How an attempt ended, and whose it was.
pub struct UnlockOutcome {
    pub officer: OfficerId,
    pub result: Unlocking,
}

pub enum Unlocking {
    Opened(Box<OfficerStore>),
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
            Ok(SlotOpening::Opened(keys)) => {
                OfficerStore::open(&self.database, &keys.database, self.first, self.now.utc)
                    .map_or_else(Unlocking::Database, |store| Unlocking::Opened(Box::new(store)))
            }
            Ok(SlotOpening::WrongCode { left }) => Unlocking::WrongCode { left },
            Ok(SlotOpening::Wait { ms, left }) => Unlocking::Wait { ms, left },
            Ok(SlotOpening::Destroyed) => Unlocking::Destroyed,
            Err(KeysError::NoCard) => Unlocking::NoCard,
            Err(error) => Unlocking::Failed(error),
        }
    }
}
