//! The general procès-verbal (article 429 CPP), or the rapport of an author who draws up none (article 21 CPP).

use domain::legal_basis::PvFrame;
use domain::natinf::ReferenceSet;
use domain::pv::{Closing, Pv};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::act;
use crate::offence;
use crate::typed::typed;

pub(crate) fn values(record: &Record, pv: &Pv, reference: &ReferenceSet) -> Result<Dict, DocumentError> {
    let paragraphs = pv.paragraphs.iter().map(|text| typed(text));
    let plates: Vec<String> = pv.plates.iter().map(ToString::to_string).collect();
    Ok(dict! {
        "act" => act::values(record, pv.started)?,
        "report" => !record.context.author.quality.takes_complaints(),
        "frame" => frame(pv.frame),
        "subject" => typed(&pv.subject)?,
        "place" => act::place(&pv.place)?,
        "paragraphs" => paragraphs.collect::<Result<Vec<_>, _>>()?,
        "offences" => offence::rows(&pv.offences, reference)?,
        "plates" => (!plates.is_empty()).then(|| typed(&plates.join(", "))).transpose()?,
        "refused" => match pv.closing {
            Closing::AuthorOnly => false,
            Closing::RefusesToSign => true,
        },
    })
}

fn frame(frame: PvFrame) -> String {
    let citation = frame.citation();
    match frame {
        PvFrame::Flagrance => format!("Agissant en enquête de flagrance, vu les {citation},"),
        PvFrame::Preliminaire => format!("Agissant en enquête préliminaire, vu les {citation},"),
        PvFrame::Administratif => format!("Agissant en {citation},"),
    }
}
