//! Another code for the officer's slot: the present one is tried first, and counts like any other try.

use std::sync::{Arc, Mutex};

use domain::{OfficerId, Secret, Timestamp};

use super::try_code::{CodeRefused, open};
use crate::keys::{Card, CodePolicy, Keys, KeysError, Place};

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
    Refused(CodeRefused),
}

impl ChangeCodeJob {
    pub(super) fn run(self) -> CodeChange {
        // A code that may not be chosen costs no try.
        if !CodePolicy.accepts(self.new.expose(), &self.matricule) {
            return CodeChange::TooWeak;
        }
        let Ok(mut card) = self.card.lock() else {
            return CodeChange::Refused(CodeRefused::NoCard);
        };
        let keys = self.keys.as_ref();
        let opened = match open(
            &self.place,
            self.officer,
            &self.current,
            keys,
            &mut *card,
            self.now,
        ) {
            Ok(opened) => opened,
            Err(refused) => return CodeChange::Refused(refused),
        };
        // A card that signs after a code of its own signs after the new one, or the officer keeps the old.
        let changed = card.show_code(self.new.expose().as_bytes()).and_then(|()| {
            opened.change_code(self.place.officer(), &self.matricule, &self.new, keys, &mut *card)
        });
        match changed {
            Ok(()) => CodeChange::Changed,
            Err(KeysError::WeakCode) => CodeChange::TooWeak,
            Err(error) => CodeChange::Refused(error.into()),
        }
    }
}
