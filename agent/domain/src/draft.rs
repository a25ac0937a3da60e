//! The draft: exactly what the officer typed, field by field, until it parses into an act.
//!
//! A draft holds any text, so that nothing typed is ever lost; `finish` is the one place where text becomes an act.

mod finish;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::envelope::RefusalCode;
use crate::id::{ActId, InterventionId};
use crate::identity::NotAnMrz;
use crate::legal_basis::BasisRefusal;
use crate::record::{ActKind, Correction};
use crate::time::Timestamp;

pub use finish::Surroundings;

/// The fields that a person fills, on any form. Choices hold their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Field {
    /// Code of a [`crate::legal_basis::CheckBasis`].
    #[n(0)]
    CheckBasis,
    /// Objective grounds of a check.
    #[n(1)]
    Grounds,
    /// Reference of a réquisition.
    #[n(2)]
    Requisition,
    #[n(3)]
    Place,
    #[n(4)]
    Mrz,
    #[n(5)]
    Surname,
    #[n(6)]
    GivenNames,
    /// JJ/MM/AAAA.
    #[n(7)]
    BirthDate,
    #[n(8)]
    Address,
    #[n(9)]
    Phone,
    #[n(10)]
    Plate,
    /// Code of a [`crate::legal_basis::PvFrame`].
    #[n(11)]
    PvFrame,
    #[n(12)]
    Subject,
    /// Codes, separated by spaces or commas.
    #[n(13)]
    Offences,
    /// Free text; an empty line ends a paragraph.
    #[n(14)]
    Account,
    /// Code of a [`crate::plainte::Venue`].
    #[n(15)]
    Venue,
    #[n(16)]
    When,
    /// Name of a suspect; empty means "contre X".
    #[n(17)]
    Suspect,
    /// Code of the language of the rights notice, set when the victim acknowledges it.
    #[n(18)]
    RightsLanguage,
    /// `oui` or `non`.
    #[n(19)]
    HandReceipt,
}

impl Field {
    pub const ALL: [Self; 20] = [
        Self::CheckBasis,
        Self::Grounds,
        Self::Requisition,
        Self::Place,
        Self::Mrz,
        Self::Surname,
        Self::GivenNames,
        Self::BirthDate,
        Self::Address,
        Self::Phone,
        Self::Plate,
        Self::PvFrame,
        Self::Subject,
        Self::Offences,
        Self::Account,
        Self::Venue,
        Self::When,
        Self::Suspect,
        Self::RightsLanguage,
        Self::HandReceipt,
    ];

    /// The name that scenario files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CheckBasis => "check-basis",
            Self::Grounds => "grounds",
            Self::Requisition => "requisition",
            Self::Place => "place",
            Self::Mrz => "mrz",
            Self::Surname => "surname",
            Self::GivenNames => "given-names",
            Self::BirthDate => "birth-date",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Plate => "plate",
            Self::PvFrame => "pv-frame",
            Self::Subject => "subject",
            Self::Offences => "offences",
            Self::Account => "account",
            Self::Venue => "venue",
            Self::When => "when",
            Self::Suspect => "suspect",
            Self::RightsLanguage => "rights-language",
            Self::HandReceipt => "hand-receipt",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// Longest text that one field holds, in bytes.
pub const MAX_FIELD: usize = 64 * 1024;

/// An act being drawn up.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Draft {
    #[n(0)]
    pub id: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub started: Timestamp,
    #[n(3)]
    pub intervention: Option<InterventionId>,
    #[n(4)]
    pub corrects: Option<Correction>,
    #[n(5)]
    texts: BTreeMap<Field, String>,
    /// Set when the victim acknowledges the rights notice.
    #[n(6)]
    rights_at: Option<Timestamp>,
    #[n(7)]
    pub files: Vec<crate::identity::FileTrace>,
}

impl Draft {
    pub const fn new(
        id: ActId,
        kind: ActKind,
        started: Timestamp,
        intervention: Option<InterventionId>,
    ) -> Self {
        Self {
            id,
            kind,
            started,
            intervention,
            corrects: None,
            texts: BTreeMap::new(),
            rights_at: None,
            files: Vec::new(),
        }
    }

    /// A new draft with everything that `self` says, to correct a signed act after HQ refused it.
    pub fn corrective(&self, id: ActId, now: Timestamp, correction: Correction) -> Self {
        Self {
            id,
            started: now,
            corrects: Some(correction),
            ..self.clone()
        }
    }

    /// Keeps `text` as typed; an empty text clears the field.
    pub fn fill(&mut self, field: Field, text: &str, now: Timestamp) -> Result<(), TooLong> {
        if text.len() > MAX_FIELD {
            return Err(TooLong { limit: MAX_FIELD });
        }
        if field == Field::RightsLanguage && text != self.text(field) {
            self.rights_at = (!text.is_empty()).then_some(now);
        }
        if text.is_empty() {
            self.texts.remove(&field);
        } else {
            self.texts.insert(field, text.to_owned());
        }
        Ok(())
    }

    /// The text of `field`, empty when nothing was typed.
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }

    /// Copies into empty fields what another act of the same intervention already knows.
    pub fn reuse(&mut self, other: &Self) {
        const SHARED: [Field; 8] = [
            Field::Place,
            Field::Mrz,
            Field::Surname,
            Field::GivenNames,
            Field::BirthDate,
            Field::Address,
            Field::Phone,
            Field::Plate,
        ];
        for field in SHARED {
            if self.text(field).is_empty() && !other.text(field).is_empty() {
                self.texts.insert(field, other.text(field).to_owned());
            }
        }
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Draft {{ {}, {:?}, {} fields }}",
            self.id,
            self.kind,
            self.texts.len()
        )
    }
}

/// The text is longer than a field holds; nothing of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    pub limit: usize,
}

/// What keeps a draft from being an act: the field to go to, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Problem {
    #[n(0)]
    pub field: Field,
    #[n(1)]
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    #[n(0)]
    Missing,
    #[n(1)]
    NotAPlace,
    #[n(2)]
    NotADate,
    #[n(3)]
    NotAPlate,
    #[n(4)]
    NotANatinf,
    #[n(5)]
    UnknownNatinf,
    #[n(6)]
    MrzShape,
    #[n(7)]
    MrzCharacters,
    #[n(8)]
    MrzLayout,
    /// This quality has no power under the chosen text.
    #[n(9)]
    QualityNotEmpowered,
    #[n(10)]
    OpjMissing,
    #[n(11)]
    GroundsMissing,
    #[n(12)]
    RequisitionMissing,
    /// Rights are notified before a complaint is signed (10-2 CPP).
    #[n(13)]
    RightsNotNotified,
    /// The code is none of the list's.
    #[n(14)]
    NotAChoice,
    /// A check digit contradicts the reading: read the zone again, or type the identity.
    #[n(15)]
    MrzRefuted,
    /// A character that no document can show as typed.
    #[n(16)]
    Unprintable,
}

impl From<NotAnMrz> for Reason {
    fn from(reason: NotAnMrz) -> Self {
        match reason {
            NotAnMrz::Shape => Self::MrzShape,
            NotAnMrz::Characters => Self::MrzCharacters,
            NotAnMrz::Layout => Self::MrzLayout,
        }
    }
}

impl From<BasisRefusal> for Problem {
    fn from(refusal: BasisRefusal) -> Self {
        let (field, reason) = match refusal {
            BasisRefusal::QualityNotEmpowered => (Field::CheckBasis, Reason::QualityNotEmpowered),
            BasisRefusal::OpjMissing => (Field::CheckBasis, Reason::OpjMissing),
            BasisRefusal::GroundsMissing => (Field::Grounds, Reason::GroundsMissing),
            BasisRefusal::RequisitionMissing => (Field::Requisition, Reason::RequisitionMissing),
        };
        Self { field, reason }
    }
}

/// The correction that answers a refusal.
impl Correction {
    pub const fn of_refused(act: ActId, record: crate::canonical::Digest, code: RefusalCode) -> Self {
        Self {
            act,
            record,
            refusal: Some(code),
        }
    }
}
