//! The report on a piece of evidence: each question answered apart, for neo-verify, HQ and the patrol.
//!
//! Judged as of the receipt, never of today. A question that was not answered makes the evidence incomplete, and a
//! report without questions is never a success.

mod clip;
mod custody;
mod delivery;
mod document;
mod fault;
mod findings;
mod folder;
mod original;
mod segment;
mod signers;
mod single;
mod stamp;
mod video;
mod wipe;

use domain::UnixMs;
use domain::enrolment::KeyProtection;
use domain::footage::{CameraEvent, VideoCheck};
use domain::id::{ActId, ActNumber, CameraId, ClipId, DeviceId, OfficerId};
use domain::officer::Matricule;
use domain::orders::{Command, Destroyed};
use domain::record::ActKind;
use domain::{Digest, Timestamp};
use trust::cert::Certificate;
use trust::maker;

pub use fault::{Fault, Link};
pub use video::VideoClaims;

use self::folder::Folder;
use crate::folder::{Files, Large, ORDER_FILE, PROOF, SEGMENT, STATEMENT};
use crate::video::Bytes;

/// The result as a whole. Where several apply, the first in this order is it: unreadable, tampered, incomplete,
/// untrusted, ok.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every question was answered, and every answer is good.
    Ok,
    /// Genuine as far as it goes, but not vouched for by the given anchors at the time.
    Untrusted,
    /// A file is missing or one too many, or a question could not be answered.
    Incomplete,
    /// Something is not what was signed.
    Tampered,
    /// Something is not even of the expected form.
    Unreadable,
}

impl Outcome {
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Tampered => 1,
            Self::Incomplete => 2,
            Self::Untrusted => 3,
            Self::Unreadable => 4,
        }
    }

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Tampered => "tampered",
            Self::Incomplete => "incomplete",
            Self::Untrusted => "untrusted",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What the evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Record,
    Clip,
    /// One segment of a clip with its Merkle proof.
    Segment,
    /// A signed PDF by itself.
    Document,
    /// A video by itself, which nothing vouches for but signatures inside it.
    Video,
    /// A terminal that was wiped by order.
    Wipe,
    Unknown,
}

impl Subject {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Clip => "clip",
            Self::Segment => "segment",
            Self::Document => "document",
            Self::Video => "video",
            Self::Wipe => "wipe",
            Self::Unknown => "unknown",
        }
    }
}

/// The questions, in the order of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Every expected file is there, and no other.
    Files,
    /// Sums, copies and texts are what the signed messages give.
    Copies,
    RecordSignature,
    /// The chain of the officer's certificate, or of the device's for footage.
    RecordSigner,
    EnvelopeSignature,
    EnvelopeSigner,
    ReceiptSignature,
    ReceiptSigner,
    /// Record, envelope and receipt are about each other.
    Links,
    /// Certificates were valid when they were used, and HQ received after the signature.
    Dates,
    /// The PDF is the one that the record names.
    Document,
    /// The signature inside the PDF.
    DocumentSignature,
    /// The time-stamp token is HQ's, over this record.
    Stamp,
    /// The photographs are those that the record names.
    Enclosed,
    /// The camera's own chain of signatures over its segments.
    CameraChain,
    /// What the camera signed of itself is what the manifest carries.
    CameraEvents,
    CameraSigner,
    /// The original bytes are those that the manifest or the root names.
    Footage,
    /// The original bytes are an MP4 file.
    Video,
    /// The chain of statements on the recording, from its manifest on.
    Custody,
    CustodySigner,
    /// Every picture of a video is one that a signature inside it covers.
    Frames,
    /// The signatures inside a video.
    VideoSignature,
    /// The chain of the certificate that came inside a video.
    VideoSigner,
    /// The times that a video claims are possible: a clock that was set and never went back, a certificate in date.
    VideoTime,
    /// HQ's order to wipe.
    OrderSignature,
    OrderSigner,
    /// Two persons approved the very order, where it takes them.
    Approvals,
    /// The terminal's statement on what it destroyed.
    StatementSignature,
    StatementSigner,
}

impl Question {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Copies => "copies",
            Self::RecordSignature => "record_signature",
            Self::RecordSigner => "record_signer",
            Self::EnvelopeSignature => "envelope_signature",
            Self::EnvelopeSigner => "envelope_signer",
            Self::ReceiptSignature => "receipt_signature",
            Self::ReceiptSigner => "receipt_signer",
            Self::Links => "links",
            Self::Dates => "dates",
            Self::Document => "document",
            Self::DocumentSignature => "document_signature",
            Self::Stamp => "stamp",
            Self::Enclosed => "enclosed",
            Self::CameraChain => "camera_chain",
            Self::CameraEvents => "camera_events",
            Self::CameraSigner => "camera_signer",
            Self::Footage => "footage",
            Self::Video => "video",
            Self::Frames => "frames",
            Self::Custody => "custody",
            Self::CustodySigner => "custody_signer",
            Self::VideoSignature => "video_signature",
            Self::VideoSigner => "video_signer",
            Self::VideoTime => "video_time",
            Self::OrderSignature => "order_signature",
            Self::OrderSigner => "order_signer",
            Self::Approvals => "approvals",
            Self::StatementSignature => "statement_signature",
            Self::StatementSigner => "statement_signer",
        }
    }
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// At least one fault.
    Failed(Vec<Fault>),
    /// What the check needs is missing, or failed before it.
    NotChecked,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub question: Question,
    pub verdict: Verdict,
}

/// What even a good report leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Whether a certificate had been revoked.
    Revocation,
    /// The time of signing is the terminal's claim; only HQ's time of receipt bounds it.
    TerminalClock,
    /// The times of the terminal's and HQ's clocks are unknown: there is no receipt.
    NoReceipt,
    /// The copy sealed for HQ inside the envelope, which only HQ's key opens.
    SealedCopy,
    /// Whether what is written or shown is true.
    Truth,
    /// When the record existed, by a time-stamp token: there is none.
    NoStamp,
    /// The PDF carries no signature of its own.
    DocumentUnsigned,
    /// The signing key lies in a file, not in hardware.
    KeyInFile,
    /// A training act, without legal value.
    Formation,
    /// The camera did not sign the end: something may have been recorded after it.
    OpenEnded,
    /// Boxes of the MP4 were read, pictures and sound were not.
    Pictures,
    /// The other segments of the clip.
    OtherSegments,
    /// Sound, parameters of the decoder, texts and the container's own times, which no signature inside a video covers.
    UncoveredParts,
    /// What came before the first picture of the file.
    BeganBefore,
    /// When it was recorded: the time is the camera's claim, and nothing else bounds it.
    CameraClock,
    /// When it was recorded: the camera's clock was not set.
    ClockUnset,
    /// When it was recorded: the camera's clock went back.
    ClockUnsteady,
    /// When it was recorded: a certificate was not valid at the time that the camera claims.
    ClaimOutsideValidity,
    /// When it was recorded: the video says nothing of it.
    NoClock,
    /// Whose the key is: it came without a certificate.
    BareKey,
    /// What the maker states of the key, which only the maker's means can check.
    Attestation,
    /// Signatures whose key, algorithm or version is not known here.
    Algorithms,
    /// Whether more was said of the recording than what is here.
    LaterCustody,
}

impl Limit {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::TerminalClock => "terminal_clock",
            Self::NoReceipt => "no_receipt",
            Self::SealedCopy => "sealed_copy",
            Self::Truth => "truth",
            Self::NoStamp => "no_stamp",
            Self::DocumentUnsigned => "document_unsigned",
            Self::KeyInFile => "key_in_file",
            Self::Formation => "formation",
            Self::OpenEnded => "open_ended",
            Self::Pictures => "pictures",
            Self::OtherSegments => "other_segments",
            Self::UncoveredParts => "uncovered_parts",
            Self::BeganBefore => "began_before",
            Self::CameraClock => "camera_clock",
            Self::ClockUnset => "clock_unset",
            Self::ClockUnsteady => "clock_unsteady",
            Self::ClaimOutsideValidity => "claim_outside_validity",
            Self::NoClock => "no_clock",
            Self::BareKey => "bare_key",
            Self::Attestation => "attestation",
            Self::Algorithms => "algorithms",
            Self::LaterCustody => "later_custody",
        }
    }
}

/// One segment of the footage, for the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentState {
    Ok,
    Changed,
    Missing,
}

/// What the evidence says of itself; true only as far as the questions were answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    pub record: Option<RecordClaims>,
    /// HQ's clock.
    pub received_at: Option<UnixMs>,
    /// By the time-stamp token.
    pub stamped_at: Option<UnixMs>,
    pub footage: Option<FootageClaims>,
    /// One entry a segment, in order.
    pub map: Vec<SegmentState>,
    /// Statements on the recording that follow each other from its manifest on.
    pub custody: u32,
    /// What the camera signed of itself, when its signatures hold.
    pub events: Vec<CameraEvent>,
    pub wipe: Option<WipeClaims>,
    pub video: Option<VideoClaims>,
}

/// What a terminal states of its wipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WipeClaims {
    pub device: DeviceId,
    /// Of HQ's order.
    pub sequence: u64,
    pub command: Command,
    /// The terminal's clock.
    pub at: Timestamp,
    pub destroyed: Destroyed,
    /// Pseudonyms of the persons whose approval holds; none of a wipe that needs none.
    pub approvers: Vec<String>,
}

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordClaims {
    pub act: ActId,
    pub kind: ActKind,
    pub number: Option<ActNumber>,
    pub device: DeviceId,
    pub officer: OfficerId,
    pub protection: KeyProtection,
    pub signed_at: Timestamp,
    /// SHA-256 of `record.cose`.
    pub sha256: Digest,
}

/// What a manifest or a proof says of its clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FootageClaims {
    pub clip: ClipId,
    pub camera: CameraId,
    /// Camera clock.
    pub started: UnixMs,
    pub ended: UnixMs,
    /// Bytes of the original file.
    pub bytes: u64,
    /// SHA-256 of the original file.
    pub whole: Digest,
    pub root: Digest,
    /// What the terminal found of the signatures inside the video, and whose the camera was; of a manifest alone.
    pub video: Option<VideoCheck>,
    pub assigned: Option<Matricule>,
}

/// Everything that was found out about one piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub subject: Subject,
    /// In the order of [`Question`], each at most once.
    pub checks: Vec<Check>,
    /// What was not looked at, whatever the outcome.
    pub limits: Vec<Limit>,
    pub claims: Claims,
}

impl Report {
    /// The report on something that could not even be read from where it lies.
    pub fn unreadable(file: String) -> Self {
        let verdict = Verdict::Failed(vec![Fault::Unreadable { file }]);
        Self {
            subject: Subject::Unknown,
            checks: vec![Check {
                question: Question::Files,
                verdict,
            }],
            limits: Vec::new(),
            claims: Claims::default(),
        }
    }

    pub fn outcome(&self) -> Outcome {
        let outcomes = self.checks.iter().flat_map(|check| check.verdict.outcomes());
        // A fault explains the questions that were not reached; without one they weigh by themselves.
        let faults = outcomes.max();
        let unanswered = self
            .checks
            .iter()
            .any(|check| check.verdict == Verdict::NotChecked);
        match faults {
            Some(worst) => worst,
            None if unanswered || self.checks.is_empty() => Outcome::Incomplete,
            None => Outcome::Ok,
        }
    }

    /// The answer to `question`; `None` when it does not arise for this subject.
    pub fn verdict(&self, question: Question) -> Option<&Verdict> {
        self.checks
            .iter()
            .find(|check| check.question == question)
            .map(|check| &check.verdict)
    }
}

impl Verdict {
    fn outcomes(&self) -> Vec<Outcome> {
        match self {
            Self::Failed(faults) => faults.iter().map(Fault::outcome).collect(),
            Self::Ok | Self::NotChecked => Vec::new(),
        }
    }
}

/// Who is trusted: roots of officers, devices and HQ, and more roots for cameras alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchors<'a> {
    everyone: &'a [Certificate],
    cameras: &'a [Certificate],
}

/// Checks a folder of evidence. Cameras may chain to `anchors` or to `camera_anchors`, everybody else to `anchors`.
pub fn verify(files: &Files, anchors: &[Certificate], camera_anchors: &[Certificate]) -> Report {
    verify_large(files, &Large::new(), anchors, camera_anchors)
}

/// [`verify`] for a folder of which some files are not in memory; they are read once, a block at a time.
pub fn verify_large(
    files: &Files,
    large: &Large<'_>,
    anchors: &[Certificate],
    camera_anchors: &[Certificate],
) -> Report {
    let folder = Folder { files, large };
    let anchors = Anchors {
        everyone: anchors,
        cameras: camera_anchors,
    };
    if files.contains_key(ORDER_FILE) || files.contains_key(STATEMENT) {
        wipe::verify(folder, anchors)
    } else if files.contains_key(PROOF) || files.contains_key(SEGMENT) {
        segment::verify(folder, anchors)
    } else {
        folder::verify(folder, anchors)
    }
}

/// Checks a file that came by itself: a signed PDF, or a video. Its camera may chain to `anchors`, as one of the
/// project's own, or to `camera_anchors`, whoever made it.
pub fn verify_file(bytes: &[u8], anchors: &[Certificate], camera_anchors: &[maker::Certificate]) -> Report {
    single::verify(bytes, anchors, camera_anchors)
}

/// [`verify_file`] for a video of any length, which need not be in memory.
pub fn verify_video(
    source: &dyn Bytes,
    anchors: &[Certificate],
    camera_anchors: &[maker::Certificate],
) -> Report {
    video::verify(source, anchors, camera_anchors)
}
