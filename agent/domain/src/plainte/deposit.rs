//! What an account becomes: a complaint, or what stands in for one that the victim refuses (15-3 CPP).

use minicbor::{Decode, Encode};

use crate::officer::Corps;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// The three are kept apart: only a complaint opens a procedure and its limitation periods.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub enum Deposit {
    #[n(0)]
    #[default]
    Plainte,
    /// The statement of a user that the police keep.
    #[n(1)]
    MainCourante(#[n(0)] WithoutPlainte),
    /// The PV de renseignement judiciaire of the gendarmerie.
    #[n(2)]
    RenseignementJudiciaire(#[n(0)] WithoutPlainte),
}

impl Deposit {
    pub const fn is_plainte(&self) -> bool {
        matches!(self, Self::Plainte)
    }

    pub const fn kind(&self) -> DepositKind {
        match self {
            Self::Plainte => DepositKind::Plainte,
            Self::MainCourante(_) => DepositKind::MainCourante,
            Self::RenseignementJudiciaire(_) => DepositKind::RenseignementJudiciaire,
        }
    }

    /// Why there is no complaint; none for a complaint.
    pub const fn without(&self) -> Option<&WithoutPlainte> {
        match self {
            Self::Plainte => None,
            Self::MainCourante(without) | Self::RenseignementJudiciaire(without) => Some(without),
        }
    }
}

/// What the officer chooses, before it is justified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepositKind {
    Plainte,
    MainCourante,
    RenseignementJudiciaire,
}

impl DepositKind {
    pub const ALL: [Self; 3] = [Self::Plainte, Self::MainCourante, Self::RenseignementJudiciaire];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Plainte => "PLAINTE",
            Self::MainCourante => "MAIN-COURANTE",
            Self::RenseignementJudiciaire => "RENSEIGNEMENT",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The title of the document.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Plainte => "Plainte",
            Self::MainCourante => "Main courante",
            Self::RenseignementJudiciaire => "Renseignement judiciaire",
        }
    }

    /// Each force keeps its own; a complaint is everybody's.
    pub const fn is_kept_by(self, corps: Corps) -> bool {
        match (self, corps) {
            (Self::Plainte, _)
            | (Self::MainCourante, Corps::PoliceNationale)
            | (Self::RenseignementJudiciaire, Corps::GendarmerieNationale) => true,
            (Self::MainCourante, Corps::GendarmerieNationale)
            | (Self::RenseignementJudiciaire, Corps::PoliceNationale) => false,
        }
    }
}

/// Why nobody's complaint was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct WithoutPlainte {
    /// The victim's own words; absent where no offence is named.
    #[n(0)]
    pub refusal: Option<Sensitive<String>>,
    /// Present where violence is declared.
    #[n(1)]
    pub violence: Option<ProsecutorTold>,
}

/// The prosecutor was told (protocole-cadre of 30 November 2013).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProsecutorTold {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub magistrate: String,
}
