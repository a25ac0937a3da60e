//! The documents of signed acts, for the terminal that signs them and for HQ that copies them: record in, PDF out.
//!
//! Pure and repeatable: the same record and reference set give the same bytes, in any thread, at any time. A
//! document says what its record says, and nothing that the record does not know.

mod act;
mod afd;
mod code;
mod complaint;
mod controle;
mod crosscheck;
mod enrolment;
mod grille;
mod hand;
pub mod handoff;
mod hearing;
mod measure;
mod message;
mod money;
mod offence;
mod person;
mod photo;
mod picture;
mod plainte;
mod pv;
mod pve;
mod raster;
mod recepisse;
mod requisition;
mod rights;
mod road;
mod typed;
mod typesetter;
mod verification;
mod words;

use std::collections::BTreeMap;

use domain::hand::Signer;
use domain::natinf::{Natinf, ReferenceSet, ReferenceVersion};
use domain::record::{Act, Record};
use domain::{Sensitive, encode};
use thiserror::Error;

pub use code::code_for_a_window;
pub use enrolment::{Labelled, enrolment_sheet};
pub use handoff::{HandoffError, handoff};
pub use message::Message;
pub use picture::picture;
pub use raster::{MAX_PAGES, MAX_SIDE, PagesError, pages};
pub use rights::{leaflet, rights_sheet};
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
    #[error("the act asks for no medical examination, or says under no article")]
    NoRequisition,
    #[error("the complaint has no danger grid")]
    NoGrid,
    /// Counted from 1, as everywhere on paper.
    #[error("photo `{photo}` of the act is not among those given, or has other content")]
    OtherPhoto { photo: usize },
    #[error("photo `{photo}` of the act cannot be drawn; take it again or leave it out")]
    BrokenPhoto {
        photo: usize,
        #[source]
        source: image::ImageError,
    },
    /// Counted from 0, as in the record's list.
    #[error("the picture of signature `{signer}` is not the one that the act names")]
    OtherPicture { signer: u8 },
    #[error("the picture of the signature under the sheet of rights is not the one that the act names")]
    OtherRightsPicture,
    #[error("the code at the foot of the act cannot hold `{characters}` characters")]
    FooterTooLong { characters: usize },
    #[error("the moment of the signature is outside the calendar that a document can date")]
    Moment,
    /// A fault of the templates or of the typesetter.
    #[error("the document could not be laid out")]
    Layout(Sensitive<String>),
}

/// What is drawn into a document besides what its record says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Enclosures<'a> {
    /// Name as in the record, bytes as taken: each photograph of the record is among them.
    pub photos: &'a [(String, Vec<u8>)],
    pub hands: Hands<'a>,
    /// The picture (PNG) of the signature under the sheet of rights, where the record has one.
    pub rights: Option<&'a [u8]>,
    /// Text of the code at the foot; without one its place stays empty.
    pub footer: Option<&'a str>,
}

impl<'a> Enclosures<'a> {
    /// Nothing but the code at the foot.
    fn at_the_foot(footer: Option<&'a str>) -> Self {
        Self {
            footer,
            ..Self::default()
        }
    }
}

/// The signatures by hand. The offender of a PVe or an AFD is signer 0.
#[derive(Debug, Clone, Copy)]
pub enum Hands<'a> {
    /// The document is being read, and says so: an empty box for each, and no number where none is reserved yet.
    Awaited(&'a [Signer]),
    /// The picture (PNG) of each signer of the record that signed, by place in the record's list.
    Drawn(&'a BTreeMap<u8, Vec<u8>>),
}

impl Default for Hands<'_> {
    fn default() -> Self {
        static NONE: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        Self::Drawn(&NONE)
    }
}

/// The PDF/A-2a and PDF/UA-1 of an act; none for footage and notes, which have no document.
///
/// Everything that the record names by its digest is in `enclosures` with that digest, or there is no document.
/// `record.document` is not read: a record prints the same before and after it is bound to its document.
pub fn render(
    record: &Record,
    reference: &ReferenceSet,
    enclosures: &Enclosures<'_>,
) -> Result<Option<Vec<u8>>, DocumentError> {
    fits(record, reference)?;
    let numbered = record.act.kind().is_numbered();
    if numbered && record.number.is_none() && matches!(enclosures.hands, Hands::Drawn(_)) {
        return Err(DocumentError::Unnumbered);
    }
    let (form, values) = match &record.act {
        Act::IdentityCheck(check) => (Form::Controle, controle::values(record, check, enclosures)?),
        Act::Pv(pv) => (Form::Pv, pv::values(record, pv, reference, enclosures)?),
        Act::Plainte(plainte) => (
            Form::Plainte,
            plainte::values(record, plainte, reference, enclosures)?,
        ),
        Act::Pve(pve) => (Form::Pve, pve::values(record, pve, reference, enclosures)?),
        Act::Afd(afd) => (Form::Afd, afd::values(record, afd, reference, enclosures)?),
        Act::Verification(verification) => (
            Form::Verification,
            verification::values(record, verification, enclosures)?,
        ),
        Act::Footage(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => {
            return Ok(None);
        }
    };
    typeset(form, &record.id.to_string(), record.signed_at, values).map(Some)
}

/// The récépissé of a complaint (article 15-3 CPP), for the hands of the victim: it names neither the facts nor
/// anybody accused of them. `footer` is the text of the code at its foot.
///
/// It is drawn whatever the victim wishes: handed over, under a title that does not say what it is, or kept for them.
pub fn recepisse(
    record: &Record,
    reference: &ReferenceSet,
    footer: Option<&str>,
) -> Result<Vec<u8>, DocumentError> {
    let Act::Plainte(plainte) = &record.act else {
        return Err(DocumentError::NotAPlainte);
    };
    fits(record, reference)?;
    let values = recepisse::values(record, plainte, footer)?;
    typeset(Form::Recepisse, &record.id.to_string(), record.signed_at, values)
}

/// The récépissé as a code that the victim's own phone reads as text, without a network: one page, for a screen.
pub fn recepisse_code(record: &Record) -> Result<Vec<u8>, DocumentError> {
    let Act::Plainte(plainte) = &record.act else {
        return Err(DocumentError::NotAPlainte);
    };
    let values = recepisse::code(record, plainte)?;
    typeset(Form::Code, &record.id.to_string(), record.signed_at, values)
}

/// The requisition for a medical examination (articles 60 and 77-1 CPP), for the medico-legal unit. `footer` is the text
/// of the code at its foot.
pub fn requisition(
    record: &Record,
    reference: &ReferenceSet,
    footer: Option<&str>,
) -> Result<Vec<u8>, DocumentError> {
    let Act::Plainte(plainte) = &record.act else {
        return Err(DocumentError::NoRequisition);
    };
    let (injuries, asked, frame) = plainte.requisition().ok_or(DocumentError::NoRequisition)?;
    fits(record, reference)?;
    let values = requisition::values(record, plainte, injuries, asked, frame, reference, footer)?;
    typeset(
        Form::Requisition,
        &record.id.to_string(),
        record.signed_at,
        values,
    )
}

/// The danger grid of a complaint with what the protocol led to, for the prosecutor alone. `footer` is the text of the code
/// at its foot.
pub fn grille(record: &Record, footer: Option<&str>) -> Result<Vec<u8>, DocumentError> {
    let Act::Plainte(plainte) = &record.act else {
        return Err(DocumentError::NoGrid);
    };
    let grid = plainte.danger.as_ref().ok_or(DocumentError::NoGrid)?;
    let values = grille::values(record, plainte, grid, footer)?;
    typeset(Form::Grille, &record.id.to_string(), record.signed_at, values)
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
