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

    /// What a measure takes from the act before it, besides.
    pub const CARRIED: [Self; 18] = [
        Self::Inventory,
        Self::Offences,
        Self::Dress,
        Self::Assistants,
        Self::DecidingOpj,
        Self::AlcoholFirst,
        Self::AlcoholSecond,
        Self::ArrestMoment,
        Self::ForceUsed,
        Self::ForceReasons,
        Self::HandcuffGround,
        Self::HandcuffReasons,
        Self::PalpationDone,
        Self::PalpationReasons,
        Self::PalpationApart,
        Self::Device,
        Self::Station,
        Self::OperationsNumber,
    ];

    /// Of those, what says where it was.
    pub const OF_A_PLACE: [Self; 7] = [
        Self::Place,
        Self::Road,
        Self::RoadPoint,
        Self::Direction,
        Self::Commune,
        Self::Agglomeration,
        Self::Position,
    ];

    /// What is a day without an hour.
    pub const DAYS: [Self; 5] = [
        Self::BirthDate,
        Self::LicenceDate,
        Self::DocumentsDue,
        Self::DeviceVerified,
        Self::DocumentExpiry,
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
            ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => &[],
        }
    }
}

impl Field {
    /// The form of a general PV of `kind`: a hearing asks for a status, an inventory for objects.
    pub fn of_pv(kind: PvKind) -> impl Iterator<Item = Self> {
        let measured = Self::measured(kind);
        let asked = move |field: &Self| field.belongs_to(kind) && !measured.contains(field);
        let before = PV.into_iter().take_while(|field| *field != Self::Offences);
        let after = PV.into_iter().skip_while(|field| *field != Self::Offences);
        // A measure is asked for in the order in which it is lived, after the person.
        before
            .filter(asked)
            .chain(measured.iter().copied())
            .chain(after.filter(asked))
    }

    fn belongs_to(self, kind: PvKind) -> bool {
        if Self::measured(kind).contains(&self) {
            return true;
        }
        let of_a_measure = PvKind::ALL.iter().any(|one| Self::measured(*one).contains(&self));
        if of_a_measure {
            return false;
        }
        let of_a_hearing = HEARING.contains(&self);
        let of_a_licence = LICENCE.contains(&self);
        let of_a_vehicle = VEHICLE.contains(&self);
        let translated = Self::INTERPRETED.contains(&self);
        let of_a_person = PERSON.contains(&self);
        let of_an_object = OBJECTS.contains(&self);
        match kind {
            PvKind::Audition => !of_an_object && !of_a_licence && !of_a_vehicle,
            PvKind::Notification => !of_a_hearing && !of_an_object && !of_a_licence && !of_a_vehicle,
            PvKind::Interpellation => {
                let sent = matches!(self, Self::Authority | Self::Addressee);
                !of_a_hearing && !translated && !sent && !of_a_licence && !of_a_vehicle
            }
            PvKind::Inventaire => {
                !of_a_hearing && !translated && self != Self::Addressee && !of_a_licence && !of_a_vehicle
            }
            PvKind::Bordereau => {
                let kept = !of_a_hearing && !translated && !of_a_licence && !of_a_vehicle;
                kept && !of_a_person && self != Self::Inventory
            }
            PvKind::Constatations
            | PvKind::Transport
            | PvKind::Rectification
            | PvKind::Annulation
            | PvKind::Domicile
            | PvKind::CompteRendu => {
                let kept = !of_a_hearing && !translated && !of_a_licence && !of_a_vehicle;
                kept && !of_a_person && !of_an_object
            }
            PvKind::MiseADisposition => {
                let kept = !of_a_hearing && !translated && !of_a_licence && !of_a_vehicle;
                kept && (!of_an_object || self == Self::Inventory)
            }
            PvKind::Alcoolemie
            | PvKind::Stupefiants
            | PvKind::Ivresse
            | PvKind::Remise
            | PvKind::Convocation
            | PvKind::Temoignage => {
                !of_a_hearing && !translated && !of_an_object && !of_a_licence && !of_a_vehicle
            }
            PvKind::Retention => {
                let licence = of_a_licence || matches!(self, Self::LicenceNumber | Self::LicenceCategories);
                licence || (!of_a_hearing && !translated && !of_an_object && !of_a_vehicle)
            }
            PvKind::Immobilisation | PvKind::Justification => {
                !of_a_hearing && !translated && !of_an_object && !of_a_licence
            }
        }
    }
}

/// What a hearing does not ask of a licence, and a retention of one does.
const LICENCE: [Field; 3] = [Field::LicenceStatus, Field::LicenceDate, Field::LicenceAuthority];

/// Of a vehicle besides its plate.
const VEHICLE: [Field; 6] = [
    Field::PlateCountry,
    Field::Registration,
    Field::Make,
    Field::Model,
    Field::Colour,
    Field::Genre,
];

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
const PV: [Field; 132] = [
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
    Field::ArrestMoment,
    Field::ForceUsed,
    Field::ForceReasons,
    Field::HandcuffGround,
    Field::HandcuffReasons,
    Field::PalpationDone,
    Field::PalpationReasons,
    Field::PalpationApart,
    Field::NoticeGiver,
    Field::CustodyNotice,
    Field::CustodyLanguage,
    Field::CustodySheet,
    Field::NoticeDelay,
    Field::Minority,
    Field::Representative,
    Field::RepresentativeObstacle,
    Field::Property,
    Field::Departure,
    Field::HandedMoment,
    Field::DecidingOpj,
    Field::Station,
    Field::ScreeningGround,
    Field::ScreeningMoment,
    Field::ScreeningResult,
    Field::Signs,
    Field::AlcoholProof,
    Field::Device,
    Field::DeviceVerified,
    Field::BlowMoment,
    Field::AlcoholFirst,
    Field::SecondOffered,
    Field::AlcoholSecond,
    Field::Blood,
    Field::Doctor,
    Field::DrugFamilies,
    Field::DrugProof,
    Field::SampleMoment,
    Field::Reserve,
    Field::RetentionGround,
    Field::RetentionFrom,
    Field::LicenceState,
    Field::VehicleMeasure,
    Field::MeasureMoment,
    Field::MeasureGround,
    Field::VehicleState,
    Field::VehicleContents,
    Field::Keys,
    Field::CertificateKept,
    Field::Pound,
    Field::DoctorMoment,
    Field::DoctorFit,
    Field::DrunkOutcome,
    Field::PlacedMoment,
    Field::EntrustedTo,
    Field::ParentName,
    Field::Parent,
    Field::MinorState,
    Field::SummonsMoment,
    Field::Door,
    Field::Apart,
    Field::Present,
    Field::GridDone,
    Field::CardHanded,
    Field::Wish,
    Field::OperationsNumber,
    Field::OpenedMoment,
    Field::OnSceneMoment,
    Field::OverMoment,
    Field::Outcome,
    Field::OwedLicence,
    Field::OwedRegistration,
    Field::OwedTrailer,
    Field::OwedCompanion,
    Field::OwedTraining,
    Field::OwedInterlock,
    Field::OwedInsurance,
    Field::LinkedPve,
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
    Field::PlateCountry,
    Field::Registration,
    Field::Make,
    Field::Model,
    Field::Colour,
    Field::Genre,
    Field::Account,
    Field::Inventory,
    Field::Authority,
    Field::Addressee,
    Field::Mentions,
    Field::Annexes,
    Field::OtherSigners,
    Field::LicenceNumber,
    Field::LicenceCategories,
    Field::LicenceStatus,
    Field::LicenceDate,
    Field::LicenceAuthority,
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

/// What it becomes, where and with whom, the victim, the rights, the facts, the danger, the evaluation, who signs.
const PLAINTE: [Field; 83] = [
    Field::Deposit,
    Field::Refusal,
    Field::Violence,
    Field::SexualOffence,
    Field::ProsecutorTold,
    Field::ToldMagistrate,
    Field::FiledOnline,
    Field::FiledNumber,
    Field::FiledReread,
    Field::Venue,
    Field::Host,
    Field::Confidential,
    Field::Place,
    Field::Complainant,
    Field::ComplainantName,
    Field::ComplainantQuality,
    Field::Siren,
    Field::Companions,
    Field::Interpreter,
    Field::InterpreterLanguage,
    Field::InterpreterOath,
    Field::InterpreterLink,
    Field::InterpreterPhone,
    Field::FilmedBy,
    Field::ContactChannel,
    Field::ContactAt,
    Field::ContactHours,
    Field::ContactNever,
    Field::Refuge,
    Field::Mrz,
    Field::Surname,
    Field::GivenNames,
    Field::NativeName,
    Field::BirthDate,
    Field::BirthPlace,
    Field::Nationality,
    Field::Profession,
    Field::Mandate,
    Field::Domicile,
    Field::DomicileConsent,
    Field::Address,
    Field::Phone,
    Field::Email,
    Field::Electronic,
    Field::IdentityMode,
    Field::RightsLanguage,
    Field::SheetHanded,
    Field::Offences,
    Field::When,
    Field::FactsFrom,
    Field::FactsTo,
    Field::FactsPlace,
    Field::Account,
    Field::Modus,
    Field::Weapon,
    Field::Discrimination,
    Field::Suspect,
    Field::SuspectLink,
    Field::Witnesses,
    Field::Losses,
    Field::Plate,
    Field::Injuries,
    Field::Itt,
    Field::Examination,
    Field::ExaminationAuthority,
    Field::ExaminationMoment,
    Field::ExaminationFrame,
    Field::ExaminationUnit,
    Field::ExaminationMission,
    Field::ExaminationRefusal,
    Field::Directed,
    Field::Grid,
    Field::GridRaised,
    Field::Protocol,
    Field::Harm,
    Field::HarmCircumstances,
    Field::Vulnerability,
    Field::Reprisals,
    Field::Measures,
    Field::LawyerWords,
    Field::Certainty,
    Field::OtherSigners,
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
