//! What the operations centre proposes, on its way from HQ to a terminal, and HQ's word that it has what a crew told.

use domain::{DeviceId, InterventionId};
use minicbor::{Decode, Encode};

use super::counted;

/// The largest note that is opened, in bytes.
pub const MAX_DISPATCH_NOTE: usize = 8 * 1024;

/// One proposal for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DispatchMessage {
    #[n(0)]
    pub device: DeviceId,
    /// The note follows on this sequence, or on ones whose term is over: a terminal that has not come so far lacks one,
    /// and says hello again.
    #[cbor(n(1), decode_with = "counted")]
    pub after: u64,
    /// A note is taken once.
    #[cbor(n(2), decode_with = "counted")]
    pub sequence: u64,
    /// age file (X25519, the terminal's certified recipient) holding a [`domain::intervention::DispatchNote`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// HQ keeps this statement of a crew, or a later one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProgressKept {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub intervention: InterventionId,
    #[n(2)]
    pub sequence: u64,
}
