//! The identity check (articles 78-2 and 78-6 CPP, R.233-1 Code de la route): basis, grounds, person, document, files.
//!
//! What nobody checked is printed as not checked.

use domain::UnixMs;
use domain::identity::CivilDate;
use domain::identity::{
    CheckOutcome, DocumentReading, FileTrace, IdentityCheck, Layout, TraceResult, Verdict,
};
use domain::legal_basis::{CheckBasis, CheckFrame, PlaceVerdict};
use domain::person::BriefIdentity;
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act::{self, line};
use crate::crosscheck;
use crate::person;
use crate::typed::typed;
use crate::words;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    check: &IdentityCheck,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let offset = record.signed_at.offset_min;
    let named = check.person.as_ref().map(|person| person.identity.brief());
    Ok(dict! {
        "act" => act::values(record, check.started, enclosures)?,
        "title" => title(check.frame.basis),
        "frame" => frame(&check.frame, check.started.utc, offset)?,
        "place" => act::place(&check.place)?,
        "person" => check.person.as_ref().map(person::lines).transpose()?,
        "document" => check.document.as_ref().map(|read| document(read, named)).transpose()?,
        "plate" => check.plate.as_ref().map(|plate| typed(&plate.to_string())).transpose()?,
        "files" => check.files.iter().map(|trace| file(trace, offset)).collect::<Result<Vec<_>, _>>()?,
        "compared" => crosscheck::compared(&check.compared)?,
        "seals" => crosscheck::seals(&check.seals)?,
        "outcome" => outcome(check.outcome),
    })
}

const fn title(basis: CheckBasis) -> &'static str {
    match basis {
        CheckBasis::Ci2
        | CheckBasis::Ci3
        | CheckBasis::Ci4
        | CheckBasis::Ci5
        | CheckBasis::Ci6
        | CheckBasis::Ci7
        | CheckBasis::Ci8
        | CheckBasis::Ci9
        | CheckBasis::CiPro
        | CheckBasis::CiReqV
        | CheckBasis::Manif => "Contrôle d’identité",
        CheckBasis::Route => "Contrôle routier",
        CheckBasis::Releve => "Relevé d’identité",
        CheckBasis::VehFlag | CheckBasis::PrevV => "Visite de véhicule",
        CheckBasis::Etr1 | CheckBasis::Etr2 => "Contrôle du titre de séjour",
        CheckBasis::Verif => "Vérification d’identité",
        CheckBasis::Terro => "Vérification de situation",
    }
}

/// `began` is when the check did: acts of before there were editions have the words of that day.
pub(crate) fn frame(frame: &CheckFrame, began: UnixMs, offset: i16) -> Result<Dict, DocumentError> {
    let order = frame.on_order_of.as_ref();
    let grounds = (!frame.grounds.is_empty()).then_some(frame.grounds.as_str());
    let words = frame.words(CivilDate::from(began.civil(offset).date()));
    let moment = |at: UnixMs| words::moment(at.civil(offset));
    let window = frame.held.as_ref().map(|held| {
        format!(
            "{}, du {} au {}",
            held.places,
            moment(held.from),
            moment(held.until)
        )
    });
    let urgent = frame.urgent.map(moment);
    Ok(dict! {
        "citation" => printable(words.citation)?,
        "motive" => printable(words.motive)?,
        "order" => order.map(|opj| typed(&opj.to_string())).transpose()?,
        "requisition" => frame.requisition.as_deref().map(typed).transpose()?,
        "window" => window.as_deref().map(typed).transpose()?,
        "site" => frame.place.map(site),
        "prior" => frame.prior.map(|prior| typed(prior.code())).transpose()?,
        "urgent" => urgent.as_deref().map(typed).transpose()?,
        "grounds" => grounds.map(typed).transpose()?,
    })
}

/// Words of an edition, which no programmer has seen.
fn printable(words: String) -> Result<String, DocumentError> {
    typed(&words).map(|_| words)
}

/// Where the check was by the réquisition; what nobody could tell is said to be so.
const fn site(verdict: PlaceVerdict) -> &'static str {
    match verdict {
        PlaceVerdict::Inside => "dans les lieux des réquisitions, selon la position ou la commune relevées",
        PlaceVerdict::Outside => "hors des lieux des réquisitions, selon la position ou la commune relevées",
        PlaceVerdict::Unknown => "aucune position relevée ne permet de rapprocher le lieu des réquisitions",
    }
}

/// What the document says, and what was verified of it; the names are repeated only where they differ from those
/// that the act gives the person.
pub(crate) fn document(
    reading: &DocumentReading,
    named: Option<&BriefIdentity>,
) -> Result<Dict, DocumentError> {
    let mut read = vec![
        line("Format", typed(layout(reading.layout))?),
        line("Émetteur", typed(&reading.issuer)?),
        line("Numéro", typed(reading.number.reveal())?),
    ];
    let same = |person: &BriefIdentity| {
        (&person.surname, &person.given_names, &person.born)
            == (&reading.surname, &reading.given_names, &reading.born)
    };
    if let Some(vehicle) = &reading.vehicle {
        read.push(line("Immatriculation lue", typed(vehicle.plate.reveal())?));
        read.push(line("Numéro d’identification lu", typed(vehicle.vin.reveal())?));
    } else if named.is_some_and(same) {
        read.push(line("Identité lue", typed("celle qui est indiquée ci-dessus")?));
    } else {
        read.push(line("Nom lu", typed(reading.surname.reveal())?));
        read.push(line("Prénoms lus", typed(reading.given_names.reveal())?));
        if let Some(born) = &reading.born {
            read.push(line("Naissance lue", typed(&born.reveal().to_string())?));
        }
    }
    if let Some(expires) = reading.expires {
        let label = if reading.layout.ends_with_a_month() {
            "Expire au plus tôt le mois du"
        } else {
            "Expire le"
        };
        read.push(line(label, typed(&expires.to_string())?));
    }
    let verdicts = reading.verdicts;
    let checks = [
        (
            "Clés de contrôle",
            verdicts.read,
            "concordantes, ce qui n’authentifie pas le document",
            "discordantes",
        ),
        (
            "Signature électronique",
            verdicts.signature,
            "valable",
            "non valable",
        ),
        ("Émetteur", verdicts.issuer_trusted, "reconnu", "non reconnu"),
        ("Date de validité", verdicts.in_date, "non dépassée", "dépassée"),
        (
            "Perte, vol, invalidation",
            verdicts.status_known,
            "aucun signalement",
            "document signalé",
        ),
    ];
    let checks = checks
        .into_iter()
        .map(|(label, verdict, proven, refuted)| Ok(line(label, typed(said(verdict, proven, refuted))?)))
        .collect::<Result<Vec<_>, DocumentError>>()?;
    Ok(dict! { "read" => read, "checks" => checks })
}

pub(crate) const fn said(verdict: Verdict, proven: &'static str, refuted: &'static str) -> &'static str {
    match verdict {
        Verdict::Proven => proven,
        Verdict::Refuted => refuted,
        Verdict::NotChecked => "non vérifié",
    }
}

pub(crate) const fn layout(layout: Layout) -> &'static str {
    match layout {
        Layout::Td1 => "carte, format TD1 (OACI 9303)",
        Layout::Td2 => "carte, format TD2 (OACI 9303)",
        Layout::Td3 => "passeport, format TD3 (OACI 9303)",
        Layout::VisaA => "visa, format A (OACI 9303)",
        Layout::VisaB => "visa, format B (OACI 9303)",
        Layout::OldCni => "carte nationale d’identité, modèle 1988-2021",
        Layout::Permis => "permis de conduire, modèle 2013",
        Layout::CertificatImmatriculation => "certificat d’immatriculation, modèle 2009",
    }
}

pub(crate) fn file(trace: &FileTrace, offset: i16) -> Result<Dict, DocumentError> {
    let said = match trace.result {
        TraceResult::NothingFound => "aucune inscription",
        TraceResult::Found => "une inscription trouvée",
        TraceResult::Consulted => "consulté",
        TraceResult::NotAnswered => "sans réponse exploitable\u{a0}: rien ne peut en être déduit",
    };
    let at = trace
        .answered
        .map(|at| format!(" (réponse à {})", words::clock(at.civil(offset).time())))
        .unwrap_or_default();
    Ok(line(trace.file.label(), typed(&format!("{said}{at}"))?))
}

const fn outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Established => "L’identité de la personne est établie.",
        CheckOutcome::Declared => "L’identité de la personne est déclarée par elle, sans être établie.",
        CheckOutcome::NotEstablished => "L’identité de la personne n’est pas établie.",
    }
}
