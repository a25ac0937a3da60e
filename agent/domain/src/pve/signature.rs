//! What the offender did with the locked summary; a missing signature is no defect (A.37-19 CPP).

use minicbor::{Decode, Encode};

use crate::canonical::Digest;

/// A signature by hand on the screen (A.53-4 CPP), bound to what was shown. SHA-256 values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedPad {
    /// Strokes with their timing.
    #[n(0)]
    pub strokes: Digest,
    #[n(1)]
    pub image: Digest,
    /// The summary that was locked while it was signed.
    #[n(2)]
    pub shown: Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub enum OffenderSignature {
    #[n(0)]
    Signed(#[n(0)] SignedPad),
    #[n(1)]
    Declined,
    /// Nobody was there, or nobody was asked.
    #[default]
    #[n(2)]
    Absent,
}
