//! The procès-verbal of a vérification d'identité (article 78-3 CPP): each mention that the article asks for at pain of
//! nullity, the rights as they were told, and what becomes of the act.

use domain::UnixMs;
use domain::record::Record;
use domain::verification::{
    Finding, FollowUp, Ground, HandedCopy, Held, Magistrate, Presented, Prints, RIGHTS, Relative,
    Representative, Rights, Verification,
};
use typst::foundations::{Dict, dict};

use crate::act;
use crate::controle;
use crate::hand;
use crate::hearing;
use crate::person;
use crate::typed::typed;
use crate::words;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    verification: &Verification,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let offset = record.signed_at.offset_min;
    let at = |moment: UnixMs| words::moment(record.signed_at.civil_of(moment));
    let decision = &verification.decision;
    let named = verification.person.as_ref().map(|person| person.identity.brief());
    Ok(dict! {
        "act" => act::values(record, verification.started, enclosures)?,
        "frame" => controle::frame(&verification.check, verification.held.from, offset)?,
        "place" => act::place(&verification.place)?,
        "person" => verification.person.as_ref().map(person::lines).transpose()?,
        "document" => verification.document.as_ref().map(|read| controle::document(read, named)).transpose()?,
        "files" => verification.files.iter().map(|trace| controle::file(trace, offset)).collect::<Result<Vec<_>, _>>()?,
        "ground" => ground(verification.ground),
        "reasons" => typed(verification.reasons.reveal())?,
        "decision" => dict! {
            "opj" => typed(&decision.opj.to_string())?,
            "own" => decision.opj == record.context.author.matricule,
            "at" => at(decision.at),
            "presented" => presented(decision.presented),
            "presented_at" => at(decision.presented_at),
        },
        "rights" => rights(&verification.rights, at)?,
        "prints" => verification.prints.as_ref().map(|prints| printed(prints, at)).transpose()?,
        "finding" => finding(verification.finding),
        "means" => typed(verification.means.reveal())?,
        "held" => held(verification.held, at),
        "copy" => verification.copy.map(copy),
        "follow_up" => follow_up(&verification.follow_up)?,
        "interpreter" => verification.interpreter.as_ref().map(hearing::interpreter).transpose()?,
        "renvois" => hand::renvois(&verification.renvois)?,
        "signers" => hand::boxes(&verification.signers, enclosures.hands)?,
    })
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Refuses => "refuse de justifier de son identité",
        Ground::Unable => "se trouve dans l’impossibilité de justifier de son identité",
    }
}

const fn presented(presented: Presented) -> &'static str {
    match presented {
        Presented::OnTheSpot => "sur place",
        Presented::AtTheStation => "dans les locaux de police ou de gendarmerie où elle est conduite",
    }
}

fn rights(rights: &Rights, at: impl Fn(UnixMs) -> String) -> Result<Dict, DocumentError> {
    let relative = match &rights.relative {
        Relative::NotAsked => dict! { "state" => "none" },
        Relative::Told { who, at: when } => dict! {
            "state" => "told",
            "who" => typed(who.reveal())?,
            "at" => at(*when),
        },
        Relative::NotTold { who, why } => dict! {
            "state" => "impossible",
            "who" => who.as_ref().map(|who| typed(who.reveal())).transpose()?,
            "why" => typed(why)?,
        },
    };
    let representative = match &rights.representative {
        None => None,
        Some(Representative::Assists(name)) => {
            Some(dict! { "assists" => true, "text" => typed(name.reveal())? })
        }
        Some(Representative::Impossible(why)) => Some(dict! { "assists" => false, "text" => typed(why)? }),
    };
    Ok(dict! {
        "told" => act::moment(rights.told),
        "language" => hearing::language(&rights.language)?,
        "list" => RIGHTS.map(str::to_owned).to_vec(),
        "asked" => rights.prosecutor_asked,
        "prosecutor" => rights.prosecutor_told.map(&at),
        "relative" => relative,
        "minor" => representative.is_some(),
        "representative" => representative,
    })
}

fn printed(prints: &Prints, at: impl Fn(UnixMs) -> String) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "by" => match prints.authorised_by {
            Magistrate::Prosecutor => "du procureur de la République",
            Magistrate::ExaminingJudge => "du juge d’instruction",
        },
        "name" => typed(&prints.name)?,
        "at" => at(prints.at),
        "reasons" => typed(&prints.reasons)?,
    })
}

const fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Established => "L’identité de la personne est établie.",
        Finding::NotEstablished => "L’identité de la personne n’a pas pu être établie.",
    }
}

fn held(held: Held, at: impl Fn(UnixMs) -> String) -> Dict {
    dict! {
        "from" => at(held.from),
        "until" => at(held.until),
        "duration" => duration(held.minutes()),
        "limit" => duration(held.limit_min.into()),
        "excess" => held.excess().map(duration),
    }
}

/// `3 heures et 5 minutes`.
fn duration(minutes: i64) -> String {
    let counted = |count: i64, one: &str| match count {
        0 | 1 => format!("{count}\u{a0}{one}"),
        _ => format!("{count}\u{a0}{one}s"),
    };
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, rest) => counted(rest, "minute"),
        (hours, 0) => counted(hours, "heure"),
        (hours, rest) => format!("{} et {}", counted(hours, "heure"), counted(rest, "minute")),
    }
}

const fn copy(copy: HandedCopy) -> &'static str {
    match copy {
        HandedCopy::Handed => "Copie du présent procès-verbal est remise à l’intéressé.",
        HandedCopy::Declined => {
            "Copie du présent procès-verbal est proposée à l’intéressé, qui ne la prend pas."
        }
    }
}

fn follow_up(follow_up: &FollowUp) -> Result<Dict, DocumentError> {
    let (state, procedure) = match follow_up {
        FollowUp::None => ("none", None),
        FollowUp::Awaited => ("awaited", None),
        FollowUp::Recorded { procedure } => ("recorded", Some(typed(procedure)?)),
    };
    Ok(dict! { "state" => state, "procedure" => procedure })
}
