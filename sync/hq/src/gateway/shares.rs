//! Answers that an officer shows to the rest of the crew: HQ seals on what it answered itself, to who may consult the
//! file, and to no terminal that is not there to show it in time.

use domain::officer::Matricule;
use domain::query::{Outcome, SHOWN_FOR, Share, ShareFate, SharedAnswer};
use domain::{DeviceId, UnixMs, decode, encode};
use sync::wire::v1::{AnswerEnvelope, QueryEnvelope, Reply, ShareTold};
use trust::cose::{Namespace, Signed};
use trust::seal::{self, Recipient};

use super::desk::Desk;
use super::visas::recipient;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::{Given, NewShare, StoreError};

/// The largest answer with its term and the crew.
const MAX_SHARE: usize = 160 * 1024;

impl Gateway {
    pub(super) fn receive_share(
        &mut self,
        device: &DeviceId,
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
        let known = desk.by_device(signed, Namespace::Query, now)?.is_some();
        let envelope = decode::<QueryEnvelope>(&signed.payload).ok();
        let share = envelope.filter(|_| known).and_then(|envelope| {
            let opened = seal::open(self.pki.identity(), &envelope.sealed, MAX_SHARE).ok()?;
            let share = decode::<Share>(&opened).ok()?;
            let is_its = share.id == envelope.id && envelope.device == *device && envelope.version == 1;
            is_its.then_some((share, envelope.expires))
        });
        let Some((share, expires)) = share else {
            tracing::warn!(%device, "an answer to show was refused");
            return Ok(Vec::new());
        };
        // A broker delivers at least once: what was shown is not shown for longer.
        let before = transaction.share(share.id)?;
        let mut told = Vec::new();
        let fates: Vec<ShareFate> = if before.is_empty() {
            let mut with = Vec::new();
            let holds = expires >= now && desk.holds(&share)?;
            for matricule in &share.with {
                let fate = if holds {
                    desk.reach(&share, matricule, &mut told)?
                } else {
                    ShareFate::Refused
                };
                with.push((matricule.clone(), fate));
            }
            transaction.log_share(&NewShare {
                share: share.id,
                query: share.answer.query,
                device,
                officer: share.author.id,
                with: &with,
                at: now,
            })?;
            with.into_iter().map(|(_, fate)| fate).collect()
        } else {
            before.into_iter().map(|row| row.fate).collect()
        };
        transaction.commit()?;
        tracing::info!(%device, share = %share.id, ?fates, "answer shown to others");
        let mut outgoing = Vec::new();
        for Told {
            device,
            recipient,
            answer,
        } in told
        {
            let sealed = seal::seal(&[recipient], &encode(&answer)).map_err(GatewayError::Seal)?;
            let reply = Reply::SharedAnswer(AnswerEnvelope {
                version: 1,
                device: device.clone(),
                query: share.id,
                sealed,
            });
            outgoing.push(self.reply(&device, &reply));
        }
        let reply = Reply::Shared(ShareTold {
            device: device.clone(),
            share: share.id,
            fates,
        });
        outgoing.push(self.reply(device, &reply));
        Ok(outgoing)
    }
}

/// What leaves for one terminal.
struct Told {
    device: DeviceId,
    recipient: Recipient,
    answer: SharedAnswer,
}

impl Desk<'_> {
    /// Whether the officer shows what HQ answered to them in the last hours, and may still consult the file.
    fn holds(&self, share: &Share) -> Result<bool, StoreError> {
        let answer = &share.answer;
        let officer = share.author.id;
        let given = Given {
            query: answer.query,
            device: self.device,
            officer,
            file: answer.file,
            term: &encode(&share.term),
            answer: &encode(&answer.outcome),
        };
        Ok(matches!(answer.outcome, Outcome::Found(_))
            && self
                .transaction
                .was_answered(&given, self.now.plus(-UnixMs::DAY))?
            && self.may_consult(officer, answer.file)?
            && self.works_with(officer, self.device)?)
    }

    /// Adds what leaves for each terminal of `matricule` that is on the network.
    fn reach(
        &self,
        share: &Share,
        matricule: &Matricule,
        told: &mut Vec<Told>,
    ) -> Result<ShareFate, StoreError> {
        let Some(officer) = self.transaction.officer_called(matricule)? else {
            return Ok(ShareFate::NotHabilitated);
        };
        if officer.id == share.author.id || !self.may_consult(officer.id, share.answer.file)? {
            return Ok(ShareFate::NotHabilitated);
        }
        let mut fate = ShareFate::Away;
        for device in self.transaction.devices_of(officer.id)? {
            let is_there = self.transaction.is_online(&device)? && self.works_with(officer.id, &device)?;
            let Some(recipient) = recipient(self.transaction, &device)?.filter(|_| is_there) else {
                continue;
            };
            told.push(Told {
                device,
                recipient,
                answer: SharedAnswer {
                    share: share.id,
                    officer: officer.id,
                    by: share.author.matricule.clone(),
                    term: share.term.clone(),
                    answer: share.answer.clone(),
                    until: self.now.plus(SHOWN_FOR),
                },
            });
            fate = ShareFate::Sent;
        }
        Ok(fate)
    }
}
