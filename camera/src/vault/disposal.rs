//! Why a recording may leave the vault: the only two proofs there are, and the trace that stays.

use domain::canonical::Digest;
use domain::dialogue::ClipRefusal;
use domain::retention::Term;
use domain::{ClipId, Timestamp, UnixMs};
use minicbor::{Decode, Encode};

use super::{Found, VaultError};
use crate::receipt::FootageReceipt;

/// A proof that a recording may be deleted; made by a verified receipt or by the law's term, and by nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal(Proof);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Proof {
    Received(FootageReceipt),
    Expired { recorded: UnixMs, deadline: UnixMs },
}

/// What stays of a recording that is gone: nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Trace {
    #[n(0)]
    pub clip: ClipId,
    /// Merkle root of its manifest; absent when it was never taken in.
    #[n(1)]
    pub root: Option<Digest>,
    /// Segments that were stored.
    #[n(2)]
    pub segments: u32,
    /// Bytes of the recording that were stored.
    #[n(3)]
    pub bytes: u64,
    #[n(4)]
    pub cause: Cause,
}

/// Why it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Cause {
    /// HQ has it, by its receipt of this moment.
    #[n(0)]
    Received(#[n(0)] UnixMs),
    /// Its term ended at this moment (CSI R.241-4).
    #[n(1)]
    Expired(#[n(0)] UnixMs),
    /// It was never acceptable.
    #[n(2)]
    Refused(#[n(0)] ClipRefusal),
    /// HQ ordered a total wipe, which two persons approved: the SHA-256 of the order's COSE_Sign1.
    #[n(3)]
    Ordered(#[n(0)] Digest),
}

impl Disposal {
    /// HQ holds every byte.
    pub fn received(receipt: FootageReceipt) -> Self {
        Self(Proof::Received(receipt))
    }

    /// The term of a recording that began at `recorded`, by the camera's clock and in the zone of the service, has
    /// ended at `now` (CSI R.241-4); nothing before.
    pub fn expired(recorded: &Timestamp, now: UnixMs) -> Option<Self> {
        let deadline = Term::Footage.deadline(recorded);
        (now > deadline).then_some(Self(Proof::Expired {
            recorded: recorded.utc,
            deadline,
        }))
    }

    /// Holds the proof against the recording.
    pub(super) fn trace(&self, clip: ClipId, found: &Found) -> Result<Trace, VaultError> {
        let (root, started, lengths): (_, _, Vec<u32>) = match found {
            Found::Held(held) => {
                let manifest = held.manifest();
                let lengths = manifest.segments.iter().map(|segment| segment.length).collect();
                (Some(manifest.root), manifest.started, lengths)
            }
            Found::Intake(intake) => {
                let lengths = intake
                    .stored()
                    .iter()
                    .map(|stored| stored.record.length)
                    .collect();
                (None, intake.opening().started, lengths)
            }
        };
        let cause = match (&self.0, root) {
            (Proof::Expired { recorded, deadline }, _) if *recorded == started => Cause::Expired(*deadline),
            (Proof::Expired { .. }, _) => return Err(VaultError::OtherRecording),
            (Proof::Received(receipt), Some(root)) if receipt.root() == root => Cause::Received(receipt.at()),
            (Proof::Received(_), Some(_)) => return Err(VaultError::OtherRecording),
            (Proof::Received(_), None) => return Err(VaultError::NotTaken(clip)),
        };
        let segments = u32::try_from(lengths.len()).unwrap_or(u32::MAX);
        Ok(Trace {
            clip,
            root,
            segments,
            bytes: lengths.into_iter().map(u64::from).sum(),
            cause,
        })
    }
}
