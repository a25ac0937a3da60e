//! The officer chooses another code.

use domain::dialogue::Notice;
use domain::journal::Operation;
use domain::{OfficerId, Secret};

use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{ChangeCodeJob, CodeChange, CodeRefused, Job};

impl Engine {
    pub(crate) fn change_code(&mut self, current: Secret, new: Secret) {
        let Some(desk) = self.desk() else { return };
        let (officer, matricule) = (desk.officer.id, desk.officer.matricule.number().to_owned());
        let Some(card) = self.card.as_ref().map(|present| present.card.clone()) else {
            self.notice(Notice::CardMissing);
            return;
        };
        self.out.push(Effect::Work(Job::ChangeCode(ChangeCodeJob {
            officer,
            matricule,
            current,
            new,
            place: self.site.place(officer),
            keys: self.keys.clone(),
            card,
            now: self.now,
        })));
    }

    pub(crate) fn code_changed(&mut self, change: CodeChange) -> Result<(), StoreError> {
        let officer = self.officer_id();
        self.stale.lock = true;
        let notice = match change {
            CodeChange::Changed => {
                self.device.log(self.now, officer, Operation::CodeChanged)?;
                Notice::CodeChanged
            }
            CodeChange::TooWeak => Notice::CodeTooWeak,
            CodeChange::Refused(refused) => return self.code_refused(refused),
        };
        self.notice(notice);
        Ok(())
    }

    /// The officer at work gave a code that is not taken.
    pub(crate) fn code_refused(&mut self, refused: CodeRefused) -> Result<(), StoreError> {
        let officer = self.officer_id();
        self.stale.lock = true;
        let notice = match refused {
            CodeRefused::WrongCode { left } => {
                self.wrong_code(officer, left)?;
                Notice::WrongCode { left }
            }
            // The lock tells how long, or whom to call.
            CodeRefused::Wait | CodeRefused::Closed => {
                self.lock()?;
                return Ok(());
            }
            CodeRefused::Destroyed => {
                self.lock()?;
                Notice::SlotDestroyed
            }
            CodeRefused::CardRefuses => Notice::CardRefusesCode,
            CodeRefused::NoCard => Notice::CardMissing,
            CodeRefused::Failed(error) => {
                tracing::error!(%error, "a slot cannot be used");
                Notice::OfficerDataUnusable
            }
            CodeRefused::Lost => Notice::OfficerDataUnusable,
        };
        self.notice(notice);
        Ok(())
    }

    /// Whoever does not know the code is not left with an open terminal.
    fn wrong_code(&mut self, officer: Option<OfficerId>, left: u8) -> Result<(), StoreError> {
        self.device
            .log(self.now, officer, Operation::UnlockRefused { left })?;
        self.lock()
    }
}
