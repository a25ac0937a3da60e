//! What became of complaints, for the officer who took them.

use minicbor::{Decode, Encode};

use crate::id::{ActId, ActNumber};
use crate::plainte::Stage;
use crate::time::UnixMs;

/// A complaint of which there is something new; nothing here says what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SuiviLine {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub number: Option<ActNumber>,
}

/// Where a complaint stood from a moment of HQ's clock on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SuiviStep {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub stage: Stage,
}
