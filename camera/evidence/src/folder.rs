//! Evidence folders as maps from file name to bytes, for whoever hands evidence to a court.
//!
//! Only signed messages, certificates and the evidence itself are given; every other file is computed from them, so
//! that a verifier computes it again and no byte of a folder stays unchecked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::Digest;
use domain::footage::Manifest;
use thiserror::Error;
use trust::cert::{Certificate, CertificateError};
use trust::cose::{self, Algorithm, CoseError, Namespace, Signed};
use trust::keys::ecdsa_to_der;

use crate::proof::Proof;
use crate::video::Bytes;

/// The files of a folder, by their path inside it (`record.cose`, `seg/00000000.bin`).
pub type Files = BTreeMap<String, Vec<u8>>;

/// Files of a folder that need not be in memory, by their path inside it.
pub type Large<'a> = BTreeMap<String, &'a dyn Bytes>;

/// Whether the original bytes of a recording may lie at this path of a folder.
pub fn is_footage(path: &str) -> bool {
    path == CLIP || path.starts_with(SEGMENTS)
}

pub(crate) const SUMS: &str = "SHA256SUMS";
pub(crate) const DOCUMENT: &str = "document.pdf";
/// What the record names by digest besides its document: photographs, what a victim brought, and signatures by hand.
pub(crate) const ENCLOSED: [&str; 3] = ["photos/", "pieces/", "hands/"];
pub(crate) const AUTHORITIES: &str = "issuing.pem";
pub(crate) const CAMERA_CHAIN: &str = "camera.cose";
pub(crate) const CAMERA: &str = "camera.pem";
pub(crate) const CAMERA_EVENTS: &str = "events.cose";
pub(crate) const CLIP: &str = "clip.mp4";
pub(crate) const SEGMENTS: &str = "seg/";
pub(crate) const SEGMENT: &str = "segment.bin";
pub(crate) const PROOF: &str = "proof.cbor";
pub(crate) const STAMP: &str = "stamp.tsr";
pub(crate) const ORDER_FILE: &str = "order.cose";
pub(crate) const ORDER_SIGNER: &str = "command.pem";
pub(crate) const STATEMENT: &str = "statement.cose";
pub(crate) const STATEMENT_SIGNER: &str = "device.pem";

/// Why a folder is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FolderError {
    #[error("could not read the signed message of `{file}`")]
    Message {
        file: &'static str,
        #[source]
        source: CoseError,
    },
    #[error("the signature of `{file}` is not a signature of its algorithm")]
    Signature { file: &'static str },
    #[error("could not read the certificate for `{file}`")]
    Certificate {
        file: &'static str,
        #[source]
        source: CertificateError,
    },
    #[error("the manifest has no segment `{index}`")]
    NoSuchSegment { index: u32 },
}

/// Everything that proves one act.
#[derive(Debug, Clone, Copy)]
pub struct RecordEvidence<'a> {
    /// The record's COSE_Sign1, byte for byte as signed.
    pub record: &'a [u8],
    /// The COSE_Sign1 of the envelope that carried it.
    pub envelope: &'a [u8],
    /// The COSE_Sign1 of HQ's receipt; for footage the one over the root.
    pub receipt: &'a [u8],
    /// The PDF as attached, with its embedded signature if it has one.
    pub document: Option<&'a [u8]>,
    /// Path in the folder and bytes of each file that the record names (`Enclosure::path`).
    pub enclosed: &'a [(String, &'a [u8])],
    /// DER of the officer's certificate, or of the device's for footage.
    pub signer: &'a [u8],
    /// DER of the certificate that signed the envelope.
    pub device: &'a [u8],
    /// DER of the certificate that signed the receipt.
    pub receipt_signer: &'a [u8],
    /// HQ's RFC 3161 response over the record's SHA-256; none of a record that HQ stored before it gave any.
    pub stamp: Option<&'a [u8]>,
    /// DER of the authorities between these certificates and the root, each once; the root stays outside.
    pub authorities: &'a [&'a [u8]],
}

/// The original bytes of a clip, in one piece or as the camera cut them.
#[derive(Debug, Clone, Copy)]
pub enum Footage<'a> {
    Whole(&'a [u8]),
    Segments(&'a [&'a [u8]]),
}

/// Everything that proves one clip.
#[derive(Debug, Clone, Copy)]
pub struct ClipEvidence<'a> {
    /// The manifest's record and its delivery.
    pub manifest: RecordEvidence<'a>,
    /// The camera's own chain, byte for byte as taken in.
    pub camera_chain: &'a [u8],
    /// What the camera signed of itself, as the manifest carried it; none of a manifest that carried nothing.
    pub camera_events: Option<&'a [u8]>,
    /// DER of the camera's certificate.
    pub camera: &'a [u8],
    pub footage: Footage<'a>,
}

/// What proves one segment without disclosing the rest of its clip.
#[derive(Debug, Clone, Copy)]
pub struct SegmentEvidence<'a> {
    pub manifest: &'a Manifest,
    pub index: u32,
    /// The original bytes of the segment.
    pub plain: &'a [u8],
    /// The COSE_Sign1 of HQ's receipt over the root.
    pub receipt: &'a [u8],
    pub receipt_signer: &'a [u8],
    pub authorities: &'a [&'a [u8]],
}

/// What proves that a terminal was wiped by order, and what that destroyed.
#[derive(Debug, Clone, Copy)]
pub struct WipeEvidence<'a> {
    /// The order's COSE_Sign1, with its approvals inside where it takes them.
    pub order: &'a [u8],
    /// The COSE_Sign1 of the terminal's [`domain::orders::OrderReport`].
    pub statement: &'a [u8],
    /// DER of HQ's command certificate.
    pub command: &'a [u8],
    /// DER of the certificate that signed the statement.
    pub device: &'a [u8],
    /// DER of the authorities between these certificates and the root, each once; the root stays outside.
    pub authorities: &'a [&'a [u8]],
}

/// The folder of a wipe.
pub fn wipe_folder(evidence: &WipeEvidence<'_>) -> Result<Files, FolderError> {
    Ok(Files::from([
        (ORDER_FILE.to_owned(), evidence.order.to_vec()),
        (ORDER_SIGNER.to_owned(), pem(ORDER_SIGNER, evidence.command)?),
        (STATEMENT.to_owned(), evidence.statement.to_vec()),
        (
            STATEMENT_SIGNER.to_owned(),
            pem(STATEMENT_SIGNER, evidence.device)?,
        ),
        (AUTHORITIES.to_owned(), pems(evidence.authorities)?),
    ]))
}

/// The folder of an act.
pub fn record_folder(evidence: &RecordEvidence<'_>) -> Result<Files, FolderError> {
    let mut files = delivery(evidence)?;
    files.extend(evidence.document.map(|pdf| (DOCUMENT.to_owned(), pdf.to_vec())));
    let enclosed = evidence.enclosed.iter();
    files.extend(enclosed.map(|(path, bytes)| (path.clone(), bytes.to_vec())));
    Ok(with_sums(files))
}

/// The folder of a clip.
pub fn clip_folder(evidence: &ClipEvidence<'_>) -> Result<Files, FolderError> {
    let mut files = delivery(&evidence.manifest)?;
    files.insert(CAMERA_CHAIN.to_owned(), evidence.camera_chain.to_vec());
    files.insert(CAMERA.to_owned(), pem(CAMERA, evidence.camera)?);
    let events = evidence.camera_events;
    files.extend(events.map(|events| (CAMERA_EVENTS.to_owned(), events.to_vec())));
    match evidence.footage {
        Footage::Whole(clip) => {
            files.insert(CLIP.to_owned(), clip.to_vec());
        }
        Footage::Segments(segments) => {
            let named = (0..)
                .zip(segments)
                .map(|(index, plain)| (segment_file(index), plain.to_vec()));
            files.extend(named);
        }
    }
    Ok(with_sums(files))
}

/// The folder of one segment.
pub fn segment_folder(evidence: &SegmentEvidence<'_>) -> Result<Files, FolderError> {
    let index = evidence.index;
    let proof = Proof::of(evidence.manifest, index).ok_or(FolderError::NoSuchSegment { index })?;
    let mut files = message(Message::Receipt, evidence.receipt)?;
    let signer = Message::Receipt.signer_file();
    files.insert(signer.to_owned(), pem(signer, evidence.receipt_signer)?);
    files.insert(AUTHORITIES.to_owned(), pems(evidence.authorities)?);
    files.insert(SEGMENT.to_owned(), evidence.plain.to_vec());
    files.insert(PROOF.to_owned(), proof.to_bytes());
    Ok(with_sums(files))
}

fn delivery(evidence: &RecordEvidence<'_>) -> Result<Files, FolderError> {
    let mut files = message(Message::Record, evidence.record)?;
    files.extend(message(Message::Envelope, evidence.envelope)?);
    files.extend(message(Message::Receipt, evidence.receipt)?);
    let signers = [
        (Message::Record, evidence.signer),
        (Message::Envelope, evidence.device),
        (Message::Receipt, evidence.receipt_signer),
    ];
    for (message, der) in signers {
        files.insert(message.signer_file().to_owned(), pem(message.signer_file(), der)?);
    }
    files.extend(
        evidence
            .stamp
            .map(|response| (STAMP.to_owned(), response.to_vec())),
    );
    files.insert(AUTHORITIES.to_owned(), pems(evidence.authorities)?);
    Ok(files)
}

fn message(message: Message, bytes: &[u8]) -> Result<Files, FolderError> {
    let file = message.cose_file();
    let signed = cose::parse(bytes).map_err(|source| FolderError::Message { file, source })?;
    let mut files = message.copies(&signed).ok_or(FolderError::Signature { file })?;
    files.insert(file.to_owned(), bytes.to_vec());
    Ok(files)
}

fn pem(file: &'static str, der: &[u8]) -> Result<Vec<u8>, FolderError> {
    let certificate = Certificate::from_der(der);
    let certificate = certificate.map_err(|source| FolderError::Certificate { file, source })?;
    Ok(certificate.to_pem().into_bytes())
}

fn pems(authorities: &[&[u8]]) -> Result<Vec<u8>, FolderError> {
    let texts: Result<Vec<_>, _> = authorities.iter().map(|der| pem(AUTHORITIES, der)).collect();
    Ok(texts?.concat())
}

fn with_sums(mut files: Files) -> Files {
    files.insert(SUMS.to_owned(), sums(&files).into_bytes());
    files
}

/// What `sha256sum` prints for every file but the list itself, in the order of their names.
pub(crate) fn sums(files: &Files) -> String {
    sums_with(files, BTreeMap::new())
}

/// The same where the digests of some files are known, or of files that are not in memory.
pub(crate) fn sums_with(files: &Files, mut known: BTreeMap<String, Digest>) -> String {
    for (name, bytes) in files.iter().filter(|(name, _)| *name != SUMS) {
        known.entry(name.clone()).or_insert_with(|| Digest::of(bytes));
    }
    let mut text = String::new();
    for (name, digest) in known {
        writeln!(text, "{digest}  {name}").expect("writing to a string cannot fail");
    }
    text
}

/// The file of segment `index` in a clip folder.
pub(crate) fn segment_file(index: u32) -> String {
    format!("{SEGMENTS}{index:08}.bin")
}

/// The three signed messages of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    Record,
    Envelope,
    Receipt,
}

impl Message {
    pub(crate) const fn cose_file(self) -> &'static str {
        match self {
            Self::Record => "record.cose",
            Self::Envelope => "envelope.cose",
            Self::Receipt => "receipt.cose",
        }
    }

    pub(crate) const fn signer_file(self) -> &'static str {
        match self {
            Self::Record => "signer.pem",
            Self::Envelope => "device.pem",
            Self::Receipt => "receipt-signer.pem",
        }
    }

    pub(crate) const fn namespace(self) -> Namespace {
        match self {
            Self::Record => Namespace::Record,
            Self::Envelope => Namespace::Envelope,
            Self::Receipt => Namespace::Receipt,
        }
    }

    /// The parts of a message in the forms that openssl reads; `None` when the signature is not one of its algorithm.
    pub(crate) fn copies(self, signed: &Signed) -> Option<Files> {
        let [payload, tbs, der, raw] = self.copy_names();
        let signature = match signed.algorithm {
            Algorithm::Es256 => (der, ecdsa_to_der(&signed.signature).ok()?),
            Algorithm::EdDsa => (raw, signed.signature.clone()),
        };
        let files = [
            (payload, signed.payload.clone()),
            (tbs, signed.to_be_signed()),
            signature,
        ];
        Some(files.map(|(name, bytes)| (name.to_owned(), bytes)).into())
    }

    /// Every name that [`Self::copies`] may use: payload, Sig_structure, signature as DER or raw.
    pub(crate) const fn copy_names(self) -> [&'static str; 4] {
        match self {
            Self::Record => ["record.cbor", "record.tbs", "record.sig.der", "record.sig"],
            Self::Envelope => [
                "envelope.cbor",
                "envelope.tbs",
                "envelope.sig.der",
                "envelope.sig",
            ],
            Self::Receipt => ["receipt.cbor", "receipt.tbs", "receipt.sig.der", "receipt.sig"],
        }
    }
}
