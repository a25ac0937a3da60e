//! The complaint (articles 15-3 and 10-2 CPP): venue, victim, rights, account, and against whom.

use domain::natinf::ReferenceSet;
use domain::plainte::{HandedOver, Language, Plainte, Receipt, Suspect, Venue, Wording};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::complaint;
use crate::hand;
use crate::hearing;
use crate::offence;
use crate::person;
use crate::photo;
use crate::rights;
use crate::typed::{typed, typographic, unprintable};
use crate::words;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Dict, DocumentError> {
    let paragraphs = plainte.paragraphs.iter().map(|text| typed(text.reveal()));
    let official = Language::French.text();
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
        "victim" => victim(plainte)?,
        "suspect" => suspect,
        "when" => typed(&plainte.when)?,
        "paragraphs" => paragraphs.collect::<Result<Vec<_>, _>>()?,
        "offences" => offence::rows(&plainte.offences, reference)?,
        "intro" => official.intro,
        "rights" => official.items.to_vec(),
        "notified" => words::moment(plainte.rights.at.local()),
        "language" => rights::said(plainte.rights.language),
        "acknowledged" => official.closing,
        "notice" => notice(plainte, enclosures)?,
        "receipt" => receipt(plainte),
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
        "exchanges" => hearing::exchanges(&plainte.exchanges)?,
        "pieces" => complaint::pieces(record, &plainte.pieces)?,
        "photos" => photo::plates(record, &plainte.photos, enclosures)?,
    })
}

/// What became of the récépissé, under a name of its own.
const fn receipt(plainte: &Plainte) -> &'static str {
    match (plainte.receipt, plainte.receipt_handed) {
        (Some(Receipt::Neutral), _) => "neutral",
        (Some(Receipt::Kept), _) => "kept",
        (Some(Receipt::Plain) | None, true) => "plain",
        // Of an act from before there was a choice.
        (Some(Receipt::Plain) | None, false) => "refused",
    }
}

/// The identity, and the name as the victim writes it: in its letters where a font of the document has them.
fn victim(plainte: &Plainte) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = person::lines(&plainte.victim)?;
    if let Some(name) = &plainte.native_name {
        let name = name.reveal();
        let shown = if unprintable(name).is_some() {
            "conservé dans l’enregistrement signé de l’acte, en caractères que ce document n’imprime pas"
        } else {
            name
        };
        rows.push(act::line("Nom dans son écriture", typed(shown)?));
    }
    Ok(rows)
}

/// The sheet as the PV tells it; nothing in acts from before there were sheets.
fn notice(plainte: &Plainte, enclosures: &Enclosures<'_>) -> Result<Option<Dict>, DocumentError> {
    let Some(sheet) = &plainte.rights.sheet else {
        return Ok(None);
    };
    let language = plainte.rights.language;
    let lines: Vec<&str> = Wording::lines(language.text().closing).collect();
    let name = person::name(plainte.victim.identity.brief());
    Ok(Some(dict! {
        "handed" => handed(sheet.handed),
        "sha256" => typed(&sheet.sha256.to_string())?,
        "tongue" => rights::tongue(language),
        "acknowledged" => language.original().map(|_| lines.join(" ")),
        "box" => hand::under_rights(sheet, &name, enclosures.rights)?,
    }))
}

const fn handed(handed: HandedOver) -> &'static str {
    match handed {
        HandedOver::Paper => "lui est remise sur papier",
        HandedOver::File => "lui est remise sous forme de fichier",
        HandedOver::Declined => "lui est proposée ; elle ne souhaite pas la conserver",
    }
}
