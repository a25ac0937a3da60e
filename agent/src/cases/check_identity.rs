//! Asking police files during a check: a reason first, a journal line before the question leaves, a term on the wait.

use std::collections::BTreeMap;

use domain::dialogue::{AnswerLine, AnswerState, Network, Notice};
use domain::draft::{Draft, Field};
use domain::identity::{FileTrace, TraceResult};
use domain::journal::Operation;
use domain::officer::FileKind;
use domain::query::{Answer, Outcome, Query, QueryRefusal, Term};
use domain::vehicle::Plate;
use domain::{ActId, Digest, QueryId, Sensitive, UnixMs, canonical};
use sync::UpLane;
use sync::session::Input;
use sync::wire::v1::{self, AnswerEnvelope, QueryEnvelope};
use trust::cose::Namespace;
use trust::seal;

use super::deliver::Sent;
use crate::engine::Engine;
use crate::store::StoreError;

/// How long an answer is waited for, in milliseconds.
const PATIENCE: u32 = 20_000;

/// The largest answer that is opened, in bytes.
const MAX_ANSWER: usize = 128 * 1024;

/// A question on its way; lost with the process, which shows as "no answer".
pub(crate) struct Question {
    draft: ActId,
    file: FileKind,
    motive: Sensitive<String>,
    /// The lists were asked when it left, for want of a network.
    lists_asked: bool,
    cose: Vec<u8>,
    expires_at: u64,
}

/// The questions that wait for their answer.
#[derive(Default)]
pub(crate) struct Questions(BTreeMap<QueryId, Question>);

impl Engine {
    pub(crate) fn consult(&mut self, draft: ActId, file: FileKind, motive: &str) -> Result<(), StoreError> {
        let now = self.now;
        let id = QueryId::from_bytes(self.mint.id(now.utc));
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(form) = desk.store.draft(draft)? else {
            return Ok(());
        };
        let Some(term) = term_of(&form, file, now) else {
            self.notice(Notice::NothingToConsult);
            return Ok(());
        };
        let habilitation = desk.officer.habilitation(file, now.utc).copied();
        let service = desk.service.as_ref().map(|service| service.id);
        let author = desk.officer.author();
        let officer = desk.officer.id;
        let query = match Query::new(
            id,
            file,
            term,
            motive,
            author,
            habilitation.as_ref(),
            service,
            now,
        ) {
            Ok(query) => query,
            Err(refusal) => {
                self.notice(match refusal {
                    QueryRefusal::MotiveMissing => Notice::MotiveMissing,
                    QueryRefusal::NotHabilitated { file } => Notice::NotHabilitated { file },
                    QueryRefusal::TermUnsuited { .. } => Notice::NothingToConsult,
                });
                return Ok(());
            }
        };
        // Keyed digests: the log proves who asked about whom to one who knows the term, and tells nobody else.
        let keyed = |what: &[u8]| {
            let mac = self.keys.mac(&[b"neo/journal-term/v1", what].concat());
            mac.map(|mac| Digest::from_bytes(*mac))
        };
        let digests = keyed(&canonical::encode(&query.term))
            .and_then(|term| Ok((term, keyed(query.motive().reveal().as_bytes())?)));
        let (term, motive) = match digests {
            Ok(digests) => digests,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "nothing was asked");
                self.set_answer(draft, file, AnswerState::NoAnswer);
                return Ok(());
            }
        };
        let operation = Operation::Consulted {
            file,
            term,
            motive,
            query: Some(id),
            act: Some(draft),
        };
        self.device.log(now, Some(officer), operation)?;
        self.set_answer(draft, file, AnswerState::Asked);
        let expires_at = now.mono_ms + u64::from(PATIENCE);
        let Some(cose) = self.sealed_query(&query, now.utc.plus(i64::from(PATIENCE))) else {
            self.set_answer(draft, file, AnswerState::NoAnswer);
            return Ok(());
        };
        let bytes = u32::try_from(cose.len()).unwrap_or(u32::MAX);
        let lists_asked = asks_lists(file) && self.network != Network::Online;
        self.questions.0.insert(
            id,
            Question {
                draft,
                file,
                motive: query.motive().clone(),
                lists_asked,
                cose,
                expires_at,
            },
        );
        if lists_asked {
            self.ask_lists(draft, query.motive())?;
        }
        self.session_input(Input::QueryOffered {
            id,
            bytes,
            expires_at,
        })
    }

    fn sealed_query(&self, query: &Query, expires: UnixMs) -> Option<Vec<u8>> {
        let sealed = seal::seal(&[self.anchors.recipient], &canonical::encode(query)).ok()?;
        let device = self.enrolment.terminal.device.clone();
        let envelope = QueryEnvelope {
            version: 1,
            device,
            id: query.id,
            sealed,
            expires,
        };
        self.device_signed(Namespace::Query, v1::QUERY, &canonical::encode(&envelope))
    }

    pub(crate) fn publish_query(&mut self, id: QueryId) {
        if let Some(cose) = self.questions.0.get(&id).map(|question| question.cose.clone()) {
            self.send(Sent::Query(id), UpLane::Q, cose);
        }
    }

    pub(crate) fn query_answered(&mut self, envelope: &AnswerEnvelope) -> Result<(), StoreError> {
        let Some(question) = self.questions.0.remove(&envelope.query) else {
            return Ok(());
        };
        self.session_input(Input::QueryAnswered { id: envelope.query })?;
        let answer = seal::open(self.keys.identity(), &envelope.sealed, MAX_ANSWER)
            .ok()
            .and_then(|plain| canonical::decode::<Answer>(&plain).ok())
            .filter(|answer| answer.query == envelope.query && answer.file == question.file);
        let Some(answer) = answer else {
            tracing::warn!(query = %envelope.query, "an answer does not open");
            return self.unanswered(question.draft, question.file);
        };
        let result = match &answer.outcome {
            Outcome::NothingFound => TraceResult::NothingFound,
            Outcome::Found(_) => TraceResult::Found,
            Outcome::NotAnswered(_) => TraceResult::NotAnswered,
        };
        let trace = FileTrace {
            file: answer.file,
            result,
            answered: Some(answer.answered),
        };
        self.set_answer(
            question.draft,
            question.file,
            AnswerState::Answered(Box::new(answer)),
        );
        self.trace(question.draft, trace)
    }

    pub(crate) fn query_expired(&mut self, id: QueryId) {
        if let Some(question) = self.questions.0.get_mut(&id) {
            question.expires_at = 0;
        }
    }

    /// Tells apart "nothing found" and "nobody answered".
    pub(crate) fn expire_queries(&mut self) -> Result<(), StoreError> {
        let now = self.now.mono_ms;
        let late: Vec<QueryId> = self
            .questions
            .0
            .iter()
            .filter(|(_, q)| q.expires_at <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            if let Some(question) = self.questions.0.remove(&id) {
                self.unanswered(question.draft, question.file)?;
                if asks_lists(question.file) && !question.lists_asked {
                    self.ask_lists(question.draft, &question.motive)?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn query_wakeup(&self) -> Option<u64> {
        self.questions
            .0
            .values()
            .map(|question| question.expires_at)
            .min()
    }

    fn unanswered(&mut self, draft: ActId, file: FileKind) -> Result<(), StoreError> {
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
    fn trace(&mut self, draft: ActId, trace: FileTrace) -> Result<(), StoreError> {
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

    fn set_answer(&mut self, draft: ActId, file: FileKind, state: AnswerState) {
        if let Some(desk) = self.desk() {
            let lines = desk.answers.entry(draft).or_default();
            lines.retain(|line| line.file != file);
            lines.push(AnswerLine { file, state });
        }
        self.stale.draft = true;
    }
}

/// The file whose entries are on the lists too.
const fn asks_lists(file: FileKind) -> bool {
    matches!(file, FileKind::Foves)
}

fn term_of(draft: &Draft, file: FileKind, now: domain::Timestamp) -> Option<Term> {
    match file {
        FileKind::Fpr | FileKind::Snpc => {
            let person = draft.person(now)?;
            Some(Term::Person {
                surname: person.surname,
                given_name: person.given_names,
                born: person.born,
            })
        }
        FileKind::Foves | FileKind::Siv => {
            let text = draft.text(Field::Plate);
            let plate = Plate::parse(text).or_else(|_| Plate::foreign(text)).ok()?;
            Some(Term::Vehicle { plate })
        }
    }
}
