//! What each kind of act says, under a name of its own.

use domain::Sensitive;
use domain::afd::{Afd, Answered, Condition, EligibleOffence, Quantity};
use domain::identity::{CheckOutcome, IdentityCheck, TraceResult};
use domain::natinf::{Amounts, InForce, Instrument};
use domain::plainte::{Plainte, Suspect, Venue};
use domain::pv::{Closing, Dress, Origin, Pv};
use domain::pve::{Interception, Noted, Offender, Parameter, Pve};
use domain::record::Act;
use serde::Serialize;

use super::procedure::{self, Audition, Correction, Objet, Signataire};
use super::subjects::{
    LieuRoute, Permis, Personne, Photographie, Signature, Titre, Vehicule, date, document, licence, person,
    road_place, signature, signed, vehicle,
};
use super::{HandoffError, Infraction, Lieu, Moment, Number, Reader, moment, number, place};
use crate::afd;
use crate::road;

/// The body of an act.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body<'a> {
    Controle(Controle<'a>),
    Pv(Box<ProcesVerbal<'a>>),
    Plainte(Complaint<'a>),
    Pve(Contravention<'a>),
    Afd(Forfaitaire<'a>),
}

impl<'a> Reader<'a> {
    pub(super) fn body(self) -> Result<Body<'a>, HandoffError> {
        Ok(match &self.record.act {
            Act::IdentityCheck(check) => Body::Controle(self.check(check)?),
            Act::Pv(pv) => Body::Pv(Box::new(self.pv(pv)?)),
            Act::Plainte(plainte) => Body::Plainte(self.plainte(plainte)?),
            Act::Pve(pve) => Body::Pve(self.pve(pve)?),
            Act::Afd(afd) => Body::Afd(self.afd(afd)?),
            Act::Footage(_) => return Err(HandoffError::Footage),
            Act::Note(_) => return Err(HandoffError::Note),
            Act::VisaRequest(_) | Act::Visa(_) => return Err(HandoffError::Visa),
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
}

#[derive(Serialize)]
struct Fondement<'a> {
    code: &'static str,
    texte: &'static str,
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
                    TraceResult::NotAnswered => "sans réponse",
                },
                reponse: trace.answered.map(|at| self.moment_of(at)).transpose()?,
            })
        };
        Ok(Controle {
            fondement: Fondement {
                code: frame.basis.code(),
                texte: frame.basis.citation(),
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
    saisine: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenue: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sous_controle_de: Option<Number<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assistants: Vec<&'a str>,
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
            saisine: pv.origin.map(Origin::code),
            tenue: pv.dress.map(Dress::code),
            sous_controle_de: pv.under.as_ref().map(number),
            assistants: texts(&pv.assistants),
            audition: pv.hearing.as_ref().map(|heard| self.hearing(heard)).transpose()?,
            personne: pv.person.as_ref().map(|concerned| person(concerned)),
            inventaire: pv.inventory.iter().map(procedure::item).collect(),
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
    infractions: Vec<Infraction<'a>>,
    date_des_faits: &'a str,
    expose: Vec<&'a str>,
    contre_x: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mis_en_cause: Option<&'a str>,
    droits_notifies: Moment,
    droits_langue: &'static str,
    recepisse_remis: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renvois: Vec<Correction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signataires: Vec<Signataire<'a>>,
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
            infractions: self.offences(&plainte.offences),
            date_des_faits: &plainte.when,
            expose: plainte
                .paragraphs
                .iter()
                .map(Sensitive::reveal)
                .map(String::as_str)
                .collect(),
            contre_x: accused.is_none(),
            mis_en_cause: accused,
            droits_notifies: moment(plainte.rights.at)?,
            droits_langue: plainte.rights.language.code(),
            recepisse_remis: plainte.receipt_handed,
            renvois: plainte.renvois.iter().map(procedure::renvoi).collect(),
            signataires: plainte.signers.iter().map(procedure::signer).collect(),
        })
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Euro cents.
#[derive(Serialize)]
struct Montants {
    #[serde(skip_serializing_if = "Option::is_none")]
    minoree_centimes: Option<u32>,
    forfaitaire_centimes: u32,
    majoree_centimes: u32,
}

const fn amounts(amounts: Amounts) -> Montants {
    Montants {
        minoree_centimes: amounts.minoree,
        forfaitaire_centimes: amounts.forfaitaire,
        majoree_centimes: amounts.majoree,
    }
}

#[derive(Serialize)]
pub(super) struct Contravention<'a> {
    interception: &'static str,
    lieu: LieuRoute<'a>,
    constatee: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicule: Option<Vehicule<'a>>,
    /// Absent when nobody was stopped: the holder of the registration answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    contrevenant: Option<Personne<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permis: Option<Permis<'a>>,
    infractions: Vec<Relevee<'a>>,
    infractions_simultanees: Vec<Infraction<'a>>,
    points_susceptibles_cumul: u8,
    observations: Vec<&'a str>,
    photographies: Vec<Photographie<'a>>,
    signature_contrevenant: Signature,
}

/// An offence as it was noted, with what the rules said of it.
#[derive(Serialize)]
struct Relevee<'a> {
    #[serde(flatten)]
    infraction: Infraction<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vitesse: Option<Vitesse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alcool: Option<Alcool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    justificatif_avant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amende: Option<Montants>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_centimes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points_susceptibles: Option<u8>,
}

#[derive(Serialize)]
struct Vitesse {
    limite_kmh: u16,
    mesuree_kmh: u16,
    retenue_kmh: u16,
    appareil: &'static str,
}

/// Micrograms per litre of exhaled air.
#[derive(Serialize)]
struct Alcool {
    premiere_mesure_ug_l: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconde_mesure_ug_l: Option<u32>,
    retenue_ug_l: u32,
}

impl<'a> Reader<'a> {
    fn pve(self, pve: &'a Pve) -> Result<Contravention<'a>, HandoffError> {
        let law = self
            .reference
            .map(|reference| road::law(self.record, pve.at, reference));
        let offender = match &pve.offender {
            Offender::Intercepted(offender) => Some(person(offender)),
            Offender::Holder => None,
        };
        Ok(Contravention {
            interception: match pve.interception {
                Interception::Intercepted => "avec interception",
                Interception::NotIntercepted => "à la volée",
                Interception::Stationary => "véhicule immobilisé",
            },
            lieu: road_place(&pve.place),
            constatee: self.moment_of(pve.at)?,
            vehicule: pve.vehicle.as_ref().map(vehicle),
            contrevenant: offender,
            permis: pve.licence.as_ref().map(licence),
            infractions: pve
                .offences
                .iter()
                .map(|noted| self.noted(pve, noted, law))
                .collect(),
            infractions_simultanees: self.offences(&pve.simultaneous),
            points_susceptibles_cumul: pve.ruling.points,
            observations: pve.observations.iter().map(String::as_str).collect(),
            photographies: self.photos(&pve.photos)?,
            signature_contrevenant: signature(pve.signature),
        })
    }

    fn noted(self, pve: &Pve, noted: &Noted, law: Option<InForce<'a>>) -> Relevee<'a> {
        let ruled = pve
            .ruling
            .offences
            .iter()
            .find(|ruled| ruled.natinf == noted.natinf);
        let mut found = Relevee {
            infraction: self.offence(noted.natinf, law),
            vitesse: None,
            alcool: None,
            justificatif_avant: None,
            amende: ruled.map(|ruled| amounts(ruled.amounts)),
            maximum_centimes: ruled.map(|ruled| ruled.maximum),
            points_susceptibles: ruled.and_then(|ruled| ruled.points),
        };
        match noted.parameter {
            Some(Parameter::Speed(speed)) => {
                found.vitesse = Some(Vitesse {
                    limite_kmh: speed.limit,
                    mesuree_kmh: speed.measured,
                    retenue_kmh: speed.retained,
                    appareil: instrument(speed.device),
                });
            }
            Some(Parameter::Alcohol(alcohol)) => {
                found.alcool = Some(Alcool {
                    premiere_mesure_ug_l: alcohol.first,
                    seconde_mesure_ug_l: alcohol.second,
                    retenue_ug_l: alcohol.retained,
                });
            }
            Some(Parameter::Documents { due }) => found.justificatif_avant = Some(date(due)),
            None => {}
        }
        found
    }
}

const fn instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Fixed => "cinémomètre fixe",
        Instrument::Handheld => "cinémomètre portatif",
        Instrument::Moving => "cinémomètre embarqué",
        Instrument::Breath => "éthylomètre",
    }
}

#[derive(Serialize)]
pub(super) struct Forfaitaire<'a> {
    lieu: LieuRoute<'a>,
    constatee: Moment,
    personne: Personne<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vehicule: Option<Vehicule<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permis: Option<Permis<'a>>,
    delits: Vec<Delit<'a>>,
    conditions: Vec<Remplie>,
    observations: Vec<&'a str>,
    photographies: Vec<Photographie<'a>>,
    signature_personne: Signature,
}

#[derive(Serialize)]
struct Delit<'a> {
    #[serde(flatten)]
    infraction: Infraction<'a>,
    bareme: &'a str,
    amende: Montants,
    #[serde(skip_serializing_if = "Option::is_none")]
    majoration_fgao_pourcent: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantite: Option<Quantite<'a>>,
}

/// Milligrams of a product, or euro cents of a value.
#[derive(Serialize)]
struct Quantite<'a> {
    objet: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    milligrammes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    centimes: Option<u32>,
}

#[derive(Serialize)]
struct Remplie {
    condition: &'static str,
    remplie: bool,
}

impl<'a> Reader<'a> {
    fn afd(self, afd: &'a Afd) -> Result<Forfaitaire<'a>, HandoffError> {
        let law = self
            .reference
            .map(|reference| road::law(self.record, afd.at, reference));
        let checklist = afd.eligible.checklist();
        let asked = Condition::ALL
            .into_iter()
            .filter_map(|condition| match checklist.of(condition) {
                Answered::Met => Some((condition, true)),
                Answered::NotMet => Some((condition, false)),
                Answered::NotAsked => None,
            });
        let delit = |eligible: &'a EligibleOffence| Delit {
            infraction: self.offence(eligible.natinf, law),
            bareme: eligible.key.as_str(),
            amende: amounts(eligible.amounts),
            majoration_fgao_pourcent: (eligible.surcharge > 0).then_some(eligible.surcharge),
            quantite: eligible.quantity.as_ref().map(quantity),
        };
        Ok(Forfaitaire {
            lieu: road_place(&afd.place),
            constatee: self.moment_of(afd.at)?,
            personne: person(&afd.person),
            vehicule: afd.vehicle.as_ref().map(vehicle),
            permis: afd.licence.as_ref().map(licence),
            delits: afd.eligible.offences().iter().map(delit).collect(),
            conditions: asked
                .map(|(condition, remplie)| Remplie {
                    condition: name(condition),
                    remplie,
                })
                .collect(),
            observations: afd.observations.iter().map(String::as_str).collect(),
            photographies: self.photos(&afd.photos)?,
            signature_personne: signed(afd.signature),
        })
    }
}

fn quantity(quantity: &Quantity) -> Quantite<'_> {
    let is_value = quantity.what == afd::VALUE;
    Quantite {
        objet: &quantity.what,
        milligrammes: (!is_value).then_some(quantity.amount),
        centimes: is_value.then_some(quantity.amount),
    }
}

const fn name(condition: Condition) -> &'static str {
    match condition {
        Condition::Understands => "comprend",
        Condition::TajQueried => "taj-consulte",
        Condition::NoRecidive => "pas-de-recidive",
        Condition::SeenOnTheSpot => "constate-sur-place",
        Condition::AddressConfirmed => "adresse-confirmee",
        Condition::Acknowledged => "reconnait-les-faits",
        Condition::Destruction => "consent-a-la-destruction",
        Condition::SingleProduct => "produit-unique",
        Condition::Returned => "restitution",
        Condition::NotDriving => "ne-conduit-pas",
        Condition::NotPublicAgent => "ni-agent-public-ni-transport",
        Condition::InsuranceChecked => "assurance-verifiee",
    }
}
