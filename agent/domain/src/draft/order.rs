//! The fields of each form in the order in which an officer meets them, and those that acts share.

use super::field::Field;
use crate::pv::PvKind;
use crate::record::ActKind;

impl Field {
    /// What an act of the same intervention may take from another: never what was noted, nor what was answered.
    pub const SHARED: [Self; 31] = [
        Self::Place,
        Self::Mrz,
        Self::Surname,
        Self::GivenNames,
        Self::BirthDate,
        Self::Address,
        Self::Phone,
        Self::Plate,
        Self::Road,
        Self::RoadPoint,
        Self::Direction,
        Self::Commune,
        Self::Agglomeration,
        Self::Registration,
        Self::PlateCountry,
        Self::Make,
        Self::Model,
        Self::Colour,
        Self::Genre,
        Self::Email,
        Self::LicenceStatus,
        Self::LicenceNumber,
        Self::LicenceCategories,
        Self::LicenceDate,
        Self::LicenceAuthority,
        Self::BirthPlace,
        Self::Nationality,
        Self::Profession,
        Self::IdentityMode,
        Self::Certainty,
        Self::Position,
    ];

    /// Of an act that is put into another language: who interprets, then how.
    pub const INTERPRETED: [Self; 5] = [
        Self::Interpreter,
        Self::InterpreterLanguage,
        Self::InterpreterOath,
        Self::InterpreterLink,
        Self::InterpreterPhone,
    ];

    /// The form of an act, first field first; footage has none.
    pub const fn form(kind: ActKind) -> &'static [Self] {
        match kind {
            ActKind::IdentityCheck => &IDENTITY_CHECK,
            ActKind::Pv => &PV,
            ActKind::Plainte => &PLAINTE,
            ActKind::Pve => &PVE,
            ActKind::Afd => &AFD,
            ActKind::Note => &NOTE,
            ActKind::Verification => &VERIFICATION,
            ActKind::Footage | ActKind::VisaRequest | ActKind::Visa => &[],
        }
    }
}

impl Field {
    /// The form of a general PV of `kind`: a hearing asks for a status, an inventory for objects.
    pub fn of_pv(kind: PvKind) -> impl Iterator<Item = Self> {
        PV.into_iter().filter(move |field| field.belongs_to(kind))
    }

    fn belongs_to(self, kind: PvKind) -> bool {
        let of_a_hearing = HEARING.contains(&self);
        let translated = Self::INTERPRETED.contains(&self);
        let of_a_person = PERSON.contains(&self);
        match kind {
            PvKind::Audition => !OBJECTS.contains(&self),
            PvKind::Notification => !of_a_hearing && !OBJECTS.contains(&self),
            PvKind::Interpellation => {
                !of_a_hearing && !translated && !matches!(self, Self::Authority | Self::Addressee)
            }
            PvKind::Inventaire => !of_a_hearing && !translated && self != Self::Addressee,
            PvKind::Bordereau => !of_a_hearing && !translated && !of_a_person && self != Self::Inventory,
            PvKind::Constatations | PvKind::Transport | PvKind::Rectification | PvKind::Annulation => {
                !of_a_hearing && !translated && !of_a_person && !OBJECTS.contains(&self)
            }
        }
    }
}

const HEARING: [Field; 11] = [
    Field::HeardAs,
    Field::Constraint,
    Field::NoticeLanguage,
    Field::Counsel,
    Field::CounselName,
    Field::Father,
    Field::Mother,
    Field::FamilySituation,
    Field::Employer,
    Field::LicenceNumber,
    Field::LicenceCategories,
];

const PERSON: [Field; 12] = [
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::BirthPlace,
    Field::Nationality,
    Field::Profession,
    Field::Address,
    Field::Phone,
    Field::Email,
    Field::IdentityMode,
    Field::Certainty,
];

const OBJECTS: [Field; 3] = [Field::Inventory, Field::Authority, Field::Addressee];

const IDENTITY_CHECK: [Field; 15] = [
    Field::CheckBasis,
    Field::Alinea,
    Field::PriorBasis,
    Field::Requisition,
    Field::Grounds,
    Field::Place,
    Field::Commune,
    Field::Position,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::DocumentNumber,
    Field::DocumentExpiry,
    Field::Plate,
];

/// The act and its frame, the place, the person, what is heard or seen, the objects, who signs.
const PV: [Field; 46] = [
    Field::PvKind,
    Field::PvFrame,
    Field::Origin,
    Field::Dress,
    Field::Assistants,
    Field::Subject,
    Field::Place,
    Field::Commune,
    Field::Position,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::BirthPlace,
    Field::Nationality,
    Field::Profession,
    Field::Address,
    Field::Phone,
    Field::Email,
    Field::Father,
    Field::Mother,
    Field::FamilySituation,
    Field::Employer,
    Field::IdentityMode,
    Field::Certainty,
    Field::HeardAs,
    Field::Constraint,
    Field::Offences,
    Field::NoticeLanguage,
    Field::Counsel,
    Field::CounselName,
    Field::Interpreter,
    Field::InterpreterLanguage,
    Field::InterpreterOath,
    Field::InterpreterLink,
    Field::InterpreterPhone,
    Field::Plate,
    Field::Account,
    Field::Inventory,
    Field::Authority,
    Field::Addressee,
    Field::Mentions,
    Field::Annexes,
    Field::OtherSigners,
    Field::LicenceNumber,
    Field::LicenceCategories,
];

const NOTE: [Field; 5] = [
    Field::NotePurpose,
    Field::Subject,
    Field::Place,
    Field::Commune,
    Field::Account,
];

/// The check, the place, the person, the decision, the rights, what came of it, who signs.
const VERIFICATION: [Field; 52] = [
    Field::CheckBasis,
    Field::Alinea,
    Field::PriorBasis,
    Field::Requisition,
    Field::Grounds,
    Field::CheckStart,
    Field::Place,
    Field::Commune,
    Field::Position,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::BirthPlace,
    Field::Nationality,
    Field::Profession,
    Field::Address,
    Field::Phone,
    Field::IdentityMode,
    Field::Certainty,
    Field::Minority,
    Field::VerificationGround,
    Field::VerificationReasons,
    Field::Presentation,
    Field::PresentationMoment,
    Field::DecidingOpj,
    Field::DecisionMoment,
    Field::RetentionNotice,
    Field::Interpreter,
    Field::InterpreterLanguage,
    Field::InterpreterOath,
    Field::InterpreterLink,
    Field::InterpreterPhone,
    Field::ProsecutorWish,
    Field::ProsecutorMoment,
    Field::RelativeWish,
    Field::Relative,
    Field::RelativeMoment,
    Field::RelativeObstacle,
    Field::Representative,
    Field::RepresentativeObstacle,
    Field::PrintsAuthority,
    Field::PrintsMagistrate,
    Field::PrintsMoment,
    Field::PrintsReasons,
    Field::Finding,
    Field::VerificationMeans,
    Field::RetentionEnd,
    Field::FollowUp,
    Field::FollowUpProcedure,
    Field::HandedCopy,
    Field::OtherSigners,
];

const PLAINTE: [Field; 15] = [
    Field::Venue,
    Field::Place,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::Address,
    Field::Phone,
    Field::RightsLanguage,
    Field::SheetHanded,
    Field::When,
    Field::Offences,
    Field::Suspect,
    Field::Account,
    Field::HandReceipt,
];

/// The plate as it is scanned, then the offence, the road, the driver, the circumstances.
const PVE: [Field; 38] = [
    Field::Plate,
    Field::Registration,
    Field::PlateCountry,
    Field::Make,
    Field::Model,
    Field::Colour,
    Field::Genre,
    Field::Offences,
    Field::SpeedLimit,
    Field::SpeedMeasured,
    Field::SpeedDevice,
    Field::AlcoholFirst,
    Field::AlcoholSecond,
    Field::DocumentsDue,
    Field::Simultaneous,
    Field::Interception,
    Field::Place,
    Field::Road,
    Field::RoadPoint,
    Field::Direction,
    Field::Commune,
    Field::Agglomeration,
    Field::Position,
    Field::Moment,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::IdentityMode,
    Field::Address,
    Field::Phone,
    Field::Email,
    Field::LicenceStatus,
    Field::LicenceNumber,
    Field::LicenceCategories,
    Field::LicenceDate,
    Field::LicenceAuthority,
    Field::Account,
];

/// The person first, whom the TAJ is asked about; the acknowledgement last, before the signature.
const AFD: [Field; 45] = [
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::BirthDate,
    Field::IdentityMode,
    Field::Address,
    Field::Phone,
    Field::Email,
    Field::TajQueried,
    Field::Offences,
    Field::Simultaneous,
    Field::Substance,
    Field::Quantity,
    Field::SeenOnTheSpot,
    Field::Understands,
    Field::NoRecidive,
    Field::AddressConfirmed,
    Field::InsuranceChecked,
    Field::NotDriving,
    Field::NotPublicAgent,
    Field::SingleProduct,
    Field::Destruction,
    Field::Returned,
    Field::Place,
    Field::Road,
    Field::RoadPoint,
    Field::Direction,
    Field::Commune,
    Field::Agglomeration,
    Field::Position,
    Field::Moment,
    Field::Plate,
    Field::Registration,
    Field::PlateCountry,
    Field::Make,
    Field::Model,
    Field::Colour,
    Field::Genre,
    Field::LicenceStatus,
    Field::LicenceNumber,
    Field::LicenceCategories,
    Field::LicenceDate,
    Field::LicenceAuthority,
    Field::Account,
    Field::Acknowledged,
];
