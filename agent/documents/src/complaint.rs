//! What stands around the account of a complaint, section by section: who is there, the facts, the evaluation.
//!
//! The danger grid is in no section: the copy of the act goes to the victim, and the grid never does.

use domain::UnixMs;
use domain::piece::Piece;
use domain::plainte::{
    Complainant, Deposit, Domicile, Evaluation, Examination, Facts, FiledOnline, Loss, Mark, OnlineService,
    Plainte, Reception, Venue, WithoutPlainte,
};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::act::line;
use crate::hearing;
use crate::money::euros_and_cents;
use crate::typed::{Typed, as_read, typed};
use crate::words;

/// Rows of labels and values, none where nothing is known.
type Rows = Vec<Dict>;

fn row(label: &str, value: &str) -> Result<Dict, DocumentError> {
    Ok(line(label, typed(value)?))
}

fn rows<'a>(known: impl IntoIterator<Item = (&'a str, Option<String>)>) -> Result<Rows, DocumentError> {
    let said = known
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)));
    said.map(|(label, value)| row(label, &value)).collect()
}

/// As the act's own zone tells the hour.
fn moment(record: &Record, at: UnixMs) -> String {
    words::moment(at.civil(record.signed_at.offset_min))
}

/// Why there is no complaint; none for a complaint.
pub(crate) fn without(record: &Record, deposit: &Deposit) -> Result<Option<Dict>, DocumentError> {
    let Some(WithoutPlainte { refusal, violence }) = deposit.without() else {
        return Ok(None);
    };
    let told = violence.as_ref().map(|told| {
        Ok::<_, DocumentError>(dict! {
            "at" => moment(record, told.at),
            "magistrate" => typed(&told.magistrate)?,
        })
    });
    Ok(Some(dict! {
        "refusal" => refusal.as_ref().map(|words| typed(words.reveal())).transpose()?,
        "told" => told.transpose()?,
    }))
}

fn filed(filed: &FiledOnline) -> String {
    let what = format!("{} n°\u{a0}{}", filed.filed.label(), filed.number);
    if filed.filed.is_a_complaint() {
        format!("{what}, que la présente complète")
    } else {
        format!("{what}, relue avec la victime")
    }
}

fn directed(services: &[OnlineService]) -> String {
    let labels: Vec<&str> = services.iter().map(|service| service.label()).collect();
    labels.join(", ")
}

pub(crate) fn reception(plainte: &Plainte) -> Result<Rows, DocumentError> {
    let Reception {
        host,
        confidential,
        complainant,
        companions,
        interpreter: _,
        lawyer: _,
        domicile,
        electronic,
        mandate,
        filmed_by,
    } = &plainte.reception;
    // Who shelters a victim stays out of a file that the other side reads.
    let host = host.as_ref().filter(|_| plainte.venue != Venue::HomeOfThirdParty);
    let beside: Vec<String> = companions
        .iter()
        .map(|one| format!("{} ({})", one.name.reveal(), one.role.label()))
        .collect();
    let acts = match complainant {
        Complainant::Victim => None,
        Complainant::Representative(one) => Some(format!("{}, {}", one.name.reveal(), one.quality)),
        Complainant::LegalPerson(one) => Some(format!(
            "{}, SIREN {}, {}",
            one.name,
            one.siren.as_str(),
            one.quality
        )),
    };
    let address = match domicile {
        Domicile::Own => None,
        Domicile::ThirdParty(name) => Some(format!(
            "celle d’un tiers, {}, qui y consent expressément (article 10-2, 9° du Code de procédure pénale)",
            name.reveal()
        )),
        Domicile::Professional => Some("adresse professionnelle".to_owned()),
    };
    rows([
        ("Agissant pour", acts),
        ("Hôte", host.map(|name| name.reveal().clone())),
        (
            "Confidentialité",
            confidential.map(|holds| {
                if holds {
                    "confirmée par le rédacteur".to_owned()
                } else {
                    "non assurée au moment du recueil".to_owned()
                }
            }),
        ),
        ("Accompagnement", (!beside.is_empty()).then(|| beside.join(", "))),
        ("Adresse déclarée", address),
        ("Mandat", mandate.clone()),
        ("Déposé en ligne", plainte.filed.as_ref().map(filed)),
        (
            "Orientation",
            (!plainte.directed.is_empty()).then(|| directed(&plainte.directed)),
        ),
        ("Audition filmée", filmed_by.clone()),
        (
            "Voie électronique",
            electronic.map(|agreed| {
                if agreed {
                    "la victime accepte d’être informée par voie électronique (article 803-1)".to_owned()
                } else {
                    "la victime refuse la voie électronique".to_owned()
                }
            }),
        ),
    ])
}

pub(crate) fn interpreter(plainte: &Plainte) -> Result<Option<Dict>, DocumentError> {
    plainte
        .reception
        .interpreter
        .as_ref()
        .map(hearing::interpreter)
        .transpose()
}

pub(crate) fn lawyer(plainte: &Plainte) -> Result<Vec<Typed>, DocumentError> {
    let words = plainte.reception.lawyer.iter();
    words.map(|words| typed(words.reveal())).collect()
}

pub(crate) fn facts(record: &Record, facts: &Facts) -> Result<Rows, DocumentError> {
    let Facts {
        period,
        modus,
        weapon,
        discrimination,
        link,
        witnesses,
        losses: _,
        vehicle,
        injuries,
        violence: _,
        sexual: _,
        place,
    } = facts;
    let when = period.map(|period| match period.to {
        None => moment(record, period.from),
        Some(to) => format!("du {} au {}", moment(record, period.from), moment(record, to)),
    });
    let seen: Vec<&str> = witnesses.iter().map(|one| one.reveal().as_str()).collect();
    let examined = injuries.as_ref().map(|hurt| match &hurt.examination {
        Examination::NotAsked => "sans réquisition à ce stade".to_owned(),
        Examination::Required(asked) => format!(
            "requis le {}, autorité\u{a0}: {}",
            moment(record, asked.at),
            asked.authority
        ),
        Examination::Refused(words) => {
            format!("refusé par la victime\u{a0}: «\u{a0}{}\u{a0}»", words.reveal())
        }
    });
    rows([
        ("Date ou période", when),
        (
            "Lieu des faits",
            place.as_ref().map(|place| place.address.clone()),
        ),
        ("Mode opératoire", modus.clone()),
        ("Arme", weapon.clone()),
        ("Mobile", discrimination.map(|motive| motive.label().to_owned())),
        ("Lien", link.map(|link| link.label().to_owned())),
        ("Témoins", (!seen.is_empty()).then(|| seen.join("\n"))),
        ("Véhicule", vehicle.as_ref().map(ToString::to_string)),
        (
            "Blessures",
            injuries.as_ref().map(|hurt| hurt.told.reveal().clone()),
        ),
        (
            "ITT",
            injuries
                .as_ref()
                .and_then(|hurt| hurt.itt_days)
                .map(|days| format!("{days} jours")),
        ),
        ("Examen médical", examined),
    ])
}

/// Each loss by what tells it apart, and the sum.
pub(crate) fn losses(facts: &Facts) -> Result<(Rows, Option<String>), DocumentError> {
    let one = |loss: &Loss| {
        let mark = loss.mark.as_ref().map(|mark| match mark {
            Mark::Serial(number) => format!("n° {number}"),
            Mark::Imei(digits) => format!("IMEI {digits}"),
        });
        let part = |text: Option<&str>| text.map(typed).transpose();
        Ok(dict! {
            "object" => typed(&loss.object)?,
            "make" => part(loss.make.as_deref())?,
            "mark" => part(mark.as_deref())?,
            "value" => loss.value_cents.map(euros_and_cents),
            "insured" => part(loss.insured.as_deref())?,
        })
    };
    let rows: Result<Rows, DocumentError> = facts.losses.iter().map(one).collect();
    Ok((rows?, facts.worth_cents().map(euros_and_cents)))
}

/// What the victim brought, one row each. A label may be the name of a file, which nobody typed here.
pub(crate) fn pieces(record: &Record, pieces: &[Piece]) -> Result<Rows, DocumentError> {
    let one = |(number, piece): (usize, &Piece)| {
        let digest = piece.sha256.to_string();
        Ok(dict! {
            "number" => number.to_string(),
            "label" => as_read(&piece.label)?,
            "kind" => piece.kind.label(),
            "size" => size(piece.bytes),
            "handed" => moment(record, piece.handed_in),
            "name" => typed(&piece.name)?,
            "sha256" => digest.get(..SHORT).unwrap_or(&digest).to_owned(),
        })
    };
    (1..).zip(pieces).map(one).collect()
}

/// Characters of a digest that a list prints: who holds the file finds its record by them, and the record has the whole.
const SHORT: usize = 16;

/// `1,4 Mo`, `812 ko`, `12 octets`, rounded up.
fn size(bytes: u64) -> String {
    const KILO: u64 = 1_000;
    match bytes {
        ..KILO => format!("{bytes}\u{a0}octets"),
        KILO..1_000_000 => format!("{}\u{a0}ko", bytes.div_ceil(KILO)),
        1_000_000.. => {
            let tenths = bytes.div_ceil(100_000);
            format!("{},{}\u{a0}Mo", tenths / 10, tenths % 10)
        }
    }
}

pub(crate) fn evaluation(evaluation: &Evaluation) -> Result<Rows, DocumentError> {
    let Evaluation {
        harm,
        circumstances,
        vulnerability,
        reprisals,
        measures,
    } = evaluation;
    let said = |words: &Option<domain::Sensitive<String>>| words.as_ref().map(|words| words.reveal().clone());
    rows([
        ("Importance du préjudice", said(harm)),
        ("Circonstances", said(circumstances)),
        ("Vulnérabilité", said(vulnerability)),
        ("Risque d’intimidation ou de représailles", said(reprisals)),
        ("Mesures", said(measures)),
    ])
}
