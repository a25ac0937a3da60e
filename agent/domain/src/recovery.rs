//! Drafts kept at headquarters, so that a broken phone does not lose them; nobody there reads one alone.

use minicbor::{Decode, Encode};

use crate::id::{ActId, DeviceId, OfficerId};
use crate::time::Timestamp;

/// The largest sealed draft that is kept, in bytes: what one message carries beside its signature.
pub const MAX_SEALED: usize = 224 * 1024;

/// The X25519 recipients of the two persons without whom no kept draft opens: the inner seal is the first one's, the
/// outer seal the second one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryKeys {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub first: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    pub second: [u8; 32],
}

/// A draft as it leaves; payload of a COSE_Sign1 by the device (namespace `snapshot`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Snapshot {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub officer: OfficerId,
    #[n(3)]
    pub draft: ActId,
    /// Ascending per device: of two snapshots of a draft the later one counts.
    #[n(4)]
    pub sequence: u64,
    #[n(5)]
    pub at: Timestamp,
    /// age file to [`RecoveryKeys::second`] that holds an age file to [`RecoveryKeys::first`] that holds a
    /// [`Recoverable`]; empty once the draft is signed or given up, so that headquarters forgets it.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// What comes back to another terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Recoverable {
    /// Whose draft it is: nobody else opens it.
    #[n(0)]
    pub officer: OfficerId,
    #[n(1)]
    pub draft: ActId,
    /// A [`crate::draft::Draft`], as it was stored.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub content: Vec<u8>,
}
