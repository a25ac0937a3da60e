//! Somebody is arrested, restrained, searched for what is dangerous, and handed to an OPJ (803, 63-1 and 803-6 CPP; R.434-16 CSI).

use minicbor::{Decode, Encode};

use crate::officer::Matricule;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;
use crate::verification::Representative;

/// Why somebody is handcuffed: nothing else allows it (article 803 CPP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HandcuffGround {
    /// Dangerous to others.
    #[n(0)]
    Others,
    /// Dangerous to themselves.
    #[n(1)]
    Themselves,
    /// Likely to try to flee.
    #[n(2)]
    Flight,
}

impl HandcuffGround {
    pub const ALL: [Self; 3] = [Self::Others, Self::Themselves, Self::Flight];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Others => "DANGER-AUTRUI",
            Self::Themselves => "DANGER-SOI",
            Self::Flight => "FUITE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Handcuffs, with the ground of the article and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Handcuffs {
    #[n(0)]
    pub ground: HandcuffGround,
    #[n(1)]
    pub circumstances: String,
}

/// Force, with what made it necessary and how it was measured (R.434-18 CSI).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Force {
    #[n(0)]
    pub circumstances: String,
}

/// A palpation de sécurité: never systematic, for safety alone (R.434-16 CSI).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Palpation {
    #[n(0)]
    pub reasons: String,
    /// Out of the sight of the public, as far as the circumstances allowed it.
    #[n(1)]
    pub apart: bool,
}

/// What was done to hold somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Restraint {
    #[n(0)]
    pub force: Option<Force>,
    #[n(1)]
    pub handcuffs: Option<Handcuffs>,
    #[n(2)]
    pub palpation: Option<Palpation>,
}

/// An arrest: custody counts from its hour (article 63 CPP).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Arrest {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub restraint: Restraint,
}

/// Who tells the rights of custody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum NoticeGiver {
    /// The patrol, by word of mouth, on the spot.
    #[n(0)]
    Patrol,
    /// The OPJ, when the person is brought.
    #[n(1)]
    Opj,
}

impl NoticeGiver {
    pub const ALL: [Self; 2] = [Self::Patrol, Self::Opj];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Patrol => "PATROUILLE",
            Self::Opj => "OPJ",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What became of the written statement of rights (article 803-6 CPP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SheetGiven {
    /// In a language that the person understands.
    #[n(0)]
    Given,
    /// There is none in that language: told by an interpreter, given later.
    #[n(1)]
    Later,
    /// Offered, not taken.
    #[n(2)]
    Declined,
}

impl SheetGiven {
    pub const ALL: [Self; 3] = [Self::Given, Self::Later, Self::Declined];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Given => "REMIS",
            Self::Later => "DIFFERE",
            Self::Declined => "REFUSE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The rights, told by the patrol.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CustodyNotice {
    #[n(0)]
    pub at: UnixMs,
    /// As it is called in French.
    #[n(1)]
    pub language: String,
    #[n(2)]
    pub sheet: SheetGiven,
    /// What could not be overcome, where it was not at once.
    #[n(3)]
    pub delay: Option<String>,
}

/// A person in the hands of an OPJ, who alone decides on custody (articles 62-2 and 63 CPP).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Handover {
    #[n(0)]
    pub arrested: UnixMs,
    #[n(1)]
    pub restraint: Restraint,
    /// Absent where the OPJ tells the rights.
    #[n(2)]
    pub notice: Option<CustodyNotice>,
    /// Of a minor: who was told, or why nobody was.
    #[n(3)]
    pub minor: Option<Representative>,
    /// What the person had with them, one thing each.
    #[n(4)]
    pub property: Vec<Sensitive<String>>,
    #[n(5)]
    pub left: UnixMs,
    #[n(6)]
    pub handed: UnixMs,
    #[n(7)]
    pub opj: Matricule,
    /// The service.
    #[n(8)]
    pub station: String,
}
