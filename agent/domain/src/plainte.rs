//! The complaint, with its rights notice and the data of its récépissé (articles 15-3, 10-2 to 10-5 CPP).

pub mod contact;
mod danger;
mod deposit;
mod evaluation;
mod facts;
pub mod guide;
mod online;
pub mod protocol;
mod receipt;
mod reception;
mod rights;
mod suivi;
mod told;
pub(crate) mod wording;

use minicbor::{Decode, Encode};

pub use danger::{DangerGrid, Filling, GridAnswer, NotAGrid, QUESTIONS, Question, in_order_of_asking};
pub use deposit::{Deposit, DepositKind, ProsecutorTold, WithoutPlainte};
pub use evaluation::Evaluation;
pub use facts::{
    Discrimination, Examination, Facts, Injuries, Loss, Mark, NotALoss, Period, Requisition,
    RequisitionFrame, SuspectLink,
};
pub use online::{Filed, FiledOnline, OnlineService};
pub use receipt::Receipt;
pub use reception::{
    Companion, CompanionRole, Complainant, Domicile, LegalPerson, NotACompanion, NotASiren, Reception,
    Representative, Siren,
};

use crate::natinf::Natinf;
use crate::person::Person;
use crate::photo::Photo;
use crate::piece::Piece;
use crate::place::Place;
use crate::pv::Exchange;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

pub use suivi::{ClosedFor, Hearing, MAX_OFFICE, NotAnOffice, Office, Remedy, Stage, Suivi, SuiviNote};

pub use told::{TOLD_IN, Told, told};
pub use wording::Wording;

pub use rights::{HandedOver, Language, RightsNotice, RightsSheet, SHEET, SHEET_PICTURE, SHEET_STROKES};

/// Where a complaint is taken outside the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Venue {
    #[n(0)]
    HomeOfThirdParty,
    #[n(1)]
    Mairie,
    #[n(2)]
    Hospital,
    #[n(3)]
    Association,
    #[n(4)]
    FranceServices,
    #[n(5)]
    Workplace,
    #[n(6)]
    VictimsHome,
}

impl Venue {
    pub const ALL: [Self; 7] = [
        Self::HomeOfThirdParty,
        Self::Mairie,
        Self::Hospital,
        Self::Association,
        Self::FranceServices,
        Self::Workplace,
        Self::VictimsHome,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::HomeOfThirdParty => "TIERS",
            Self::Mairie => "MAIRIE",
            Self::Hospital => "HOPITAL",
            Self::Association => "ASSOCIATION",
            Self::FranceServices => "FRANCE-SERVICES",
            Self::Workplace => "TRAVAIL",
            Self::VictimsHome => "DOMICILE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|venue| venue.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::HomeOfThirdParty => "domicile d'un tiers",
            Self::Mairie => "mairie",
            Self::Hospital => "établissement de santé",
            Self::Association => "local d'une association",
            Self::FranceServices => "espace France Services",
            Self::Workplace => "lieu de travail",
            Self::VictimsHome => "domicile de la victime",
        }
    }
}

/// Who did it, as far as the victim can say.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Suspect {
    /// Plainte contre X.
    #[n(0)]
    Unknown,
    #[n(1)]
    Named(#[n(0)] crate::sensitive::Sensitive<String>),
}

/// The body of a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Plainte {
    #[n(0)]
    pub venue: Venue,
    #[n(1)]
    pub place: Place,
    #[n(2)]
    pub victim: Person,
    #[n(3)]
    pub offences: Vec<Natinf>,
    /// When it happened, in the victim's words.
    #[n(4)]
    pub when: String,
    #[n(5)]
    pub paragraphs: Vec<crate::sensitive::Sensitive<String>>,
    #[n(6)]
    pub suspect: Suspect,
    #[n(7)]
    pub rights: RightsNotice,
    /// Whether the récépissé of 15-3 al. 2 is handed over at once.
    #[n(8)]
    pub receipt_handed: bool,
    #[n(9)]
    pub started: Timestamp,
    /// Corrections after the reading, in their order (article 107 CPP).
    #[cbor(n(10), default, skip_if = "Vec::is_empty")]
    pub renvois: Vec<crate::pv::Renvoi>,
    /// The victim and whoever else was asked to sign by hand.
    #[cbor(n(11), default, skip_if = "Vec::is_empty")]
    pub signers: Vec<crate::hand::HandSigner>,
    #[cbor(n(13), default, skip_if = "Deposit::is_plainte")]
    pub deposit: Deposit,
    #[cbor(n(14), default, skip_if = "Reception::is_empty")]
    pub reception: Reception,
    #[cbor(n(15), default, skip_if = "Facts::is_empty")]
    pub facts: Facts,
    #[cbor(n(16), default, skip_if = "Evaluation::is_empty")]
    pub evaluation: Evaluation,
    /// Where violence in a couple is told, with a complaint or without.
    #[n(17)]
    pub danger: Option<DangerGrid>,
    /// What became of each task of the protocol, in the order in which they are done.
    #[cbor(n(18), default, skip_if = "Vec::is_empty")]
    pub protocol: Vec<protocol::Answered>,
    /// What the victim wishes for the récépissé; absent where it is handed over under its own title, and from acts of before
    /// there was a choice.
    #[n(20)]
    pub receipt: Option<Receipt>,
    #[cbor(n(23), default, skip_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// Documents and recordings that the victim hands in.
    #[cbor(n(24), default, skip_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
    /// What was asked after the account, and answered (429 CPP).
    #[cbor(n(25), default, skip_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// The victim's name in the script in which they write it; the identity has it in Latin letters.
    #[n(26)]
    pub native_name: Option<Sensitive<String>>,
    /// What the victim filed on the network before they came (15-3-1 CPP).
    #[n(27)]
    pub filed: Option<FiledOnline>,
    /// Where the victim is directed to besides; their complaint is taken all the same.
    #[cbor(n(28), default, skip_if = "Vec::is_empty")]
    pub directed: Vec<OnlineService>,
}

/// The name of the attachment that asks for a medical examination.
pub const REQUISITION: &str = "requisition.pdf";

/// The name of the attachment that shows the danger grid to the prosecutor.
pub const GRID: &str = "grille.pdf";

impl Plainte {
    /// Whether the récépissé has a title that does not say what it is.
    pub fn has_neutral_receipt(&self) -> bool {
        self.receipt == Some(Receipt::Neutral)
    }

    /// What the requisition for a medical examination is drawn up from, where the complaint has one.
    pub fn requisition(&self) -> Option<(&Injuries, &Requisition, RequisitionFrame)> {
        let injuries = self.facts.injuries.as_ref()?;
        match &injuries.examination {
            Examination::Required(asked) => Some((injuries, asked, asked.frame?)),
            Examination::NotAsked | Examination::Refused(_) => None,
        }
    }
}
