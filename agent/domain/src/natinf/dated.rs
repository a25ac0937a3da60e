//! When a row of the reference data holds, and how far it may be trusted.

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;

/// The days on which a row is the law, first and last included; absent where the source names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Validity {
    #[n(0)]
    pub from: Option<CivilDate>,
    #[n(1)]
    pub until: Option<CivilDate>,
}

impl Validity {
    pub fn holds(&self, day: CivilDate) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.is_over(day)
    }

    pub fn is_over(&self, day: CivilDate) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}

/// Where a row comes from, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Confidence {
    /// Read in the official list.
    #[n(0)]
    A,
    /// Read in a recent secondary source.
    #[n(1)]
    B,
    /// Read in an old or contradicted source.
    #[n(2)]
    C,
    /// Common knowledge, to be confirmed before anybody relies on it.
    #[n(3)]
    D,
}
