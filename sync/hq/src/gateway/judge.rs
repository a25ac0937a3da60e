//! What must hold of an envelope before it is stored: both signatures, the seal, the document, the number, the power.

use domain::enrolment::KeyProtection;
use domain::envelope::{Envelope, MAX_ENVELOPE, RefusalCode};
use domain::footage::Manifest;
use domain::identity::CivilDate;
use domain::legal_basis::BasisRow;
use domain::officer::{Officer, Quality};
use domain::plainte;
use domain::record::{Act, CONTENT_TYPE, Enclosure, Record, Retention};
use domain::{ActNumber, ClipId, Digest, EnvelopeId, decode};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Namespace, Signed};

use super::desk::Desk;
use super::document::{self, Document};
use super::footage;
use crate::bundle::{self, Attached, Opened};
use crate::reference::bases_in_use;
use crate::store::StoreError;

/// What became known of an envelope, however far its examination went.
#[derive(Default)]
pub(super) struct Seen {
    /// As the envelope says.
    pub(super) id: Option<EnvelopeId>,
    /// Set once the device's signature holds and the id is new.
    pub(super) envelope: Option<Envelope>,
    /// The record's COSE_Sign1 and its SHA-256, once the seal is open.
    pub(super) record: Option<(Vec<u8>, Digest)>,
    /// As the record says, whoever signed it.
    pub(super) retention: Option<Retention>,
    /// As the record says, whoever signed it.
    pub(super) number: Option<ActNumber>,
}

impl Seen {
    pub(super) fn record_cose(&self) -> Option<&[u8]> {
        self.record.as_ref().map(|(cose, _)| cose.as_slice())
    }
}

/// Why an examination ends early.
pub(super) enum Stop {
    Refused(RefusalCode),
    /// So far everything holds, and the bundle is to come in parts.
    Incomplete,
    /// It follows something that has not come yet: nothing is said, and the terminal sends it again.
    Early,
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

impl Desk<'_> {
    /// The record of the envelope `payload`, when everything holds; `seen` is filled however it ends. `whole` is
    /// what was in the seal that came in parts, once they are all there.
    pub(super) fn judge(
        &mut self,
        payload: &[u8],
        digest: Digest,
        signed: Option<Signed>,
        whole: Option<Result<Opened, RefusalCode>>,
        seen: &mut Seen,
    ) -> Result<Record, Stop> {
        let signed = signed
            .filter(|_| payload.len() <= MAX_ENVELOPE)
            .ok_or(RefusalCode::Unreadable)?;
        let envelope = Envelope::from_bytes(&signed.payload).map_err(|_| RefusalCode::Unreadable)?;
        if envelope.version != 1 || envelope.sequence == 0 || !envelope.is_well_formed() {
            return Err(RefusalCode::Unreadable.into());
        }
        seen.id = Some(envelope.id);
        if !self.transaction.is_device(self.device)? {
            return Err(RefusalCode::UnknownDevice.into());
        }
        if self.is_revoked(&signed, envelope.created.utc)? {
            return Err(RefusalCode::SignerRevoked.into());
        }
        let signer = self.by_device(&signed, Namespace::Envelope, envelope.created.utc)?;
        if signer.is_none() || envelope.device != *self.device {
            return Err(RefusalCode::DeviceSignature.into());
        }
        if self.transaction.is_envelope(envelope.id)? || self.is_taken(&envelope, digest)? {
            return Err(RefusalCode::IdReused.into());
        }
        let envelope = seen.envelope.insert(envelope);
        let opened = match whole {
            Some(opened) => opened?,
            None if envelope.parts.is_empty() => {
                bundle::open(self.pki.identity(), envelope.sealed.as_slice(), document::is_read)?
            }
            None => return Err(Stop::Incomplete),
        };
        let digest = Digest::of(&opened.record);
        let (record_cose, _) = seen.record.insert((opened.record, digest));
        if envelope.record != digest || !well_named(&opened.attachments) {
            return Err(RefusalCode::Unreadable.into());
        }
        let signed = cose::parse(record_cose).map_err(|_| RefusalCode::Unreadable)?;
        let record: Record = decode(&signed.payload).map_err(|_| RefusalCode::Unreadable)?;
        seen.retention = record.retention;
        seen.number = record.number;
        self.judge_record((envelope.id, digest), &record, &signed, &opened.attachments)?;
        Ok(record)
    }

    /// Whether the id stands for something else: other bytes that wait for their parts, or a clip, whose files would
    /// bear the names of this envelope's parts.
    fn is_taken(&self, envelope: &Envelope, digest: Digest) -> Result<bool, StoreError> {
        let as_clip = ClipId::from_bytes(*envelope.id.as_bytes());
        let waiting = self.transaction.waiting(envelope.id)?;
        let elsewhere =
            waiting.is_some_and(|waiting| waiting.device != *self.device || waiting.digest != digest);
        Ok(elsewhere || self.transaction.clip(as_clip)?.is_some())
    }

    fn judge_record(
        &mut self,
        (envelope, digest): (EnvelopeId, Digest),
        record: &Record,
        signed: &Signed,
        attachments: &[Attached],
    ) -> Result<(), Stop> {
        if record.version != 1 || signed.content_type != CONTENT_TYPE {
            return Err(RefusalCode::Unreadable.into());
        }
        if record.context.device != *self.device {
            return Err(RefusalCode::DeviceSignature.into());
        }
        let document = Document::of(record, attachments)?;
        if !belong(record, attachments) {
            return Err(RefusalCode::AttachmentMissing.into());
        }
        match &record.act {
            Act::Footage(manifest) => {
                let events = attachments
                    .iter()
                    .find(|attached| attached.name == document::EVENTS);
                self.judge_manifest(envelope, (record, signed), manifest, events)
            }
            Act::IdentityCheck(_)
            | Act::Pv(_)
            | Act::Plainte(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::SafeContact(_)
            | Act::Verification(_) => self.judge_act(record, signed, document.as_ref()),
            Act::Custody(custody) => {
                self.judge_act(record, signed, document.as_ref())?;
                self.judge_custody(record, custody, digest)
            }
            Act::Alert(_) => {
                self.judge_act(record, signed, document.as_ref())?;
                match self.transaction.alert(record.id)? {
                    None => Ok(()),
                    Some(_) => Err(RefusalCode::IdReused.into()),
                }
            }
            Act::VisaRequest(request) => {
                self.judge_act(record, signed, document.as_ref())?;
                self.judge_visa_request(record, request)
            }
            Act::Visa(visa) => {
                self.judge_act(record, signed, document.as_ref())?;
                self.judge_visa(record, visa)
            }
        }
    }

    fn judge_manifest(
        &mut self,
        envelope: EnvelopeId,
        (record, signed): (&Record, &Signed),
        manifest: &Manifest,
        events: Option<&Attached>,
    ) -> Result<(), Stop> {
        let signer = self.by_device(signed, Namespace::Record, record.signed_at.utc)?;
        // Where the key lies was attested when the terminal was certified; a manifest cannot say otherwise.
        let stated = Some(protection(record.context.protection));
        if signer.is_none_or(|signer| signer.key_protection() != stated) {
            return Err(RefusalCode::DeviceSignature.into());
        }
        if record.number.is_some() {
            return Err(RefusalCode::NumberOutsideRange.into());
        }
        let camera = self.camera_of(manifest)?.ok_or(RefusalCode::UnknownCamera)?;
        // Whoever left the check out says nothing of the signatures.
        if camera.signed_video() && manifest.video.is_none() {
            return Err(RefusalCode::FootageUnsigned.into());
        }
        carries(manifest, events, &camera)?;
        if !footage::is_consistent(manifest) {
            return Err(RefusalCode::DocumentMismatch.into());
        }
        let as_envelope = EnvelopeId::from_bytes(*manifest.clip.as_bytes());
        if self.transaction.clip(manifest.clip)?.is_some()
            || as_envelope == envelope
            || self.transaction.is_envelope(as_envelope)?
            || self.transaction.waiting(as_envelope)?.is_some()
        {
            return Err(RefusalCode::IdReused.into());
        }
        Ok(())
    }

    fn judge_act(
        &mut self,
        record: &Record,
        signed: &Signed,
        document: Option<&Document<'_>>,
    ) -> Result<(), Stop> {
        let author = &record.context.author;
        let officer = self
            .transaction
            .officer(author.id)?
            .filter(|officer| officer.matricule == author.matricule)
            .ok_or(RefusalCode::UnknownOfficer)?;
        let at = record.signed_at.utc;
        if !self.transaction.was_assigned(self.device, officer.id, at)? {
            return Err(RefusalCode::UnknownOfficer.into());
        }
        let holder = Holder::Agent(officer.id.to_string());
        if self
            .transaction
            .suspended(officer.id)?
            .is_some_and(|since| at >= since)
        {
            return Err(RefusalCode::OfficerSuspended.into());
        }
        if self.is_revoked(signed, at)? {
            return Err(RefusalCode::SignerRevoked.into());
        }
        let signer = self
            .signer(signed, Namespace::Record, &holder, Profile::Officer, at)?
            .filter(|_| signed.formation == record.context.formation)
            .ok_or(RefusalCode::OfficerSignature)?;
        if !document.is_none_or(|document| document.is_signed_with(signer)) {
            return Err(RefusalCode::DocumentSignature.into());
        }
        if author.quality != officer.quality || !self.is_empowered(&officer, record)? {
            return Err(RefusalCode::QualityNotEmpowered.into());
        }
        let may_use = match (record.number, record.act.kind().is_numbered()) {
            (Some(number), true) => self.transaction.may_use(self.device, number)?,
            (None, false) => true,
            (Some(_), false) | (None, true) => false,
        };
        if may_use {
            Ok(())
        } else {
            Err(RefusalCode::NumberOutsideRange.into())
        }
    }

    /// Whether the officer's quality allows the act, and the text of a check, on its day, the check.
    fn is_empowered(&self, officer: &Officer, record: &Record) -> Result<bool, StoreError> {
        let (frame, began) = match &record.act {
            Act::IdentityCheck(check) => (&check.frame, check.started.utc),
            Act::Verification(verification) => (&verification.check, verification.held.from),
            Act::Pv(_)
            | Act::Plainte(_)
            | Act::Footage(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::VisaRequest(_)
            | Act::Visa(_)
            | Act::Alert(_)
            | Act::SafeContact(_)
            | Act::Custody(_) => return Ok(is_empowered(officer, &record.act)),
        };
        let day = CivilDate::from(began.civil(record.signed_at.offset_min).date());
        let bases = bases_in_use(self.transaction)?;
        let allows = |row: &BasisRow| {
            let ordered = frame.on_order_of.is_some() || !row.needs_order(officer.quality);
            row.is_open_to(officer.quality) && ordered
        };
        let checked = bases.in_force(frame.basis, day).is_some_and(allows);
        Ok(checked && is_empowered(officer, &record.act))
    }

    /// The manifest's camera, when it is in the registry, in date, and was not withdrawn before the recording ended.
    fn camera_of(&mut self, manifest: &Manifest) -> Result<Option<Certificate>, StoreError> {
        let fingerprint = trust::Digest(*manifest.camera_certificate.as_bytes());
        let holder = Holder::Camera(manifest.camera.to_string());
        let known = self
            .signers
            .find(self.pki, self.transaction, &fingerprint, Profile::Camera)?
            .filter(|camera| camera.is_valid_at(manifest.started) || camera.is_valid_at(self.now))
            .filter(|camera| camera.certificate.holder() == Some(&holder))
            .map(|camera| camera.certificate.clone());
        // Asked each time: another program on the same store may have withdrawn it.
        let revoked = self.transaction.revoked_at(&fingerprint)?;
        Ok(known.filter(|_| revoked.is_none_or(|since| manifest.ended < since)))
    }
}

/// Whether the officer's quality allows the act (articles 16, 15-3 and 495-17 CPP); what a check stands on is asked apart.
fn is_empowered(officer: &Officer, act: &Act) -> bool {
    match act {
        Act::Plainte(_) => officer.quality.takes_complaints(),
        Act::Verification(verification) => {
            // An OPJ alone decides: the author is one, or names another.
            let own = verification.decision.opj == officer.matricule;
            let decided = !own || officer.quality == Quality::Opj;
            decided && officer.quality.takes_complaints()
        }
        Act::Afd(_) => officer.quality.notes_delits(),
        Act::Pv(pv) => pv.kind.open_to(officer.quality),
        Act::Visa(_) => officer.quality == Quality::Opj,
        Act::IdentityCheck(_)
        | Act::Pve(_)
        | Act::Note(_)
        | Act::Footage(_)
        | Act::VisaRequest(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => true,
    }
}

const fn protection(stated: KeyProtection) -> trust::keys::KeyProtection {
    match stated {
        KeyProtection::Hardware => trust::keys::KeyProtection::Hardware,
        KeyProtection::File => trust::keys::KeyProtection::File,
    }
}

/// Whether what the camera signed of itself is here as the manifest says, and signed by the camera.
fn carries(manifest: &Manifest, events: Option<&Attached>, camera: &Certificate) -> Result<(), RefusalCode> {
    match (&manifest.events, events) {
        (None, None) => Ok(()),
        (Some(carried), Some(attached)) => {
            let file = attached.content.as_deref().unwrap_or_default();
            let checked = evidence::log::check_file(file, camera, carried, manifest);
            checked.map(|_| ()).map_err(|_| RefusalCode::DocumentMismatch)
        }
        (Some(_), None) | (None, Some(_)) => Err(RefusalCode::AttachmentMissing),
    }
}

/// Whether every file that the record names is here byte for byte, and none that belongs to no act of its kind.
fn belong(record: &Record, attachments: &[Attached]) -> bool {
    let enclosures = record.act.enclosures();
    let is = |attached: &Attached, named: &Enclosure| {
        attached.name == named.name
            && attached.sha256 == named.sha256
            && named.bytes.is_none_or(|bytes| attached.bytes == bytes)
    };
    let known: &[&str] = match &record.act {
        Act::Plainte(_) => &[
            document::NAME,
            "recepisse.pdf",
            plainte::REQUISITION,
            plainte::GRID,
        ],
        Act::Footage(_) => &["camera.cose", "camera.der", document::EVENTS],
        Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => &[],
        Act::IdentityCheck(_) | Act::Pv(_) | Act::Pve(_) | Act::Afd(_) | Act::Verification(_) => {
            &[document::NAME]
        }
    };
    let here = |named: &Enclosure| attachments.iter().any(|attached| is(attached, named));
    let wanted = |attached: &Attached| {
        known.contains(&attached.name.as_str()) || enclosures.iter().any(|named| is(attached, named))
    };
    enclosures.iter().all(here) && attachments.iter().all(wanted)
}

/// Each attachment under a plain file name of its own.
fn well_named(attachments: &[Attached]) -> bool {
    let plain = |name: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        (1..=64).contains(&name.len()) && !name.starts_with('.') && name.chars().all(allowed)
    };
    attachments.iter().enumerate().all(|(position, attachment)| {
        let earlier = &attachments[..position];
        plain(&attachment.name) && earlier.iter().all(|other| other.name != attachment.name)
    })
}
