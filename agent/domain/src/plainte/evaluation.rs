//! The personalised evaluation of a victim (10-5 and D.1-3 CPP), which stands in the act or beside it.

use minicbor::{Decode, Encode};

use crate::sensitive::Sensitive;

/// What is known under each criterion of D.1-3, and the protection that follows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Evaluation {
    /// How grave the harm is.
    #[n(0)]
    pub harm: Option<Sensitive<String>>,
    /// The circumstances: a motive of discrimination, what links suspect and victim.
    #[n(1)]
    pub circumstances: Option<Sensitive<String>>,
    /// Age, pregnancy, disability.
    #[n(2)]
    pub vulnerability: Option<Sensitive<String>>,
    /// Whether the victim may be intimidated, or suffer reprisals.
    #[n(3)]
    pub reprisals: Option<Sensitive<String>>,
    #[n(4)]
    pub measures: Option<Sensitive<String>>,
}

impl Evaluation {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
