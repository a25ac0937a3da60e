//! The requisition for a medical examination (articles 60 and 77-1 CPP): one page for the medico-legal unit, with the
//! mission in French. It says of the facts what the physician needs, and names nobody accused of them.

use domain::natinf::ReferenceSet;
use domain::plainte::{Injuries, Plainte, Requisition, RequisitionFrame};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::hearing;
use crate::offence;
use crate::person;
use crate::typed::typed;
use crate::words;
use crate::{DocumentError, Enclosures};

/// What every examination of a victim is asked for.
const MISSION: [&str; 7] = [
    "recueillir les déclarations de la victime sur les faits et les troubles qu’elle ressent\u{a0};",
    "procéder à son examen et décrire chaque lésion\u{a0}: nature, siège, dimensions, ancienneté apparente\u{a0};",
    "dire si les lésions sont compatibles avec les faits tels qu’ils sont rapportés ci-dessus\u{a0};",
    "décrire le retentissement psychologique des faits\u{a0};",
    "fixer la durée de l’incapacité totale de travail au sens pénal, et dire si elle est à réévaluer\u{a0};",
    "photographier les lésions et faire les prélèvements utiles, avec l’accord de la victime\u{a0};",
    "dire si d’autres examens ou un suivi sont nécessaires, et dresser du tout un certificat descriptif.",
];

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    injuries: &Injuries,
    asked: &Requisition,
    frame: RequisitionFrame,
    reference: &ReferenceSet,
    footer: Option<&str>,
) -> Result<Dict, DocumentError> {
    let enclosures = Enclosures::at_the_foot(footer);
    let victim = plainte.victim.identity.brief();
    Ok(dict! {
        "act" => act::values(record, plainte.started, &enclosures)?,
        "flagrance" => frame == RequisitionFrame::Flagrance,
        "authority" => typed(&asked.authority)?,
        "at" => words::moment(asked.at.civil(record.signed_at.offset_min)),
        "unit" => asked.unit.as_deref().map(typed).transpose()?,
        "opj" => asked.opj.as_ref().map(|opj| typed(&opj.to_string())).transpose()?,
        "own" => asked.opj.as_ref() == Some(&record.context.author.matricule),
        "holder" => typed(&person::name(victim))?,
        "born" => person::born(victim)?,
        "offences" => offence::rows(&plainte.offences, reference)?,
        "when" => typed(&plainte.when)?,
        "injuries" => typed(injuries.told.reveal())?,
        "mission" => MISSION.to_vec(),
        "more" => asked.mission.iter().map(|text| typed(text)).collect::<Result<Vec<_>, _>>()?,
        "interpreter" => plainte.reception.interpreter.as_ref().map(|one| hearing::language(&one.language)).transpose()?,
    })
}
