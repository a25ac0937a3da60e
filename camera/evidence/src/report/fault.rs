//! What can be wrong with evidence, and what each fault makes of the whole.

use domain::footage::custody::NotNext;
use thiserror::Error;
use trust::approval::NotApproved;
use trust::cert::ChainFault;
use trust::cose::SignatureRefusal;
use trust::maker::PathFault;
use trust::pades::PadesFault;

use super::Outcome;
use crate::chain::Broken;
use crate::log::NotAnEvent;
use crate::mp4::Refusal;
use crate::signed_video::Damage;
use crate::video;

/// One thing that is wrong; `file` is a name inside the folder.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("`{file}` is not of the form that its name promises")]
    Unreadable { file: String },
    #[error("`{file}` is of a format version that is not known here")]
    UnknownVersion { file: String },
    #[error("the file is neither a PDF nor a video")]
    UnknownFile,
    #[error("`{file}` is missing")]
    FileMissing { file: String },
    #[error("`{file}` does not belong to the evidence")]
    FileUnexpected { file: String },
    #[error("`{file}` is not what the signed messages and files give")]
    FileChanged { file: String },
    #[error("`{file}` has not the sum that SHA256SUMS lists")]
    SumDiffers { file: String },
    #[error("the signature of `{file}` does not hold")]
    Signature {
        file: String,
        #[source]
        source: SignatureRefusal,
    },
    #[error("the certificate in `{file}` is not vouched for")]
    Certificate {
        file: String,
        #[source]
        source: ChainFault,
    },
    #[error("`{file}` holds an authority that vouches for none of the signers")]
    IdleAuthority { file: String },
    #[error("{0}")]
    Link(Link),
    #[error("the headquarters refused the record")]
    Refused,
    #[error("the headquarters have not received the footage")]
    FootageNotReceived,
    #[error("the headquarters received the record before it was signed")]
    ReceivedBeforeSigned,
    #[error("the time-stamp is over another record")]
    StampRecord,
    #[error("the signature of the time-stamp does not hold")]
    StampSignature,
    #[error("the time-stamp lies outside the time between signature and receipt")]
    StampMoment,
    #[error("the document is not the one that the record names")]
    DocumentChanged,
    #[error("the document goes on after its signature")]
    DocumentExtended,
    #[error("what follows the document is not a signature of it")]
    DocumentTail,
    #[error("the signature inside the document does not hold")]
    DocumentSignature(#[source] PadesFault),
    #[error("the document was signed by another certificate than the record")]
    DocumentSigner,
    #[error("`{file}` is not the file that the record names")]
    EnclosureChanged { file: String },
    #[error("the manifest contradicts itself")]
    ManifestInconsistent,
    #[error("the camera's chain does not hold")]
    CameraChain(#[source] Broken),
    #[error("what the camera signed of itself does not hold")]
    CameraEvents(#[source] NotAnEvent),
    #[error("segment {index} is not the one that was recorded")]
    SegmentChanged { index: u32 },
    #[error("the footage is not the one that was recorded")]
    FootageChanged,
    #[error("the footage is not a whole MP4 file")]
    NotAVideo(#[source] Refusal),
    #[error("a statement on the recording is not the next of its chain")]
    Custody(#[source] NotNext),
    #[error("the order was not approved by two persons")]
    Approvals(#[source] NotApproved),
    #[error("the pictures of the video cannot be read")]
    VideoUnread(#[source] video::Refusal),
    #[error("the video is not signed: no signature of a camera is inside it")]
    VideoNotSigned,
    #[error("the file has {tracks} tracks of pictures, and only one was checked")]
    VideoTracks { tracks: usize },
    #[error("{0}")]
    Video(Damage),
    #[error("the certificate inside the video is not vouched for")]
    VideoSigner(#[source] PathFault),
    #[error("the certificate inside the video is not that of a camera")]
    VideoSignerProfile,
}

/// Two places that must say the same and do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Link {
    #[error("the envelope carried another record")]
    EnvelopeRecord,
    #[error("the envelope came from another device than the record")]
    EnvelopeDevice,
    #[error("the receipt is for another envelope")]
    ReceiptEnvelope,
    #[error("the receipt is for another record")]
    ReceiptRecord,
    #[error("the receipt is for another device")]
    ReceiptDevice,
    #[error("the receipt is over another Merkle root")]
    ReceiptRoot,
    #[error("the record's certificate is not that of its author")]
    RecordHolder,
    #[error("the envelope's certificate is not that of its device")]
    EnvelopeHolder,
    #[error("the record is of another content type")]
    ContentType,
    #[error("the record and its certificate differ on being for training")]
    Formation,
    #[error("the manifest names another camera certificate")]
    CameraCertificate,
    #[error("the camera's certificate is that of another camera")]
    CameraHolder,
    #[error("the manifest names another camera chain")]
    CameraChainFile,
    #[error("the manifest and the camera's chain differ on whether the end is signed")]
    CameraChainEnd,
    #[error("the manifest and the camera differ on whose the camera was")]
    CameraAssigned,
    #[error("the certificate of a statement on the recording is not that of its author")]
    CustodyHolder,
    #[error("a statement on the recording is not by the officer who took it in")]
    CustodyAuthor,
    #[error("the statement is on another order")]
    StatementOrder,
    #[error("the statement is not that of the terminal that the order was given to")]
    StatementDevice,
    #[error("the order or the statement is not of a wipe")]
    StatementCommand,
}

impl Fault {
    /// What this fault alone makes of the evidence.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unreadable { .. }
            | Self::UnknownVersion { .. }
            | Self::UnknownFile
            | Self::CameraChain(Broken::Unreadable)
            | Self::CameraEvents(NotAnEvent::Unreadable)
            | Self::NotAVideo(_) => Outcome::Unreadable,
            Self::VideoUnread(video::Refusal::NoVideo) => Outcome::Incomplete,
            Self::VideoUnread(_) => Outcome::Unreadable,
            Self::Video(damage) => damage.outcome(),
            Self::VideoSigner(PathFault::BadSignature { .. }) => Outcome::Tampered,
            Self::VideoSigner(_) | Self::VideoSignerProfile => Outcome::Untrusted,
            Self::FileMissing { .. }
            | Self::FileUnexpected { .. }
            | Self::Approvals(NotApproved::Missing)
            | Self::Refused
            | Self::VideoNotSigned
            | Self::VideoTracks { .. }
            | Self::FootageNotReceived => Outcome::Incomplete,
            Self::Certificate { source, .. } => match source {
                ChainFault::BadSignature { .. } => Outcome::Tampered,
                ChainFault::UnknownIssuer { .. }
                | ChainFault::TooLong
                | ChainFault::NotYetValid { .. }
                | ChainFault::Expired { .. }
                | ChainFault::WrongProfile { .. } => Outcome::Untrusted,
            },
            Self::Approvals(NotApproved::Approver(_))
            | Self::IdleAuthority { .. }
            | Self::ReceivedBeforeSigned
            | Self::StampMoment => Outcome::Untrusted,
            Self::FileChanged { .. }
            | Self::SumDiffers { .. }
            | Self::Signature { .. }
            | Self::Link(_)
            | Self::StampRecord
            | Self::StampSignature
            | Self::DocumentChanged
            | Self::DocumentExtended
            | Self::DocumentTail
            | Self::DocumentSignature(_)
            | Self::DocumentSigner
            | Self::EnclosureChanged { .. }
            | Self::ManifestInconsistent
            | Self::CameraChain(_)
            | Self::CameraEvents(_)
            | Self::Custody(_)
            | Self::SegmentChanged { .. }
            | Self::Approvals(
                NotApproved::Unreadable
                | NotApproved::Other
                | NotApproved::Signature
                | NotApproved::SamePerson,
            )
            | Self::FootageChanged => Outcome::Tampered,
        }
    }

    /// The name that reports use.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::UnknownVersion { .. } => "unknown_version",
            Self::UnknownFile => "unknown_file",
            Self::FileMissing { .. } => "file_missing",
            Self::FileUnexpected { .. } => "file_unexpected",
            Self::FileChanged { .. } => "file_changed",
            Self::SumDiffers { .. } => "sum_differs",
            Self::Signature { .. } => "signature",
            Self::Certificate { .. } => "certificate",
            Self::IdleAuthority { .. } => "idle_authority",
            Self::Link(_) => "link",
            Self::Refused => "refused",
            Self::FootageNotReceived => "footage_not_received",
            Self::ReceivedBeforeSigned => "received_before_signed",
            Self::StampRecord => "stamp_record",
            Self::StampSignature => "stamp_signature",
            Self::StampMoment => "stamp_moment",
            Self::DocumentChanged => "document_changed",
            Self::DocumentExtended => "document_extended",
            Self::DocumentTail => "document_tail",
            Self::DocumentSignature(_) => "document_signature",
            Self::DocumentSigner => "document_signer",
            Self::EnclosureChanged { .. } => "enclosure_changed",
            Self::ManifestInconsistent => "manifest_inconsistent",
            Self::CameraChain(_) => "camera_chain",
            Self::CameraEvents(_) => "camera_events",
            Self::Custody(_) => "custody",
            Self::SegmentChanged { .. } => "segment_changed",
            Self::FootageChanged => "footage_changed",
            Self::NotAVideo(_) => "not_a_video",
            Self::Approvals(_) => "approvals",
            Self::VideoUnread(_) => "video_unread",
            Self::VideoNotSigned => "video_not_signed",
            Self::VideoTracks { .. } => "video_tracks",
            Self::Video(damage) => damage.code(),
            Self::VideoSigner(_) => "video_signer",
            Self::VideoSignerProfile => "video_signer_profile",
        }
    }
}
