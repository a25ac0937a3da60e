//! The code is asked for again before a signature when it was last given too long ago; what was asked for goes on by itself.

use domain::dialogue::{Intent, Notice};
use domain::{OfficerId, Secret};

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{CodeRefused, Job, TryCodeJob};

/// How far back the officer's code lies, and what waits for it.
pub(crate) struct LastCode {
    /// On the device's clock.
    at: u64,
    /// What the code was asked for.
    awaiting: Option<Intent>,
    /// The code was just given for what goes on now, whatever a profile says.
    for_this: bool,
}

impl LastCode {
    pub(crate) const fn given(at: u64) -> Self {
        Self {
            at,
            awaiting: None,
            for_this: false,
        }
    }
}

impl Engine {
    /// Whether the officer's code counts for a signature now; if not, it is asked for, and `intent` waits for it.
    pub(crate) fn code_counts_for(&mut self, intent: Intent) -> bool {
        let lasts = self.profiles.settings().code_again.as_ms();
        let now = self.now.mono_ms;
        let Some(desk) = self.desk() else { return false };
        let code = &mut desk.code;
        if std::mem::take(&mut code.for_this) || now.saturating_sub(code.at) < lasts {
            return true;
        }
        code.awaiting = Some(intent);
        self.notice(Notice::CodeAsked);
        false
    }

    pub(crate) fn give_code(&mut self, code: Secret) {
        let Some(officer) = self.officer_id() else { return };
        let Some(card) = self.card.as_ref().map(|present| present.card.clone()) else {
            self.notice(Notice::CardMissing);
            return;
        };
        self.out.push(Effect::Work(Job::TryCode(TryCodeJob {
            officer,
            code,
            place: self.site.place(officer),
            keys: self.keys.clone(),
            card,
            now: self.now,
        })));
    }

    pub(crate) fn code_tried(
        &mut self,
        officer: OfficerId,
        result: Result<(), CodeRefused>,
    ) -> Result<(), StoreError> {
        if let Err(refused) = result {
            return self.code_refused(refused);
        }
        let now = self.now.mono_ms;
        let Some(desk) = self.desk().filter(|desk| desk.officer.id == officer) else {
            return Ok(());
        };
        desk.code.at = now;
        let Some(intent) = desk.code.awaiting.take() else {
            return Ok(());
        };
        desk.code.for_this = true;
        let done = self.intent(intent);
        if let Some(desk) = self.desk() {
            desk.code.for_this = false;
        }
        done
    }
}
