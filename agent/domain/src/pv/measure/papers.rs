//! Papers that a driver did not show, and has five days to justify (article R.233-1 C. route).

use minicbor::{Decode, Encode};

use crate::id::ActNumber;
use crate::identity::CivilDate;
use crate::natinf::Natinf;
use crate::time::UnixMs;
use crate::vehicle::{Registration, Vehicle};

/// Days from the invitation within which the papers are shown (R.233-1, V).
pub const JUSTIFY_DAYS: u8 = 5;

/// What a driver shows on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum RoadPaper {
    /// What allows to drive (R.233-1, I, 1°).
    #[n(0)]
    Licence,
    /// Of the vehicle (R.233-1, I, 2°).
    #[n(1)]
    Registration,
    /// Of a trailer over half a ton, or of a semi-trailer (R.233-1, I, 2°).
    #[n(2)]
    Trailer,
    /// Of who accompanies a learner (R.233-1, I, 3°).
    #[n(3)]
    Companion,
    /// The practical training, or the experience (R.233-1, I, 4°).
    #[n(4)]
    Training,
    /// The ignition interlock, and that it was checked (R.233-1, I, 5°).
    #[n(5)]
    Interlock,
    /// Of a vehicle without registration alone, since 1 April 2024 (R.211-14 C. assurances, décret 2023-1152).
    #[n(6)]
    Insurance,
}

impl RoadPaper {
    pub const ALL: [Self; 7] = [
        Self::Licence,
        Self::Registration,
        Self::Trailer,
        Self::Companion,
        Self::Training,
        Self::Interlock,
        Self::Insurance,
    ];

    /// What an offence that was noted says was not shown.
    pub const fn of_offence(natinf: Natinf) -> Option<Self> {
        match natinf.code() {
            6227 => Some(Self::Licence),
            6204 => Some(Self::Registration),
            _ => None,
        }
    }
}

/// The invitation to justify, handed to the driver.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Justification {
    /// When the driver was invited.
    #[n(0)]
    pub at: UnixMs,
    /// In the order of the text, each once.
    #[n(1)]
    pub papers: Vec<RoadPaper>,
    /// The last day.
    #[n(2)]
    pub until: CivilDate,
    /// The service to which they are shown.
    #[n(3)]
    pub station: String,
    /// The contravention that it goes with.
    #[n(4)]
    pub pve: Option<ActNumber>,
    #[n(5)]
    pub vehicle: Option<Vehicle>,
}

impl Justification {
    /// The last of the days after `invited`.
    pub fn last_day(invited: CivilDate) -> Option<CivilDate> {
        invited.plus_days(JUSTIFY_DAYS)
    }

    /// A vehicle that is registered owes no proof of insurance: the insurers' file says it.
    pub fn owes_no_insurance(&self) -> bool {
        let registered = |vehicle: &Vehicle| matches!(vehicle.registration, Registration::Read { .. });
        self.vehicle.as_ref().is_some_and(registered)
    }
}
