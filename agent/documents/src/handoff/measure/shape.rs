//! What the structured act says of each measure, property by property.

use serde::Serialize;

use super::super::subjects::{Permis, Vehicule};
use super::super::{Moment, Number};

/// One measure, under its name.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::handoff) enum Mesure<'a> {
    Interpellation(Interpellation<'a>),
    MiseADisposition(MiseADisposition<'a>),
    Alcoolemie(Alcoolemie<'a>),
    Stupefiants(Stupefiants<'a>),
    Retention(Retention<'a>),
    Immobilisation(Fiche<'a>),
    Ivresse(Ebriete<'a>),
    Remise(RemiseMineur<'a>),
    Convocation(Invitation<'a>),
    Domicile(Domicile<'a>),
    CompteRendu(Rapport<'a>),
    Justification(Justificatifs<'a>),
}

#[derive(Serialize)]
pub(in crate::handoff) struct Interpellation<'a> {
    pub(super) heure: Moment,
    pub(super) contrainte: Contrainte<'a>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Contrainte<'a> {
    pub(super) force: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) force_motifs: Option<&'a str>,
    pub(super) menottes: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) menottes_circonstances: Option<&'a str>,
    pub(super) palpation: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) palpation_motifs: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) palpation_a_l_abri: Option<bool>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct MiseADisposition<'a> {
    pub(super) interpellation: Moment,
    pub(super) contrainte: Contrainte<'a>,
    pub(super) droits: Droits<'a>,
    pub(super) effets: Vec<&'a str>,
    pub(super) depart: Moment,
    pub(super) remise: Moment,
    pub(super) opj: Number<'a>,
    pub(super) service: &'a str,
}

/// Of custody; without hour where the OPJ tells them.
#[derive(Serialize)]
pub(in crate::handoff) struct Droits<'a> {
    pub(super) notifies_par: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notifies: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) langue: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) document: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retard: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) enonces: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mineur_representant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mineur_obstacle: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Depistage {
    pub(super) cadre: &'static str,
    pub(super) heure: Moment,
    pub(super) resultat: &'static str,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Sang<'a> {
    pub(super) prelevement: &'static str,
    pub(super) medecin: &'a str,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Alcoolemie<'a> {
    pub(super) depistage: Depistage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comportement: Option<&'a str>,
    pub(super) verification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ethylometre: Option<Ethylometre<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sang: Option<Sang<'a>>,
}

/// Micrograms per litre of exhaled air.
#[derive(Serialize)]
pub(in crate::handoff) struct Ethylometre<'a> {
    pub(super) appareil: &'a str,
    pub(super) verifie: String,
    pub(super) heure: Moment,
    pub(super) premiere_mesure_ug_l: u32,
    pub(super) seconde_proposee: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seconde_mesure_ug_l: Option<u32>,
    pub(super) retenue_ug_l: u32,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Stupefiants<'a> {
    pub(super) depistage: Depistage,
    pub(super) familles: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comportement: Option<&'a str>,
    pub(super) verification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) salive: Option<Salive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sang: Option<Sang<'a>>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Salive {
    pub(super) heure: Moment,
    pub(super) contre_expertise_reservee: bool,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Retention<'a> {
    pub(super) motif: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permis: Option<Permis<'a>>,
    pub(super) titre: &'static str,
    pub(super) depuis: Moment,
    pub(super) heures: u16,
    pub(super) jusque: Moment,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Fiche<'a> {
    pub(super) mesure: &'static str,
    pub(super) heure: Moment,
    pub(super) fondement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) opj: Option<Number<'a>>,
    pub(super) vehicule: Vehicule<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etat: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) contenu: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cles: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) certificat_retenu: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fourriere: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Ebriete<'a> {
    pub(super) heure: Moment,
    pub(super) signes: &'a str,
    pub(super) medecin: &'a str,
    pub(super) examen: Moment,
    pub(super) non_admission: bool,
    pub(super) suite: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) placement: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remise_a: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct RemiseMineur<'a> {
    pub(super) heure: Moment,
    pub(super) remis_a: &'a str,
    pub(super) qualite: &'static str,
    pub(super) etat: &'a str,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Invitation<'a> {
    pub(super) le: Moment,
    pub(super) service: &'a str,
    pub(super) droits: &'static [&'static str],
}

#[derive(Serialize)]
pub(in crate::handoff) struct Domicile<'a> {
    pub(super) arrivee: Moment,
    pub(super) porte: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entendues_separement: Option<bool>,
    pub(super) personnes: Vec<Presente<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) signes: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grille: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) carte_remise: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) souhait: Option<&'static str>,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Presente<'a> {
    pub(super) qui: &'a str,
    pub(super) role: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) naissance: &'a str,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Rapport<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) intervention: Option<&'a str>,
    pub(super) debut: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sur_place: Option<Moment>,
    pub(super) fin: Moment,
    pub(super) issue: &'static str,
}

#[derive(Serialize)]
pub(in crate::handoff) struct Justificatifs<'a> {
    pub(super) invitation: Moment,
    pub(super) documents: Vec<&'static str>,
    pub(super) jusque: String,
    pub(super) service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contravention: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vehicule: Option<Vehicule<'a>>,
}
