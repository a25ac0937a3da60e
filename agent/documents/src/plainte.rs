//! The complaint (articles 15-3 and 10-2 CPP): venue, victim, rights, account, and against whom.

use domain::natinf::ReferenceSet;
use domain::plainte::{Language, Plainte, RIGHTS, RIGHTS_ACKNOWLEDGED, Suspect, Venue};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::complaint;
use crate::hand;
use crate::offence;
use crate::person;
use crate::typed::{typed, typographic};
use crate::words;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let paragraphs = plainte.paragraphs.iter().map(|text| typed(text.reveal()));
    let rights: Vec<String> = RIGHTS.iter().map(|right| typographic(right)).collect();
    let (losses, worth) = complaint::losses(&plainte.facts)?;
    let suspect = match &plainte.suspect {
        Suspect::Unknown => None,
        Suspect::Named(name) => Some(typed(name.reveal())?),
    };
    Ok(dict! {
        "act" => act::values(record, plainte.started, enclosures)?,
        "venue" => typographic(plainte.venue.label()),
        "place" => act::place(&plainte.place)?,
        // The home of somebody who shelters a victim stays out of a file that the other side reads.
        "refuge" => plainte.venue == Venue::HomeOfThirdParty,
        "victim" => person::lines(&plainte.victim)?,
        "suspect" => suspect,
        "when" => typed(&plainte.when)?,
        "paragraphs" => paragraphs.collect::<Result<Vec<_>, _>>()?,
        "offences" => offence::rows(&plainte.offences, reference)?,
        "rights" => rights,
        "notified" => words::moment(plainte.rights.at.local()),
        "language" => language(plainte.rights.language),
        "acknowledged" => typographic(RIGHTS_ACKNOWLEDGED),
        "handed" => plainte.receipt_handed,
        "name" => act::brief(&person::name(plainte.victim.identity.brief()))?,
        "affair" => act::brief(&match &plainte.suspect {
            Suspect::Unknown => "X".to_owned(),
            Suspect::Named(name) => name.reveal().clone(),
        })?,
        "renvois" => hand::renvois(&plainte.renvois)?,
        "signers" => hand::boxes(&plainte.signers, enclosures.hands)?,
        "kind" => plainte.deposit.kind().title(),
        "without" => complaint::without(record, &plainte.deposit)?,
        "reception" => complaint::reception(plainte)?,
        "interpreter" => complaint::interpreter(plainte)?,
        "lawyer" => complaint::lawyer(plainte)?,
        "circumstances" => complaint::facts(record, &plainte.facts)?,
        "losses" => losses,
        "worth" => worth,
        "evaluation" => complaint::evaluation(&plainte.evaluation)?,
    })
}

const fn language(language: Language) -> &'static str {
    match language {
        Language::French => "en langue française",
        Language::EasyFrench => "en français facile à lire et à comprendre",
        Language::English => "en langue anglaise",
    }
}
