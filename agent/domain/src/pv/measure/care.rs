//! Somebody is looked after or called: drunk in public (L.3341-1 CSP), a minor handed to parents, a person summoned (61-1 CPP).

use minicbor::{Decode, Encode};

use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// What a written summons of a suspect says (article 61-1 CPP).
pub const SUMMONS_RIGHTS: [&str; 4] = [
    "Vous êtes convoqué pour être entendu librement ; vous pouvez quitter à tout moment les locaux où vous êtes entendu.",
    "Si l’infraction est un crime ou un délit puni d’emprisonnement, vous pouvez être assisté d’un avocat de votre choix ou commis d’office, que vous demandez au bâtonnier.",
    "Les frais d’avocat sont à votre charge, sauf si vous remplissez les conditions de l’aide juridictionnelle.",
    "Avant l’audition, vous pouvez recevoir des conseils juridiques, gratuits le cas échéant, dans une structure d’accès au droit.",
];

/// The physician who sees a drunk person before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Doctor {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub at: UnixMs,
    /// No hospital is needed: the certificate of non-admission.
    #[n(2)]
    pub fit: bool,
}

/// Where a drunk person goes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum DrunkOutcome {
    /// To a chambre de sûreté until sober.
    #[n(0)]
    Cell(#[n(0)] UnixMs),
    /// To somebody who answers for them.
    #[n(1)]
    Entrusted(#[n(0)] Sensitive<String>),
    #[n(2)]
    Hospital(#[n(0)] String),
}

impl DrunkOutcome {
    /// The cell, somebody, the hospital.
    pub const CODES: [&'static str; 3] = ["CHAMBRE", "TIERS", "HOPITAL"];
}

/// Ivresse publique et manifeste (article L.3341-1 of the Code de la santé publique); never of a minor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ivresse {
    /// Signs of drunkenness that anybody could see, in a public place.
    #[n(0)]
    pub signs: String,
    #[n(1)]
    pub found: UnixMs,
    #[n(2)]
    pub doctor: Doctor,
    #[n(3)]
    pub outcome: DrunkOutcome,
}

/// As what somebody takes a minor over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Parent {
    #[n(0)]
    Mother,
    #[n(1)]
    Father,
    /// Or whoever has parental authority.
    #[n(2)]
    Guardian,
    /// Sent by who has it, by name.
    #[n(3)]
    Entrusted,
}

impl Parent {
    pub const ALL: [Self; 4] = [Self::Mother, Self::Father, Self::Guardian, Self::Entrusted];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Mother => "MERE",
            Self::Father => "PERE",
            Self::Guardian => "TUTEUR",
            Self::Entrusted => "MANDATE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A minor in the hands of who has parental authority.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Remise {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub to: Sensitive<String>,
    #[n(2)]
    pub parent: Parent,
    /// How the minor is: hurt, tired, afraid, well.
    #[n(3)]
    pub state: String,
}

/// A written summons of somebody who is suspected; the offences are those of the PV.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Convocation {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub station: String,
}
