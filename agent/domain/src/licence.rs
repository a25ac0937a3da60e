//! The driving licence, as shown or as a file knows it.

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::sensitive::Sensitive;

/// What is known of the right to drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum LicenceStatus {
    /// Neither shown nor looked up.
    #[n(0)]
    Unknown,
    #[n(1)]
    Valid,
    #[n(2)]
    Probationary,
    /// The person holds none, or not of this category.
    #[n(3)]
    None,
    /// Suspended, cancelled or without points left.
    #[n(4)]
    Withdrawn,
}

impl LicenceStatus {
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::Valid,
        Self::Probationary,
        Self::None,
        Self::Withdrawn,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "INCONNU",
            Self::Valid => "VALIDE",
            Self::Probationary => "PROBATOIRE",
            Self::None => "AUCUN",
            Self::Withdrawn => "RETIRE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A driving licence.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Licence {
    #[n(0)]
    pub status: LicenceStatus,
    #[n(1)]
    pub number: Option<Sensitive<String>>,
    /// As printed: "B", "A2 B".
    #[n(2)]
    pub categories: Vec<String>,
    #[n(3)]
    pub issued: Option<CivilDate>,
    #[n(4)]
    pub authority: Option<String>,
}
