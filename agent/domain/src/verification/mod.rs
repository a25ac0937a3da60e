//! The vérification d'identité (article 78-3 CPP): somebody who refuses or cannot prove an identity is held for it, on
//! an OPJ's decision, a few hours from the start of the check, under rights that are told and proven.
//!
//! Nothing here describes a person: neither ethnicity, nor physique, nor religion has a place.

mod clock;

use minicbor::{Decode, Encode};

use crate::hand::HandSigner;
use crate::id::ActId;
use crate::identity::{DocumentReading, FileTrace};
use crate::legal_basis::CheckFrame;
use crate::officer::Matricule;
use crate::person::Person;
use crate::place::Place;
use crate::pv::{Interpreter, Renvoi};
use crate::record::derived_id;
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};

pub use clock::{Clock, Counted, Stage, limit_min};

/// What a person who is held is told (article 78-3 CPP).
pub const RIGHTS: [&str; 5] = [
    "Vous êtes retenu pour la seule durée strictement exigée par l’établissement de votre identité.",
    "La rétention ne peut pas dépasser quatre heures, huit heures à Mayotte, à compter du début du contrôle.",
    "Vous pouvez demander que le procureur de la République soit informé de votre rétention.",
    "Vous pouvez faire prévenir à tout moment votre famille ou toute personne de votre choix.",
    "Si vous êtes mineur, le procureur de la République est informé dès le début, et vous êtes assisté de votre représentant légal, sauf impossibilité.",
];

/// Why the check did not settle it (78-3 al. 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Ground {
    /// Refuses to prove an identity.
    #[n(0)]
    Refuses,
    #[n(1)]
    Unable,
}

impl Ground {
    pub const ALL: [Self; 2] = [Self::Refuses, Self::Unable];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Refuses => "REFUS",
            Self::Unable => "IMPOSSIBILITE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// Where the person was brought before the OPJ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Presented {
    #[n(0)]
    OnTheSpot,
    #[n(1)]
    AtTheStation,
}

impl Presented {
    pub const ALL: [Self; 2] = [Self::OnTheSpot, Self::AtTheStation];

    pub const fn code(self) -> &'static str {
        match self {
            Self::OnTheSpot => "SUR-PLACE",
            Self::AtTheStation => "LOCAUX",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|presented| presented.code() == code)
    }
}

/// The OPJ who decided, and before whom the person was brought.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Decision {
    #[n(0)]
    pub opj: Matricule,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub presented: Presented,
    #[n(3)]
    pub presented_at: UnixMs,
}

/// The rights as told, what the person wanted of them, and what was done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rights {
    #[n(0)]
    pub told: Timestamp,
    /// BCP 47 tag of the language in which they were told.
    #[n(1)]
    pub language: String,
    #[n(2)]
    pub prosecutor_asked: bool,
    /// When the prosecutor was told.
    #[n(3)]
    pub prosecutor_told: Option<UnixMs>,
    #[n(4)]
    pub relative: Relative,
    /// Of a minor.
    #[n(5)]
    pub representative: Option<Representative>,
}

/// The family, or whoever the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Relative {
    #[n(0)]
    NotAsked,
    #[n(1)]
    Told {
        #[n(0)]
        who: Sensitive<String>,
        #[n(1)]
        at: UnixMs,
    },
    #[n(2)]
    NotTold {
        #[n(0)]
        who: Option<Sensitive<String>>,
        #[n(1)]
        why: String,
    },
}

/// The legal representative of a minor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Representative {
    #[n(0)]
    Assists(#[n(0)] Sensitive<String>),
    #[n(1)]
    Impossible(#[n(0)] String),
}

/// Who authorised prints or photographs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Magistrate {
    #[n(0)]
    Prosecutor,
    /// Juge d'instruction.
    #[n(1)]
    ExaminingJudge,
}

/// Prints or photographs: the only means, authorised, and with reasons of their own (78-3 al. 4).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Prints {
    #[n(0)]
    pub authorised_by: Magistrate,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub at: UnixMs,
    /// Why they were the only means.
    #[n(3)]
    pub reasons: String,
}

/// The code by which a form says that nothing was taken.
pub const NO_PRINTS: &str = "AUCUNE";

impl Magistrate {
    pub const ALL: [Self; 2] = [Self::Prosecutor, Self::ExaminingJudge];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Prosecutor => "PROCUREUR",
            Self::ExaminingJudge => "JUGE-D-INSTRUCTION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|magistrate| magistrate.code() == code)
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Finding {
    #[n(0)]
    Established,
    #[n(1)]
    NotEstablished,
}

impl Finding {
    pub const ALL: [Self; 2] = [Self::Established, Self::NotEstablished];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Established => "ETABLIE",
            Self::NotEstablished => "NON-ETABLIE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }
}

/// From the start of the check to the end of the retention, whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Held {
    /// The check began; from here the time counts toward a later garde à vue (78-4 CPP).
    #[n(0)]
    pub from: UnixMs,
    #[n(1)]
    pub until: UnixMs,
    /// Longest that the law allows where it was, in minutes.
    #[n(2)]
    pub limit_min: u16,
}

impl Held {
    /// Minutes.
    pub const fn minutes(self) -> i64 {
        self.until.0.saturating_sub(self.from.0) / MINUTE
    }

    /// Minutes past the longest that the law allows; none within it.
    pub fn excess(self) -> Option<i64> {
        let excess = self.minutes() - i64::from(self.limit_min);
        (excess > 0).then_some(excess)
    }
}

pub(crate) const MINUTE: i64 = 60_000;

/// What became of the copy that the person is due where nothing follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HandedCopy {
    #[n(0)]
    Handed,
    /// Offered, and not taken.
    #[n(1)]
    Declined,
}

impl HandedCopy {
    pub const ALL: [Self; 2] = [Self::Handed, Self::Declined];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Handed => "REMISE",
            Self::Declined => "REFUSEE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|copy| copy.code() == code)
    }
}

/// Whether an investigation or an enforcement addressed to a court follows; without one all goes within six months.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FollowUp {
    #[n(0)]
    None,
    /// Not known yet: what nobody records does not follow.
    #[n(1)]
    Awaited,
    #[n(2)]
    Recorded {
        /// Number of the procedure.
        #[n(0)]
        procedure: String,
    },
}

impl FollowUp {
    /// The codes of the answers, in the order of the variants.
    pub const CODES: [&'static str; 3] = ["AUCUNE", "EN-ATTENTE", "OUI"];

    /// Whether the act and its pieces are destroyed at their term.
    pub const fn is_destroyed(&self) -> bool {
        match self {
            Self::None | Self::Awaited => true,
            Self::Recorded { .. } => false,
        }
    }
}

impl Verification {
    /// The id of the act that follows from a check: one a check, however often it is begun.
    pub fn act_id(check: ActId) -> ActId {
        derived_id(b"neo/verification/v1", &[check.as_bytes()])
    }
}

/// The body of the procès-verbal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Verification {
    /// Why there was a check, and under which text.
    #[n(0)]
    pub check: CheckFrame,
    /// The act of the check, where it was drawn up on its own.
    #[n(1)]
    pub follows: Option<ActId>,
    #[n(2)]
    pub place: Place,
    /// As stated or established; absent where nothing is known.
    #[n(3)]
    pub person: Option<Person>,
    #[n(4)]
    pub document: Option<DocumentReading>,
    #[n(5)]
    pub files: Vec<FileTrace>,
    #[n(6)]
    pub ground: Ground,
    /// The circumstances of the refusal or the impossibility.
    #[n(7)]
    pub reasons: Sensitive<String>,
    #[n(8)]
    pub decision: Decision,
    #[n(9)]
    pub rights: Rights,
    #[n(10)]
    pub prints: Option<Prints>,
    #[n(11)]
    pub finding: Finding,
    /// By what means, or what was tried.
    #[n(12)]
    pub means: Sensitive<String>,
    #[n(13)]
    pub held: Held,
    #[n(14)]
    pub copy: Option<HandedCopy>,
    #[n(15)]
    pub follow_up: FollowUp,
    #[n(16)]
    pub interpreter: Option<Interpreter>,
    #[n(17)]
    pub started: Timestamp,
    #[cbor(n(18), default, skip_if = "Vec::is_empty")]
    pub renvois: Vec<Renvoi>,
    #[cbor(n(19), default, skip_if = "Vec::is_empty")]
    pub signers: Vec<HandSigner>,
}
