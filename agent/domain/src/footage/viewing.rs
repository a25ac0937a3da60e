//! Why an officer looks at a recording on the spot.

use minicbor::{Decode, Encode};

/// What alone allows it during an intervention or a procedure (CSI L.241-1, paragraph 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Purpose {
    /// Recherche d'auteurs d'infractions.
    #[n(0)]
    Offenders,
    /// Prévention d'atteintes imminentes à l'ordre public.
    #[n(1)]
    ImminentBreach,
    /// Secours aux personnes.
    #[n(2)]
    Rescue,
    /// Établissement fidèle des faits lors des comptes rendus d'interventions.
    #[n(3)]
    FaithfulReport,
}

impl Purpose {
    pub const ALL: [Self; 4] = [
        Self::Offenders,
        Self::ImminentBreach,
        Self::Rescue,
        Self::FaithfulReport,
    ];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offenders => "recherche-auteurs",
            Self::ImminentBreach => "atteinte-imminente",
            Self::Rescue => "secours",
            Self::FaithfulReport => "compte-rendu",
        }
    }
}
