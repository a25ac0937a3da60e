//! What the screens show of visas: the acts that wait for one here, and how far those of the officer's own acts are.

use minicbor::{Decode, Encode};

use crate::envelope::RefusalCode;
use crate::id::{ActId, ActNumber};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

/// An act that waits for this officer's visa.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct VisaLine {
    #[n(0)]
    pub request: ActId,
    #[n(1)]
    pub act: ActId,
    #[n(2)]
    pub kind: ActKind,
    #[n(3)]
    pub number: Option<ActNumber>,
    #[n(4)]
    pub signed_at: Timestamp,
    /// "RIO 1234567", who asks and drew the act up.
    #[n(5)]
    pub author: String,
    #[n(6)]
    pub asked_at: Timestamp,
    /// False: too large for one message; it is read at headquarters, and only sent back from here.
    #[n(7)]
    pub shown: bool,
}

/// How far the visa of one of the officer's own acts is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum VisaStanding {
    #[n(0)]
    Asked {
        /// "RIO 7654321".
        #[n(0)]
        opj: String,
    },
    /// HQ refused the request itself.
    #[n(1)]
    NotAsked {
        #[n(0)]
        opj: String,
        #[n(1)]
        code: RefusalCode,
    },
    #[n(2)]
    Given {
        #[n(0)]
        opj: String,
        #[n(1)]
        at: Timestamp,
        #[n(2)]
        observations: Option<Sensitive<String>>,
    },
    #[n(3)]
    Returned {
        #[n(0)]
        opj: String,
        #[n(1)]
        at: Timestamp,
        #[n(2)]
        reason: Sensitive<String>,
    },
}
