//! What stands around the account of a complaint, as structured data; the danger grid is in it, for the prosecutor.

use domain::plainte::{
    Complainant, Deposit, Domicile, Evaluation, Examination, GridAnswer, Loss, Mark, Plainte, Venue,
};
use serde::Serialize;

use super::procedure::{Interprete, interpreter};
use super::{HandoffError, Moment, Reader};

/// Without what nobody said.
#[derive(Serialize)]
pub(super) struct Recueil<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sans_plainte: Option<SansPlainte<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hote: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidentiel: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pour: Option<Pour<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accompagnants: Vec<Accompagnant<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interprete: Option<Interprete<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    avocat: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adresse_de: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voie_electronique: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mandat: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audition_filmee: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debut: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fin: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lieu_des_faits: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode_operatoire: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arme: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lien: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    temoins: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prejudice: Vec<Objet<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaque: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blessures: Option<Blessures<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evaluation: Vec<Critere<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grille: Option<Grille>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    protocole: Vec<Tache<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depose_en_ligne: Option<Depot<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    orientations: Vec<&'static str>,
}

/// What the victim filed on the network before.
#[derive(Serialize)]
struct Depot<'a> {
    nature: &'static str,
    numero: &'a str,
}

#[derive(Serialize)]
struct SansPlainte<'a> {
    acte: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refus: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parquet_avise: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    magistrat: Option<&'a str>,
}

#[derive(Serialize)]
struct Pour<'a> {
    nom: &'a str,
    qualite: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    siren: Option<&'a str>,
}

#[derive(Serialize)]
struct Accompagnant<'a> {
    role: &'static str,
    nom: &'a str,
}

#[derive(Serialize)]
struct Objet<'a> {
    objet: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    marque: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serie: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imei: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valeur_centimes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assurance: Option<&'a str>,
}

#[derive(Serialize)]
struct Blessures<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    itt_jours: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    examen_requis: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autorite: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    examen_refuse: Option<&'a str>,
}

#[derive(Serialize)]
struct Critere<'a> {
    critere: &'static str,
    constat: &'a str,
}

/// A task of the protocol, and what became of it.
#[derive(Serialize)]
struct Tache<'a> {
    tache: &'static str,
    reponse: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mots: Option<&'a str>,
}

/// `danger` is true or absent: no grid says that there is none.
#[derive(Serialize)]
struct Grille {
    reponses: Vec<Reponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    danger: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    releve_par_le_redacteur: Option<bool>,
}

#[derive(Serialize)]
struct Reponse {
    numero: u8,
    question: &'static str,
    rouge: bool,
    reponse: &'static str,
}

impl<'a> Reader<'a> {
    /// None where the complaint says nothing besides its account.
    pub(super) fn recueil(self, plainte: &'a Plainte) -> Result<Option<Recueil<'a>>, HandoffError> {
        let (reception, facts) = (&plainte.reception, &plainte.facts);
        let is_silent = reception.is_empty()
            && facts.is_empty()
            && plainte.evaluation.is_empty()
            && plainte.deposit.is_plainte()
            && plainte.danger.is_none()
            && plainte.protocol.is_empty()
            && plainte.filed.is_none()
            && plainte.directed.is_empty();
        if is_silent {
            return Ok(None);
        }
        let period = facts.period;
        let moment = |at: Option<domain::UnixMs>| at.map(|at| self.moment_of(at)).transpose();
        Ok(Some(Recueil {
            sans_plainte: self.without(&plainte.deposit)?,
            hote: reception
                .host
                .as_ref()
                .filter(|_| plainte.venue != Venue::HomeOfThirdParty)
                .map(|name| name.reveal().as_str()),
            confidentiel: reception.confidential,
            pour: match &reception.complainant {
                Complainant::Victim => None,
                Complainant::Representative(one) => Some(Pour {
                    nom: one.name.reveal(),
                    qualite: &one.quality,
                    siren: None,
                }),
                Complainant::LegalPerson(one) => Some(Pour {
                    nom: &one.name,
                    qualite: &one.quality,
                    siren: Some(one.siren.as_str()),
                }),
            },
            accompagnants: reception
                .companions
                .iter()
                .map(|one| Accompagnant {
                    role: one.role.label(),
                    nom: one.name.reveal(),
                })
                .collect(),
            interprete: reception.interpreter.as_ref().map(interpreter),
            avocat: reception
                .lawyer
                .iter()
                .map(|said| said.reveal().as_str())
                .collect(),
            adresse_de: match &reception.domicile {
                Domicile::Own => None,
                Domicile::ThirdParty(name) => Some(name.reveal().as_str()),
                Domicile::Professional => Some("adresse professionnelle"),
            },
            voie_electronique: reception.electronic,
            mandat: reception.mandate.as_deref(),
            audition_filmee: reception.filmed_by.as_deref(),
            debut: moment(period.map(|period| period.from))?,
            fin: moment(period.and_then(|period| period.to))?,
            lieu_des_faits: facts.place.as_ref().map(|place| place.address.as_str()),
            mode_operatoire: facts.modus.as_deref(),
            arme: facts.weapon.as_deref(),
            mobile: facts.discrimination.map(|motive| motive.label()),
            lien: facts.link.map(|link| link.label()),
            temoins: facts.witnesses.iter().map(|one| one.reveal().as_str()).collect(),
            prejudice: facts.losses.iter().map(loss).collect(),
            plaque: facts.vehicle.as_ref().map(ToString::to_string),
            blessures: self.injuries(plainte)?,
            evaluation: criteria(&plainte.evaluation),
            grille: plainte.danger.as_ref().map(|grid| Grille {
                reponses: grid
                    .lines()
                    .map(|(question, answer)| Reponse {
                        numero: question.number,
                        question: question.text,
                        rouge: question.red,
                        reponse: match answer {
                            GridAnswer::Yes => "oui",
                            GridAnswer::No => "non",
                            GridAnswer::NoAnswer => "sans réponse",
                            GridAnswer::NotAsked => "non posée",
                        },
                    })
                    .collect(),
                danger: grid.is_danger().then_some(true),
                releve_par_le_redacteur: grid.is_raised().then_some(true),
            }),
            protocole: plainte
                .protocol
                .iter()
                .map(|one| Tache {
                    tache: one.task.code(),
                    reponse: one.outcome.code(),
                    mots: one.outcome.words(),
                })
                .collect(),
            depose_en_ligne: plainte.filed.as_ref().map(|one| Depot {
                nature: one.filed.label(),
                numero: &one.number,
            }),
            orientations: plainte.directed.iter().map(|service| service.code()).collect(),
        }))
    }

    fn without(self, deposit: &'a Deposit) -> Result<Option<SansPlainte<'a>>, HandoffError> {
        let Some(without) = deposit.without() else {
            return Ok(None);
        };
        let told = without.violence.as_ref();
        Ok(Some(SansPlainte {
            acte: deposit.kind().title(),
            refus: without.refusal.as_ref().map(|words| words.reveal().as_str()),
            parquet_avise: told.map(|told| self.moment_of(told.at)).transpose()?,
            magistrat: told.map(|told| told.magistrate.as_str()),
        }))
    }

    fn injuries(self, plainte: &'a Plainte) -> Result<Option<Blessures<'a>>, HandoffError> {
        let Some(hurt) = &plainte.facts.injuries else {
            return Ok(None);
        };
        let (required, refused) = match &hurt.examination {
            Examination::NotAsked => (None, None),
            Examination::Required(asked) => (Some(asked), None),
            Examination::Refused(words) => (None, Some(words.reveal().as_str())),
        };
        Ok(Some(Blessures {
            description: hurt.told.reveal(),
            itt_jours: hurt.itt_days,
            examen_requis: required.map(|asked| self.moment_of(asked.at)).transpose()?,
            autorite: required.map(|asked| asked.authority.as_str()),
            examen_refuse: refused,
        }))
    }
}

fn loss(loss: &Loss) -> Objet<'_> {
    let (serie, imei) = match &loss.mark {
        None => (None, None),
        Some(Mark::Serial(number)) => (Some(number.as_str()), None),
        Some(Mark::Imei(digits)) => (None, Some(digits.as_str())),
    };
    Objet {
        objet: &loss.object,
        marque: loss.make.as_deref(),
        serie,
        imei,
        valeur_centimes: loss.value_cents,
        assurance: loss.insured.as_deref(),
    }
}

fn criteria(evaluation: &Evaluation) -> Vec<Critere<'_>> {
    let known = [
        ("préjudice", &evaluation.harm),
        ("circonstances", &evaluation.circumstances),
        ("vulnérabilité", &evaluation.vulnerability),
        ("intimidation ou représailles", &evaluation.reprisals),
        ("mesures", &evaluation.measures),
    ];
    known
        .into_iter()
        .filter_map(|(critere, said)| {
            Some(Critere {
                critere,
                constat: said.as_ref()?.reveal(),
            })
        })
        .collect()
}
