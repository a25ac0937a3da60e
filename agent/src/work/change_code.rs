//! Another code for the officer's slot: the present one is tried first, and counts like any other try.

use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use crate::keys::{Card, CodePolicy, Keys, KeysError, Place, Slot, SlotOpening};

pub struct ChangeCodeJob {
    pub officer: OfficerId,
    /// Service number, which no code may repeat.
    pub matricule: String,
    pub current: Secret,
    pub new: Secret,
    pub place: Place,
    pub keys: Arc<dyn Keys>,
    pub card: Arc<Mutex<dyn Card>>,
    pub now: Timestamp,
}

/// How it ended; the old code opens unless it is [`CodeChange::Changed`].
pub enum CodeChange {
    Changed,
    TooWeak,
    WrongCode {
        left: u8,
    },
    /// The delay after failures has not passed.
    Wait,
    Destroyed,
    /// No try was made: only a supervisor lets the officer in.
    Closed,
    /// The card signs after a code of its own, which is not the new one.
    CardRefuses,
    NoCard,
    Failed(KeysError),
    /// The worker died.
    Lost,
}

impl ChangeCodeJob {
    pub(super) fn run(self) -> CodeChange {
        // A code that may not be chosen costs no try.
        if !CodePolicy.accepts(self.new.expose(), &self.matricule) {
            return CodeChange::TooWeak;
        }
        let Ok(mut card) = self.card.lock() else {
            return CodeChange::NoCard;
        };
        let keys = self.keys.as_ref();
        let (boot, mono_ms) = (self.now.boot, self.now.mono_ms);
        let opening = Slot::open(
            &self.place,
            self.officer,
            &self.current,
            keys,
            &mut *card,
            boot,
            mono_ms,
        );
        let changed = match opening {
            Ok(SlotOpening::Opened(opened)) => card.show_code(self.new.expose().as_bytes()).and_then(|()| {
                opened.change_code(self.place.officer(), &self.matricule, &self.new, keys, &mut *card)
            }),
            Ok(SlotOpening::WrongCode { left }) => return CodeChange::WrongCode { left },
            Ok(SlotOpening::Wait { .. }) => return CodeChange::Wait,
            Ok(SlotOpening::Destroyed) => return CodeChange::Destroyed,
            Ok(SlotOpening::Closed(_)) => return CodeChange::Closed,
            Err(error) => Err(error),
        };
        match changed {
            Ok(()) => CodeChange::Changed,
            Err(KeysError::NoCard) => CodeChange::NoCard,
            Err(KeysError::WeakCode) => CodeChange::TooWeak,
            Err(KeysError::CardPin) => CodeChange::CardRefuses,
            Err(error) => CodeChange::Failed(error),
        }
    }
}
