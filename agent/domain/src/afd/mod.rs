//! The amende forfaitaire délictuelle (495-17 to 495-25, D.45-3 to D.45-21 CPP).
//!
//! An [`Afd`] holds an [`Eligible`], and only a checklist whose every condition was asked and met makes one.

mod checklist;
mod condition;
mod eligible;

use minicbor::{Decode, Encode};

pub use checklist::{Answered, Case, Checklist, Claim, Obstacle, Quantity};
pub use condition::Condition;
pub use eligible::{Eligible, EligibleOffence};

use crate::licence::Licence;
use crate::person::Person;
use crate::photo::Photo;
use crate::place::RoadPlace;
use crate::pve::SignedPad;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::Vehicle;

/// The body of an AFD.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Afd {
    #[n(0)]
    pub place: RoadPlace,
    /// When the offence was seen.
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub person: Person,
    #[n(3)]
    pub vehicle: Option<Vehicle>,
    #[n(4)]
    pub licence: Option<Licence>,
    #[n(5)]
    pub eligible: Eligible,
    /// Circumstances, one paragraph each.
    #[n(6)]
    pub observations: Vec<String>,
    #[n(7)]
    pub photos: Vec<Photo>,
    /// The person acknowledges the facts by signing the locked summary.
    #[n(8)]
    pub signature: SignedPad,
    #[n(9)]
    pub started: Timestamp,
}
