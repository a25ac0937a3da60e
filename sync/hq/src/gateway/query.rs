//! Questions to the police files: asked by a terminal for an officer, answered to that terminal alone.
//!
//! No answer leaves before the consultation is in the log, and the log never says whom or what it was about. What is out
//! of pattern is told beside it, and answered all the same.

use domain::legal_basis::QueryFrame;
use domain::officer::FileKind;
use domain::query::{Answer, NotAnswered, Outcome, Query, ReplyKey};
use domain::record::ActKind;
use domain::{DeviceId, Digest, OfficerId, UnixMs, decode, encode};
use sync::wire::v1::{AnswerEnvelope, QueryEnvelope, REPLY, Reply};
use sync::{DownLane, Topic};
use trust::cose::{Namespace, Signed};
use trust::seal::{self, Recipient};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};
use crate::files::PoliceFiles;
use crate::fleet::Standing;
use crate::pattern::OutOfPattern;
use crate::store::{Consultation, ConsultationOutcome, StoreError};

/// A question is a few names and a reason.
const MAX_QUERY: usize = 16 * 1024;
/// The law asks for a reason that says something.
const SHORTEST_MOTIVE: usize = 4;

impl Gateway {
    pub(super) fn receive_query(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        signed: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let signer = desk.by_device(signed, Namespace::Query, now)?;
        let recipient = signer
            .and_then(|certificate| certificate.age_recipient())
            .copied();
        let envelope = decode::<QueryEnvelope>(&signed.payload).ok();
        let (Some(recipient), Some(envelope)) = (recipient, envelope) else {
            tracing::warn!(%device, "query refused");
            return Ok(Vec::new());
        };
        let Ok(opened) = seal::open(self.pki.identity(), &envelope.sealed, MAX_QUERY) else {
            tracing::warn!(%device, query = %envelope.id, "query not sealed to HQ");
            return Ok(Vec::new());
        };
        let query = decode::<Query>(&opened).ok();
        let Some(query) = query
            .filter(|query| query.id == envelope.id && envelope.device == *device && envelope.version == 1)
        else {
            tracing::warn!(%device, query = %envelope.id, "query unreadable");
            transaction.raise_alarm(device, None, OutOfPattern::Malformed, now)?;
            transaction.commit()?;
            return Ok(Vec::new());
        };
        let outcome = desk.consult(&self.files, &query, envelope.expires)?;
        let digest = Digest::of(payload);
        match transaction.consultation(query.id)? {
            None => {
                transaction.log_consultation(&Consultation {
                    query: query.id,
                    digest,
                    device,
                    officer: query.author.id,
                    file: query.file,
                    motive: query.motive().reveal(),
                    reason: &seal::seal(&[self.pki.recipient()], query.motive().reveal().as_bytes())
                        .map_err(GatewayError::Seal)?,
                    term: &encode(&query.term),
                    frame: query.frame.map(QueryFrame::code),
                    purpose: query.purpose.map(ActKind::code),
                    outcome: logged(&outcome),
                    answer: &encode(&outcome),
                    at: now,
                })?;
                self.pattern.watch(&transaction, device, &query, now)?;
            }
            // A broker delivers at least once: the same question is one consultation.
            Some(known) if known == digest => {}
            Some(_) => {
                tracing::warn!(%device, query = %query.id, "query id used for another question");
                return Ok(Vec::new());
            }
        }
        transaction.commit()?;
        tracing::info!(%device, query = %query.id, outcome = ?logged(&outcome), "query answered");
        let answer = Answer {
            query: query.id,
            file: query.file,
            outcome,
            dataset: self.files.dataset(),
            answered: now,
        };
        let to = query.reply_to.map_or(recipient, |ReplyKey(key)| key);
        let sealed =
            seal::seal(&[Recipient::from_bytes(to)], &encode(&answer)).map_err(GatewayError::Seal)?;
        let reply = Reply::Query(AnswerEnvelope {
            version: 1,
            device: device.clone(),
            query: query.id,
            sealed,
        });
        Ok(vec![self.reply(device, &reply)])
    }

    /// A signed message on the terminal's answer topic.
    pub(super) fn reply(&self, device: &DeviceId, reply: &Reply) -> Outgoing {
        Outgoing {
            topic: Topic::Down(device.clone(), DownLane::A),
            payload: self.pki.receipt().sign(Namespace::Answer, REPLY, &encode(reply)),
        }
    }
}

impl Desk<'_> {
    fn consult(&self, files: &PoliceFiles, query: &Query, expires: UnixMs) -> Result<Outcome, StoreError> {
        if expires < self.now {
            return Ok(Outcome::NotAnswered(NotAnswered::Expired));
        }
        let motivated = query.motive().reveal().trim().chars().count() >= SHORTEST_MOTIVE;
        if !motivated || !query.term.suits(query.file) {
            return Ok(Outcome::NotAnswered(NotAnswered::Unreadable));
        }
        if !query.is_framed() {
            return Ok(Outcome::NotAnswered(NotAnswered::FrameMissing));
        }
        let officer = query.author.id;
        if !self.may_consult(officer, query.file)? || !self.works_with(officer, self.device)? {
            return Ok(Outcome::NotAnswered(NotAnswered::NotHabilitated));
        }
        let cards = files.search(query.file, &query.term);
        Ok(if cards.is_empty() {
            Outcome::NothingFound
        } else {
            Outcome::Found(cards)
        })
    }
}

impl Desk<'_> {
    /// Whether the officer may consult `file` now.
    pub(super) fn may_consult(&self, officer: OfficerId, file: FileKind) -> Result<bool, StoreError> {
        let is_suspended = self.transaction.suspended(officer)?.is_some();
        let officer = self.transaction.officer(officer)?;
        let habilitated = officer.is_some_and(|officer| officer.habilitation(file, self.now).is_some());
        Ok(habilitated && !is_suspended)
    }

    /// Whether the terminal is in service, and theirs.
    pub(super) fn works_with(&self, officer: OfficerId, device: &DeviceId) -> Result<bool, StoreError> {
        let serves = self.transaction.standing(device)?.0 == Standing::InService;
        Ok(serves && self.transaction.is_assigned(device, officer)?)
    }
}

const fn logged(outcome: &Outcome) -> ConsultationOutcome {
    match outcome {
        Outcome::NothingFound => ConsultationOutcome::NothingFound,
        Outcome::Found(_) => ConsultationOutcome::Found,
        Outcome::NotAnswered(NotAnswered::Expired) => ConsultationOutcome::Expired,
        Outcome::NotAnswered(NotAnswered::NotHabilitated) => ConsultationOutcome::NotHabilitated,
        Outcome::NotAnswered(NotAnswered::Unreadable) => ConsultationOutcome::Unreadable,
        Outcome::NotAnswered(NotAnswered::FrameMissing) => ConsultationOutcome::FrameMissing,
    }
}
