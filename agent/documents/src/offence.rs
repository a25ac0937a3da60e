//! Offences as an act lists them: code, nature, label, and the texts that define and punish.

use domain::natinf::{InForce, Natinf, Nature, Offence, ReferenceSet};
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::typed::typed;

/// One row for each code, in the order of the act.
pub(crate) fn rows(offences: &[Natinf], reference: &ReferenceSet) -> Result<Vec<Dict>, DocumentError> {
    offences
        .iter()
        .map(|natinf| {
            let offence = reference
                .find(*natinf)
                .ok_or(DocumentError::UnknownOffence { natinf: *natinf })?;
            row(offence, None)
        })
        .collect()
}

/// What `natinf` was on the day of the offence.
pub(crate) fn of_the_day(natinf: Natinf, law: InForce<'_>) -> Result<&Offence, DocumentError> {
    law.find(natinf)
        .map_err(|_| DocumentError::UnknownOffence { natinf })
}

/// `noted` is what the offence was noted with.
pub(crate) fn row(offence: &Offence, noted: Option<&str>) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "natinf" => offence.natinf.to_string(),
        "nature" => nature(offence.nature),
        "label" => typed(&offence.label)?,
        "defined" => typed(&offence.defined_by)?,
        "punished" => typed(&offence.punished_by)?,
        "noted" => noted.map(typed).transpose()?,
    })
}

pub(crate) const fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::C1 => "contravention de 1re\u{a0}classe",
        Nature::C2 => "contravention de 2e\u{a0}classe",
        Nature::C3 => "contravention de 3e\u{a0}classe",
        Nature::C4 => "contravention de 4e\u{a0}classe",
        Nature::C5 => "contravention de 5e\u{a0}classe",
        Nature::Delit => "délit",
        Nature::Crime => "crime",
    }
}
