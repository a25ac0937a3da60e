//! The services beside the counter: what a victim filed online already, and who does better what they ask for.
//!
//! Nobody is sent away to a service on the network: a complaint is taken whenever the victim wants it (15-3 CPP), and a
//! card tells what they need for the rest.

use minicbor::{Decode, Encode};

/// What the victim did on the network before they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Filed {
    /// A beginning without effect in law: it becomes a complaint here, read again with the victim.
    #[n(0)]
    PreComplaint,
    /// A complaint that exists (15-3-1 CPP): what is added here completes it.
    #[n(1)]
    Complaint,
    /// A complaint to THESEE (15-3-1 CPP).
    #[n(2)]
    Thesee,
}

impl Filed {
    pub const ALL: [Self; 3] = [Self::PreComplaint, Self::Complaint, Self::Thesee];

    /// The word by which a draft keeps it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PreComplaint => "PRE-PLAINTE",
            Self::Complaint => "PLAINTE-EN-LIGNE",
            Self::Thesee => "THESEE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filed| filed.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::PreComplaint => "pré-plainte en ligne",
            Self::Complaint => "plainte en ligne",
            Self::Thesee => "plainte THESEE",
        }
    }

    /// Whether there is a complaint already, which another would only repeat.
    pub const fn is_a_complaint(self) -> bool {
        match self {
            Self::PreComplaint => false,
            Self::Complaint | Self::Thesee => true,
        }
    }
}

/// What was filed, and under which number.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FiledOnline {
    #[n(0)]
    pub filed: Filed,
    #[n(1)]
    pub number: String,
}

/// A service that a card leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum OnlineService {
    /// Fraudulent use of a bank card.
    #[n(0)]
    Perceval,
    /// Unlawful content that everybody can see.
    #[n(1)]
    Pharos,
    /// The frauds on the network that THESEE takes.
    #[n(2)]
    Thesee,
    /// A complaint by video (15-3-1-1 CPP).
    #[n(3)]
    Visioplainte,
}

impl OnlineService {
    pub const ALL: [Self; 4] = [Self::Thesee, Self::Perceval, Self::Pharos, Self::Visioplainte];

    /// The word by which a draft keeps it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Perceval => "PERCEVAL",
            Self::Pharos => "PHAROS",
            Self::Thesee => "THESEE",
            Self::Visioplainte => "VISIOPLAINTE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.code() == code)
    }

    /// As a document says where the victim is directed to.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Perceval => "PERCEVAL (fraude à la carte bancaire)",
            Self::Pharos => "PHAROS (contenus illicites sur internet)",
            Self::Thesee => "THESEE (escroqueries en ligne)",
            Self::Visioplainte => "Visioplainte (plainte par vidéo)",
        }
    }

    /// Where the victim begins, without the scheme.
    pub const fn address(self) -> &'static str {
        match self {
            Self::Perceval | Self::Thesee => "service-public.fr",
            Self::Pharos => "internet-signalement.gouv.fr",
            Self::Visioplainte => "masecurite.interieur.gouv.fr",
        }
    }
}
