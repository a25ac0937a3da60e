//! A person in an act, in the three lengths that French procedure knows.

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::sensitive::Sensitive;

/// How the identity was obtained; only a document seen is more than a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum IdentitySource {
    /// A document was shown.
    #[n(0)]
    Presentee,
    /// Confirmed by a file or an authority.
    #[n(1)]
    Verifiee,
    /// Stated by the person, nothing shown.
    #[n(2)]
    Declaree,
}

impl IdentitySource {
    pub const ALL: [Self; 3] = [Self::Presentee, Self::Verifiee, Self::Declaree];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Presentee => "PRESENTEE",
            Self::Verifiee => "VERIFIEE",
            Self::Declaree => "DECLAREE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// Identité succincte: what a margin or a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BriefIdentity {
    #[n(0)]
    pub surname: Sensitive<String>,
    #[n(1)]
    pub given_names: Sensitive<String>,
    /// Absent where the document or the person does not give it whole.
    #[n(2)]
    pub born: Option<Sensitive<CivilDate>>,
}

/// Petite identité: victim or witness.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShortIdentity {
    #[n(0)]
    pub brief: BriefIdentity,
    #[n(1)]
    pub birth_place: Option<Sensitive<String>>,
    #[n(2)]
    pub nationality: Option<Sensitive<String>>,
    #[n(3)]
    pub profession: Option<Sensitive<String>>,
    #[n(4)]
    pub address: Option<Sensitive<String>>,
    #[n(5)]
    pub phone: Option<Sensitive<String>>,
    #[n(6)]
    pub email: Option<Sensitive<String>>,
}

/// Grande identité: suspect.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FullIdentity {
    #[n(0)]
    pub short: ShortIdentity,
    #[n(1)]
    pub father: Option<Sensitive<String>>,
    #[n(2)]
    pub mother: Option<Sensitive<String>>,
    #[n(3)]
    pub family_situation: Option<Sensitive<String>>,
    #[n(4)]
    pub employer: Option<Sensitive<String>>,
    #[n(5)]
    pub driving_licence: Option<Sensitive<String>>,
}

/// A person's identity at the length that the act needs, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Person {
    #[n(0)]
    pub identity: Identity,
    #[n(1)]
    pub source: IdentitySource,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Identity {
    #[n(0)]
    Brief(#[n(0)] BriefIdentity),
    #[n(1)]
    Short(#[n(0)] Box<ShortIdentity>),
    #[n(2)]
    Full(#[n(0)] Box<FullIdentity>),
}

impl Identity {
    pub const fn brief(&self) -> &BriefIdentity {
        match self {
            Self::Brief(brief) => brief,
            Self::Short(short) => &short.brief,
            Self::Full(full) => &full.short.brief,
        }
    }

    /// The address for messages that the person gave.
    pub fn email(&self) -> Option<&str> {
        let short = match self {
            Self::Brief(_) => return None,
            Self::Short(short) => short,
            Self::Full(full) => &full.short,
        };
        Some(short.email.as_ref()?.reveal())
    }
}
