//! A supervisor lets an officer in whose code opens nothing any more: the screen shows a number, HQ answers it by
//! telephone, and what comes back is checked here, without network.

use domain::dialogue::{LockState, Notice};
use domain::journal::Operation;
use domain::readmission::{Closure, Readmission, Spoken};
use domain::{OfficerId, Secret, canonical};
use trust::readmission::ReadmissionKey;
use trust::seal;

use crate::cases::unlock::Desk;
use crate::engine::Engine;
use crate::keys::{KeysError, Standing, TRIES, reopen, standing};
use crate::store::{ReadmissionRow, StoreError};

/// Responses that may be tried with one number.
const RESPONSES: u8 = 5;
/// The most that a sealed readmission key opens to.
const MAX_KEY: usize = 32;

impl Engine {
    /// Where an officer stands before the lock; the device's database knows what files that are gone do not tell.
    pub(crate) fn standing(&self, officer: OfficerId) -> Result<Standing, StoreError> {
        let (boot, mono_ms) = (self.now.boot, self.now.mono_ms);
        let place = self.site.place(officer);
        let mut found = standing(&place, officer, self.keys.as_ref(), boot, mono_ms);
        if found == Standing::NoCode && self.device.has_opened(officer)? {
            found = Standing::Closed(Closure::SlotDestroyed);
        }
        if found == Standing::Closed(Closure::SlotDestroyed) && self.is_let_in(officer)? {
            found = Standing::NoCode;
        }
        Ok(found)
    }

    /// Whether a supervisor let the officer choose another code, and none was chosen yet.
    pub(crate) fn is_let_in(&self, officer: OfficerId) -> Result<bool, StoreError> {
        let row = self.device.readmission(officer)?;
        Ok(row.is_some_and(|row| row.granted == Some(Closure::SlotDestroyed)))
    }

    pub(crate) fn locked_state(&self) -> Result<LockState, StoreError> {
        let Some((officer, _)) = self.card_holder() else {
            return Ok(if self.card.is_some() {
                LockState::NotAdmitted
            } else {
                LockState::Locked {
                    left: TRIES,
                    wait_ms: 0,
                }
            });
        };
        Ok(match self.standing(officer.id)? {
            Standing::NoCode => LockState::NoCode,
            Standing::Ready { left, wait_ms } => LockState::Locked { left, wait_ms },
            Standing::Closed(why) => {
                let asked = self.device.readmission(officer.id)?;
                LockState::Closed {
                    why,
                    challenge: asked.map(|row| row.challenge),
                    left: RESPONSES.saturating_sub(asked.map_or(0, |row| row.wrong)),
                }
            }
        })
    }

    /// Draws the number that a supervisor is told, and finishes what one that was answered has begun.
    pub(crate) fn await_supervisor(&mut self) -> Result<(), StoreError> {
        if !self.stale.lock || self.ban.is_some() || !matches!(self.desk, Desk::Locked) {
            return Ok(());
        }
        let Some(id) = self.card_holder().map(|(officer, _)| officer.id) else {
            return Ok(());
        };
        let row = self.device.readmission(id)?;
        match (self.standing(id)?, row.and_then(|row| row.granted)) {
            (Standing::Closed(_), None) if row.is_none() && self.enrolment.readmission.is_some() => {
                let row = self.drawn_challenge();
                self.device.keep_readmission(id, &row, None, self.now)
            }
            (Standing::Closed(why), Some(_)) => {
                if let Err(error) = self.reopen(id, why) {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "a count was not made anew"
                    );
                    return Ok(());
                }
                self.device.forget_readmission(id)
            }
            (Standing::Ready { .. }, Some(Closure::CounterClosed | Closure::TerminalClosed)) => {
                self.device.forget_readmission(id)
            }
            (Standing::Closed(_) | Standing::NoCode | Standing::Ready { .. }, _) => Ok(()),
        }
    }

    fn reopen(&self, officer: OfficerId, why: Closure) -> Result<(), KeysError> {
        let place = self.site.place(officer);
        reopen(&place, officer, why, self.keys.as_ref(), self.now.boot)
    }

    fn drawn_challenge(&mut self) -> ReadmissionRow {
        ReadmissionRow {
            challenge: Spoken::from_bytes(self.mint.random()),
            wrong: 0,
            granted: None,
        }
    }

    pub(crate) fn readmit(&mut self, response: &Secret) -> Result<(), StoreError> {
        if !matches!(self.desk, Desk::Locked) || self.ban.is_some() {
            return Ok(());
        }
        let Some(id) = self.card_holder().map(|(officer, _)| officer.id) else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        let (Standing::Closed(why), Some(row)) = (self.standing(id)?, self.device.readmission(id)?) else {
            return Ok(());
        };
        let Ok(said) = Spoken::parse(response.expose()) else {
            self.notice(Notice::ResponseMisheard);
            return Ok(());
        };
        let Some(key) = self.readmission_key() else {
            self.notice(Notice::OfficerDataUnusable);
            return Ok(());
        };
        let asked = Readmission {
            device: self.enrolment.terminal.device.clone(),
            officer: id,
            challenge: row.challenge,
        };
        let granted = said == Spoken::from_bytes(key.response(&canonical::encode(&asked)));
        let (row, notice) = if granted {
            let granted = Some(why);
            (ReadmissionRow { granted, ..row }, Notice::Readmitted)
        } else {
            let wrong = row.wrong.saturating_add(1);
            let left = RESPONSES.saturating_sub(wrong);
            let row = if left == 0 {
                self.drawn_challenge()
            } else {
                ReadmissionRow { wrong, ..row }
            };
            (row, Notice::ResponseWrong { left })
        };
        // Spent in a commit before anything opens; the end of this turn goes on from there.
        let line = Operation::Readmission { why, granted };
        self.device.keep_readmission(id, &row, Some(line), self.now)?;
        self.stale.lock = true;
        self.notice(notice);
        Ok(())
    }

    /// None where HQ gave none, or one that is not for these keys.
    fn readmission_key(&self) -> Option<ReadmissionKey> {
        let sealed = self.enrolment.readmission.as_ref()?;
        let opened = seal::open(self.keys.identity(), sealed, MAX_KEY).ok()?;
        ReadmissionKey::from_slice(&zeroize::Zeroizing::new(opened))
    }
}
