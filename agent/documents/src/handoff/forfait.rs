//! The two acts that end in a sum of money: contravention and amende forfaitaire délictuelle.

use domain::afd::{Afd, Answered, Condition, EligibleOffence, Quantity};
use domain::natinf::{Amounts, InForce, Instrument};
use domain::pve::{Interception, Noted, Offender, Parameter, Pve};
use serde::Serialize;

use super::subjects::{
    LieuRoute, Permis, Personne, Photographie, Signature, Vehicule, date, licence, person, road_place,
    signature, signed, vehicle,
};
use super::{HandoffError, Infraction, Moment, Reader};
use crate::afd;
use crate::road;

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
    pub(super) fn pve(self, pve: &'a Pve) -> Result<Contravention<'a>, HandoffError> {
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
    pub(super) fn afd(self, afd: &'a Afd) -> Result<Forfaitaire<'a>, HandoffError> {
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
