//! Measures taken with a person: arrest, handover, drunkenness, a minor.

use domain::plainte::Language;
use domain::pv::{Arrest, DrunkOutcome, Handover, Ivresse, Leaflet, Remise, Restraint};
use domain::verification::Representative;
use typst::foundations::Dict;

use super::boxes::{HANDCUFFS, PARENTS, SHEETS};
use super::{Hours, hour, lines, listed, said, section, ticked, yes_or_no};
use crate::DocumentError;

pub(super) fn arrest(arrest: &Arrest, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    Ok(vec![
        section("Interpellation", vec![hour("Heure", arrest.at, hours)?]),
        section("Contrainte", restraint(&arrest.restraint)?),
    ])
}

fn restraint(restraint: &Restraint) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = vec![yes_or_no("Emploi de la force", restraint.force.is_some())];
    if let Some(force) = &restraint.force {
        rows.push(said("Nécessité et proportion", &force.circumstances)?);
    }
    let ground = restraint.handcuffs.as_ref().map(|cuffs| cuffs.ground);
    rows.push(ticked("Menottes (article 803 CPP)", &HANDCUFFS, ground));
    if let Some(cuffs) = &restraint.handcuffs {
        rows.push(said("Circonstances", &cuffs.circumstances)?);
    }
    rows.push(yes_or_no(
        "Palpation de sécurité (R.434-16 CSI)",
        restraint.palpation.is_some(),
    ));
    if let Some(palpation) = &restraint.palpation {
        rows.push(said("Motifs", &palpation.reasons)?);
        rows.push(yes_or_no("À l’abri du regard du public", palpation.apart));
    }
    Ok(rows)
}

pub(super) fn handover(handover: &Handover, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut sections = vec![
        section("Interpellation", vec![hour("Heure", handover.arrested, hours)?]),
        section("Contrainte", restraint(&handover.restraint)?),
    ];
    let mut rights = Vec::new();
    match &handover.notice {
        Some(notice) => {
            rights.push(hour("Notifiés le", notice.at, hours)?);
            rights.push(said("Langue comprise", &notice.language)?);
            rights.push(ticked("Document (803-6 CPP)", &SHEETS, notice.sheet));
            if let Some(delay) = &notice.delay {
                rights.push(said("Ce qui a retardé la notification", delay)?);
            }
            rights.push(listed(
                "Dits à la personne",
                Leaflet::Custody.text(Language::French).items,
            ));
        }
        None => rights.push(said(
            "Notification",
            "par l’officier de police judiciaire à qui la personne est remise",
        )?),
    }
    match &handover.minor {
        Some(Representative::Assists(name)) => rights.push(said("Mineur, représenté par", name.reveal())?),
        Some(Representative::Impossible(why)) => {
            rights.push(said("Mineur, sans représentant présent", why)?);
        }
        None => {}
    }
    sections.push(section("Droits de la garde à vue", rights));
    let property: Vec<String> = handover.property.iter().map(|one| one.reveal().clone()).collect();
    sections.push(section(
        "Remise à l’officier de police judiciaire",
        vec![
            lines("Effets de la personne", &property)?,
            hour("Départ", handover.left, hours)?,
            hour("Remise", handover.handed, hours)?,
            said("À", &format!("{}, {}", handover.opj, handover.station))?,
        ],
    ));
    Ok(sections)
}

pub(super) fn ivresse(ivresse: &Ivresse, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let found = section(
        "Constatations",
        vec![
            hour("Heure", ivresse.found, hours)?,
            said("Signes de l’ivresse, dans un lieu public", &ivresse.signs)?,
        ],
    );
    let doctor = section(
        "Examen médical",
        vec![
            said("Médecin", &ivresse.doctor.name)?,
            hour("Heure", ivresse.doctor.at, hours)?,
            yes_or_no("Certificat de non-admission", ivresse.doctor.fit),
        ],
    );
    let outcome = match &ivresse.outcome {
        DrunkOutcome::Cell(at) => hour(
            "Retenue en chambre de sûreté jusqu’à ce qu’elle ait recouvré la raison, depuis",
            *at,
            hours,
        )?,
        DrunkOutcome::Entrusted(to) => said("Confiée à une personne qui se porte garante", to.reveal())?,
        DrunkOutcome::Hospital(to) => said("Conduite à l’hôpital", to)?,
    };
    let text = said(
        "Texte",
        "Article L.3341-1 du Code de la santé publique ; les frais sont à sa charge.",
    )?;
    Ok(vec![found, doctor, section("Suite", vec![outcome, text])])
}

pub(super) fn remise(remise: &Remise, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    Ok(vec![section(
        "Remise du mineur",
        vec![
            hour("Heure", remise.at, hours)?,
            said("Remis à", remise.to.reveal())?,
            ticked("Qualité", &PARENTS, remise.parent),
            said("État du mineur", &remise.state)?,
        ],
    )])
}
