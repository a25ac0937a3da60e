//! Where each field of the forms by steps stands, and how it is answered; the order is the domain's.

use domain::draft::Field;
use domain::pv::PvKind;
use domain::record::ActKind;
use drawn::{Entry, Step};

/// A form by steps: of a PVe, an AFD, a note, or a general PV of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) kind: ActKind,
    pub(super) pv: PvKind,
    /// Violence was told: the victim's safety is seen to before anything else.
    pub(super) violent: bool,
}

impl Form {
    /// Its fields in the order of the domain; none where the form has no steps.
    pub(super) fn fields(self) -> Vec<Field> {
        match self.kind {
            ActKind::Pve | ActKind::Afd | ActKind::Note | ActKind::Verification | ActKind::Plainte => {
                Field::form(self.kind).to_vec()
            }
            ActKind::Pv => Field::of_pv(self.pv).collect(),
            ActKind::IdentityCheck
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => Vec::new(),
        }
    }

    /// The steps: each where its first field stands, the summary last.
    pub(super) fn steps(self) -> Vec<Step> {
        let mut steps = Vec::new();
        for step in self.fields().into_iter().filter_map(|field| self.step(field)) {
            if step != Step::Summary && !steps.contains(&step) {
                // What a victim brings is no field.
                if step == Step::Signers && self.kind.keeps_pieces() {
                    steps.push(Step::Pieces);
                }
                steps.push(step);
            }
        }
        steps.push(Step::Summary);
        let danger = steps.iter().position(|step| *step == Step::Danger);
        if let Some(at) = danger.filter(|_| self.violent) {
            steps[1..=at].rotate_right(1);
        }
        steps
    }

    /// The step of `field`; none for fields of other forms.
    pub(super) fn step(self, field: Field) -> Option<Step> {
        match self.kind {
            ActKind::Pve | ActKind::Afd => of_the_road(field),
            ActKind::Pv | ActKind::Note => self.of_an_account(field),
            ActKind::Verification => begun_before(&VERIFICATION, self.kind, field),
            ActKind::Plainte => begun_before(&PLAINTE, self.kind, field),
            ActKind::IdentityCheck
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => None,
        }
    }

    fn of_an_account(self, field: Field) -> Option<Step> {
        let sent = [Field::Authority, Field::Addressee];
        if Field::INTERPRETED.contains(&field) && self.pv != PvKind::Audition {
            return Some(Step::Person);
        }
        if sent.contains(&field) && self.pv == PvKind::Bordereau {
            return Some(Step::Act);
        }
        if Field::measured(self.pv).contains(&field) {
            return Some(Step::Measure);
        }
        if field == Field::Plate && self.pv == PvKind::Immobilisation {
            return Some(Step::Vehicle);
        }
        STEPS
            .iter()
            .find(|(_, fields)| fields.contains(&field))
            .map(|(step, _)| *step)
    }
}

const STEPS: [(Step, &[Field]); 10] = [
    (
        Step::Act,
        &[
            Field::PvKind,
            Field::PvFrame,
            Field::Origin,
            Field::Dress,
            Field::Assistants,
            Field::Subject,
            Field::NotePurpose,
        ],
    ),
    (Step::Site, &[Field::Place, Field::Commune, Field::Position]),
    (
        Step::Person,
        &[
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
            Field::LicenceStatus,
            Field::LicenceNumber,
            Field::LicenceCategories,
            Field::LicenceAuthority,
            Field::LicenceDate,
        ],
    ),
    (
        Step::Hearing,
        &[
            Field::HeardAs,
            Field::Constraint,
            Field::NoticeLanguage,
            Field::Counsel,
            Field::CounselName,
            Field::Interpreter,
            Field::InterpreterLanguage,
            Field::InterpreterOath,
            Field::InterpreterLink,
            Field::InterpreterPhone,
        ],
    ),
    (Step::Offence, &[Field::Offences, Field::Plate]),
    (Step::Account, &[Field::Account]),
    (
        Step::Objects,
        &[Field::Inventory, Field::Authority, Field::Addressee],
    ),
    (Step::Mentions, &[Field::Mentions, Field::Annexes]),
    (Step::Signers, &[Field::OtherSigners]),
    (
        Step::Vehicle,
        &[
            Field::PlateCountry,
            Field::Make,
            Field::Model,
            Field::Colour,
            Field::Registration,
            Field::Genre,
        ],
    ),
];

/// The step of `field` in a form whose steps follow the domain's order: each of `steps` begins with its first field.
fn begun_before(steps: &[(Step, Field)], kind: ActKind, field: Field) -> Option<Step> {
    let mut open = None;
    for one in Field::form(kind) {
        open = steps
            .iter()
            .find(|(_, first)| first == one)
            .map_or(open, |(step, _)| Some(*step));
        if *one == field {
            return open;
        }
    }
    None
}

const PLAINTE: [(Step, Field); 13] = [
    (Step::Act, Field::Deposit),
    (Step::Reception, Field::Venue),
    (Step::Contact, Field::ContactChannel),
    (Step::Person, Field::Mrz),
    (Step::Rights, Field::RightsLanguage),
    (Step::Offence, Field::Offences),
    (Step::Account, Field::Account),
    (Step::Facts, Field::Modus),
    (Step::Losses, Field::Losses),
    (Step::Online, Field::Directed),
    (Step::Danger, Field::Grid),
    (Step::Evaluation, Field::Harm),
    (Step::Signers, Field::LawyerWords),
];

const VERIFICATION: [(Step, Field); 7] = [
    (Step::Act, Field::CheckBasis),
    (Step::Site, Field::Place),
    (Step::Person, Field::Mrz),
    (Step::Decision, Field::VerificationGround),
    (Step::Rights, Field::RetentionNotice),
    (Step::Finding, Field::PrintsAuthority),
    (Step::Signers, Field::OtherSigners),
];

fn of_the_road(field: Field) -> Option<Step> {
    ROAD.iter()
        .find(|(_, fields)| fields.contains(&field))
        .map(|(step, _)| *step)
}

const ROAD: [(Step, &[Field]); 7] = [
    (
        Step::Vehicle,
        &[
            Field::Plate,
            Field::PlateCountry,
            Field::Make,
            Field::Model,
            Field::Colour,
            Field::Registration,
            Field::Genre,
        ],
    ),
    (
        Step::Offence,
        &[
            Field::Offences,
            Field::SpeedLimit,
            Field::SpeedMeasured,
            Field::SpeedDevice,
            Field::AlcoholFirst,
            Field::AlcoholSecond,
            Field::Quantity,
            Field::DocumentsDue,
            Field::Simultaneous,
            Field::Substance,
        ],
    ),
    (
        Step::Place,
        &[
            Field::Interception,
            Field::Agglomeration,
            Field::Place,
            Field::Road,
            Field::RoadPoint,
            Field::Direction,
            Field::Commune,
            Field::Position,
            Field::Moment,
        ],
    ),
    (
        Step::Person,
        &[
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
            Field::LicenceAuthority,
            Field::LicenceDate,
            Field::TajQueried,
        ],
    ),
    (
        Step::Conditions,
        &[
            Field::Understands,
            Field::NoRecidive,
            Field::SeenOnTheSpot,
            Field::AddressConfirmed,
            Field::Destruction,
            Field::SingleProduct,
            Field::Returned,
            Field::NotDriving,
            Field::NotPublicAgent,
            Field::InsuranceChecked,
        ],
    ),
    (Step::Circumstances, &[Field::Account]),
    (Step::Summary, &[Field::Acknowledged]),
];

/// How `field` is answered; none where its step has a panel for it, or where another form asks for it.
pub(super) const fn entry(field: Field) -> Option<Entry> {
    Some(match field {
        Field::Plate => Entry::Plate,
        Field::PlateCountry
        | Field::Make
        | Field::Model
        | Field::Colour
        | Field::Simultaneous
        | Field::Substance
        | Field::Place
        | Field::Road
        | Field::RoadPoint
        | Field::Direction
        | Field::Commune
        | Field::Position
        | Field::Alinea
        | Field::PriorBasis
        | Field::DocumentNumber
        | Field::DocumentExpiry
        | Field::ToldMagistrate
        | Field::Host
        | Field::ComplainantName
        | Field::ComplainantQuality
        | Field::Siren
        | Field::DomicileConsent
        | Field::Mandate
        | Field::FilmedBy
        | Field::FactsPlace
        | Field::NativeName
        | Field::ExaminationUnit
        | Field::ContactAt
        | Field::ContactHours
        | Field::Refuge
        | Field::FiledNumber
        | Field::Modus
        | Field::Weapon
        | Field::Suspect
        | Field::When
        | Field::ExaminationAuthority
        | Field::Address
        | Field::Phone
        | Field::Email
        | Field::LicenceNumber
        | Field::LicenceCategories
        | Field::LicenceAuthority
        | Field::Subject
        | Field::BirthPlace
        | Field::Nationality
        | Field::Profession
        | Field::Father
        | Field::Mother
        | Field::FamilySituation
        | Field::Employer
        | Field::CounselName
        | Field::Interpreter
        | Field::InterpreterLanguage
        | Field::Authority
        | Field::Addressee
        | Field::Requisition
        | Field::DecidingOpj
        | Field::Relative
        | Field::RelativeObstacle
        | Field::Representative
        | Field::RepresentativeObstacle
        | Field::PrintsMagistrate
        | Field::CustodyLanguage
        | Field::Station
        | Field::Device
        | Field::Doctor
        | Field::MeasureGround
        | Field::Keys
        | Field::Pound
        | Field::EntrustedTo
        | Field::ParentName
        | Field::OperationsNumber
        | Field::LinkedPve
        | Field::FollowUpProcedure => Entry::Text,
        Field::SpeedLimit | Field::SpeedMeasured | Field::Itt => Entry::Whole,
        Field::AlcoholFirst | Field::AlcoholSecond | Field::Quantity => Entry::Decimal,
        Field::DocumentsDue
        | Field::LicenceDate
        | Field::DeviceVerified
        | Field::FactsFrom
        | Field::FactsTo => Entry::Date,
        Field::Moment
        | Field::CheckStart
        | Field::DecisionMoment
        | Field::PresentationMoment
        | Field::ProsecutorMoment
        | Field::RelativeMoment
        | Field::PrintsMoment
        | Field::RetentionEnd
        | Field::ProsecutorTold
        | Field::ExaminationMoment
        | Field::ArrestMoment
        | Field::CustodyNotice
        | Field::Departure
        | Field::HandedMoment
        | Field::ScreeningMoment
        | Field::BlowMoment
        | Field::SampleMoment
        | Field::RetentionFrom
        | Field::MeasureMoment
        | Field::DoctorMoment
        | Field::PlacedMoment
        | Field::SummonsMoment
        | Field::OpenedMoment
        | Field::OnSceneMoment
        | Field::OverMoment => Entry::Moment,
        Field::Registration
        | Field::Genre
        | Field::SpeedDevice
        | Field::Interception
        | Field::Agglomeration
        | Field::LicenceStatus
        | Field::PvKind
        | Field::Origin
        | Field::Dress
        | Field::Counsel
        | Field::InterpreterLink
        | Field::InterpreterOath
        | Field::InterpreterPhone
        | Field::Constraint
        | Field::IdentityMode
        | Field::Certainty
        | Field::VerificationGround
        | Field::Presentation
        | Field::ProsecutorWish
        | Field::RelativeWish
        | Field::Minority
        | Field::PrintsAuthority
        | Field::Finding
        | Field::FollowUp
        | Field::HandedCopy
        | Field::Deposit
        | Field::Violence
        | Field::SexualOffence
        | Field::Confidential
        | Field::Complainant
        | Field::Domicile
        | Field::Electronic
        | Field::Discrimination
        | Field::SuspectLink
        | Field::Examination
        | Field::ExaminationFrame
        | Field::GridRaised
        | Field::ContactChannel
        | Field::FiledOnline
        | Field::FiledReread
        | Field::ForceUsed
        | Field::HandcuffGround
        | Field::PalpationDone
        | Field::PalpationApart
        | Field::NoticeGiver
        | Field::CustodySheet
        | Field::ScreeningResult
        | Field::AlcoholProof
        | Field::SecondOffered
        | Field::Blood
        | Field::DrugProof
        | Field::Reserve
        | Field::LicenceState
        | Field::VehicleMeasure
        | Field::CertificateKept
        | Field::DoctorFit
        | Field::DrunkOutcome
        | Field::Parent
        | Field::Door
        | Field::Apart
        | Field::GridDone
        | Field::CardHanded
        | Field::Wish
        | Field::Outcome
        | Field::OwedLicence
        | Field::OwedRegistration
        | Field::OwedTrailer
        | Field::OwedCompanion
        | Field::OwedTraining
        | Field::OwedInterlock
        | Field::OwedInsurance
        | Field::HandReceipt => Entry::Choice,
        Field::PvFrame
        | Field::HeardAs
        | Field::NotePurpose
        | Field::CheckBasis
        | Field::Venue
        | Field::ScreeningGround
        | Field::RetentionGround => Entry::Listed,
        Field::TajQueried
        | Field::Understands
        | Field::NoRecidive
        | Field::SeenOnTheSpot
        | Field::AddressConfirmed
        | Field::Destruction
        | Field::SingleProduct
        | Field::Returned
        | Field::NotDriving
        | Field::NotPublicAgent
        | Field::InsuranceChecked
        | Field::Acknowledged => Entry::Question,
        Field::Account => Entry::Account,
        Field::Mentions
        | Field::Grounds
        | Field::VerificationReasons
        | Field::PrintsReasons
        | Field::VerificationMeans
        | Field::Refusal
        | Field::LawyerWords
        | Field::Injuries
        | Field::ExaminationRefusal
        | Field::ExaminationMission
        | Field::Harm
        | Field::HarmCircumstances
        | Field::Vulnerability
        | Field::Reprisals
        | Field::ForceReasons
        | Field::HandcuffReasons
        | Field::PalpationReasons
        | Field::NoticeDelay
        | Field::Signs
        | Field::VehicleState
        | Field::MinorState
        | Field::Measures => Entry::Paragraphs,
        Field::Assistants
        | Field::Annexes
        | Field::Companions
        | Field::Witnesses
        | Field::Losses
        | Field::Property
        | Field::DrugFamilies
        | Field::VehicleContents
        | Field::Present
        | Field::ContactNever => Entry::Lines,
        Field::Grid | Field::Protocol | Field::Directed => Entry::Grid,
        Field::NoticeLanguage => Entry::Notice,
        Field::RetentionNotice => Entry::Rights,
        Field::Inventory => Entry::Inventory,
        Field::OtherSigners => Entry::Signers,
        Field::Offences
        | Field::Mrz
        | Field::Surname
        | Field::GivenNames
        | Field::BirthDate
        | Field::RightsLanguage
        | Field::SheetHanded => return None,
    })
}

/// The fields that the answer to another calls for: a status, a lawyer, an interpreter. None where nothing has to be
/// answered first, or the form does not ask for that.
pub(super) fn called_for_by(form: Form, field: Field) -> Option<Call> {
    let asked = form.fields();
    CALLS
        .into_iter()
        .find(|call| call.fields.contains(&field) && asked.contains(&call.by))
}

/// An answer, and the fields that are asked for after it.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) by: Field,
    /// Any answer calls, where no code is named.
    pub(super) code: Option<&'static str>,
    fields: &'static [Field],
}

const CALLS: [Call; 28] = [
    Call {
        by: Field::AlcoholProof,
        code: Some("SANG"),
        fields: &[Field::Blood, Field::Doctor],
    },
    Call {
        by: Field::DrugProof,
        code: Some("SANG"),
        fields: &[Field::Blood, Field::Doctor],
    },
    Call {
        by: Field::AlcoholProof,
        code: Some("SOUFFLE"),
        fields: &[Field::AlcoholFirst, Field::AlcoholSecond],
    },
    Call {
        by: Field::ForceUsed,
        code: Some("oui"),
        fields: &[Field::ForceReasons],
    },
    Call {
        by: Field::PalpationDone,
        code: Some("oui"),
        fields: &[Field::PalpationReasons, Field::PalpationApart],
    },
    Call {
        by: Field::NoticeGiver,
        code: Some("PATROUILLE"),
        fields: &[
            Field::CustodyNotice,
            Field::CustodyLanguage,
            Field::CustodySheet,
            Field::NoticeDelay,
        ],
    },
    Call {
        by: Field::AlcoholProof,
        code: Some("SOUFFLE"),
        fields: &[
            Field::Device,
            Field::DeviceVerified,
            Field::BlowMoment,
            Field::SecondOffered,
        ],
    },
    Call {
        by: Field::DrugProof,
        code: Some("SALIVE"),
        fields: &[Field::SampleMoment, Field::Reserve],
    },
    Call {
        by: Field::VehicleMeasure,
        code: Some("FOURRIERE"),
        fields: &[Field::Pound],
    },
    Call {
        by: Field::DrunkOutcome,
        code: Some("CHAMBRE"),
        fields: &[Field::PlacedMoment],
    },
    Call {
        by: Field::FiledOnline,
        code: Some("PRE-PLAINTE"),
        fields: &[Field::FiledReread],
    },
    Call {
        by: Field::FiledOnline,
        code: None,
        fields: &[Field::FiledNumber],
    },
    Call {
        by: Field::Deposit,
        code: None,
        fields: &[Field::Refusal, Field::ProsecutorTold, Field::ToldMagistrate],
    },
    Call {
        by: Field::Complainant,
        code: Some("PERSONNE-MORALE"),
        fields: &[Field::Siren],
    },
    Call {
        by: Field::Complainant,
        code: None,
        fields: &[Field::ComplainantName, Field::ComplainantQuality],
    },
    Call {
        by: Field::Domicile,
        code: Some("TIERS"),
        fields: &[Field::DomicileConsent],
    },
    Call {
        by: Field::SexualOffence,
        code: Some("oui"),
        fields: &[Field::FilmedBy],
    },
    Call {
        by: Field::Injuries,
        code: None,
        fields: &[Field::Itt, Field::Examination],
    },
    Call {
        by: Field::Examination,
        code: Some("REQUIS"),
        fields: &[
            Field::ExaminationAuthority,
            Field::ExaminationMoment,
            Field::ExaminationFrame,
            Field::ExaminationUnit,
            Field::ExaminationMission,
        ],
    },
    Call {
        by: Field::Examination,
        code: Some("REFUSE"),
        fields: &[Field::ExaminationRefusal],
    },
    Call {
        by: Field::HeardAs,
        code: Some("SUSPECT"),
        fields: &[
            Field::Constraint,
            Field::NoticeLanguage,
            Field::Counsel,
            Field::Father,
            Field::Mother,
            Field::FamilySituation,
            Field::Employer,
        ],
    },
    Call {
        by: Field::Counsel,
        code: Some("PRESENT"),
        fields: &[Field::CounselName],
    },
    Call {
        by: Field::CheckBasis,
        code: None,
        fields: &[Field::Requisition],
    },
    Call {
        by: Field::CheckBasis,
        code: Some("CI-9"),
        fields: &[Field::Alinea],
    },
    Call {
        by: Field::CheckBasis,
        code: Some("ETR-2"),
        fields: &[Field::PriorBasis],
    },
    Call {
        by: Field::RelativeWish,
        code: Some("oui"),
        fields: &[Field::Relative, Field::RelativeMoment, Field::RelativeObstacle],
    },
    Call {
        by: Field::FollowUp,
        code: Some("OUI"),
        fields: &[Field::FollowUpProcedure],
    },
    Call {
        by: Field::Interpreter,
        code: None,
        fields: &[
            Field::InterpreterLanguage,
            Field::InterpreterOath,
            Field::InterpreterLink,
            Field::InterpreterPhone,
        ],
    },
];

const ON_DEMAND: [&[Field]; 9] = [
    &[Field::SpeedLimit, Field::SpeedMeasured, Field::SpeedDevice],
    &[Field::AlcoholFirst, Field::AlcoholSecond],
    &[Field::Substance, Field::Quantity],
    &[Field::Destruction],
    &[Field::SingleProduct],
    &[Field::Returned],
    &[Field::NotDriving],
    &[Field::NotPublicAgent],
    &[Field::InsuranceChecked],
];

/// The fields that one offence asks for with `field`; none where every offence does.
pub(super) fn asked_together(field: Field) -> Option<&'static [Field]> {
    ON_DEMAND.into_iter().find(|fields| fields.contains(&field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms() -> Vec<Form> {
        let other = [
            ActKind::Pve,
            ActKind::Afd,
            ActKind::Note,
            ActKind::Verification,
            ActKind::Plainte,
        ]
        .map(|kind| Form {
            kind,
            pv: PvKind::Constatations,
            violent: false,
        });
        let pv = PvKind::ALL.map(|pv| Form {
            kind: ActKind::Pv,
            pv,
            violent: false,
        });
        [&other[..], &pv[..]].concat()
    }

    #[test]
    fn every_field_of_the_forms_by_steps_has_its_place() {
        for form in forms() {
            assert!(!form.fields().is_empty());
            for field in form.fields() {
                assert!(form.step(field).is_some(), "{form:?} {field:?}");
            }
        }
    }

    #[test]
    fn the_steps_follow_the_form_and_end_with_the_summary() {
        let steps = |kind, pv| {
            Form {
                kind,
                pv,
                violent: false,
            }
            .steps()
        };
        assert_eq!(
            steps(ActKind::Pve, PvKind::Constatations),
            [
                Step::Vehicle,
                Step::Offence,
                Step::Place,
                Step::Person,
                Step::Circumstances,
                Step::Summary
            ]
        );
        assert_eq!(
            steps(ActKind::Afd, PvKind::Constatations),
            [
                Step::Person,
                Step::Offence,
                Step::Conditions,
                Step::Place,
                Step::Vehicle,
                Step::Circumstances,
                Step::Summary
            ]
        );
        assert_eq!(
            steps(ActKind::Pv, PvKind::Audition),
            [
                Step::Act,
                Step::Site,
                Step::Person,
                Step::Hearing,
                Step::Offence,
                Step::Account,
                Step::Mentions,
                Step::Signers,
                Step::Summary
            ]
        );
        assert_eq!(
            steps(ActKind::Note, PvKind::Constatations),
            [Step::Act, Step::Site, Step::Account, Step::Summary]
        );
        assert_eq!(
            steps(ActKind::Verification, PvKind::Constatations),
            [
                Step::Act,
                Step::Site,
                Step::Person,
                Step::Decision,
                Step::Rights,
                Step::Finding,
                Step::Signers,
                Step::Summary
            ]
        );
        assert!(!steps(ActKind::Pv, PvKind::Constatations).contains(&Step::Person));
        assert!(steps(ActKind::Pv, PvKind::Inventaire).contains(&Step::Objects));
    }
}
