//! What becomes of complaints, on its way from HQ to a terminal.

use domain::DeviceId;
use minicbor::{Decode, Encode};

use super::counted;

/// The largest note that is opened, in bytes.
pub const MAX_SUIVI_NOTE: usize = 8 * 1024;

/// One note on a complaint that an officer of the terminal took.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SuiviMessage {
    #[n(0)]
    pub device: DeviceId,
    /// The note follows on this sequence: a terminal that has not come so far lacks one, and says hello again.
    #[cbor(n(1), decode_with = "counted")]
    pub after: u64,
    /// A note is taken once.
    #[cbor(n(2), decode_with = "counted")]
    pub sequence: u64,
    /// age file (X25519, the terminal's certified recipient) holding a [`domain::plainte::SuiviNote`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}
