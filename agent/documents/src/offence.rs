//! Offences as an act lists them: code, nature, label, and the texts that define and punish.

use domain::natinf::{Natinf, Nature, ReferenceSet};
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
            Ok(dict! {
                "natinf" => natinf.to_string(),
                "nature" => nature(offence.nature),
                "label" => typed(&offence.label)?,
                "defined" => typed(&offence.defined_by)?,
                "punished" => typed(&offence.punished_by)?,
            })
        })
        .collect()
}

const fn nature(nature: Nature) -> &'static str {
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
