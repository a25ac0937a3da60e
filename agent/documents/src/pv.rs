//! The general procès-verbal (article 429 CPP), or the rapport of an author who draws up none (article 21 CPP): one
//! act, of one kind (D.10 CPP).

use domain::legal_basis::PvFrame;
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Quality};
use domain::person::Person;
use domain::photo::Photo;
use domain::pv::{Closing, Dress, Fate, HeardAs, Item, Origin, Pv, PvKind};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::hand;
use crate::hearing;
use crate::measure;
use crate::offence;
use crate::person;
use crate::photo;
use crate::typed::{Typed, typed, typographic};
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    pv: &Pv,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let author = &record.context.author;
    let plates: Vec<String> = pv.plates.iter().map(ToString::to_string).collect();
    let under = pv.under.as_ref();
    Ok(dict! {
        "act" => act::values(record, pv.started, enclosures)?,
        "report" => !author.quality.takes_complaints(),
        "kind" => pv.kind.code(),
        "title" => typographic(pv.kind.title()),
        "affair" => affair(pv)?,
        "brief" => act::brief(&pv.subject)?,
        "frame" => frame(pv.frame),
        "origin" => pv.origin.map(|origin| arrival(origin, author.matricule.corps())),
        "dress" => pv.dress.map(|dress| appearance(dress, author.matricule.corps())),
        "assistants" => (!pv.assistants.is_empty()).then(|| typed(&pv.assistants.join(", "))).transpose()?,
        "aboard" => pv.aboard.as_ref().map(|vehicle| typed(&vehicle.to_string())).transpose()?,
        "under" => under.map(|opj| typed(&opj.to_string())).transpose()?,
        "control" => control(author.quality, pv.frame),
        "subject" => typed(&pv.subject)?,
        "place" => act::place(&pv.place)?,
        "person" => pv.person.as_deref().map(person::rubrics).transpose()?,
        "hearing" => pv.hearing.as_deref().map(|hearing| hearing::values(record, hearing)).transpose()?,
        "measure" => pv.measure.as_ref().map(|measure| measure::sections(record, measure)).transpose()?.unwrap_or_default(),
        "paragraphs" => all(&pv.paragraphs)?,
        "inventory" => inventory(pv)?,
        "destroyed" => pv.inventory.iter().any(|item| item.fate == Fate::Destroyed),
        "authority" => pv.authority.as_deref().map(typed).transpose()?,
        "addressee" => pv.addressee.as_deref().map(typed).transpose()?,
        "offences" => offence::rows(&pv.offences, reference)?,
        "plates" => (!plates.is_empty()).then(|| typed(&plates.join(", "))).transpose()?,
        "mentions" => all(&pv.mentions)?,
        "annexes" => all(&pv.annexes)?,
        "photos" => photo::plates(record, &pv.photos, enclosures)?,
        "renvois" => hand::renvois(&pv.renvois)?,
        "signers" => hand::boxes(&pv.signers, enclosures.hands)?,
        "closing" => match pv.closing {
            Closing::AuthorOnly => "author",
            Closing::RefusesToSign => "refused",
            Closing::ReadAndSigned => "read",
        },
    })
}

fn all(texts: &[String]) -> Result<Vec<Typed>, DocumentError> {
    texts.iter().map(|text| typed(text)).collect()
}

/// Against whom the procedure is, as far as this act alone can tell.
fn affair(pv: &Pv) -> Result<Option<Typed>, DocumentError> {
    let name = |person: &Person| act::brief(&person::name(person.identity.brief())).map(Some);
    if pv.frame == PvFrame::Administratif {
        return Ok(None);
    }
    if let (PvKind::Audition, Some(hearing)) = (pv.kind, pv.hearing.as_deref()) {
        return match hearing.heard_as {
            HeardAs::Suspect(_) => name(&hearing.person),
            HeardAs::Witness | HeardAs::Victim => typed("X").map(Some),
        };
    }
    match pv.person.as_deref().filter(|_| pv.kind.accuses()) {
        Some(person) => name(person),
        None if pv.kind.is_against_x() => typed("X").map(Some),
        None => Ok(None),
    }
}

fn frame(frame: PvFrame) -> String {
    let citation = frame.citation();
    match frame {
        PvFrame::Flagrance => format!("Agissant en enquête de flagrance, vu les {citation},"),
        PvFrame::Preliminaire => format!("Agissant en enquête préliminaire, vu les {citation},"),
        PvFrame::Administratif => format!("Agissant en {citation},"),
    }
}

const fn arrival(origin: Origin, corps: Corps) -> &'static str {
    match (origin, corps) {
        (Origin::Patrol, _) => "Étant de patrouille,",
        (Origin::Called, Corps::PoliceNationale) => {
            "Étant requis par le centre d’information et de commandement (CIC),"
        }
        (Origin::Called, Corps::GendarmerieNationale) => {
            "Étant requis par le centre d’opérations et de renseignement de la gendarmerie (CORG),"
        }
        (Origin::OwnInitiative, _) => "Étant au service, agissant d’initiative,",
        (Origin::Instructions, _) => "Étant au service, agissant sur instructions,",
        (Origin::Requisition, _) => {
            "Étant au service, agissant sur réquisitions écrites du procureur de la République,"
        }
    }
}

const fn appearance(dress: Dress, corps: Corps) -> &'static str {
    match (dress, corps) {
        (Dress::Uniform, _) => "Revêtus de notre tenue d’uniforme,",
        (Dress::PlainWithArmband, Corps::PoliceNationale) => {
            "En civil, porteurs du brassard «\u{a0}police\u{a0}»,"
        }
        (Dress::PlainWithArmband, Corps::GendarmerieNationale) => {
            "En civil, porteurs du brassard «\u{a0}gendarmerie\u{a0}»,"
        }
    }
}

/// The text that puts the author under the control of an officier de police judiciaire.
const fn control(quality: Quality, frame: PvFrame) -> &'static str {
    match (quality, frame) {
        (Quality::Opj | Quality::Apj, PvFrame::Preliminaire) => {
            "articles 20 et 75 du Code de procédure pénale"
        }
        (Quality::Opj | Quality::Apj, PvFrame::Flagrance | PvFrame::Administratif) => {
            "article 20 du Code de procédure pénale"
        }
        (
            Quality::Apja
            | Quality::ApjaReserviste
            | Quality::ApjaPolicierAdjoint
            | Quality::ApjaPoliceMunicipale,
            _,
        ) => "article 21 du Code de procédure pénale",
    }
}

fn inventory(pv: &Pv) -> Result<Vec<Dict>, DocumentError> {
    (1_u16..)
        .zip(&pv.inventory)
        .map(|(number, one)| item(number, one, &pv.photos))
        .collect()
}

/// The photographs of an object are named as the plates at the end number them.
fn item(number: u16, item: &Item, photos: &[Photo]) -> Result<Dict, DocumentError> {
    let shown = (1_usize..)
        .zip(photos)
        .filter(|(_, photo)| photo.shows == Some(number));
    let shown = shown.map(|(plate, photo)| {
        Ok(dict! {
            "number" => plate,
            "sha256" => typed(&photo.sha256.to_string())?,
        })
    });
    let found = item.found.as_ref().map(|found| match found.by.as_str() {
        "" => found.place.clone(),
        by if found.place.is_empty() => format!("par {by}"),
        by => format!("{}, par {by}", found.place),
    });
    Ok(dict! {
        "found" => found.as_deref().map(typed).transpose()?,
        "photos" => shown.collect::<Result<Vec<_>, DocumentError>>()?,
        "quantity" => typed(&item.quantity)?,
        "description" => typed(&item.description)?,
        "seal" => item.seal.as_deref().map(typed).transpose()?,
        "fate" => match item.fate {
            Fate::Seized => "saisi",
            Fate::Destroyed => "détruit",
            Fate::Returned => "restitué",
        },
    })
}
