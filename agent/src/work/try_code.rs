//! Trying the code of an officer who is at work: it counts like any other try, and opens nothing.

use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use crate::keys::{Card, Keys, KeysError, OfficerKeys, Place, Slot, SlotOpening};

pub struct TryCodeJob {
    pub officer: OfficerId,
    pub code: Secret,
    pub place: Place,
    pub keys: Arc<dyn Keys>,
    pub card: Arc<Mutex<dyn Card>>,
    pub now: Timestamp,
}

/// Why a code is not taken for the officer's.
pub enum CodeRefused {
    WrongCode {
        left: u8,
    },
    /// The delay after failures has not passed.
    Wait,
    Destroyed,
    /// No try was made: only a supervisor lets the officer in.
    Closed,
    /// The card signs after a code of its own, which is another.
    CardRefuses,
    NoCard,
    Failed(KeysError),
    /// The worker died.
    Lost,
}

impl From<KeysError> for CodeRefused {
    fn from(error: KeysError) -> Self {
        if matches!(error, KeysError::NoCard) {
            Self::NoCard
        } else if matches!(error, KeysError::CardPin) {
            Self::CardRefuses
        } else {
            Self::Failed(error)
        }
    }
}

impl TryCodeJob {
    pub(super) fn run(self) -> Result<(), CodeRefused> {
        let Ok(mut card) = self.card.lock() else {
            return Err(CodeRefused::NoCard);
        };
        let keys = self.keys.as_ref();
        open(&self.place, self.officer, &self.code, keys, &mut *card, self.now).map(drop)
    }
}

/// Opens the officer's slot by `code`, which costs a try.
pub(super) fn open(
    place: &Place,
    officer: OfficerId,
    code: &Secret,
    keys: &dyn Keys,
    card: &mut dyn Card,
    now: Timestamp,
) -> Result<OfficerKeys, CodeRefused> {
    match Slot::open(place, officer, code, keys, card, now.boot, now.mono_ms) {
        Ok(SlotOpening::Opened(opened)) => Ok(opened),
        Ok(SlotOpening::WrongCode { left }) => Err(CodeRefused::WrongCode { left }),
        Ok(SlotOpening::Wait { .. }) => Err(CodeRefused::Wait),
        Ok(SlotOpening::Destroyed) => Err(CodeRefused::Destroyed),
        Ok(SlotOpening::Closed(_)) => Err(CodeRefused::Closed),
        Err(error) => Err(error.into()),
    }
}
