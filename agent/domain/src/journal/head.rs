//! Heads of a journal: what a terminal states of it in one signature, and HQ's word that it saw no other.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::id::{DeviceId, JournalId};
use crate::time::{Timestamp, UnixMs};

/// Content type of a head's COSE_Sign1.
pub const HEAD: &str = "application/neo-journal-head+cbor;v=1";
/// Content type of a receipt's COSE_Sign1.
pub const HEAD_RECEIPT: &str = "application/neo-journal-receipt+cbor;v=1";

/// The first `size` entries in one value; payload of a COSE_Sign1 by the device (namespace `journal`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Head {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub journal: JournalId,
    /// How many entries, at least 1.
    #[n(2)]
    pub size: u64,
    /// Tree head over the entries' bytes (RFC 9162 §2.1.1).
    #[n(3)]
    pub root: Digest,
    /// The digest of the last of them, which the next one carries.
    #[n(4)]
    pub last: Digest,
    /// Of the start of the program that signs.
    #[n(5)]
    pub epoch: u64,
    #[n(6)]
    pub at: Timestamp,
    /// SHA-256 of the sealed entries that it was sent with, so that nobody slips others under it.
    #[n(7)]
    pub piece: Option<Digest>,
}

/// HQ's countersignature; payload of a COSE_Sign1 by HQ's receipt key (namespace `journal-receipt`).
///
/// HQ gives none for a tree that does not extend the one of its last receipt (C2SP tlog-witness).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HeadReceipt {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub journal: JournalId,
    #[n(3)]
    pub size: u64,
    #[n(4)]
    pub root: Digest,
    /// SHA-256 of the head's COSE_Sign1.
    #[n(5)]
    pub head: Digest,
    /// HQ's clock.
    #[n(6)]
    pub at: UnixMs,
}

impl Head {
    /// Whether no terminal whose journal only ever grew signs both, whatever its clock says.
    ///
    /// Each start adds an entry before anything is signed, so that a later start has the longer journal; and within one
    /// start of the device time does not go back.
    pub fn contradicts(&self, other: &Self) -> bool {
        let differs = self.size == other.size && (self.root != other.root || self.last != other.last);
        self.journal != other.journal
            || differs
            || self.is_later_and_shorter(other)
            || other.is_later_and_shorter(self)
    }

    fn is_later_and_shorter(&self, other: &Self) -> bool {
        let later_start = self.epoch > other.epoch && self.size <= other.size;
        let later_moment =
            self.at.boot == other.at.boot && self.at.mono_ms > other.at.mono_ms && self.size < other.size;
        later_start || later_moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::BootId;
    use crate::time::Zone;

    fn head(size: u64, epoch: u64, mono_ms: u64) -> Head {
        Head {
            version: 1,
            journal: JournalId::from_bytes([7; 16]),
            size,
            root: Digest::of(&size.to_be_bytes()),
            last: Digest::of(b"last"),
            epoch,
            at: Timestamp {
                utc: UnixMs(0),
                zone: Zone::Paris,
                offset_min: 60,
                boot: BootId::from_bytes([1; 16]),
                mono_ms,
            },
            piece: None,
        }
    }

    #[test]
    fn heads_of_one_growing_journal_never_contradict_each_other_in_whatever_order_they_come() {
        let grown = [
            head(2, 1, 10),
            head(5, 1, 20),
            head(5, 1, 30),
            head(6, 2, 40),
            head(9, 3, 50),
        ];
        for one in &grown {
            for other in &grown {
                assert!(!one.contradicts(other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_journal_that_shrank_was_rewritten_or_is_another_contradicts() {
        let held = head(9, 3, 50);
        let rewritten = Head {
            root: Digest::of(b"other"),
            ..held.clone()
        };
        let foreign = Head {
            journal: JournalId::from_bytes([8; 16]),
            ..held.clone()
        };
        let mut other_boot = head(9, 4, 1);
        other_boot.at.boot = BootId::from_bytes([2; 16]);
        for told in [head(8, 3, 60), head(8, 4, 1), rewritten, foreign, other_boot] {
            assert!(told.contradicts(&held), "{told:?}");
            assert!(held.contradicts(&told), "{told:?}");
        }
    }
}
