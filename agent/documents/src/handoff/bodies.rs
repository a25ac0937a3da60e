//! What each kind of act says, under a name of its own.

use domain::Sensitive;
use domain::identity::{CheckOutcome, CivilDate, IdentityCheck, TraceResult};
use domain::plainte::{Plainte, Receipt, Suspect, Venue};
use domain::pv::{Closing, Dress, Origin, Pv};
use domain::record::Act;
use serde::Serialize;

use super::forfait::{Contravention, Forfaitaire};
use super::measure::Mesure;
use super::procedure::{self, Audition, Correction, Echange, Fiche, Objet, Signataire};
use super::recoupement::{Cachet, Recoupement};
use super::recueil::Recueil;
use super::subjects::{Personne, Photographie, PieceJointe, Titre, document, person};
use super::{HandoffError, Infraction, Lieu, Moment, Number, Reader, moment, number, place};

/// The body of an act.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body<'a> {
    Controle(Controle<'a>),
    Pv(Box<ProcesVerbal<'a>>),
    Plainte(Box<Complaint<'a>>),
    Pve(Contravention<'a>),
    Afd(Forfaitaire<'a>),
}

impl<'a> Reader<'a> {
    pub(super) fn body(self) -> Result<Body<'a>, HandoffError> {
        Ok(match &self.record.act {
            Act::IdentityCheck(check) => Body::Controle(self.check(check)?),
            Act::Pv(pv) => Body::Pv(Box::new(self.pv(pv)?)),
            Act::Plainte(plainte) => Body::Plainte(Box::new(self.plainte(plainte)?)),
            Act::Pve(pve) => Body::Pve(self.pve(pve)?),
            Act::Afd(afd) => Body::Afd(self.afd(afd)?),
            Act::Footage(_) => return Err(HandoffError::Footage),
            Act::Note(_) => return Err(HandoffError::Note),
            Act::VisaRequest(_) | Act::Visa(_) | Act::Alert(_) | Act::SafeContact(_) | Act::Custody(_) => {
                return Err(HandoffError::Visa);
            }
            Act::Verification(_) => return Err(HandoffError::Verification),
        })
    }
}

#[derive(Serialize)]
pub(super) struct Controle<'a> {
    fondement: Fondement<'a>,
    lieu: Lieu<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personne: Option<Personne<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    titre: Option<Titre<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaque: Option<String>,
    consultations: Vec<Consultation>,
    identite: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recoupement: Vec<Recoupement<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cachets: Vec<Cachet<'a>>,
}

#[derive(Serialize)]
struct Fondement<'a> {
    code: &'static str,
    texte: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sur_ordre_de: Option<Number<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    circonstances: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requisitions: Option<&'a str>,
}

#[derive(Serialize)]
struct Consultation {
    fichier: &'static str,
    resultat: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reponse: Option<Moment>,
}

impl<'a> Reader<'a> {
    fn check(self, check: &'a IdentityCheck) -> Result<Controle<'a>, HandoffError> {
        let frame = &check.frame;
        let consultation = |trace: &domain::identity::FileTrace| {
            Ok(Consultation {
                fichier: trace.file.label(),
                resultat: match trace.result {
                    TraceResult::NothingFound => "aucune inscription",
                    TraceResult::Found => "inscription",
                    TraceResult::Consulted => "consulté",
                    TraceResult::NotAnswered => "sans réponse",
                },
                reponse: trace.answered.map(|at| self.moment_of(at)).transpose()?,
            })
        };
        Ok(Controle {
            fondement: Fondement {
                code: frame.basis.code(),
                texte: frame
                    .words(CivilDate::from(check.started.local().date()))
                    .citation,
                sur_ordre_de: frame.on_order_of.as_ref().map(number),
                circonstances: &frame.grounds,
                requisitions: frame.requisition.as_deref(),
            },
            lieu: place(&check.place),
            personne: check.person.as_ref().map(person),
            titre: check.document.as_ref().map(document),
            plaque: check.plate.as_ref().map(ToString::to_string),
            consultations: check.files.iter().map(consultation).collect::<Result<_, _>>()?,
            identite: match check.outcome {
                CheckOutcome::Established => "établie",
                CheckOutcome::Declared => "déclarée",
                CheckOutcome::NotEstablished => "non établie",
            },
            recoupement: check.compared.iter().map(Recoupement::from).collect(),
            cachets: check.seals.iter().map(Cachet::from).collect(),
        })
    }
}

#[derive(Serialize)]
pub(super) struct ProcesVerbal<'a> {
    cadre: &'static str,
    cadre_texte: &'static str,
    objet: &'a str,
    lieu: Lieu<'a>,
    infractions: Vec<Infraction<'a>>,
    plaques: Vec<String>,
    expose: Vec<&'a str>,
    cloture: &'static str,
    acte: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mesure: Option<Mesure<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saisine: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenue: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sous_controle_de: Option<Number<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assistants: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicule_de_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audition: Option<Audition<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personne: Option<Personne<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inventaire: Vec<Objet<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autorite: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destinataire: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annexes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    photographies: Vec<Photographie<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renvois: Vec<Correction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signataires: Vec<Signataire<'a>>,
}

impl<'a> Reader<'a> {
    fn pv(self, pv: &'a Pv) -> Result<ProcesVerbal<'a>, HandoffError> {
        Ok(ProcesVerbal {
            cadre: pv.frame.code(),
            cadre_texte: pv.frame.citation(),
            objet: &pv.subject,
            lieu: place(&pv.place),
            infractions: self.offences(&pv.offences),
            plaques: pv.plates.iter().map(ToString::to_string).collect(),
            expose: pv.paragraphs.iter().map(String::as_str).collect(),
            cloture: match pv.closing {
                Closing::AuthorOnly => "rédacteur seul",
                Closing::RefusesToSign => "refus de signer",
                Closing::ReadAndSigned => "lu et signé",
            },
            acte: pv.kind.code(),
            mesure: pv
                .measure
                .as_ref()
                .map(|measure| self.measure(measure))
                .transpose()?,
            saisine: pv.origin.map(Origin::code),
            tenue: pv.dress.map(Dress::code),
            sous_controle_de: pv.under.as_ref().map(number),
            assistants: texts(&pv.assistants),
            vehicule_de_service: pv.aboard.as_ref().map(ToString::to_string),
            audition: pv.hearing.as_ref().map(|heard| self.hearing(heard)).transpose()?,
            personne: pv.person.as_ref().map(|concerned| person(concerned)),
            inventaire: procedure::inventory(pv),
            autorite: pv.authority.as_deref(),
            destinataire: pv.addressee.as_deref(),
            mentions: texts(&pv.mentions),
            annexes: texts(&pv.annexes),
            photographies: self.photos(&pv.photos)?,
            renvois: pv.renvois.iter().map(procedure::renvoi).collect(),
            signataires: pv.signers.iter().map(procedure::signer).collect(),
        })
    }
}

#[derive(Serialize)]
pub(super) struct Complaint<'a> {
    recueillie: &'static str,
    /// Absent where it would name who shelters the victim, as in the document: the other side reads the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    lieu: Option<Lieu<'a>>,
    victime: Personne<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nom_dans_son_ecriture: Option<&'a str>,
    infractions: Vec<Infraction<'a>>,
    date_des_faits: &'a str,
    expose: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    echanges: Vec<Echange<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pieces: Vec<PieceJointe<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    photographies: Vec<Photographie<'a>>,
    contre_x: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mis_en_cause: Option<&'a str>,
    droits_notifies: Moment,
    droits_langue: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    droits_fiche: Option<Fiche<'a>>,
    recepisse_remis: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    recepisse_souhait: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renvois: Vec<Correction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signataires: Vec<Signataire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recueil: Option<Recueil<'a>>,
}

impl<'a> Reader<'a> {
    fn plainte(self, plainte: &'a Plainte) -> Result<Complaint<'a>, HandoffError> {
        let accused = match &plainte.suspect {
            Suspect::Unknown => None,
            Suspect::Named(name) => Some(name.reveal().as_str()),
        };
        Ok(Complaint {
            recueillie: plainte.venue.label(),
            lieu: (plainte.venue != Venue::HomeOfThirdParty).then(|| place(&plainte.place)),
            victime: person(&plainte.victim),
            nom_dans_son_ecriture: plainte.native_name.as_ref().map(|name| name.reveal().as_str()),
            infractions: self.offences(&plainte.offences),
            date_des_faits: &plainte.when,
            expose: plainte
                .paragraphs
                .iter()
                .map(Sensitive::reveal)
                .map(String::as_str)
                .collect(),
            echanges: procedure::exchanges(&plainte.exchanges),
            pieces: self.pieces(&plainte.pieces)?,
            photographies: self.photos(&plainte.photos)?,
            contre_x: accused.is_none(),
            mis_en_cause: accused,
            droits_notifies: moment(plainte.rights.at)?,
            droits_langue: plainte.rights.language.code(),
            droits_fiche: plainte.rights.sheet.as_ref().map(procedure::sheet),
            recepisse_remis: plainte.receipt_handed,
            recepisse_souhait: plainte.receipt.map(|wish| match wish {
                Receipt::Plain => "remis",
                Receipt::Neutral => "titre neutre",
                Receipt::Kept => "gardé au service",
            }),
            renvois: plainte.renvois.iter().map(procedure::renvoi).collect(),
            signataires: plainte.signers.iter().map(procedure::signer).collect(),
            recueil: self.recueil(plainte)?,
        })
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
