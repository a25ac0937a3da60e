//! Trying a code: the slow derivation, off the engine's thread.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::{BootId, OfficerId, Secret};

use crate::keys::{Card, Keys, KeysError, OfficerKeys, Slot, SlotOpening};

pub struct UnlockJob {
    pub officer: OfficerId,
    pub code: Secret,
    pub dir: PathBuf,
    pub keys: Arc<dyn Keys>,
    pub card: Arc<Mutex<dyn Card>>,
    pub boot: BootId,
    pub mono_ms: u64,
}

pub enum UnlockOutcome {
    Opened { officer: OfficerId, keys: OfficerKeys },
    WrongCode { left: u8 },
    Wait { ms: u64, left: u8 },
    Destroyed,
    NoCard,
    Failed(KeysError),
}

impl UnlockJob {
    pub(super) fn run(self) -> UnlockOutcome {
        let Ok(mut card) = self.card.lock() else {
            return UnlockOutcome::NoCard;
        };
        let keys = self.keys.as_ref();
        match Slot::open(
            &self.dir,
            self.officer,
            &self.code,
            keys,
            &mut *card,
            self.boot,
            self.mono_ms,
        ) {
            Ok(SlotOpening::Opened(keys)) => UnlockOutcome::Opened {
                officer: self.officer,
                keys,
            },
            Ok(SlotOpening::WrongCode { left }) => UnlockOutcome::WrongCode { left },
            Ok(SlotOpening::Wait { ms, left }) => UnlockOutcome::Wait { ms, left },
            Ok(SlotOpening::Destroyed) => UnlockOutcome::Destroyed,
            Err(KeysError::NoCard) => UnlockOutcome::NoCard,
            Err(error) => UnlockOutcome::Failed(error),
        }
    }
}
