//! Frames of checks, as the edition of the program evaluates them.

use domain::legal_basis::{BasisTable, CheckBasis, CheckFrame, Situation};
use domain::officer::{Matricule, Quality};
use domain::requisition::Whereabouts;

use crate::acts::at;

/// 78-2 al. 2 CPP, on the order of an OPJ.
pub(crate) fn of_an_apj(opj: Matricule, grounds: &str) -> CheckFrame {
    let situation = Situation {
        quality: Quality::Apj,
        opj: Some(&opj),
        grounds,
        requisition: "",
        alinea: None,
        prior: None,
        held: &[],
        whereabouts: Whereabouts::default(),
        at: at(0),
        urgent: None,
    };
    BasisTable::built_in().frame(CheckBasis::Ci2, &situation).unwrap()
}
