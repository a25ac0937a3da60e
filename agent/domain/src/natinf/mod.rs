//! NATINF: the offences of the justice ministry's reference list, their amounts and margins, as dated data.
//!
//! The embedded set is a default for a terminal that HQ has not yet served; a record keeps the version it used.

mod code;
mod dated;
mod margin;
mod measure;
mod offence;
mod official;
mod scale;
mod search;
mod set;
mod table;
mod tariff;

pub use code::{Natinf, NotANatinf, ReferenceVersion};
pub use dated::{Confidence, Validity};
pub use margin::{Instrument, Margin};
pub use measure::{AlcoholLimit, Measure, SpeedZone};
pub use offence::{Forfait, Holder, Nature, Offence, Special};
pub use official::{CsvError, CsvFault, MAX_CSV, MAX_CSV_FIELD, MAX_CSV_ROWS, Merged};
pub use scale::{Amounts, Scale, ScaleClass};
pub(crate) use search::fold;
pub use set::{InForce, NotInForce, Reference, ReferenceSet};
pub use tariff::{AfdKey, NotAnAfdKey, Tariff, Threshold};

#[cfg(test)]
mod tests;
