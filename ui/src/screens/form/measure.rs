//! The answers that the fields of a measure offer.

use domain::draft::Field;
use drawn::Choice;

/// None for what is answered by yes or no.
pub(super) fn listed(field: Field) -> Option<Answers> {
    let listed = ANSWERS.iter().find(|(one, _)| *one == field);
    listed.map(|(_, answers)| *answers)
}

/// Choices with the codes that a draft keeps for them.
type Answers = &'static [(Choice, &'static str)];

const ANSWERS: [(Field, Answers); 17] = [
    (
        Field::HandcuffGround,
        &[
            (Choice::No, "non"),
            (Choice::DangerToOthers, "DANGER-AUTRUI"),
            (Choice::DangerToThemselves, "DANGER-SOI"),
            (Choice::MayFlee, "FUITE"),
        ],
    ),
    (
        Field::NoticeGiver,
        &[(Choice::ThePatrol, "PATROUILLE"), (Choice::TheOpj, "OPJ")],
    ),
    (
        Field::CustodySheet,
        &[
            (Choice::Handed, "REMIS"),
            (Choice::GivenLater, "DIFFERE"),
            (Choice::CopyDeclined, "REFUSE"),
        ],
    ),
    (
        Field::ScreeningGround,
        &[
            (Choice::BodilyAccident, "ACCIDENT-CORPOREL"),
            (Choice::MaterialAccident, "ACCIDENT-MATERIEL"),
            (Choice::OffenceSeen, "INFRACTION"),
            (Choice::OwnInitiative, "INITIATIVE"),
            (Choice::Requisition, "REQUISITION"),
        ],
    ),
    (
        Field::ScreeningResult,
        &[
            (Choice::Negative, "NEGATIF"),
            (Choice::Positive, "POSITIF"),
            (Choice::Refused, "REFUS"),
            (Choice::NotPossible, "IMPOSSIBLE"),
        ],
    ),
    (
        Field::AlcoholProof,
        &[
            (Choice::ByBreath, "SOUFFLE"),
            (Choice::ByBlood, "SANG"),
            (Choice::Refused, "REFUS"),
        ],
    ),
    (
        Field::Blood,
        &[
            (Choice::Sampled, "PRELEVE"),
            (Choice::SampledAndReserved, "RESERVE"),
            (Choice::Refused, "REFUS"),
        ],
    ),
    (
        Field::DrugProof,
        &[
            (Choice::BySaliva, "SALIVE"),
            (Choice::ByBlood, "SANG"),
            (Choice::Refused, "REFUS"),
        ],
    ),
    (
        Field::RetentionGround,
        &[
            (Choice::AlcoholPresumed, "ALCOOL-PRESUME"),
            (Choice::AlcoholProven, "ALCOOL-ETABLI"),
            (Choice::DrugsFound, "STUPEFIANTS"),
            (Choice::VerificationRefused, "REFUS"),
            (Choice::SpeedOfForty, "VITESSE"),
            (Choice::TelephoneHeld, "TELEPHONE"),
            (Choice::BodilyAccident, "ACCIDENT"),
        ],
    ),
    (
        Field::LicenceState,
        &[
            (Choice::Handed, "REMIS"),
            (Choice::NotShown, "NON-PRESENTE"),
            (Choice::Dematerialised, "DEMATERIALISE"),
        ],
    ),
    (
        Field::VehicleMeasure,
        &[
            (Choice::Immobilised, "IMMOBILISATION"),
            (Choice::Impounded, "FOURRIERE"),
            (Choice::Lifted, "MAINLEVEE"),
        ],
    ),
    (
        Field::DrunkOutcome,
        &[
            (Choice::Cell, "CHAMBRE"),
            (Choice::Entrusted, "TIERS"),
            (Choice::Hospital, "HOPITAL"),
        ],
    ),
    (
        Field::Parent,
        &[
            (Choice::Mother, "MERE"),
            (Choice::Father, "PERE"),
            (Choice::Guardian, "TUTEUR"),
            (Choice::Entrusted, "MANDATE"),
        ],
    ),
    (
        Field::Door,
        &[
            (Choice::DoorOpened, "OUVERT"),
            (Choice::NobodyOpens, "PERSONNE"),
            (Choice::DoorForced, "FORCE"),
        ],
    ),
    (
        Field::GridDone,
        &[
            (Choice::GridFilled, "FAITE"),
            (Choice::GridDeclined, "REFUSEE"),
            (Choice::GridLater, "DIFFEREE"),
        ],
    ),
    (
        Field::Wish,
        &[
            (Choice::Complaint, "PLAINTE"),
            (Choice::MainCourante, "MAIN-COURANTE"),
            (Choice::NoComplaint, "AUCUNE"),
        ],
    ),
    (
        Field::Outcome,
        &[
            (Choice::NothingToReport, "RIEN"),
            (Choice::ActsDrawnUp, "ACTES"),
            (Choice::HandedToOthers, "REMISE"),
        ],
    ),
];
