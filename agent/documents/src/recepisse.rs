//! The récépissé of a complaint (article 15-3 CPP): proof of the deposit, limitation periods, personal-data notice.

use domain::plainte::Plainte;
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::code;
use crate::person;
use crate::typed::typed;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    footer: Option<&str>,
) -> Result<Dict, DocumentError> {
    let enclosures = Enclosures::at_the_foot(footer);
    Ok(dict! {
        "act" => act::values(record, plainte.started, &enclosures)?,
        "complaint" => plainte.deposit.is_plainte(),
        "neutral" => plainte.has_neutral_receipt(),
        "holder" => typed(&person::name(plainte.victim.identity.brief()))?,
    })
}

/// What the code of the récépissé says, and its drawing.
pub(crate) fn code(record: &Record, plainte: &Plainte) -> Result<Dict, DocumentError> {
    let text = text(record, plainte)?;
    Ok(dict! {
        "code" => dict! { "svg" => code::svg_of(&text)? },
        "text-of-it" => text,
    })
}

/// The récépissé in the words of its paper, short enough for a code; under a neutral title nothing that is read at a glance
/// says what it is.
fn text(record: &Record, plainte: &Plainte) -> Result<String, DocumentError> {
    let number = record.number.ok_or(DocumentError::Unnumbered)?;
    let neutral = plainte.has_neutral_receipt();
    let title = match (neutral, plainte.deposit.is_plainte()) {
        (true, _) => "Document à conserver",
        (false, true) => "Récépissé de dépôt de plainte (article 15-3 du Code de procédure pénale)",
        (false, false) => "Récépissé de déclaration. Cette déclaration n’est pas une plainte.",
    };
    let at = plainte.started.local().strftime("%d/%m/%Y à %H h %M").to_string();
    let author = &record.context.author;
    let (unit, matricule) = (&author.unit, &author.matricule);
    let periods = "Sauf règle particulière, l’action publique se prescrit, à compter de l’infraction, par 20 ans pour un \
                   crime, 6 ans pour un délit, 1 an pour une contravention (articles 7 à 9 du Code de procédure pénale). \
                   Une plainte avec constitution de partie civile (article 85) interrompt ce délai.";
    Ok(format!(
        "{title}\nN° {number}, reçu le {at}\n{unit}, {matricule}\nVous pouvez obtenir une copie de l’acte dès que vous en \
         faites la demande.\n\n{periods}"
    ))
}
