//! Identity documents and identity checks: what was read, what proves it, and what nobody checked.

mod blind;
pub mod cachet;
pub mod cells;
mod certificat;
mod cni;
pub mod crosscheck;
mod date;
mod keyed;
mod mrz;
mod permis;
mod seen;

use minicbor::{Decode, Encode};

pub use blind::BlindCell;
pub use certificat::VehicleReading;
pub use date::{CivilDate, DatePart, NotADate};
pub use keyed::{Keyed, NotKeyed};
pub use mrz::{NotAnMrz, read_mrz};
pub use seen::{Corrected, Correction, Sight, read_seen};

use self::crosscheck::{Compared, SealTrace};
use crate::legal_basis::CheckFrame;
use crate::officer::FileKind;
use crate::person::Person;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::Plate;

/// The result of one check among several; what was not checked is never good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Verdict {
    #[n(0)]
    Proven,
    #[n(1)]
    Refuted,
    #[n(2)]
    NotChecked,
}

/// What is known of a document, each question apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Verdicts {
    /// Every check digit that the format prints agrees: a consistent reading, not an authentic document.
    #[n(0)]
    pub read: Verdict,
    #[n(1)]
    pub signature: Verdict,
    #[n(2)]
    pub issuer_trusted: Verdict,
    #[n(3)]
    pub in_date: Verdict,
    /// Stolen, lost or invalidated: only an online file knows.
    #[n(4)]
    pub status_known: Verdict,
}

/// The layouts of a machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Layout {
    /// ICAO 9303 part 5, 3 × 30.
    #[n(0)]
    Td1,
    /// ICAO 9303 part 6, 2 × 36.
    #[n(1)]
    Td2,
    /// ICAO 9303 part 4, 2 × 44.
    #[n(2)]
    Td3,
    /// ICAO 9303 part 7, 2 × 44.
    #[n(3)]
    VisaA,
    /// ICAO 9303 part 7, 2 × 36.
    #[n(4)]
    VisaB,
    /// French national identity card 1988–2021, 2 × 36, not TD2.
    #[n(5)]
    OldCni,
    /// French driving licence since 2013, 1 × 30.
    #[n(6)]
    Permis,
    /// French registration certificate since 2009, 2 × 44; its holder is not in the zone.
    #[n(7)]
    CertificatImmatriculation,
}

impl Layout {
    /// Characters of one line.
    pub const fn width(self) -> usize {
        match self {
            Self::Td1 | Self::Permis => 30,
            Self::Td2 | Self::VisaB | Self::OldCni => 36,
            Self::Td3 | Self::VisaA | Self::CertificatImmatriculation => 44,
        }
    }

    /// Whether the end of validity follows from a month of issue: its day stands for any day of its month.
    pub const fn ends_with_a_month(self) -> bool {
        matches!(self, Self::OldCni)
    }
}

/// The fields of a zone that may carry a check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CheckedField {
    #[n(0)]
    DocumentNumber,
    #[n(1)]
    DateOfBirth,
    #[n(2)]
    DateOfExpiry,
    #[n(3)]
    PersonalNumber,
    /// The last digit, over most of the zone. On a registration certificate its rule is known from one specimen only:
    /// a disagreement there is shown and refutes nothing.
    #[n(4)]
    Composite,
    #[n(5)]
    Plate,
    #[n(6)]
    Vin,
    #[n(7)]
    FirstRegistration,
}

/// One check digit and what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FieldEvidence {
    #[n(0)]
    pub field: CheckedField,
    #[n(1)]
    pub agrees: bool,
}

/// What a machine-readable zone says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocumentReading {
    #[n(0)]
    pub layout: Layout,
    /// Three-letter code of the issuer as printed.
    #[n(1)]
    pub issuer: String,
    #[n(2)]
    pub number: Sensitive<String>,
    /// Names carry no check digit: they are read, never proven, by a zone.
    #[n(3)]
    pub surname: Sensitive<String>,
    #[n(4)]
    pub given_names: Sensitive<String>,
    /// Absent when the issuer leaves it unknown or the reading is not a date.
    #[n(5)]
    pub born: Option<Sensitive<CivilDate>>,
    #[n(6)]
    pub expires: Option<CivilDate>,
    #[n(7)]
    pub evidence: Vec<FieldEvidence>,
    /// The zone as typed or seen, lines joined by a line feed.
    #[n(8)]
    pub raw: Sensitive<String>,
    #[n(9)]
    pub verdicts: Verdicts,
    /// What the fields are read from, where that is not `raw`.
    #[n(10)]
    pub corrected: Option<Corrected>,
    /// Of a registration certificate alone.
    #[n(11)]
    pub vehicle: Option<VehicleReading>,
}

/// What one file answered during a check: the act keeps the reference, not the data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FileTrace {
    #[n(0)]
    pub file: FileKind,
    #[n(1)]
    pub result: TraceResult,
    #[n(2)]
    pub answered: Option<UnixMs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum TraceResult {
    #[n(0)]
    NothingFound,
    #[n(1)]
    Found,
    /// No network, or too late: it says nothing about the person.
    #[n(2)]
    NotAnswered,
    /// The file answered, and the act does not say what: an act that is handed over never tells of a surveillance.
    #[n(3)]
    Consulted,
}

/// How the check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CheckOutcome {
    #[n(0)]
    Established,
    #[n(1)]
    Declared,
    #[n(2)]
    NotEstablished,
}

/// The body of an identity check.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IdentityCheck {
    #[n(0)]
    pub frame: CheckFrame,
    #[n(1)]
    pub place: Place,
    #[n(2)]
    pub person: Option<Person>,
    #[n(3)]
    pub document: Option<DocumentReading>,
    #[n(4)]
    pub plate: Option<Plate>,
    #[n(5)]
    pub files: Vec<FileTrace>,
    #[n(6)]
    pub outcome: CheckOutcome,
    #[n(7)]
    pub started: Timestamp,
    /// What the zone, the officer, the seals and the files say of the same facts; nothing where one source alone speaks.
    #[cbor(n(8), default, skip_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub seals: Vec<SealTrace>,
}
