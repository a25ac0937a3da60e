//! What is wrong with the pictures of a signed video, or with the signatures between them.

use thiserror::Error;

use crate::report::Outcome;

/// One finding. Pictures are counted from 0 in the order of the file; both ends of a range are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Damage {
    #[error("{} changed after the signature", pictures_in(*.first, *.last))]
    Modified { first: u32, last: u32 },
    #[error("{} not at the place that was signed", pictures_are(*.first, *.last))]
    Moved { first: u32, last: u32 },
    #[error("{} not there when the ones around were signed", pictures_were(*.first, *.last))]
    Added { first: u32, last: u32 },
    #[error("something among {} changed, was added or removed: the signature has no list to tell where", pictures_in(*.first, *.last))]
    Group { first: u32, last: u32 },
    #[error("{} missing in front of picture {before}", are(*.units, "signed slice"))]
    Missing { before: u32, units: u32 },
    #[error("no signature covers {}", pictures_in(*.first, *.last))]
    Unsigned { first: u32, last: u32 },
    #[error("the signature over {} is missing: the recording goes on behind its last signature", pictures_in(*.first, *.last))]
    Pending { first: u32, last: u32 },
    #[error("{} missing in front of picture {before}", are(*.count, "signature"))]
    SignatureMissing { before: u32, count: u32 },
    #[error("the signature at picture {frame} does not hold")]
    SignatureWrong { frame: u32 },
    #[error("the signature at picture {frame} does not read")]
    SignatureUnreadable { frame: u32 },
    #[error("what stands in front of picture {before} is not what stood there when it was signed")]
    Link { before: u32 },
    #[error("the signature at picture {frame} is an earlier one again")]
    Replayed { frame: u32 },
    #[error("another recording begins at picture {frame}")]
    Joined { frame: u32 },
    #[error("another key signs from picture {frame} on")]
    SignerChanged { frame: u32 },
    #[error("{more} more findings")]
    More { more: u32 },
}

impl Damage {
    /// What this alone makes of the evidence.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Modified { .. }
            | Self::Moved { .. }
            | Self::Added { .. }
            | Self::Group { .. }
            | Self::SignatureWrong { .. }
            | Self::SignatureUnreadable { .. }
            | Self::Link { .. }
            | Self::Replayed { .. }
            | Self::SignerChanged { .. } => Outcome::Tampered,
            Self::Missing { .. }
            | Self::Unsigned { .. }
            | Self::Pending { .. }
            | Self::SignatureMissing { .. }
            | Self::Joined { .. }
            | Self::More { .. } => Outcome::Incomplete,
        }
    }

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Modified { .. } => "frames_modified",
            Self::Moved { .. } => "frames_moved",
            Self::Added { .. } => "frames_added",
            Self::Group { .. } => "group_modified",
            Self::Missing { .. } => "frames_missing",
            Self::Unsigned { .. } => "frames_unsigned",
            Self::Pending { .. } => "frames_pending",
            Self::SignatureMissing { .. } => "signatures_missing",
            Self::SignatureWrong { .. } => "video_signature_wrong",
            Self::SignatureUnreadable { .. } => "video_signature_unreadable",
            Self::Link { .. } => "video_link",
            Self::Replayed { .. } => "video_signature_replayed",
            Self::Joined { .. } => "video_joined",
            Self::SignerChanged { .. } => "video_signer_changed",
            Self::More { .. } => "more_findings",
        }
    }

    /// First and last picture that it is about.
    pub const fn frames(self) -> Option<(u32, u32)> {
        match self {
            Self::Modified { first, last }
            | Self::Moved { first, last }
            | Self::Added { first, last }
            | Self::Group { first, last }
            | Self::Unsigned { first, last }
            | Self::Pending { first, last } => Some((first, last)),
            Self::Missing { before, .. } | Self::SignatureMissing { before, .. } | Self::Link { before } => {
                Some((before, before))
            }
            Self::SignatureWrong { frame }
            | Self::SignatureUnreadable { frame }
            | Self::Replayed { frame }
            | Self::Joined { frame }
            | Self::SignerChanged { frame } => Some((frame, frame)),
            Self::More { .. } => None,
        }
    }

    /// Whether it is about a signature, and not about pictures.
    pub const fn is_of_signature(self) -> bool {
        matches!(
            self,
            Self::SignatureMissing { .. }
                | Self::SignatureWrong { .. }
                | Self::SignatureUnreadable { .. }
                | Self::Replayed { .. }
                | Self::SignerChanged { .. }
        )
    }
}

fn pictures_in(first: u32, last: u32) -> String {
    if first == last {
        format!("picture {first}")
    } else {
        format!("pictures {first} to {last}")
    }
}

fn are(number: u32, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun} is")
    } else {
        format!("{number} {noun}s are")
    }
}

fn pictures_are(first: u32, last: u32) -> String {
    let verb = if first == last { "is" } else { "are" };
    format!("{} {verb}", pictures_in(first, last))
}

fn pictures_were(first: u32, last: u32) -> String {
    let verb = if first == last { "was" } else { "were" };
    format!("{} {verb}", pictures_in(first, last))
}
