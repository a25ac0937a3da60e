//! What follows at the roadside: screening and proof of alcohol and drugs (L.234-3 s., L.235-2 C. route), the licence (L.224-1), the vehicle (L.325-1 s.).

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::licence::Licence;
use crate::officer::Matricule;
use crate::pve::AlcoholReading;
use crate::time::UnixMs;
use crate::vehicle::Vehicle;

/// Why a driver is screened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ScreeningGround {
    /// Compulsory.
    #[n(0)]
    BodilyAccident,
    #[n(1)]
    MaterialAccident,
    /// An offence that the text names was seen.
    #[n(2)]
    Offence,
    /// Without offence or accident (L.234-9, L.235-2).
    #[n(3)]
    Initiative,
    /// On réquisitions of the prosecutor.
    #[n(4)]
    Requisition,
}

impl ScreeningGround {
    pub const ALL: [Self; 5] = [
        Self::BodilyAccident,
        Self::MaterialAccident,
        Self::Offence,
        Self::Initiative,
        Self::Requisition,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::BodilyAccident => "ACCIDENT-CORPOREL",
            Self::MaterialAccident => "ACCIDENT-MATERIEL",
            Self::Offence => "INFRACTION",
            Self::Initiative => "INITIATIVE",
            Self::Requisition => "REQUISITION",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What the first test said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ScreeningResult {
    #[n(0)]
    Negative,
    #[n(1)]
    Positive,
    #[n(2)]
    Refused,
    /// The state of the driver does not allow it.
    #[n(3)]
    Impossible,
}

impl ScreeningResult {
    pub const ALL: [Self; 4] = [Self::Negative, Self::Positive, Self::Refused, Self::Impossible];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Negative => "NEGATIF",
            Self::Positive => "POSITIF",
            Self::Refused => "REFUS",
            Self::Impossible => "IMPOSSIBLE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The first test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Screening {
    #[n(0)]
    pub ground: ScreeningGround,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub result: ScreeningResult,
}

/// Blows into an éthylomètre, in micrograms per litre.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Breath {
    /// Make, model and number, as on its plate.
    #[n(0)]
    pub device: String,
    /// Its last yearly verification.
    #[n(1)]
    pub verified: CivilDate,
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub reading: AlcoholReading,
    /// The second blow was offered: a right of the driver.
    #[n(4)]
    pub offered: bool,
}

/// What becomes of the blood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Blood {
    /// Taken by a physician for the analysis.
    #[n(0)]
    Analysed,
    /// Taken, and the second tube kept for a second opinion.
    #[n(1)]
    Reserved,
    #[n(2)]
    Refused,
}

impl Blood {
    pub const ALL: [Self; 3] = [Self::Analysed, Self::Reserved, Self::Refused];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Analysed => "PRELEVE",
            Self::Reserved => "RESERVE",
            Self::Refused => "REFUS",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// By what the rate is proven (articles L.234-4 and L.234-5 C. route).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum AlcoholProof {
    /// The screening was negative.
    #[n(0)]
    None,
    #[n(1)]
    Breath(#[n(0)] Box<Breath>),
    /// With the physician's name.
    #[n(2)]
    Blood(#[n(0)] Blood, #[n(1)] String),
    /// The driver refuses to be verified (L.234-8).
    #[n(3)]
    Refused,
}

/// The fiches A, B and C of a check of alcohol.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlcoholCheck {
    #[n(0)]
    pub screening: Screening,
    #[n(1)]
    pub proof: AlcoholProof,
    /// What the officer saw of the driver's state: fiche A.
    #[n(2)]
    pub signs: Option<String>,
}

/// By what the product is proven (article L.235-2 C. route).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum DrugProof {
    #[n(0)]
    None,
    /// Saliva; `reserve` says whether the driver keeps the right to a second analysis (R.235-6).
    #[n(1)]
    Saliva {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        reserve: bool,
    },
    #[n(2)]
    Blood(#[n(0)] Blood, #[n(1)] String),
    #[n(3)]
    Refused,
}

/// A check of drugs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DrugCheck {
    #[n(0)]
    pub screening: Screening,
    /// The families that the test showed.
    #[n(1)]
    pub families: Vec<String>,
    #[n(2)]
    pub proof: DrugProof,
    #[n(3)]
    pub signs: Option<String>,
}

/// Why a licence is kept (article L.224-1 C. route).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RetentionGround {
    /// The screening says so, or the driver refuses it.
    #[n(0)]
    AlcoholPresumed,
    /// The éthylomètre says so.
    #[n(1)]
    AlcoholProven,
    /// The screening says so.
    #[n(2)]
    Drugs,
    /// The driver refuses to be verified.
    #[n(3)]
    Refusal,
    /// Forty kilometres an hour and more over the limit.
    #[n(4)]
    Speed,
    /// Held in the hand while another offence was made.
    #[n(5)]
    Telephone,
    /// Death or bodily harm.
    #[n(6)]
    Accident,
}

impl RetentionGround {
    pub const ALL: [Self; 7] = [
        Self::AlcoholPresumed,
        Self::AlcoholProven,
        Self::Drugs,
        Self::Refusal,
        Self::Speed,
        Self::Telephone,
        Self::Accident,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::AlcoholPresumed => "ALCOOL-PRESUME",
            Self::AlcoholProven => "ALCOOL-ETABLI",
            Self::Drugs => "STUPEFIANTS",
            Self::Refusal => "REFUS",
            Self::Speed => "VITESSE",
            Self::Telephone => "TELEPHONE",
            Self::Accident => "ACCIDENT",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl RetentionGround {
    /// How long the prefect may decide, in hours: longer where alcohol or drugs are still to be proven (L.224-2).
    pub const fn hours(self) -> u16 {
        match self {
            Self::AlcoholPresumed | Self::AlcoholProven | Self::Drugs | Self::Refusal => 120,
            Self::Speed | Self::Telephone | Self::Accident => 72,
        }
    }
}

/// What was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum LicenceState {
    #[n(0)]
    Handed,
    /// The driver has it not: to be handed in within a day.
    #[n(1)]
    NotShown,
    /// There is no paper: the notice alone keeps it.
    #[n(2)]
    Dematerialised,
}

impl LicenceState {
    pub const ALL: [Self; 3] = [Self::Handed, Self::NotShown, Self::Dematerialised];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Handed => "REMIS",
            Self::NotShown => "NON-PRESENTE",
            Self::Dematerialised => "DEMATERIALISE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The avis de rétention.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LicenceRetention {
    #[n(0)]
    pub ground: RetentionGround,
    #[n(1)]
    pub from: UnixMs,
    #[n(2)]
    pub hours: u16,
    #[n(3)]
    pub state: LicenceState,
    #[n(4)]
    pub licence: Option<Licence>,
}

impl LicenceRetention {
    /// Until when the prefect may suspend: past it the licence is given back.
    pub const fn until(&self) -> UnixMs {
        self.from.plus(self.hours as i64 * 3_600_000)
    }
}

/// What is done with the vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum VehicleMeasure {
    #[n(0)]
    Immobilised,
    /// On the order of an OPJ, or of the head of the municipal police.
    #[n(1)]
    Impounded,
    /// The measure ends.
    #[n(2)]
    Lifted,
}

impl VehicleMeasure {
    pub const ALL: [Self; 3] = [Self::Immobilised, Self::Impounded, Self::Lifted];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Immobilised => "IMMOBILISATION",
            Self::Impounded => "FOURRIERE",
            Self::Lifted => "MAINLEVEE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The fiche d'immobilisation, of mise en fourrière, or their end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Immobilisation {
    #[n(0)]
    pub measure: VehicleMeasure,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub ground: String,
    #[n(3)]
    pub vehicle: Vehicle,
    /// Damage, as seen before anybody touches it.
    #[n(4)]
    pub state: String,
    /// What is in it, one thing each.
    #[n(5)]
    pub contents: Vec<String>,
    /// Who has the keys.
    #[n(6)]
    pub keys: String,
    /// The certificate is kept, and a provisional one handed over.
    #[n(7)]
    pub certificate_kept: bool,
    /// The pound, where the vehicle goes there.
    #[n(8)]
    pub pound: Option<String>,
    /// Who ordered the pound, or ends the measure.
    #[n(9)]
    pub opj: Option<Matricule>,
}
