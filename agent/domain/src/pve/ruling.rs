//! What the rules allow: amounts of the day, and points that may be withdrawn.

use minicbor::{Decode, Encode};

use crate::natinf::{Amounts, Confidence, Natinf, Nature};

/// The most points that offences seen together may cost.
pub const MAX_POINTS: u8 = 8;

/// One offence and its forfait.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ruled {
    #[n(0)]
    pub natinf: Natinf,
    #[n(1)]
    pub nature: Nature,
    #[n(2)]
    pub amounts: Amounts,
    /// What a court may pronounce, in euro cents.
    #[n(3)]
    pub maximum: u32,
    /// "Susceptible" of withdrawal; absent where nobody can lose any, or where the sources are silent.
    #[n(4)]
    pub points: Option<u8>,
    #[n(5)]
    pub confidence: Confidence,
}

/// What the officer must look at besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Hint {
    /// The telephone is noted with another offence: the licence may be retained (R.224-19-1 Code de la route).
    #[n(0)]
    RetentionOfLicence,
    /// An APJA notes only the contraventions that the texts of that quality list.
    #[n(1)]
    ListOfTheQuality,
}

/// The ruling over an act without any bar; amounts are added up by nobody, points are, up to [`MAX_POINTS`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ruling {
    #[n(0)]
    pub offences: Vec<Ruled>,
    #[n(1)]
    pub points: u8,
    #[n(2)]
    pub hints: Vec<Hint>,
}
