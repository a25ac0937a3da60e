//! Measures of the roadside, laid out as the fiches A, B and C, the avis de rétention and the fiche d'immobilisation are.

use domain::pv::{
    AlcoholCheck, AlcoholProof, Blood, DrugCheck, DrugProof, Immobilisation, Justification, LicenceRetention,
    Screening, VehicleMeasure,
};
use typst::foundations::Dict;

use super::boxes::{
    BLOOD, LICENCE_STATES, PAPERS, RETENTION_GROUNDS, SCREENING_GROUNDS, SCREENING_RESULTS, VEHICLE_MEASURES,
};
use super::{Hours, hour, lines, said, section, several, ticked, yes_or_no};
use crate::DocumentError;
use crate::pve::rate;
use crate::road::described;

fn screening(screening: Screening, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    Ok(vec![
        ticked("Cadre", &SCREENING_GROUNDS, screening.ground),
        hour("Heure du dépistage", screening.at, hours)?,
        ticked("Résultat", &SCREENING_RESULTS, screening.result),
    ])
}

fn blood(blood: Blood, physician: &str) -> Result<Vec<Dict>, DocumentError> {
    Ok(vec![
        ticked("Prélèvement sanguin", &BLOOD, blood),
        said("Médecin", physician)?,
    ])
}

pub(super) fn alcohol(check: &AlcoholCheck, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut first = screening(check.screening, hours)?;
    if let Some(signs) = &check.signs {
        first.push(said("Comportement", signs)?);
    }
    let mut sections = vec![section("Fiche A – Dépistage et comportement", first)];
    match &check.proof {
        AlcoholProof::None => {}
        AlcoholProof::Breath(breath) => {
            let mut rows = vec![
                said("Éthylomètre", &breath.device)?,
                said("Dernière vérification", &breath.verified.to_string())?,
                hour("Heure du premier souffle", breath.at, hours)?,
                said("Premier souffle", &rate(breath.reading.first))?,
                yes_or_no("Second souffle proposé", breath.offered),
            ];
            if let Some(second) = breath.reading.second {
                rows.push(said("Second souffle", &rate(second))?);
            }
            rows.push(said(
                "Taux retenu, marge déduite du plus faible",
                &rate(breath.reading.retained),
            )?);
            sections.push(section("Fiche B – Vérification à l’éthylomètre", rows));
        }
        AlcoholProof::Blood(state, physician) => {
            sections.push(section(
                "Fiche C – Examen et prise de sang",
                blood(*state, physician)?,
            ));
        }
        AlcoholProof::Refused => sections.push(section(
            "Vérification",
            vec![said(
                "Refus",
                "la personne refuse de se soumettre aux vérifications (article L.234-8 du Code de la route)",
            )?],
        )),
    }
    Ok(sections)
}

pub(super) fn drugs(check: &DrugCheck, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut first = screening(check.screening, hours)?;
    if !check.families.is_empty() {
        first.push(lines("Familles dépistées", &check.families)?);
    }
    if let Some(signs) = &check.signs {
        first.push(said("Comportement", signs)?);
    }
    let mut sections = vec![section("Dépistage", first)];
    match &check.proof {
        DrugProof::None => {}
        DrugProof::Saliva { at, reserve } => sections.push(section(
            "Prélèvement salivaire",
            vec![
                hour("Heure", *at, hours)?,
                yes_or_no(
                    "Se réserve la possibilité d’une contre-expertise (R.235-6)",
                    *reserve,
                ),
            ],
        )),
        DrugProof::Blood(state, physician) => {
            sections.push(section("Examen et prise de sang", blood(*state, physician)?));
        }
        DrugProof::Refused => sections.push(section(
            "Vérification",
            vec![said(
                "Refus",
                "la personne refuse de se soumettre aux vérifications (article L.235-3 du Code de la route)",
            )?],
        )),
    }
    Ok(sections)
}

pub(super) fn licence(retention: &LicenceRetention, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = vec![ticked(
        "Motif (article L.224-1)",
        &RETENTION_GROUNDS,
        retention.ground,
    )];
    if let Some(licence) = &retention.licence {
        let number = licence
            .number
            .as_ref()
            .map_or("non relevé", |number| number.reveal());
        rows.push(said("Permis n°", number)?);
        if !licence.categories.is_empty() {
            rows.push(said("Catégories", &licence.categories.join(" "))?);
        }
    }
    rows.push(ticked("Titre", &LICENCE_STATES, retention.state));
    let until = hours.of(retention.until());
    let hours_word = format!(
        "Jusqu’au {until} au plus tard ({} heures). Pendant ce temps il est interdit de conduire un véhicule pour lequel le permis est exigé.",
        retention.hours
    );
    let after = "Le préfet peut suspendre le permis dans ce délai (article L.224-2). À défaut, il est tenu à la disposition de son titulaire.";
    Ok(vec![
        section("Rétention", {
            rows.push(hour("À compter du", retention.from, hours)?);
            rows
        }),
        section(
            "Effets",
            vec![said("Durée", &hours_word)?, said("Ensuite", after)?],
        ),
    ])
}

pub(super) fn vehicle(sheet: &Immobilisation, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = vec![
        ticked("Mesure (L.325-1 et suivants)", &VEHICLE_MEASURES, sheet.measure),
        hour("Heure", sheet.at, hours)?,
        said("Fondement", &sheet.ground)?,
    ];
    if let Some(opj) = &sheet.opj {
        rows.push(said("Sur décision de l’OPJ", &opj.to_string())?);
    }
    let mut of_the_vehicle = vec![said("Véhicule", &described(&sheet.vehicle))?];
    if sheet.measure != VehicleMeasure::Lifted {
        of_the_vehicle.push(said("État, avant toute manipulation", &sheet.state)?);
        of_the_vehicle.push(lines("Dans le véhicule", &sheet.contents)?);
        of_the_vehicle.push(said("Clés", &sheet.keys)?);
        of_the_vehicle.push(yes_or_no(
            "Certificat d’immatriculation retenu",
            sheet.certificate_kept,
        ));
    }
    if let Some(pound) = &sheet.pound {
        of_the_vehicle.push(said("Fourrière", pound)?);
    }
    Ok(vec![section("Mesure", rows), section("Véhicule", of_the_vehicle)])
}

/// What is to be shown, to whom, and until when: the sheet that the driver takes away.
pub(super) fn papers(owed: &Justification, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut asked = vec![
        hour("Invitation faite le", owed.at, hours)?,
        several("À présenter", &PAPERS, &owed.papers),
    ];
    if let Some(vehicle) = &owed.vehicle {
        asked.push(said("Véhicule", &described(vehicle))?);
    }
    if let Some(pve) = &owed.pve {
        asked.push(said("Avec le procès-verbal électronique n°", &pve.to_string())?);
    }
    let mut until = vec![
        said("Au plus tard le", &owed.until.to_string())?,
        said("Auprès de", &owed.station)?,
    ];
    let text = "Ne pas présenter immédiatement ces documents est puni de l’amende des contraventions de la première classe ; ne pas les présenter dans le délai de cinq jours, de celle des contraventions de la quatrième classe (article R.233-1 du Code de la route).";
    until.push(said("Texte", text)?);
    if owed.owes_no_insurance() {
        let insured = "Le véhicule est immatriculé : l’assurance se vérifie au fichier des véhicules assurés, aucun justificatif n’est à présenter.";
        until.push(said("Assurance", insured)?);
    }
    Ok(vec![
        section("Documents à présenter", asked),
        section("Délai", until),
    ])
}
