//! What the operations centre proposes, as the home screen shows it.

use minicbor::{Decode, Encode};

use crate::id::InterventionId;
use crate::intervention::About;
use crate::time::UnixMs;

/// A proposal, until its term is over or the officer has answered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DispatchLine {
    /// The intervention that it becomes.
    #[n(0)]
    pub dispatch: InterventionId,
    /// HQ's clock.
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub until: UnixMs,
    #[n(3)]
    pub about: About,
    /// The officer has read this item of the briefing.
    #[cbor(n(4), default, skip_if = "unread")]
    pub read: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that `skip_if` asks for"
)]
const fn unread(read: &bool) -> bool {
    !*read
}
