//! What the screens show of urgent alerts: never what they say, since they stand over a locked terminal too.

use minicbor::{Decode, Encode};

use crate::alert::Standing;
use crate::id::ActId;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlertLine {
    #[n(0)]
    pub alert: ActId,
    /// The officer's confirmation.
    #[n(1)]
    pub raised: Timestamp,
    #[n(2)]
    pub standing: Standing,
}
