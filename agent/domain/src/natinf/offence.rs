//! One offence of the reference set: what it is, and how it may be settled.

use minicbor::{Decode, Encode};

use super::code::Natinf;
use super::dated::{Confidence, Validity};
use super::measure::Measure;
use super::tariff::AfdKey;

/// The nature of an offence: its class decides amounts and powers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Nature {
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
    #[n(6)]
    Delit,
    #[n(7)]
    Crime,
}

impl Nature {
    pub const fn is_contravention(self) -> bool {
        match self {
            Self::C1 | Self::C2 | Self::C3 | Self::C4 | Self::C5 => true,
            Self::Delit | Self::Crime => false,
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "C1" => Self::C1,
            "C2" => Self::C2,
            "C3" => Self::C3,
            "C4" => Self::C4,
            "C5" => Self::C5,
            "D" => Self::Delit,
            "CRIME" => Self::Crime,
            _ => return None,
        })
    }
}

/// How an offence may be settled without a court: per offence, not per class.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Forfait {
    /// Nobody has held it against R.48-1 CPP: no forfait until somebody has.
    #[n(0)]
    Unchecked,
    /// Not listed: the court alone.
    #[n(1)]
    Court,
    /// Listed in R.48-1 CPP.
    #[n(2)]
    Listed {
        /// The reduced amount exists (R.49-8-5 CPP).
        #[n(0)]
        minoree: bool,
        /// The scale of pedestrians.
        #[n(1)]
        pedestrian: bool,
    },
    /// A délit of 495-17 CPP and following, under the tariff of this key.
    #[n(3)]
    Delictuelle(#[n(0)] AfdKey),
}

/// Whether the holder of the registration answers for the fine when nobody was intercepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Holder {
    #[n(0)]
    NotLiable,
    /// R.121-6 Code de la route.
    #[n(1)]
    Listed,
    /// Parking and toll: L.121-2 Code de la route.
    #[n(2)]
    ParkingOrToll,
}

/// What else the law attaches to one offence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Special {
    /// Only vehicles that are not registered owe the paper since 1 April 2024 (décret 2023-1152).
    #[n(0)]
    UnregisteredOnly,
    /// The licence may be retained when another offence is noted with it (R.224-19-1 Code de la route).
    #[n(1)]
    RetentionIfJoint,
}

/// One offence, as it is during its validity; one code may have several, one after another.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Offence {
    #[n(0)]
    pub natinf: Natinf,
    #[n(1)]
    pub nature: Nature,
    /// Capitals without accents, as the official list has it.
    #[n(2)]
    pub label: String,
    #[n(3)]
    pub defined_by: String,
    #[n(4)]
    pub punished_by: String,
    #[n(5)]
    pub forfait: Forfait,
    #[n(6)]
    pub holder: Holder,
    #[n(7)]
    pub measure: Option<Measure>,
    #[n(8)]
    pub special: Option<Special>,
    /// Points "susceptible" of withdrawal, never authoritative; absent where the sources are silent.
    #[n(9)]
    pub points: Option<u8>,
    #[n(10)]
    pub validity: Validity,
    /// The code to use once this one is over.
    #[n(11)]
    pub successor: Option<Natinf>,
    #[n(12)]
    pub confidence: Confidence,
    /// Everyday words by which officers look for it.
    #[n(13)]
    pub words: String,
}

impl Offence {
    /// Listed in R.48-1 CPP.
    pub const fn forfaitisable(&self) -> bool {
        matches!(self.forfait, Forfait::Listed { .. })
    }

    /// The tariff under which an amende forfaitaire délictuelle may be proposed.
    pub const fn afd(&self) -> Option<&AfdKey> {
        match &self.forfait {
            Forfait::Delictuelle(key) => Some(key),
            Forfait::Unchecked | Forfait::Court | Forfait::Listed { .. } => None,
        }
    }

    /// Whether nothing but a court can settle it: what stops the forfait of every offence seen with it (529 CPP).
    pub const fn needs_court(&self) -> bool {
        match &self.forfait {
            Forfait::Unchecked | Forfait::Court => true,
            Forfait::Listed { .. } | Forfait::Delictuelle(_) => false,
        }
    }
}
