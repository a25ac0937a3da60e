//! What a procès-verbal of the patrol's day establishes beside its account: a measure taken with a person or a vehicle.
//!
//! Each measure has its own hours and grounds, because each text asks for its own.

mod arrest;
mod call;
mod care;
mod papers;
mod road;

use minicbor::{Decode, Encode};

pub use arrest::{
    Arrest, CustodyNotice, Force, HandcuffGround, Handcuffs, Handover, NoticeGiver, Palpation, Restraint,
    SheetGiven,
};
pub use call::{CompteRendu, Door, GridState, HomeCall, Present, Wish};
pub use care::{Convocation, Doctor, DrunkOutcome, Ivresse, Parent, Remise, SUMMONS_RIGHTS};
pub use papers::{JUSTIFY_DAYS, Justification, RoadPaper};
pub use road::{
    AlcoholCheck, AlcoholProof, Blood, Breath, DrugCheck, DrugProof, Immobilisation, LicenceRetention,
    LicenceState, RetentionGround, Screening, ScreeningGround, ScreeningResult, VehicleMeasure,
};

/// The measure of a PV, by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Measure {
    /// Of an interpellation: force, handcuffs, palpation.
    #[n(0)]
    Arrest(#[n(0)] Box<Arrest>),
    #[n(1)]
    Handover(#[n(0)] Box<Handover>),
    #[n(2)]
    Alcohol(#[n(0)] Box<AlcoholCheck>),
    #[n(3)]
    Drugs(#[n(0)] Box<DrugCheck>),
    #[n(4)]
    Licence(#[n(0)] Box<LicenceRetention>),
    #[n(5)]
    Vehicle(#[n(0)] Box<Immobilisation>),
    #[n(6)]
    Ivresse(#[n(0)] Box<Ivresse>),
    #[n(7)]
    Remise(#[n(0)] Box<Remise>),
    #[n(8)]
    Convocation(#[n(0)] Box<Convocation>),
    #[n(9)]
    HomeCall(#[n(0)] Box<HomeCall>),
    #[n(10)]
    CompteRendu(#[n(0)] Box<CompteRendu>),
    #[n(11)]
    Papers(#[n(0)] Box<Justification>),
}
