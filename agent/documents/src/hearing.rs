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

pub(crate) fn interpreter(interpreter: &Interpreter) -> Result<Dict, DocumentError> {
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

/// `en langue anglaise` for a tag (BCP 47) of a language that is often heard, the text itself for another.
pub(crate) fn language(text: &str) -> Result<Typed, DocumentError> {
    let tag = text.trim().to_lowercase();
    let name = match tag.split(['-', '_']).next().unwrap_or_default() {
        "fr" if tag == "fr-simple" => "en français facile à lire et à comprendre",
        "fr" => "en langue française",
        "en" => "en langue anglaise",
        "de" => "en langue allemande",
        "es" => "en langue espagnole",
        "it" => "en langue italienne",
        "pt" => "en langue portugaise",
        "nl" => "en langue néerlandaise",
        "pl" => "en langue polonaise",
        "ro" => "en langue roumaine",
        "bg" => "en langue bulgare",
        "sq" => "en langue albanaise",
        "sr" => "en langue serbe",
        "ru" => "en langue russe",
        "uk" => "en langue ukrainienne",
        "ka" => "en langue géorgienne",
        "hy" => "en langue arménienne",
        "tr" => "en langue turque",
        "ku" => "en langue kurde",
        "ar" => "en langue arabe",
        "fa" => "en langue persane",
        "ps" => "en langue pachto",
        "ur" => "en langue ourdou",
        "hi" => "en langue hindie",
        "bn" => "en langue bengalie",
        "ta" => "en langue tamoule",
        "zh" => "en langue chinoise",
        "vi" => "en langue vietnamienne",
        "wo" => "en langue wolof",
        "so" => "en langue somalie",
        "fsl" => "en langue des signes française",
        _ => return typed(&format!("en langue\u{a0}: {}", text.trim())),
    };
    typed(name)
}
