//! Answers of police files: in time, late, or while nobody is at work. None is shown before the journal says so, and
//! none that came to a locked terminal is opened before its officer is back.

use std::collections::BTreeSet;

use domain::dialogue::{AnswerLine, AnswerState, Haptic, Notice, View};
use domain::identity::FileTrace;
use domain::journal::Operation;
use domain::query::{Answer, Term};
use domain::{ActId, OfficerId, QueryId, canonical};
use sync::session::Input;
use sync::wire::v1::AnswerEnvelope;
use trust::seal;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::{Kept, QuestionRow, StoreError};

/// The largest answer that is opened, in bytes.
const MAX_ANSWER: usize = 128 * 1024;

/// The largest sealed answer that is kept, in bytes: the longest answer and its age header.
const MAX_SEALED: usize = MAX_ANSWER + 1024;

impl Engine {
    /// HQ's signature was checked; what it sealed is opened only for the officer who asked.
    pub(crate) fn query_answered(&mut self, envelope: &AnswerEnvelope) -> Result<(), StoreError> {
        let id = envelope.query;
        // A broker delivers at least once: the answer is shown already, and waits to be read or is read.
        let Some(mut row) = self.device.question(id)?.filter(|row| row.answer.is_none()) else {
            tracing::warn!(query = %id, "an answer to no open question was dropped");
            return Ok(());
        };
        self.session_input(Input::QueryAnswered { id })?;
        let in_time = self.questions.settle(id, self.now.mono_ms);
        // What a list stood in for comes when the officer looks elsewhere.
        row.late = self.device.settle_confirmation(id)? || !in_time;
        self.stale.home = true;
        if self.officer_id() == Some(row.officer) {
            row.answer = Some(envelope.sealed.clone());
            return self.show_answer(row);
        }
        let fits = envelope.sealed.len() <= MAX_SEALED;
        let sealed = if fits { envelope.sealed.as_slice() } else { &[] };
        self.device.keep_answer(id, sealed, row.late)?;
        tracing::info!(query = %id, "an answer waits for its officer");
        self.stale.lock = true;
        self.show(View::Haptic(Haptic::Neutral));
        Ok(())
    }

    /// Opens what came while `officer` was away, and says of the rest that nobody answered.
    pub(crate) fn take_answers(&mut self, officer: OfficerId) -> Result<(), StoreError> {
        let (answered, open): (Vec<_>, Vec<_>) = self
            .device
            .questions_of(officer)?
            .into_iter()
            .partition(|row| row.answer.is_some());
        for row in open {
            if self.device.is_to_confirm(row.id)? {
                self.await_confirmation(row.draft, row.file)?;
            } else if !self.questions.is_waiting(row.id) && !self.is_traced(&row)? {
                self.unanswered(row.draft, row.file)?;
            }
        }
        for row in answered {
            self.show_answer(row)?;
        }
        Ok(())
    }

    /// Whether the draft says of the file already what came of a later question.
    fn is_traced(&mut self, row: &QuestionRow) -> Result<bool, StoreError> {
        let Some(desk) = self.desk() else { return Ok(false) };
        let form = desk.store.draft(row.draft)?;
        Ok(form.is_some_and(|form| form.files.iter().any(|trace| trace.file == row.file)))
    }

    fn show_answer(&mut self, row: QuestionRow) -> Result<(), StoreError> {
        let opened = row.answer.as_ref().and_then(|sealed| self.opened(&row, sealed));
        let Some((plain, answer)) = opened else {
            tracing::warn!(query = %row.id, "an answer does not open");
            self.device.forget_question(row.id)?;
            return self.unanswered(row.draft, row.file);
        };
        let digest = match self.keyed_for_journal(&plain) {
            Ok(digest) => digest,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an answer was not shown"
                );
                return self.unanswered(row.draft, row.file);
            }
        };
        // Whoever left the draft, or never came back to it, is reminded until it is read.
        let to_read = answer.is_hit() || answer.tells_of_surveillance();
        let shown = Operation::AnswerShown {
            file: row.file,
            query: row.id,
            answer: digest,
        };
        let kept = if to_read { Kept::UntilRead } else { Kept::Nothing };
        self.device.note_answer_shown(self.now, &row, shown, kept)?;
        self.stale.lock = true;
        let elsewhere = row.late || !self.is_on_screen(row.draft)?;
        self.tell_answer(&row, &answer, to_read && elsewhere);
        let trace = FileTrace {
            file: answer.file,
            result: answer.trace(),
            answered: Some(answer.answered),
        };
        let state = if row.late {
            AnswerState::Late(Box::new(answer))
        } else {
            AnswerState::Answered(Box::new(answer))
        };
        if to_read && let Some(desk) = self.desk() {
            let line = AnswerLine {
                file: row.file,
                state: state.clone(),
            };
            desk.alerts.insert(row.id, line);
            self.stale.home = true;
        }
        if !self.is_about_draft(&row)? || self.has_newer(&row) {
            return Ok(());
        }
        self.set_answer(row.draft, row.file, state);
        self.trace(row.draft, trace)
    }

    /// Whether the draft still says what the file was asked about.
    fn is_about_draft(&mut self, row: &QuestionRow) -> Result<bool, StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(false) };
        let form = desk.store.draft(row.draft)?;
        let term = form.and_then(|form| Term::of(&form, row.file, now));
        let keyed = term.and_then(|term| self.keyed_for_journal(&canonical::encode(&term)).ok());
        Ok(keyed == Some(row.term))
    }

    /// Whether a later question to the same file was answered before this one.
    fn has_newer(&mut self, row: &QuestionRow) -> bool {
        let lines = self.desk().and_then(|desk| desk.answers.get(&row.draft));
        let known = lines
            .into_iter()
            .flatten()
            .find(|line| line.file == row.file)
            .and_then(|line| line.state.answer());
        known.is_some_and(|answer| answer.query > row.id)
    }

    /// Whether the officer is at work on the draft; a signed one shows its document.
    fn is_on_screen(&mut self, draft: ActId) -> Result<bool, StoreError> {
        match self.desk() {
            Some(desk) if desk.current == Some(draft) => Ok(desk.store.draft(draft)?.is_some()),
            Some(_) | None => Ok(false),
        }
    }

    /// The plain answer, and what it says, if it is HQ's to this question.
    fn opened(&self, row: &QuestionRow, sealed: &[u8]) -> Option<(Vec<u8>, Answer)> {
        let Desk::Open(desk) = &self.desk else { return None };
        // What an older program asked for is sealed to the terminal.
        let plain = seal::open(&desk.reply_key, sealed, MAX_ANSWER)
            .or_else(|_| seal::open(self.keys.identity(), sealed, MAX_ANSWER))
            .ok()?;
        let answer = canonical::decode::<Answer>(&plain).ok()?;
        let is_its = answer.query == row.id && answer.file == row.file;
        is_its.then_some((plain, answer))
    }

    /// Felt, and told where the officer looks elsewhere. A surveillance is told in words that mean nothing to whoever
    /// reads along.
    fn tell_answer(&mut self, row: &QuestionRow, answer: &Answer, elsewhere: bool) {
        let dangerous = answer.is_dangerous();
        self.show(View::Haptic(if dangerous {
            Haptic::Dangerous
        } else if answer.is_hit() {
            Haptic::Hit
        } else {
            Haptic::Neutral
        }));
        if elsewhere {
            let file = row.file;
            self.notice(if answer.is_hit() {
                Notice::FoundAfterwards { file, dangerous }
            } else {
                Notice::AnswerToRead { file }
            });
        }
    }

    /// The alert is read: nothing of the answer stays on the disk.
    pub(crate) fn answer_seen(&mut self, query: QueryId) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.alerts.remove(&query).is_some() {
            self.device.forget_question(query)?;
            self.stale.home = true;
            self.stale.lock = true;
        }
        Ok(())
    }

    /// Answers that no longer stand in the store are not shown either.
    pub(crate) fn forget_old_answers(&mut self) -> Result<(), StoreError> {
        let before = self.now.utc.plus(-super::check_identity::KEPT);
        if self.device.forget_questions(before)? == 0 {
            return Ok(());
        }
        self.stale.lock = true;
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        let rows = self.device.questions_of(officer)?;
        let standing: BTreeSet<QueryId> = rows.iter().map(|row| row.id).collect();
        if let Some(desk) = self.desk() {
            desk.alerts.retain(|query, _| standing.contains(query));
        }
        self.stale.home = true;
        Ok(())
    }
}
