//! Asking police files during a check: a reason first, a journal line for each before any question leaves, a term on the
//! wait.

use std::collections::{BTreeMap, BTreeSet};

use domain::dialogue::{AnswerLine, AnswerState, Network, Notice};
use domain::draft::Draft;
use domain::hotlist::Subject;
use domain::identity::{FileTrace, TraceResult};
use domain::journal::Operation;
use domain::legal_basis::QueryFrame;
use domain::officer::FileKind;
use domain::query::{Ground, Query, QueryRefusal, ReplyKey, Term};
use domain::{ActId, Digest, QueryId, Sensitive, Timestamp, UnixMs, canonical};
use sync::UpLane;
use sync::session::Input;
use sync::wire::v1::{self, QueryEnvelope};
use trust::cose::Namespace;
use trust::seal;

use super::ask_lists::drop_lists_about_others;
use super::deliver::Sent;
use super::unlock::OpenDesk;
use crate::engine::Engine;
use crate::keys::KeysError;
use crate::store::{NewQuestion, StoreError};

/// How long an answer is waited for, in milliseconds.
pub(crate) const PATIENCE: u32 = 20_000;

/// How long an answer may come after that, or wait for its officer, in milliseconds.
pub(crate) const KEPT: i64 = UnixMs::DAY;

/// A question on its way; one that the process dies with shows as "no answer".
pub(crate) struct Question {
    draft: ActId,
    file: FileKind,
    /// What the lists are asked instead if no answer comes; nothing where they were asked when it left.
    lists: &'static [Subject],
    motive: Sensitive<String>,
    cose: Vec<u8>,
    expires_at: u64,
}

impl Question {
    pub(crate) const fn new(
        draft: ActId,
        file: FileKind,
        lists: &'static [Subject],
        motive: Sensitive<String>,
        cose: Vec<u8>,
    ) -> Self {
        Self {
            draft,
            file,
            lists,
            motive,
            cose,
            expires_at: 0,
        }
    }
}

/// The questions that wait for their answer.
#[derive(Default)]
pub(crate) struct Questions {
    asked: BTreeMap<QueryId, Question>,
    /// Answers on their way to the rest of the crew, as they are sent.
    shown: BTreeMap<QueryId, Vec<u8>>,
}

impl Questions {
    /// The question was answered; whether in time.
    pub(crate) fn settle(&mut self, id: QueryId, now_ms: u64) -> bool {
        let question = self.asked.remove(&id);
        question.is_some_and(|question| question.expires_at > now_ms)
    }

    pub(crate) fn is_waiting(&self, id: QueryId) -> bool {
        self.asked.contains_key(&id)
    }

    pub(crate) fn show(&mut self, share: QueryId, cose: Vec<u8>) {
        self.shown.insert(share, cose);
    }

    /// The share is on its way no more; whether it was.
    pub(crate) fn settle_share(&mut self, share: QueryId) -> bool {
        self.shown.remove(&share).is_some()
    }
}

/// What is written down of a question before it leaves.
struct Asked {
    query: Query,
    line: NewQuestion,
}

impl Engine {
    /// Asks one file, whatever else was asked.
    pub(crate) fn consult(&mut self, draft: ActId, file: FileKind, motive: &str) -> Result<(), StoreError> {
        let now = self.now;
        let Some(form) = self.draft_at_work(draft)? else {
            return Ok(());
        };
        let Some(term) = Term::of(&form, file, now) else {
            self.notice(Notice::NothingToConsult);
            return Ok(());
        };
        self.ask(&form, vec![(file, term)], motive)
    }

    /// Asks every file that the check calls for and its officer may consult, for one motive.
    pub(crate) fn consult_all(&mut self, draft: ActId, motive: &str) -> Result<(), StoreError> {
        let now = self.now;
        let Some(form) = self.draft_at_work(draft)? else {
            return Ok(());
        };
        let suiting: Vec<(FileKind, Term)> = FileKind::ALL
            .into_iter()
            .filter_map(|file| Some((file, Term::of(&form, file, now)?)))
            .filter(|(file, term)| term.is_of_every_check(*file))
            .collect();
        let Some(&(first, _)) = suiting.first() else {
            self.notice(Notice::NothingToConsult);
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let open: Vec<(FileKind, Term)> = suiting
            .into_iter()
            .filter(|(file, _)| desk.officer.habilitation(*file, now.utc).is_some())
            .collect();
        if open.is_empty() {
            self.notice(Notice::NotHabilitated { file: first });
            return Ok(());
        }
        self.ask(&form, open, motive)
    }

    pub(crate) fn draft_at_work(&mut self, draft: ActId) -> Result<Option<Draft>, StoreError> {
        match self.desk() {
            Some(desk) => desk.store.draft(draft),
            None => Ok(None),
        }
    }

    /// Every question is in the journal, in one commit, before the first of them leaves.
    fn ask(&mut self, form: &Draft, files: Vec<(FileKind, Term)>, motive: &str) -> Result<(), StoreError> {
        let now = self.now;
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        let frame = match self.query_frame(form) {
            Ok(frame) => frame,
            Err(blocked) => {
                self.notice(blocked);
                return Ok(());
            }
        };
        let ground = Ground {
            motive,
            purpose: form.kind,
            frame,
        };
        let mut questions = Vec::new();
        for (file, term) in files {
            let query = match self.question(file, term, ground) {
                Some(Ok(query)) => query,
                Some(Err(refusal)) => {
                    self.notice(match refusal {
                        QueryRefusal::MotiveMissing => Notice::MotiveMissing,
                        QueryRefusal::NotHabilitated { file } => Notice::NotHabilitated { file },
                        QueryRefusal::TermUnsuited { .. } => Notice::NothingToConsult,
                        QueryRefusal::FrameMissing { file } if frame == Some(QueryFrame::Urgent) => {
                            Notice::UrgencyNotEnough { file }
                        }
                        QueryRefusal::FrameMissing { file } => Notice::FrameMissing { file },
                    });
                    return Ok(());
                }
                None => return Ok(()),
            };
            match self.journalled(form.id, query) {
                Ok(asked) => questions.push(asked),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "nothing was asked");
                    self.set_answer(form.id, file, AnswerState::NoAnswer);
                    return Ok(());
                }
            }
        }
        let lines: Vec<NewQuestion> = questions.iter().map(|asked| asked.line.clone()).collect();
        self.device.log_questions(now, officer, &lines)?;
        let mut subjects = BTreeSet::new();
        for asked in &questions {
            let lists = self.lists_for(asked.query.file);
            if self.network == Network::Online || lists.is_empty() {
                self.send_question(form.id, &asked.query)?;
            } else {
                self.confirm_later(form.id, &asked.query)?;
                subjects.extend(lists);
            }
        }
        self.ask_lists(form.id, &subjects, &Sensitive::new(motive.trim().to_owned()))
    }

    fn question(
        &mut self,
        file: FileKind,
        term: Term,
        ground: Ground<'_>,
    ) -> Option<Result<Query, QueryRefusal>> {
        let now = self.now;
        let id = QueryId::from_bytes(self.mint.id(now.utc));
        let desk = self.desk()?;
        let reply_to = ReplyKey(*desk.reply_key.recipient().as_bytes());
        let query = Query::new(
            id,
            file,
            term,
            ground,
            desk.officer.author(),
            desk.officer.habilitation(file, now.utc),
            desk.service.as_ref().map(|service| service.id),
            now,
        );
        Some(query.map(|query| query.answered_to(reply_to)))
    }

    /// Keyed digests: the log proves who asked about whom to one who knows the term, and tells nobody else.
    fn journalled(&self, draft: ActId, query: Query) -> Result<Asked, KeysError> {
        let term = self.keyed_for_journal(&canonical::encode(&query.term))?;
        let consulted = Operation::Consulted {
            file: query.file,
            term,
            motive: self.keyed_for_journal(query.motive().reveal().as_bytes())?,
            query: Some(query.id),
            act: Some(draft),
        };
        let line = NewQuestion {
            id: query.id,
            draft,
            file: query.file,
            term,
            consulted,
        };
        Ok(Asked { query, line })
    }

    pub(crate) fn keyed_for_journal(&self, what: &[u8]) -> Result<Digest, KeysError> {
        let mac = self.keys.mac(&[b"neo/journal-term/v1", what].concat())?;
        Ok(Digest::from_bytes(*mac))
    }

    fn send_question(&mut self, draft: ActId, query: &Query) -> Result<(), StoreError> {
        let now = self.now;
        let (id, file) = (query.id, query.file);
        self.set_answer(draft, file, AnswerState::Asked);
        let lists = self.lists_for(file);
        // What a list may stand in for can be confirmed later, by the same bytes.
        let patience = if lists.is_empty() {
            i64::from(PATIENCE)
        } else {
            KEPT
        };
        let Some(cose) = self.sealed_query(query, now.utc.plus(patience)) else {
            self.set_answer(draft, file, AnswerState::NoAnswer);
            return Ok(());
        };
        let lists = if self.network == Network::Online {
            lists
        } else {
            &[]
        };
        self.offer_question(
            id,
            Question::new(draft, file, lists, query.motive().clone(), cose),
        )
    }

    /// Waits for an answer from now on.
    pub(crate) fn offer_question(&mut self, id: QueryId, mut question: Question) -> Result<(), StoreError> {
        let expires_at = self.now.mono_ms + u64::from(PATIENCE);
        let bytes = u32::try_from(question.cose.len()).unwrap_or(u32::MAX);
        question.expires_at = expires_at;
        self.questions.asked.insert(id, question);
        self.session_input(Input::QueryOffered {
            id,
            bytes,
            expires_at,
        })
    }

    pub(crate) fn sealed_query(&self, query: &Query, expires: UnixMs) -> Option<Vec<u8>> {
        self.sealed_to_hq(query.id, v1::QUERY, &canonical::encode(query), expires)
    }

    /// What goes up the lane of queries: sealed to HQ, signed by the device, told apart by its content type.
    pub(crate) fn sealed_to_hq(
        &self,
        id: QueryId,
        content_type: &str,
        plain: &[u8],
        expires: UnixMs,
    ) -> Option<Vec<u8>> {
        let envelope = QueryEnvelope {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            id,
            sealed: seal::seal(&[self.anchors.recipient], plain).ok()?,
            expires,
        };
        self.device_signed(Namespace::Query, content_type, &canonical::encode(&envelope))
    }

    pub(crate) fn publish_query(&mut self, id: QueryId) {
        let questions = &self.questions;
        let asked = questions.asked.get(&id).map(|question| &question.cose);
        if let Some(cose) = asked.or_else(|| questions.shown.get(&id)).cloned() {
            self.send(Sent::Query(id), UpLane::Q, cose);
        }
    }

    pub(crate) fn query_expired(&mut self, id: QueryId) {
        if let Some(question) = self.questions.asked.get_mut(&id) {
            question.expires_at = 0;
        }
        if self.questions.settle_share(id) {
            self.notice(Notice::NotShared);
        }
    }

    /// Tells apart "nothing found" and "nobody answered".
    pub(crate) fn expire_queries(&mut self) -> Result<(), StoreError> {
        let now = self.now.mono_ms;
        let late: Vec<QueryId> = self
            .questions
            .asked
            .iter()
            .filter(|(_, q)| q.expires_at <= now)
            .map(|(id, _)| *id)
            .collect();
        let mut to_lists: BTreeMap<ActId, (BTreeSet<Subject>, Sensitive<String>)> = BTreeMap::new();
        for id in late {
            if let Some(question) = self.questions.asked.remove(&id) {
                let about = (question.draft, question.file);
                if !question.lists.is_empty() {
                    let now = self.now.utc;
                    self.device.keep_confirmation(id, about, &question.cose, now)?;
                }
                if self.device.is_to_confirm(id)? {
                    self.await_confirmation(question.draft, question.file)?;
                } else {
                    self.unanswered(question.draft, question.file)?;
                }
                let motive = question.motive;
                let (subjects, _) = to_lists
                    .entry(question.draft)
                    .or_insert_with(|| (BTreeSet::new(), motive));
                subjects.extend(question.lists);
            }
        }
        for (draft, (subjects, motive)) in to_lists {
            self.ask_lists(draft, &subjects, &motive)?;
        }
        Ok(())
    }

    pub(crate) fn query_wakeup(&self) -> Option<u64> {
        self.questions
            .asked
            .values()
            .map(|question| question.expires_at)
            .min()
    }

    /// The lists on the terminal that hold what `file` holds; of persons under a policy alone.
    fn lists_for(&self, file: FileKind) -> &'static [Subject] {
        match file {
            FileKind::Foves => &[Subject::Vehicle, Subject::Document],
            FileKind::Docverif => &[Subject::Document],
            FileKind::Fpr if self.persons_policy().is_some() => &[Subject::Person],
            FileKind::Fpr
            | FileKind::Siv
            | FileKind::Snpc
            | FileKind::Fva
            | FileKind::Agdref
            | FileKind::Taj => &[],
        }
    }

    pub(crate) fn unanswered(&mut self, draft: ActId, file: FileKind) -> Result<(), StoreError> {
        self.set_answer(draft, file, AnswerState::NoAnswer);
        self.trace(
            draft,
            FileTrace {
                file,
                result: TraceResult::NotAnswered,
                answered: None,
            },
        )
    }

    /// The act keeps that a file was asked and what it said, never the data.
    pub(crate) fn trace(&mut self, draft: ActId, trace: FileTrace) -> Result<(), StoreError> {
        let now = self.now;
        if let Some(desk) = self.desk()
            && let Some(mut form) = desk.store.draft(draft)?
            && !desk.signing.contains_key(&draft)
        {
            form.files.retain(|known| known.file != trace.file);
            form.files.push(trace);
            desk.store.save_draft(&form, now)?;
        }
        Ok(())
    }

    pub(crate) fn set_answer(&mut self, draft: ActId, file: FileKind, state: AnswerState) {
        if let Some(desk) = self.desk() {
            let lines = desk.answers.entry(draft).or_default();
            lines.retain(|line| line.file != file);
            lines.push(AnswerLine { file, state });
        }
        self.stale.draft = true;
    }
}

/// What files said of somebody or something else is not what they say of the draft as it is now; a hit stays on home.
pub(crate) fn drop_answers_about_others(
    desk: &mut OpenDesk,
    before: &Draft,
    after: &mut Draft,
    now: Timestamp,
) {
    drop_lists_about_others(desk, after, now);
    let lines = desk.answers.entry(after.id).or_default();
    if lines.is_empty() && after.files.is_empty() {
        return;
    }
    let is_same = |file| Term::of(before, file, now) == Term::of(after, file, now);
    lines.retain(|line| is_same(line.file));
    let kept = after.files.iter().filter(|trace| is_same(trace.file));
    after.files = kept.cloned().collect();
}
