//! Visas between a terminal and HQ: how far the terminal has taken HQ's notes, and one note on its way.

use domain::DeviceId;
use minicbor::{Decode, Encode};

use super::counted;

/// Content type of a [`VisaMessage`], whose namespace is that of orders.
pub const VISA: &str = "application/neo-visa+cbor;v=1";
/// The largest note that is sealed into one message, in bytes; seal, signature and topic take less than the rest of a
/// packet.
pub const MAX_VISA_NOTE: usize = 240 * 1024;

/// What a terminal says of HQ's notes on visas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct VisasHeld {
    /// The highest sequence that is stored; 0 before the first.
    #[cbor(n(0), decode_with = "counted")]
    pub notes: u64,
}

/// One note on visas; payload of a COSE_Sign1 by HQ's command key (namespace `order`), on the topic of orders.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct VisaMessage {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// The note follows on this sequence: a terminal that has not come so far lacks one, and says hello again.
    #[cbor(n(2), decode_with = "counted")]
    pub after: u64,
    /// A note is taken once.
    #[cbor(n(3), decode_with = "counted")]
    pub sequence: u64,
    /// age file (X25519, the terminal's certified recipient) holding a [`domain::visa::VisaNote`].
    #[cbor(n(4), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}
