//! What every act says of itself: its heading, its author, when it opens and closes, what it corrects.

use domain::enrolment::KeyProtection;
use domain::envelope::RefusalCode;
use domain::officer::{Corps, Quality};
use domain::place::Place;
use domain::record::{Correction, Record};
use domain::{Timestamp, Zone};
use typst::foundations::{Dict, dict};

use crate::code;
use crate::typed::{Typed, typed};
use crate::words;
use crate::{DocumentError, Enclosures, Hands};

/// The values under `act` in the templates; `started` is when the act opens.
pub(crate) fn values(
    record: &Record,
    started: Timestamp,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let context = &record.context;
    let author = &context.author;
    Ok(dict! {
        "id" => record.id.to_string(),
        "number" => number(record),
        "formation" => context.formation,
        "direction" => direction(author.matricule.corps()),
        "unit" => typed(&author.unit)?,
        "rank" => typed(&author.rank)?,
        "matricule" => typed(&author.matricule.to_string())?,
        "author" => author.matricule.to_string(),
        "quality" => author.quality.label(),
        "article" => article(author.quality),
        "opened" => moment(started),
        "closed" => moment(record.signed_at),
        "protected" => match context.protection {
            KeyProtection::Hardware => true,
            KeyProtection::File => false,
        },
        "device" => context.device.as_str(),
        "intervention" => context.intervention.map(|id| id.to_string()),
        "reference" => typed(&record.reference.0)?,
        "corrects" => record.corrects.map(correction).transpose()?,
        "read" => match enclosures.hands {
            Hands::Awaited(_) => true,
            Hands::Drawn(_) => false,
        },
        "code" => enclosures.footer.map(code::drawing).transpose()?,
    })
}

/// Where, as typed, with what the terminal added.
pub(crate) fn place(place: &Place) -> Result<Dict, DocumentError> {
    let degrees = |e6: i32| format!("{:.5}", f64::from(e6) / 1e6).replace('.', ",");
    Ok(dict! {
        "address" => typed(&place.address)?,
        "commune" => place.commune.as_deref().map(typed).transpose()?,
        "position" => place.position.map(|at| format!(
            "latitude {}°, longitude {}°, à {}\u{a0}m près",
            degrees(at.latitude_e6),
            degrees(at.longitude_e6),
            at.accuracy_m,
        )),
    })
}

/// A moment in words and in figures, in local time; overseas the zone is said.
pub(crate) fn moment(at: Timestamp) -> Dict {
    let local = at.local();
    dict! {
        "year" => words::year(local.date()),
        "day" => words::day(local.date()),
        "hour" => words::hour(local.time()),
        "clock" => words::clock(local.time()),
        "figures" => words::moment(local),
        "zone" => zone(at.zone),
    }
}

/// A named line of an identity or of a list.
pub(crate) fn line(label: &str, value: Typed) -> Dict {
    dict! { "label" => label, "value" => value }
}

/// What the margin says of a subject: its beginning, where it is long.
pub(crate) fn brief(subject: &str) -> Result<Typed, DocumentError> {
    const LONGEST: usize = 90;
    let line = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return typed(&line);
    }
    let beginning: String = line.chars().take(LONGEST).collect();
    typed(&format!("{}…", beginning.trim_end()))
}

/// The number is promised at the reading at the latest; before that the sheet says when it will be.
fn number(record: &Record) -> String {
    record.number.map_or_else(
        || "attribué à la signature".to_owned(),
        |number| number.to_string(),
    )
}

const fn direction(corps: Corps) -> &'static str {
    match corps {
        Corps::PoliceNationale => "Direction générale de la police nationale",
        Corps::GendarmerieNationale => "Direction générale de la gendarmerie nationale",
    }
}

/// The article of the CPP from which the author's quality comes.
pub(crate) const fn article(quality: Quality) -> &'static str {
    match quality {
        Quality::Opj => "16",
        Quality::Apj => "20",
        Quality::Apja => "21, 1°",
        Quality::ApjaReserviste => "21, 1° bis",
        Quality::ApjaPolicierAdjoint => "21, 1° ter",
        Quality::ApjaPoliceMunicipale => "21, 2°",
    }
}

/// Nothing for Paris, whose hour is meant when no other is named.
const fn zone(zone: Zone) -> Option<&'static str> {
    match zone {
        Zone::Paris => None,
        Zone::Guadeloupe => Some("heure de la Guadeloupe"),
        Zone::Martinique => Some("heure de la Martinique"),
        Zone::Guyane => Some("heure de la Guyane"),
        Zone::Reunion => Some("heure de La Réunion"),
        Zone::Mayotte => Some("heure de Mayotte"),
        Zone::NouvelleCaledonie => Some("heure de la Nouvelle-Calédonie"),
        Zone::Polynesie => Some("heure de la Polynésie française"),
        Zone::WallisEtFutuna => Some("heure de Wallis-et-Futuna"),
        Zone::SaintPierreEtMiquelon => Some("heure de Saint-Pierre-et-Miquelon"),
    }
}

fn correction(correction: Correction) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "act" => correction.act.to_string(),
        "record" => typed(&correction.record.to_string())?,
        "refusal" => correction.refusal.map(refusal),
    })
}

pub(crate) const fn refusal(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::Unreadable => "l’enveloppe reçue est illisible",
        RefusalCode::UnknownDevice => "le terminal n’est pas connu",
        RefusalCode::DeviceSignature => "la signature du terminal n’est pas valable",
        RefusalCode::Seal => "le scellement ne peut pas être ouvert",
        RefusalCode::UnknownOfficer => "le rédacteur n’est pas connu sur ce terminal",
        RefusalCode::OfficerSignature => "la signature du rédacteur n’est pas valable",
        RefusalCode::IdReused => "le même identifiant a été reçu avec un autre contenu",
        RefusalCode::DocumentMismatch => "le document ne correspond pas à l’enregistrement",
        RefusalCode::NumberOutsideRange => "le numéro n’appartient pas à la plage du terminal",
        RefusalCode::QualityNotEmpowered => "la qualité du rédacteur ne permet pas cet acte",
        RefusalCode::CorrectionAsked => "le service compétent demande une rectification",
        RefusalCode::DocumentMissing => "l’acte est parvenu sans son document",
        RefusalCode::DocumentSignature => "la signature portée par le document n’est pas celle du rédacteur",
        RefusalCode::UnknownCamera => "la caméra n’est pas enrôlée ou a été retirée",
        RefusalCode::AttachmentMissing => "une pièce jointe manque ou n’est pas celle de l’acte",
        RefusalCode::ActUnknown => "l’acte à viser n’est pas détenu",
        RefusalCode::ActDiffers => "l’acte à viser est détenu sous une autre empreinte",
        RefusalCode::NotTheAuthor => "le visa n’est pas demandé par l’auteur de l’acte",
        RefusalCode::NotTheOpj => "l’officier de police judiciaire n’est pas celui qui est sollicité",
        RefusalCode::OwnAct => "nul ne vise son propre acte",
        RefusalCode::VisaTwice => "le visa a déjà été demandé ou donné",
        RefusalCode::SignerRevoked => "le certificat était révoqué lors de la signature",
        RefusalCode::OfficerSuspended => "le rédacteur était suspendu lors de la signature",
        RefusalCode::MeasureUnlawful => "la mesure n’est pas de celles que la loi permet",
        RefusalCode::RecordingUnknown => "le commandement ne connaît pas cette vidéo comme celle de l’agent",
        RefusalCode::FootageUnsigned => "la vidéo d’une caméra qui signe est venue sans ses signatures",
        RefusalCode::CustodyBroken => "la mention ne suit pas la précédente",
    }
}
