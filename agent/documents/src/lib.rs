//! The documents of signed acts, for the terminal that signs them and for HQ that copies them: record in, PDF out.
//!
//! Pure and repeatable: the same record and reference set give the same bytes, in any thread, at any time. A
//! document says what its record says, and nothing that the record does not know.

mod act;
mod afd;
mod controle;
pub mod handoff;
mod money;
mod offence;
mod person;
mod plainte;
mod pv;
mod pve;
mod recepisse;
mod road;
mod typed;
mod typesetter;
mod words;

use domain::natinf::{Natinf, ReferenceSet, ReferenceVersion};
use domain::record::{Act, Record};
use domain::{Sensitive, encode};
use thiserror::Error;

pub use handoff::{HandoffError, handoff};
pub use typed::unprintable;

use typesetter::{Form, typeset};

/// The largest record that is printed, in bytes of its deterministic form: four times what one field holds.
pub const MAX_RECORD: usize = 4 * domain::draft::MAX_FIELD;

/// Why a record has no document.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// No glyph, or invisible: [`unprintable`] tells before the act is finished.
    #[error(
        "the act holds the character `U+{code:04X}`, which no document can show; remove it or say it in words"
    )]
    Unprintable { code: u32 },
    #[error("the act takes `{bytes}` bytes, more than `{MAX_RECORD}`; draw up two acts")]
    TooLong { bytes: usize },
    #[error("the act has no number; reserve one first")]
    Unnumbered,
    #[error("the act was drawn up with reference set `{used}`, not `{given}`; print it with its own set")]
    OtherReference { used: String, given: String },
    #[error("natinf `{natinf}` is not in the reference set of the act")]
    UnknownOffence { natinf: Natinf },
    #[error("only a complaint has a récépissé")]
    NotAPlainte,
    #[error("the moment of the signature is outside the calendar that a document can date")]
    Moment,
    /// A fault of the templates or of the typesetter.
    #[error("the document could not be laid out")]
    Layout(Sensitive<String>),
}

/// The PDF/A-2a and PDF/UA-1 of an act; none for footage, which has no document.
///
/// `record.document` is not read: a record prints the same before and after it is bound to its document.
pub fn render(record: &Record, reference: &ReferenceSet) -> Result<Option<Vec<u8>>, DocumentError> {
    let (form, values) = match &record.act {
        Act::IdentityCheck(check) => (Form::Controle, controle::values(record, check)),
        Act::Pv(pv) => (Form::Pv, pv::values(record, pv, reference)),
        Act::Plainte(plainte) => (Form::Plainte, plainte::values(record, plainte, reference)),
        Act::Pve(pve) => (Form::Pve, pve::values(record, pve, reference)),
        Act::Afd(afd) => (Form::Afd, afd::values(record, afd, reference)),
        Act::Footage(_) => return Ok(None),
    };
    fits(record, reference)?;
    typeset(form, &record.id.to_string(), record.signed_at, values?).map(Some)
}

/// The récépissé of a complaint (article 15-3 CPP), for the hands of the victim: it names neither the facts nor
/// anybody accused of them.
///
/// It is drawn whatever `receipt_handed` says; the caller hands it over, or does not.
pub fn recepisse(record: &Record, reference: &ReferenceSet) -> Result<Vec<u8>, DocumentError> {
    let Act::Plainte(plainte) = &record.act else {
        return Err(DocumentError::NotAPlainte);
    };
    fits(record, reference)?;
    let values = recepisse::values(record, plainte)?;
    typeset(Form::Recepisse, &record.id.to_string(), record.signed_at, values)
}

/// What the files of an act are called, without extension: its number, or its id where it has none.
pub fn file_stem(record: &Record) -> String {
    match record.number {
        Some(number) => format!("{}-{:06}", number.year, number.serial),
        None => record.id.to_string(),
    }
}

/// Labels come from the set that the officer saw, and from no other.
fn fits(record: &Record, reference: &ReferenceSet) -> Result<(), DocumentError> {
    let bytes = encode(record).len();
    if bytes > MAX_RECORD {
        return Err(DocumentError::TooLong { bytes });
    }
    let (ReferenceVersion(used), ReferenceVersion(given)) = (&record.reference, &reference.version);
    if used != given {
        return Err(DocumentError::OtherReference {
            used: used.clone(),
            given: given.clone(),
        });
    }
    Ok(())
}
