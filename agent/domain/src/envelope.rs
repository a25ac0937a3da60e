//! What travels: the envelope that carries a sealed record up, and the receipt that comes back.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::canonical::{Digest, NotCanonical, decode, encode};
use crate::id::{DeviceId, EnvelopeId};
use crate::time::{Timestamp, UnixMs};

/// The largest envelope that any part of the system accepts, in bytes.
pub const MAX_ENVELOPE: usize = 240 * 1024;

/// The largest sealed bundle that goes inside its envelope, in bytes; signature, ids and header need less than the rest.
pub const MAX_INLINE: usize = MAX_ENVELOPE - 1024;

/// The largest part of a sealed bundle that travels by itself, in bytes.
pub const MAX_PART: usize = 4 * 1024 * 1024;

/// The most parts of one sealed bundle: 20 GiB, as many as an envelope has room to name.
pub const MAX_PARTS: usize = 5120;

/// Which queue an envelope waits in; urgent goes first, the others share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Lane {
    #[n(0)]
    Urgent,
    /// Procedures: acts and manifests.
    #[n(1)]
    Procedures,
    #[n(2)]
    Events,
    #[n(3)]
    Telemetry,
}

impl Lane {
    pub const ALL: [Self; 4] = [Self::Urgent, Self::Procedures, Self::Events, Self::Telemetry];

    /// The last level of the lane's topic.
    pub const fn topic_level(self) -> &'static str {
        match self {
            Self::Urgent => "u",
            Self::Procedures => "pv",
            Self::Events => "ev",
            Self::Telemetry => "tel",
        }
    }
}

/// Payload of the envelope's COSE_Sign1, signed by the device (namespace `envelope`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Envelope {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub id: EnvelopeId,
    #[n(2)]
    pub device: DeviceId,
    #[n(3)]
    pub lane: Lane,
    /// Ascending without holes per device and lane, from 1.
    #[n(4)]
    pub sequence: u64,
    #[n(5)]
    pub created: Timestamp,
    /// SHA-256 of the signed record inside the seal; the record's random content keeps it from telling anything.
    #[n(6)]
    pub record: Digest,
    /// age file (X25519, HQ's sealing key) holding a [`Bundle`]; empty when it travels in parts.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// The age file is these parts one after the other, each uploaded by itself.
    #[cbor(n(8), skip_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// One piece of a sealed bundle that is too large for its envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Part {
    /// Length, at most [`MAX_PART`].
    #[n(0)]
    pub bytes: u64,
    #[n(1)]
    pub sha256: Digest,
}

/// What HQ finds inside the seal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// COSE_Sign1 of a [`crate::record::Record`] (namespace `record`), byte for byte as signed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: Vec<u8>,
    #[n(1)]
    pub attachments: Vec<Attachment>,
}

/// A file that goes with a record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Attachment {
    #[n(0)]
    pub name: String,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub content: Vec<u8>,
}

/// HQ's answer to one envelope; payload of a COSE_Sign1 by HQ's receipt key (namespace `receipt`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub envelope: EnvelopeId,
    /// SHA-256 of the envelope's COSE_Sign1 as received.
    #[n(3)]
    pub envelope_digest: Digest,
    /// SHA-256 of the record's COSE_Sign1; absent when the seal could not be opened.
    #[n(4)]
    pub record_digest: Option<Digest>,
    #[n(5)]
    pub status: ReceiptStatus,
    /// HQ's clock.
    #[n(6)]
    pub at: UnixMs,
    /// For footage: the manifest's Merkle root once every segment is stored.
    #[n(7)]
    pub footage_root: Option<Digest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum ReceiptStatus {
    /// Verified and stored.
    #[n(0)]
    Stored,
    /// Never acceptable as it is; the officer is told and a corrective act is opened.
    #[n(1)]
    Refused(#[n(0)] RefusalCode),
}

/// Why HQ refuses an envelope for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Error)]
#[cbor(index_only)]
pub enum RefusalCode {
    #[error("the envelope cannot be read")]
    #[n(0)]
    Unreadable,
    #[error("the device is not known")]
    #[n(1)]
    UnknownDevice,
    #[error("the device's signature does not hold")]
    #[n(2)]
    DeviceSignature,
    #[error("the seal cannot be opened")]
    #[n(3)]
    Seal,
    #[error("the officer is not known or not enrolled on this device")]
    #[n(4)]
    UnknownOfficer,
    #[error("the officer's signature does not hold")]
    #[n(5)]
    OfficerSignature,
    #[error("the same id was received with other content")]
    #[n(6)]
    IdReused,
    #[error("the document does not match the record")]
    #[n(7)]
    DocumentMismatch,
    #[error("the act's number is outside the device's range")]
    #[n(8)]
    NumberOutsideRange,
    #[error("the officer's quality does not allow this act")]
    #[n(9)]
    QualityNotEmpowered,
    #[error("the service competent for the act asks for a correction")]
    #[n(10)]
    CorrectionAsked,
    #[error("the act came without its document")]
    #[n(11)]
    DocumentMissing,
    #[error("the signature inside the document is not the author's")]
    #[n(12)]
    DocumentSignature,
    #[error("the camera is not enrolled, or was withdrawn before it recorded")]
    #[n(13)]
    UnknownCamera,
    #[error("a file that the record names did not come with it, or another one did")]
    #[n(14)]
    AttachmentMissing,
    #[error("headquarters holds no act under that id that a visa may be about")]
    #[n(15)]
    ActUnknown,
    #[error("headquarters holds the act under another digest")]
    #[n(16)]
    ActDiffers,
    #[error("somebody else than the act's author asks for its visa")]
    #[n(17)]
    NotTheAuthor,
    #[error("the visa is not asked from an OPJ, or is given by another officer than the one who was asked")]
    #[n(18)]
    NotTheOpj,
    #[error("nobody gives a visa to an act of their own")]
    #[n(19)]
    OwnAct,
    #[error("the visa was asked for, or decided, before")]
    #[n(20)]
    VisaTwice,
    #[error("the certificate of the terminal or of the officer was revoked before the act was signed")]
    #[n(21)]
    SignerRevoked,
    #[error("the officer was suspended before the act was signed")]
    #[n(22)]
    OfficerSuspended,
    #[error("the measure is none that the law lets be signed: its hours, grounds or terms")]
    #[n(23)]
    MeasureUnlawful,
    #[error("headquarters knows no such recording of this officer")]
    #[n(24)]
    RecordingUnknown,
    #[error("the statement on the recording does not follow the last one that headquarters has")]
    #[n(25)]
    CustodyBroken,
    #[error("the camera signs inside its video, and the film lacks signatures or does not fit them")]
    #[n(30)]
    FootageUnsigned,
}

impl Envelope {
    /// Whether the bundle is in one place only, and its parts are within the bounds.
    pub fn is_well_formed(&self) -> bool {
        let part = |part: &Part| (1..=MAX_PART as u64).contains(&part.bytes);
        (self.parts.is_empty() || self.sealed.is_empty())
            && self.parts.len() <= MAX_PARTS
            && self.parts.iter().all(part)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotCanonical> {
        decode(bytes)
    }
}

impl Receipt {
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotCanonical> {
        decode(bytes)
    }
}
