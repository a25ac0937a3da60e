//! What act a procès-verbal establishes: one act, one PV in flagrance (D.10 CPP).

use minicbor::{Decode, Encode};

use crate::officer::Quality;

/// The acts of street work that a general PV establishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum PvKind {
    /// Saisine and findings.
    #[default]
    #[n(0)]
    Constatations,
    #[n(1)]
    Interpellation,
    #[n(2)]
    Audition,
    #[n(3)]
    Transport,
    #[n(4)]
    Notification,
    /// Objects seized, destroyed or given back.
    #[n(5)]
    Inventaire,
    /// The list of what goes to a magistrate or a service.
    #[n(6)]
    Bordereau,
    /// Corrects a signed act, which stays as it is.
    #[n(7)]
    Rectification,
    /// Withdraws a signed act, with its reasons; the act stays as it is.
    #[n(8)]
    Annulation,
}

impl PvKind {
    pub const ALL: [Self; 9] = [
        Self::Constatations,
        Self::Interpellation,
        Self::Audition,
        Self::Transport,
        Self::Notification,
        Self::Inventaire,
        Self::Bordereau,
        Self::Rectification,
        Self::Annulation,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Constatations => "CONSTATATIONS",
            Self::Interpellation => "INTERPELLATION",
            Self::Audition => "AUDITION",
            Self::Transport => "TRANSPORT",
            Self::Notification => "NOTIFICATION",
            Self::Inventaire => "INVENTAIRE",
            Self::Bordereau => "BORDEREAU",
            Self::Rectification => "RECTIFICATION",
            Self::Annulation => "ANNULATION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The act as its heading names it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Constatations => "Constatations",
            Self::Interpellation => "Interpellation",
            Self::Audition => "Audition",
            Self::Transport => "Transport",
            Self::Notification => "Notification",
            Self::Inventaire => "Inventaire",
            Self::Bordereau => "Bordereau d'envoi",
            Self::Rectification => "Rectification",
            Self::Annulation => "Annulation motivée",
        }
    }

    pub(crate) const fn is_constatations(&self) -> bool {
        matches!(self, Self::Constatations)
    }

    /// Whether an officer of `quality` establishes this act: APJA report what they saw, and hear nobody
    /// (articles 20 and 21 CPP).
    pub const fn open_to(self, quality: Quality) -> bool {
        match self {
            Self::Audition | Self::Notification | Self::Inventaire => quality.takes_complaints(),
            Self::Constatations
            | Self::Interpellation
            | Self::Transport
            | Self::Bordereau
            | Self::Rectification
            | Self::Annulation => true,
        }
    }
}

/// How the author came to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Origin {
    #[n(0)]
    Patrol,
    /// Called by the operations centre (CIC or CORG).
    #[n(1)]
    Called,
    #[n(2)]
    OwnInitiative,
    /// On the instructions of a superior or a magistrate.
    #[n(3)]
    Instructions,
    /// On written réquisitions of the prosecutor.
    #[n(4)]
    Requisition,
}

impl Origin {
    pub const ALL: [Self; 5] = [
        Self::Patrol,
        Self::Called,
        Self::OwnInitiative,
        Self::Instructions,
        Self::Requisition,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Patrol => "PATROUILLE",
            Self::Called => "APPEL",
            Self::OwnInitiative => "INITIATIVE",
            Self::Instructions => "INSTRUCTIONS",
            Self::Requisition => "REQUISITION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.code() == code)
    }
}

/// How the crew is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Dress {
    #[n(0)]
    Uniform,
    /// Plain clothes, with the armband "police" or "gendarmerie".
    #[n(1)]
    PlainWithArmband,
}

impl Dress {
    pub const ALL: [Self; 2] = [Self::Uniform, Self::PlainWithArmband];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Uniform => "TENUE",
            Self::PlainWithArmband => "CIVIL",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dress| dress.code() == code)
    }
}
