//! What a list stood in for is asked of the file itself as soon as there is a network, whoever is at work by then.
//!
//! The question was in the journal before the list was looked at. It waits sealed and signed, so that it leaves a locked
//! terminal too; its answer is then kept for the officer who asked. A day later nobody waits for it any more.

use domain::dialogue::{AnswerState, Notice};
use domain::identity::{FileTrace, TraceResult};
use domain::officer::FileKind;
use domain::query::Query;
use domain::{ActId, Sensitive};

use super::check_identity::{KEPT, Question};
use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// Keeps a question that no network carries now.
    pub(crate) fn confirm_later(&mut self, draft: ActId, query: &Query) -> Result<(), StoreError> {
        let until = self.now.utc.plus(KEPT);
        match self.sealed_query(query, until) {
            Some(cose) => {
                let about = (draft, query.file);
                self.device
                    .keep_confirmation(query.id, about, &cose, self.now.utc)?;
                self.await_confirmation(draft, query.file)
            }
            None => self.unanswered(draft, query.file),
        }
    }

    /// Until it is confirmed, the act says that the file did not answer.
    pub(crate) fn await_confirmation(&mut self, draft: ActId, file: FileKind) -> Result<(), StoreError> {
        self.set_answer(draft, file, AnswerState::Confirming);
        self.stale.home = true;
        let trace = FileTrace {
            file,
            result: TraceResult::NotAnswered,
            answered: None,
        };
        self.trace(draft, trace)
    }

    /// There is a network: everything that waits is asked, in the bytes that were sealed when it was queued.
    pub(crate) fn send_confirmations(&mut self) -> Result<(), StoreError> {
        for (id, cose) in self.device.confirmations()? {
            let Some(row) = self.device.question(id)? else {
                self.device.settle_confirmation(id)?;
                continue;
            };
            if !self.questions.is_waiting(id) {
                let question = Question::new(row.draft, row.file, &[], Sensitive::default(), cose);
                self.offer_question(id, question)?;
            }
        }
        Ok(())
    }

    /// Nobody waits any more for what the network never let leave, and the officer at work is told.
    pub(crate) fn drop_old_confirmations(&mut self) -> Result<(), StoreError> {
        let dropped = self.device.drop_confirmations(self.now.utc.plus(-KEPT))?;
        if dropped > 0 {
            tracing::info!(dropped, "questions that never left were dropped");
            self.stale.home = true;
            self.notice(Notice::ConfirmationsDropped {
                count: u32::try_from(dropped).unwrap_or(u32::MAX),
            });
        }
        Ok(())
    }
}
