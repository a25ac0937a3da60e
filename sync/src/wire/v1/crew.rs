//! What officers of a crew share, on its way from HQ to their terminals, and HQ's word that it has what a terminal told.

use domain::DeviceId;
use minicbor::{Decode, Encode};

use super::counted;

/// The largest note that is opened, in bytes.
pub const MAX_CREW_NOTE: usize = 160 * 1024;

/// One intervention of the crew for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewMessage {
    #[n(0)]
    pub device: DeviceId,
    /// The note follows on this sequence, or on ones that a later one took the place of: a terminal that has not come so
    /// far lacks one, and says hello again.
    #[cbor(n(1), decode_with = "counted")]
    pub after: u64,
    /// A note is taken once.
    #[cbor(n(2), decode_with = "counted")]
    pub sequence: u64,
    /// age file (X25519, the terminal's certified recipient) holding a COSE_Sign1 of a
    /// [`domain::intervention::CrewHanded`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// HQ keeps this word for the crew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewKept {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub sequence: u64,
    /// How many terminals of the crew are in service with the author; absent for a word on the service itself.
    #[n(2)]
    pub reached: Option<u8>,
}
