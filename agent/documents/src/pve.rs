//! The electronic procès-verbal of contraventions (R.49-1 CPP), on A4 with every element and both signatures
//! (A.37-20 CPP) and with what the avis will say of amounts, points and remedies (A.37-16 CPP).

use domain::natinf::{InForce, Instrument, Offence, ReferenceSet};
use domain::pve::{Interception, Noted, Offender, OffenderSignature, Parameter, Pve, Ruled};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::hand;
use crate::money;
use crate::offence;
use crate::person;
use crate::photo;
use crate::road;
use crate::typed::typed;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    pve: &Pve,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let law = road::law(record, pve.at, reference);
    let amounts = pve.ruling.offences.iter().map(|ruled| amount(pve, ruled, law));
    let observations = pve.observations.iter().map(|text| typed(text));
    let (offender, name) = match &pve.offender {
        Offender::Intercepted(person) => (
            Some(person::lines(person)?),
            Some(person::name(person.identity.brief())),
        ),
        Offender::Holder => (None, None),
    };
    let pad = match pve.signature {
        OffenderSignature::Signed(pad) => Some(pad),
        OffenderSignature::Declined | OffenderSignature::Absent => None,
    };
    Ok(dict! {
        "act" => act::values(record, pve.started, enclosures)?,
        "title" => if pve.offences.len() > 1 { "Contraventions" } else { "Contravention" },
        "interception" => interception(pve.interception),
        "place" => road::place(&pve.place)?,
        "seen" => road::moment(record, pve.at),
        "vehicle" => pve.vehicle.as_ref().map(road::vehicle).transpose()?,
        "offender" => offender,
        "licence" => pve.licence.as_ref().map(road::licence).transpose()?,
        "offences" => pve.offences.iter().map(|noted| noted_row(noted, law)).collect::<Result<Vec<_>, _>>()?,
        "amounts" => amounts.collect::<Result<Vec<_>, _>>()?,
        "points" => cumulated(pve),
        "withdrawal" => pve.ruling.offences.iter().any(|ruled| susceptible(pve, ruled).is_some()),
        "simultaneous" => offence::rows(&pve.simultaneous, reference)?,
        "observations" => observations.collect::<Result<Vec<_>, _>>()?,
        "photos" => photo::plates(record, &pve.photos, enclosures)?,
        "name" => name.as_deref().map(typed).transpose()?,
        "signer" => hand::offender(pad, name.as_deref().unwrap_or_default(), enclosures.hands)?,
        "declined" => pve.signature == OffenderSignature::Declined,
    })
}

const fn interception(interception: Interception) -> &'static str {
    match interception {
        Interception::Intercepted => "avec interception",
        Interception::NotIntercepted => "à la volée, sans interception du véhicule",
        Interception::Stationary => "sur un véhicule immobilisé, en l’absence de son conducteur",
    }
}

fn noted_row(noted: &Noted, law: InForce<'_>) -> Result<Dict, DocumentError> {
    let offence = offence::of_the_day(noted.natinf, law)?;
    offence::row(offence, noted.parameter.map(parameter).as_deref())
}

fn parameter(parameter: Parameter) -> String {
    match parameter {
        Parameter::Speed(speed) => format!(
            "Vitesse limite\u{a0}: {}\u{a0}km/h. Vitesse mesurée au {}\u{a0}: {}\u{a0}km/h. Vitesse retenue\u{a0}: {}\u{a0}km/h.",
            speed.limit,
            instrument(speed.device),
            speed.measured,
            speed.retained,
        ),
        Parameter::Alcohol(alcohol) => {
            let second = alcohol
                .second
                .map(|second| format!(" Seconde mesure\u{a0}: {}.", rate(second)))
                .unwrap_or_default();
            format!(
                "Air expiré, mesure à l’éthylomètre\u{a0}: {}.{second} Taux retenu\u{a0}: {}.",
                rate(alcohol.first),
                rate(alcohol.retained),
            )
        }
        Parameter::Documents { due } => {
            format!("Justificatif à présenter au plus tard le {due}.")
        }
    }
}

/// `0,330 mg/L`, from micrograms.
pub(crate) fn rate(micrograms: u32) -> String {
    format!("{},{:03}\u{a0}mg/L", micrograms / 1000, micrograms % 1000)
}

const fn instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Fixed => "cinémomètre en poste fixe",
        Instrument::Handheld => "cinémomètre tenu à la main",
        Instrument::Moving => "cinémomètre d’un véhicule en mouvement",
        Instrument::Breath => "éthylomètre",
    }
}

fn amount(pve: &Pve, ruled: &Ruled, law: InForce<'_>) -> Result<Dict, DocumentError> {
    let offence = offence::of_the_day(ruled.natinf, law)?;
    Ok(dict! {
        "natinf" => ruled.natinf.to_string(),
        "amounts" => money::amounts(&ruled.amounts, ruled.confidence),
        "maximum" => money::euros(ruled.maximum),
        "points" => withdrawal(pve, ruled, offence),
    })
}

/// Points are "susceptible" of withdrawal, and the holder of the registration loses none (L.121-2 and L.121-3
/// Code de la route).
fn withdrawal(pve: &Pve, ruled: &Ruled, offence: &Offence) -> String {
    match (
        &pve.offender,
        susceptible(pve, ruled),
        ruled.points,
        offence.points,
    ) {
        (Offender::Holder, _, _, _) => "aucun pour le titulaire".to_owned(),
        (Offender::Intercepted(_), Some(points), _, _) => {
            format!("susceptible, {}", counted(points))
        }
        (Offender::Intercepted(_), None, Some(_), _) | (Offender::Intercepted(_), None, None, Some(_)) => {
            "non".to_owned()
        }
        (Offender::Intercepted(_), None, None, None) => "non renseigné".to_owned(),
    }
}

fn susceptible(pve: &Pve, ruled: &Ruled) -> Option<u8> {
    match pve.offender {
        Offender::Intercepted(_) => ruled.points.filter(|points| *points > 0),
        Offender::Holder => None,
    }
}

/// What the offences cost together, where several cost points.
fn cumulated(pve: &Pve) -> Option<String> {
    let costly = pve
        .ruling
        .offences
        .iter()
        .filter(|ruled| susceptible(pve, ruled).is_some());
    (costly.count() > 1).then(|| counted(pve.ruling.points))
}

fn counted(points: u8) -> String {
    let plural = if points > 1 { "s" } else { "" };
    format!("{points}\u{a0}point{plural}")
}
