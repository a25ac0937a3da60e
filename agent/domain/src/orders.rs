//! Orders from HQ to one device. Their effect is the keys issue's; their shape is fixed here.

use minicbor::{Decode, Encode};

use crate::id::DeviceId;
use crate::time::UnixMs;

/// Payload of a COSE_Sign1 by HQ's command key (namespace `order`); bound to one device, in sequence, expiring.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    #[n(0)]
    pub device: DeviceId,
    /// Strictly ascending per device; the highest seen is stored before any effect.
    #[n(1)]
    pub sequence: u64,
    #[n(2)]
    pub not_after: UnixMs,
    #[n(3)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Command {
    /// Drop the officer's keys from memory.
    #[n(0)]
    Lock,
}
