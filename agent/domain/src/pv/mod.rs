//! The general procès-verbal: what its author saw, heard or found personally (article 429 CPP).

mod hearing;
mod inventory;
mod kind;
mod leaflet;
mod measure;
mod renvoi;

use minicbor::{Decode, Encode};

pub use hearing::{
    Counsel, Exchange, HeardAs, Hearing, Interpreter, Link, NotAnExchange, SUSPECT_RIGHTS, Spoken,
    SuspectNotice, exchanges,
};
pub use inventory::{Fate, Found, Item, NotAnItem};
pub use kind::{Dress, Origin, PvKind};
pub use leaflet::Leaflet;
pub use measure::{
    AlcoholCheck, AlcoholProof, Arrest, Blood, Breath, CompteRendu, Convocation, CustodyNotice, Doctor, Door,
    DrugCheck, DrugProof, DrunkOutcome, Force, GridState, HandcuffGround, Handcuffs, Handover, HomeCall,
    Immobilisation, Ivresse, JUSTIFY_DAYS, Justification, LicenceRetention, LicenceState, Measure,
    NoticeGiver, Palpation, Parent, Present, Remise, Restraint, RetentionGround, RoadPaper, SUMMONS_RIGHTS,
    Screening, ScreeningGround, ScreeningResult, SheetGiven, VehicleMeasure, Wish,
};
pub use renvoi::Renvoi;

use crate::hand::HandSigner;
use crate::legal_basis::PvFrame;
use crate::natinf::Natinf;
use crate::officer::Matricule;
use crate::person::Person;
use crate::photo::Photo;
use crate::place::Place;
use crate::service::PatrolVehicle;
use crate::time::Timestamp;
use crate::vehicle::Plate;

/// How the act closes (article 429 CPP; D.589 CPP for what is recorded on a device).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Closing {
    /// Read back by its author, closed without another signature.
    #[n(0)]
    AuthorOnly,
    /// Somebody heard refuses to sign.
    #[n(1)]
    RefusesToSign,
    /// Read by those who are asked to sign, or to them; each outcome stands with its signer.
    #[n(2)]
    ReadAndSigned,
}

/// The body of a general PV.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pv {
    #[n(0)]
    pub frame: PvFrame,
    #[n(1)]
    pub subject: String,
    #[n(2)]
    pub place: Place,
    #[n(3)]
    pub offences: Vec<Natinf>,
    #[n(4)]
    pub plates: Vec<Plate>,
    /// The account, first person plural, present tense: one paragraph each.
    #[n(5)]
    pub paragraphs: Vec<String>,
    #[n(6)]
    pub started: Timestamp,
    #[n(7)]
    pub closing: Closing,
    #[cbor(n(8), default, skip_if = "PvKind::is_constatations")]
    pub kind: PvKind,
    /// How the author came to act.
    #[n(9)]
    pub origin: Option<Origin>,
    #[n(10)]
    pub dress: Option<Dress>,
    /// The OPJ under whose control an APJ acts (articles 20 and 75 CPP).
    #[n(11)]
    pub under: Option<Matricule>,
    /// Who assists, as written in the act.
    #[cbor(n(12), default, skip_if = "Vec::is_empty")]
    pub assistants: Vec<String>,
    /// The person heard.
    #[n(13)]
    pub hearing: Option<Box<Hearing>>,
    /// The person notified, arrested or concerned, who is not heard.
    #[n(14)]
    pub person: Option<Box<Person>>,
    #[cbor(n(15), default, skip_if = "Vec::is_empty")]
    pub inventory: Vec<Item>,
    /// On whose decision objects are destroyed, or what is sent is sent.
    #[n(16)]
    pub authority: Option<String>,
    /// To whom a bordereau is addressed.
    #[n(17)]
    pub addressee: Option<String>,
    /// "De même suite": one mention each.
    #[cbor(n(18), default, skip_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    #[cbor(n(19), default, skip_if = "Vec::is_empty")]
    pub annexes: Vec<String>,
    #[cbor(n(20), default, skip_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// Corrections after the reading, in their order (article 107 CPP).
    #[cbor(n(21), default, skip_if = "Vec::is_empty")]
    pub renvois: Vec<Renvoi>,
    /// Everybody who was asked to sign by hand, in the order in which they were asked.
    #[cbor(n(22), default, skip_if = "Vec::is_empty")]
    pub signers: Vec<HandSigner>,
    /// What was done, where the kind is a measure.
    #[n(23)]
    pub measure: Option<Measure>,
    /// The vehicle of the crew.
    #[n(26)]
    pub aboard: Option<PatrolVehicle>,
}
