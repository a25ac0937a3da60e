//! The fields of the measures of the patrol's day, each in the order in which it is lived.

use super::field::Field;
use crate::pv::PvKind;

impl Field {
    /// What a PV of `kind` asks about its measure; nothing where it has none.
    pub const fn measured(kind: PvKind) -> &'static [Self] {
        match kind {
            PvKind::Interpellation => RESTRAINT,
            PvKind::MiseADisposition => &MISE_A_DISPOSITION,
            PvKind::Alcoolemie => &ALCOOLEMIE,
            PvKind::Stupefiants => &STUPEFIANTS,
            PvKind::Retention => &RETENTION,
            PvKind::Immobilisation => &IMMOBILISATION,
            PvKind::Ivresse => &IVRESSE,
            PvKind::Remise => &REMISE,
            PvKind::Convocation => &CONVOCATION,
            PvKind::Temoignage => &TEMOIGNAGE,
            PvKind::Domicile => &DOMICILE,
            PvKind::CompteRendu => &COMPTE_RENDU,
            PvKind::Justification => &JUSTIFICATION,
            PvKind::Constatations
            | PvKind::Audition
            | PvKind::Transport
            | PvKind::Notification
            | PvKind::Inventaire
            | PvKind::Bordereau
            | PvKind::Rectification
            | PvKind::Annulation => &[],
        }
    }

    /// Where a measure of `kind` names who answers for a minor; none where nobody does.
    pub(super) fn representative_in(kind: PvKind) -> Option<Self> {
        [Self::Representative, Self::ParentName]
            .into_iter()
            .find(|field| Self::measured(kind).contains(field))
    }
}

/// How somebody was arrested, which is how a mise à disposition begins.
const RESTRAINT: &[Field] = MISE_A_DISPOSITION.split_at(8).0;

const MISE_A_DISPOSITION: [Field; 21] = [
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
];

const ALCOOLEMIE: [Field; 13] = [
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
];

const STUPEFIANTS: [Field; 10] = [
    Field::ScreeningGround,
    Field::ScreeningMoment,
    Field::ScreeningResult,
    Field::Signs,
    Field::DrugFamilies,
    Field::DrugProof,
    Field::SampleMoment,
    Field::Reserve,
    Field::Blood,
    Field::Doctor,
];

const RETENTION: [Field; 3] = [Field::RetentionGround, Field::RetentionFrom, Field::LicenceState];

const IMMOBILISATION: [Field; 9] = [
    Field::VehicleMeasure,
    Field::MeasureMoment,
    Field::MeasureGround,
    Field::VehicleState,
    Field::VehicleContents,
    Field::Keys,
    Field::CertificateKept,
    Field::Pound,
    Field::DecidingOpj,
];

const IVRESSE: [Field; 8] = [
    Field::MeasureMoment,
    Field::Signs,
    Field::Doctor,
    Field::DoctorMoment,
    Field::DoctorFit,
    Field::DrunkOutcome,
    Field::PlacedMoment,
    Field::EntrustedTo,
];

const REMISE: [Field; 4] = [
    Field::MeasureMoment,
    Field::ParentName,
    Field::Parent,
    Field::MinorState,
];

const CONVOCATION: [Field; 2] = [Field::SummonsMoment, Field::Station];

const TEMOIGNAGE: [Field; 0] = [];

const DOMICILE: [Field; 8] = [
    Field::MeasureMoment,
    Field::Door,
    Field::Apart,
    Field::Present,
    Field::Signs,
    Field::GridDone,
    Field::CardHanded,
    Field::Wish,
];

const COMPTE_RENDU: [Field; 5] = [
    Field::OperationsNumber,
    Field::OpenedMoment,
    Field::OnSceneMoment,
    Field::OverMoment,
    Field::Outcome,
];

const JUSTIFICATION: [Field; 10] = [
    Field::MeasureMoment,
    Field::OwedLicence,
    Field::OwedRegistration,
    Field::OwedTrailer,
    Field::OwedCompanion,
    Field::OwedTraining,
    Field::OwedInterlock,
    Field::OwedInsurance,
    Field::Station,
    Field::LinkedPve,
];
