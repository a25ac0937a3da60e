//! The récépissé of a complaint (article 15-3 CPP): proof of the deposit, limitation periods, personal-data notice.

use domain::plainte::Plainte;
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::person;
use crate::typed::typed;
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    footer: Option<&str>,
) -> Result<Dict, DocumentError> {
    let enclosures = Enclosures {
        footer,
        ..Enclosures::default()
    };
    Ok(dict! {
        "act" => act::values(record, plainte.started, &enclosures)?,
        "complaint" => plainte.deposit.is_plainte(),
        "neutral" => plainte.has_neutral_receipt(),
        "holder" => typed(&person::name(plainte.victim.identity.brief()))?,
    })
}
