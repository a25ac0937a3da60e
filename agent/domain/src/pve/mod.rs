//! The electronic procès-verbal of contraventions (R.49-1, A.37-15 to A.37-20 CPP).
//!
//! It is complete when it is signed: amounts and margins are those of the day of the offence, kept with it.

mod bar;
mod reading;
mod rules;
mod ruling;
mod signature;

use minicbor::{Decode, Encode};

pub use bar::{Bar, Barred, Way};
pub use reading::{AlcoholReading, Parameter, SpeedReading};
pub use rules::{Facts, Known, rule};
pub use ruling::{Hint, MAX_POINTS, Ruled, Ruling};
pub use signature::OffenderSignature;

pub use crate::hand::SignedPad;

use crate::licence::Licence;
use crate::natinf::Natinf;
use crate::person::Person;
use crate::photo::Photo;
use crate::place::RoadPlace;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::Vehicle;

/// How the offence was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Interception {
    /// The person was stopped.
    #[n(0)]
    Intercepted,
    /// "À la volée": the vehicle was seen and went on.
    #[n(1)]
    NotIntercepted,
    /// The vehicle stood, nobody was there.
    #[n(2)]
    Stationary,
}

impl Interception {
    pub const ALL: [Self; 3] = [Self::Intercepted, Self::NotIntercepted, Self::Stationary];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Intercepted => "INTERCEPTE",
            Self::NotIntercepted => "VOLEE",
            Self::Stationary => "STATIONNEMENT",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|interception| interception.code() == code)
    }
}

/// Whom the act is drawn up against.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Offender {
    #[n(0)]
    Intercepted(#[n(0)] Box<Person>),
    /// Nobody was stopped: the holder of the registration answers.
    #[n(1)]
    Holder,
}

/// One offence as it was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Noted {
    #[n(0)]
    pub natinf: Natinf,
    #[n(1)]
    pub parameter: Option<Parameter>,
}

/// The body of a PVe.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pve {
    #[n(0)]
    pub interception: Interception,
    #[n(1)]
    pub place: RoadPlace,
    /// When the offence was seen.
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub vehicle: Option<Vehicle>,
    #[n(4)]
    pub offender: Offender,
    #[n(5)]
    pub licence: Option<Licence>,
    #[n(6)]
    pub offences: Vec<Noted>,
    /// Seen at the same time, in another act.
    #[n(7)]
    pub simultaneous: Vec<Natinf>,
    /// Circumstances, one paragraph each.
    #[n(8)]
    pub observations: Vec<String>,
    #[n(9)]
    pub photos: Vec<Photo>,
    /// What the rules said, amounts included.
    #[n(10)]
    pub ruling: Ruling,
    #[n(11)]
    pub signature: OffenderSignature,
    #[n(12)]
    pub started: Timestamp,
}
