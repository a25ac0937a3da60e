//! Each box of a measure's form in its own words: the document ticks one, the structured act names it.

use domain::intervention::Outcome;
use domain::pv::{
    Blood, Door, GridState, HandcuffGround, LicenceState, Parent, RetentionGround, RoadPaper,
    ScreeningGround, ScreeningResult, SheetGiven, VehicleMeasure, Wish,
};

/// Every answer with its words.
pub(crate) type Boxes<T, const N: usize> = [(T, &'static str); N];

/// The words of the box that is ticked.
pub(crate) fn word<T: PartialEq + Copy, const N: usize>(boxes: &Boxes<T, N>, chosen: T) -> &'static str {
    let found = boxes.iter().find(|(one, _)| *one == chosen);
    found.map_or("", |(_, text)| text)
}

/// Without ground there are no handcuffs.
pub(crate) const HANDCUFFS: Boxes<Option<HandcuffGround>, 4> = [
    (None, "non"),
    (Some(HandcuffGround::Others), "danger pour autrui"),
    (Some(HandcuffGround::Themselves), "danger pour elle-même"),
    (Some(HandcuffGround::Flight), "risque de fuite"),
];

pub(crate) const SHEETS: Boxes<SheetGiven, 3> = [
    (SheetGiven::Given, "remis"),
    (SheetGiven::Later, "remis plus tard"),
    (SheetGiven::Declined, "refusé"),
];

pub(crate) const PARENTS: Boxes<Parent, 4> = [
    (Parent::Mother, "mère"),
    (Parent::Father, "père"),
    (Parent::Guardian, "tuteur"),
    (Parent::Entrusted, "personne mandatée"),
];

pub(crate) const SCREENING_GROUNDS: Boxes<ScreeningGround, 5> = [
    (ScreeningGround::BodilyAccident, "accident corporel"),
    (ScreeningGround::MaterialAccident, "accident matériel"),
    (ScreeningGround::Offence, "infraction"),
    (ScreeningGround::Initiative, "d’initiative"),
    (ScreeningGround::Requisition, "réquisitions"),
];

pub(crate) const SCREENING_RESULTS: Boxes<ScreeningResult, 4> = [
    (ScreeningResult::Negative, "négatif"),
    (ScreeningResult::Positive, "positif"),
    (ScreeningResult::Refused, "refus"),
    (ScreeningResult::Impossible, "impossible"),
];

pub(crate) const BLOOD: Boxes<Blood, 3> = [
    (Blood::Analysed, "prélevé"),
    (Blood::Reserved, "prélevé, second flacon réservé"),
    (Blood::Refused, "refus"),
];

pub(crate) const RETENTION_GROUNDS: Boxes<RetentionGround, 7> = [
    (
        RetentionGround::AlcoholPresumed,
        "dépistage d’alcool positif ou refusé",
    ),
    (RetentionGround::AlcoholProven, "état alcoolique établi"),
    (RetentionGround::Drugs, "dépistage de stupéfiants positif"),
    (RetentionGround::Refusal, "refus de vérification"),
    (RetentionGround::Speed, "excès de 40 km/h et plus"),
    (
        RetentionGround::Telephone,
        "téléphone tenu en main, avec une autre infraction",
    ),
    (RetentionGround::Accident, "accident corporel"),
];

pub(crate) const LICENCE_STATES: Boxes<LicenceState, 3> = [
    (LicenceState::Handed, "remis"),
    (LicenceState::NotShown, "non présenté"),
    (LicenceState::Dematerialised, "dématérialisé"),
];

pub(crate) const VEHICLE_MEASURES: Boxes<VehicleMeasure, 3> = [
    (VehicleMeasure::Immobilised, "immobilisation"),
    (VehicleMeasure::Impounded, "mise en fourrière"),
    (VehicleMeasure::Lifted, "mainlevée"),
];

pub(crate) const PAPERS: Boxes<RoadPaper, 7> = [
    (RoadPaper::Licence, "permis de conduire ou titre équivalent"),
    (RoadPaper::Registration, "certificat d’immatriculation"),
    (
        RoadPaper::Trailer,
        "certificat d’immatriculation de la remorque ou semi-remorque",
    ),
    (RoadPaper::Companion, "permis de l’accompagnateur"),
    (
        RoadPaper::Training,
        "attestation de formation ou d’expérience de la conduite",
    ),
    (RoadPaper::Interlock, "documents de l’éthylotest antidémarrage"),
    (
        RoadPaper::Insurance,
        "justificatif d’assurance du véhicule non immatriculé",
    ),
];

pub(crate) const DOORS: Boxes<Door, 3> = [
    (Door::Opened, "on ouvre"),
    (Door::Closed, "personne n’ouvre"),
    (Door::Forced, "entrée pour porter secours"),
];

pub(crate) const GRIDS: Boxes<GridState, 3> = [
    (GridState::Filled, "remplie"),
    (GridState::Declined, "refusée"),
    (GridState::Later, "différée"),
];

pub(crate) const WISHES: Boxes<Wish, 3> = [
    (Wish::Complaint, "plainte"),
    (Wish::MainCourante, "main courante"),
    (Wish::Nothing, "ni l’une ni l’autre"),
];

pub(crate) const OUTCOMES: Boxes<Outcome, 3> = [
    (Outcome::NothingToReport, "rien à signaler"),
    (Outcome::ActsDrawnUp, "actes établis"),
    (Outcome::HandedOver, "remise à un autre service"),
];
