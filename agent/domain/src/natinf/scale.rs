//! The amounts of the amende forfaitaire, one row a class (R.49, R.49-7 and R.49-8-5 CPP).

use minicbor::{Decode, Encode};

use super::dated::{Confidence, Validity};
use super::offence::Nature;

/// The three amounts of an amende forfaitaire, in euro cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Amounts {
    #[n(0)]
    pub forfaitaire: u32,
    /// Absent where the law knows none (parking, tapage).
    #[n(1)]
    pub minoree: Option<u32>,
    #[n(2)]
    pub majoree: u32,
}

/// The rows of the scale: the five classes, and pedestrians.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ScaleClass {
    #[n(0)]
    Pedestrian,
    #[n(1)]
    C1,
    #[n(2)]
    C2,
    #[n(3)]
    C3,
    #[n(4)]
    C4,
    #[n(5)]
    C5,
}

impl ScaleClass {
    /// The row of an offence; none for délits and crimes.
    pub const fn of(nature: Nature, pedestrian: bool) -> Option<Self> {
        Some(match (nature, pedestrian) {
            (Nature::C1, true) => Self::Pedestrian,
            (Nature::C1, false) => Self::C1,
            (Nature::C2, _) => Self::C2,
            (Nature::C3, _) => Self::C3,
            (Nature::C4, _) => Self::C4,
            (Nature::C5, _) => Self::C5,
            (Nature::Delit | Nature::Crime, _) => return None,
        })
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "PIETON" => Self::Pedestrian,
            "C1" => Self::C1,
            "C2" => Self::C2,
            "C3" => Self::C3,
            "C4" => Self::C4,
            "C5" => Self::C5,
            _ => return None,
        })
    }
}

/// One row of the scale, in euro cents.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Scale {
    #[n(0)]
    pub class: ScaleClass,
    #[n(1)]
    pub minoree: Option<u32>,
    #[n(2)]
    pub forfaitaire: u32,
    #[n(3)]
    pub majoree: u32,
    /// What a court may pronounce.
    #[n(4)]
    pub maximum: u32,
    #[n(5)]
    pub validity: Validity,
    #[n(6)]
    pub confidence: Confidence,
    #[n(7)]
    pub source: String,
}

impl Scale {
    pub const fn amounts(&self, minoree: bool) -> Amounts {
        Amounts {
            forfaitaire: self.forfaitaire,
            minoree: if minoree { self.minoree } else { None },
            majoree: self.majoree,
        }
    }
}
