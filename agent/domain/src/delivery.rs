//! How far an act has come on its way to HQ: progress, not law.

use minicbor::{Decode, Encode};

use crate::envelope::RefusalCode;
use crate::time::UnixMs;

/// The only delivery state of a record; it changes on HQ's signed receipt and on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Delivery {
    /// In the outbox. `attempts` counts sendings, which prove nothing.
    #[n(0)]
    Waiting {
        #[n(0)]
        attempts: u32,
    },
    /// HQ's receipt is stored on the terminal.
    #[n(1)]
    Received {
        #[n(0)]
        at: UnixMs,
    },
    /// HQ refuses it for good; the act stays and a corrective act is opened.
    #[n(2)]
    Refused {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        code: RefusalCode,
    },
}
