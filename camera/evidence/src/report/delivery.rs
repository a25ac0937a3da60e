//! The three signed messages of a delivery: each read, its signature checked, and its content compared with the others.

use domain::canonical::{self, Digest};
use domain::envelope::{Envelope, Receipt, ReceiptStatus};
use domain::record::{Act, CONTENT_TYPE, Record};
use minicbor::{Decode, Encode};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Signed};

use super::findings::Findings;
use super::signers::{self, Authorities, unreadable};
use super::{Anchors, Fault, Link, Question};
use crate::folder::{Files, Message};

/// HQ's clock may be this far behind the terminal's, in milliseconds.
pub(super) const CLOCK_TOLERANCE: i64 = 10 * 60 * 1000;

/// One message as far as it could be read.
pub(super) struct Read<T> {
    pub(super) signed: Option<Signed>,
    pub(super) certificate: Option<Certificate>,
    pub(super) content: Option<T>,
    /// SHA-256 of the whole message, when it is there.
    pub(super) digest: Option<Digest>,
}

impl Message {
    const fn signature(self) -> Question {
        match self {
            Self::Record => Question::RecordSignature,
            Self::Envelope => Question::EnvelopeSignature,
            Self::Receipt => Question::ReceiptSignature,
        }
    }

    const fn signer(self) -> Question {
        match self {
            Self::Record => Question::RecordSigner,
            Self::Envelope => Question::EnvelopeSigner,
            Self::Receipt => Question::ReceiptSigner,
        }
    }
}

/// A payload that states its format version.
pub(super) trait Versioned {
    fn version(&self) -> u8;
}

impl Versioned for Record {
    fn version(&self) -> u8 {
        self.version
    }
}

impl Versioned for Envelope {
    fn version(&self) -> u8 {
        self.version
    }
}

impl Versioned for Receipt {
    fn version(&self) -> u8 {
        self.version
    }
}

/// Reads one message and its signer's certificate, and checks the one against the other.
pub(super) fn read<T>(files: &Files, findings: &mut Findings, message: Message) -> Read<T>
where
    T: for<'b> Decode<'b, ()> + Encode<()> + Versioned,
{
    let file = message.cose_file();
    let question = message.signature();
    let certificate = signers::read(files, findings, message.signer(), message.signer_file());
    let bytes = files.get(file);
    let signed =
        bytes.and_then(|bytes| findings.take(question, cose::parse(bytes).map_err(|_| unreadable(file))));
    let content = signed.as_ref().and_then(|signed| {
        let content = canonical::decode::<T>(&signed.payload).map_err(|_| unreadable(file));
        let content = findings.take(question, content)?;
        let known = content.version() == 1;
        findings.check(
            question,
            known,
            Fault::UnknownVersion {
                file: file.to_owned(),
            },
        );
        known.then_some(content)
    });
    if let (Some(signed), Some(certificate)) = (&signed, &certificate) {
        let verified = cose::verify(signed, message.namespace(), certificate);
        let verified = verified.map_err(|source| Fault::Signature {
            file: file.to_owned(),
            source,
        });
        if findings.take(question, verified).is_some() && content.is_some() {
            findings.held(question);
        }
    }
    let digest = bytes.map(|bytes| Digest::of(bytes));
    Read {
        signed,
        certificate,
        content,
        digest,
    }
}

/// Whether record, envelope and receipt are about each other, and their certificates about their authors.
pub(super) fn check_links(
    findings: &mut Findings,
    record: &Read<Record>,
    envelope: &Read<Envelope>,
    receipt: &Read<Receipt>,
) {
    let mut same = |holds: bool, link: Link| findings.check(Question::Links, holds, Fault::Link(link));
    if let (Some(content), Some(signed)) = (&record.content, &record.signed) {
        same(signed.content_type == CONTENT_TYPE, Link::ContentType);
        // Footage is signed by the device, whose certificate says nothing of the service's card.
        let by_officer = signer(content).0 == Profile::Officer;
        same(
            !by_officer || signed.formation == content.context.formation,
            Link::Formation,
        );
    }
    if let (Some(content), Some(certificate)) = (&record.content, &record.certificate) {
        let (_, holder) = signer(content);
        same(certificate.holder() == Some(&holder), Link::RecordHolder);
    }
    if let (Some(content), Some(certificate)) = (&envelope.content, &envelope.certificate) {
        let holder = Holder::Device(content.device.to_string());
        same(certificate.holder() == Some(&holder), Link::EnvelopeHolder);
    }
    if let (Some(content), Some(inner)) = (&envelope.content, &record.content) {
        same(Some(content.record) == record.digest, Link::EnvelopeRecord);
        same(content.device == inner.context.device, Link::EnvelopeDevice);
    }
    if let (Some(content), Some(carried)) = (&receipt.content, &envelope.content) {
        let answers = content.envelope == carried.id && Some(content.envelope_digest) == envelope.digest;
        same(answers, Link::ReceiptEnvelope);
        same(content.device == carried.device, Link::ReceiptDevice);
        same(
            record.digest.is_none() || content.record_digest == record.digest,
            Link::ReceiptRecord,
        );
    }
    if let Some(content) = &receipt.content {
        findings.check(
            Question::Links,
            content.status == ReceiptStatus::Stored,
            Fault::Refused,
        );
    }
    if record.content.is_some() && envelope.content.is_some() && receipt.content.is_some() {
        findings.held(Question::Links);
    }
}

/// Whether the anchors vouch for the three signers, each at the moment of its signature.
pub(super) fn judge_signers(
    findings: &mut Findings,
    authorities: &mut Authorities,
    anchors: Anchors<'_>,
    record: &Read<Record>,
    envelope: &Read<Envelope>,
    receipt: &Read<Receipt>,
) {
    let moments = [
        (
            Message::Record,
            &record.certificate,
            record.content.as_ref().map(|r| (r.signed_at.utc, signer(r).0)),
        ),
        (
            Message::Envelope,
            &envelope.certificate,
            envelope
                .content
                .as_ref()
                .map(|e| (e.created.utc, Profile::Device)),
        ),
        (
            Message::Receipt,
            &receipt.certificate,
            receipt.content.as_ref().map(|r| (r.at, Profile::HqReceipt)),
        ),
    ];
    let mut judged = 0;
    for (message, certificate, moment) in moments {
        if let (Some(certificate), Some((at, profile))) = (certificate, moment) {
            let named = (message.signer_file(), certificate);
            authorities.judge(findings, message.signer(), named, profile, at, anchors.everyone);
            judged += 1;
        }
    }
    if let (Some(record), Some(receipt)) = (&record.content, &receipt.content) {
        let after = record.signed_at.utc.0 <= receipt.at.0.saturating_add(CLOCK_TOLERANCE);
        findings.check(Question::Dates, after, Fault::ReceivedBeforeSigned);
    }
    if judged == moments.len() {
        findings.held(Question::Dates);
    }
}

/// Who signs a record of this kind.
fn signer(record: &Record) -> (Profile, Holder) {
    let context = &record.context;
    match record.act {
        Act::IdentityCheck(_)
        | Act::Pv(_)
        | Act::Plainte(_)
        | Act::Pve(_)
        | Act::Afd(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => (Profile::Officer, Holder::Agent(context.author.id.to_string())),
        Act::Footage(_) => (Profile::Device, Holder::Device(context.device.to_string())),
    }
}
