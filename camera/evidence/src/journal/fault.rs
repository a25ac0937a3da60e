//! What is wrong with a journal, as a sentence that names the entry.

use thiserror::Error;

use crate::report::Outcome;

/// The first thing that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the file is not of version 1")]
    Version,
    #[error("entry {index} {why}")]
    Entry { index: u64, why: Broken },
    #[error("the entries from {from} on are missing: {size} were signed for")]
    Missing { from: u64, size: u64 },
    #[error("the entries from {from} on are under no signed head")]
    Unsigned { from: u64 },
    #[error("the first {size} entries are not those of the head that the terminal signed")]
    Root { size: u64 },
    #[error("the first {size} entries are not those of the countersignature that was kept elsewhere")]
    Held { size: u64 },
    #[error(
        "the terminal signed two journals: its heads of {size} and of {other} entries contradict each other"
    )]
    Fork { size: u64, other: u64 },
    #[error("head {number} does not read")]
    HeadUnreadable { number: usize },
    #[error("head {number} is of another journal")]
    HeadOfAnotherJournal { number: usize },
    #[error("head {number} is not larger than the one before it")]
    HeadsOutOfOrder { number: usize },
    #[error("the head of {size} entries is not signed by the terminal under the given anchors")]
    HeadSignature { size: u64 },
    #[error("the countersignature of {size} entries is not by HQ under the given anchors")]
    ReceiptSignature { size: u64 },
    #[error("the countersignature of {size} entries is about another head")]
    ReceiptDiffers { size: u64 },
    #[error("the countersignature that was kept elsewhere is not by HQ, or about another journal")]
    HeldReceipt,
    #[error("certificate {number} does not read, or comes twice")]
    Certificate { number: usize },
    #[error("a certificate came that no signature needs")]
    NeedlessCertificate,
    #[error("the path does not lead from entry {index} to the signed head")]
    Path { index: u64 },
}

/// What is wrong with one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Broken {
    #[error("does not read")]
    Unreadable,
    #[error("bears the number {found}")]
    Index { found: u64 },
    #[error("is of another journal")]
    OtherJournal,
    #[error("does not follow from the one before it")]
    Link,
    #[error("was written before the one before it, by the time since the device started")]
    Time,
    #[error("is of a start of the device that was over")]
    Boot,
    #[error("counts a start of the program that was counted before")]
    Epoch,
}

impl Fault {
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Version
            | Self::HeadUnreadable { .. }
            | Self::Certificate { .. }
            | Self::Entry {
                why: Broken::Unreadable,
                ..
            } => Outcome::Unreadable,
            Self::Entry { .. }
            | Self::Root { .. }
            | Self::Held { .. }
            | Self::Fork { .. }
            | Self::HeadOfAnotherJournal { .. }
            | Self::HeadsOutOfOrder { .. }
            | Self::ReceiptDiffers { .. }
            | Self::Path { .. }
            | Self::Missing { .. } => Outcome::Tampered,
            Self::Unsigned { .. } | Self::NeedlessCertificate => Outcome::Incomplete,
            Self::HeadSignature { .. } | Self::ReceiptSignature { .. } | Self::HeldReceipt => {
                Outcome::Untrusted
            }
        }
    }
}
