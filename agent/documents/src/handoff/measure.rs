//! What a measure establishes, each value under the word of its form: nobody types it again at the station.

mod shape;

use super::subjects::{date, licence, vehicle};
use super::{HandoffError, Reader, number};
use crate::measure::boxes::{
    BLOOD, DOORS, GRIDS, HANDCUFFS, LICENCE_STATES, OUTCOMES, PAPERS, PARENTS, RETENTION_GROUNDS,
    SCREENING_GROUNDS, SCREENING_RESULTS, SHEETS, VEHICLE_MEASURES, WISHES, word,
};
use domain::Sensitive;
use domain::plainte::Language;
use domain::pv::{
    AlcoholCheck, AlcoholProof, Blood, Breath, CompteRendu, Convocation, DrugCheck, DrugProof, DrunkOutcome,
    Handover, HomeCall, Immobilisation, Ivresse, Justification, Leaflet, LicenceRetention, Measure, Present,
    Remise, Restraint, SUMMONS_RIGHTS, Screening, VehicleMeasure,
};
use domain::verification::Representative;
pub(super) use shape::Mesure;
use shape::{
    Alcoolemie, Contrainte, Depistage, Domicile, Droits, Ebriete, Ethylometre, Fiche, Interpellation,
    Invitation, Justificatifs, MiseADisposition, Presente, Rapport, RemiseMineur, Retention, Salive, Sang,
    Stupefiants,
};

impl<'a> Reader<'a> {
    pub(super) fn measure(self, measure: &'a Measure) -> Result<Mesure<'a>, HandoffError> {
        Ok(match measure {
            Measure::Arrest(arrest) => Mesure::Interpellation(Interpellation {
                heure: self.moment_of(arrest.at)?,
                contrainte: restraint(&arrest.restraint),
            }),
            Measure::Handover(handover) => Mesure::MiseADisposition(self.handover(handover)?),
            Measure::Alcohol(check) => Mesure::Alcoolemie(self.alcohol(check)?),
            Measure::Drugs(check) => Mesure::Stupefiants(self.drugs(check)?),
            Measure::Licence(retention) => Mesure::Retention(self.licence_kept(retention)?),
            Measure::Vehicle(sheet) => Mesure::Immobilisation(self.vehicle_held(sheet)?),
            Measure::Ivresse(ivresse) => Mesure::Ivresse(self.drunk(ivresse)?),
            Measure::Remise(remise) => Mesure::Remise(self.minor(remise)?),
            Measure::Convocation(summons) => Mesure::Convocation(self.summons(summons)?),
            Measure::HomeCall(call) => Mesure::Domicile(self.home(call)?),
            Measure::CompteRendu(report) => Mesure::CompteRendu(self.report(report)?),
            Measure::Papers(owed) => Mesure::Justification(self.papers(owed)?),
        })
    }

    fn handover(self, handover: &'a Handover) -> Result<MiseADisposition<'a>, HandoffError> {
        let notice = handover.notice.as_ref();
        let (mineur_representant, mineur_obstacle) = match &handover.minor {
            Some(Representative::Assists(name)) => (Some(name.reveal().as_str()), None),
            Some(Representative::Impossible(why)) => (None, Some(why.as_str())),
            None => (None, None),
        };
        Ok(MiseADisposition {
            interpellation: self.moment_of(handover.arrested)?,
            contrainte: restraint(&handover.restraint),
            droits: Droits {
                notifies_par: if notice.is_some() { "patrouille" } else { "OPJ" },
                notifies: notice.map(|notice| self.moment_of(notice.at)).transpose()?,
                langue: notice.map(|notice| notice.language.as_str()),
                document: notice.map(|notice| word(&SHEETS, notice.sheet)),
                retard: notice.and_then(|notice| notice.delay.as_deref()),
                enonces: if notice.is_some() {
                    Leaflet::Custody.text(Language::French).items
                } else {
                    &[]
                },
                mineur_representant,
                mineur_obstacle,
            },
            effets: handover
                .property
                .iter()
                .map(Sensitive::reveal)
                .map(String::as_str)
                .collect(),
            depart: self.moment_of(handover.left)?,
            remise: self.moment_of(handover.handed)?,
            opj: number(&handover.opj),
            service: &handover.station,
        })
    }

    fn screening(self, screening: Screening) -> Result<Depistage, HandoffError> {
        Ok(Depistage {
            cadre: word(&SCREENING_GROUNDS, screening.ground),
            heure: self.moment_of(screening.at)?,
            resultat: word(&SCREENING_RESULTS, screening.result),
        })
    }

    fn alcohol(self, check: &'a AlcoholCheck) -> Result<Alcoolemie<'a>, HandoffError> {
        let (verification, breath, sang) = match &check.proof {
            AlcoholProof::None => ("aucune", None, None),
            AlcoholProof::Breath(breath) => ("éthylomètre", Some(self.breath(breath)?), None),
            AlcoholProof::Blood(state, physician) => ("sang", None, Some(blood(*state, physician))),
            AlcoholProof::Refused => ("refus", None, None),
        };
        Ok(Alcoolemie {
            depistage: self.screening(check.screening)?,
            comportement: check.signs.as_deref(),
            verification,
            ethylometre: breath,
            sang,
        })
    }

    fn breath(self, breath: &'a Breath) -> Result<Ethylometre<'a>, HandoffError> {
        Ok(Ethylometre {
            appareil: &breath.device,
            verifie: date(breath.verified),
            heure: self.moment_of(breath.at)?,
            premiere_mesure_ug_l: breath.reading.first,
            seconde_proposee: breath.offered,
            seconde_mesure_ug_l: breath.reading.second,
            retenue_ug_l: breath.reading.retained,
        })
    }

    fn drugs(self, check: &'a DrugCheck) -> Result<Stupefiants<'a>, HandoffError> {
        let (verification, salive, sang) = match &check.proof {
            DrugProof::None => ("aucune", None, None),
            DrugProof::Saliva { at, reserve } => {
                let taken = Salive {
                    heure: self.moment_of(*at)?,
                    contre_expertise_reservee: *reserve,
                };
                ("salive", Some(taken), None)
            }
            DrugProof::Blood(state, physician) => ("sang", None, Some(blood(*state, physician))),
            DrugProof::Refused => ("refus", None, None),
        };
        Ok(Stupefiants {
            depistage: self.screening(check.screening)?,
            familles: texts(&check.families),
            comportement: check.signs.as_deref(),
            verification,
            salive,
            sang,
        })
    }

    fn licence_kept(self, retention: &'a LicenceRetention) -> Result<Retention<'a>, HandoffError> {
        Ok(Retention {
            motif: word(&RETENTION_GROUNDS, retention.ground),
            permis: retention.licence.as_ref().map(licence),
            titre: word(&LICENCE_STATES, retention.state),
            depuis: self.moment_of(retention.from)?,
            heures: retention.hours,
            jusque: self.moment_of(retention.until())?,
        })
    }

    fn vehicle_held(self, sheet: &'a Immobilisation) -> Result<Fiche<'a>, HandoffError> {
        // What ends lets the vehicle go as it was found when it began.
        let held = sheet.measure != VehicleMeasure::Lifted;
        Ok(Fiche {
            mesure: word(&VEHICLE_MEASURES, sheet.measure),
            heure: self.moment_of(sheet.at)?,
            fondement: &sheet.ground,
            opj: sheet.opj.as_ref().map(number),
            vehicule: vehicle(&sheet.vehicle),
            etat: held.then_some(sheet.state.as_str()),
            contenu: texts(&sheet.contents),
            cles: held.then_some(sheet.keys.as_str()),
            certificat_retenu: held.then_some(sheet.certificate_kept),
            fourriere: sheet.pound.as_deref(),
        })
    }

    fn drunk(self, ivresse: &'a Ivresse) -> Result<Ebriete<'a>, HandoffError> {
        let (suite, placement, remise_a) = match &ivresse.outcome {
            DrunkOutcome::Cell(at) => ("chambre de sûreté", Some(self.moment_of(*at)?), None),
            DrunkOutcome::Entrusted(to) => ("confiée", None, Some(to.reveal().as_str())),
            DrunkOutcome::Hospital(to) => ("hôpital", None, Some(to.as_str())),
        };
        Ok(Ebriete {
            heure: self.moment_of(ivresse.found)?,
            signes: &ivresse.signs,
            medecin: &ivresse.doctor.name,
            examen: self.moment_of(ivresse.doctor.at)?,
            non_admission: ivresse.doctor.fit,
            suite,
            placement,
            remise_a,
        })
    }

    fn minor(self, remise: &'a Remise) -> Result<RemiseMineur<'a>, HandoffError> {
        Ok(RemiseMineur {
            heure: self.moment_of(remise.at)?,
            remis_a: remise.to.reveal(),
            qualite: word(&PARENTS, remise.parent),
            etat: &remise.state,
        })
    }

    fn summons(self, summons: &'a Convocation) -> Result<Invitation<'a>, HandoffError> {
        Ok(Invitation {
            le: self.moment_of(summons.at)?,
            service: &summons.station,
            droits: &SUMMONS_RIGHTS,
        })
    }

    fn home(self, call: &'a HomeCall) -> Result<Domicile<'a>, HandoffError> {
        let present = |one: &'a Present| Presente {
            qui: one.who.reveal(),
            role: &one.role,
            naissance: &one.born,
        };
        Ok(Domicile {
            arrivee: self.moment_of(call.arrived)?,
            porte: word(&DOORS, call.door),
            entendues_separement: call.apart,
            personnes: call.present.iter().map(present).collect(),
            signes: &call.signs,
            grille: call.grid.map(|state| word(&GRIDS, state)),
            carte_remise: call.card,
            souhait: call.wish.map(|wish| word(&WISHES, wish)),
        })
    }

    fn papers(self, owed: &'a Justification) -> Result<Justificatifs<'a>, HandoffError> {
        Ok(Justificatifs {
            invitation: self.moment_of(owed.at)?,
            documents: owed.papers.iter().map(|paper| word(&PAPERS, *paper)).collect(),
            jusque: date(owed.until),
            service: &owed.station,
            contravention: owed.pve.map(|pve| pve.to_string()),
            vehicule: owed.vehicle.as_ref().map(vehicle),
        })
    }

    fn report(self, report: &'a CompteRendu) -> Result<Rapport<'a>, HandoffError> {
        Ok(Rapport {
            intervention: report.number.as_ref().map(|number| number.as_str()),
            debut: self.moment_of(report.opened)?,
            sur_place: report.on_scene.map(|at| self.moment_of(at)).transpose()?,
            fin: self.moment_of(report.over)?,
            issue: word(&OUTCOMES, report.outcome),
        })
    }
}

fn restraint(restraint: &Restraint) -> Contrainte<'_> {
    let (force, cuffs, palpation) = (
        restraint.force.as_ref(),
        restraint.handcuffs.as_ref(),
        restraint.palpation.as_ref(),
    );
    Contrainte {
        force: force.is_some(),
        force_motifs: force.map(|force| force.circumstances.as_str()),
        menottes: word(&HANDCUFFS, cuffs.map(|cuffs| cuffs.ground)),
        menottes_circonstances: cuffs.map(|cuffs| cuffs.circumstances.as_str()),
        palpation: palpation.is_some(),
        palpation_motifs: palpation.map(|palpation| palpation.reasons.as_str()),
        palpation_a_l_abri: palpation.map(|palpation| palpation.apart),
    }
}

fn blood(state: Blood, physician: &str) -> Sang<'_> {
    Sang {
        prelevement: word(&BLOOD, state),
        medecin: physician,
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests;
