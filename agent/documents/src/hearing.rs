//! A hearing: as what the person is heard and what was said to them first (61-1 and 62 CPP), through whom, and what
//! was asked and answered (429 CPP).

use domain::plainte::Language;
use domain::pv::{Counsel, Exchange, HeardAs, Hearing, Interpreter, Link, SuspectNotice};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::act;
use crate::person;
use crate::rights;
use crate::road;
use crate::typed::{Typed, typed};

pub(crate) fn values(record: &Record, hearing: &Hearing) -> Result<Dict, DocumentError> {
    let statement = hearing.statement.iter().map(|text| typed(text.reveal()));
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
        "exchanges" => exchanges(&hearing.exchanges)?,
        "begun" => road::moment(record, hearing.begun),
    })
}

/// What was asked and answered.
pub(crate) fn exchanges(exchanges: &[Exchange]) -> Result<Vec<Dict>, DocumentError> {
    let one = |exchange: &Exchange| {
        Ok(dict! {
            "question" => typed(exchange.question.reveal())?,
            "answer" => typed(exchange.answer.reveal())?,
        })
    };
    exchanges.iter().map(one).collect()
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
    let spoken = tag.split(['-', '_']).next().unwrap_or_default();
    if let Some(language) = Language::from_code(&tag).or_else(|| Language::from_code(spoken)) {
        return typed(rights::said(language));
    }
    let name = match spoken {
        "nl" => "en langue néerlandaise",
        "bg" => "en langue bulgare",
        "sq" => "en langue albanaise",
        "sr" => "en langue serbe",
        "ka" => "en langue géorgienne",
        "hy" => "en langue arménienne",
        "ku" => "en langue kurde",
        "fa" => "en langue persane",
        "ps" => "en langue pachto",
        "ur" => "en langue ourdou",
        "hi" => "en langue hindie",
        "bn" => "en langue bengalie",
        "ta" => "en langue tamoule",
        "vi" => "en langue vietnamienne",
        "wo" => "en langue wolof",
        "so" => "en langue somalie",
        "fsl" => "en langue des signes française",
        _ => return typed(&format!("en langue\u{a0}: {}", text.trim())),
    };
    typed(name)
}
