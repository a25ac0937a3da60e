//! Sheets for somebody's hands: one page in each language, the French text beside every other.
//!
//! They say nothing of a person or an act, so that the sheet of a language is the same for everybody.

use domain::plainte::{Language, Wording};
use domain::pv::Leaflet;
use domain::{BootId, Timestamp, UnixMs, Zone};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use typst::foundations::{Dict, Value, dict};

use crate::DocumentError;
use crate::typesetter::{Form, typeset};

/// The PDF of the sheet in `language`: the same bytes for the same wording.
pub fn rights_sheet(language: Language) -> Result<Vec<u8>, DocumentError> {
    let foot = "Fiche des droits de la victime, article 10-2 du Code de procédure pénale";
    sheet(Form::Rights, foot, Language::text, language)
}

/// The PDF of a leaflet in `language`: the rights of custody on a page (articles 63-1 and 803-6 CPP), or a card.
pub fn leaflet(leaflet: Leaflet, language: Language) -> Result<Vec<u8>, DocumentError> {
    let (form, foot) = match leaflet {
        Leaflet::Custody => (
            Form::Custody,
            "Droits de la personne gardée à vue, articles 63-1 et 803-6 du Code de procédure pénale",
        ),
        Leaflet::Card => (Form::Card, ""),
    };
    sheet(form, foot, |language| leaflet.text(language), language)
}

fn sheet(
    form: Form,
    foot: &str,
    said: impl Fn(Language) -> &'static Wording,
    language: Language,
) -> Result<Vec<u8>, DocumentError> {
    let official = said(Language::French);
    let day: Date = official.version.parse().map_err(|_| DocumentError::Moment)?;
    let values = dict! {
        "official" => page(official),
        "read" => (language != Language::French).then(|| translation(said(language), language)),
        "version" => day.strftime("%d/%m/%Y").to_string(),
        "tag" => language.code(),
        "foot" => foot,
    };
    let id = format!("{}:{}", language.code(), official.version);
    typeset(form, &id, midday(day)?, values)
}

/// When the wording was settled, as the PDF is dated.
fn midday(day: Date) -> Result<Timestamp, DocumentError> {
    let midday = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
    let midday = midday.map_err(|_| DocumentError::Moment)?.timestamp();
    Ok(Timestamp {
        utc: UnixMs(midday.as_millisecond()),
        zone: Zone::Paris,
        offset_min: 0,
        boot: BootId::from_bytes([0; 16]),
        mono_ms: 0,
    })
}

fn page(text: &'static Wording) -> Dict {
    let lines = |entry| Wording::lines(entry).collect::<Vec<_>>();
    dict! {
        "title" => lines(text.title),
        "under" => lines(text.under),
        "intro" => lines(text.intro),
        "items" => text.items.iter().copied().map(lines).collect::<Vec<_>>(),
        "closing" => lines(text.closing),
        "courtesy" => lines(text.courtesy),
    }
}

fn translation(text: &'static Wording, language: Language) -> Dict {
    let mut page = page(text);
    page.insert("tongue".into(), Value::Dict(tongue(language)));
    page.insert("easy".into(), Value::Bool(language == Language::EasyFrench));
    page
}

/// A language as the templates set it.
pub(crate) fn tongue(language: Language) -> Dict {
    let (lang, region) = match language {
        Language::French | Language::EasyFrench => ("fr", Some("FR")),
        Language::Chinese => ("zh", Some("CN")),
        Language::English
        | Language::Arabic
        | Language::Spanish
        | Language::Portuguese
        | Language::Italian
        | Language::German
        | Language::Romanian
        | Language::Russian
        | Language::Ukrainian
        | Language::Turkish
        | Language::Polish => (language.code(), None),
    };
    dict! {
        "lang" => lang,
        "region" => region,
        "rtl" => language == Language::Arabic,
    }
}

/// How the PV says the language.
pub(crate) const fn said(language: Language) -> &'static str {
    match language {
        Language::French => "en langue française",
        Language::EasyFrench => "en français facile à lire et à comprendre",
        Language::English => "en langue anglaise",
        Language::Arabic => "en langue arabe",
        Language::Spanish => "en langue espagnole",
        Language::Portuguese => "en langue portugaise",
        Language::Italian => "en langue italienne",
        Language::German => "en langue allemande",
        Language::Romanian => "en langue roumaine",
        Language::Russian => "en langue russe",
        Language::Ukrainian => "en langue ukrainienne",
        Language::Turkish => "en langue turque",
        Language::Chinese => "en langue chinoise",
        Language::Polish => "en langue polonaise",
    }
}
