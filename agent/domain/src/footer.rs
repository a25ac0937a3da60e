//! The code at the foot of an act on paper: number, digest and signature, and nothing about anybody.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::id::ActNumber;
use crate::officer::Matricule;
use crate::time::UnixMs;

/// Content type of a footer's COSE_Sign1, signed by the act's author.
pub const CONTENT_TYPE: &str = "application/neo-footer+cbor;v=1";

/// What the text of the code begins with; unpadded base 32 (RFC 4648) of COSE_Sign1 and certificate follows.
pub const PREFIX: &str = "NEO1";

/// Payload of the footer's COSE_Sign1.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Footer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub number: ActNumber,
    /// SHA-256 of the deterministic bytes of the record without its document.
    #[n(2)]
    pub act: Digest,
    #[n(3)]
    pub signed_at: UnixMs,
    #[n(4)]
    pub offset_min: i16,
    /// RIO or NIGEND of the author.
    #[n(5)]
    pub signer: Matricule,
}
