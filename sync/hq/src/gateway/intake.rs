//! Envelopes: from the bytes on the wire to a stored record and a signed receipt, or to a refusal with its reason.
//!
//! The same bytes always get the same receipt, byte for byte. A refusal binds to the exact bytes that were refused,
//! so that a copy damaged on its way never condemns the original.

use domain::envelope::{Attachment, Bundle, Envelope, MAX_ENVELOPE, Receipt, ReceiptStatus, RefusalCode};
use domain::officer::Officer;
use domain::record::{Act, CONTENT_TYPE, Record};
use domain::{DeviceId, Digest, EnvelopeId, UnixMs, decode};
use trust::cert::{Holder, Profile};
use trust::cose::{self, Namespace, Signed};
use trust::seal;

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing, footage, receipts};
use crate::store::{NewReceipt, NewRecord, Policy, StoreError, Transaction};

/// Content type of a receipt's COSE_Sign1.
pub(super) const RECEIPT_TYPE: &str = "application/neo-receipt+cbor;v=1";
/// The attachment that [`Record::document`] is about.
const DOCUMENT: &str = "document.pdf";
const MAX_ATTACHMENTS: usize = 16;

/// What became known of an envelope, however far its examination went.
#[derive(Default)]
struct Seen {
    /// As the envelope says.
    id: Option<EnvelopeId>,
    /// Set once the device's signature holds and the id is new.
    envelope: Option<Envelope>,
    /// The record's COSE_Sign1, once the seal is open.
    record: Option<Vec<u8>>,
}

/// An envelope in which everything holds.
struct Sound {
    record: Record,
    attachments: Vec<Attachment>,
}

/// Why an examination ends early.
enum Stop {
    Refused(RefusalCode),
    Failed(StoreError),
}

impl From<RefusalCode> for Stop {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Gateway {
    pub(super) fn receive_envelope(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let envelope_digest = Digest::of(payload);
        let transaction = self.store.begin()?;
        if let Some((id, receipt)) = transaction.receipt(device, &envelope_digest)? {
            let of_clip = transaction.clip_receipt(id)?;
            return Ok(receipts(device, std::iter::once(receipt).chain(of_clip)));
        }
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let mut seen = Seen::default();
        let judged = match desk.judge(payload, &mut seen) {
            Ok(sound) if asks_correction(&transaction, &sound.record)? => {
                Err((RefusalCode::CorrectionAsked, sound.record.number))
            }
            Ok(sound) => Ok(sound),
            Err(Stop::Refused(code)) => Err((code, None)),
            Err(Stop::Failed(error)) => return Err(error.into()),
        };
        // An envelope that cannot be read has no id; its receipt is about its digest.
        let id = seen.id.unwrap_or(EnvelopeId::from_bytes([0; 16]));
        let status = match &judged {
            Ok(_) => ReceiptStatus::Stored,
            Err((code, _)) => ReceiptStatus::Refused(*code),
        };
        let receipt = Receipt {
            version: 1,
            device: device.clone(),
            envelope: id,
            envelope_digest,
            record_digest: seen.record.as_deref().map(Digest::of),
            status,
            at: now,
            footage_root: None,
        };
        let receipt = self
            .pki
            .receipt()
            .sign(Namespace::Receipt, RECEIPT_TYPE, &receipt.to_bytes());
        transaction.insert_receipt(&NewReceipt {
            device,
            envelope_digest,
            envelope: id,
            receipt: &receipt,
            at: now,
        })?;
        if let Some(envelope) = &seen.envelope {
            transaction.insert_envelope(envelope, envelope_digest, now)?;
        }
        let record_cose = seen.record.as_deref();
        let (number, clip) = match &judged {
            Ok(sound) => {
                transaction.insert_record(&NewRecord {
                    envelope: id,
                    record: &sound.record,
                    envelope_cose: payload,
                    record_cose: record_cose.expect("what is sound was read out of the opened seal"),
                    attachments: &sound.attachments,
                })?;
                let clip = match &sound.record.act {
                    Act::Footage(manifest) => {
                        transaction.insert_clip(manifest, id, device)?;
                        Some(manifest.clip)
                    }
                    Act::IdentityCheck(_) | Act::Pv(_) | Act::Plainte(_) => None,
                };
                (sound.record.number, clip)
            }
            Err((code, number)) => {
                transaction.insert_refused(device, *code, payload, record_cose)?;
                (*number, None)
            }
        };
        // A refused act keeps the number that is on its document; the corrective act takes another one.
        if let Some(number) = number {
            transaction.use_number(number, id)?;
        }
        transaction.commit()?;
        tracing::info!(%device, envelope = %id, ?status, "envelope decided");
        let mut outgoing = receipts(device, [receipt]);
        if let Some(clip) = clip {
            outgoing.extend(self.decide_clip(clip, now)?);
        }
        Ok(outgoing)
    }
}

impl Desk<'_> {
    fn judge(&mut self, payload: &[u8], seen: &mut Seen) -> Result<Sound, Stop> {
        if payload.len() > MAX_ENVELOPE {
            return Err(RefusalCode::Unreadable.into());
        }
        let signed = cose::parse(payload).map_err(|_| RefusalCode::Unreadable)?;
        let envelope = Envelope::from_bytes(&signed.payload).map_err(|_| RefusalCode::Unreadable)?;
        if envelope.version != 1 || envelope.sequence == 0 {
            return Err(RefusalCode::Unreadable.into());
        }
        seen.id = Some(envelope.id);
        if !self.transaction.is_device(self.device)? {
            return Err(RefusalCode::UnknownDevice.into());
        }
        let signer = self.by_device(&signed, Namespace::Envelope, envelope.created.utc)?;
        if signer.is_none() || envelope.device != *self.device {
            return Err(RefusalCode::DeviceSignature.into());
        }
        if self.transaction.is_envelope(envelope.id)? {
            return Err(RefusalCode::IdReused.into());
        }
        let envelope = seen.envelope.insert(envelope);
        let opened =
            seal::open(self.pki.identity(), &envelope.sealed, MAX_ENVELOPE).map_err(|_| RefusalCode::Seal)?;
        let bundle: Bundle = decode(&opened).map_err(|_| RefusalCode::Unreadable)?;
        let record_cose = seen.record.insert(bundle.record);
        if envelope.record != Digest::of(record_cose) || !well_named(&bundle.attachments) {
            return Err(RefusalCode::Unreadable.into());
        }
        let record = self.judge_record(record_cose, &bundle.attachments)?;
        Ok(Sound {
            record,
            attachments: bundle.attachments,
        })
    }

    fn judge_record(&mut self, record_cose: &[u8], attachments: &[Attachment]) -> Result<Record, Stop> {
        let signed = cose::parse(record_cose).map_err(|_| RefusalCode::Unreadable)?;
        let record: Record = decode(&signed.payload).map_err(|_| RefusalCode::Unreadable)?;
        if record.version != 1 || signed.content_type != CONTENT_TYPE {
            return Err(RefusalCode::Unreadable.into());
        }
        if record.context.device != *self.device {
            return Err(RefusalCode::DeviceSignature.into());
        }
        document_matches(&record, attachments)?;
        match &record.act {
            Act::Footage(manifest) => {
                let signer = self.by_device(&signed, Namespace::Record, record.signed_at.utc)?;
                if signer.is_none() {
                    return Err(RefusalCode::DeviceSignature.into());
                }
                if record.number.is_some() {
                    return Err(RefusalCode::NumberOutsideRange.into());
                }
                if !footage::is_consistent(manifest) {
                    return Err(RefusalCode::DocumentMismatch.into());
                }
                if self.transaction.clip(manifest.clip)?.is_some() {
                    return Err(RefusalCode::IdReused.into());
                }
            }
            Act::IdentityCheck(_) | Act::Pv(_) | Act::Plainte(_) => self.judge_act(&record, &signed)?,
        }
        Ok(record)
    }

    fn judge_act(&mut self, record: &Record, signed: &Signed) -> Result<(), Stop> {
        let author = &record.context.author;
        let officer = self
            .transaction
            .officer(author.id)?
            .filter(|officer| officer.matricule == author.matricule)
            .ok_or(RefusalCode::UnknownOfficer)?;
        if !self.transaction.is_assigned(self.device, officer.id)? {
            return Err(RefusalCode::UnknownOfficer.into());
        }
        let holder = Holder::Agent(officer.id.to_string());
        let at = record.signed_at.utc;
        let signer = self.signer(signed, Namespace::Record, &holder, Profile::Officer, at)?;
        if signer.is_none() || signed.formation != record.context.formation {
            return Err(RefusalCode::OfficerSignature.into());
        }
        if author.quality != officer.quality || !is_empowered(&officer, &record.act) {
            return Err(RefusalCode::QualityNotEmpowered.into());
        }
        let number = record.number.ok_or(RefusalCode::NumberOutsideRange)?;
        if !self.transaction.may_use(self.device, number)? {
            return Err(RefusalCode::NumberOutsideRange.into());
        }
        Ok(())
    }
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

/// Whether the officer's quality allows the act (articles 78-2, 78-6 and 15-3 CPP).
fn is_empowered(officer: &Officer, act: &Act) -> bool {
    match act {
        Act::IdentityCheck(check) => {
            let frame = &check.frame;
            let ordered = frame.on_order_of.is_some() || !frame.basis.needs_opj(officer.quality);
            frame.basis.empowers(officer.quality) && ordered
        }
        Act::Plainte(_) => officer.quality.takes_complaints(),
        Act::Pv(_) | Act::Footage(_) => true,
    }
}

/// The attached PDF starts with exactly the bytes that the record was signed over; what follows is its own signature.
fn document_matches(record: &Record, attachments: &[Attachment]) -> Result<(), RefusalCode> {
    let attached = attachments.iter().find(|attachment| attachment.name == DOCUMENT);
    let matches = match (&record.document, attached) {
        (None, None) => true,
        (Some(document), Some(attached)) => usize::try_from(document.bytes)
            .ok()
            .and_then(|length| attached.content.get(..length))
            .is_some_and(|signed| Digest::of(signed) == document.sha256),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if matches {
        Ok(())
    } else {
        Err(RefusalCode::DocumentMismatch)
    }
}

/// Few attachments, each under a plain file name of its own.
fn well_named(attachments: &[Attachment]) -> bool {
    let plain = |name: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        (1..=64).contains(&name.len()) && !name.starts_with('.') && name.chars().all(allowed)
    };
    attachments.len() <= MAX_ATTACHMENTS
        && attachments.iter().enumerate().all(|(position, attachment)| {
            let earlier = &attachments[..position];
            plain(&attachment.name) && earlier.iter().all(|other| other.name != attachment.name)
        })
}
