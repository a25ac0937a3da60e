//! Envelopes: from the bytes on the wire to a stored record and a signed receipt, or to a refusal with its reason.
//!
//! The same bytes always get the same receipt, byte for byte. A refusal binds to the exact bytes that were refused,
//! so that a copy damaged on its way never condemns the original.

use std::collections::BTreeMap;

use domain::envelope::{Receipt, ReceiptStatus, RefusalCode};
use domain::pv::Measure;
use domain::record::{Act, Record};
use domain::{ClipId, DeviceId, Digest, EnvelopeId, UnixMs};
use sync::wire::v1::NumberNote;
use trust::cose::{Namespace, Signed};

use super::desk::Desk;
use super::judge::{Seen, Stop};
use super::visas::Untold;
use super::{Gateway, GatewayError, Outgoing, numbers, receipts};
use crate::bundle::Opened;
use crate::pki::Pki;
use crate::reference::law_called;
use crate::store::{NewReceipt, NewRecord, NewRefusal, Policy, StoreError, Transaction, Waiting};

/// Content type of a receipt's COSE_Sign1.
const RECEIPT_TYPE: &str = "application/neo-receipt+cbor;v=1";

/// What came in the topic of `device`, and says neither hello nor asks anything.
pub(super) struct Arrived<'m> {
    pub(super) device: &'m DeviceId,
    pub(super) payload: &'m [u8],
    /// None when the payload is no COSE_Sign1 of this project.
    pub(super) signed: Option<Signed>,
}

/// What a terminal is told, and what may be decided once that is committed.
#[derive(Default)]
pub(super) struct Decision {
    pub(super) receipts: Vec<Vec<u8>>,
    pub(super) clip: Option<ClipId>,
    /// Waits for its parts.
    pub(super) waiting: Option<EnvelopeId>,
    /// Of an envelope that was not decided before.
    pub(super) decided: Option<(EnvelopeId, ReceiptStatus)>,
    /// Terminals that are there, and are to be told of a visa.
    pub(super) untold: Vec<Untold>,
    /// There is news of the terminal's act numbers.
    noted: bool,
}

/// What follows from a record that is stored.
#[derive(Default)]
struct Kept {
    /// Whose manifest it is.
    clip: Option<ClipId>,
    untold: Vec<Untold>,
}

impl Gateway {
    /// Decides on the envelopes in one transaction; the refusal of one leaves the others as they are.
    pub(super) fn receive_envelopes(
        &mut self,
        envelopes: Vec<Arrived<'_>>,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        if envelopes.is_empty() {
            return Ok(Vec::new());
        }
        let transaction = self.store.begin()?;
        let mut decisions = Vec::with_capacity(envelopes.len());
        for arrived in envelopes {
            let mut desk = Desk {
                pki: &self.pki,
                signers: &mut self.signers,
                transaction: &transaction,
                device: arrived.device,
                now,
            };
            decisions.push((
                arrived.device,
                desk.decide(arrived.payload, arrived.signed, None)?,
            ));
        }
        let mut notes = BTreeMap::new();
        for (device, _) in decisions.iter().filter(|(_, decision)| decision.noted) {
            if let Some(said) = transaction.said_notes(device)?
                && let Some(told) = transaction.notes_after(device, said)?
            {
                notes.insert(*device, told);
            }
        }
        transaction.commit()?;
        let mut told: BTreeMap<&DeviceId, Vec<Vec<u8>>> = BTreeMap::new();
        let (mut clips, mut waiting, mut untold) = (Vec::new(), Vec::new(), Vec::new());
        for (device, decision) in decisions {
            if let Some((envelope, status)) = decision.decided {
                tracing::info!(%device, %envelope, ?status, "envelope decided");
            }
            told.entry(device).or_default().extend(decision.receipts);
            clips.extend(decision.clip);
            waiting.extend(decision.waiting);
            untold.extend(decision.untold);
        }
        let told = told.into_iter();
        let mut outgoing: Vec<Outgoing> = told.flat_map(|(device, told)| receipts(device, told)).collect();
        outgoing.extend(
            notes
                .iter()
                .map(|(device, notes)| numbers::told(&self.pki, device, notes)),
        );
        for (device, first) in untold {
            outgoing.extend(self.visas_after(&device, first - 1)?);
        }
        for clip in clips {
            outgoing.extend(self.decide_clip(clip, now)?);
        }
        for envelope in waiting {
            outgoing.extend(self.decide_act(envelope, now)?);
        }
        Ok(outgoing)
    }
}

impl Desk<'_> {
    /// `whole` is what was in the seal of an envelope whose parts are all there.
    pub(super) fn decide(
        &mut self,
        payload: &[u8],
        signed: Option<Signed>,
        whole: Option<Result<Opened, RefusalCode>>,
    ) -> Result<Decision, StoreError> {
        let envelope_digest = Digest::of(payload);
        if let Some((id, receipt)) = self.transaction.receipt(self.device, &envelope_digest)? {
            let of_clip = self.transaction.clip_receipt(id)?;
            return Ok(Decision {
                receipts: std::iter::once(receipt).chain(of_clip).collect(),
                ..Decision::default()
            });
        }
        let mut seen = Seen::default();
        let judged = match self.judge(payload, envelope_digest, signed, whole, &mut seen) {
            Ok(record) if asks_correction(self.transaction, &record)? => {
                // A refused act keeps the number that is on its document; the corrective act takes another one.
                Err((RefusalCode::CorrectionAsked, record.number))
            }
            Ok(record) if is_unlawful(self.transaction, &record)? => {
                Err((RefusalCode::MeasureUnlawful, record.number))
            }
            Ok(record) => Ok(record),
            Err(Stop::Refused(code)) => Err((code, None)),
            Err(Stop::Incomplete) => return self.hold(payload, envelope_digest, &seen),
            Err(Stop::Early) => return Ok(Decision::default()),
            Err(Stop::Failed(error)) => return Err(error),
        };
        let id = seen.id.unwrap_or(EnvelopeId::from_bytes([0; 16]));
        let status = match &judged {
            Ok(_) => ReceiptStatus::Stored,
            Err((code, _)) => ReceiptStatus::Refused(*code),
        };
        let receipt = self.sign_receipt(id, envelope_digest, &seen, status);
        self.transaction.insert_receipt(&NewReceipt {
            device: self.device,
            envelope_digest,
            envelope: id,
            receipt: &receipt,
            at: self.now,
        })?;
        if let Some(envelope) = &seen.envelope {
            self.transaction
                .insert_envelope(envelope, envelope_digest, self.now)?;
        }
        let (number, Kept { clip, untold }) = match &judged {
            Ok(record) => (record.number, self.store(payload, id, record, &seen)?),
            Err((code, number)) => {
                self.transaction.insert_refused(&NewRefusal {
                    device: self.device,
                    envelope_digest,
                    code: *code,
                    at: self.now,
                    until: seen.retention.map(|retention| retention.until),
                    envelope_cose: payload,
                    record_cose: seen.record_cose(),
                })?;
                self.transaction.bound_refused(self.device)?;
                (*number, Kept::default())
            }
        };
        let noted = match (number, seen.number, status) {
            (Some(number), _, _) => {
                self.transaction.use_number(number, id)?;
                self.refill_behind(number)?
            }
            (None, Some(number), ReceiptStatus::Refused(RefusalCode::NumberOutsideRange)) => {
                let twice = NumberNote::Twice(number);
                self.transaction.note(self.device, twice, self.now)?
            }
            (None, _, _) => false,
        };
        Ok(Decision {
            receipts: vec![receipt],
            clip,
            waiting: None,
            decided: Some((id, status)),
            untold,
            noted,
        })
    }

    /// Keeps an envelope until its parts are there, and says nothing yet: the terminal keeps everything.
    fn hold(&self, payload: &[u8], digest: Digest, seen: &Seen) -> Result<Decision, StoreError> {
        let Some(id) = seen.id else {
            return Ok(Decision::default());
        };
        let waiting = Waiting {
            id,
            device: self.device.clone(),
            digest,
            cose: payload.to_vec(),
        };
        let held = self.transaction.hold(&waiting, self.now)?;
        if !held {
            tracing::warn!(device = %self.device, envelope = %id, "too many envelopes wait for their parts");
        }
        Ok(Decision {
            waiting: held.then_some(id),
            ..Decision::default()
        })
    }

    /// Stores what holds.
    fn store(
        &self,
        payload: &[u8],
        id: EnvelopeId,
        record: &Record,
        seen: &Seen,
    ) -> Result<Kept, StoreError> {
        self.transaction.insert_record(&NewRecord {
            envelope: id,
            record,
            envelope_cose: payload,
            record_cose: seen
                .record_cose()
                .expect("what holds was read out of the opened seal"),
        })?;
        let stamper = self.pki.stamp();
        let digest = seen.record.as_ref().map(|(_, digest)| digest);
        if let Some(response) = stamper
            .zip(digest)
            .and_then(|(by, digest)| by.stamp(digest, self.now))
        {
            self.transaction.insert_stamp(id, &response)?;
        }
        match &record.act {
            Act::Footage(manifest) => {
                self.transaction.insert_clip(manifest, id, self.device)?;
                if let Some(program) = &manifest.program {
                    let at = record.signed_at.utc;
                    self.transaction.insert_clip_program(manifest.clip, program, at)?;
                }
                if let Some((_, digest)) = &seen.record {
                    self.transaction.insert_life(record, manifest, *digest)?;
                }
                Ok(Kept {
                    clip: Some(manifest.clip),
                    ..Kept::default()
                })
            }
            Act::VisaRequest(asked) => Ok(Kept {
                untold: self.store_visa_request(id, record.id, &record.context.author, asked)?,
                ..Kept::default()
            }),
            Act::Visa(visa) => Ok(Kept {
                untold: self.store_visa(id, visa)?,
                ..Kept::default()
            }),
            Act::Alert(_) => {
                self.transaction
                    .insert_alert(record.id, id, self.device, self.now)?;
                Ok(Kept::default())
            }
            Act::SafeContact(sheet) => {
                self.transaction
                    .put_contact(sheet.about, self.device, record.id, id)?;
                Ok(Kept::default())
            }
            Act::Custody(custody) => {
                if let Some((_, digest)) = &seen.record {
                    self.store_custody(id, record, custody, *digest)?;
                }
                Ok(Kept::default())
            }
            Act::IdentityCheck(_)
            | Act::Pv(_)
            | Act::Plainte(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::Verification(_) => Ok(Kept::default()),
        }
    }

    fn sign_receipt(
        &self,
        envelope: EnvelopeId,
        envelope_digest: Digest,
        seen: &Seen,
        status: ReceiptStatus,
    ) -> Vec<u8> {
        let receipt = Receipt {
            version: 1,
            device: self.device.clone(),
            envelope,
            envelope_digest,
            record_digest: seen.record.as_ref().map(|(_, digest)| *digest),
            status,
            at: self.now,
            footage_root: None,
        };
        sign_receipt(self.pki, &receipt)
    }
}

pub(super) fn sign_receipt(pki: &Pki, receipt: &Receipt) -> Vec<u8> {
    pki.receipt()
        .sign(Namespace::Receipt, RECEIPT_TYPE, &receipt.to_bytes())
}

/// Whether the act establishes a measure that no terminal lets be signed: the same rules, on the value that came.
fn is_unlawful(transaction: &Transaction<'_>, record: &Record) -> Result<bool, StoreError> {
    let Act::Pv(pv) = &record.act else {
        return Ok(false);
    };
    // The set is large, and a rate alone is measured by it.
    let law = match &pv.measure {
        Some(Measure::Alcohol(_)) => law_called(transaction, &record.reference)?,
        Some(_) | None => None,
    };
    let problems = pv.unlawful(&record.context.author, record.signed_at, law.as_ref());
    for problem in &problems {
        tracing::warn!(act = %record.id, field = ?problem.field, reason = ?problem.reason, "unlawful measure");
    }
    Ok(!problems.is_empty())
}

/// Whether the service competent for the acts sends this one back.
fn asks_correction(transaction: &Transaction<'_>, record: &Record) -> Result<bool, StoreError> {
    let Act::Pv(pv) = &record.act else {
        return Ok(false);
    };
    Ok(match transaction.policy()? {
        Policy::AcceptAll => false,
        Policy::AskCorrection { marker } => pv.subject.contains(&marker),
    })
}
