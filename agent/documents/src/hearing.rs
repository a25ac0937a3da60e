//! A hearing: as what the person is heard and what was said to them first (61-1 and 62 CPP), through whom, and what
//! was asked and answered (429 CPP).

use domain::pv::{Counsel, HeardAs, Hearing, Interpreter, Link, SuspectNotice};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::act;
use crate::person;
use crate::road;
use crate::typed::{Typed, typed};

pub(crate) fn values(record: &Record, hearing: &Hearing) -> Result<Dict, DocumentError> {
    let statement = hearing.statement.iter().map(|text| typed(text.reveal()));
    let exchanges = hearing.exchanges.iter().map(|exchange| {
        Ok(dict! {
            "question" => typed(exchange.question.reveal())?,
            "answer" => typed(exchange.answer.reveal())?,
        })
    });
    let notice = match &hearing.heard_as {
        HeardAs::Witness | HeardAs::Victim => None,
        HeardAs::Suspect(told) => Some(notice(told)?),
    };
    Ok(dict! {
        "person" => person::rubrics(&hearing.person)?,
        "length" => person::length(&hearing.person),
        "status" => match hearing.heard_as {
            HeardAs::Witness => "witness",
            HeardAs::Victim => "victim",
            HeardAs::Suspect(_) => "suspect",
        },
        "notice" => notice,
        "interpreter" => hearing.interpreter.as_ref().map(interpreter).transpose()?,
        "statement" => statement.collect::<Result<Vec<_>, _>>()?,
        "exchanges" => exchanges.collect::<Result<Vec<_>, DocumentError>>()?,
        "begun" => road::moment(record, hearing.begun),
    })
}

fn notice(notice: &SuspectNotice) -> Result<Dict, DocumentError> {
    let counsel = match &notice.counsel {
        Counsel::Waived => None,
        Counsel::Present(name) => Some(typed(name.reveal())?),
    };
    Ok(dict! {
        "at" => act::moment(notice.at),
        "language" => language(&notice.language)?,
        "counsel" => counsel,
    })
}

fn interpreter(interpreter: &Interpreter) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "name" => typed(interpreter.name.reveal())?,
        "language" => language(&interpreter.language)?,
        "sworn" => interpreter.sworn,
        "link" => match interpreter.link {
            Link::None => None,
            Link::Relative => Some("proche"),
            Link::Child => Some("enfant"),
            Link::Neighbour => Some("voisin"),
        },
        "telephone" => interpreter.by_telephone,
    })
}

/// `langue anglaise` for a tag (BCP 47) of a language that is often heard, the text itself for another.
fn language(text: &str) -> Result<Typed, DocumentError> {
    let tag = text.trim().to_lowercase();
    let name = match tag.split(['-', '_']).next().unwrap_or_default() {
        "fr" if tag == "fr-simple" => "français facile à lire et à comprendre",
        "fr" => "langue française",
        "en" => "langue anglaise",
        "de" => "langue allemande",
        "es" => "langue espagnole",
        "it" => "langue italienne",
        "pt" => "langue portugaise",
        "nl" => "langue néerlandaise",
        "pl" => "langue polonaise",
        "ro" => "langue roumaine",
        "bg" => "langue bulgare",
        "sq" => "langue albanaise",
        "sr" => "langue serbe",
        "ru" => "langue russe",
        "uk" => "langue ukrainienne",
        "ka" => "langue géorgienne",
        "hy" => "langue arménienne",
        "tr" => "langue turque",
        "ku" => "langue kurde",
        "ar" => "langue arabe",
        "fa" => "langue persane",
        "ps" => "langue pachto",
        "ur" => "langue ourdou",
        "hi" => "langue hindie",
        "bn" => "langue bengalie",
        "ta" => "langue tamoule",
        "zh" => "langue chinoise",
        "vi" => "langue vietnamienne",
        "wo" => "langue wolof",
        "so" => "langue somalie",
        "fsl" => "langue des signes française",
        _ => return typed(text.trim()),
    };
    typed(name)
}
